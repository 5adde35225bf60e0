"""Directives and provincial activities: read, drafted, agreed, issued, received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from django.conf import settings
from ninja import Query, Router, Schema
from pydantic import Field

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
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import Gone, facts, filled, known_only
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Id,
    PersonRef,
    Pk,
    Sent,
    Switch,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from doantracker.lib import clock
from plans.actions import directives as actions
from plans.directive_rights import drafting_for, may_edit
from plans.directive_rows import lead_figures
from plans.enums import DirectiveKind, LeadState
from plans.filters import DirectiveFilter
from plans.forms.directives import DirectiveForm, DirectiveIssueForm
from plans.models import Directive, DirectiveRecipient, Plan
from units.access import get_visible_or_404, require
from units.models import Unit, User
from units.permissions import Permission

router = Router(tags=["directives"])
RELATED: Final = ("issuing_unit", "drafting_unit", "issued_by", "created_by")
MOST_UNITS: Final = 500


class DirectiveOut(Schema):
    """A directive: a draft until it has its number."""

    id: int
    version: int
    kind: DirectiveKind
    symbol: str
    title: str
    text: str
    issuing_unit: UnitRef
    drafting_unit: UnitRef
    plan: int | None = Field(description="The plan it carries out, where you see it.")
    agreed_with: str
    rolls_out_on: dt.date | None
    urgent: bool
    urgent_reason: str
    issued_on: dt.date | None = Field(description="Null: a draft.")
    issued_by: PersonRef | None
    earliest_roll_out: dt.date | None
    created_by: PersonRef
    page: str = Field(description="The address of its page, for people.")


class RecipientOut(Schema):
    """A unit a directive was issued to."""

    id: int
    unit: UnitRef
    received_on: dt.date | None = Field(description="Null: it has not said so yet.")
    received_by: PersonRef | None


class LeadOut(Schema):
    """How often the notice asked for was kept."""

    total: int
    kept: int
    urgent: int
    broken: int


class DirectiveQuery(PageQuery):
    """Which directives: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of symbol or title.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None
    kind: DirectiveKind | None = None
    lead: LeadState | None = None
    mine: Annotated[bool | None, Field(description="Only what your unit has not received yet.")] = None
    issued_from: Day | None = None
    issued_to: Day | None = None


class PeriodQuery(Schema):
    """The days of issue that are counted."""

    issued_from: Day | None = None
    issued_to: Day | None = None


class DirectiveIn(Sent):
    """A directive as drafted."""

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    kind: DirectiveKind = DirectiveKind.LETTER
    drafting_unit: Id | None = Field(default=None, description="The issuer or a department of it; null: the issuer.")
    text: Annotated[Text, Field(max_length=20_000)] = ""
    units: Annotated[list[Id], Field(max_length=MOST_UNITS)] = Field(default_factory=list)
    kinds: Annotated[list[Annotated[Text, Field(max_length=50)]], Field(max_length=50)] = Field(
        default_factory=list, description="Codes of kinds: every unit of these kinds below the issuer."
    )
    agreed_with: Annotated[Text, Field(max_length=1000)] = ""
    plan: Id | None = None
    ordinal: Annotated[int | None, Field(ge=1, le=9999, strict=True, description="Number of its solution.")] = None
    rolls_out_on: Day | None = None
    urgent: Switch = False
    urgent_reason: Annotated[Text, Field(max_length=500)] = ""


class NewDirective(DirectiveIn):
    """A directive to draft."""

    issuing_unit: Id


class Issue(Sent):
    """The number and day of issue, and what the rule of notice asks for."""

    symbol: Annotated[Text, Field(min_length=1, max_length=60)]
    issued_on: Day
    rolls_out_on: Day
    urgent: Switch = False
    urgent_reason: Annotated[Text, Field(max_length=500)] = ""
    despite_short_notice: Switch = False


@router.get("/directives", response=reads(page_of(DirectiveOut, "DirectivePage")), summary="Directives")
def directive_list(request: Call, asked: Query[DirectiveQuery]) -> Any:
    """List the directives you see, your office's drafts among them."""
    rows = narrowed(DirectiveFilter, asked, Directive.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED), asked, DirectiveOut, lambda found: _lines(found, request.user))


@router.get("/directives/figures", response=reads(LeadOut), summary="How often notice was given in time")
def directive_figures(request: Call, asked: Query[PeriodQuery]) -> Any:
    """Count how often the notice asked for was kept, over the directives you see."""
    known_only(request, asked)
    require(request.user.may(Permission.VIEW))
    rows = Directive.objects.visible_to(request.user)
    rows = rows.filter(issued_on__gte=asked.issued_from) if asked.issued_from else rows
    rows = rows.filter(issued_on__lte=asked.issued_to) if asked.issued_to else rows
    return done(asdict(lead_figures(rows)), LeadOut)


@router.get("/directives/{pk}", response=reads_one(DirectiveOut), summary="One directive")
def directive(request: Call, pk: Pk) -> Any:
    """Show one directive; its ETag is needed to act on a draft."""
    return _answer(request, pk)


