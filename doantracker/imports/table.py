"""Rows of a spreadsheet as records: the header is matched by name, each cell read as what its column asks for. Pure.

Nothing is guessed: what can't be read is a `Finding` that names row, column and value, and says what to do. An empty
cell of a column that may be empty says nothing: what stands in the system stays. “(clear)” empties it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from doantracker.imports.sheet import DAY, EMPTY, ERROR, FORMULA, NUMBER, TEXT, YES, Cell, Sheet
from doantracker.lib.text import nfc, search_key
from plans.pasting import fault_of_text, number_of
from plans.validators import FIRST_YEAR, LAST_YEAR

#: Languages in which a header and a choice may be written.
LANGUAGES: Final = ("vi", "en")
#: Rows from the top among which the header is looked for: a title may stand above it.
HEADER_WITHIN: Final = 10
LONGEST_SHOWN: Final = 80  # characters of a value that a finding repeats
FEWEST_COUNTED: Final = 3  # cells of a row that only numbers the columns
LAST_COUNTED: Final = 100_000  # days as a spreadsheet counts them: the year 2173
_MIDNIGHT = r"(?:[T ]0?0:00(?::00)?)?"
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _MIDNIGHT)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})" + _MIDNIGHT)
_YES = frozenset({"co", "x", "yes", "y", "dung", "true", "1"})
_NO = frozenset({"khong", "no", "n", "sai", "false", "0", "-"})
#: Errors of a spreadsheet, which stand as words in cells that were pasted or given back.
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
#: Written into a cell, folded: empty what stands in the system.
_CLEAR: Final = frozenset({"(xoa)", "(clear)"})
#: Columns that lists of offices have and nothing is read from: numbers of the rows.
_NUMBERING: Final = frozenset({"stt", "tt", "so tt", "so thu tu", "no."})
#: What is written around a heading: the mark of a needed column, a colon.
_AROUND_HEADING = re.compile(r"\(\s*\*?\s*\)|[*:_]")
#: What programs leave in a text that nobody typed: marks without width, the ' by which a spreadsheet keeps a text.
_LEFT_BEHIND = re.compile("[\u200b\ufeff\u00ad]|^'")
_DAY_ZERO: Final = dt.date(1899, 12, 30)  # a spreadsheet counts days from it
#: Heading of the column of faults in a file that is given back; it is not read.
FAULT: Final = pgettext_lazy("rows of a file", "Fault")

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place of the file and what to do; row 0: the file as a whole, "": the row as a whole."""

    row: int
    column: str
    value: str
    wrong: str
    cure: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the code, its heading, what it holds and how it is read.

    `reads` is one of the functions below. `choices` are the values of a closed list with their words. `length` is the
    most characters of a text. `clears`: “(clear)” empties it. `example` is shown in the template, as may be written.
    """

    name: str
    heading: Words
    what: Words
    example: str
    reads: Callable[[Column, Cell], Any]
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    length: int = 200
    clears: bool = False

    def headings(self) -> set[str]:
        """Return how the heading may be written, folded."""
        return {search_key(self.name.replace("_", " ")), *_in_every_language(self.heading)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its number there, and the values that are given; an empty cell gives none.

    `faulty` are the columns whose cell could not be read, or that are missing: told already, not to be told again.
    """

    number: int
    values: Mapping[str, Any]
    faulty: frozenset[str] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict, compare=False)  # what stands in cells of text

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def given(self, *names: str) -> dict[str, Any]:
        """Return those of the named values that are given."""
        return {name: self.values[name] for name in names if name in self.values}

    def written(self, name: str) -> Any:
        """Return a value as a person finds it in the file."""
        return self.typed.get(name, self[name])

    def sound(self, *names: str) -> bool:
        """Return whether the cells of these columns could be read."""
        return self.faulty.isdisjoint(names)


