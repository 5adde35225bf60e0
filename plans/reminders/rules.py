"""When a unit is reminded of a deadline (design rule 7). Pure; the sweep says the same in SQL, and a test compares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plans.enums import NoticeKind


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days before the last day on which to remind (largest first), then every so many days once it has passed."""

    days_before: tuple[int, ...] = (7, 3, 1, 0)
    overdue_every: int = 7

    @property
    def first_step(self) -> int:
        """Return how many days before the last day the first reminder comes."""
        return max(self.days_before, default=0)


def first_reminder(due_on: dt.date | None, today: dt.date, ladder: Ladder) -> dt.date | None:
    """Return the day of the first reminder of a new deadline; never before `today`."""
    if due_on is None:
        return None
    return max(today, due_on - dt.timedelta(days=ladder.first_step))


def next_reminder(due_on: dt.date, today: dt.date, ladder: Ladder) -> dt.date:
    """Return the day of the reminder after the one given `today`.

    The rungs still to come, then the day after the last day, then every `overdue_every` days. Rungs missed while
    nobody checked are not made up for: one reminder says it.
    """
    for days in sorted(ladder.days_before, reverse=True):
        if due_on - dt.timedelta(days=days) > today:
            return due_on - dt.timedelta(days=days)
    if due_on >= today:
        return due_on + dt.timedelta(days=1)
    return today + dt.timedelta(days=ladder.overdue_every)


def notice_kind(due_on: dt.date, today: dt.date) -> NoticeKind:
    """Return what a reminder says: due soon up to the last day, overdue after it."""
    return NoticeKind.OVERDUE if due_on < today else NoticeKind.DUE_SOON
