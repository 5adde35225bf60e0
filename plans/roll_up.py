"""Roll-up of the results of an indicator over the tree of units. Pure: values in, totals out; no models, no queries.

Definitions. A *term* is what one unit gave for itself in one period. For any unit:

- *own*: the unit's own term, or none.
- *children's total*: all terms strictly below the unit, at any depth.
- *whole*: own and children's together, each term once. Own and children's are kept apart, because a unit that enters
  the sum of its units as its own result would count them twice, and only a person who sees both can tell.
- *owing*: the units that have to give a term. Who gave one without owing it (a unit merged away since) counts as
  owing, so that *missing* = owing − given is never negative. Missing is not zero: a unit that gave nothing changes no
  total, and a total of nothing at all is no number.

How terms become one number (`RollUp`):

- sum: the sum of the values; over several periods, of all periods.
- mean: the sum of the values ÷ the number of terms that have one; each unit weighs the same.
- weighted: the sum of the numerators × 100 ÷ the sum of the denominators; a unit weighs as much as its denominator.
- min, max: the least, the greatest value.
- latest: the state of things. Units of one period are put together as a sum (of shares: weighted); of several periods
  the newest that has a term counts, alone.
- count_units: how many terms reach the target; of several periods the newest that has a term.
- none: no total; each unit stands for itself.

The value of a share is numerator × 100 ÷ denominator (`share`). A share of nobody (0 of 0) and a level in words are
given, but have no value: they count as terms, not as numbers. Sums are exact; every quotient is rounded half up to
PLACES.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from plans.enums import RollUp

STEP: Final = 4  # characters of path per level, as in units.access
PLACES: Final = 4
_QUANTUM: Final = Decimal(1).scaleb(-PLACES)
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Term:
    """What the unit at `path` gave; a share has numerator and denominator too. `reached`: it fulfils the target."""

    path: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of some terms, enough for every operator; parts of different units or periods add up."""

    owing: int = 0
    given: int = 0
    valued: int = 0
    reached: int = 0
    total: Decimal = Decimal(0)
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def missing(self) -> int:
        """Return how many units owe a result and gave none."""
        return self.owing - self.given

    def __add__(self, other: Part) -> Part:
        """Return both together."""
        return Part(
            self.owing + other.owing,
            self.given + other.given,
            self.valued + other.valued,
            self.reached + other.reached,
            _EXACT.add(self.total, other.total),
            _EXACT.add(self.numerator, other.numerator),
            _EXACT.add(self.denominator, other.denominator),
            min((n for n in (self.least, other.least) if n is not None), default=None),
            max((n for n in (self.most, other.most) if n is not None), default=None),
        )

    def number(self, operator: RollUp) -> Decimal | None:
        """Return the number these terms come to; None: nobody gave anything, or the indicator has no total."""
        if operator == RollUp.COUNT_UNITS:
            return Decimal(self.reached) if self.given else None
        if not self.valued or operator == RollUp.NONE:
            return None
        if operator == RollUp.MEAN:
            return _quotient(self.total, Decimal(self.valued))
        if operator in {RollUp.MIN, RollUp.MAX}:
            return self.least if operator == RollUp.MIN else self.most
        if operator in {RollUp.WEIGHTED, RollUp.LATEST} and self.denominator:
            return share(self.numerator, self.denominator)
        return None if operator == RollUp.WEIGHTED else self.total


@dataclass(frozen=True, slots=True)
class Rolled:
    """The results of one unit in one period, opened: its own, its children's by child, and both together."""

    path: str
    own: Part
    by_child: dict[str, Part] = field(default_factory=dict)

    @property
    def children(self) -> Part:
        """Return all that lies below."""
        return together(self.by_child.values())

    @property
    def whole(self) -> Part:
        """Return own and children's, each term once."""
        return self.own + self.children


def share(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return numerator ÷ denominator in percent, rounded half up to PLACES; the denominator is not 0."""
    return _quotient(_EXACT.multiply(numerator, Decimal(100)), denominator)


def part_of(term: Term) -> Part:
    """Return what one term adds, without saying whether its unit owes it."""
    return Part(
        given=1,
        valued=int(term.value is not None),
        reached=int(term.reached),
        total=term.value or Decimal(0),
        numerator=term.numerator or Decimal(0),
        denominator=term.denominator or Decimal(0),
        least=term.value,
        most=term.value,
    )


def together(parts: Iterable[Part]) -> Part:
    """Return the parts of different units, or of different periods, as one."""
    found = Part()
    for part in parts:
        found += part
    return found


def rolled_up(path: str, *, terms: Iterable[Term], owing: Collection[str]) -> Rolled:
    """Return the results of the unit at `path` from the terms of one period and the paths of the units that owe one.

    What lies outside its subtree is left out. In whatever order the terms come, the answer is the same.
    """
    own, by_child = Part(), dict[str, Part]()
    given = {term.path: part_of(term) for term in terms}
    for place in {*owing, *given}:
        part = Part(owing=1) + given.get(place, Part())
        if place == path:
            own += part
        elif place.startswith(path):
            child = place[: len(path) + STEP]
            by_child[child] = by_child.get(child, Part()) + part
    return Rolled(path, own, dict(sorted(by_child.items())))


def over_periods(parts: Sequence[Part], operator: RollUp) -> Part:
    """Return the parts of several periods, the oldest first, as one: all of them, or the newest that has a term."""
    if operator not in {RollUp.LATEST, RollUp.COUNT_UNITS}:
        return together(parts)
    return next((part for part in reversed(parts) if part.given), together(parts))


def _quotient(number: Decimal, by: Decimal) -> Decimal:
    return _EXACT.divide(number, by).quantize(_QUANTUM, context=_EXACT)