@dataclass(slots=True)
class Table:
    """What was read: the rows, those with a faulty cell too, how many there were, and what is wrong.

    `header` is the number of the row that holds the header, 0 without one; `places` are the columns by their place.
    """

    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    total: int = 0
    header: int = 0
    places: dict[int, Column] = field(default_factory=dict)


class Unreadable(Exception):  # noqa: N818  # an answer, not a fault
    """A cell that is not what its column asks for: what is wrong, and what to do."""

    def __init__(self, wrong: str, cure: str) -> None:
        super().__init__(wrong)
        self.wrong, self.cure = wrong, cure


def read_table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read the rows of a sheet by its header."""
    table = Table()
    if sheet.too_many:
        table.findings.append(_whole(_("The file has too many rows."), _("Part it into files of 4,999 rows at most.")))
        return table
    if not _find_header(sheet, columns, table):
        return table
    missing = frozenset(column.name for column in columns if column.required and column not in table.places.values())
    body = [(number, cells) for number, cells in sheet.rows if number > table.header and any(c.kind for c in cells)]
    if body and _only_counts(body[0][1]):
        del body[0]
    table.total = len(body)
    if not body:
        table.findings.append(_whole(_("The file holds no rows."), _("Fill in at least one row below the header.")))
    for number, cells in body:
        _take(table, number, cells, missing)
    return table


def header_hits(sheet: Sheet, columns: Sequence[Column]) -> int:
    """Return how many of the columns the header of a sheet names: by it a template of another kind is known."""
    known = {heading: column.name for column in columns for heading in column.headings()}
    rows = [{known.get(_heading(cell)) for cell in cells if cell.kind} - {None} for _n, cells in _top(sheet)]
    return max(map(len, rows), default=0)


def parted(words: str) -> tuple[str, str]:
    """Return the words of a refusal in two: what is wrong, and what to do about it."""
    wrong, dot, cure = words.partition(". ")
    return wrong + dot.strip(), cure


def shown(cell: Cell) -> str:
    """Return a value as a person wrote it."""
    if cell.kind == DAY:
        return f"{dt.date.fromisoformat(cell.value):%d/%m/%Y}"
    if cell.kind == YES:
        return "TRUE" if cell.value == "1" else "FALSE"
    return cell.value[:LONGEST_SHOWN]


# --- what a column may hold ---


def text(column: Column, cell: Cell) -> str:
    """Read words on one line. A number typed as such keeps its digits."""
    if cell.kind == YES:
        raise Unreadable(_("This is no text."), _("Write it as text."))
    said = " ".join(nfc(shown(cell) if cell.kind == DAY else _LEFT_BEHIND.sub("", cell.value)).split())
    if not said.isprintable():
        raise Unreadable(_("There are characters here that nobody sees."), _("Delete the cell and type it anew."))
    if len(said) > column.length:
        cure = _("Shorten it to %(most)s characters.") % {"most": column.length}
        raise Unreadable(_("This is too long."), cure)
    return said


def code(column: Column, cell: Cell) -> str:
    """Read a code: capital letters, leading zeros kept."""
    return text(column, cell).upper()


def day(column: Column, cell: Cell) -> dt.date:  # noqa: ARG001  # one signature for all
    """Read a day: a real date of the spreadsheet, or dd/mm/yyyy."""
    found = dt.date.fromisoformat(cell.value) if cell.kind == DAY else _written_day(cell)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        cure = _("Write a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Unreadable(_("This year can't be meant."), cure)
    return found


def number(column: Column, cell: Cell) -> Decimal:  # noqa: ARG001  # one signature for all
    """Read a number: one of the spreadsheet, or as Vietnamese write it (1.234,5)."""
    said = Decimal(cell.value) if cell.kind == NUMBER else number_of(cell.value) if cell.kind == TEXT else None
    if said is None or not said.is_finite():
        words = fault_of_text(cell.value) if cell.kind == TEXT else _("This is no number. Write it like 1.234,5.")
        raise Unreadable(*parted(words))
    return said


def whole(column: Column, cell: Cell) -> int:
    """Read a whole number from 0 to 9,999."""
    said = number(column, cell)
    if said != said.to_integral_value() or not 0 <= said <= 9_999:  # noqa: PLR2004  # as the words say
        raise Unreadable(_("This is no whole number."), _("Write a whole number from 0 to 9999."))
    return int(said)


def yes(column: Column, cell: Cell) -> bool:  # noqa: ARG001  # one signature for all
    """Read yes or no."""
    word = search_key(cell.value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(_("This is neither yes nor no."), _("Write Yes or No."))


def choice(column: Column, cell: Cell) -> str:
    """Read one value of a closed list, by its words or its code."""
    value = _values(column).get(search_key(shown(cell)))
    if value is not None:
        return value
    known = "; ".join(str(words) for _value, words in column.choices)
    raise Unreadable(_("This is not in the list."), _("Choose one of: %(choices)s.") % {"choices": known})


@lru_cache(maxsize=64)  # the same for every row
def _values(column: Column) -> dict[str, str]:
    """Return the values of a closed list by how they may be written, folded."""
    words = {word: value for value, words in column.choices for word in _in_every_language(words)}
    return {search_key(value): value for value, _words in column.choices} | words


# --- the header and the rows ---


def _find_header(sheet: Sheet, columns: Sequence[Column], table: Table) -> bool:
    """Enter where the header stands and the column at each place, and what is wrong there; False: there is none."""
    known = {heading: column for column in columns for heading in column.headings()}

    def hits(cells: tuple[Cell, ...]) -> int:
        return sum(_heading(cell) in known for cell in cells if cell.kind)

    best = max(_top(sheet), key=lambda row: hits(row[1]), default=None)
    if best is None or not hits(best[1]):
        wrong = _("No header was found in the sheet “%(sheet)s”.") % {"sheet": sheet.name}
        cure = _("Put the rows into the first sheet, below the first row of the template.")
        table.findings.append(_whole(wrong, cure))
        return False
    table.header, cells = best
    for place, cell in enumerate(cells):
        if cell.kind != EMPTY and _heading(cell) not in _not_read():
            _place(table, place, cell, known.get(_heading(cell)))
    for column in columns:
        if column.required and column not in table.places.values():
            _tell_header(table, str(column.heading), "", _("This column is missing."), _("Add it as in the template."))
    return True


def _place(table: Table, place: int, cell: Cell, column: Column | None) -> None:
    """Enter the column that a cell of the header names, or what is wrong with it."""
    if column is None:
        cure = _("Name it as in the template, or delete the column.")
        _tell_header(table, "", shown(cell), _("This column is not known."), cure)
    elif column in table.places.values():
        cure = _("Keep one of the two columns.")
        _tell_header(table, str(column.heading), shown(cell), _("This column stands twice."), cure)
    else:
        table.places[place] = column


def _tell_header(table: Table, column: str, value: str, wrong: str, cure: str) -> None:
    table.findings.append(Finding(table.header, column, value, wrong, cure))


@lru_cache(maxsize=1)
def _not_read() -> frozenset[str]:
    """Return the headings of columns that are passed over, folded: numbers of rows, and faults told by ourselves."""
    return _NUMBERING | _in_every_language(FAULT)


def is_fault(cell: Cell) -> bool:
    """Return whether a cell of a header names the column of faults."""
    return cell.kind == TEXT and _heading(cell) in _in_every_language(FAULT)


def _only_counts(cells: Sequence[Cell]) -> bool:
    """Return whether a row below the header only numbers the columns, as tables of papers do: (1), (2), (3)."""
    said = [cell.value.strip().strip("()") for cell in cells if cell.kind != EMPTY]
    return len(said) >= FEWEST_COUNTED and said == [str(n) for n in range(1, len(said) + 1)]


def _top(sheet: Sheet) -> Sequence[tuple[int, tuple[Cell, ...]]]:
    """Return the rows among which the header is looked for."""
    return sheet.rows[:HEADER_WITHIN]


def _take(table: Table, at: int, cells: Sequence[Cell], missing: frozenset[str]) -> None:
    """Read one row; what can't be read of it is told, the rest is checked all the same."""
    values: dict[str, Any] = {}
    faulty: set[str] = set()
    typed: dict[str, str] = {}
    for place, column in table.places.items():
        cell = cells[place] if place < len(cells) else Cell()
        try:
            if cell.kind == EMPTY:
                _refuse_missing(column)
            else:
                values[column.name] = _value(column, cell)
                typed |= {column.name: shown(cell)} if cell.kind == TEXT else {}
        except Unreadable as refusal:
            faulty.add(column.name)
            table.findings.append(Finding(at, str(column.heading), shown(cell), refusal.wrong, refusal.cure))
    table.rows.append(Row(at, values, missing | faulty, typed))


