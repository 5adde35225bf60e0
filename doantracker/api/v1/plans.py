"""Plans with their solutions, shortcomings and indicators, and the results of indicators."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, plan_ref
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Figure,
    Id,
    Link,
    Number,
    PersonRef,
    Pk,
    Sent,
    Switch,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from plans.actions.indicator_results import FIGURES, Given, RowsRefused, enter_many
from plans.actions.sensitive import log_reading
from plans.enums import IndicatorKind, PlanKind, PlanStatus, ShortcomingState, Subject
from plans.errors import ActionRefused
from plans.filters import PlanFilter
from plans.indicator_rights import may_enter
from plans.models import Indicator, IndicatorResult, Plan, Shortcoming, Solution, SolutionShortcoming
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.access import get_visible_or_404
from units.models import Unit

router = Router(tags=["plans"])
MOST_ROWS = 200


class PlanOut(Schema):
    """A plan as issued."""

    id: int
    kind: PlanKind
    symbol: str
    title: str
    issued_on: dt.date | None
    issuing_unit: UnitRef
    coordinating_unit: UnitRef | None
    period_start: dt.date | None
    period_end: dt.date | None
    status: PlanStatus
    published_at: dt.datetime | None
    closed_at: dt.datetime | None
    page: str = Field(description="The address of its page, for people.")


class SolutionOut(Schema):
    """A solution of a plan."""

    id: int
    plan: int
    ordinal: int
    group: str
    text: str
    level: str
    lead_unit: UnitRef | None
    deliverable: str
    dropped_reason: str = Field(description="Why an amendment dropped it; empty: it is in force.")


class ShortcomingOut(Schema):
    """A shortcoming. Of one you may not read (`masked`) only its place, its state and what answers it are told."""

    id: int
    plan: int
    ordinal: int
    field: str
    text: str
    cause: str
    state: ShortcomingState
    personal: bool
    masked: bool
    solutions: list[int]


class LevelOut(Schema):
    """One level of a target in words."""

    id: int
    name: str
    reaches: bool


class IndicatorOut(Schema):
    """A target of a plan."""

    id: int
    version: int
    plan: PlanRef
    ordinal: int
    text: str
    kind: IndicatorKind
    comparator: str
    value: Decimal | None = Field(description="Of a share in percent.")
    unit_of_measure: str
    frequency: str
    start: dt.date | None
    due: dt.date | None
    roll_up: str
    counted_from_deadlines: bool
    levels: list[LevelOut]


class ResultOut(Schema):
    """What one unit reached in one period. No record: nothing was given, which is not zero."""

    id: int
    version: int
    indicator: int
    unit: UnitRef
    period_start: dt.date
    period_end: dt.date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    note: str
    link: str
    document_number: str
    entered_by: PersonRef
    entered_at: dt.datetime


class PlanQuery(PageQuery):
    """Which plans: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of symbol or title.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None
    status: PlanStatus | None = None
    kind: PlanKind | None = None
    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None


FIGURE_NAMES: Final = {"level": "level_id"}


class ResultQuery(PageQuery):
    """Which results."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    period_start: Day | None = None


class ResultIn(Sent):
    """What one unit reached: figures of the indicator's kind. What is not named stays; null takes a figure away."""

    unit: Id
    version: Annotated[int, Field(ge=0, le=GREATEST, strict=True, description="The one you saw; 0: none yet.")]
    value: Figure | None = None
    numerator: Figure | None = None
    denominator: Figure | None = None
    level: Id | None = None
    note: Annotated[Text | None, Field(max_length=1000)] = None
    link: Link | None = None
    document_number: Number | None = None
    remove: Switch = Field(default=False, description="Take the result back, with its note and proof.")

    @property
    def names_nothing(self) -> bool:
        """Return whether the row says nothing about the unit."""
        return not self.remove and not self.model_fields_set - {"unit", "version", "remove"}

    def whole(self, unit: Unit, stored: IndicatorResult | None) -> Given:
        """Return the row as the act takes it: figures that are not named are those that stand there."""
        if self.remove:
            return Given(unit=unit, version=self.version)
        said = self.model_dump(exclude_unset=True, exclude={"unit", "remove"})
        named = {FIGURE_NAMES.get(name, name): value for name, value in said.items()}
        kept = {name: getattr(stored, name) for name in FIGURES} if stored else {}
        return Given(unit=unit, **(kept | named))


