"""What the page of a meeting shows: agenda with its papers, decisions with their time state, who was there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Q, Sum, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from plans.enums import DONE, Status
from plans.event_page import event_cards
from plans.labels import day_label
from plans.models import Deadline
from plans.time_state import time_state
from reviews.models import AgendaItem, Decision, Inspection, Meeting
from reviews.querysets import InspectionQuerySet
from units.models import User

COLUMNS = (
    "pk", "schedule_id", "solution_id", "occurrence", "unit__short_name", "unit__name", "due_on", "status",
    "reported_on",
)  # fmt: skip
SHOWN = 8  # units spelled out behind one item; the list of deadlines has the others


@dataclass(frozen=True, slots=True)
class Owed:
    """One deadline as the page tells it."""

    url: str
    unit: str
    due: str
    due_on: dt.date | None
    status: str
    time: str


@dataclass(frozen=True, slots=True)
class Work:
    """The deadlines of one commitment: how many are handed in, the first of them spelled out, and the list of all."""

    rows: list[Owed] = field(default_factory=list)
    total: int = 0
    done: int = 0
    href: str = ""

    @property
    def more(self) -> int:
        """Return how many are not spelled out."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the agenda with the work it is about and the paper owed for it."""

    item: AgendaItem
    work: Work | None
    paper: Work | None
    decided: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision with the work it became."""

    decision: Decision
    supporting: str
    work: Work


def item_rows(meeting: Meeting, *, user: User, today: dt.date) -> list[ItemRow]:
    """Return the agenda in order; a fixed number of queries."""
    related = ("presenter_unit", "presenter", "deadline")
    items = list(meeting.items.select_related(*related).prefetch_related("decisions"))
    wanted: set[tuple[int, str]] = {(i.deadline.schedule_id, i.deadline.occurrence) for i in items if i.deadline}
    papers = {i.paper_id for i in items if i.paper_id}
    condition = Q(schedule__in=papers)
    for schedule, occurrence in wanted:
        condition |= Q(schedule=schedule, occurrence=occurrence)
    works = _works(Deadline.objects.visible_to(user).filter(condition), today) if items else {}
    return [
        ItemRow(
            item=i,
            work=works.get((i.deadline.schedule_id, i.deadline.occurrence), Work()) if i.deadline else None,
            paper=_of_schedule(works, i.paper_id) if i.paper_id else None,
            decided=len(i.decisions.all()),
        )
        for i in items
    ]


def decision_rows(meeting: Meeting, *, user: User, today: dt.date) -> list[DecisionRow]:
    """Return the decisions in order with what became of them; a fixed number of queries."""
    related = ("solution__lead_unit", "solution__group__lead_unit", "solution__overseer", "item")
    found = meeting.decisions.select_related(*related)
    decisions = list(found.prefetch_related("solution__supporting_units"))
    rows = Deadline.objects.visible_to(user).filter(solution__in=[d.solution_id for d in decisions])
    by_solution = _works(rows, today, by="solution_id") if decisions else {}
    return [
        DecisionRow(
            decision=d,
            supporting=", ".join(str(u.label) for u in d.solution.supporting_units.all()),
            work=by_solution.get((d.solution_id, ""), Work()),
        )
        for d in decisions
    ]


def hanging_on(meeting: Meeting, *, user: User) -> list[Any]:
    """Return what else hangs on the meeting: commitments of plans that do not stand on its agenda."""
    (card,) = event_cards([meeting.event], user=user)
    listed = {pk for pair in meeting.items.values_list("paper", "deadline__schedule") for pk in pair}
    return [h for h in card.hung if h.pk not in listed]


def reports_to(meeting: Meeting, *, user: User) -> InspectionQuerySet:
    """Return the inspections whose reports the meeting hears, with their files."""
    found: InspectionQuerySet = Inspection.objects.visible_to(user).filter(report_meeting=meeting)
    return found.prefetch_related("files").order_by("pk")


def _works(rows: Any, today: dt.date, *, by: str = "schedule_id") -> dict[tuple[int, str], Work]:
    """Return the deadlines grouped by commitment and occurrence, or by solution; what is owed first; one query.

    Ranked and counted in the database: a commitment of thousands of units costs a few rows.
    """
    group: dict[str, Any] = {"partition_by": ["schedule_id", "occurrence"] if by == "schedule_id" else [by]}
    first = ("handed_in", F("due_on").asc(nulls_last=True), "unit_path", "pk")
    is_done = Case(When(status__in=DONE, then=1), default=0, output_field=IntegerField())
    ranked = (
        rows.order_by()
        .annotate(handed_in=is_done)
        .annotate(
            place=Window(RowNumber(), order_by=first, **group),
            total=Window(Count("pk"), **group),
            done=Window(Sum("handed_in"), **group),
        )
        .filter(place__lte=SHOWN)
        .order_by("place")
        .values(*COLUMNS, "total", "done")
    )
    works: dict[tuple[int, str], Work] = {}
    base = reverse("plans:deadlines")
    for found in ranked:
        key = (found[by], found["occurrence"] if by == "schedule_id" else "")
        href = f"{base}?schedule={found['schedule_id']}&occurrence={found['occurrence']}"
        work = works.setdefault(key, Work(total=found["total"], done=found["done"], href=href))
        work.rows.append(_owed(found, base, today))
    return works


def _owed(found: dict[str, Any], base: str, today: dt.date) -> Owed:
    state = time_state(
        status=found["status"],
        due_on=found["due_on"],
        reported_on=found["reported_on"],
        today=today,
        soon_days=settings.DUE_SOON_DAYS,
    )
    return Owed(
        url=f"{base}{found['pk']}/",
        unit=found["unit__short_name"] or found["unit__name"],
        due=day_label(found["due_on"]),
        due_on=found["due_on"],
        status=Status(found["status"]).value,
        time=state.value,
    )


def _of_schedule(works: dict[tuple[int, str], Work], schedule: int) -> Work:
    return next((work for (pk, _occurrence), work in works.items() if pk == schedule), Work())
