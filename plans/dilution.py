"""Whether a unit's own item asks for less than the item above it: a later last day, a smaller number. Pure.

Numbers are those the reader finds in the words, or the one that was given explicitly. "At least 100" and "100" are
goals to reach, so less is weaker; "at most 5" is a limit, so more is. A goal that is not in the own words any more is
weaker too. What cannot be compared (another unit of measure, a day that nobody gave) is no dilution.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from plans.enums import Dilution
from plans.reading.indicators import read_indicators
from plans.reading.phrases import Frame

AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Goal:
    """A number to reach, or with "<=" not to exceed."""

    value: Decimal
    measure: str
    comparator: str = ">="


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item says: its words, the last of its days, and a number given beside the words."""

    text: str
    last_day: dt.date | None = None
    number: Decimal | None = None


def goals_of(text: str) -> list[Goal]:
    """Return the numbers to reach that the words name, in their order."""
    found = read_indicators(text, 0, Frame(), is_target=True)
    return [
        Goal(Decimal(str(i.value)), i.unit_of_measure.casefold(), i.comparator) for i in found if i.value is not None
    ]


def first_goal(text: str) -> Goal | None:
    """Return the first number to reach; None where the words name none."""
    return next(iter(goals_of(text)), None)


def dilution_of(above: Asked, own: Asked) -> Dilution | None:
    """Return in what `own` asks for less than `above`; None where it does not."""
    later = above.last_day is not None and own.last_day is not None and own.last_day > above.last_day
    fewer = _asks_for_less(above, own)
    if later and fewer:
        return Dilution.BOTH
    if later:
        return Dilution.DAY
    return Dilution.NUMBER if fewer else None


def _asks_for_less(above: Asked, own: Asked) -> bool:
    if own.number is not None:
        goal = first_goal(above.text)
        number = above.number if above.number is not None else goal.value if goal else None
        limit = goal is not None and goal.comparator == AT_MOST
        return number is not None and (own.number > number if limit else own.number < number)
    if above.text == own.text:
        return False
    kept = goals_of(own.text)
    return any(_weakened(goal, kept) for goal in goals_of(above.text))


def _weakened(goal: Goal, kept: list[Goal]) -> bool:
    """Return whether none of the goals of the same measure is as strong as `goal`."""
    same = [own for own in kept if own.measure == goal.measure]
    if goal.comparator == AT_MOST:
        return not any(own.value <= goal.value for own in same)
    return not any(own.value >= goal.value and own.comparator != AT_MOST for own in same)
