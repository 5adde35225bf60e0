"""Tables as .xlsx: numbers are numbers, days are days, and what people wrote is text, never a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import IO, Any, Final

from doantracker.papers.paper import COUNTED, RATE, WIDE_FROM, Cell, Column, Heading, Paper, Text

LONGEST_SHEET_NAME: Final = 31
LONGEST_CELL: Final = 32_767  # characters; Excel takes no more
WIDTH_OF_A_SHARE: Final = 12  # letters
NARROWEST, WIDEST = 6, 60
LINE, HIGHEST = 15, 409  # points; Excel takes no higher row
A4: Final = 9  # as spreadsheets number sizes of paper
MARGINS: Final = {"left": 0.6, "right": 0.6, "top": 0.8, "bottom": 0.8}  # inches
PERCENT: Final = re.compile(r"(\d+(?:,\d)?)\s*%")  # as statistics write a rate
NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")


def paper_as_xlsx(paper: Paper) -> bytes:
    """Return a workbook of a paper: its head and words on the first sheet, then a sheet for each table."""
    out = BytesIO()
    cover = ("Văn bản", (Column("Mục", 2), Column("Nội dung", 8)), _cover(paper))
    write_xlsx(out, (cover, *((table.name, table.columns, table.rows) for table in paper.tables)))
    return out.getvalue()


def _cover(paper: Paper) -> tuple[tuple[Cell, ...], ...]:
    """Return what a table does not say: which paper it is of, of whom and of which day, and its paragraphs."""
    head = paper.head
    lines: list[tuple[Cell, ...]] = [
        ("Cơ quan ban hành", head.body),
        ("Số, ký hiệu", head.number),
        ("Ngày", head.day),
        ("Loại văn bản", paper.kind_name or "CÔNG VĂN"),
        ("Trích yếu", paper.abstract),
    ]
    section = ""
    for block in paper.body:
        if isinstance(block, Heading):
            section = block.text
        elif isinstance(block, Text):
            lines.append((section, block.text))
    return tuple(lines)


def write_xlsx(out: IO[bytes], sheets: Iterable[tuple[str, tuple[Column, ...], Iterable[tuple[Cell, ...]]]]) -> None:
    """Write sheets (name, columns, rows), row by row: memory does not grow with them."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # only this needs it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with Workbook(out, options) as book:
        cell = {"valign": "top", "border": 1, "border_color": "#999999"}
        middle = {"align": "center", "valign": "vcenter"}
        formats = {
            "head": book.add_format({**cell, **middle, "bold": True, "text_wrap": True, "bg_color": "#E8EEF5"}),
            "day": book.add_format({**cell, "align": "center", "num_format": "dd/mm/yyyy"}),
            "rate": book.add_format({**cell, "num_format": "0.0%"}),
            "number": book.add_format(cell),
            "text": book.add_format({**cell, "text_wrap": True}),
        }
        names: set[str] = set()
        for name, columns, rows in sheets:
            _write_sheet(book.add_worksheet(sheet_name(name, names)), columns, rows, formats)


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a spreadsheet takes, and enter it among those `taken`."""
    bare = _cut(" ".join(NO_SHEET_NAME.sub(" ", name).split()), LONGEST_SHEET_NAME) or "Bảng"
    found, n = bare, 1
    while found.casefold() in taken:
        n += 1
        found = f"{_cut(bare, LONGEST_SHEET_NAME - 4)} {n}"
    taken.add(found.casefold())
    return found


def _cut(text: str, longest: int) -> str:
    """Return as many whole words as fit, "…" where more follow: a term of two words may be torn."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rpartition(' ')[0].rstrip(' ,;:.') or text[: longest - 1]}…"


def _write_sheet(sheet: Any, columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]], formats: Any) -> None:
    widths = [NARROWEST if one.name == COUNTED else min(WIDTH_OF_A_SHARE * one.share, WIDEST) for one in columns]
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    _set_print(sheet, turned=len(columns) >= WIDE_FROM)
    sheet.freeze_panes(1, 0)
    heads = tuple(column.name for column in columns)
    sheet.set_row(0, _lines(heads, widths) * LINE)
    sheet.write_row(0, 0, heads, formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        if (lines := _lines(row, widths)) > 1:  # not every program sets the height of a row itself
            sheet.set_row(last, min(lines * LINE, HIGHEST))
        for n, cell in enumerate(row):
            rate = isinstance(cell, str) and columns[n].name.startswith(RATE) and PERCENT.fullmatch(cell)
            if rate:
                sheet.write_number(last, n, float(Decimal(rate[1].replace(",", ".")) / 100), formats["rate"])
            else:
                _write_cell(sheet, last, n, cell, formats)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _lines(row: tuple[Cell, ...], widths: Sequence[int]) -> int:
    """Return about how many lines the longest text of a row takes."""
    return max(
        sum(1 + len(line) * 11 // (width * 10) for line in cell.split("\n")) if isinstance(cell, str) else 1
        for cell, width in zip(row, widths, strict=True)
    )


def _set_print(sheet: Any, *, turned: bool) -> None:
    """Print on A4, as wide as the page, the head again and a number on each."""
    sheet.set_paper(A4)
    if turned:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(**MARGINS)
    sheet.set_header("&C&P")


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, formats: Any) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell, formats["number"])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), formats["day"])
    elif cell:
        sheet.write_string(row, column, cell[:LONGEST_CELL], formats["text"])
    else:
        sheet.write_blank(row, column, None, formats["text"])  # the lines of the table
