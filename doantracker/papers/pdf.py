"""A paper as .pdf, with its fonts embedded. The same layout as `docx`, for looking and sending; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from doantracker.papers.layout import CELL_SIDE, FOOT_LEFT, HEAD_LEFT, LONGEST_AUTHORITY, LONGEST_ISSUER, TABLE_GAP
from doantracker.papers.paper import (
    BREAK,
    TITLE,
    Block,
    Heading,
    Level,
    Paper,
    Side,
    Table,
    captioned,
    in_lines,
    place_and_day,
    recipient_lines,
    shown,
    unbroken,
)
from doantracker.papers.widths import fractions

FONTS: Final = Path(__file__).parent / "fonts"
FAMILY: Final = "LiberationSerif"  # the measures of Times New Roman
MM: Final = 72 / 25.4
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20 * MM, 20 * MM, 30 * MM, 20 * MM
LEADING: Final = 1.265  # the font's own height of a line, 1.15, by the spacing of the .docx, 1.1
SINGLE: Final = 1.15  # in tables
TAIL: Final = 2  # rows
WIDE_LETTER: Final = 8  # points
LINES_OF_A_PAGE: Final = 25  # of a turned one, in the type of tables, its head counted off
PADDING: Final = 6  # of the frame in which ReportLab sets a page
STAMP: Final = 84
LEAST_LINES: Final = 2  # of a paragraph that stand on the page of its heading
CENTRE, RIGHT, JUSTIFY, LEFT = 1, 2, 4, 0
ALIGNED: Final = {Side.LEFT: LEFT, Side.CENTRE: CENTRE, Side.RIGHT: RIGHT}
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
    document.addPageTemplates(_template("", size, paper.file_code))
    for table in paper.annexes:
        turned = paper.landscape or table.is_wide
        document.addPageTemplates(_template(table.name, landscape(A4) if turned else A4, paper.file_code))
    body = [*_body(paper.body, width)]
    document.build([*_head(paper, width), *_with_foot(body, _foot(paper, width)), *_annexes(paper)])
    return out.getvalue()


def _template(name: str, size: tuple[float, float], file_code: str) -> Any:
    """Return the pages of the body or of an annex, upright or turned; each counts its own."""
    from reportlab.platypus import Frame, PageTemplate  # noqa: PLC0415

    left, bottom = MARGIN_LEFT - PADDING, MARGIN_BOTTOM - PADDING
    frame = Frame(
        left, bottom, size[0] - left - MARGIN_RIGHT + PADDING, size[1] - bottom - MARGIN_TOP + PADDING, id=name
    )
    return PageTemplate(name, [frame], onPage=_page(file_code, size), pagesize=size)


def _with_foot(body: list[Any], foot: Sequence[Any]) -> list[Any]:
    """Return body and foot; the last paragraph or rows stand on the page of the signature."""
    from reportlab.platypus import KeepTogether  # noqa: PLC0415

    first = max(len(body) - 1, 0)
    while first > 0 and hasattr(body[first - 1], "stays"):
        first -= 1
    return [*_in_company(body[:first]), KeepTogether([*body[first:], *foot])]


def _in_company(body: Sequence[Any]) -> Iterator[Any]:
    """Yield the parts of a body; the page turns before what would stand at its end without what it announces."""
    from reportlab.platypus import CondPageBreak  # noqa: PLC0415

    stays = False
    for n, part in enumerate(body):
        if hasattr(part, "stays") and not stays:
            needed = 0.0
            for following in body[n:]:
                needed += following.least
                if not hasattr(following, "stays"):
                    break
            yield CondPageBreak(needed)
        stays = hasattr(part, "stays")
        yield part


def _annexes(paper: Paper) -> Iterator[Any]:
    """Yield each annex on pages of its own, turned where its table is wide."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.platypus import NextPageTemplate, PageBreak  # noqa: PLC0415

    for table in paper.annexes:
        wide = paper.landscape or table.is_wide
        yield NextPageTemplate(table.name)
        yield PageBreak()
        number, name = table.annex_head
        yield _line(number, 14, "-Bold", spaceAfter=6)
        yield _line(name, 14, "-Bold", spaceAfter=6)
        yield _line(paper.belongs_to, 14, "-Italic", spaceAfter=12)
        yield _whole_table(*_rows_of(table, A4[1 if wide else 0] - MARGIN_LEFT - MARGIN_RIGHT))


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

    leading = size * shape.pop("spacing", LEADING)
    return ParagraphStyle("", fontName=FAMILY + cut, fontSize=size, leading=leading, alignment=align, **shape)


