"""What the page of the working calendar shows: a year, month by month, with its days off and swapped days."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils.dates import MONTHS

from doantracker.lib.working_days import WorkingCalendar
from plans.models import CalendarDay

MONDAY = 0


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: off or not, and the name of a holiday or exchange."""

    date: dt.date
    off: bool
    name: str
    today: bool

    @property
    def worked(self) -> bool:
        """Return whether a day is worked in exchange."""
        return bool(self.name) and not self.off


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; None outside of it."""

    name: str
    weeks: list[list[DayCell | None]]


def months_of(year: int, special: list[CalendarDay], today: dt.date) -> list[Month]:
    """Return the months of a year with what the calendar says of each day."""
    names = {d.day: d.name for d in special}
    working = WorkingCalendar({d.day: d.kind == CalendarDay.Kind.OFF for d in special})

    def cell(day: dt.date) -> DayCell:
        return DayCell(day, working.is_off(day), names.get(day, ""), day == today)

    weeks_of = calendar.Calendar(MONDAY)
    return [
        Month(
            f"{MONTHS[month]} {year}",
            [
                [cell(dt.date(year, month, day)) if day else None for day in week]
                for week in weeks_of.monthdayscalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]
