"""The ladder of reminders and the days off a new installation begins with: data an administrator may change later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from doantracker.lib import clock
from plans.models import CalendarDay, CalendarYear, LadderStep, ReminderLadder

LADDER_NAME: Final = "Lịch nhắc mặc định"
DAYS_BEFORE: Final = (7, 3, 1, 0)
OVERDUE_EVERY: Final = 7


def install_ladder() -> ReminderLadder:
    """Return the default ladder; add it where none is marked as default."""
    found = ReminderLadder.objects.filter(is_default=True).first()
    if found is not None:
        return found
    ladder = ReminderLadder.objects.create(name=LADDER_NAME, is_default=True, overdue_every=OVERDUE_EVERY)
    LadderStep.objects.bulk_create(LadderStep(ladder=ladder, days_before=days) for days in DAYS_BEFORE)
    return ladder


def install_holidays(years: Iterable[int]) -> int:
    """Enter Vietnam's public holidays and the weekend days worked in exchange; return how many days are entered.

    What the office entered itself stays, and so does a year that was filled before. The days of a year are only
    certain once the Government has announced them.
    """
    filled = set(CalendarYear.objects.values_list("year", flat=True))
    wanted = [year for year in years if year not in filled]
    days = public_holidays(wanted)
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    CalendarYear.objects.bulk_create([CalendarYear(year=year, filled_at=clock.now()) for year in wanted])
    return len(days)


def public_holidays(years: Iterable[int]) -> list[CalendarDay]:
    """Return the special days of `years`, not saved."""
    import holidays  # noqa: PLC0415  # takes a third of a second to load; only founding needs it

    wanted = set(years)
    calendar = holidays.country_holidays("VN", years=wanted, language="vi")
    off = [CalendarDay(day=day, kind=CalendarDay.Kind.OFF, name=name[:120]) for day, name in sorted(calendar.items())]
    worked: set[dt.date] = getattr(calendar, "weekend_workdays", set())  # of every year the library knows
    return off + [
        CalendarDay(day=day, kind=CalendarDay.Kind.WORKING, name="Ngày làm bù")
        for day in sorted(worked - set(calendar))
        if day.year in wanted
    ]
