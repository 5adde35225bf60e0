"""Acts on meetings: plan one or a year of them, change, move, call off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.events import Moved, cancel_event, change_event, create_event, give_event_day, move_event
from plans.enums import EventKind, PlanStatus
from plans.errors import ActionRefused
from plans.models import Event
from reviews.actions.locking import locked_meeting, require_planned
from reviews.actions.made import made_before
from reviews.bodies import require_body
from reviews.enums import MeetingKind
from reviews.models import Meeting
from reviews.rights import may_plan
from reviews.titles import meeting_title
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a person may say of a meeting besides its day.
FACTS: Final = ("title", "kind", "starts_at", "place", "chair", "secretary")


def plan_meeting(
    *,
    unit: Unit,
    body: str,
    by: User,
    day: dt.date | None = None,
    values: Mapping[str, Any] | None = None,
    event: Event | None = None,
    key: str = "",
    today: dt.date | None = None,
) -> Meeting:
    """Plan a meeting of a body; `values` are of FACTS, without a title it gets the usual one.

    `event` is one that plans wait for already: the meeting becomes that event, whose day is given by `move_meeting`.
    With the `key` of a form that was sent before, the meeting it made then is returned.
    """
    require(may_plan(by, unit))
    require_body(unit, body, today or clock.today())
    try:
        return made_before(Meeting, key, by=by) or _planned(
            unit, body, day, by=by, values=values or {}, event=event, key=key
        )
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(Meeting, key, by=by)
        if made is None:
            raise
        return made


def plan_year(
    *,
    unit: Unit,
    body: str,
    days: Sequence[dt.date],
    by: User,
    values: Mapping[str, Any] | None = None,
    today: dt.date | None = None,
) -> list[Meeting]:
    """Plan a regular meeting on each of `days`; a day on which the body meets already is left out."""
    require(may_plan(by, unit))
    require_body(unit, body, today or clock.today())
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # the same form twice at once: one waits
        taken = set(
            Meeting.objects.filter(unit=unit, body=body, event__cancelled=False).values_list("event__day", flat=True)
        )
        wanted = [day for day in sorted(set(days)) if day not in taken]
        if not wanted:
            raise ActionRefused(_("The body meets on all of these days already. Choose others."))
        facts = dict(values or {}) | {"kind": MeetingKind.REGULAR, "title": ""}
        return [_planned(unit, body, day, by=by, values=facts) for day in wanted]


def change_meeting(*, meeting: Meeting, values: Mapping[str, Any], by: User, version: int | None = None) -> Meeting:
    """Change what is said of a meeting that is not recorded yet; its day moves by `move_meeting`."""
    with locked_meeting(meeting, version) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        before = _worded(row)
        _give(row, values, row.event.day)
        changed = audit.changes(before, _worded(row))
        if not changed:
            return row
        _save(row)
        if "title" in changed and row.event.plan_id is None:  # an event of a plan is called as the plan calls it
            change_event(event=row.event, name=row.title, kind=EventKind.MEETING, keeper=row.event.keeper, by=by)
        _log(AuditAction.CHANGED, row, by, changed)
    return row


def move_meeting(
    *,
    meeting: Meeting,
    day: dt.date,
    by: User,
    also: Collection[int] = (),
    expected: str | None = None,
    today: dt.date | None = None,
) -> Moved:
    """Give a meeting its day or another one: what hangs on it moves along.

    `expected` is the digest of the preview that was seen, `also` are deadlines with a day of their own that move too.
    """
    with locked_meeting(meeting) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        act = give_event_day if row.event.day is None else move_event
        moved = act(event=row.event, day=day, by=by, also=also, expected=expected, today=today)
        _save(row)
    meeting.refresh_from_db()
    return moved


def cancel_meeting(
    *, meeting: Meeting, reason: str, by: User, expected: str | None = None, today: dt.date | None = None
) -> Moved:
    """Call a meeting off, with a reason: open work that hangs on it has no day until somebody gives one."""
    with locked_meeting(meeting) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        moved = cancel_event(event=row.event, reason=reason, by=by, expected=expected, today=today)
        _save(row)
    meeting.refresh_from_db()
    return moved


def _planned(
    unit: Unit,
    body: str,
    day: dt.date | None,
    *,
    by: User,
    values: Mapping[str, Any],
    event: Event | None = None,
    key: str = "",
) -> Meeting:
    with transaction.atomic():
        if event is not None:
            event = _free_event(event, unit)
        row = Meeting(unit=unit, body=body, created_by=by, created_at=clock.now(), form_key=key)
        _give(row, values, event.day if event else day)
        row.event = event or create_event(unit=unit, name=row.title, kind=EventKind.MEETING, day=day, by=by)
        row.save()
        _log(AuditAction.CREATED, row, by, {"day": row.event.day, "body": row.get_body_display()})
    return row


def _free_event(event: Event, unit: Unit) -> Event:
    """Return the event, locked, when it can be this meeting: of the unit, to come, and no other meeting's."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("plan")
    found: Event | None = rows.filter(pk=event.pk).first()
    if found is None or found.unit_id != unit.pk or found.cancelled or hasattr(found, "meeting"):
        raise ActionRefused(_("This event can't be chosen any more: it is cancelled or another meeting has taken it."))
    if found.plan is not None and found.plan.status != PlanStatus.PUBLISHED:
        raise ActionRefused(_("The plan of this event is not being followed up. Publish it first, or choose another."))
    return found


def _give(row: Meeting, values: Mapping[str, Any], day: dt.date | None) -> None:
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title = " ".join(row.title.split())[:300] or meeting_title(row.body, day)
    row.place = " ".join(row.place.split())
    if row.chair_id is not None and row.chair_id == row.secretary_id:
        raise ActionRefused(_("The chair can't keep the minutes too. Name another secretary."))


def _worded(row: Meeting) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    return {name: None if value is None else str(value) for name, value in facts.items()}


def _save(row: Meeting) -> None:
    row.version += 1
    row.save()


def _log(action: AuditAction, row: Meeting, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.event.plan_id, unit_id=row.unit_id, data=data)
