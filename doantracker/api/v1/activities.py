"""Provincial activities: drafted, commented on, agreed to, issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
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
from doantracker.api.v1.directives import drafting_unit, plans_shown
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import Gone, facts, filled
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
from plans.actions import activities as actions
from plans.directive_rights import commenting_units, may_edit, may_give_opinion
from plans.enums import ActivityState, Opinion
from plans.filters import ActivityFilter
from plans.forms.directives import ActivityForm, ActivityIssueForm
from plans.models import Activity, ActivityComment
from units.access import get_visible_or_404, require
from units.models import Unit, User
from units.permissions import Permission

router = Router(tags=["directives"])
RELATED: Final = ("issuing_unit", "drafting_unit", "host_unit", "opinion_by", "issued_by", "created_by")


class ActivityOut(Schema):
    """A provincial activity: a draft until its plan is issued."""

    id: int
    version: int
    state: ActivityState
    title: str
    symbol: str
    text: str
    held_on: dt.date | None
    issuing_unit: UnitRef
    drafting_unit: UnitRef
    host_unit: UnitRef | None
    plan: int | None = Field(description="The plan it belongs to, where you see it.")
    opinion_text: str = Field(description="For the issuer's people; empty for others.")
    opinion_symbol: str
    opinion_on: dt.date | None
    issued_on: dt.date | None
    issued_by: PersonRef | None
    created_by: PersonRef
    page: str = Field(description="The address of its page, for people.")


class CommentOut(Schema):
    """What a department said about a draft."""

    id: int
    unit: UnitRef
    text: str
    author: PersonRef
    at: dt.datetime


class ActivityQuery(PageQuery):
    """Which activities: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of symbol or title.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None
    state: ActivityState | None = None


class ActivityIn(Sent):
    """An activity as drafted."""

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    text: Annotated[Text, Field(min_length=1, max_length=20_000)]
    drafting_unit: Id | None = Field(default=None, description="The issuer or a department of it; null: the issuer.")
    held_on: Day | None = None
    host_unit: Id | None = None
    plan: Id | None = None


class NewActivity(ActivityIn):
    """An activity to draft."""

    issuing_unit: Id


class CommentIn(Sent):
    """What a department says."""

    unit: Id
    text: Annotated[Text, Field(min_length=1, max_length=4000)]


class OpinionIn(Sent):
    """What the standing body said."""

    opinion: Opinion
    words: Annotated[Text, Field(min_length=1, max_length=4000)]
    symbol: Annotated[Text, Field(max_length=60)] = ""
    given_on: Day


class IssueActivity(Sent):
    """The plan of an activity as issued."""

    symbol: Annotated[Text, Field(min_length=1, max_length=60)]
    issued_on: Day
    host_unit: Id
    despite_no_comment: Switch = False


@router.get("/activities", response=reads(page_of(ActivityOut, "ActivityPage")), summary="Provincial activities")
def activity_list(request: Call, asked: Query[ActivityQuery]) -> Any:
    """List the activities you see, your office's drafts among them."""
    rows = narrowed(ActivityFilter, asked, Activity.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED), asked, ActivityOut, lambda found: _lines(found, request.user))


@router.get("/activities/{pk}", response=reads_one(ActivityOut), summary="One activity")
def activity(request: Call, pk: Pk) -> Any:
    """Show one activity; its ETag is needed to act on a draft."""
    return _answer(request, pk)


@router.get(
    "/activities/{pk}/comments",
    response=reads(page_of(CommentOut, "ActivityCommentPage")),
    summary="What departments said",
)
def comment_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what departments said about the draft; for the issuer's people only, as on the page."""
    row = _visible(request.user, pk)
    rows = ActivityComment.objects.filter(activity=row).select_related("unit", "author")
    rows = rows if request.user.may(Permission.VIEW, row.issuing_unit) else rows.none()
    return page(request, rows, asked, CommentOut, _comment_lines)


@router.post("/activities", response=writes(ActivityOut, 201), openapi_extra=KEYED, summary="Draft an activity")
def draft_activity(request: Call, sent: NewActivity) -> Any:
    """Draft an activity of a unit for whose office you write."""
    issuer = drafting_unit(request.user, sent.issuing_unit)
    form = _form(request.user, issuer, sent, None)

    def run() -> Any:
        made = actions.draft_activity(issuing_unit=issuer, by=request.user, **form.facts())
        return _answer(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/activities/{pk}/change", response=writes(ActivityOut), openapi_extra=VERSIONED, summary="Change a draft activity"
)
def change_activity(request: Call, pk: Pk, sent: ActivityIn) -> Any:
    """Write a draft anew: what is not sent is empty. An opinion given before is taken back."""

    def act(row: Activity, version: int) -> object:
        require(may_edit(request.user, row))
        form = _form(request.user, row.issuing_unit, sent, version)
        return actions.change_activity(activity=row, by=request.user, version=version, **form.facts())

    return _act(request, pk, act)


