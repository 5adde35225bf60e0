"""A paper as .pdf, with its fonts embedded. The same layout as `docx`, for looking and sending; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from doantracker.papers.layout import FOOT_LEFT, HEAD_LEFT, LONGEST_AUTHORITY, LONGEST_ISSUER
from doantracker.papers.paper import (
    BREAK,
    TITLE,
    Block,
    Heading,
    Level,
    Paper,
    Table,
    captioned,
    in_lines,
    place_and_day,
    recipient_lines,
    shown,
)
from doantracker.papers.widths import fractions

FONTS: Final = Path(__file__).parent / "fonts"
FAMILY: Final = "LiberationSerif"  # the measures of Times New Roman
MM: Final = 72 / 25.4
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20 * MM, 20 * MM, 30 * MM, 20 * MM
LEADING: Final = 1.2
CELL_PADDING: Final = 3
TAIL: Final = 2  # rows
PADDING: Final = 6  # of the frame in which ReportLab sets a page
STAMP: Final = 84
UPRIGHT, TURNED = "upright", "turned"
LEAST_ROOM: Final = 60  # points after a heading: it never stands alone at the end of a page
CENTRE, RIGHT, JUSTIFY, LEFT = 1, 2, 4, 0
HEADINGS: Final = {
    Level.PART: (15, "-Bold", CENTRE),
    Level.SECTION: (14, "-Bold", JUSTIFY),
    Level.ITEM: (14, "-Bold", JUSTIFY),
    Level.SUB_ITEM: (14, "-BoldItalic", JUSTIFY),
    Level.POINT: (14, "-Italic", JUSTIFY),
}


def as_pdf(paper: Paper) -> bytes:
    """Return the paper as .pdf."""
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415  # half a second that only this needs
    from reportlab.platypus import BaseDocTemplate  # noqa: PLC0415

    _register_fonts()
    out = BytesIO()
    size = landscape(A4) if paper.landscape else A4
    width = size[0] - MARGIN_LEFT - MARGIN_RIGHT
    document = BaseDocTemplate(out, pagesize=size, title=paper.abstract, author=paper.head.body, creator="doantracker")
    templates = [_template(name, size, paper.file_code) for name, size in ((UPRIGHT, A4), (TURNED, landscape(A4)))]
    document.addPageTemplates(sorted(templates, key=lambda one: one.pagesize != size))
    body = [*_body(paper.body, width)]
    document.build([*_head(paper, width), *_with_foot(body, _foot(paper, width)), *_annexes(paper)])
    return out.getvalue()


def _template(name: str, size: tuple[float, float], file_code: str) -> Any:
    """Return the pages that stand upright or turned."""
    from reportlab.platypus import Frame, PageTemplate  # noqa: PLC0415

    left, bottom = MARGIN_LEFT - PADDING, MARGIN_BOTTOM - PADDING
    frame = Frame(
        left, bottom, size[0] - left - MARGIN_RIGHT + PADDING, size[1] - bottom - MARGIN_TOP + PADDING, id=name
    )
    return PageTemplate(name, [frame], onPage=_page(file_code, size), pagesize=size)


def _with_foot(body: list[Any], foot: Sequence[Any]) -> list[Any]:
    """Return body and foot; the last paragraph or rows stand on the page of the signature."""
    from reportlab.platypus import CondPageBreak, KeepTogether  # noqa: PLC0415

    first = len(body) - 1
    while first > 0 and (isinstance(body[first - 1], CondPageBreak) or hasattr(body[first - 1], "stays")):
        first -= 1
    first = max(first, 0)
    kept = [part for part in body[first:] if not isinstance(part, CondPageBreak)]
    return [*body[:first], KeepTogether([*kept, *foot])]


def _annexes(paper: Paper) -> Iterator[Any]:
    """Yield each annex on pages of its own, turned where its table is wide."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.platypus import NextPageTemplate, PageBreak  # noqa: PLC0415

    for table in paper.annexes:
        wide = paper.landscape or table.is_wide
        yield NextPageTemplate(TURNED if wide else UPRIGHT)
        yield PageBreak()
        number, name = table.annex_head
        yield _line(number, 14, "-Bold", spaceAfter=6)
        yield _line(name, 14, "-Bold", spaceAfter=6)
        yield _line(paper.belongs_to, 14, "-Italic", spaceAfter=12)
        yield from _table(table, A4[1 if wide else 0] - MARGIN_LEFT - MARGIN_RIGHT)


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    for cut in ("Regular", "Bold", "Italic", "BoldItalic"):
        pdfmetrics.registerFont(TTFont(f"{FAMILY}-{cut}", FONTS / f"LiberationSerif-{cut}.ttf"))