@router.get(
    "/directives/{pk}/recipients",
    response=reads(page_of(RecipientOut, "DirectiveRecipientPage")),
    summary="Who got a directive",
)
def recipient_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the units it was issued to, as far as you see them."""
    row = _visible(request.user, pk)
    rows = DirectiveRecipient.objects.visible_to(request.user).filter(directive=row)
    return page(request, rows.select_related("unit", "received_by"), asked, RecipientOut, _recipient_lines)


@router.post("/directives", response=writes(DirectiveOut, 201), openapi_extra=KEYED, summary="Draft a directive")
def draft_directive(request: Call, sent: NewDirective) -> Any:
    """Draft a directive of a unit for whose office you write."""
    issuer = drafting_unit(request.user, sent.issuing_unit)
    form = _form(request.user, issuer, sent, None)

    def run() -> Any:
        made = actions.draft_directive(issuing_unit=issuer, by=request.user, **form.facts())
        return _answer(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/directives/{pk}/change",
    response=writes(DirectiveOut),
    openapi_extra=VERSIONED,
    summary="Change a draft directive",
)
def change_directive(request: Call, pk: Pk, sent: DirectiveIn) -> Any:
    """Write a draft anew: what is not sent is empty."""

    def act(row: Directive, version: int) -> object:
        form = _form(request.user, row.issuing_unit, sent, version)
        return actions.change_directive(directive=row, by=request.user, version=version, **form.facts())

    return _act(request, pk, act)


@router.post(
    "/directives/{pk}/issue", response=writes(DirectiveOut), openapi_extra=VERSIONED, summary="Issue a directive"
)
def issue_directive(request: Call, pk: Pk, sent: Issue) -> Any:
    """Issue a draft: the units addressed see it from now on."""

    def act(row: Directive, version: int) -> object:
        values = {**sent.model_dump(), "version": version}
        given = filled(DirectiveIssueForm, values).cleaned_data
        return actions.issue_directive(directive=row, by=request.user, **given)

    return _act(request, pk, act)


@router.post(
    "/directives/{pk}/discard", response=writes(Gone), openapi_extra=VERSIONED, summary="Throw a draft directive away"
)
def discard_directive(request: Call, pk: Pk) -> Any:
    """Throw a draft away; the log keeps that it was there."""

    def run() -> Any:
        row = _editable(request.user, pk)
        version = seen_number(request, row.version)
        actions.discard_directive(directive=row, by=request.user, version=version)
        return done({"gone": pk}, Gone)

    return once(request, run)


@router.post(
    "/directives/{pk}/receive", response=writes(DirectiveOut), openapi_extra=KEYED, summary="Say it was received"
)
def receive_directive(request: Call, pk: Pk) -> Any:
    """Say that your own unit has received it."""

    def run() -> Any:
        actions.receive_directive(directive=_visible(request.user, pk), by=request.user)
        return _answer(request, pk)

    return once(request, run)


def drafting_unit(user: User, pk: int) -> Unit:
    """Return a unit for which `user` drafts; else 404."""
    found: Unit | None = drafting_for(user, clock.today()).filter(pk=pk).first()
    require(found is not None)
    assert found is not None  # noqa: S101  # for the type checker
    return found


def plans_shown(user: User, pks: set[int | None]) -> set[int]:
    """Return which of some plans `user` sees; one query."""
    return set(Plan.objects.visible_to(user).filter(pk__in=pks - {None}).values_list("pk", flat=True))


def _form(user: User, issuer: Unit, sent: DirectiveIn, version: int | None) -> DirectiveForm:
    """Return the form of the page, valid. `version`: of the draft; none: a new one."""
    values = {name: value for name, value in sent.model_dump().items() if name != "issuing_unit"}
    values["drafting_unit"] = sent.drafting_unit or issuer.pk
    known: dict[str, Any] = {"issuer": issuer, "user": user, "today": clock.today(), "drafted": version is not None}
    return filled(lambda data: DirectiveForm(data, **known), {**values, "version": version})


def _act(request: Call, pk: int, act: Callable[[Directive, int], object]) -> Any:
    def run() -> Any:
        row = _editable(request.user, pk)
        act(row, seen_number(request, row.version))
        return _answer(request, pk)

    return once(request, run)


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, DirectiveOut, _lines([row], request.user)[0], row.version, status)


def _visible(user: User, pk: int) -> Directive:
    found: Directive = get_visible_or_404(Directive.objects.select_related(*RELATED, "plan", "solution"), user, pk)
    return found


def _editable(user: User, pk: int) -> Directive:
    row = _visible(user, pk)
    require(may_edit(user, row))
    return row


def _lines(rows: Sequence[Directive], user: User) -> list[dict[str, Any]]:
    """Return directives as told; one query for the plans among them that the caller sees."""
    plans = plans_shown(user, {row.plan_id for row in rows})
    plain = (
        "version", "kind", "symbol", "title", "text", "agreed_with", "rolls_out_on", "urgent", "urgent_reason",
        "issued_on", "earliest_roll_out",
    )  # fmt: skip
    return [
        {
            **facts(row, *plain),
            "issuing_unit": unit_ref(row.issuing_unit),
            "drafting_unit": unit_ref(row.drafting_unit),
            "plan": row.plan_id if row.plan_id in plans else None,
            "issued_by": person_ref(row.issued_by),
            "created_by": person_ref(row.created_by),
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows
    ]


def _recipient_lines(rows: Sequence[DirectiveRecipient]) -> list[dict[str, Any]]:
    return [
        {**facts(row, "received_on"), "unit": unit_ref(row.unit), "received_by": person_ref(row.received_by)}
        for row in rows
    ]