class Results(Sent):
    """Results of one period: all are saved, or none."""

    period_start: Day
    rows: Annotated[list[ResultIn], Field(min_length=1, max_length=MOST_ROWS)]


class Changed(Schema):
    """How many results changed; a row that says what stands there already changes nothing."""

    changed: int


@router.get("/plans", response=reads(page_of(PlanOut, "PlanPage")), summary="Plans")
def plan_list(request: Call, asked: Query[PlanQuery]) -> Any:
    """List the plans you see, your own drafts among them."""
    rows = narrowed(PlanFilter, asked, Plan.objects.visible_to(request.user), request)
    return page(request, rows.select_related("issuing_unit", "coordinating_unit"), asked, PlanOut, _plan_lines)


@router.get("/plans/{pk}", response=reads_one(PlanOut), summary="One plan")
def plan(request: Call, pk: Pk) -> Any:
    """Show the head of one plan."""
    return plan_answer(request, pk)


def plan_answer(request: Call, pk: int, status: int = 200) -> Any:
    """Return the head of one plan as it is now."""
    row = get_visible_or_404(Plan.objects.select_related("issuing_unit", "coordinating_unit"), request.user, pk)
    return one(request, PlanOut, _plan_lines([row])[0], row.status, status)


@router.get(
    "/plans/{pk}/solutions", response=reads(page_of(SolutionOut, "SolutionPage")), summary="Solutions of a plan"
)
def solution_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the solutions of a plan."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Solution.objects.filter(plan=row).select_related("group__lead_unit", "lead_unit")
    return page(request, rows, asked, SolutionOut, _solution_lines)


@router.get(
    "/plans/{pk}/shortcomings",
    response=reads(page_of(ShortcomingOut, "ShortcomingPage")),
    summary="Shortcomings of a plan",
)
def shortcoming_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the shortcomings of a plan, masked as its page masks them. That persons' were read is logged."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Shortcoming.objects.listed_for(request.user).filter(plan=row).listed().with_masks(request.user)

    def lines(found: Sequence[Any]) -> list[dict[str, Any]]:
        read = [one_.pk for one_ in found if one_.is_personal and not one_.masked]
        log_reading(by=request.user, rows=read, plan=row)
        return _shortcoming_lines(found)

    return page(request, rows.select_related("field"), asked, ShortcomingOut, lines)


@router.get(
    "/plans/{pk}/indicators", response=reads(page_of(IndicatorOut, "IndicatorPage")), summary="Indicators of a plan"
)
def indicator_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the targets of a plan."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Indicator.objects.filter(plan=row).select_related("plan").prefetch_related("levels")
    return page(request, rows, asked, IndicatorOut, indicator_lines)


@router.get("/indicators/{pk}", response=reads_one(IndicatorOut), summary="One indicator")
def indicator(request: Call, pk: Pk) -> Any:
    """Show one target."""
    rows = Indicator.objects.select_related("plan").prefetch_related("levels")
    row = get_visible_or_404(rows, request.user, pk)
    return one(request, IndicatorOut, indicator_lines([row])[0], row.version)


@router.get(
    "/indicators/{pk}/results", response=reads(page_of(ResultOut, "ResultPage")), summary="Results of an indicator"
)
def result_list(request: Call, pk: Pk, asked: Query[ResultQuery]) -> Any:
    """List what the units you see gave to a target."""
    row = _followed(request, pk)
    rows = IndicatorResult.objects.visible_to(request.user).filter(indicator=row)
    if asked.unit:
        rows = rows.below(get_visible_or_404(Unit.objects.all(), request.user, asked.unit))
    if asked.period_start:
        rows = rows.filter(period_start=asked.period_start)
    return page(request, rows.select_related("unit", "entered_by"), asked, ResultOut, _result_lines)


@router.post("/indicators/{pk}/results", response=writes(Changed), openapi_extra=KEYED, summary="Enter results")
def enter_results(request: Call, pk: Pk, sent: Results) -> Any:
    """Enter, correct or take back results of one period. Each row carries the version you saw instead of If-Match.

    What a row does not name stays as it is; `remove` takes a result back.
    """

    def run() -> Any:
        row = _followed(request, pk)
        changed = enter_many(
            indicator=row, period_start=sent.period_start, by=request.user, rows=_given(request, row, sent)
        )
        return done({"changed": changed}, Changed)

    return once(request, run)


