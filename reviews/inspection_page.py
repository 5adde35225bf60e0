"""What the pages of inspections and visits show; a fixed number of queries for any number of units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from plans.enums import LIVE, OPEN, Status
from plans.labels import day_label
from plans.models import Deadline
from plans.time_state import time_state
from reviews.enums import Finding, ResultState
from reviews.models import Conclusion, Inspection, InspectionVisit, VisitItem, VisitRequest
from units.access import covers
from units.models import User
from units.permissions import Permission

COLUMNS: Final = ("pk", "schedule_id", "solution_id", "unit_path", "due_on", "status", "reported_on")
TABS: Final = ("visits", "preparation", "checklist", "report", "conclusions")


@dataclass(frozen=True, slots=True)
class Task:
    """One deadline as these pages tell it; `href` is empty where the person does not see the register."""

    due: str
    due_on: dt.date | None
    status: str
    time: str
    href: str

    @property
    def owed(self) -> bool:
        """Return whether the unit still has to report it."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """A conclusion with the work it became."""

    conclusion: Conclusion
    task: Task | None
    state: ResultState | None  # None: a draft

    @property
    def waits(self) -> bool:
        """Return whether it can be closed now."""
        return self.state == ResultState.TO_CLOSE


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with all that stands on it."""

    visit: InspectionVisit
    task: Task | None
    findings: Counter[str] = field(default_factory=Counter)
    requests: list[VisitRequest] = field(default_factory=list)
    conclusions: list[ConclusionRow] = field(default_factory=list)

    @property
    def items(self) -> int:
        """Return how many items there are to look at."""
        return self.findings.total()

    @property
    def filled(self) -> int:
        """Return how many of them have a finding."""
        return self.items - self.blank

    @property
    def blank(self) -> int:
        """Return how many have none yet."""
        return self.findings[""]

    @property
    def unanswered(self) -> int:
        """Return how many requests of the unit wait."""
        return sum(request.answered_on is None for request in self.requests)

    @property
    def counts(self) -> list[tuple[Finding, int]]:
        """Return each finding with how often it was made."""
        return [(finding, self.findings[finding.value]) for finding in Finding]

    @property
    def open_conclusions(self) -> int:
        """Return how many conclusions are issued and not closed."""
        return sum(row.state in {ResultState.OPEN, ResultState.TO_CLOSE} for row in self.conclusions)


def visit_rows(visits: Collection[InspectionVisit], *, user: User, today: dt.date) -> list[VisitRow]:
    """Return the visits with what the page shows of them; four queries, none without visits."""
    if not visits:
        return []
    pks = [visit.pk for visit in visits]
    related = ("follower", "closed_by", "visit__unit")
    found = list(Conclusion.objects.filter(visit__in=pks).select_related(*related).order_by("visit", "ordinal"))
    prepared = {visit.preparation_id for visit in visits if visit.preparation_id}
    owed = Q(schedule__in=prepared) | Q(solution__in=[c.solution_id for c in found if c.solution_id])
    by_schedule, by_solution, live = _tasks(Deadline.objects.filter(owed), user, today)
    findings: dict[int, Counter[str]] = {pk: Counter() for pk in pks}
    for visit, finding in VisitItem.objects.filter(visit__in=pks).values_list("visit", "finding"):
        findings[visit][finding] += 1
    requests = _grouped(VisitRequest.objects.filter(visit__in=pks).select_related("created_by", "answered_by"))
    conclusions = _grouped(found)
    return [
        VisitRow(
            visit=visit,
            task=by_schedule.get(visit.preparation_id or 0),
            findings=findings[visit.pk],
            requests=requests.get(visit.pk, []),
            conclusions=[
                ConclusionRow(c, by_solution.get(c.solution_id or 0), _state(c, live))
                for c in conclusions.get(visit.pk, [])
            ],
        )
        for visit in visits
    ]


def conclusion_row(conclusion: Conclusion, *, user: User, today: dt.date) -> ConclusionRow:
    """Return one conclusion with its work; one query."""
    rows = Deadline.objects.filter(solution=conclusion.solution_id)
    _by_schedule, by_solution, live = _tasks(rows, user, today)
    return ConclusionRow(conclusion, by_solution.get(conclusion.solution_id or 0), _state(conclusion, live))


def report_task(inspection: Inspection, *, user: User, today: dt.date) -> Task | None:
    """Return the deadline of the report; one query."""
    if inspection.report_task_id is None:
        return None
    tasks, _by_solution, _live = _tasks(Deadline.objects.filter(schedule=inspection.report_task_id), user, today)
    return tasks.get(inspection.report_task_id)


def unsatisfied(visits: Iterable[InspectionVisit]) -> list[VisitItem]:
    """Return the items that were not or only partly satisfied, those of one unit together; one query."""
    rows = VisitItem.objects.filter(visit__in=[v.pk for v in visits], finding__in=(Finding.UNMET, Finding.PARTLY))
    return list(rows.select_related("visit__unit").order_by("visit__unit__path", "ordinal"))


def by_head(items: Iterable[VisitItem]) -> list[tuple[str, list[VisitItem]]]:
    """Return the items under their headings, in order."""
    found: list[tuple[str, list[VisitItem]]] = []
    for item in items:
        if not found or found[-1][0] != item.head:
            found.append((item.head, []))
        found[-1][1].append(item)
    return found


def _tasks(rows: Any, user: User, today: dt.date) -> tuple[dict[int, Task], dict[int, Task], set[int]]:
    """Return the deadlines by commitment and by solution, and the solutions of which something is still owed."""
    by_schedule: dict[int, Task] = {}
    by_solution: dict[int, Task] = {}
    live = set()
    for found in rows.order_by("pk").values(*COLUMNS):
        task = _task(found, user, today)
        by_schedule[found["schedule_id"]] = by_solution[found["solution_id"]] = task
        if found["status"] in LIVE:
            live.add(found["solution_id"])
    return by_schedule, by_solution, live


def _task(found: dict[str, Any], user: User, today: dt.date) -> Task:
    state = time_state(
        status=found["status"],
        due_on=found["due_on"],
        reported_on=found["reported_on"],
        today=today,
        soon_days=settings.DUE_SOON_DAYS,
    )
    seen = covers(user, Permission.VIEW, found["unit_path"])
    return Task(
        due=day_label(found["due_on"]),
        due_on=found["due_on"],
        status=Status(found["status"]).value,
        time=state.value,
        href=reverse("plans:deadline", args=[found["pk"]]) if seen else "",
    )


def _state(conclusion: Conclusion, live: set[int]) -> ResultState | None:
    if conclusion.solution_id is None:
        return None
    if conclusion.closed_on is not None:
        return ResultState.CLOSED
    return ResultState.OPEN if conclusion.solution_id in live else ResultState.TO_CLOSE


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.visit_id, []).append(row)
    return found
