"""The register of conclusions over all sources: what inspections concluded and what meetings decided.

Each is a solution with deadlines in the one register. A conclusion is open until its work is confirmed and the member
who follows it has closed it; a decision until its work is confirmed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from plans.enums import LIVE, OPEN
from plans.models import Deadline, Solution
from plans.querysets import SolutionQuerySet
from reviews.enums import ResultSource, ResultState
from reviews.models import Conclusion, Decision, Meeting
from units.models import User

RELATED: Final = (
    "lead_unit", "group__lead_unit", "overseer", "conclusion__visit__inspection", "conclusion__visit__unit",
    "decision__meeting",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the register."""

    text: str
    href: str
    source: ResultSource
    source_label: str
    unit: str
    follower: User | None
    due_on: dt.date | None
    state: ResultState
    overdue: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conclusions stand how."""

    open: int
    overdue: int
    to_close: int
    closed: int


def results_of(user: User) -> SolutionQuerySet:
    """Return the conclusions and decisions that `user` sees, each with `result`, `next_due` and what can be opened.

    A unit sees what it owes once it is issued; who follows a decision sees it too.
    """
    own = {"solution": OuterRef("pk")}
    deadlines = Deadline.objects.filter(**own).order_by()
    seen = Deadline.objects.visible_to(user).filter(**own)
    meetings = Meeting.objects.visible_to(user).order_by().values("pk")
    met = Exists(Decision.objects.filter(meeting__in=meetings, **own))
    concluded = Exists(Conclusion.objects.visible_to(user).filter(**own))
    decided = Q(decision__isnull=False) & (Q(overseer=user.pk) | Exists(seen))
    due = deadlines.filter(status__in=OPEN).values("solution").annotate(first=Min("due_on"))
    rows: SolutionQuerySet = Solution.objects.filter(concluded | met | decided).annotate(
        live=Exists(deadlines.filter(status__in=LIVE)),
        next_due=Subquery(due.values("first")),
        meets=met,
        opens=Subquery(seen.order_by("due_on", "pk").values("pk")[:1]),
    )
    found: SolutionQuerySet = rows.annotate(result=_state())
    return found


def overdue(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    """Return of `results_of` what its unit still owes after its day."""
    return rows.filter(result=ResultState.OPEN, next_due__lt=today)


def in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the lines with what they show, what is open and due first on top."""
    place = Case(When(result=ResultState.OPEN, then=0), When(result=ResultState.TO_CLOSE, then=1), default=2)
    return rows.select_related(*RELATED).order_by(place, F("next_due").asc(nulls_last=True), "-pk")


def counts_of(rows: QuerySet[Any], today: dt.date) -> Counts:
    """Return how many of `results_of` stand how; one query."""
    found = rows.order_by().aggregate(
        open=Count("pk", filter=Q(result=ResultState.OPEN)),
        overdue=Count("pk", filter=Q(result=ResultState.OPEN, next_due__lt=today)),
        to_close=Count("pk", filter=Q(result=ResultState.TO_CLOSE)),
        closed=Count("pk", filter=Q(result=ResultState.CLOSED)),
    )
    return Counts(**found)


def lines_of(rows: list[Any], today: dt.date) -> list[Result]:
    """Return what the page shows of a page of rows."""
    return [_line(row, today) for row in rows]


def _state() -> Case:
    waits = Q(conclusion__isnull=False, conclusion__closed_on__isnull=True)
    return Case(
        When(live=True, then=Value(ResultState.OPEN.value)),
        When(waits, then=Value(ResultState.TO_CLOSE.value)),
        default=Value(ResultState.CLOSED.value),
        output_field=CharField(),
    )


def _line(row: Any, today: dt.date) -> Result:
    conclusion = getattr(row, "conclusion", None)
    state = ResultState(row.result)
    if conclusion is not None:
        source, label, href = ResultSource.INSPECTION, conclusion.visit.inspection.title, conclusion.get_absolute_url()
    else:
        source, label = ResultSource.MEETING, row.decision.meeting.title
        href = f"{row.decision.meeting.get_absolute_url()}#decisions" if row.meets else _deadline(row.opens)
    return Result(
        text=row.text,
        href=href,
        source=source,
        source_label=label,
        unit=str(row.lead.label) if row.lead else "",
        follower=row.overseer,
        due_on=row.next_due,
        state=state,
        overdue=state == ResultState.OPEN and row.next_due is not None and row.next_due < today,
    )


def _deadline(pk: int | None) -> str:
    return reverse("plans:deadline", args=[pk]) if pk else ""
