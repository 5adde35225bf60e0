"""The cells of the first sheet of a workbook that is not hidden, read in a child process under limits.

Nothing is calculated: a cell with a formula is told as such with its words, the value that some program left beside
it is not looked at. Links to other workbooks are not followed. No Django here: the child has no settings.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from plans.reading.isolation import ask_child

MOST_ROWS: Final = 5_000  # filled rows, the header among them
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 2_000  # characters that are kept of a text; nothing asked for is longer

#: What a cell holds: text, number, day, yes or no, a formula, an error of the spreadsheet; "" is an empty one.
TEXT, NUMBER, DAY, YES, FORMULA, ERROR, EMPTY = "s", "n", "d", "b", "f", "e", ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it holds, and the value in a form that is exact: of a day ISO 8601, of a number its digits."""

    kind: str = EMPTY
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled rows of a sheet with their numbers as the spreadsheet counts them; `too_many`: there are more."""

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    too_many: bool = False
    name: str = ""


def read_sheet(data: bytes) -> Sheet:
    """Return the first sheet of the workbook in `data`, or raise `ReadError`."""
    answer = ask_child("doantracker.imports", data=data)
    rows = tuple((int(number), tuple(Cell(kind, value) for kind, value in cells)) for number, cells in answer["rows"])
    return Sheet(rows, bool(answer["too_many"]), answer["name"])


def cells_of(data: bytes) -> dict[str, Any]:
    """Return the answer of the child to `data`; raises `ReadError` for what is no sound workbook."""
    from io import BytesIO  # noqa: PLC0415 - after the limits are set

    from openpyxl import load_workbook  # noqa: PLC0415

    from plans.reading.readers import ReadError  # noqa: PLC0415
    from plans.reading.zip_checks import open_archive  # noqa: PLC0415

    open_archive(data).close()
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        return _filled(sheet) | {"name": sheet.title}
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # a library fails in many ways on a file that is broken
        raise ReadError("broken", type(error).__name__) from error


def _filled(sheet: Any) -> dict[str, Any]:
    """Return the rows that hold something, up to `MOST_ROWS`."""
    found: list[tuple[int, list[tuple[str, str]]]] = []
    before: Any = None
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if row is before:  # openpyxl gives one and the same row for all that a file leaves out, a million if it likes
            continue
        before = row
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1][0]:
            cells.pop()
        if not cells:
            continue
        if len(found) == MOST_ROWS:
            return {"rows": found, "too_many": True}
        found.append((number, cells))
    return {"rows": found, "too_many": False}


def _cell(cell: Any) -> tuple[str, str]:
    """Return what a cell holds and its value, as JSON takes them."""
    value, kind = cell.value, cell.data_type
    if value is None or (isinstance(value, str) and not value.strip()):
        return EMPTY, ""
    if kind == "f":
        return FORMULA, str(getattr(value, "text", value))[:LONGEST_CELL]  # one over several cells is an object
    if kind == "e":
        return ERROR, str(value)[:LONGEST_CELL]
    return _typed(value)


def _typed(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return YES, "1" if value else "0"
    if isinstance(value, dt.datetime | dt.date):
        return DAY, value.isoformat()[:10]  # without the time
    if isinstance(value, int | float):
        return NUMBER, format(Decimal(format(value, ".15g")), "f")  # a spreadsheet keeps 15 digits
    return TEXT, str(value)[:LONGEST_CELL]
