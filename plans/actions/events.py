"""Acts on events: make one, change its name, give or move its day, call it off. What hangs on it moves along.

Whoever owns an event elsewhere (a meeting, an inspection) calls these; the days of deadlines follow.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.following import logged_moves
from plans.anchored import BATCH, hanging_on_event, write_days
from plans.anchoring import Fate, Move
from plans.enums import EventKind, Kind, NoticeKind, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.event_preview import digest_of
from plans.event_words import event_name, kind_of_words
from plans.fan_out import load_ladders
from plans.models import Deadline, Event, Plan, Schedule
from plans.models.event import event_key
from plans.reminders.changed_work import tell_of_each
from plans.rights import may_date_event, may_issue_for
from plans.signals import event_moving
from plans.validators import sane_day
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


@dataclass(slots=True)
class Moved:
    """What became of the deadlines of an event: those that moved, and how many stayed for which cause."""

    deadlines: list[Deadline] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)


def create_event(
    *,
    unit: Unit,
    name: str,
    by: User | None,
    kind: str = EventKind.OTHER,
    plan: Plan | None = None,
    day: dt.date | None = None,
    keeper: Unit | None = None,
) -> Event:
    """Make an event of `unit`, named by one of its plans or by none; its day may not be known yet."""
    require(by is None or may_issue_for(by, unit))
    if plan is not None and plan.issuing_unit_id != unit.pk:
        raise ActionRefused(_("The event of a plan belongs to the unit that issues it."))
    with transaction.atomic():
        event = Event(unit=unit, plan=plan, name=_named(name), kind=kind, day=_sane(day), keeper=keeper, created_by=by)
        _require_own(event)
        event.save()
        _log(AuditAction.CREATED, event, by)
    return event


def change_event(
    *, event: Event, name: str, kind: str, keeper: Unit | None, by: User, version: int | None = None
) -> Event:
    """Give an event another name, kind or keeper; its day stays."""
    with _locked(event, version) as row:
        require(may_issue_for(by, row.unit))
        before = {"name": row.name, "kind": row.kind, "keeper": str(row.keeper or "")}
        row.name, row.kind, row.keeper = _named(name), kind, keeper
        _require_own(row)
        row.version += 1
        row.save()
        after = {"name": row.name, "kind": row.kind, "keeper": str(row.keeper or "")}
        _log(AuditAction.CHANGED, row, by, audit.changes(before, after))
    return row


def give_event_day(
    *,
    event: Event,
    day: dt.date,
    by: User | None,
    also: Collection[int] = (),
    expected: str | None = None,
    today: dt.date | None = None,
) -> Moved:
    """Give an event its day for the first time: what hangs on it gets its last day."""
    if event.day is not None:
        raise ActionRefused(_("This event has a day already. Move it instead."))
    return _dated(event, day, by=by, also=also, expected=expected, today=today)


def move_event(
    *,
    event: Event,
    day: dt.date,
    by: User | None,
    also: Collection[int] = (),
    expected: str | None = None,
    today: dt.date | None = None,
) -> Moved:
    """Move an event to another day: what hangs on it moves along, its original day too.

    `also` are deadlines with a day of their own that move all the same. `expected` is the digest of the preview the
    person saw: when deadlines changed meanwhile the act is refused, so that the preview is shown again.
    """
    if event.day is None:
        raise ActionRefused(_("This event has no day yet. Give it one first."))
    if event.day == day:
        raise ActionRefused(_("The event is on this day already. Choose another one."))
    return _dated(event, day, by=by, also=also, expected=expected, today=today)


def cancel_event(
    *, event: Event, reason: str, by: User | None, expected: str | None = None, today: dt.date | None = None
) -> Moved:
    """Call an event off, with a reason: open work that follows it has no day until somebody gives one."""
    if not reason.strip():
        raise ActionRefused(_("Say why: the units must know what to do next."))
    with _locked(event) as row:
        require(by is None or may_date_event(by, row))
        event_moving.send(Event, event=row, day=None)
        found = _checked_moves(row, None, expected=expected, also=())
        was, row.day, row.cancelled, row.reason = row.day, None, True, reason.strip()[:500]
        row.version += 1
        row.save()
        data = {"day": [was, None], "reason": row.reason}
        return _carried_out(row, found, AuditAction.CANCELLED, data, by=by, today=today)


def _dated(
    event: Event, day: dt.date, *, by: User | None, also: Collection[int], expected: str | None, today: dt.date | None
) -> Moved:
    with _locked(event, event.version) as row:
        require(by is None or may_date_event(by, row))
        event_moving.send(Event, event=row, day=day)
        found = _checked_moves(row, _sane(day), expected=expected, also=_overridable(also, by))
        was, row.day = row.day, day
        row.version += 1
        row.save()
        return _carried_out(row, found, AuditAction.EVENT_DATED, {"day": [was, day]}, by=by, today=today)


def _overridable(also: Collection[int], by: User | None) -> Collection[int]:
    """Return which of the ticked rows `by` may take from the day they were given: those of plans the person runs.

    Who only keeps the event moves what follows it, no day that the issuer gave by hand or granted.
    """
    if by is None or not also:
        return also
    own = Deadline.objects.filter(pk__in=also, plan__in=Plan.objects.managed_by(by).values("pk"))
    return set(own.values_list("pk", flat=True))


def _checked_moves(row: Event, day: dt.date | None, *, expected: str | None, also: Collection[int]) -> list[Move]:
    """Return what moves, its rows held; refuse when a preview was seen and something changed since."""
    hanging = hanging_on_event(row, day)
    found = hanging.moves(lock=True)
    if expected is not None and digest_of(row, day, found) != expected:
        raise Stale(_("Something that hangs on this event changed meanwhile. Look at the list again, then confirm."))
    return hanging.moves(also=also) if also else found


def _carried_out(
    event: Event,
    found: list[Move],
    action: AuditAction,
    data: Mapping[str, Any],
    *,
    by: User | None,
    today: dt.date | None,
) -> Moved:
    today = today or clock.today()
    before = {m.row.pk: m.row.due_on for m in found}
    moved = write_days(found, today=today, ladders=load_ladders())
    outcome = Moved(moved)
    for move in found:
        if move.fate not in {Fate.MOVES, Fate.SAME}:
            outcome.left[move.fate.value] = outcome.left.get(move.fate.value, 0) + 1
    tell_of_each(moved, NoticeKind.MOVED, by=by, today=today)
    told = {**data, "moved": len(moved), "left": outcome.left}
    audit.record_many(
        [
            *logged_moves(moved, before, by=by, data={"event": event.name}),
            audit.Entry(action, by, event, plan_id=event.plan_id, unit_id=event.unit_id, data=told),
        ]
    )
    return outcome


# --- the words of commitments ---


def event_for(plan: Plan, words: str, *, by: User | None) -> Event:
    """Return the event of `plan` that `words` name, made when no commitment named it before."""
    name = event_name(words)
    known: Event | None = Event.objects.filter(plan=plan, key=event_key(name), cancelled=False).first()
    return known or create_event(unit=plan.issuing_unit, plan=plan, name=name, kind=kind_of_words(name), by=by)


def hang_on_events(plan: Plan) -> None:
    """Hang each commitment of a draft bound to an event on the event its words name: equal words, one event.

    For records written in bulk, as read; a fixed number of statements.
    """
    unbound = Schedule.objects.filter(
        solution__plan=plan, kind=Kind.RELATIVE, event__isnull=True, hangs_on__isnull=True
    ).exclude(anchor="")
    named = {s: event_name(s.anchor) for s in unbound.order_by("pk") if event_key(event_name(s.anchor))}
    if not named:
        return
    events = {e.key: e for e in Event.objects.filter(plan=plan, cancelled=False)}
    fresh: dict[str, Event] = {}
    for name in named.values():
        key = event_key(name)
        if key not in events:
            kind = kind_of_words(name)
            fresh[key] = events[key] = Event(unit_id=plan.issuing_unit_id, plan=plan, name=name, key=key, kind=kind)
    Event.objects.bulk_create(fresh.values(), batch_size=BATCH)
    for schedule, name in named.items():
        schedule.event = events[event_key(name)]
    Schedule.objects.bulk_update(named.keys(), ["event"], batch_size=BATCH)


# --- the locked row ---


@contextmanager
def _locked(event: Event, version: int | None = None) -> Iterator[Event]:
    """Yield the event, held until the end of the transaction; refuse a cancelled one and one changed meanwhile."""
    with transaction.atomic():
        rows = Event.objects.select_for_update(of=("self",)).select_related("unit", "plan", "keeper")
        row = rows.get(pk=event.pk)
        if version is not None and row.version != version:
            raise Stale(_("Somebody changed this event meanwhile. Look at it and try again."))
        require_going_on(row)
        yield row
        event.refresh_from_db()


def require_going_on(event: Event) -> None:
    """Refuse what is done, or looked at before it is done, to a cancelled event or one of a closed plan."""
    if event.cancelled:
        raise ActionRefused(_("This event is cancelled. Hang the work on another one."))
    if event.plan is not None and event.plan.status == PlanStatus.CLOSED:
        raise ActionRefused(_("The plan of this event is closed: what it says stays as it is."))


def _named(name: str) -> str:
    words = " ".join(nfc(name.replace("\x00", "")).split())
    shown = "".join(c for c in words if unicodedata.category(c)[0] != "C")  # marks of direction and such print nothing
    if not event_key(shown):
        raise ActionRefused(_("Name the event."))
    return words[:300]


def _sane(day: dt.date | None) -> dt.date | None:
    if day is not None:
        try:
            sane_day(day)
        except ValidationError as error:
            raise ActionRefused(error.messages[0]) from error
    return day


def _require_own(event: Event) -> None:
    """Refuse a second event of the same words in a plan, and a keeper outside the unit."""
    if event.keeper and not event.unit.covers(event.keeper):
        raise ActionRefused(_("Who keeps the event must be the unit itself or one below it."))
    Plan.objects.select_for_update(of=("self",)).filter(pk=event.plan_id).first()  # two of a name at once: one waits
    same = Event.objects.filter(plan=event.plan_id, key=event_key(event.name), cancelled=False).exclude(pk=event.pk)
    if event.plan_id is not None and same.exists():
        raise ActionRefused(_("This plan has an event of that name already. Hang the work on that one."))


def _log(action: AuditAction, event: Event, by: User | None, data: Mapping[str, Any] | None = None) -> None:
    audit.record(
        action, by=by, obj=event, plan_id=event.plan_id, unit_id=event.unit_id, data={**data} if data else None
    )
