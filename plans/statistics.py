"""The statistics table leaders expect (design rule 3): counted in one grouped query, told in one way everywhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left

from plans.enums import DONE, OPEN, Decision, Status
from plans.models import Deadline, Difficulty, Extension
from units.access import STEP
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of deadlines; cancelled ones are in none of them.

    `done_*` by the day the unit reported, whether confirmed yet (`waiting` of them are not). `rate` is the share of
    what has fallen due that was done: done ÷ (done + overdue), in percent, None while nothing has fallen due.
    `done_late` and `overdue` are told against the day in force, `late_original` (done or not) against the day first
    set. `excused` of them all have an objective cause that the level above confirmed.
    """

    total: int = 0
    done_on_time: int = 0
    done_late: int = 0
    done_no_date: int = 0
    waiting: int = 0
    on_schedule: int = 0
    due_soon: int = 0
    overdue: int = 0
    no_date: int = 0
    on_hold: int = 0
    late_original: int = 0
    excused: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    @property
    def done(self) -> int:
        """Return what units reported done."""
        return self.done_on_time + self.done_late + self.done_no_date

    @property
    def late(self) -> int:
        """Return what is late against the day in force, done or not."""
        return self.done_late + self.overdue

    @property
    def open_in_time(self) -> int:
        """Return what is open and not overdue, dated or not."""
        return self.on_schedule + self.due_soon + self.no_date + self.on_hold

    @property
    def rate(self) -> float | None:
        """Return done ÷ (done + overdue) in percent."""
        fallen_due = self.done + self.overdue
        return 100 * self.done / fallen_due if fallen_due else None


def counts(today: dt.date) -> dict[str, Count]:
    """Return the aggregates behind `Figures`, for a query over deadlines."""
    soon = today + dt.timedelta(days=settings.DUE_SOON_DAYS)
    conditions = {
        "total": ~Q(status=Status.CANCELLED),
        "done_on_time": Q(status__in=DONE, reported_on__lte=F("due_on")),
        "done_late": Q(status__in=DONE, reported_on__gt=F("due_on")),
        "done_no_date": Q(status__in=DONE, due_on__isnull=True),
        "waiting": Q(status=Status.SUBMITTED),
        "on_schedule": Q(status__in=OPEN, due_on__gt=soon),
        "due_soon": Q(status__in=OPEN, due_on__range=(today, soon)),
        "overdue": Q(status__in=OPEN, due_on__lt=today),
        "no_date": Q(status__in=OPEN, due_on__isnull=True),
        "on_hold": Q(status=Status.ON_HOLD),
        "late_original": late_against("original_due_on", today),
        "excused": (late_against("original_due_on", today) | late_against("due_on", today)) & _excused(today),
    }
    return _counted(conditions)


def late_against(day: str, today: dt.date) -> Q:
    """Return the condition of being late against the column `day`; the same rule as `time_state.lateness`."""
    done = Q(status__in=DONE, reported_on__gt=F(day))
    return done | Q(status__in=OPEN, **{f"{day}__lt": today})


def _excused(today: dt.date) -> Q:
    """Return the condition that an objective cause covers the day of the result, or `today` while it is open."""
    done = Q(status__in=DONE, reported_on__lte=F("excused_until"))
    return done | Q(status__in=OPEN, excused_until__gte=today)


def figures_of(deadlines: QuerySet[Deadline], *, today: dt.date) -> Figures:
    """Return the figures of all `deadlines`; one query."""
    return Figures(**deadlines.order_by().aggregate(**counts(today)))


def figures_by(deadlines: QuerySet[Deadline], key: str, *, today: dt.date) -> dict[Any, Figures]:
    """Return the figures per value of `key` (a column or an annotation); one grouped query."""
    rows = deadlines.order_by().values(key).annotate(**counts(today))
    return {row.pop(key): Figures(**row) for row in rows}


def figures_below(deadlines: QuerySet[Deadline], unit: Unit, *, today: dt.date) -> dict[str, Figures]:
    """Return the figures of `unit` itself and of each direct child with all below it, by path; one grouped query.

    The rows are grouped by the beginning of their own copy of the path: the tree is not joined.
    """
    path = str(unit.path)
    below = deadlines.filter(unit_path__range=(path, unit.path_end))
    return figures_by(below.annotate(child=Left("unit_path", len(path) + STEP)), "child", today=today)


@dataclass(frozen=True, slots=True)
class ExtensionFigures:
    """Requests for a later day: all that were asked, and what became of them. `objective` of the granted excuse."""

    asked: int = 0
    granted: int = 0
    refused: int = 0
    waiting: int = 0
    objective: int = 0


@dataclass(frozen=True, slots=True)
class DifficultyFigures:
    """Difficulties: all that were raised, and how the level above answered."""

    raised: int = 0
    answered: int = 0
    answered_late: int = 0
    awaited: int = 0
    overdue: int = 0


def extension_figures(extensions: QuerySet[Extension]) -> ExtensionFigures:
    """Return the figures of `extensions`; one query."""
    conditions = {
        "asked": Q(),
        "granted": Q(status=Decision.GRANTED),
        "refused": Q(status=Decision.REFUSED),
        "waiting": Q(status=Decision.ASKED),
        "objective": Q(objective=True),
    }
    return ExtensionFigures(**extensions.order_by().aggregate(**_counted(conditions)))


def difficulty_figures(difficulties: QuerySet[Difficulty], *, today: dt.date) -> DifficultyFigures:
    """Return the figures of `difficulties`; one query. `answered` are all, `answered_late` some of them."""
    conditions = {
        "raised": Q(),
        "answered": Q(answered_on__isnull=False),
        "answered_late": Q(answered_on__gt=F("answer_due_on")),
        "awaited": Q(answered_on__isnull=True),
        "overdue": Q(answered_on__isnull=True, answer_due_on__lt=today),
    }
    return DifficultyFigures(**difficulties.order_by().aggregate(**_counted(conditions)))


def _counted(conditions: dict[str, Q]) -> dict[str, Count]:
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}
