"""The ledger of shortcomings: across years, one shortcoming with its lineage and reviews, and every act on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import (
    KEYED,
    VERSIONED,
    PageQuery,
    done,
    one,
    page,
    page_of,
    reads,
    reads_one,
    seen_number,
    writes,
)
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, plan_ref
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.plans import PlanOut, plan_answer
from doantracker.api.v1.shared import Page, facts, known_only, page_address, plan_run, plan_seen
from doantracker.api.v1.types import GREATEST, Day, Id, PersonRef, Pk, Sent, Switch, Text, person_ref
from doantracker.lib import clock
from plans.actions import ledger as actions
from plans.actions.sensitive import log_reading
from plans.enums import Origin, PlanStatus, ShortcomingState
from plans.filters import ShortcomingFilter
from plans.ledger_page import (
    LedgerRow,
    Step,
    by_year,
    equation_of_plan,
    ledger_rows,
    lineage,
    personal_read,
    sees_whole_ledger,
)
from plans.models import Shortcoming
from plans.rights import may_manage
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.access import get_visible_or_404, require
from units.models import User
from units.permissions import Permission

router = Router(tags=["shortcomings"])
MOST_ROWS = 500


class RowOut(Schema):
    """A row of a ledger. Of one you may not read (`masked`) only its place, its state and what answers it are told."""

    id: int
    plan: PlanRef
    ordinal: int = Field(description="Its number in the ledger.")
    field: str = Field(description="Name of its field of work; empty: none.")
    text: str
    cause: str
    found_in: str = Field(description="The document or meeting that found it.")
    units: list[str] = Field(description="Units named in it.")
    origin: Origin | None = Field(description="Null: not marked.")
    origin_year: int | None = Field(description="The year in which it was found first.")
    state: ShortcomingState
    remedied_on: dt.date | None = Field(description="The day of the review that says so.")
    awaits_check: bool = Field(description="Remedied for half a year, and nobody has looked again.")
    carried_over_from: int | None = Field(
        description="The id of the shortcoming of an earlier plan that it goes on with."
    )
    merged_into: int | None = Field(description="The id of the one it is listed with.")
    personal: bool = Field(description="It is of a person.")
    masked: bool = Field(description="You may not read it: its words are empty.")
    solutions: list[int] = Field(description="What answers it.")
    page: Page


class ReviewOut(Schema):
    """What a review said of a shortcoming."""

    id: int
    day: dt.date
    state: ShortcomingState
    review: str = Field(description="The meeting or paper that says so.")
    document_number: str
    note: str
    is_effectiveness_check: bool = Field(description="It looked whether what was remedied stays so.")
    recorded_at: dt.datetime
    recorded_by: PersonRef


class StepOut(Schema):
    """One step of a lineage."""

    id: int
    plan: PlanRef
    text: str
    state: ShortcomingState
    masked: bool


class WholeOut(RowOut):
    """One shortcoming with its reviews and its lineage."""

    version: int = Field(description="Goes up with every act.")
    reviews: list[ReviewOut]
    before: list[StepOut] = Field(description="Where it comes from, the nearest first.")
    after: list[StepOut] = Field(description="What became of it.")


class EquationOut(Schema):
    """New + carried over − merged = listed."""

    new: int
    carried_over: int
    merged: int
    listed: int
    unmarked: int = Field(description="Rows of which nobody said whether they are new.")
    holds: bool = Field(description="It adds up.")


class LedgerYearOut(Schema):
    """One year's ledger in figures."""

    year: int | None = Field(description="Null: plans without a period.")
    equation: EquationOut
    remedied: int
    partly: int
    open: int


class LedgerYearsOut(Schema):
    """The ledgers of years in figures."""

    years: list[LedgerYearOut]


class OriginsMarked(Schema):
    """How many origins changed."""

    changed: int


class LedgerQuery(PageQuery):
    """Which shortcomings: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words, of what you may read.")] = None
    year: Annotated[int | None, Field(ge=1975, le=2100, description="The year of the plan.")] = None
    field: Annotated[Text | None, Field(max_length=200, description="Name of a field of work.")] = None
    origin: Annotated[str | None, Field(pattern="^(new|carried_over|none)$", description="none: not marked.")] = None
    state: ShortcomingState | None = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None
    named: Annotated[int | None, Field(ge=1, le=GREATEST, description="Names this unit.")] = None
    check: Annotated[bool | None, Field(description="Only what waits for its check of effectiveness.")] = None
    merged: Annotated[bool | None, Field(description="Also those merged into others.")] = None


class LedgerYearsQuery(Schema):
    """Which ledgers are counted."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None


class ReviewIn(Sent):
    """What a meeting or paper said of a shortcoming."""

    day: Day
    state: ShortcomingState
    review: Annotated[Text, Field(min_length=1, max_length=200, description="The meeting or paper that says so.")]
    document_number: Annotated[Text, Field(max_length=60)] = ""
    note: Annotated[Text, Field(max_length=20_000)] = ""
    is_effectiveness_check: Switch = Field(default=False, description="It looked whether what was remedied stays so.")


