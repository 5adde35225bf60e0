"""Agendas of meetings: what is on them, what is due to a meeting and not on them yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Ids, as_seen, changes, one_of, plain_of, shows, wrong
from doantracker.api.v1.answers import one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.meetings import on_meeting
from doantracker.api.v1.types import Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from reviews.actions import agenda
from reviews.actions.agenda import MOST_PAPER_DAYS
from reviews.actions.locking import require_planned
from reviews.bodies import members_of
from reviews.enums import ItemTopic, Why
from reviews.meeting_page import Work, item_rows
from reviews.models import AgendaItem, Meeting
from reviews.proposals import chosen, open_requests, proposals_of
from reviews.rights import may_plan
from reviews.views.shared import item_of, visible_meeting
from units.access import require
from units.models import Unit

router = Router(tags=["reviews"])


class WorkOut(Schema):
    """What came of it in the register: how many deadlines you see, and how many of them are handed in."""

    total: int
    done: int


class AgendaItemOut(Schema):
    """One item of an agenda."""

    id: int
    ordinal: int = Field(description="Its place on the agenda, from 1 on.")
    title: str
    topic: ItemTopic
    presenter_unit: UnitRef | None
    presenter: PersonRef | None
    work: WorkOut | None = Field(description="The work of the register it is about.")
    paper: WorkOut | None = Field(description="The paper owed before the meeting.")


class AgendaOut(Schema):
    """The agenda of a meeting in order."""

    meeting: int
    version: int
    items: list[AgendaItemOut]


class AgendaProposalOut(Schema):
    """Work that is due to a meeting and not on its agenda."""

    deadline: int = Field(description="The id of one of the deadlines it stands for.")
    text: str
    plan: str = Field(description="The name of the plan.")
    units: int = Field(description="How many units owe it.")
    done: int = Field(description="How many of the units have handed in.")
    due_on: dt.date | None
    why: Why | None = Field(description="Why it is proposed.")


class AgendaProposalsOut(Schema):
    """What is due to a meeting; `requests` of units that wait for an answer."""

    meeting: int
    version: int
    items: list[AgendaProposalOut]
    requests: int = Field(description="How many requests of units wait for an answer.")


class AgendaItemIn(Sent):
    """What an item is about and who presents it; with `paper_days` its unit owes a paper so many days before."""

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    presenter_unit: Id | None = Field(default=None, description="The id of a unit: the one that meets, or one below.")
    presenter: Id | None = Field(default=None, description="The id of a person: a member of the body.")
    paper_days: Annotated[int | None, Field(ge=0, le=MOST_PAPER_DAYS, strict=True)] = Field(
        default=None,
        description="So many days before the meeting the presenting unit owes its paper; null: it owes none.",
    )

    def facts(self, row: Meeting) -> dict[str, Any]:
        """Return what the acts take."""
        if self.paper_days is not None and self.presenter_unit is None:
            raise wrong("presenter_unit")
        today = clock.today()
        people = members_of(row.unit, row.body, row.event.day or today)
        units = Unit.objects.below(row.unit).in_force(today)
        values = {
            "title": self.title,
            "presenter_unit": one_of(units, self.presenter_unit, "presenter_unit"),
            "presenter": one_of(people, self.presenter, "presenter"),
        }
        return {"values": values, "paper_days": self.paper_days}


class AgendaPlace(Sent):
    """Where to: one place up, or down."""

    up: Switch = Field(description="True: one place up; false: one place down.")


class AgendaPicked(Sent):
    """Which of the work proposed goes on the agenda; with `requests` the open requests as one item."""

    deadlines: Ids = Field(default_factory=list, description="Ids of deadlines among those proposed.")
    requests: Switch = Field(default=False, description="The open requests of units as one item.")


@shows(router, "/meetings/{pk}/agenda", AgendaOut, "Show the agenda of a meeting")
def agenda_of(request: Call, pk: Pk) -> Any:
    """Show the agenda in order, with the papers owed; its ETag is that of the meeting's version."""
    return _told(request, pk)


