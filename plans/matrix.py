"""Units × commitments of a plan: one grouped query for a page of units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse

from plans.enums import DONE, OPEN, Status, TimeState
from plans.models import Deadline, Plan, Schedule
from plans.sentences import understood

#: What a cell shows when its occurrences differ: the worst of them.
WORST_FIRST = (
    TimeState.OVERDUE,
    Status.RETURNED,
    TimeState.DUE_SOON,
    Status.SUBMITTED,
    TimeState.ON_SCHEDULE,
    TimeState.NO_DATE,
    Status.ON_HOLD,
    TimeState.LATE,
    TimeState.ON_TIME,
    TimeState.STOPPED,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One commitment."""

    number: int
    schedule_id: int
    phrase: str
    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one unit did about one commitment: the most pressing state, its words, and where its rows are."""

    state: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit with a cell, or None, for every column; `opens`: its page is one that the person may open."""

    unit_id: int
    unit: str
    opens: bool
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table as drawn."""

    columns: list[Column]
    rows: list[MatrixRow]


def matrix_of(
    plan: Plan, deadlines: QuerySet[Deadline], units: list[dict[str, Any]], *, today: dt.date, seen: list[str]
) -> Matrix:
    """Return the matrix of `deadlines` for the units of one page (`unit_id`, `unit__name`, `unit_path`); two queries.

    `seen` are the tops of the subtrees whose pages the person may open.
    """
    schedules = (
        Schedule.objects.filter(solution__plan=plan).select_related("solution").order_by("solution__ordinal", "pk")
    )
    columns = [
        Column(n, s.pk, s.phrase, understood(s, days_off_move=plan.days_off_move), s.solution.text[:120])
        for n, s in enumerate(schedules, start=1)
    ]
    cells = cells_by(deadlines.filter(unit__in=[u["unit_id"] for u in units]), "schedule", today=today)
    rows = [
        MatrixRow(
            u["unit_id"],
            u["unit__name"],
            u["unit_path"].startswith(tuple(seen)),
            [cells.get((u["unit_id"], c.schedule_id)) for c in columns],
        )
        for u in units
    ]
    return Matrix(columns, rows)


def cells_by(deadlines: QuerySet[Deadline], what: str, *, today: dt.date) -> dict[tuple[int, int], Cell]:
    """Count the states of each unit's occurrences of each commitment (`what`: schedule) or solution; one query."""
    soon = today + dt.timedelta(days=settings.DUE_SOON_DAYS)
    late = Q(status__in=DONE, reported_on__gt=F("due_on"))
    counts = {
        TimeState.OVERDUE: Q(status__in=OPEN, due_on__lt=today),
        Status.RETURNED: Q(status=Status.RETURNED),
        TimeState.DUE_SOON: Q(status__in=OPEN, due_on__range=(today, soon)),
        Status.SUBMITTED: Q(status=Status.SUBMITTED),
        TimeState.ON_SCHEDULE: Q(status__in=OPEN, due_on__gt=soon),
        TimeState.NO_DATE: Q(status__in=OPEN, due_on__isnull=True),
        TimeState.LATE: late & Q(status=Status.COMPLETED),
        TimeState.ON_TIME: Q(status=Status.COMPLETED),
        Status.ON_HOLD: Q(status=Status.ON_HOLD),
        TimeState.STOPPED: Q(status=Status.CANCELLED),
    }
    rows = (
        deadlines.order_by()
        .values("unit_id", f"{what}_id")
        .annotate(
            total=Count("pk"),
            completed=Count("pk", filter=Q(status=Status.COMPLETED)),
            only=Min("pk"),
            **{f"n_{name.value}": Count("pk", filter=condition) for name, condition in counts.items()},
        )
    )
    base = reverse("plans:deadlines")
    labels = {state.value: str(state.label) for state in WORST_FIRST}
    return {(r["unit_id"], r[f"{what}_id"]): _cell(dict(r), what, base, labels) for r in rows}


def _cell(row: dict[str, Any], what: str, base: str, labels: dict[str, str]) -> Cell:
    """Return a cell; one row leads to its page, several to the list of them."""
    state = next((name.value for name in WORST_FIRST if row[f"n_{name.value}"]), TimeState.NO_DATE.value)
    if row["total"] == 1:
        return Cell(state, labels[state], f"{base}{row['only']}/")
    words = f"{labels[state]} {row['completed']}/{row['total']}"
    return Cell(state, words, f"{base}?{what}={row[f'{what}_id']}&unit={row['unit_id']}&own=on")
