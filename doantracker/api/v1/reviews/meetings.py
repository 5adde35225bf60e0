"""Meetings: planned, changed, moved, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    Body,
    BodyOut,
    Clock,
    Ids,
    acted,
    as_seen,
    changes,
    creates,
    lists,
    made,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, done, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import Reason
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import GREATEST, Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions import meetings
from reviews.bodies import members_of
from reviews.enums import MeetingKind, MeetingState
from reviews.filters import MeetingFilter
from reviews.forms.meetings import waited_for
from reviews.models import Meeting
from reviews.rights import may_plan, meeting_units
from reviews.views.shared import visible_meeting
from units.access import require
from units.models import Post, Unit, User

router = Router(tags=["reviews"])
RELATED: Final = ("unit", "event", "chair", "secretary")
WIDEST: Final = Post.Body.EXECUTIVE_COMMITTEE
MOST_DAYS: Final = 40  # of a year


class MeetingOut(Schema):
    """A meeting of a body of a unit."""

    id: int
    version: int
    unit: UnitRef
    body: BodyOut
    kind: MeetingKind
    title: str
    day: dt.date | None = Field(description="The planned day; null: not known yet.")
    starts_at: dt.time | None = Field(description="HH:MM:SS.")
    place: str
    state: MeetingState
    chair: PersonRef | None
    secretary: PersonRef | None
    held_on: dt.date | None = Field(description="The day it was held; null: not recorded.")
    minutes_symbol: str = Field(description="Number and symbol of the minutes.")
    page: str = Field(description="The address of its page, for people.")


class MeetingsPlannedOut(Schema):
    """The meetings planned, by id."""

    meetings: list[int]


class MeetingQuery(PageQuery):
    """Which meetings: the filters of their page."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    body: Annotated[str | None, Field(max_length=30)] = None
    state: MeetingState | None = None
    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None


class MeetingFacts(Sent):
    """What is said of a meeting besides its day."""

    title: Annotated[Text, Field(max_length=300, description="Empty: the usual one.")] = ""
    kind: MeetingKind = MeetingKind.REGULAR
    starts_at: Clock | None = Field(default=None, description="HH:MM.")
    place: Annotated[Text, Field(max_length=200)] = ""
    chair: Id | None = Field(default=None, description="The id of a person: a member of the executive committee.")
    secretary: Id | None = Field(default=None, description="The id of a person: a member of the executive committee.")

    def values(self, people: Sequence[User]) -> dict[str, Any]:
        """Return what the acts take; only who sits in the executive committee can be named."""
        facts: dict[str, Any] = {n: getattr(self, n) for n in ("title", "kind", "starts_at", "place")}
        return facts | {n: one_of(people, getattr(self, n), n) for n in ("chair", "secretary")}


class NewMeeting(MeetingFacts):
    """A meeting to plan. `event`: it becomes a meeting that published plans wait for, with the day that has."""

    unit: Id
    body: Body
    day: Day | None = Field(default=None, description="Null: not known yet, or that of `event`.")
    event: Id | None = Field(default=None, description="The id of an event that published plans wait for.")


class NewMeetingYear(Sent):
    """Regular meetings on these days."""

    unit: Id
    body: Body
    days: Annotated[list[Day], Field(min_length=1, max_length=MOST_DAYS)]
    starts_at: Clock | None = None
    place: Annotated[Text, Field(max_length=200)] = ""


class MeetingMove(Sent):
    """The day; `also` are deadlines with a day of their own that move too."""

    day: Day
    also: Ids = Field(default_factory=list, description="Ids of deadlines with a day of their own that move too.")


@lists(router, "/meetings", MeetingOut, "MeetingPage", "List meetings")
def meeting_list(request: Call, asked: Query[MeetingQuery]) -> Any:
    """List the meetings of the units you see."""
    rows = narrowed(MeetingFilter, asked, Meeting.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED), asked, MeetingOut, _lines)


