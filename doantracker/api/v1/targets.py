"""Targets of published plans: added and changed; periods closed and opened again; values by unit and period."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, VERSIONED, done, one, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.plans import IndicatorOut, indicator_lines
from doantracker.api.v1.plans import router as plans_router
from doantracker.api.v1.problems import STALE, ProblemError
from doantracker.api.v1.shared import filled, known_only, plan_run, require_status
from doantracker.api.v1.types import GREATEST, Day, Figure, Id, Pk, Sent, Switch, Text, UnitRef, unit_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import indicator_results, indicators
from plans.enums import IndicatorKind, PlanStatus
from plans.errors import ActionRefused
from plans.forms.indicators import PublishedIndicatorForm
from plans.indicator_figures import figures_of, periods_of
from plans.indicator_page import total_text, with_owners
from plans.indicator_periods import Period, begun, period_at
from plans.indicator_rights import may_lock, tops_seen
from plans.models import Indicator, Plan
from plans.record_values import fingerprint
from plans.resolving import UnitNames
from plans.roll_up import Part, Rolled
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["indicators"])
Short = Annotated[Text, Field(max_length=60)]
Lines = Annotated[list[Annotated[Text, Field(max_length=300)]], Field(max_length=50)]
OPEN, CLOSED = "open", "closed"


class TargetFacts(Sent):
    """What is measured and how far it must come; the fields of the page. What is not named stays."""

    text: Annotated[Text, Field(max_length=20_000)] = ""
    kind: IndicatorKind | None = None
    comparator: Short = ""
    value: Figure | None = None
    unit_of_measure: Annotated[Text, Field(max_length=100)] = ""
    levels_reaching: Lines = Field(default_factory=list)
    levels_below: Lines = Field(default_factory=list)
    audience: Annotated[Text, Field(max_length=300)] = ""
    conditions: Lines = Field(default_factory=list)
    frequency: Short = ""
    cumulative: Switch = False
    start: Day | None = None
    due: Day | None = None
    owner_units: Annotated[list[Id], Field(max_length=500)] = Field(default_factory=list)
    owner_kinds: Annotated[list[Short], Field(max_length=50)] = Field(default_factory=list)
    roll_up: Short = ""
    fed_by: Id | None = None
    group: Id | None = None
    solution: Id | None = None
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class PeriodIn(Sent):
    """The first day of a period."""

    period_start: Day


class ReopenIn(PeriodIn):
    """A period to open again, and why."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class PeriodOut(Schema):
    """One period of an indicator. The ETag says whether it is open or closed."""

    indicator: int
    period_start: dt.date
    period_end: dt.date
    label: str
    closed: bool


class PeriodsOut(Schema):
    """The periods of an indicator that have begun."""

    periods: list[PeriodOut]


class IndicatorPart(Schema):
    """What a part of the tree gave in one period."""

    unit: UnitRef | None = Field(description="Null: the whole of the unit asked for.")
    text: str = Field(description="The figure as its page shows it; empty: nothing was given.")
    numerator: Decimal | None = Field(description="Of a share.")
    denominator: Decimal | None
    given: int = Field(description="How many units gave a result.")
    owing: int = Field(description="How many owe one.")


class ValuesOut(Schema):
    """One period of an indicator in a unit and all below it."""

    period_start: dt.date
    period_end: dt.date
    label: str
    parts: list[IndicatorPart]


class IndicatorFigures(Schema):
    """An indicator by unit and period."""

    unit: UnitRef
    periods: list[ValuesOut]


class IndicatorFiguresQuery(Schema):
    """In which unit, and in which period; the newest twelve without one."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="None: the top of what you see.")] = None
    period_start: Day | None = None


@plans_router.post(
    "/plans/{pk}/indicators", response=writes(IndicatorOut, 201), openapi_extra=KEYED, summary="Add an indicator"
)
def add(request: Call, pk: Pk, sent: TargetFacts) -> Any:
    """Add an indicator to a published plan, with a reason."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.PUBLISHED)
        known = _known(plan, request.user)
        form = filled(
            lambda data: PublishedIndicatorForm(data, **known), sent.model_dump(exclude_unset=True), partly=True
        )
        made = indicators.add_indicator(plan=plan, values=form.values(), reason=sent.reason, by=request.user)
        return _answer(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/indicators/{pk}/change", response=writes(IndicatorOut), openapi_extra=VERSIONED, summary="Change an indicator"
)
def change(request: Call, pk: Pk, sent: TargetFacts) -> Any:
    """Change an indicator of a published plan, with a reason. If-Match: its ETag."""

    def run() -> Any:
        found = _visible(request.user, pk)
        plan = plan_run(request.user, found.plan_id, PlanStatus.PUBLISHED)
        _compare(request, found.version)
        known = _known(plan, request.user)
        form = filled(
            lambda data: PublishedIndicatorForm(data, instance=plan.indicators.get(pk=pk), **known),
            sent.model_dump(exclude_unset=True),
            partly=True,
        )
        about: dict[str, Any] = {"values": form.values(), "reason": sent.reason, "expected": fingerprint(found)}
        indicators.change_indicator(indicator=found, by=request.user, **about)
        return _answer(request, pk)

    return once(request, run)


@router.get("/indicators/{pk}/periods", response=reads(PeriodsOut), summary="Periods of an indicator")
def periods(request: Call, pk: Pk) -> Any:
    """List the periods of an indicator that have begun, the oldest first, and which are closed."""
    row, today = _followed(request.user, pk), clock.today()
    closed = set(row.locks.filter(reopened_at__isnull=True).values_list("period_start", flat=True))
    told = [_period(row, p, closed=p.start in closed) for p in begun(periods_of(row, today), today)]
    return done({"periods": told}, PeriodsOut)