def _refuse_missing(column: Column) -> None:
    if column.required:
        raise Unreadable(_("This cell is empty."), _("Fill it in."))


def _value(column: Column, cell: Cell) -> Any:
    if cell.kind == FORMULA or (cell.kind == TEXT and cell.value.startswith("=")):
        cure = _("Copy the cells and paste them as values (Paste special, Values).")
        raise Unreadable(_("A formula stands here, not a value."), cure)
    if cell.kind == ERROR or (cell.kind == TEXT and cell.value.strip() in _ERRORS):
        raise Unreadable(_("The spreadsheet shows an error here."), _("Correct the cell or empty it."))
    if cell.kind == TEXT and search_key(cell.value) in _CLEAR:
        return _cleared(column)
    return column.reads(column, cell)


def _cleared(column: Column) -> str | None:
    """Return what a cell holds that is emptied on purpose."""
    if not column.clears:
        raise Unreadable(_("This can't be cleared."), _("Write a value, or leave the cell empty: what stands stays."))
    return None if column.reads is day else ""


def _written_day(cell: Cell) -> dt.date:
    if cell.kind == NUMBER:
        _refuse_counted_day(Decimal(cell.value))
    said = _LEFT_BEHIND.sub("", cell.value.strip()) if cell.kind == TEXT else ""
    try:
        if found := _DAY.fullmatch(said):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO_DAY.fullmatch(said):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Unreadable(_("There is no such day."), _("Correct the day, such as 31/03/2026.")) from None
    raise Unreadable(_("This is no day."), _("Write it as dd/mm/yyyy, such as 31/03/2026."))


def _refuse_counted_day(count: Decimal) -> None:
    """Refuse the number by which a spreadsheet counts a day, with that day: a plain number may stand there too."""
    if not (count.is_finite() and dt.date(FIRST_YEAR, 1, 1) <= _counted(count) <= dt.date(LAST_YEAR, 12, 31)):
        return
    meant = f"{_counted(count):%d/%m/%Y}"
    cure = _("If %(day)s is meant, give the column the format Date, or write %(day)s.") % {"day": meant}
    raise Unreadable(_("This is a number, not a day."), cure)


def _counted(count: Decimal) -> dt.date:
    """Return the day of a number by which a spreadsheet counts days; the first there is for one that is no such."""
    return _DAY_ZERO + dt.timedelta(days=int(count)) if 0 < count < LAST_COUNTED else _DAY_ZERO


def _heading(cell: Cell) -> str:
    return search_key(_AROUND_HEADING.sub(" ", shown(cell)))


def _in_every_language(words: Words) -> set[str]:
    found = set()
    for language in LANGUAGES:
        with override(language):
            found.add(search_key(str(words)))
    return found


def _whole(wrong: str, cure: str) -> Finding:
    return Finding(0, "", "", wrong, cure)
