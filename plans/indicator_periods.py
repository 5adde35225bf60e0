"""The periods for which an indicator asks results. Pure: frequency and days in, periods out.

A period is one of the calendar (month, quarter, half-year, year), never cut: its first day is the key of its results
and stays when the plan is dated anew. An indicator that asks once has one period, from its first to its last day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from plans.enums import Frequency

#: No indicator runs for longer; what an odd date asks beyond it is not drawn up.
MOST_PERIODS: Final = 240
_MONTHS: Final = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}
_ROMAN: Final = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """One period, both days included, and how pages call it."""

    start: dt.date
    end: dt.date
    label: str


def periods(
    frequency: str, *, start: dt.date | None, due: dt.date | None, plan: tuple[dt.date | None, dt.date | None],
    today: dt.date,
) -> list[Period]:  # fmt: skip
    """Return the periods of an indicator, the oldest first, none that begins after its end.

    It runs from its own `start`, else that of the `plan`, to its own last day `due`, else that of the plan. What has
    no end runs to the end of the year that holds `today`, so that each year brings its periods; what has no
    beginning begins with the year of its end.
    """
    last = due or plan[1] or dt.date(max(today, start or plan[0] or today).year, 12, 31)
    first = start or plan[0] or dt.date(last.year, 1, 1)
    if first > last:
        return []
    if frequency not in _MONTHS:
        return [Period(first, last, _once(first, last))]
    months = _MONTHS[Frequency(frequency)]
    found: list[Period] = []
    day = _beginning(first, months)
    while day <= last and len(found) < MOST_PERIODS:
        end = _later(day, months) - dt.timedelta(days=1)
        found.append(Period(day, end, _label(day, months)))
        day = end + dt.timedelta(days=1)
    return found


def begun(found: list[Period], today: dt.date) -> list[Period]:
    """Return the periods that have begun by `today`: results can be entered for them."""
    return [period for period in found if period.start <= today]


def current(found: list[Period], today: dt.date) -> Period | None:
    """Return the period that holds `today`, else the last one that has begun; before the first there is none."""
    return next(reversed(begun(found, today)), None)


def to_enter(found: list[Period], today: dt.date) -> Period | None:
    """Return the period whose results are asked for first: the last that is over, else the one that runs."""
    over = [period for period in found if period.end < today]
    return over[-1] if over else current(found, today)


def period_at(found: list[Period], start: dt.date | None) -> Period | None:
    """Return the period that begins on `start`."""
    return next((period for period in found if period.start == start), None)


def _beginning(day: dt.date, months: int) -> dt.date:
    return dt.date(day.year, (day.month - 1) // months * months + 1, 1)


def _later(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    return dt.date(day.year + month // 12, month % 12 + 1, 1)


def _label(day: dt.date, months: int) -> str:
    match months:
        case 1:
            return _("Month %(number)s/%(year)s") % {"number": day.month, "year": day.year}
        case 3:
            return _("Quarter %(roman)s/%(year)s") % {"roman": _ROMAN[day.month // 3], "year": day.year}
        case 6:
            return _("Half-year %(roman)s/%(year)s") % {"roman": _ROMAN[day.month // 6], "year": day.year}
        case _:
            return _("Year %(year)s") % {"year": day.year}


def _once(first: dt.date, last: dt.date) -> str:
    if (first.month, first.day, last.month, last.day, first.year) == (1, 1, 12, 31, last.year):
        return _label(first, 12)
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
