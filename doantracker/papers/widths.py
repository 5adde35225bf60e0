"""How wide the columns of a table are: as their shares say, but no day, figure or word of a head is broken. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from doantracker.papers.paper import COUNTED, Cell, Column, Table, shown

#: Of the type of tables (12 points, bold), in mm: the widest letters, a capital, a narrow letter, any other.
WIDEST: Final = 3.6
CAPITAL: Final = 3.1
NARROW: Final = 1.5
LETTER: Final = 2.4
SIDES: Final = 4.2  # what stands free at both sides
WIDEST_LETTERS: Final = frozenset("%mMW")
NARROW_LETTERS: Final = frozenset(" fijlrt.,:;/()-|'\xa0")
BREAKS: Final = re.compile(r"[ \n\t]+(?!%)")  # "98,6 %" stands on one line
LONGEST_WORD: Final = 34.0  # mm; a longer word (an address) may break
ROWS_MEASURED: Final = 500  # the widest of so many is as wide as any


def fractions(table: Table, width: float) -> list[float]:
    """Return which part of `width` (in mm) each column takes; together they are 1."""
    least = [_least(column, [row[n] for row in table.rows[:ROWS_MEASURED]]) for n, column in enumerate(table.columns)]
    if sum(least) >= width:
        return [one / sum(least) for one in least]
    counted = {n for n, column in enumerate(table.columns) if column.name == COUNTED and len(table.columns) > 1}
    return [one / width for one in _widened([column.share for column in table.columns], least, width, counted)]


def _widened(shares: Sequence[int], least: Sequence[float], width: float, fixed: set[int]) -> list[float]:
    """Return the widths by share; who would get less than its least gets that, and the others share what is left.

    The `fixed` get no more than their least: a column that only counts the rows.
    """
    while True:
        left = width - sum(least[n] for n in fixed)
        parts = sum(share for n, share in enumerate(shares) if n not in fixed)
        found = [least[n] if n in fixed else left * share / parts for n, share in enumerate(shares)]
        narrow = {n for n, one in enumerate(found) if n not in fixed and one < least[n]}
        if not narrow:
            return found
        fixed |= narrow


def _least(column: Column, cells: Sequence[Cell]) -> float:
    """Return what holds the longest word of the head and of the cells."""
    words = {word for text in (column.name, *map(shown, cells)) for word in BREAKS.split(text)}
    return SIDES + min(max(map(_width, words), default=0.0), LONGEST_WORD)


def _width(word: str) -> float:
    """Return about how wide a word stands; accents take no room."""
    return sum(_letter(letter) for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _letter(letter: str) -> float:
    if letter in WIDEST_LETTERS:
        return WIDEST
    if letter in NARROW_LETTERS:
        return NARROW
    return CAPITAL if letter.isupper() else LETTER
