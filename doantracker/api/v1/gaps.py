"""What covers shortcomings, and what is missing in plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, page, page_of, reads
from doantracker.api.v1.auth import Call
from doantracker.api.v1.figures import FiguresOut, told_figures
from doantracker.api.v1.shared import plan_run, plan_seen
from doantracker.api.v1.types import Pk
from doantracker.lib import clock
from plans.coverage import Counts, answers_to, counted, coverage_rows
from plans.enums import PlanStatus
from plans.filters import in_year
from plans.gap_kinds import BY_CODE, shortcomings_of
from plans.models import Deadline, Plan, Shortcoming, SolutionShortcoming
from plans.statistics import due_between
from plans.validators import FIRST_YEAR, LAST_YEAR
from plans.xray import xray
from units.access import require
from units.permissions import Permission

router = Router(tags=["figures"])


class CountsOut(Schema):
    """Figures of what answers a shortcoming, and how much of what is done has evidence."""

    figures: FiguresOut
    proven: int = Field(description="Done, with evidence.")
    unproven: int = Field(description="Done, without evidence.")


class Covering(Schema):
    """A solution that answers it, with its own numbers."""

    solution: int
    counts: CountsOut


class CoverageOut(Schema):
    """What covers one shortcoming."""

    id: int
    plan: int
    ordinal: int
    solutions: list[Covering]
    counts: CountsOut


class KindOut(Schema):
    """One kind of gap: what was looked for and how much was found."""

    code: str
    title: str
    count: int
    blocks: bool = Field(description="It hinders publishing.")


class GapsOut(Schema):
    """What was looked for and what was found, the worst first."""

    kinds: list[KindOut]


class GapRow(Schema):
    """One thing that is missing."""

    id: int = Field(description="The id of the record concerned.")
    record_kind: str = Field(description="The kind of the record concerned, such as solution.")
    message: str
    label: str
    detail: str
    plan: str
    blocks: bool


class CoverageQuery(PageQuery):
    """Which shortcomings."""

    unanswered: Annotated[bool, Field(description="Only what no solution answers.")] = False


class CoverageYearQuery(CoverageQuery):
    """Which year."""

    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="None: this one.")] = None


@router.get(
    "/plans/{pk}/coverage",
    response=reads(page_of(CoverageOut, "CoveragePage")),
    summary="List what covers each shortcoming of a plan",
)
def coverage(request: Call, pk: Pk, asked: Query[CoverageQuery]) -> Any:
    """Tell what covers each shortcoming of a plan: solutions, their deadlines, evidence."""
    plan = plan_seen(request.user, pk)
    rows = _unanswered(shortcomings_of(plan, request.user), only=asked.unanswered)
    deadlines = Deadline.objects.visible_to(request.user).filter(plan=plan)
    return page(request, rows.select_related("plan", "field"), asked, CoverageOut, lambda s: _covered(s, deadlines))


@router.get(
    "/coverage",
    response=reads(page_of(CoverageOut, "YearCoveragePage")),
    summary="List what covers each shortcoming of a year",
)
def year_coverage(request: Call, asked: Query[CoverageYearQuery]) -> Any:
    """Tell the same for every followed-up plan you see whose period touches a year, by the deadlines of that year."""
    year, user = asked.year or clock.today().year, request.user
    found = in_year(Plan.objects.visible_to(user).exclude(status=PlanStatus.DRAFT), year)
    rows = _unanswered(shortcomings_of(found, user), only=asked.unanswered)
    due = due_between(due_from=dt.date(year, 1, 1), due_to=dt.date(year, 12, 31), undated=True)
    deadlines = Deadline.objects.visible_to(user).filter(due)
    return page(request, rows.select_related("plan", "field"), asked, CoverageOut, lambda s: _covered(s, deadlines))


@router.get("/plans/{pk}/gaps", response=reads(GapsOut), summary="Count what is missing in a plan")
def plan_gaps(request: Call, pk: Pk) -> Any:
    """Tell what is missing in a plan that you run."""
    return _gaps(request, _run(request, pk))


@router.get("/gaps", response=reads(GapsOut), summary="Count what is missing in all plans")
def gaps(request: Call) -> Any:
    """Tell what is missing in all plans you run that are not closed."""
    return _gaps(request, _all_run(request))


@router.get(
    "/plans/{pk}/gaps/{kind}",
    response=reads(page_of(GapRow, "PlanGapPage")),
    summary="List gaps of one kind in a plan",
)
def plan_gap_rows(request: Call, pk: Pk, kind: str, asked: Query[PageQuery]) -> Any:
    """List the gaps of one kind in a plan that you run."""
    return _gap_rows(request, _run(request, pk), kind, asked)


@router.get("/gaps/{kind}", response=reads(page_of(GapRow, "GapPage")), summary="List gaps of one kind in all plans")
def gap_rows(request: Call, kind: str, asked: Query[PageQuery]) -> Any:
    """List the gaps of one kind in all plans you run that are not closed."""
    return _gap_rows(request, _all_run(request), kind, asked)


def _unanswered(rows: QuerySet[Shortcoming], *, only: bool) -> QuerySet[Shortcoming]:
    """Keep what no solution answers, where `only` that is asked for."""
    return rows.exclude(pk__in=SolutionShortcoming.objects.values("shortcoming")) if only else rows


def _covered(rows: Sequence[Shortcoming], deadlines: QuerySet[Deadline]) -> list[dict[str, Any]]:
    """Return shortcomings with what covers each; three queries."""
    answers = answers_to(rows)
    solutions = {answer.solution_id for found in answers.values() for answer in found}
    found = counted(deadlines.filter(solution__in=solutions), today=clock.today())
    return [
        {
            "id": row.shortcoming.pk,
            "plan": row.shortcoming.plan_id,
            "ordinal": row.shortcoming.ordinal,
            "solutions": [{"solution": s.answer.solution_id, "counts": _counts(s.counts)} for s in row.solutions],
            "counts": _counts(row.counts),
        }
        for row in coverage_rows(rows, answers, found)
    ]


def _counts(counts: Counts) -> dict[str, Any]:
    return {"figures": told_figures(counts.figures), "proven": counts.proven, "unproven": counts.unproven}


def _run(request: Call, pk: int) -> QuerySet[Plan]:
    plan = plan_run(request.user, pk, *PlanStatus)
    return Plan.objects.filter(pk=plan.pk).exclude(status=PlanStatus.CLOSED)


def _all_run(request: Call) -> QuerySet[Plan]:
    require(request.user.may(Permission.MANAGE_PLANS))
    found: QuerySet[Plan] = Plan.objects.managed_by(request.user).exclude(status=PlanStatus.CLOSED)
    return found


def _gaps(request: Call, plans: QuerySet[Plan]) -> Any:
    kinds = [
        {"code": f.kind.code, "title": str(f.kind.title), "count": f.count, "blocks": f.kind.blocks}
        for f in xray(plans, user=request.user, today=clock.today())
    ]
    return done({"kinds": kinds}, GapsOut)


def _gap_rows(request: Call, plans: QuerySet[Plan], code: str, asked: PageQuery) -> Any:
    if code not in BY_CODE:
        raise Http404
    kind = BY_CODE[code]
    rows = kind.rows(plans, request.user, clock.today())

    def lines(found: Sequence[Any]) -> list[dict[str, Any]]:
        names = ("record_kind", "label", "detail", "plan", "blocks")
        gaps = [kind.gap_of(row) for row in found]
        return [
            {"id": gap.record_id, "message": str(gap.message), **{name: getattr(gap, name) for name in names}}
            for gap in gaps
        ]

    return page(request, rows, asked, GapRow, lines)
