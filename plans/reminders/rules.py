"""When a unit is reminded of a deadline (design rule 7). Pure; the sweep says the same in SQL, and a test compares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plans.enums import NoticeKind
from units.roles import Role


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days before the last day on which to remind (largest first), then every so many days once it has passed.

    `escalate_after`: how many days late the next level up the line of posts is told, the nearest level first.
    """

    days_before: tuple[int, ...] = (7, 3, 1, 0)
    overdue_every: int = 7
    escalate_after: tuple[int, ...] = (3, 7)

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


#: A head answers for the unit; office staff, readers and administrators do not.
ANSWERING = (Role.LEADER, Role.SECRETARY, Role.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Line:
    """The people up the line of posts from one late deadline, by id."""

    heads: frozenset[int] = frozenset()  # of the unit that owes the work
    overseers: frozenset[int] = frozenset()  # of the solution, or of the unit
    heads_above: frozenset[int] = frozenset()  # of the unit above
    leaders: frozenset[int] = frozenset()  # of the issuing unit: its head and its leaders
    own_plan: bool = False  # the issuing unit itself owes the work


def escalation_level(due_on: dt.date, published_on: dt.date, today: dt.date, ladder: Ladder) -> int:
    """Return how far up a deadline has to be told `today`: 0 nobody, 1 the unit above, 2 the leaders.

    A plan published after the day had passed gives the unit the same days from its publication.
    """
    late = (today - max(due_on, published_on)).days
    return sum(late >= days for days in ladder.escalate_after)


def told_at(level: int, line: Line) -> frozenset[int]:
    """Return who is told at a level: the unit's head and who oversees it, else the head above; then the leaders.

    Nobody above the issuing unit is told: the plan is not theirs.
    """
    if level > 1:
        return line.leaders
    above = frozenset() if line.own_plan else line.heads_above
    return line.heads | (line.overseers or above)