@router.post(
    "/activities/{pk}/comments", response=writes(ActivityOut, 201), openapi_extra=KEYED, summary="Comment on a draft"
)
def comment(request: Call, pk: Pk, sent: CommentIn) -> Any:
    """Say what a department thinks of a draft."""

    def run() -> Any:
        row = _visible(request.user, pk)
        unit = commenting_units(request.user, row).filter(pk=sent.unit).first()
        require(unit is not None)
        actions.comment_on_activity(activity=row, by=request.user, unit=unit, text=sent.text)
        return _answer(request, pk, 201)

    return once(request, run)


@router.post(
    "/activities/{pk}/opinion",
    response=writes(ActivityOut),
    openapi_extra=VERSIONED,
    summary="Record the opinion of the standing body",
)
def opinion(request: Call, pk: Pk, sent: OpinionIn) -> Any:
    """Record what the standing body said, never by who drafted."""

    def act(row: Activity, version: int) -> object:
        require(may_give_opinion(request.user, row))
        return actions.give_opinion(activity=row, by=request.user, version=version, **sent.model_dump())

    return _act(request, pk, act)


@router.post(
    "/activities/{pk}/issue",
    response=writes(ActivityOut),
    openapi_extra=VERSIONED,
    summary="Issue the plan of an activity",
)
def issue_activity(request: Call, pk: Pk, sent: IssueActivity) -> Any:
    """Mark the plan of an activity as issued; the standing body must have agreed."""

    def act(row: Activity, version: int) -> object:
        require(may_edit(request.user, row))
        known: dict[str, Any] = {"issuer": row.issuing_unit, "today": clock.today()}
        form = filled(lambda data: ActivityIssueForm(data, **known), {**sent.model_dump(), "version": version})
        return actions.issue_activity(activity=row, by=request.user, **form.cleaned_data)

    return _act(request, pk, act)


@router.post(
    "/activities/{pk}/discard", response=writes(Gone), openapi_extra=VERSIONED, summary="Throw a draft activity away"
)
def discard_activity(request: Call, pk: Pk) -> Any:
    """Throw a draft away with its comments; the log keeps what was said."""

    def run() -> Any:
        row = _visible(request.user, pk)
        require(may_edit(request.user, row))
        version = seen_number(request, row.version)
        actions.discard_activity(activity=row, by=request.user, version=version)
        return done({"gone": pk}, Gone)

    return once(request, run)


def _form(user: User, issuer: Unit, sent: ActivityIn, version: int | None) -> ActivityForm:
    values = {name: value for name, value in sent.model_dump().items() if name != "issuing_unit"}
    values["drafting_unit"] = sent.drafting_unit or issuer.pk
    known: dict[str, Any] = {"issuer": issuer, "user": user, "today": clock.today(), "drafted": version is not None}
    return filled(lambda data: ActivityForm(data, **known), {**values, "version": version})


def _act(request: Call, pk: int, act: Callable[[Activity, int], object]) -> Any:
    def run() -> Any:
        row = _visible(request.user, pk)
        act(row, seen_number(request, row.version))
        return _answer(request, pk)

    return once(request, run)


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, ActivityOut, _lines([row], request.user)[0], row.version, status)


def _visible(user: User, pk: int) -> Activity:
    found: Activity = get_visible_or_404(Activity.objects.select_related(*RELATED, "plan"), user, pk)
    return found


def _lines(rows: Sequence[Activity], user: User) -> list[dict[str, Any]]:
    """Return activities as told; what was said before the issue is for the issuer's people only."""
    plans = plans_shown(user, {row.plan_id for row in rows})
    plain = ("version", "state", "title", "symbol", "text", "held_on", "opinion_symbol", "opinion_on", "issued_on")
    lines = []
    for row in rows:
        of_issuer = user.may(Permission.VIEW, row.issuing_unit)
        line = {
            **facts(row, *plain),
            "issuing_unit": unit_ref(row.issuing_unit),
            "drafting_unit": unit_ref(row.drafting_unit),
            "host_unit": unit_ref(row.host_unit) if row.host_unit else None,
            "plan": row.plan_id if row.plan_id in plans else None,
            "opinion_text": row.opinion_text if of_issuer else "",
            "issued_by": person_ref(row.issued_by),
            "created_by": person_ref(row.created_by),
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        lines.append(line if of_issuer else {**line, "opinion_symbol": "", "opinion_on": None})
    return lines


def _comment_lines(rows: Sequence[ActivityComment]) -> list[dict[str, Any]]:
    return [{**facts(row, "text", "at"), "unit": unit_ref(row.unit), "author": person_ref(row.author)} for row in rows]