@router.post("/indicators/{pk}/lock", response=writes(PeriodOut), openapi_extra=VERSIONED, summary="Close a period")
def lock(request: Call, pk: Pk, sent: PeriodIn) -> Any:
    """Close a period: its results are final until it is opened again. If-Match: `"open"`, or `*`."""

    def run() -> Any:
        row = _lockable(request.user, pk)
        require(row.fed_by_id is None)
        period = _asked(row, sent.period_start)
        _compare(request, OPEN)
        indicator_results.lock_period(indicator=row, period_start=period.start, by=request.user)
        return one(request, PeriodOut, _period(row, period, closed=True), CLOSED)

    return once(request, run)


@router.post(
    "/indicators/{pk}/unlock", response=writes(PeriodOut), openapi_extra=VERSIONED, summary="Open a period again"
)
def unlock(request: Call, pk: Pk, sent: ReopenIn) -> Any:
    """Open a closed period again; the reason stays with it. If-Match: `"closed"`, or `*`."""

    def run() -> Any:
        row = _lockable(request.user, pk)
        period = _asked(row, sent.period_start)
        _compare(request, CLOSED)
        indicator_results.reopen_period(indicator=row, period_start=period.start, by=request.user, reason=sent.reason)
        return one(request, PeriodOut, _period(row, period, closed=False), OPEN)

    return once(request, run)


@router.get("/indicators/{pk}/figures", response=reads(IndicatorFigures), summary="Its values by unit and period")
def figures(request: Call, pk: Pk, asked: Query[IndicatorFiguresQuery]) -> Any:
    """Tell what a unit and each unit directly below it gave, period by period; the totals of the page."""
    known_only(request, asked)
    row, today, user = _followed(request.user, pk), clock.today(), request.user
    unit = _unit(user, row, asked.unit)
    every = begun(periods_of(row, today), today)
    shown = [_asked(row, asked.period_start)] if asked.period_start else every[-12:]
    found = figures_of([row], unit, {row.pk: every if row.cumulative else shown})
    places = {place for p in shown for place in found.at(row.pk, p.start).rolled.by_child}
    below = {str(child.path): child for child in Unit.objects.filter(path__in=places)}
    told = [
        {
            "period_start": period.start,
            "period_end": period.end,
            "label": period.label,
            "parts": _parts(row, found.at(row.pk, period.start).rolled, unit, below),
        }
        for period in shown
    ]
    return done({"unit": unit_ref(unit), "periods": told}, IndicatorFigures)


def _parts(row: Indicator, rolled: Rolled, unit: Unit, below: dict[str, Unit]) -> list[dict[str, Any]]:
    """Return the parts of one period: the whole, the unit itself where it owes, each unit below."""
    parts: list[tuple[dict[str, Any] | None, Part]] = [(None, rolled.whole)]
    if rolled.own.owing:
        parts.append((unit_ref(unit), rolled.own))
    parts += [(unit_ref(below[path]), part) for path, part in sorted(rolled.by_child.items())]
    return [
        {
            "unit": ref,
            "text": total_text(row, part),
            "numerator": part.numerator if row.kind == IndicatorKind.RATIO else None,
            "denominator": part.denominator if row.kind == IndicatorKind.RATIO else None,
            "given": part.given,
            "owing": part.owing,
        }
        for ref, part in parts
    ]


def _known(plan: Plan, user: User) -> dict[str, Any]:
    return {"plan": plan, "names": UnitNames.below(plan.issuing_unit, clock.today()), "by": user}


def _visible(user: User, pk: int) -> Indicator:
    rows = Indicator.objects.select_related("plan__issuing_unit").prefetch_related("levels")
    found: Indicator = get_visible_or_404(rows, user, pk)
    return found


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, IndicatorOut, indicator_lines([row])[0], row.version, status)


def _followed(user: User, pk: int) -> Indicator:
    """Return an indicator of a plan that is or was followed up, with what its figures read; else 404."""
    found: Indicator = get_visible_or_404(with_owners().exclude(plan__status=PlanStatus.DRAFT), user, pk)
    return found


def _lockable(user: User, pk: int) -> Indicator:
    row = _followed(user, pk)
    require(may_lock(user, row))
    require_status(row.plan, PlanStatus.PUBLISHED)
    return row


def _compare(request: Call, now: object) -> None:
    """Refuse an act on another version than the caller saw."""
    if seen(request, now) != str(now):
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)


def _asked(row: Indicator, start: dt.date) -> Period:
    today = clock.today()
    period = period_at(begun(periods_of(row, today), today), start)
    if period is None:
        raise ActionRefused(_("The indicator has no period that begins on this day and has begun."))
    return period


def _unit(user: User, row: Indicator, pk: int | None) -> Unit:
    """Return the unit asked for, or the top of what `user` sees of the indicator; else 404."""
    tops = tops_seen(user, row.plan, row.owner_units.all())
    if pk is None:
        require(bool(tops))
        return tops[0]
    unit: Unit | None = Unit.objects.filter(pk=pk).first()
    require(unit is not None and any(top.covers(unit) for top in tops))
    assert unit is not None  # noqa: S101  # for the type checker
    return unit


def _period(row: Indicator, period: Period, *, closed: bool) -> dict[str, Any]:
    days = {"period_start": period.start, "period_end": period.end}
    return {"indicator": row.pk, **days, "label": str(period.label), "closed": closed}
