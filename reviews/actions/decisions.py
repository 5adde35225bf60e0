"""What a meeting decides becomes work of the one register: a solution of the body's programme, with its deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.programmes import add_work
from plans.enums import DATED_KINDS, Kind
from plans.errors import ActionRefused
from plans.models import Plan
from plans.phrase_reading import read_phrase
from reviews.actions.locking import locked_meeting
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_of
from reviews.models import AgendaItem, Decision, Meeting
from reviews.rights import may_record
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


def decide(
    *,
    meeting: Meeting,
    text: str,
    lead_unit: Unit,
    by: User,
    due: dt.date | None = None,
    phrase: str = "",
    until: Meeting | None = None,
    supporting_units: Iterable[Unit] = (),
    overseer: User | None = None,
    item: AgendaItem | None = None,
    key: str = "",
    today: dt.date | None = None,
) -> Decision:
    """Record a decision: who leads owes it by a day (`due`), by the day of another meeting, or by the words `phrase`.

    With the `key` of a form that was sent before, the decision it made then is returned.
    """
    today = today or clock.today()
    if not text.strip():
        raise ActionRefused(_("Write what was decided."))
    with locked_meeting(meeting) as row:
        require(may_record(by, row))
        made = made_before(Decision, key, by=by)
        if made is not None:
            return made
        met_on = _met_on(row, today)
        plan = programme_of(row, by=by, today=today)
        schedule = add_work(
            plan=plan,
            by=by,
            text=text.strip(),
            group=row.title,
            lead_unit=lead_unit,
            supporting_units=supporting_units,
            overseer=overseer,
            when=_when(plan, row, due=due, phrase=phrase, until=until, met_on=met_on),
            today=today,
        )
        decision = Decision.objects.create(
            meeting=row,
            item=_of_agenda(item, row),
            ordinal=(row.decisions.aggregate(last=Max("ordinal"))["last"] or 0) + 1,
            solution=schedule.solution,
            created_by=by,
            created_at=clock.now(),
            form_key=key,
        )
        row.version += 1
        row.save(update_fields=["version"])
        data = {"solution": schedule.solution_id, "lead": lead_unit.label}
        audit.record(AuditAction.DECIDED, by=by, obj=row, plan_id=plan.pk, unit_id=row.unit_id, data=data)
    return decision


def _met_on(row: Meeting, today: dt.date) -> dt.date:
    """Return the day of the meeting; nothing is decided before it."""
    day = row.held_on or row.event.day
    if day is None or day > today:
        raise ActionRefused(_("The meeting has not taken place yet. Record its decisions on its day or later."))
    return day


def _of_agenda(item: AgendaItem | None, row: Meeting) -> AgendaItem | None:
    if item is not None and item.meeting_id != row.pk:
        raise ActionRefused(_("This item is not on the agenda of this meeting."))
    return item


def _when(
    plan: Plan, row: Meeting, *, due: dt.date | None, phrase: str, until: Meeting | None, met_on: dt.date
) -> dict[str, Any]:
    """Return the values of the commitment by the one way in which its time was said."""
    said = [way for way in (due, phrase.strip(), until) if way]
    if len(said) != 1:
        raise ActionRefused(_("Say by when in one way: a day, words, or another meeting."))
    if due is not None:
        values: dict[str, Any] = {"kind": Kind.BY_DATE, "due": due}
    elif until is not None:
        values = _until(until, row)
    else:
        values = _read(phrase.strip(), plan, met_on)
    last = values.get("due")
    if last is not None and last < met_on:
        raise ActionRefused(_("The last day lies before the meeting. Choose a later day, or write the year too."))
    return values


def _until(until: Meeting, row: Meeting) -> dict[str, Any]:
    if until.unit_id != row.unit_id or until.pk == row.pk or until.event.cancelled:
        raise ActionRefused(_("Choose another meeting of this unit that takes place."))
    return {"kind": Kind.RELATIVE, "event": until.event, "anchor": until.event.name, "phrase": until.title}


def _read(phrase: str, plan: Plan, met_on: dt.date) -> dict[str, Any]:
    """Return what the words mean to the reader of plans; what it does not understand a person says otherwise."""
    read = read_phrase(phrase, plan)
    kind = read.values.get("kind")
    if not read.count or (kind in DATED_KINDS and not read.values.get("due")):
        raise ActionRefused(
            _("The words “%(phrase)s” name no time that is understood. Give a day instead.") % {"phrase": phrase[:80]}
        )
    if kind == Kind.RELATIVE:
        raise ActionRefused(_("These words wait for an event. Choose the meeting it is due at, or give a day."))
    if kind == Kind.RECURRING:
        read.values["start"] = read.values.get("start") or met_on
    return read.values
