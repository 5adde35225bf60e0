"""Events that work hangs on: added, changed, given a day, moved, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any

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
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts, filled, plan_run, plan_seen
from doantracker.api.v1.staging import STAGED, Staged
from doantracker.api.v1.types import Day, Id, Pk, Sent, Text, UnitRef, unit_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import events as actions
from plans.anchoring import Fate
from plans.enums import EventKind, PlanStatus
from plans.event_page import plan_events
from plans.event_preview import preview_of
from plans.forms.events import ChangeEventForm, NewEventForm
from plans.models import Deadline, Event
from plans.resolving import UnitNames
from plans.rights import may_date_event, may_issue_for
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["events"])
RELATED = ("unit", "keeper", "plan")
MOST_TICKS = 500


class EventOut(Schema):
    """Something that work hangs on; its day may not be known yet."""

    id: int
    version: int
    plan: int | None
    unit: UnitRef
    keeper: UnitRef | None
    kind: EventKind
    name: str
    day: dt.date | None
    cancelled: bool
    reason: str
    page: str


class EventFacts(Sent):
    """What an event is and who keeps it."""

    name: Annotated[Text, Field(min_length=1, max_length=300)]
    kind: EventKind = EventKind.OTHER
    keeper: Id | None = None


class NewEvent(EventFacts):
    """An event to add, with its day where that is known."""

    day: Day | None = None


class Ticked(Staged):
    """`also`: deadlines with a day of their own that move along all the same."""

    also: Annotated[list[Id], Field(max_length=MOST_TICKS)] = Field(default_factory=list)


class EventDayIn(Ticked):
    """The day an event is on from now on."""

    day: Day


class CancelIn(Staged):
    """Why an event does not take place."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class MovedOut(Schema):
    """What hangs on the event. The ETag stands for exactly this."""

    done: bool = Field(description="False: a preview.")
    moved: int = Field(description="How many deadlines move, or lose their day.")
    deadlines: list[int] = Field(description="Those of them that you see.")
    left: int = Field(description="How many stay as they are.")


@router.get("/plans/{pk}/events", response=reads(page_of(EventOut, "EventPage")), summary="Events of a plan")
def event_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the events of a plan."""
    rows = plan_events(plan_seen(request.user, pk), request.user)
    return page(request, rows.select_related(*RELATED), asked, EventOut, _lines)


@router.get("/events/{pk}", response=reads_one(EventOut), summary="One event")
def event(request: Call, pk: Pk) -> Any:
    """Show one event; its ETag is needed to change its name."""
    return _answer(request, pk)


@router.post("/plans/{pk}/events", response=writes(EventOut, 201), openapi_extra=KEYED, summary="Add an event")
def add(request: Call, pk: Pk, sent: NewEvent) -> Any:
    """Add an event to a plan."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.DRAFT, PlanStatus.PUBLISHED)
        names = UnitNames.below(plan.issuing_unit, clock.today())
        form = filled(lambda data: NewEventForm(data, names=names), sent.model_dump())
        about: dict[str, Any] = {"unit": plan.issuing_unit, "plan": plan, "by": request.user}
        return _answer(request, actions.create_event(**about, **form.cleaned_data).pk, 201)

    return once(request, run)


@router.post("/events/{pk}/change", response=writes(EventOut), openapi_extra=VERSIONED, summary="Change an event")
def change(request: Call, pk: Pk, sent: EventFacts) -> Any:
    """Give an event another name, kind or keeper; its day stays."""

    def run() -> Any:
        found = _visible(request.user, pk)
        require(may_issue_for(request.user, found.unit) and not found.cancelled)
        names = UnitNames.below(found.unit, clock.today())
        values = {**sent.model_dump(), "version": seen_number(request, found.version)}
        form = filled(lambda data: ChangeEventForm(data, names=names), values)
        actions.change_event(event=found, by=request.user, **form.cleaned_data)
        return _answer(request, pk)

    return once(request, run)


@router.post(
    "/events/{pk}/day", response=writes(MovedOut), openapi_extra=STAGED, summary="Give or move the day of an event"
)
def give_day(request: Call, pk: Pk, sent: EventDayIn) -> Any:
    """Give an event its day, or move it: what hangs on it moves along."""
    found = _datable(request.user, pk)
    act = actions.give_event_day if found.day is None else actions.move_event
    return _staged(
        request,
        found,
        sent,
        sent.day,
        lambda expected: act(event=found, day=sent.day, by=request.user, also=set(sent.also), expected=expected),
        also=set(sent.also),
    )


@router.post("/events/{pk}/cancel", response=writes(MovedOut), openapi_extra=STAGED, summary="Call an event off")
def cancel(request: Call, pk: Pk, sent: CancelIn) -> Any:
    """Call an event off: open work that follows it has no day until somebody gives one."""
    found = _datable(request.user, pk)
    return _staged(
        request,
        found,
        sent,
        None,
        lambda expected: actions.cancel_event(event=found, reason=sent.reason, by=request.user, expected=expected),
    )


def _staged(
    request: Call,
    found: Event,
    sent: Staged,
    day: dt.date | None,
    act: Callable[[str | None], actions.Moved],
    *,
    also: set[int] | None = None,
) -> Any:
    """Tell what would move, or move it as it was seen."""
    if sent.preview:
        look = preview_of(found, day, user=request.user, today=clock.today(), ticked=also or set())
        counts = {name: count for name, count in look.counts.items() if name != Fate.SAME.value}
        moves = counts.pop(Fate.MOVES.value, 0)
        told = {"done": False, "moved": moves, "deadlines": [row.pk for row in look.moving]}
        return one(request, MovedOut, {**told, "left": sum(counts.values())}, look.digest)

    def run() -> Any:
        version = seen(request, "*")
        moved = act(None if version == "*" else version)
        pks = [row.pk for row in moved.deadlines]
        shown = Deadline.objects.visible_to(request.user).filter(pk__in=pks).order_by("pk")
        told = {"done": True, "moved": len(pks), "deadlines": list(shown.values_list("pk", flat=True))}
        return done({**told, "left": sum(moved.left.values())}, MovedOut)

    return once(request, run)


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, EventOut, _lines([row])[0], row.version, status)


def _visible(user: User, pk: int) -> Event:
    found: Event = get_visible_or_404(Event.objects.select_related(*RELATED), user, pk)
    return found


def _datable(user: User, pk: int) -> Event:
    found = _visible(user, pk)
    require(may_date_event(user, found) and not found.cancelled)
    return found


def _lines(rows: Sequence[Event]) -> list[dict[str, Any]]:
    plain = ("version", "kind", "name", "day", "cancelled", "reason")
    return [
        {
            **facts(row, *plain),
            "plan": row.plan_id,
            "unit": unit_ref(row.unit),
            "keeper": unit_ref(row.keeper) if row.keeper else None,
            "page": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows
    ]