def _given(request: Call, row: Indicator, sent: Results) -> list[Given]:
    """Return the rows as the act takes them; raise RowsRefused for those that are none."""
    units = Unit.objects.visible_to(request.user).in_bulk([given.unit for given in sent.rows])
    mine = {pk for pk, unit in units.items() if may_enter(request.user, unit)}
    unknown, empty = _("There is no such unit, or you may not enter its results."), _("Say what was reached.")
    wrong = {given.unit: unknown for given in sent.rows if given.unit not in mine}
    wrong |= {given.unit: empty for given in sent.rows if given.names_nothing and given.unit in mine}
    if wrong:
        raise RowsRefused(wrong)
    if len(units) < len(sent.rows):
        raise ActionRefused(_("A unit is named twice. Send one row for each unit."))
    there = IndicatorResult.objects.visible_to(request.user).filter(indicator=row, period_start=sent.period_start)
    stored = {found.unit_id: found for found in there.filter(unit__in=units)}
    return [given.whole(units[given.unit], stored.get(given.unit)) for given in sent.rows]


def _followed(request: Call, pk: int) -> Indicator:
    """Return an indicator of a plan that is or was followed up, as its page shows it; else 404."""
    rows = Indicator.objects.exclude(plan__status=PlanStatus.DRAFT).select_related("plan__issuing_unit")
    found: Indicator = get_visible_or_404(rows, request.user, pk)
    return found


def _plan_lines(rows: Sequence[Plan]) -> list[dict[str, Any]]:
    plain = (
        "kind", "symbol", "title", "issued_on", "period_start", "period_end", "status", "published_at", "closed_at",
    )  # fmt: skip
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            "issuing_unit": unit_ref(row.issuing_unit),
            "coordinating_unit": unit_ref(row.coordinating_unit) if row.coordinating_unit else None,
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows
    ]


def _solution_lines(rows: Sequence[Solution]) -> list[dict[str, Any]]:
    plain = ("ordinal", "text", "level", "deliverable", "dropped_reason")
    return [
        {
            "id": row.pk,
            "plan": row.plan_id,
            **{name: getattr(row, name) for name in plain},
            "group": row.group.title if row.group else "",
            "lead_unit": unit_ref(row.lead) if row.lead else None,
        }
        for row in rows
    ]


def _shortcoming_lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return shortcomings as told; one query for what answers them."""
    answers: dict[int, list[int]] = defaultdict(list)
    links = SolutionShortcoming.objects.filter(shortcoming__in=rows).order_by("solution__ordinal")
    for shortcoming, solution in links.values_list("shortcoming_id", "solution_id"):
        answers[shortcoming].append(solution)
    return [
        {
            "id": row.pk,
            "plan": row.plan_id,
            "ordinal": row.ordinal,
            "field": row.field.name if row.field else "",
            "text": "" if row.masked else row.text,
            "cause": "" if row.masked else row.cause,
            "state": row.state,
            "personal": row.subject == Subject.PERSON,
            "masked": row.masked,
            "solutions": answers[row.pk],
        }
        for row in rows
    ]


def indicator_lines(rows: Sequence[Indicator]) -> list[dict[str, Any]]:
    plain = (
        "version", "ordinal", "text", "kind", "comparator", "value", "unit_of_measure", "frequency", "start", "due",
        "roll_up",
    )  # fmt: skip
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            "plan": plan_ref(row.plan),
            "counted_from_deadlines": row.fed_by_id is not None,
            "levels": [{"id": level.pk, "name": level.name, "reaches": level.reaches} for level in row.levels.all()],
        }
        for row in rows
    ]


def _result_lines(rows: Sequence[IndicatorResult]) -> list[dict[str, Any]]:
    plain = (
        "version", "period_start", "period_end", "value", "numerator", "denominator", "note", "link",
        "document_number", "entered_at",
    )  # fmt: skip
    return [
        {
            "id": row.pk,
            "indicator": row.indicator_id,
            **{name: getattr(row, name) for name in plain},
            "unit": unit_ref(row.unit),
            "level": row.level_id,
            "entered_by": person_ref(row.entered_by),
        }
        for row in rows
    ]
