"""Meetings and pledges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.conf import settings
from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import VERSIONED, PageQuery, one, page, page_of, reads, reads_one, seen_number, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import Reason
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.types import GREATEST, PersonRef, Pk, UnitRef, person_ref, unit_ref
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions import pledges as actions
from reviews.enums import MeetingKind, MeetingState, PledgeState
from reviews.filters import MeetingFilter
from reviews.models import Meeting, Pledge
from units.access import get_visible_or_404
from units.models import User

router = Router(tags=["reviews"])
RELATED_OF_MEETING: Final = ("unit", "event", "chair", "secretary")
RELATED_OF_PLEDGE: Final = ("appointment__user", "appointment__post__unit", "decided_by")


class MeetingOut(Schema):
    """A meeting of a body of a unit."""

    id: int
    version: int
    unit: UnitRef
    body: str
    kind: MeetingKind
    title: str
    day: dt.date | None
    starts_at: dt.time | None
    place: str
    state: MeetingState
    chair: PersonRef | None
    secretary: PersonRef | None
    held_on: dt.date | None
    minutes_symbol: str
    page: str = Field(description="The address of its page, for people.")


class PledgeOut(Schema):
    """What the head of a unit or a deputy pledged for a year."""

    id: int
    version: int
    person: PersonRef
    post: str
    unit: UnitRef
    year: int
    text: str
    document_number: str
    file: str = Field(description="The name of the paper attached, empty without one; it is read on the page.")
    state: PledgeState
    reason: str
    handed_in_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: PersonRef | None
    page: str = Field(description="The address of its page, for people.")


class MeetingQuery(PageQuery):
    """Which meetings: the filters of their page."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    body: Annotated[str | None, Field(max_length=30)] = None
    state: MeetingState | None = None
    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None


class PledgeQuery(PageQuery):
    """Which pledges."""

    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None
    state: PledgeState | None = None


@router.get("/meetings", response=reads(page_of(MeetingOut, "MeetingPage")), summary="Meetings")
def meeting_list(request: Call, asked: Query[MeetingQuery]) -> Any:
    """List the meetings of the units you see."""
    rows = narrowed(MeetingFilter, asked, Meeting.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED_OF_MEETING), asked, MeetingOut, meeting_lines)


@router.get("/meetings/{pk}", response=reads_one(MeetingOut), summary="One meeting")
def meeting(request: Call, pk: Pk) -> Any:
    """Show one meeting."""
    row = get_visible_or_404(Meeting.objects.select_related(*RELATED_OF_MEETING), request.user, pk)
    return one(request, MeetingOut, meeting_lines([row])[0], row.version)


@router.get("/pledges", response=reads(page_of(PledgeOut, "PledgePage")), summary="Pledges")
def pledge_list(request: Call, asked: Query[PledgeQuery]) -> Any:
    """List the pledges in the units you see, and your own."""
    rows = Pledge.objects.visible_to(request.user).select_related(*RELATED_OF_PLEDGE)
    chosen = {name: value for name, value in (("year", asked.year), ("state", asked.state)) if value}
    return page(request, rows.filter(**chosen), asked, PledgeOut, pledge_lines)


@router.get("/pledges/{pk}", response=reads_one(PledgeOut), summary="One pledge")
def pledge(request: Call, pk: Pk) -> Any:
    """Show one pledge; its ETag is needed to decide about it."""
    return _answer(request, pk)


@router.post("/pledges/{pk}/accept", response=writes(PledgeOut), openapi_extra=VERSIONED, summary="Accept a pledge")
def accept(request: Call, pk: Pk) -> Any:
    """Accept what was handed in."""
    return _decide(request, pk, actions.accept_pledge)


@router.post("/pledges/{pk}/return", response=writes(PledgeOut), openapi_extra=VERSIONED, summary="Return a pledge")
def return_pledge(request: Call, pk: Pk, sent: Reason) -> Any:
    """Give a pledge back with a reason."""
    return _decide(request, pk, lambda **who: actions.return_pledge(**who, reason=sent.reason))


def _decide(request: Call, pk: int, act: Callable[..., object]) -> Any:
    def run() -> Any:
        row = _visible(request.user, pk)
        act(pledge=row, by=request.user, version=seen_number(request, row.version))
        return _answer(request, pk)

    return once(request, run)


def _answer(request: Call, pk: int) -> Any:
    row = _visible(request.user, pk)
    return one(request, PledgeOut, pledge_lines([row])[0], row.version)


def _visible(user: User, pk: int) -> Pledge:
    rows: QuerySet[Pledge] = Pledge.objects.select_related(*RELATED_OF_PLEDGE)
    return get_visible_or_404(rows, user, pk)


def meeting_lines(rows: Sequence[Meeting]) -> list[dict[str, Any]]:
    plain = ("version", "body", "kind", "title", "starts_at", "place", "state", "held_on", "minutes_symbol")
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            "unit": unit_ref(row.unit),
            "day": row.planned_on,
            "chair": person_ref(row.chair),
            "secretary": person_ref(row.secretary),
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows
    ]


def pledge_lines(rows: Sequence[Pledge]) -> list[dict[str, Any]]:
    plain = ("version", "year", "text", "document_number", "state", "reason", "handed_in_at", "decided_at")
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            "person": person_ref(row.appointment.user),
            "post": row.appointment.post.title,
            "unit": unit_ref(row.appointment.post.unit),
            "file": row.original_name,
            "decided_by": person_ref(row.decided_by),
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows
    ]
