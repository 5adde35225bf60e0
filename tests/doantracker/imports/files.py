"""Workbooks for the tests, and rows as the reader gives them without a file."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from doantracker.imports.sheet import DAY, EMPTY, NUMBER, TEXT, YES, Cell, Sheet


def workbook(*rows: list[Any]) -> bytes:
    """Return a workbook whose first sheet holds `rows`."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: list[Any]) -> Sheet:
    """Return the same as the child process would read it."""
    return Sheet(tuple((number, tuple(map(cell, row))) for number, row in enumerate(rows, start=1)))


def cell(value: Any) -> Cell:
    """Return a value as a cell of a sheet."""
    if value is None:
        return Cell(EMPTY)
    if isinstance(value, Cell):
        return value
    if isinstance(value, bool):
        return Cell(YES, "1" if value else "0")
    if isinstance(value, dt.date):
        return Cell(DAY, value.isoformat())
    return Cell(NUMBER, str(value)) if isinstance(value, int | float) else Cell(TEXT, value)
