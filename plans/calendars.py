"""Days off: the week's rule, and what the office's calendar says differently."""

import datetime as dt
from collections.abc import Iterable

from doantracker.lib.working_days import WorkingCalendar
from plans.models import CalendarDay


def is_day_off(day: dt.date) -> bool:
    """Return whether nobody works on `day`: a weekend or holiday, unless it is worked in exchange."""
    return day in days_off([day])


def days_off(days: Iterable[dt.date]) -> set[dt.date]:
    """Return which of `days` are days off, in one query."""
    wanted = set(days)
    calendar = _calendar(CalendarDay.objects.filter(day__in=wanted).values_list("day", "kind"))
    return {day for day in wanted if calendar.is_off(day)}


def working_calendar() -> WorkingCalendar:
    """Return the whole calendar of the office, some fifteen days a year, in one query."""
    return _calendar(CalendarDay.objects.values_list("day", "kind"))


def _calendar(rows: Iterable[tuple[dt.date, str]]) -> WorkingCalendar:
    return WorkingCalendar({day: kind == CalendarDay.Kind.OFF for day, kind in rows})