@shows(router, "/meetings/{pk}", MeetingOut, "Show a meeting")
def meeting(request: Call, pk: Pk) -> Any:
    """Show one meeting."""
    return _told(request, pk)


@creates(router, "/meetings", MeetingOut, "Plan a meeting")
def plan_meeting(request: Call, sent: NewMeeting) -> Any:
    """Plan a meeting of a body."""
    unit, today = _unit(request, sent.unit), clock.today()

    def make() -> Meeting:
        values = sent.values(members_of(unit, WIDEST, today))
        event = one_of(waited_for(unit), sent.event, "event")
        facts: dict[str, Any] = {"unit": unit, "body": sent.body, "day": sent.day, "values": values, "event": event}
        return meetings.plan_meeting(by=request.user, **facts)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@creates(router, "/meeting-years", MeetingsPlannedOut, "Plan the meetings of a year", 200)
def plan_year(request: Call, sent: NewMeetingYear) -> Any:
    """Plan regular meetings; a day on which the body meets already is left out."""
    unit = _unit(request, sent.unit)
    values = {"starts_at": sent.starts_at, "place": sent.place}

    def make() -> list[Meeting]:
        return meetings.plan_year(unit=unit, body=sent.body, days=sent.days, values=values, by=request.user)

    return made(request, make, lambda rows: done({"meetings": [row.pk for row in rows]}, MeetingsPlannedOut))


@changes(router, "/meetings/{pk}/change", MeetingOut, "Change a meeting")
def change_meeting(request: Call, pk: Pk, sent: MeetingFacts) -> Any:
    """Change what is said of a meeting that is not recorded yet."""

    def act(row: Meeting) -> None:
        people = members_of(row.unit, WIDEST, row.event.day or clock.today())
        values = sent.values([*people, *(p for p in (row.chair, row.secretary) if p)])
        version = seen_number(request, row.version)
        meetings.change_meeting(meeting=row, values=values, by=request.user, version=version)

    return on_meeting(request, pk, act)


@changes(router, "/meetings/{pk}/move", MeetingOut, "Give a meeting its day")
def move_meeting(request: Call, pk: Pk, sent: MeetingMove) -> Any:
    """Give a meeting its day, or another one: what hangs on it moves along."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        meetings.move_meeting(meeting=row, day=sent.day, by=request.user, also=sent.also)

    return on_meeting(request, pk, act)


@changes(router, "/meetings/{pk}/cancel", MeetingOut, "Call a meeting off")
def cancel_meeting(request: Call, pk: Pk, sent: Reason) -> Any:
    """Call a meeting off: open work that hangs on it has no day until somebody gives one."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        meetings.cancel_meeting(meeting=row, reason=sent.reason, by=request.user)

    return on_meeting(request, pk, act)


def _unit(request: Call, pk: int) -> Unit:
    found: Unit = offered_or_404(meeting_units(request.user, clock.today()), pk)
    return found


def on_meeting(
    request: Call,
    pk: int,
    act: Callable[[Meeting], None],
    told: Callable[[Call, int], Any] | None = None,
) -> Any:
    """Do an act of who plans the meetings of the unit; the answer is the meeting, or what is `told` in its place."""

    def run() -> None:
        row = visible_meeting(request.user, pk)
        require(may_plan(request.user, row.unit))
        act(row)

    return acted(request, run, lambda: (told or _told)(request, pk))


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_meeting(request.user, pk)
    return one(request, MeetingOut, _lines([row])[0], row.version, status)


def _lines(rows: Sequence[Meeting]) -> list[dict[str, Any]]:
    plain = ("version", "body", "kind", "title", "starts_at", "place", "state", "held_on", "minutes_symbol")
    return [
        {
            **plain_of(row, plain),
            "unit": unit_ref(row.unit),
            "day": row.planned_on,
            "chair": person_ref(row.chair),
            "secretary": person_ref(row.secretary),
            "page": page_at(row),
        }
        for row in rows
    ]
