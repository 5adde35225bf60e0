"""The days of a year's meetings by one rule. Pure."""

from __future__ import annotations

import datetime as dt

from doantracker.lib.working_days import WorkingCalendar
from plans.enums import Kind
from plans.occurrences import occurrences
from plans.rules import MONTHLY, Parts, rule_of

LATEST_DAY = 28  # of a month: every month has it


def monthly_rule(day: int) -> str:
    """Return the rule "every month on `day`"; 0: on its last working day."""
    return rule_of(Parts(MONTHLY, day=day) if day else Parts(MONTHLY, workday=True))


def meeting_days(rule: str, year: int, calendar: WorkingCalendar) -> list[dt.date]:
    """Return on which days of `year` meetings by `rule` take place; a day off moves to the next working day."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    found, _next = occurrences(
        kind=Kind.RECURRING,
        start=first,
        due=last,
        rule=rule,
        period_start=first,
        period_end=last,
        not_before=None,
        until=last,
        calendar=calendar,
    )
    days = (o.due for o in found if o.due is not None)
    return sorted({day for day in days if first <= day <= last})
