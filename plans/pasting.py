"""A column or block copied from a spreadsheet, read as results of units. Pure: text in, rows and errors out.

Lines are rows, tabs part the columns. The figures are the last columns: numerator and denominator of a share, else
the number or the level. A column before them names the unit, by its code or its name, with or without accents;
without one, the rows are those of the list, from its first on. A first line that holds no figure at all is a heading
and left out. Nothing is guessed: what can't be read is an error that names row, column, value and cure, and an empty
line is a unit without a figure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import search_key

MOST_ROWS: Final = 500
#: Digits before and after the decimal mark that a figure keeps: 15 in all, as many as SQLite gives back exactly.
WHOLE_DIGITS, DECIMALS = 12, 3
TOO_LONG: Final = gettext_lazy("At most 12 digits before the decimal mark and 3 after it. Round the figure.")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")  # 1,200: English thousands, or a decimal
_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?")  # 1.234,5
_ENGLISH = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d{1,2}|-?\d+\.\d{4,}")  # 1,234.5 and 12.5, never 1.234


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as rows may name it."""

    pk: int
    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PasteError:
    """What can't be read: the line and column as a spreadsheet counts them, what stands there, what to do."""

    row: int
    column: int
    value: str
    cure: str

    def __str__(self) -> str:
        """Return the error in one sentence."""
        return _("Row %(row)s, column %(column)s, “%(value)s”: %(cure)s") % {
            "row": self.row, "column": self.column, "value": self.value, "cure": self.cure
        }  # fmt: skip


@dataclass(slots=True)
class Pasted:
    """What was read: the figures as written, by unit, and the errors."""

    figures: dict[int, tuple[str, ...]] = field(default_factory=dict)
    errors: list[PasteError] = field(default_factory=list)


def number_of(text: str) -> Decimal | None:
    """Return a number as Vietnamese write it (1.234,5; a trailing % is dropped); None: this is no number.

    1.234 is one thousand two hundred and thirty-four. What can only be the English form (1,234.5 or 12.5) is read so;
    1,200 may be either and is no number.
    """
    plain = _plain(text)
    if not plain.isascii() or _AMBIGUOUS.fullmatch(plain):
        return None
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    return Decimal(plain.replace(",", "")) if _ENGLISH.fullmatch(plain) else None


def fault_of_text(text: str) -> str:
    """Return what is wrong with a text that is no number, and how to write it."""
    plain = _plain(text)
    if not _AMBIGUOUS.fullmatch(plain):
        return _("This is no number. Write it like 1.234,5.")
    whole = plain.replace(",", "")
    if plain.count(",") > 1:
        return _("Thousands are not parted by commas. Write %(whole)s.") % {"whole": whole}
    words = _("This may mean thousands or a decimal number. Write %(whole)s or %(decimal)s.")
    return words % {"whole": whole, "decimal": unambiguous(plain.rstrip("0").removesuffix(","))}


def unambiguous(text: str) -> str:
    """Return a decimal number as written, with a 0 behind it where it might be read as thousands."""
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


def fits(number: Decimal) -> bool:
    """Return whether a figure can keep `number` as it is: not too long, not too fine."""
    return abs(number) < Decimal(10) ** WHOLE_DIGITS and number == round(number, DECIMALS)


def pasted(text: str, *, units: Sequence[Named], columns: int, levels: Collection[str] = ()) -> Pasted:
    """Read `text` for `units` in the order of their list, with `columns` figures each.

    With `levels` a figure is the name of one of them, found with or without accents.
    """
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not any(lines[-1]):
        lines.pop()
    reading = _Reading(units, columns, frozenset(map(search_key, levels)))
    first = 2 if lines and reading.is_heading(lines[0]) else 1
    lines = lines[first - 1 :]
    if len(lines) > MOST_ROWS:
        cure = _("Paste at most %(most)s rows at once.") % {"most": MOST_ROWS}
        return Pasted(errors=[PasteError(MOST_ROWS + first, 1, "", cure)])
    named = any(len(line) > columns for line in lines)
    for place, line in enumerate(lines):
        if any(line):
            reading.take(line, row=place + first, place=None if named else place)
    return reading.found


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", "", text).removesuffix("%").replace("\u2212", "-")


class _Reading:
    """One paste being read."""

    def __init__(self, units: Sequence[Named], columns: int, levels: frozenset[str]) -> None:
        self.units, self.columns, self.levels = units, columns, levels
        self.found = Pasted()
        self.places: dict[str, set[int]] = {}
        for unit in units:
            for name in (unit.code, *unit.names):
                self.places.setdefault(search_key(name), set()).add(unit.pk)

    def is_heading(self, line: list[str]) -> bool:
        """Return whether a first line only says what the columns are: it names no unit and holds no figure."""
        words = [cell for cell in line if cell]
        return bool(words) and not any(self.is_figure(w) or search_key(w) in self.places for w in words)

    def is_figure(self, cell: str) -> bool:
        """Return whether a cell is what the indicator asks for."""
        return search_key(cell) in self.levels if self.levels else number_of(cell) is not None

    def take(self, line: list[str], *, row: int, place: int | None) -> None:
        """Enter the figures of one line for its unit: that at `place`, or the one it names; or say what is wrong."""
        split = 0 if place is not None else max(len(line) - self.columns, 1)
        figures = line[split:] + [""] * (self.columns - len(line[split:]))
        if not any(figures):
            return
        unit = self.unit_at(place, line, row) if place is not None else self.unit_named(line[:split], row)
        wrong = [self.wrong(cell, row, split + n) for n, cell in enumerate(figures, start=1)]
        errors = [error for error in wrong if error]
        self.found.errors += errors
        if unit and not errors:
            self.found.figures[unit] = tuple(figures)

    def unit_at(self, place: int, line: list[str], row: int) -> int | None:
        """Return the unit at a place of the list."""
        if place < len(self.units):
            return self.units[place].pk
        cure = _("The list has only %(count)s units. Leave this row out.") % {"count": len(self.units)}
        self.found.errors.append(PasteError(row, 1, line[0], cure))
        return None

    def unit_named(self, cells: list[str], row: int) -> int | None:
        """Return the one unit that a cell names; a number of the row or another word beside it does no harm."""
        hits = [
            (n, cell, self.places[key]) for n, cell in enumerate(cells, 1) if (key := search_key(cell)) in self.places
        ]
        for _n, _cell, units in hits:
            if len(units) == 1 and not units & self.found.figures.keys():
                return next(iter(units))
        column, value = (hits[0][0], hits[0][1]) if hits else (1, next(filter(None, cells), ""))
        if not hits:
            cure = _("No unit of the list has this code or name. Correct it or leave the row out.")
        elif len(hits[0][2]) > 1:
            cure = _("Several units have this name. Write the code instead.")
        else:
            cure = _("This unit stands twice. Keep one of the rows.")
        self.found.errors.append(PasteError(row, column, value, cure))
        return None

    def wrong(self, cell: str, row: int, column: int) -> PasteError | None:
        """Return what is wrong with one figure."""
        if self.is_figure(cell):
            return None
        if self.levels:
            cure = _("This is no level of the indicator. Choose one of its levels.")
        elif not cell:
            cure = _("A share needs two figures: how many, and of how many.")
        else:
            cure = fault_of_text(cell)
        return PasteError(row, column, cell, cure)
