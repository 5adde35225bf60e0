"""Who has sent a kind of report and who has not: units × periods of a year, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.enums import DONE, OPEN, Status
from plans.labels import period_label
from plans.models import Deadline
from plans.rules import parse_rule
from reviews.emulation import sent_state
from reviews.enums import Sent
from reviews.models import ReportKind, ReportYear
from units.models import User


@dataclass(frozen=True, slots=True)
class Column:
    """One period: its occurrence in the register, its name, its last day, and where its reports open compiled."""

    occurrence: str
    label: str
    due_on: dt.date
    compiled: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One report of one unit: how it stands, what the receiving side said, where it opens."""

    state: str
    words: str
    under: str
    href: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit with a cell, or None, for every column."""

    unit_id: int
    unit: str
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class SentCounts:
    """Of the reports of a year that a person sees: owed in all, and how those due so far stand."""

    owed: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0


def columns_of(year: ReportYear) -> list[Column]:
    """Return the periods of a year in order."""
    kind, schedule = year.kind, year.schedule
    if kind.due_on:
        return [_column(year, "once", _("Once"), kind.due_on)]
    days = parse_rule(schedule.rule).besides
    return [_column(year, f"{day}", period_label(kind.period_of(f"{day}").key), day) for day in days]


def _column(year: ReportYear, occurrence: str, label: str, due: dt.date) -> Column:
    return Column(occurrence, label, due, reverse("reviews:compilation", args=[year.pk, occurrence]))


def units_owing(year: ReportYear, user: User) -> QuerySet[Deadline, dict[str, Any]]:
    """Return the units that owe the reports of a year, as far as `user` sees them, in the order of the tree."""
    rows = Deadline.objects.visible_to(user).filter(schedule=year.schedule_id)
    found: QuerySet[Deadline, dict[str, Any]] = rows.order_by("unit_path").values("unit_id", "unit__name", "unit_path")
    return found.distinct()


def rows_of(
    year: ReportYear, columns: Iterable[Column], units: list[dict[str, Any]], *, user: User, today: dt.date
) -> list[MatrixRow]:
    """Return the rows for one page of units; one query."""
    deadlines = Deadline.objects.visible_to(user).filter(
        schedule=year.schedule_id, unit__in=[unit["unit_id"] for unit in units]
    )
    names = ("pk", "unit_id", "occurrence", "status", "due_on", "reported_on", "excused_until")
    found = deadlines.order_by().values(*names, report=F("periodic_report__pk"))
    cells = {(row["unit_id"], row["occurrence"]): cell_of(row, today) for row in found}
    shown = list(columns)
    return [
        MatrixRow(u["unit_id"], u["unit__name"], [cells.get((u["unit_id"], c.occurrence)) for c in shown])
        for u in units
    ]


def cell_of(row: Mapping[str, Any], today: dt.date) -> Cell:
    """Return the cell of one deadline, read with its report."""
    days = {name: row[name] for name in ("status", "due_on", "reported_on", "excused_until")}
    state = sent_state(**days, today=today)
    page = ("reviews:report", row["report"]) if row["report"] else ("plans:deadline", row["pk"])
    under = {Status.SUBMITTED: _("waits to be accepted"), Status.COMPLETED: _("accepted")}.get(row["status"], "")
    if state == Sent.MISSING and row["status"] == Status.RETURNED:
        under = _("returned")
    return Cell(state.value, str(state.label), under, reverse(page[0], args=[page[1]]))


def counts_by_kind(kinds: Iterable[ReportKind], year: int, *, user: User, today: dt.date) -> dict[int, SentCounts]:
    """Return how the reports of each kind stand that fall due in `year`; one grouped query."""
    rows = Deadline.objects.visible_to(user).filter(
        schedule__report_year__kind__in=[kind.pk for kind in kinds], schedule__report_year__year=year
    )
    figures = {
        "owed": ~Q(status=Status.CANCELLED),
        "on_time": Q(status__in=DONE, reported_on__lte=F("due_on")),
        "late": Q(status__in=DONE, reported_on__gt=F("due_on")),
        "missing": Q(status__in=OPEN, due_on__lt=today),
    }
    counted = rows.order_by().values(kind=F("schedule__report_year__kind")).annotate(
        **{name: Count("pk", filter=condition) for name, condition in figures.items()}
    )  # fmt: skip
    return {row.pop("kind"): SentCounts(**row) for row in counted}