def _paragraph(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    return Paragraph(escape(unbroken(text)).replace("\n", "<br/>"), style)


def _grid(rows: Sequence[Sequence[Any]], widths: Sequence[float], **more: Any) -> Any:
    from reportlab.platypus import LongTable, TableStyle  # noqa: PLC0415

    shape: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    for side, points in (("LEFT", CELL_SIDE), ("RIGHT", CELL_SIDE), ("TOP", 1), ("BOTTOM", 2)):
        shape.append((f"{side}PADDING", (0, 0), (-1, -1), points))
    shape += more.pop("shape", ())
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
        yield _line(paper.kind_name, 16, "-Bold", spaceBefore=30)
        yield _line(paper.abstract, 14, "-Bold")
        yield _line("-------", 14, "-Bold", spaceAfter=17)
    for n, addressee in enumerate(paper.addressees):
        yield _addressee(addressee, first=n == 0, last=n == len(paper.addressees) - 1)


def _addressee(text: str, *, first: bool, last: bool) -> Any:
    """Return "Kính gửi: …", its label italic."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    label = f'<font name="{FAMILY}-BoldItalic">Kính gửi: </font>' if first else ""
    return Paragraph(
        label + escape(text), _style(14, "-Bold", spaceBefore=17 if first else 0, spaceAfter=17 if last else 0)
    )


def _boxed(mark: str) -> Any:
    """Return DỰ THẢO in its box."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    width = stringWidth(mark, f"{FAMILY}-Bold", 13) + 2 * CELL_SIDE + 2
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
            indent = 0 if block.level == Level.PART else 36
            yield _measured(_line(text, size, cut, align, firstLineIndent=indent, spaceAfter=6), width, stays=True)
        else:
            line = _line(block.text, 14, align=JUSTIFY, firstLineIndent=36, spaceAfter=6)
            yield _measured(line, width, stays=block.text.endswith(":"))


def _measured(line: Any, width: float, *, stays: bool) -> Any:
    """Return a paragraph with the least of it that a page takes: all of one that stays with what it announces."""
    _width, height = line.wrap(width, float("inf"))
    line.least = height + 6 if stays else min(height, LEAST_LINES * line.style.leading)
    if stays:
        line.stays = True
    return line


def _captioned_table(block: Table, caption: str, width: float) -> Iterator[Any]:
    if caption:
        numbered = caption[:1].isdigit()  # such a one stands as a heading
        align, indent = (JUSTIFY, 36) if numbered else (CENTRE, 0)
        line = _line(caption, 14, "-Bold", align, firstLineIndent=indent, spaceAfter=6)
        yield _measured(line, width, stays=True)
    rows, widths, shape = _rows_of(block, width)
    head = _grid(rows[:2], widths, shape=shape)
    _width, least = head.wrap(width, float("inf"))
    for part in _table(rows, widths, shape):
        part.least = least  # not the whole table, which would leave half a page empty
        yield part


def _rows_of(block: Table, width: float) -> tuple[list[list[Any]], list[float], list[tuple[Any, ...]]]:
    """Return the rows of a table with its head, how wide its columns are, and its style."""
    widths = [width * part for part in fractions(block, width / MM)]
    styles = [_style(12, align=ALIGNED[side], spacing=SINGLE) for side in block.sides]
    head = _style(12, "-Bold", spacing=SINGLE)
    rows: list[list[Any]] = [[_paragraph(column.name, head) for column in block.columns]]
    rows += [
        [_cell(shown(cell), style, room) for cell, style, room in zip(cells, styles, widths, strict=True)]
        for cells in block.rows
    ]
    shape: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONT", (0, 0), (-1, -1), f"{FAMILY}-Regular", 12, 12 * SINGLE),
        *(("ALIGN", (n, 0), (n, -1), side.value.upper()) for n, side in enumerate(block.sides)),
    ]
    return rows, widths, shape


