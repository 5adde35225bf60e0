"""A column or block copied from a spreadsheet, read as results of units. Pure: text in, rows and errors out.

Lines are rows, tabs part the columns. The figures are the last columns: numerator and denominator of a share, else the
number or the level. A column before them names the unit, by its code or its name, with or without accents; without
one, the rows are those of the list, from its first on. A first line that holds no figure at all is a heading and left out. Nothing is
guessed: what can't be read is an error that names row, column, value and cure, and an empty line is a unit without a
figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from doantracker.lib.text import search_key

MOST_ROWS: Final = 500
#: Digits before and after the decimal mark that a result keeps.
WHOLE_DIGITS, DECIMALS = 13, 3
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

    figures: dict[int, list[str]] = field(default_factory=dict)
    errors: list[PasteError] = field(default_factory=list)


def number_of(text: str) -> Decimal | None:
    """Return a number as Vietnamese write it (1.234,5; a trailing % is dropped); None: this is no number.

    1.234 is one thousand two hundred and thirty-four. What can only be the English form (1,234.5 or 12.5) is read so.
    """
    plain = re.sub(r"[\s\u00a0\u202f]+", "", text).removesuffix("%").replace("\u2212", "-")
    if not plain.isascii():
        return None
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    return Decimal(plain.replace(",", "")) if _ENGLISH.fullmatch(plain) else None


def fits(number: Decimal) -> bool:
    """Return whether a result can keep `number` as it is: not too long, not too fine."""
    return abs(number) < Decimal(10) ** WHOLE_DIGITS and number == round(number, DECIMALS)


def pasted(
    text: str, *, units: Sequence[Named], columns: int, levels: Mapping[str, int] | None = None
) -> Pasted:
    """Read `text` for `units` in the order of their list, with `columns` figures each.

    With `levels` (name → id) a figure is the name of one of them, found with or without accents.
    """
    lines = [line.split("\t") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    known = {search_key(name) for name in levels or ()}
    found, first = Pasted(), 1
    if lines and _is_heading(lines[0], units, columns, known):
        lines, first = lines[1:], 2
    if len(lines) > MOST_ROWS:
        cure = _("Paste at most %(most)s rows at once.") % {"most": MOST_ROWS}
        return Pasted(errors=[PasteError(MOST_ROWS + first, 1, "", cure)])
    named = any(len(line) > columns for line in lines)
    places = _places(units)
    for place, line in enumerate(lines):
        _read(found, line, row=place + first, place=place, named=named, units=units, places=places, columns=columns)
    _check(found, lines, known=known, first=first)
    return found


def _read(
    found: Pasted, line: list[str], *, row: int, place: int, named: bool, units: Sequence[Named],
    places: Mapping[str, list[int]], columns: int,
) -> None:  # fmt: skip
    """Enter the figures of one line for its unit, or an error."""
    cells = [cell.strip() for cell in line]
    if not any(cells):
        return
    figures = (cells[-columns:] if named else cells) + [""] * (columns - len(cells))
    if not any(figures):
        return
    if not named:
        if place >= len(units):
            cure = _("The list has only %(count)s units. Leave this row out.") % {"count": len(units)}
            found.errors.append(PasteError(row, 1, cells[0], cure))
        else:
            found.figures[units[place].pk] = figures
        return
    for column, name in enumerate(cells[:-columns], start=1):
        hits = places.get(search_key(name), []) if name else []
        if len(hits) == 1 and hits[0] not in found.figures:
            found.figures[hits[0]] = figures
            return
        if hits:
            cure = (
                _("Several units have this name. Write the code instead.")
                if len(hits) > 1
                else _("This unit stands twice. Keep one of the rows.")
            )
            found.errors.append(PasteError(row, column, name, cure))
            return
    cure = _("No unit of the list has this code or name. Correct it or leave the row out.")
    found.errors.append(PasteError(row, 1, cells[0], cure))