@shows(router, "/meetings/{pk}/proposals", AgendaProposalsOut, "Show what is due to a meeting")
def proposals(request: Call, pk: Pk) -> Any:
    """Show the work that is due to a meeting and not on its agenda, to who makes the agenda."""
    row = visible_meeting(request.user, pk)
    require(may_plan(request.user, row.unit))
    require_planned(row)
    plain = ("text", "plan", "units", "done", "due_on", "why")
    items = [{"deadline": p.pk} | {n: getattr(p, n) for n in plain} for p in proposals_of(row, user=request.user)]
    requests = open_requests(row, user=request.user).total
    facts: dict[str, Any] = {"meeting": row.pk, "version": row.version, "items": items, "requests": requests}
    return one(request, AgendaProposalsOut, facts, row.version)


@changes(router, "/meetings/{pk}/agenda", AgendaOut, "Add an item to an agenda")
def add_item(request: Call, pk: Pk, sent: AgendaItemIn) -> Any:
    """Add an item at the end of the agenda. If-Match: the ETag of the meeting or its agenda."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        agenda.add_item(meeting=row, by=request.user, **sent.facts(row))

    return on_meeting(request, pk, act, told=_told)


@changes(router, "/meetings/{pk}/proposals", AgendaOut, "Put proposed work on the agenda")
def add_proposed(request: Call, pk: Pk, sent: AgendaPicked) -> Any:
    """Put work that is due to the meeting on its agenda."""

    def act(row: Meeting) -> None:
        asked = open_requests(row, user=request.user)
        agenda.add_proposed(
            meeting=row,
            deadlines=chosen(row, sent.deadlines, user=request.user),
            requests=asked.words if sent.requests else "",
            by=request.user,
            version=seen_number(request, row.version),
        )

    return on_meeting(request, pk, act, told=_told)


@changes(router, "/agenda-items/{pk}/change", AgendaOut, "Change an item of an agenda")
def change_item(request: Call, pk: Pk, sent: AgendaItemIn) -> Any:
    """Change an item of an agenda. If-Match: the ETag of the meeting or its agenda."""

    def act(row: Meeting, item: AgendaItem) -> None:
        version = seen_number(request, row.version)
        agenda.change_item(item=item, by=request.user, version=version, **sent.facts(row))

    return _about_item(request, pk, act)


@changes(router, "/agenda-items/{pk}/move", AgendaOut, "Move an item of an agenda")
def move_item(request: Call, pk: Pk, sent: AgendaPlace) -> Any:
    """Move an item one place up or down."""

    def act(row: Meeting, item: AgendaItem) -> None:
        agenda.move_item(item=item, up=sent.up, by=request.user, version=seen_number(request, row.version))

    return _about_item(request, pk, act)


@changes(router, "/agenda-items/{pk}/drop", AgendaOut, "Take an item off an agenda")
def drop_item(request: Call, pk: Pk) -> Any:
    """Take an item off the agenda; a paper that is still owed for it is called off."""

    def act(row: Meeting, item: AgendaItem) -> None:
        agenda.drop_item(item=item, by=request.user, version=seen_number(request, row.version))

    return _about_item(request, pk, act)


def _about_item(request: Call, pk: int, act: Callable[[Meeting, AgendaItem], None]) -> Any:
    seen_ones = Meeting.objects.visible_to(request.user).order_by().values("pk")
    items = AgendaItem.objects.filter(pk=pk, meeting__in=seen_ones)
    found: int | None = items.values_list("meeting", flat=True).first()

    def run(row: Meeting) -> None:
        act(row, item_of(row, pk))

    require(found is not None)
    return on_meeting(request, found or 0, run, told=_told)


def _told(request: Call, pk: int) -> Any:
    row = visible_meeting(request.user, pk)
    plain = ("ordinal", "title", "topic")
    items = [
        {
            **plain_of(found.item, plain),
            "presenter_unit": unit_ref(found.item.presenter_unit) if found.item.presenter_unit else None,
            "presenter": person_ref(found.item.presenter),
            "work": _work(found.work),
            "paper": _work(found.paper),
        }
        for found in item_rows(row, user=request.user, today=clock.today())
    ]
    return one(request, AgendaOut, {"meeting": row.pk, "version": row.version, "items": items}, row.version)


def _work(work: Work | None) -> dict[str, int] | None:
    return {"total": work.total, "done": work.done} if work else None
