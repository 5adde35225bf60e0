"""Entering a difficulty under the lock of its deadline: for the act of its own, and for a report that names one."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from doantracker.lib import clock
from plans.answering import next_level
from plans.calendars import working_days_after
from plans.enums import NoticeKind
from plans.models import Deadline, Difficulty
from plans.reminders.requests import tell_deciders
from units.models import User


def enter_difficulty(row: Deadline, *, by: User, text: str, today: dt.date) -> Difficulty:
    """Write what is in the way, set the day of the answer, and tell who owes it. The caller writes the log."""
    level = next_level(row.unit, row, raised_by=by, today=today)
    difficulty = Difficulty.objects.create(
        deadline=row,
        text=text.strip(),
        raised_by=by,
        raised_on=today,
        raised_at=clock.now(),
        answering_unit=level,
        answer_due_on=working_days_after(today, settings.ANSWER_WORKING_DAYS),
    )
    tell_deciders(row, NoticeKind.DIFFICULTY, at=level, by=by, today=today)
    return difficulty
