"""A file given back with what is wrong beside each row, to be mended in the spreadsheet and chosen again.

It is made anew from the cells that were read, each row at its own number: nothing of the file that came in is passed
on but values, so no formula, link or macro. What was a formula or an error of the spreadsheet stands there as words,
and is refused as such again until it is mended.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from doantracker.imports.sheet import DAY, ERROR, FORMULA, NUMBER, TEXT, YES, Cell, Sheet
from doantracker.imports.table import FAULT, Finding, Table, is_fault
from doantracker.imports.template import HEAD, NARROW, OPTIONS, WIDE, WIDEST

_FAULTY: Final = {"bg_color": "#FCE0DC", "border": 1, "border_color": "#B42318"}
#: How a cell is written for the spreadsheet, by what it holds: digits of a text stay as they were typed.
_NUMBER_FORMATS: Final = dict.fromkeys((TEXT, FORMULA, ERROR), "@") | {DAY: "dd/mm/yyyy"}
Place = tuple[int, str]  # number of the row, heading of the column


def marked(sheet: Sheet, table: Table, findings: Iterable[Finding]) -> bytes:
    """Return the rows of `sheet` with the column of faults, faulty cells coloured, and a list of all findings."""
    found = list(findings)
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        _Rows(book, table, found).write(sheet)
        _write_list(book, found)
    return out.getvalue()


class _Rows:
    """The first sheet being written: it is the one that is read again."""

    def __init__(self, book: Any, table: Table, findings: Iterable[Finding]) -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(_("Rows")[:31])
        self.words: dict[int, list[str]] = defaultdict(list)  # of each row; those of the header stand in the list only
        self.faulty: set[Place] = set()
        for finding in findings:
            if finding.row != table.header:
                self.words[finding.row].append(_words(finding))
            self.faulty.add((finding.row, finding.column))
        self.headings: Mapping[int, str] = {place: str(column.heading) for place, column in table.places.items()}
        self.formats: dict[tuple[str, bool], Any] = {}
        self.head, self.wrapped = book.add_format(HEAD), book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, sheet: Sheet) -> None:
        """Write the rows, each at its own number, and the faults behind the last column."""
        rows = dict(sheet.rows)
        header = rows[self.table.header]
        last = max(map(len, rows.values()))
        at = next((place for place, cell in enumerate(header) if is_fault(cell)), last)
        for number, cells in sheet.rows:
            for place, cell in enumerate(cells):
                if place != at:  # what was wrong when it was given back before
                    self.put(number, place, cell)
            if number in self.words:
                self.sheet.write_string(number - 1, at, "\n".join(self.words[number]), self.wrapped)
        self.sheet.write_string(self.table.header - 1, at, str(FAULT), self.head)
        self.lay_out(at, columns=max(last, at + 1), rows=max(rows))

    def put(self, number: int, place: int, cell: Cell) -> None:
        """Write one cell as what it is; a text never becomes a formula or a number."""
        form = self.format(number, place, cell)
        at = number - 1, place
        if cell.kind in {TEXT, FORMULA, ERROR}:
            self.sheet.write_string(*at, cell.value, form)
        elif cell.kind == DAY:
            self.sheet.write_datetime(*at, dt.datetime.fromisoformat(cell.value), form)
        elif cell.kind == YES:
            self.sheet.write_boolean(*at, cell.value == "1", form)
        elif cell.kind == NUMBER and math.isfinite(float(cell.value)):
            self.sheet.write_number(*at, float(cell.value), form)
        else:
            self.sheet.write_blank(*at, None, form)

    def format(self, number: int, place: int, cell: Cell) -> Any:
        """Return how a cell looks: that of the header, or by what it holds and whether something is wrong with it."""
        if number == self.table.header:
            return self.head
        key = _NUMBER_FORMATS.get(cell.kind, "General"), (number, self.headings.get(place, "")) in self.faulty
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"num_format": key[0]} | (_FAULTY if key[1] else {}))
        return self.formats[key]

    def lay_out(self, at: int, *, columns: int, rows: int) -> None:
        """Keep the header in sight, and let the rows be filtered by whether something is wrong."""
        header = self.table.header - 1
        self.sheet.set_column(0, columns - 1, NARROW)
        self.sheet.set_column(at, at, WIDEST)
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.autofilter(header, 0, rows - 1, columns - 1)


def _write_list(book: Any, findings: list[Finding]) -> None:
    """Write all findings one below the other; those of the file as a whole stand here only."""
    sheet = book.add_worksheet(_("To correct")[:31])
    head, wrapped = book.add_format(HEAD), book.add_format({"text_wrap": True, "valign": "top"})
    value, wrong = pgettext("rows of a file", "Value"), pgettext("rows of a file", "What is wrong")
    for place, heading in enumerate((_("Row"), _("Column"), value, wrong, _("What to do"))):
        sheet.write_string(0, place, heading, head)
    for number, finding in enumerate(findings, start=1):
        if finding.row:
            sheet.write_number(number, 0, finding.row)
        for place, words in enumerate((finding.column, finding.value, finding.wrong, finding.cure), start=1):
            sheet.write_string(number, place, words, wrapped)
    for place, width in enumerate((NARROW, WIDE, WIDE, WIDEST, WIDEST)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(findings), 4)


def _words(finding: Finding) -> str:
    """Return what is wrong in one line: where, what stands there, and what to do."""
    value = f" “{finding.value}”" if finding.value else ""
    where = f"{finding.column}{value}: " if finding.column or value else ""
    return f"{where}{finding.wrong} {finding.cure}".strip()