def _line(text: str, size: float, cut: str = "-Regular", align: int = CENTRE, **shape: Any) -> Any:
    """Return one paragraph of plain text; markup in it is shown as it was typed."""
    return _paragraph(text, _style(size, cut, align, **shape))


def _style(size: float, cut: str = "-Regular", align: int = CENTRE, **shape: Any) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415

    return ParagraphStyle("", fontName=FAMILY + cut, fontSize=size, leading=size * LEADING, alignment=align, **shape)


def _paragraph(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _grid(rows: Sequence[Sequence[Any]], widths: Sequence[float], **more: Any) -> Any:
    from reportlab.platypus import LongTable, TableStyle  # noqa: PLC0415

    shape = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING)]
    shape += [("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING), *more.pop("shape", ())]
    return LongTable(rows, colWidths=widths, style=TableStyle(shape), **more)


def _head(paper: Paper, width: float) -> Iterator[Any]:
    head = paper.head
    place = place_and_day(head)
    left = [_line(in_lines(head.superior.upper(), LONGEST_ISSUER), 14)] if head.superior else []
    left += [_line(in_lines(head.body.upper(), LONGEST_ISSUER), 14, "-Bold"), _line(BREAK, 14)]
    below = [] if paper.kind_name else [_line(f"V/v {paper.abstract}", 12, "-Italic")]
    below += [_line(head.note, 12, "-Italic")] if head.note else []
    below += [_boxed(mark.upper()) for mark in head.marks]
    rows = [[left, _title()], [_line(f"Số: {head.number}", 14), _line(place, 13, "-Italic")], [below, ""]]
    yield _columns(rows, width, HEAD_LEFT)
    if paper.kind_name:
        yield _line(paper.kind_name, 16, "-Bold", spaceBefore=14)
        yield _line(paper.abstract, 14, "-Bold")
        yield _line("-------", 14, "-Bold", spaceAfter=14)
    for n, addressee in enumerate(paper.addressees):
        yield _addressee(addressee, first=n == 0, last=n == len(paper.addressees) - 1)


def _addressee(text: str, *, first: bool, last: bool) -> Any:
    """Return "Kính gửi: …", its label italic."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    label = f'<font name="{FAMILY}-BoldItalic">Kính gửi: </font>' if first else ""
    return Paragraph(
        label + escape(text), _style(14, "-Bold", spaceBefore=14 if first else 0, spaceAfter=14 if last else 0)
    )


def _boxed(mark: str) -> Any:
    """Return DỰ THẢO in its box."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    width = stringWidth(mark, f"{FAMILY}-Bold", 13) + 4 * CELL_PADDING
    return _grid(
        [[_line(mark, 13, "-Bold")]], [width], shape=[("BOX", (0, 0), (-1, -1), 0.7, "black")], hAlign="CENTER"
    )


def _title() -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    style = ParagraphStyle("", fontName=f"{FAMILY}-Bold", fontSize=15, leading=15 * LEADING, alignment=CENTRE)
    return Paragraph(f"<u>{TITLE}</u>", style)


def _body(blocks: Sequence[Block], width: float) -> Iterator[Any]:
    for block, caption in captioned(blocks):
        if isinstance(block, Table):
            yield from _captioned_table(block, caption, width)
        elif isinstance(block, Heading):
            size, cut, align = HEADINGS[block.level]
            text = block.text.upper() if block.level == Level.SECTION else block.text
            yield _room(LEAST_ROOM + size)
            indent = 0 if block.level == Level.PART else 36
            line = _line(text, size, cut, align, firstLineIndent=indent, spaceAfter=6)
            line.stays = True  # with what follows
            yield line
        else:
            if block.text.endswith(":"):  # what it announces follows on its page
                yield _room(LEAST_ROOM)
            yield _line(block.text, 14, align=JUSTIFY, firstLineIndent=36, spaceAfter=6)


def _captioned_table(block: Table, caption: str, width: float) -> Iterator[Any]:
    yield _room(LEAST_ROOM * 2)  # not the whole table, which would leave half a page empty
    if caption:
        yield _line(caption, 14, "-Bold", JUSTIFY, firstLineIndent=36, spaceAfter=6)
    yield from _table(block, width)


def _room(points: float) -> Any:
    """Return what turns the page unless so much of it is free."""
    from reportlab.platypus import CondPageBreak  # noqa: PLC0415

    return CondPageBreak(points)


def _table(block: Table, width: float) -> Iterator[Any]:
    widths = [width * part for part in fractions(block, width / MM)]
    styles = [_style(12, align=RIGHT if column.right else LEFT) for column in block.columns]
    rows = [[_line(column.name, 12, "-Bold") for column in block.columns]]
    rows += [
        [_cell(shown(cell), style, room) for cell, style, room in zip(cells, styles, widths, strict=True)]
        for cells in block.rows
    ]
    shape: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONT", (0, 1), (-1, -1), f"{FAMILY}-Regular", 12, 12 * LEADING),
        *(("ALIGN", (n, 1), (n, -1), "RIGHT") for n, column in enumerate(block.columns) if column.right),
    ]
    # a row may be longer than a page
    if len(rows) > TAIL + 1:  # the last rows are a part of their own, which the signature can keep
        yield _grid(rows[:-TAIL], widths, shape=shape, repeatRows=1, splitInRow=1, spaceAfter=0)
        bare = [(name, (first[0], max(first[1] - 1, 0)), *rest) for name, first, *rest in shape]
        yield _grid(rows[-TAIL:], widths, shape=bare, splitInRow=1, spaceAfter=12)
    else:
        yield _grid(rows, widths, shape=shape, repeatRows=1, splitInRow=1, spaceAfter=12)


def _cell(text: str, style: Any, width: float) -> Any:
    """Return a cell: plain text where it fits on a line, which is twenty times as fast as a paragraph."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    if "\n" not in text and stringWidth(text, style.fontName, style.fontSize) <= width - 2 * CELL_PADDING:
        return text
    return _paragraph(text, style)


def _columns(rows: Sequence[Sequence[Any]], width: float, left_percent: int) -> Any:
    """Return two columns without lines or sides: what is measured to fit on a line does."""
    bare = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    return _grid(rows, [width * left_percent / 100, width * (100 - left_percent) / 100], shape=bare)


def _foot(paper: Paper, width: float) -> list[Any]:
    from reportlab.platypus import Spacer  # noqa: PLC0415

    sign = paper.signature
    left = _signer(*sign.left) if sign.left else []
    left += [_line("Nơi nhận:", 13, "-Bold", LEFT, spaceBefore=12 if left else 0)]
    left += [_line(text, 11, align=LEFT) for text in recipient_lines(paper.recipients)]
    right = [_line(in_lines(sign.authority.upper(), LONGEST_AUTHORITY), 14, "-Bold"), _line(sign.post.upper(), 14)]
    right.append(_line(sign.name, 14, "-Bold", spaceBefore=STAMP))
    right += [Spacer(0, 12), *_signer(*sign.below)] if sign.below else []
    return [Spacer(0, 18), _columns([[left, right]], width, FOOT_LEFT)]


def _signer(post: str, name: str) -> list[Any]:
    return [_line(post.upper(), 14, "-Bold"), _line(name, 14, "-Bold", spaceBefore=STAMP)]


def _page(file_code: str, size: tuple[float, float]) -> Any:
    """Return what draws the number of the page, none on the first, and the file code."""

    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        if document.page > 1:
            canvas.setFont(f"{FAMILY}-Regular", 13)
            canvas.drawCentredString(size[0] / 2, size[1] - 12 * MM, str(document.page))
        canvas.setFont(f"{FAMILY}-Italic", 8)
        canvas.drawString(MARGIN_LEFT, 10 * MM, file_code)
        canvas.restoreState()

    return draw
