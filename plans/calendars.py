"""Days off: the week's rule, and what the office's calendar says differently."""

import datetime as dt
from collections.abc import Iterable

from plans.models import CalendarDay

SATURDAY = 5


def is_day_off(day: dt.date) -> bool:
    """Return whether nobody works on `day`: a weekend or holiday, unless it is worked in exchange."""
    return day in days_off([day])


def days_off(days: Iterable[dt.date]) -> set[dt.date]:
    """Return which of `days` are days off, in one query."""
    wanted = set(days)
    special = dict(CalendarDay.objects.filter(day__in=wanted).values_list("day", "kind"))
    return {d for d in wanted if (special[d] == CalendarDay.Kind.OFF if d in special else d.weekday() >= SATURDAY)}


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Return the `count`-th working day after `day`: the last day of something owed within so many."""
    span = [day + dt.timedelta(days=n) for n in range(1, 3 * count + 31)]  # Tết is nine days off at most
    off = days_off(span)
    return [d for d in span if d not in off][count - 1]