def _whole_table(rows: Sequence[Sequence[Any]], widths: Sequence[float], shape: Sequence[tuple[Any, ...]]) -> Any:
    """Return a table whose head stands on each page; only a row that is longer than a page is cut."""
    middle = ("VALIGN", (0, 0), (-1, 0), "MIDDLE")
    cut = _longer_than_a_page(rows, widths)
    return _grid(rows, widths, shape=[*shape, middle], repeatRows=1, splitInRow=cut, spaceAfter=TABLE_GAP)


def _longer_than_a_page(rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> bool:
    """Return whether a cell may be, on the safe side: so many wide letters, so many lines."""
    return any(
        len(cell.text) * WIDE_LETTER / width + cell.text.count("<br/>") > LINES_OF_A_PAGE
        for row in rows
        for cell, width in zip(row, widths, strict=True)
        if not isinstance(cell, str)
    )


def _table(rows: Sequence[Sequence[Any]], widths: Sequence[float], shape: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield a table; the last rows of a long one are a part of their own, which the signature can keep."""
    if len(rows) <= TAIL + 1:
        yield _whole_table(rows, widths, shape)
        return
    first = _whole_table(rows[:-TAIL], widths, shape)
    first.spaceAfter = 0
    yield first
    cut = _longer_than_a_page(rows[-TAIL:], widths)
    bare = _grid(rows[-TAIL:], widths, shape=shape, splitInRow=cut, spaceAfter=TABLE_GAP)
    yield _headed_at_top(bare, _whole_table([rows[0], *rows[-TAIL:]], widths, shape))


def _headed_at_top(bare: Any, headed: Any) -> Any:
    """Return the last rows of a table, with its head where they begin a page."""
    from reportlab.platypus import Flowable  # noqa: PLC0415

    class Rows(Flowable):  # type: ignore[misc]  # ReportLab has no types
        """Rows that know, once a frame takes them, whether they stand at its top."""

        shown = bare

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            """Return the room that the rows need where they stand."""
            self.shown = headed if getattr(getattr(self, "_frame", None), "_atTop", False) else bare
            self.width, self.height = self.shown.wrap(width, height)
            return self.width, self.height

        def split(self, width: float, height: float) -> list[Any]:
            """Return the parts of rows that are longer than what is left of a page."""
            self.wrap(width, height)
            parts: list[Any] = self.shown.split(width, height)
            return parts

        def draw(self) -> None:
            """Draw the rows."""
            self.shown.drawOn(self.canv, 0, 0)

        def getSpaceAfter(self) -> float:  # noqa: N802  # ReportLab's name
            return TABLE_GAP

    return Rows()


def _cell(text: str, style: Any, width: float) -> Any:
    """Return a cell: plain text where it fits on a line, which is twenty times as fast as a paragraph."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    if "\n" not in text and stringWidth(text, style.fontName, style.fontSize) <= width - 2 * CELL_SIDE:
        return text
    return _paragraph(text, style)


def _columns(rows: Sequence[Sequence[Any]], width: float, left_percent: int) -> Any:
    """Return two columns without lines or sides: what is measured to fit on a line does."""
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    widths = [width * left_percent / 100, width * (100 - left_percent) / 100]
    return _grid(rows, widths, shape=bare, splitInRow=True)  # recipients may be more than a page takes


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
    numbers = count(1)

    def draw(canvas: Any, _document: Any) -> None:
        canvas.saveState()
        number = next(numbers)
        if number > 1:
            canvas.setFont(f"{FAMILY}-Regular", 13)
            # over the middle of the text, where the header of a .docx has it
            canvas.drawCentredString((size[0] + MARGIN_LEFT - MARGIN_RIGHT) / 2, size[1] - 14 * MM, str(number))
        canvas.setFont(f"{FAMILY}-Italic", 8)
        canvas.drawString(MARGIN_LEFT, 10 * MM, file_code)
        canvas.restoreState()

    return draw
