"""Where an indicator will stand at the end of its period, and whether that reaches its target. Pure.

What adds up over time (a count that is entered again and again as it grows) goes on at the pace it had so far: value
× days of the period ÷ days that have passed. A share, a mean or a state stays as it is. Before a tenth of the days has
passed (EARLIEST) a pace says nothing, and without a result there is no forecast: no number is better than a guess.

For "at least" and "exactly" a target is reached as soon as the value is there. For "at most" only the end can tell; one
that is exceeded already cannot be kept any more where values only grow.
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


def forecast(
    *, comparator: str, target: Decimal | None, value: Decimal | None, start: dt.date, end: dt.date, as_of: dt.date,
    grows: bool,
) -> Forecast:  # fmt: skip
    """Return the outlook on `as_of` for the period `start` to `end`; `grows`: the value adds up over time."""
    if target is None or value is None:
        return Forecast(Outlook.UNKNOWN)
    kept, over = fulfils(comparator, value, target), as_of > end
    limit = comparator in {Comparator.LE, Comparator.LT}
    if over:
        return Forecast(Outlook.REACHED if kept else Outlook.MISSED, value)
    if kept and not limit:
        return Forecast(Outlook.REACHED, _at_end(value, start, end, as_of) if grows else value)
    if not kept and limit and grows:
        return Forecast(Outlook.MISSED, _at_end(value, start, end, as_of))
    expected = _at_end(value, start, end, as_of) if grows else value
    if expected is None:
        return Forecast(Outlook.UNKNOWN)
    reaches = expected >= target if comparator == Comparator.EQ else fulfils(comparator, expected, target)
    return Forecast(Outlook.WILL_REACH if reaches else Outlook.WILL_MISS, expected)


def _at_end(value: Decimal, start: dt.date, end: dt.date, as_of: dt.date) -> Decimal | None:
    """Return the value at the end when it goes on as it did, to two places; None: too early to tell."""
    days, passed = (end - start).days + 1, (as_of - start).days + 1
    if passed * EARLIEST < days:
        return None
    return (value * days / passed).quantize(Decimal("0.01"), ROUND_HALF_UP)
