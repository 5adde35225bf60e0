"""Pledges of heads of units and their deputies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    PaperNumber,
    Seen,
    Words,
    Year,
    acted,
    changes,
    creates,
    lists,
    made,
    number_in,
    offered_or_404,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import Reason
from doantracker.api.v1.types import Id, PersonRef, Pk, Sent, UnitRef, person_ref, unit_ref
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions import pledges as actions
from reviews.actions.pledges import hand_in_pledge
from reviews.enums import PledgeState
from reviews.models import Pledge
from reviews.querysets import who_pledges
from units.access import get_visible_or_404
from units.models import User

router = Router(tags=["reviews"])
RELATED: Final = ("appointment__user", "appointment__post__unit", "decided_by")


class PledgeOut(Schema):
    """What the head of a unit or a deputy pledged for a year."""

    id: int
    version: int
    person: PersonRef
    post: str = Field(description="The title of the post.")
    unit: UnitRef
    year: int
    text: str
    document_number: str = Field(description="Number and symbol of the paper.")
    file: str = Field(description="The name of the paper attached, empty without one; it is read on the page.")
    state: PledgeState
    reason: str = Field(description="Why it was returned.")
    handed_in_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: PersonRef | None
    page: str = Field(description="The address of its page, for people.")


class PledgeQuery(PageQuery):
    """Which pledges."""

    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None
    state: PledgeState | None = None


class NewPledge(Sent):
    """The pledge of an appointment for a year; `version` of the one that was returned, 0: none yet."""

    appointment: Id = Field(description="The id of the appointment whose holder pledges.")
    year: Year
    text: Words = ""
    document_number: PaperNumber = ""
    version: Seen = 0


@lists(router, "/pledges", PledgeOut, "PledgePage", "List pledges")
def pledge_list(request: Call, asked: Query[PledgeQuery]) -> Any:
    """List the pledges in the units you see, and your own."""
    rows = Pledge.objects.visible_to(request.user).select_related(*RELATED)
    chosen = {name: value for name, value in (("year", asked.year), ("state", asked.state)) if value}
    return page(request, rows.filter(**chosen), asked, PledgeOut, _lines)


@shows(router, "/pledges/{pk}", PledgeOut, "Show a pledge")
def pledge(request: Call, pk: Pk) -> Any:
    """Show one pledge; its ETag is needed to decide about it."""
    return _told(request, pk)


@creates(router, "/pledges", PledgeOut, "Hand in a pledge")
def hand_in(request: Call, sent: NewPledge) -> Any:
    """Hand in a pledge for a year, or a better one after it was returned."""

    def make() -> Pledge:
        owed = who_pledges(request.user, sent.year).select_related("user", "post__unit")
        facts: dict[str, Any] = sent.model_dump(include={"year", "text", "version"})
        facts |= {"appointment": offered_or_404(owed, sent.appointment)}
        return hand_in_pledge(by=request.user, document_number=number_in(sent.document_number), **facts)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/pledges/{pk}/accept", PledgeOut, "Accept a pledge")
def accept(request: Call, pk: Pk) -> Any:
    """Accept what was handed in."""
    return _decide(request, pk, actions.accept_pledge)


@changes(router, "/pledges/{pk}/return", PledgeOut, "Return a pledge")
def return_pledge(request: Call, pk: Pk, sent: Reason) -> Any:
    """Give a pledge back with a reason."""
    return _decide(request, pk, lambda **who: actions.return_pledge(**who, reason=sent.reason))


def _decide(request: Call, pk: int, act: Callable[..., object]) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        act(pledge=row, by=request.user, version=seen_number(request, row.version))

    return acted(request, run, lambda: _told(request, pk))


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, PledgeOut, _lines([row])[0], row.version, status)


def _visible(user: User, pk: int) -> Pledge:
    rows: QuerySet[Pledge] = Pledge.objects.select_related(*RELATED)
    return get_visible_or_404(rows, user, pk)


def _lines(rows: Sequence[Pledge]) -> list[dict[str, Any]]:
    plain = ("version", "year", "text", "document_number", "state", "reason", "handed_in_at", "decided_at")
    return [
        {
            **plain_of(row, plain),
            "person": person_ref(row.appointment.user),
            "post": row.appointment.post.title,
            "unit": unit_ref(row.appointment.post.unit),
            "file": row.original_name,
            "decided_by": person_ref(row.decided_by),
            "page": page_at(row),
        }
        for row in rows
    ]
