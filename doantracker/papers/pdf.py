"""A paper as .pdf, with its fonts embedded. The same layout as `docx`, for looking and sending; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from doantracker.papers.paper import (
    BREAK,
    TITLE,
    Block,
    Heading,
    Level,
    Paper,
    Table,
    fractions,
    place_and_day,
    recipient_lines,
    shown,
)

FONTS: Final = Path(__file__).parent / "fonts"
FAMILY: Final = "LiberationSerif"  # the measures of Times New Roman
MM: Final = 72 / 25.4
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20 * MM, 20 * MM, 30 * MM, 20 * MM
LEADING: Final = 1.2
CELL_PADDING: Final = 3
CHARACTER: Final = 6.5  # a bold one of 12 points on average
PADDING: Final = 6  # of the frame in which ReportLab sets a page
STAMP: Final = 84
LONGEST_CELL: Final = 3000  # characters; a row that is higher than a page can't be set
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
    from reportlab.platypus import SimpleDocTemplate, Spacer  # noqa: PLC0415

    _register_fonts()
    out = BytesIO()
    size = landscape(A4) if paper.landscape else A4
    width = size[0] - MARGIN_LEFT - MARGIN_RIGHT
    document = SimpleDocTemplate(
        out, pagesize=size, topMargin=MARGIN_TOP - PADDING, bottomMargin=MARGIN_BOTTOM - PADDING,
        leftMargin=MARGIN_LEFT - PADDING, rightMargin=MARGIN_RIGHT - PADDING,
        title=paper.abstract, author=paper.head.body, creator="doantracker",
    )  # fmt: skip
    story = [*_head(paper, width), *_body(paper.blocks, width), Spacer(0, 18), _foot(paper, width)]
    page = _page(paper.file_code)
    document.build(story, onFirstPage=page, onLaterPages=page)
    return out.getvalue()


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
    left = [_line(head.superior.upper(), 14)] if head.superior else []
    left += [_line(head.body.upper(), 14, "-Bold"), _line(BREAK, 14)]
    below = [] if paper.kind_name else [_line(f"V/v {paper.abstract}", 12, "-Italic")]
    below += [_line(head.note, 12, "-Italic")] if head.note else []
    below += [_boxed(mark.upper()) for mark in head.marks]
    rows = [[left, _title()], [_line(f"Số: {head.number}", 14), _line(place, 13, "-Italic")], [below, ""]]
    yield _grid(rows, [width * 0.45, width * 0.55])
    if paper.kind_name:
        yield _line(paper.kind_name, 16, "-Bold", spaceBefore=14)
        yield _line(paper.abstract, 14, "-Bold")
        yield _line("-------", 14, "-Bold", spaceAfter=14)
    for n, addressee in enumerate(paper.addressees):
        yield _addressee(addressee, first=n == 0)


def _addressee(text: str, *, first: bool) -> Any:
    """Return "Kính gửi: …", its label italic."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    label = f'<font name="{FAMILY}-BoldItalic">Kính gửi: </font>' if first else ""
    return Paragraph(label + escape(text), _style(14, "-Bold", spaceBefore=14 if first else 0))


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
    for block in blocks:
        if isinstance(block, Table):
            yield from _table(block, width)
        elif isinstance(block, Heading):
            size, cut, align = HEADINGS[block.level]
            text = block.text.upper() if block.level == Level.SECTION else block.text
            indent = 0 if block.level == Level.PART else 36
            yield _line(text, size, cut, align, firstLineIndent=indent, spaceAfter=6, keepWithNext=1)
        else:
            yield _line(block.text, 14, align=JUSTIFY, firstLineIndent=36, spaceAfter=6)


def _table(block: Table, width: float) -> Iterator[Any]:
    yield _line(block.name, 14, "-Bold", JUSTIFY, firstLineIndent=36, spaceAfter=6, keepWithNext=1)
    widths = [width * part for part in fractions(block, int(width / CHARACTER))]
    styles = [_style(12, align=RIGHT if column.right else LEFT) for column in block.columns]
    rows = [[_line(column.name, 12, "-Bold") for column in block.columns]]
    rows += [
        [
            _cell(shown(cell)[:LONGEST_CELL], style, room)
            for cell, style, room in zip(cells, styles, widths, strict=True)
        ]
        for cells in block.rows
    ]
    shape = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONT", (0, 1), (-1, -1), f"{FAMILY}-Regular", 12, 12 * LEADING),
        *(("ALIGN", (n, 1), (n, -1), "RIGHT") for n, column in enumerate(block.columns) if column.right),
    ]
    yield _grid(rows, widths, shape=shape, repeatRows=1, spaceAfter=12)


def _cell(text: str, style: Any, width: float) -> Any:
    """Return a cell: plain text where it fits on a line, which is twenty times as fast as a paragraph."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    if "\n" not in text and stringWidth(text, style.fontName, style.fontSize) <= width - 2 * CELL_PADDING:
        return text
    return _paragraph(text, style)


def _foot(paper: Paper, width: float) -> Any:
    left = [_line("Nơi nhận:", 13, "-Bold", LEFT)]
    left += [_line(text, 11, align=LEFT) for text in recipient_lines(paper.recipients)]
    sign = paper.signature
    right = [_line(sign.authority.upper(), 14, "-Bold"), _line(sign.post.upper(), 14)]
    right.append(_line(sign.name, 14, "-Bold", spaceBefore=STAMP))
    return _grid([[left, right]], [width * 0.4, width * 0.6])


def _page(file_code: str) -> Any:
    """Return what draws the number of the page, none on the first, and the file code."""

    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        if document.page > 1:
            canvas.setFont(f"{FAMILY}-Regular", 13)
            canvas.drawCentredString(document.pagesize[0] / 2, document.pagesize[1] - 12 * MM, str(document.page))
        canvas.setFont(f"{FAMILY}-Italic", 8)
        canvas.drawString(MARGIN_LEFT, 10 * MM, file_code)
        canvas.restoreState()

    return draw
