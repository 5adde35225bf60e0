"""Scores of the monthly evaluation: weights, points with the sum behind them, the total. Pure and exact.

A score card weighs its criteria, 100 in all. A computed criterion counts pieces of work of the month: one done on time
counts whole; each delay and each return of the result takes a quarter of it away (Nghị định 335/2025), a delay not
where the level above confirmed an objective cause; what is not done counts nothing. A judged criterion has a mark from
0 to 100 that people give. Points are fractions until the total is rounded once, half up, to one digit: the order of
entry never changes a result, and no total leaves 0 to 100.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

WHOLE: Final = 100
FAULT_COSTS: Final = Fraction(1, 4)  # of a piece, for each delay and each return


class UnbalancedCardError(ValueError):
    """The weights of a card don't add up to 100; `total` is what they add up to."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"weights add up to {total}")
        self.total = total


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work owed in the month: a shortcoming to remedy, a paper to hand in, a task.

    `delays` are those without a confirmed objective cause: after a first extension that was missed there are two.
    `returns` counts how often the result was sent back.
    """

    done: bool
    delays: int = 0
    returns: int = 0

    @property
    def value(self) -> Fraction:
        """Return what it counts, from 0 to 1."""
        faults = self.delays + self.returns
        return max(Fraction(0), 1 - faults * FAULT_COSTS) if self.done else Fraction(0)


def delays_of(days: Iterable[dt.date | None], end: dt.date, *, excused: bool) -> int:
    """Return how many of the last days that a piece of work ever had were missed by `end`, the day it was handed in.

    The same day counts once. A confirmed objective cause excuses all of them.
    """
    return 0 if excused else sum(day < end for day in {day for day in days if day is not None})


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a card. Computed from `pieces`, or judged by a `mark` from 0 to 100 (None: nobody judged yet)."""

    code: str
    weight: Decimal
    computed: bool
    pieces: tuple[Piece, ...] = ()
    mark: Decimal | None = None

    @property
    def share(self) -> Fraction | None:
        """Return which part of the weight is earned, from 0 to 1; None: nothing was owed, or nobody has judged."""
        if self.computed:
            return sum((p.value for p in self.pieces), Fraction(0)) / len(self.pieces) if self.pieces else None
        return None if self.mark is None else min(max(Fraction(self.mark), Fraction(0)), Fraction(WHOLE)) / WHOLE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: what the criterion earned of its weight, None where it doesn't count this month."""

    code: str
    weight: Decimal
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """The lines in the order of the card, the weight that is `counted`, and the `total` of 100; None without any."""

    lines: tuple[Line, ...]
    counted: Decimal
    total: Decimal | None


def check_weights(weights: Iterable[Decimal]) -> None:
    """Refuse weights that are negative or don't add up to 100."""
    found = list(weights)
    total = sum(found, Decimal(0))
    if total != WHOLE or any(weight < 0 for weight in found):
        raise UnbalancedCardError(total)


def score(criteria: Sequence[Criterion]) -> Score:
    """Return the score of a card. What doesn't count this month is left out and the rest is scaled to 100.

    Nobody loses points because nothing was owed: with a criterion of 40 empty, 30 of the other 60 are a score of 50.
    """
    check_weights(c.weight for c in criteria)
    lines = tuple(Line(c.code, c.weight, None if (s := c.share) is None else s * Fraction(c.weight)) for c in criteria)
    counted = sum((line.weight for line in lines if line.points is not None), Decimal(0))
    earned = sum((line.points for line in lines if line.points is not None), Fraction(0))
    return Score(lines, counted, rounded(earned * WHOLE / Fraction(counted)) if counted else None)


def rounded(points: Fraction) -> Decimal:
    """Return points with one digit, rounded half up from the exact fraction."""
    tenths = (20 * points.numerator + points.denominator) // (2 * points.denominator)
    return Decimal(tenths) / 10


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a rating, from the best: the least total, and what else it asks for in percent of assigned work.

    `least_done` and `least_on_time` are of all that was assigned, `least_beyond` the share done beyond what was asked,
    `least_remedied` that of the shortcomings; None asks nothing.
    """

    code: str
    least: Decimal
    least_done: Decimal | None = None
    least_on_time: Decimal | None = None
    least_beyond: Decimal | None = None
    least_remedied: Decimal | None = None
    without_discipline: bool = False


#: Quy định 366-QĐ/TW: the four levels, from the best; a union may keep others.
LEVELS_366: Final = (
    Level(
        "rated_excellent", Decimal(90), least_done=Decimal(100), least_on_time=Decimal(100), least_beyond=Decimal(30),
        least_remedied=Decimal(100), without_discipline=True,
    ),
    Level("rated_good", Decimal(70), least_done=Decimal(100), least_on_time=Decimal(100)),
    Level("rated_done", Decimal(50), least_done=Decimal(100), least_on_time=Decimal(80)),
    Level("rated_not_done", Decimal(0)),
)  # fmt: skip


#: The best level's share of those rated good, in percent, above which a warning is shown (Nghị định 335/2025).
CAP_335: Final = Decimal(20)


@dataclass(frozen=True, slots=True)
class Record:
    """What a rating looks at: the total of the year and shares in percent; None: nothing of the kind was owed.

    What was done beyond what was asked is told by people: 0 until somebody does.
    """

    total: Decimal
    done: Decimal | None = None
    on_time: Decimal | None = None
    beyond: Decimal = Decimal(0)
    remedied: Decimal | None = None
    disciplined: bool = False


def missing(level: Level, record: Record) -> tuple[str, ...]:
    """Return the names of what keeps a record from a level, in order; empty: it reaches the level."""
    shares = (
        ("total", level.least, record.total),
        ("done", level.least_done, record.done),
        ("on_time", level.least_on_time, record.on_time),
        ("beyond", level.least_beyond, record.beyond),
        ("remedied", level.least_remedied, record.remedied),
    )
    short = [name for name, least, share in shares if least is not None and share is not None and share < least]
    return (*short, *(("discipline",) if level.without_discipline and record.disciplined else ()))


def rating(levels: Sequence[Level], record: Record) -> Level:
    """Return the best level that a record reaches; the last one is for everybody."""
    return next((level for level in levels[:-1] if not missing(level, record)), levels[-1])


def over_cap(best: int, good: int, cap: Decimal) -> bool:
    """Say whether more are rated best than `cap` percent of those rated good; a warning, never a bar.

    Counted within one unit and one group of similar duties (Nghị định 335/2025).
    """
    return best * WHOLE > cap * good


def mean(totals: Iterable[Decimal]) -> Decimal | None:
    """Return the mean with one digit, rounded half up; None of nothing."""
    found = [Fraction(total) for total in totals]
    return rounded(sum(found, Fraction(0)) / len(found)) if found else None


def percent(part: int, whole: int) -> Decimal | None:
    """Return a share in percent with one digit, rounded down: 999 of 1,000 is not all; None of nothing."""
    return Decimal(part * 1000 // whole) / 10 if whole else None
