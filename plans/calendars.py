"""Days off: the week's rule, and what the office's calendar says differently."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from doantracker.lib.working_days import SATURDAY, WorkingCalendar
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


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Return the `count`-th working day after `day`: the last day of something owed within so many."""
    span = [day + dt.timedelta(days=n) for n in range(1, 3 * count + 31)]  # Tết is nine days off at most
    off = days_off(span)
    return [d for d in span if d not in off][count - 1]


@dataclass(frozen=True, slots=True)
class DayMark:
    """What the calendar says about one day: free or not, and the name of a holiday or exchange."""

    off: bool
    name: str = ""


def day_marks(days: Iterable[dt.date]) -> dict[dt.date, DayMark]:
    """Return what is to be marked of `days`: weekends, holidays, weekend days worked in exchange; one query."""
    wanted = list(days)
    special = {day: (kind, name) for day, kind, name in _special(wanted).values_list("day", "kind", "name")}
    marks = {}
    for day in wanted:
        if day in special:
            kind, name = special[day]
            marks[day] = DayMark(off=kind == CalendarDay.Kind.OFF, name=name)
        elif day.weekday() >= SATURDAY:
            marks[day] = DayMark(off=True)
    return marks


def _special(days: list[dt.date]) -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(day__range=(min(days), max(days)))


def _calendar(rows: Iterable[tuple[dt.date, str]]) -> WorkingCalendar:
    return WorkingCalendar({day: kind == CalendarDay.Kind.OFF for day, kind in rows})
