"""Indicators of plans and the results that units give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, plan_ref
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts
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
from plans.enums import Comparator, Frequency, IndicatorKind, PlanStatus, RollUp
from plans.errors import ActionRefused
from plans.indicator_rights import may_enter
from plans.models import Indicator, IndicatorResult, Plan
from units.access import get_visible_or_404
from units.models import Unit

router = Router(tags=["indicators"])
MOST_ROWS = 200
FIGURE_NAMES: Final = {"level": "level_id"}


class LevelOut(Schema):
    """One level of a target in words."""

    id: int
    name: str
    reaches: bool = Field(description="It reaches the target.")


class IndicatorOut(Schema):
    """A target of a plan."""

    id: int
    version: int = Field(description="Goes up with every change.")
    plan: PlanRef
    ordinal: int
    text: str
    kind: IndicatorKind
    comparator: Comparator
    value: Decimal | None = Field(description="Of a share in percent.")
    unit_of_measure: str = Field(description="Such as đoàn viên; empty of a ratio.")
    frequency: Frequency = Field(description="For which periods it wants results.")
    start: dt.date | None
    due: dt.date | None
    roll_up: RollUp = Field(description="How results of units make one for the unit above.")
    counted_from_deadlines: bool = Field(description="Nobody enters results: they are counted from deadlines.")
    levels: list[LevelOut]


class ResultOut(Schema):
    """What one unit reached in one period. No record: nothing was given, which is not zero."""

    id: int
    version: int = Field(description="Goes up with every change.")
    indicator: int
    unit: UnitRef
    period_start: dt.date
    period_end: dt.date
    value: Decimal | None = Field(description="Of a number.")
    numerator: Decimal | None = Field(description="Of a ratio.")
    denominator: Decimal | None = Field(description="Of a ratio.")
    level: int | None = Field(description="Of a level in words: its id.")
    note: str
    link: str
    document_number: str
    entered_by: PersonRef
    entered_at: dt.datetime


class ResultQuery(PageQuery):
    """Which results."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    period_start: Day | None = Field(default=None, description="The first day of a period.")


class ResultIn(Sent):
    """What one unit reached: figures of the indicator's kind. What is not named stays; null takes a figure away."""

    unit: Id = Field(description="The id of the unit.")
    version: Annotated[int, Field(ge=0, le=GREATEST, strict=True, description="The one you saw; 0: none yet.")]
    value: Figure | None = Field(default=None, description="Of a number.")
    numerator: Figure | None = Field(default=None, description="Of a ratio.")
    denominator: Figure | None = Field(default=None, description="Of a ratio.")
    level: Id | None = Field(default=None, description="Of a level in words: its id.")
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

    period_start: Day = Field(description="The first day of the period.")
    rows: Annotated[list[ResultIn], Field(min_length=1, max_length=MOST_ROWS)]


class Changed(Schema):
    """How many results changed; a row that says what stands there already changes nothing."""

    changed: int


@router.get(
    "/plans/{pk}/indicators",
    response=reads(page_of(IndicatorOut, "IndicatorPage")),
    summary="List the indicators of a plan",
)
def indicator_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the targets of a plan."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Indicator.objects.filter(plan=row).select_related("plan").prefetch_related("levels")
    return page(request, rows, asked, IndicatorOut, indicator_lines)


@router.get("/indicators/{pk}", response=reads_one(IndicatorOut), summary="Show an indicator")
def indicator(request: Call, pk: Pk) -> Any:
    """Show one target."""
    rows = Indicator.objects.select_related("plan").prefetch_related("levels")
    row = get_visible_or_404(rows, request.user, pk)
    return one(request, IndicatorOut, indicator_lines([row])[0], row.version)


@router.get(
    "/indicators/{pk}/results",
    response=reads(page_of(ResultOut, "ResultPage")),
    summary="List the results of an indicator",
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


@router.post(
    "/indicators/{pk}/results", response=writes(Changed), openapi_extra=KEYED, summary="Enter results of an indicator"
)
def enter_results(request: Call, pk: Pk, sent: Results) -> Any:
    """Enter, correct or take back results of one period. Each row carries the version you saw instead of If-Match.

    What a row does not name stays as it is; `remove` takes a result back.
    """

    def run() -> Any:
        row: Indicator = get_visible_or_404(Indicator.objects.select_related("plan__issuing_unit"), request.user, pk)
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


def indicator_lines(rows: Sequence[Indicator]) -> list[dict[str, Any]]:
    plain = (
        "version", "ordinal", "text", "kind", "comparator", "value", "unit_of_measure", "frequency", "start", "due",
        "roll_up",
    )  # fmt: skip
    return [
        {
            **facts(row, *plain),
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
            **facts(row, *plain),
            "indicator": row.indicator_id,
            "unit": unit_ref(row.unit),
            "level": row.level_id,
            "entered_by": person_ref(row.entered_by),
        }
        for row in rows
    ]