class Source(Sent):
    """The earlier shortcoming it goes on with; null takes that back."""

    source: Id | None = Field(description="The id of the earlier one.")


class MergeInto(Sent):
    """The shortcoming of the same plan that it is one with."""

    into: Id = Field(description="Its id.")


class OriginIn(Sent):
    """Whether a row is new or carried over; empty: not marked. `seen`: what stood there when you read it."""

    shortcoming: Id
    origin: Annotated[str, Field(pattern="^(new|carried_over|)$")]
    seen: Annotated[str | None, Field(pattern="^(new|carried_over|)$")] = None


class Origins(Sent):
    """Origins of many rows: all are saved, or none."""

    rows: Annotated[list[OriginIn], Field(min_length=1, max_length=MOST_ROWS)]


class NextLedger(Sent):
    """The year that begins with what is still open."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
    title: Annotated[Text, Field(max_length=500, description="Empty: that of the plan with its years moved.")] = ""
    despite_draft: Switch = Field(default=False, description="Although there is a draft of this year.")


@router.get("/shortcomings", response=reads(page_of(RowOut, "LedgerPage")), summary="List shortcomings across years")
def shortcoming_list(request: Call, asked: Query[LedgerQuery]) -> Any:
    """List shortcomings across plans and years, masked as their page masks them. That persons' were read is logged."""
    require(request.user.may(Permission.VIEW))
    rows: Any = narrowed(ShortcomingFilter, asked, Shortcoming.objects.listed_for(request.user), request)
    rows = rows if asked.merged else rows.listed()
    return page(request, rows, asked, RowOut, lambda found: _lines(found, request.user))


@router.get("/shortcomings/years", response=reads(LedgerYearsOut), summary="Count the shortcomings of each year")
def year_list(request: Call, asked: Query[LedgerYearsQuery]) -> Any:
    """Count the shortcomings you have listed by the year of their plan, with the equation of each ledger."""
    known_only(request, asked)
    require(request.user.may(Permission.VIEW))
    rows = narrowed(ShortcomingFilter, _as_page(asked), Shortcoming.objects.listed_for(request.user), request)
    years = [
        {"year": y.year, "equation": _equation(y.equation), "remedied": y.remedied, "partly": y.partly, "open": y.open}
        for y in by_year(rows)
    ]
    return done({"years": years}, LedgerYearsOut)


@router.get("/shortcomings/{pk}", response=reads_one(WholeOut), summary="Show a shortcoming")
def shortcoming(request: Call, pk: Pk) -> Any:
    """Show one shortcoming that you may read whole, with its reviews and lineage."""
    return _answer(request, pk)


@router.get("/plans/{pk}/ledger", response=reads(EquationOut), summary="Show the equation of a plan's ledger")
def ledger(request: Call, pk: Pk) -> Any:
    """Tell whether a plan's ledger adds up; for those who have the whole of it listed."""
    plan = plan_seen(request.user, pk)
    require(sees_whole_ledger(request.user, plan))
    return done(_equation(equation_of_plan(plan)), EquationOut)


@router.post(
    "/plans/{pk}/origins",
    response=writes(OriginsMarked),
    openapi_extra=KEYED,
    summary="Mark shortcomings as new or carried over",
)
def mark_origins(request: Call, pk: Pk, sent: Origins) -> Any:
    """Say of rows of a ledger whether each is new or carried over. `seen` stands instead of If-Match."""

    def run() -> Any:
        plan = plan_run(request.user, pk, *PlanStatus)
        origins = {row.shortcoming: row.origin for row in sent.rows}
        was = {row.shortcoming: row.seen for row in sent.rows if row.seen is not None}
        changed = actions.mark_origins(plan=plan, origins=origins, by=request.user, seen=was or None)
        return done({"changed": changed}, OriginsMarked)

    return once(request, run)


