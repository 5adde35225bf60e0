"""Where an indicator will stand at the end of its period, and whether that reaches its target. Pure.

What adds up over time (a count that is entered again and again as it grows) goes on at the pace it had so far: value
× days of the period ÷ days that have passed. A share, a mean or a state stays as it is. Before a tenth of the days has
passed (EARLIEST) a pace says nothing, and without a result there is no forecast: no number is better than a guess.

For "at least" a target is reached as soon as the value is there. For "at most" only the end can tell; one that is
exceeded already cannot be kept any more where values only grow.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from plans.enums import Comparator, Outlook

EARLIEST: Final = 10  # one tenth of the days


@dataclass(frozen=True, slots=True)
class Forecast:
    """How it stands with a target, and the value expected at the end of the period; None: none can be told."""

    outlook: Outlook
    expected: Decimal | None = None


def fulfils(comparator: str, value: Decimal, target: Decimal) -> bool:
    """Return whether `value` keeps the target."""
    match comparator:
        case Comparator.GE:
            return value >= target
        case Comparator.GT:
            return value > target
        case Comparator.LE:
            return value <= target
        case Comparator.LT:
            return value < target
        case _:
            return value == target


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known on a day: the value so far in the period `start` to `end`.

    `grows`: the value adds up over time. `complete`: everybody who owes a result of the period gave it.
    """

    value: Decimal | None
    start: dt.date
    end: dt.date
    as_of: dt.date
    grows: bool
    complete: bool = True


def forecast(comparator: str, target: Decimal | None, now: Standing) -> Forecast:
    """Return the outlook. After the end it is decided, unless results are missing that could still turn it."""
    if target is None or now.value is None:
        return Forecast(Outlook.UNKNOWN)
    kept = fulfils(comparator, now.value, target)
    limit = comparator in {Comparator.LE, Comparator.LT}
    expected = _at_end(now) if now.grows and now.as_of <= now.end else now.value
    if now.grows and kept != limit:  # more can't undo it: a count that is there, a limit that is exceeded
        return Forecast(Outlook.REACHED if kept else Outlook.MISSED, expected)
    if now.as_of > now.end and now.complete:
        return Forecast(Outlook.REACHED if kept else Outlook.MISSED, expected)
    if kept and not limit and not now.grows and now.complete:
        return Forecast(Outlook.REACHED, expected)
    if expected is None:
        return Forecast(Outlook.UNKNOWN)
    reaches = expected >= target if comparator == Comparator.EQ else fulfils(comparator, expected, target)
    return Forecast(Outlook.WILL_REACH if reaches else Outlook.WILL_MISS, expected)


def _at_end(now: Standing) -> Decimal | None:
    """Return the value at the end when it goes on as it did, to two places; None: too early to tell."""
    days, passed = (now.end - now.start).days + 1, (now.as_of - now.start).days + 1
    if passed * EARLIEST < days or now.value is None:
        return None
    return (now.value * days / passed).quantize(Decimal("0.01"), ROUND_HALF_UP)
