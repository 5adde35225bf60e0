"""Statistics as figures: by unit, plan, month and day; of one plan. Equal to the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from django.http import QueryDict
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, page, page_of, reads
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, plan_ref
from doantracker.api.v1.problems import form_refused
from doantracker.api.v1.shared import known_only, plan_seen
from doantracker.api.v1.types import GREATEST, Day, Pk, UnitRef, unit_ref
from doantracker.lib import clock
from plans.enums import TimeState
from plans.figures_page import Scope, by_unit, months_of, trend_of
from plans.forms.figures import FiguresForm
from plans.models import Deadline, Difficulty, Extension, Plan
from plans.statistics import Figures, difficulty_figures, extension_figures, figures_by, figures_of
from units.access import require
from units.models import Unit

router = Router(tags=["figures"])
_NAMES = (
    "total", "done", "done_on_time", "done_late", "done_no_date", "waiting", "in_time", "overdue", "no_date",
    "late_original", "excused",
)  # fmt: skip


class FiguresOut(Schema):
    """Counts of deadlines; cancelled ones are in none. `rate`: done ÷ (done + overdue) in percent; null: neither."""

    total: int = Field(description="All that are owed.")
    done: int = Field(description="Reported done or confirmed.")
    done_on_time: int
    done_late: int
    done_no_date: int = Field(description="Done, without a day to be late against.")
    waiting: int = Field(description="Done and not confirmed yet.")
    in_time: int = Field(description="Open with a day, and not overdue; on hold too.")
    overdue: int = Field(description="Open, and late against the day in force.")
    no_date: int = Field(description="Open, without a day.")
    late_original: int = Field(description="Late against the day first set.")
    excused: int = Field(description="Late, with an objective cause confirmed.")
    rate: Decimal | None


class OfUnit(Schema):
    """The figures of one line: the unit itself (`own`), or one below it with all below that."""

    unit: UnitRef
    own: bool = Field(description="What the unit itself owes, without those below it.")
    figures: FiguresOut


class UnitsOut(Schema):
    """The statistics table of a unit and all below it."""

    unit: UnitRef
    whole: FiguresOut
    lines: list[OfUnit]


class OfPlan(Schema):
    """The figures of one plan in a unit and all below it."""

    id: int
    plan: PlanRef
    figures: FiguresOut


class MonthPartOut(Schema):
    """How many rows of one cell stand so."""

    state: TimeState
    count: int


class MonthOut(Schema):
    """One month of one duty."""

    month: dt.date = Field(description="Its first day.")
    parts: list[MonthPartOut]


class DutyOut(Schema):
    """One commitment month by month."""

    text: str
    sentence: str = Field(description="When it is owed, in words.")
    plan: str
    months: list[MonthOut]


class MonthsOut(Schema):
    """Duties × months, a page of duties."""

    pages: int = Field(description="How many pages there are.")
    duties: list[DutyOut]


class DayOut(Schema):
    """The figures kept of one day."""

    day: dt.date
    total: int
    done: int
    in_time: int
    overdue: int
    no_date: int


class TrendOut(Schema):
    """The figures kept day by day."""

    days: list[DayOut]


class ExtensionsOut(Schema):
    """Requests for a later day in figures."""

    asked: int
    granted: int
    refused: int
    waiting: int
    objective: int = Field(description="Granted with an objective cause confirmed.")


class DifficultiesOut(Schema):
    """Difficulties in figures."""

    raised: int
    answered: int
    answered_late: int = Field(description="Answered after their day.")
    awaited: int = Field(description="Not answered, and not late.")
    overdue: int


class PlanFigures(Schema):
    """One plan in figures, as far as you see its deadlines."""

    deadlines: FiguresOut
    extensions: ExtensionsOut
    difficulties: DifficultiesOut


class ScopeQuery(Schema):
    """What is counted: as the page. Without days: the year that runs."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit and all below it; none: yours.")] = None
    plan: Annotated[int | None, Field(ge=1, le=GREATEST, description="Only this plan.")] = None
    due_from: Day | None = Field(default=None, description="The first day on which work is due.")
    due_to: Day | None = Field(default=None, description="The last day on which work is due.")
    as_of: Annotated[Day | None, Field(description="As it stood on an earlier day.")] = None


class ScopePage(ScopeQuery, PageQuery):
    """The same, a page of plans."""


class ScopeMonths(ScopeQuery):
    """The same, a page of duties."""

    number: Annotated[int, Field(ge=1, le=10_000, description="Which page.")] = 1