@router.post(
    "/plans/{pk}/next-ledger",
    response=writes(PlanOut, 201),
    openapi_extra=KEYED,
    summary="Begin the next year's ledger",
)
def next_ledger(request: Call, pk: Pk, sent: NextLedger) -> Any:
    """Make the draft of a later year that begins with every shortcoming still open or partly remedied."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.PUBLISHED, PlanStatus.CLOSED)
        made = actions.start_next_ledger(plan=plan, by=request.user, **sent.model_dump())
        return plan_answer(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/shortcomings/{pk}/reviews",
    response=writes(WholeOut, 201),
    openapi_extra=VERSIONED,
    summary="Record a review of a shortcoming",
)
def review(request: Call, pk: Pk, sent: ReviewIn) -> Any:
    """Record what a review said; the state is that of the latest review by day."""

    def act(row: Shortcoming, version: int) -> object:
        return actions.record_review(shortcoming=row, by=request.user, version=version, **sent.model_dump())

    return _act(request, pk, act, 201)


@router.post(
    "/shortcomings/{pk}/source",
    response=writes(WholeOut),
    openapi_extra=VERSIONED,
    summary="Say which earlier shortcoming one goes on with",
)
def source(request: Call, pk: Pk, sent: Source) -> Any:
    """Say which shortcoming of an earlier plan this one goes on with."""

    def act(row: Shortcoming, version: int) -> object:
        earlier = named(_whole_to(request.user), sent.source, "source") if sent.source else None
        return actions.carry_over_from(shortcoming=row, source=earlier, by=request.user, version=version)

    return _act(request, pk, act)


@router.post(
    "/shortcomings/{pk}/merge",
    response=writes(WholeOut),
    openapi_extra=VERSIONED,
    summary="Merge a shortcoming into another",
)
def merge(request: Call, pk: Pk, sent: MergeInto) -> Any:
    """Say that a shortcoming is the same as another of its plan: the ledger keeps both and lists one."""

    def act(row: Shortcoming, version: int) -> object:
        other = named(_whole_to(request.user).filter(plan=row.plan, subject=row.subject), sent.into, "into")
        return actions.merge(shortcoming=row, into=other, by=request.user, version=version)

    return _act(request, pk, act)


@router.post(
    "/shortcomings/{pk}/unmerge",
    response=writes(WholeOut),
    openapi_extra=VERSIONED,
    summary="List a merged shortcoming by itself again",
)
def unmerge(request: Call, pk: Pk) -> Any:
    """List a merged shortcoming by itself again."""
    return _act(request, pk, lambda row, version: actions.unmerge(shortcoming=row, by=request.user, version=version))


def _as_page(asked: LedgerYearsQuery) -> PageQuery:
    """Return a query without a page as the filters take it."""
    return LedgerQuery(unit=asked.unit)


def _act(request: Call, pk: int, act: Callable[[Shortcoming, int], object], status: int = 200) -> Any:
    def run() -> Any:
        row = _visible(request.user, pk)
        require(may_manage(request.user, row.plan))
        act(row, seen_number(request, row.version))
        return _answer(request, pk, status)

    return once(request, run)


def _visible(user: User, pk: int) -> Shortcoming:
    """Return a shortcoming that `user` may read whole; else 404."""
    found: Shortcoming = get_visible_or_404(_related(), user, pk)
    return found


def _whole_to(user: User) -> QuerySet[Shortcoming]:
    """Return the shortcomings that `user` may read whole."""
    found: QuerySet[Shortcoming] = _related().visible_to(user)
    return found


def _related() -> Any:  # the queryset of shortcomings
    return Shortcoming.objects.select_related("plan__issuing_unit", "carried_over_from__plan", "merged_into")


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row, user = _visible(request.user, pk), request.user
    log_reading(by=user, rows=[row.pk] if row.is_personal else [], plan=row.plan)
    (found,) = ledger_rows(Shortcoming.objects.listed_for(user).filter(pk=pk), user=user, today=clock.today())
    before, after = lineage(row, user)
    whole = {
        **_line(found),
        "version": row.version,
        "reviews": [_review_line(review_) for review_ in found.reviews],
        "before": [_step_line(step) for step in before],
        "after": [_step_line(step) for step in after],
    }
    return one(request, WholeOut, whole, row.version, status)


def _lines(rows: Sequence[Shortcoming], user: User) -> list[dict[str, Any]]:
    """Return rows as told, in order of their ids; what persons' were read whole is logged."""
    listed = Shortcoming.objects.listed_for(user).filter(pk__in=[row.pk for row in rows]).order_by("pk")
    found = ledger_rows(listed, user=user, today=clock.today())
    log_reading(by=user, rows=personal_read(found))
    return [_line(line) for line in found]


def _line(line: LedgerRow) -> dict[str, Any]:
    row, shown = line.row, not line.masked
    return {
        **facts(row, "ordinal", "origin_year", "state", "remedied_on"),
        "plan": plan_ref(row.plan),
        "field": row.field.name if row.field else "",
        "text": row.text if shown else "",
        "cause": row.cause if shown else "",
        "found_in": row.found_in if shown else "",
        "units": line.units,
        "origin": row.origin or None,
        "awaits_check": line.awaits_check,
        "carried_over_from": row.carried_over_from_id,
        "merged_into": row.merged_into_id,
        "personal": row.is_personal,
        "masked": line.masked,
        "solutions": [answer.pk for answer in line.answers],
        "page": page_address(row),
    }


def _review_line(row: Any) -> dict[str, Any]:
    plain = ("day", "state", "review", "document_number", "note", "is_effectiveness_check", "recorded_at")
    return {**facts(row, *plain), "recorded_by": person_ref(row.recorded_by)}


def _step_line(step: Step) -> dict[str, Any]:
    row = step.row
    text = "" if step.masked else row.text
    return {"id": row.pk, "plan": plan_ref(row.plan), "text": text, "state": row.state, "masked": step.masked}


def _equation(found: Any) -> dict[str, Any]:
    return {**asdict(found), "holds": found.holds}