@router.get("/figures/units", response=reads(UnitsOut), summary="Count deadlines by unit")
def units(request: Call, asked: Query[ScopeQuery]) -> Any:
    """Count deadlines by unit: the unit itself, each below it, and all together."""
    scope = _scope(request, asked)
    table = by_unit(scope, every=True)
    children = Unit.objects.visible_to(request.user).below(scope.unit).filter(depth=scope.unit.depth + 1)
    below = list(children.order_by("path"))
    lines = list(table.lines)
    own = [lines.pop(0)] if len(lines) > len(below) else []
    told = [{"unit": unit_ref(scope.unit), "own": True, "figures": told_figures(line.figures)} for line in own]
    told += [
        {"unit": unit_ref(unit), "own": False, "figures": told_figures(line.figures)}
        for unit, line in zip(below, lines, strict=True)
    ]
    return done({"unit": unit_ref(scope.unit), "whole": told_figures(table.figures), "lines": told}, UnitsOut)


@router.get("/figures/plans", response=reads(page_of(OfPlan, "PlanFiguresPage")), summary="Count deadlines by plan")
def plans(request: Call, asked: Query[ScopePage]) -> Any:
    """Count the deadlines of a unit and all below it by plan."""
    scope = _scope(request, asked)
    found = figures_by(scope.rows(), "plan_id", today=scope.day, columns=scope.columns)
    with_rows = [pk for pk, figures in found.items() if figures.total]
    rows = Plan.objects.visible_to(request.user).filter(pk__in=with_rows)

    def lines(shown: Sequence[Plan]) -> list[dict[str, Any]]:
        return [{"id": row.pk, "plan": plan_ref(row), "figures": told_figures(found[row.pk])} for row in shown]

    return page(request, rows, asked, OfPlan, lines)


@router.get("/figures/months", response=reads(MonthsOut), summary="Count deadlines month by month")
def months(request: Call, asked: Query[ScopeMonths]) -> Any:
    """Count how each commitment fares month by month."""
    found = months_of(_scope(request, asked), str(asked.number))
    duties = [
        {
            "text": duty.text,
            "sentence": str(duty.sentence),
            "plan": duty.plan,
            "months": [
                {"month": month, "parts": [{"state": part.state, "count": part.count} for part in parts]}
                for month, parts in zip(found.months, duty.cells, strict=True)
                if parts
            ],
        }
        for duty in found.duties
    ]
    return done({"pages": found.page.paginator.num_pages, "duties": duties}, MonthsOut)


@router.get("/figures/trend", response=reads(TrendOut), summary="Show the figures kept day by day")
def trend(request: Call, asked: Query[ScopeQuery]) -> Any:
    """Tell the figures kept of a unit and all below it, by day."""
    names = ("total", "done", "in_time", "overdue", "no_date")
    days = [
        {"day": day.day, **{name: getattr(day.figures, name) for name in names}}
        for day in trend_of(_scope(request, asked))
    ]
    return done({"days": days}, TrendOut)


@router.get("/plans/{pk}/figures", response=reads(PlanFigures), summary="Show a plan in figures")
def plan_figures(request: Call, pk: Pk) -> Any:
    """Count the deadlines, later days and difficulties of one plan, as far as you see them."""
    plan, user, today = plan_seen(request.user, pk), request.user, clock.today()
    extensions = extension_figures(Extension.objects.visible_to(user).filter(deadline__plan=plan))
    raised = Difficulty.objects.visible_to(user).filter(deadline__plan=plan)
    difficulties = difficulty_figures(raised, today=today)
    facts = {
        "deadlines": told_figures(figures_of(Deadline.objects.visible_to(user).filter(plan=plan), today=today)),
        "extensions": {name: getattr(extensions, name) for name in ExtensionsOut.model_fields},
        "difficulties": {name: getattr(difficulties, name) for name in DifficultiesOut.model_fields},
    }
    return done(facts, PlanFigures)


def told_figures(figures: Figures) -> dict[str, Any]:
    """Return figures as told; the rate with one digit, rounded as on the page."""
    rate = Decimal(100 * figures.done) / figures.fallen_due if figures.fallen_due else None
    told: dict[str, Any] = {name: getattr(figures, name) for name in _NAMES}
    return told | {"rate": rate.quantize(Decimal("0.1"), ROUND_HALF_UP) if rate is not None else None}


def _scope(request: Call, asked: ScopeQuery) -> Scope:
    """Return what is counted, checked by the form of the page; 404 for who sees no unit."""
    known_only(request, asked)
    given = QueryDict(mutable=True)
    for name in ("unit", "plan"):
        if getattr(asked, name):
            given[name] = str(getattr(asked, name))
    for name in ("due_from", "due_to", "as_of"):
        if getattr(asked, name):
            given[name] = getattr(asked, name).isoformat()
    form, today = FiguresForm(given, user=request.user, today=clock.today()), clock.today()
    require(bool(form.units))
    if not form.is_valid():
        raise form_refused(form, "query")
    chosen = form.cleaned_data
    unit: Unit = Unit.objects.visible_to(request.user).get(pk=chosen["unit"])
    plan = Plan.objects.visible_to(request.user).get(pk=chosen["plan"]) if chosen["plan"] else None
    days = {"first": chosen["due_from"], "last": chosen["due_to"], "day": chosen["as_of"]}
    return Scope(user=request.user, unit=unit, plan=plan, today=today, **days)
