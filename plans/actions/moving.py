"""What every change of days by the organiser shares: rows get their new day in bulk, the log and the units are told.

The unit is not to blame for a day that its organiser moves: both the day in force and the first one are the new day
then; the former one stands in the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from doantracker.lib.rewriting import rewrite
from plans.actions.following import follow
from plans.changes import Change, line
from plans.enums import OPEN, NoticeKind, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import BATCH, load_ladders
from plans.models import Deadline, Plan, Schedule
from plans.occurrences import Occurrence
from plans.reminders.changed_work import tell_of_each, tell_units
from plans.reminders.rules import first_reminder
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

MOVED_FIELDS = (
    "schedule", "occurrence", "due_on", "original_due_on", "period_start", "remind_on", "reminded_on", "escalated",
    "escalated_on", "version", "updated_at",
)  # fmt: skip

UNSAID = "–"  # the reason in a preview, which takes everything back
CANCELLED_FIELDS = (
    "status", "reason", "remind_on", "held_on", "held_until", "held_status", "hold_reason", "version", "updated_at",
)  # fmt: skip


def locked_plan(plan_id: int, by: User) -> Plan:
    """Return the plan, locked until the end of the transaction, when `by` may change its published days."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit")
    plan: Plan = rows.get(pk=plan_id)
    require(may_manage(by, plan))
    if plan.status != PlanStatus.PUBLISHED:
        raise ActionRefused(_("The plan is not being followed up: it is a draft or closed."))
    return plan


def require_reason(reason: str) -> str:
    """Return why something changes; refuse a change without words."""
    if not reason.strip():
        raise ActionRefused(_("Say why: the units will read it."))
    return reason.strip()


def compare(change: Change, expected: str | None) -> None:
    """Refuse a change that is not what the person saw."""
    if expected is not None and change.digest != expected:
        raise Stale(_("Something changed since you looked, or you chose otherwise. Look at the change again."))


@dataclass(frozen=True, slots=True)
class Move:
    """A row and its new day; where it goes on in another series, its place there; where it has one, a reason alone."""

    row: Deadline
    day: dt.date
    schedule: Schedule | None = None
    place: Occurrence | None = None
    reason: str = ""


def move_rows(
    moves: Sequence[Move], change: Change, *, by: User, reason: str, today: dt.date, each: bool = False
) -> list[audit.Entry]:
    """Give rows their new days, tell the units, enter the lines in `change`; return the log entries still to write.

    `each`: the rows have nothing to do with one another, a unit is told of every one of its own.
    """
    ladders, entries = load_ladders(), []
    for move in moves:
        row, day = move.row, move.day
        change.moved.append(line(row, day))
        moved = [row.due_on and row.due_on.isoformat(), day.isoformat()]
        entries.append(entry(AuditAction.RESCHEDULED, row, by, moved=moved, reason=move.reason or reason))
        if move.schedule and move.place:
            row.schedule, row.occurrence, row.period_start = move.schedule, move.place.key, move.place.start
        row.due_on, row.original_due_on = day, _original_of(row, day, today)
        row.period_start = min(row.period_start, day) if row.period_start else None
        row.reminded_on = row.escalated_on = None
        row.remind_on, row.escalated = None, 0
        if row.status in OPEN:
            row.remind_on = first_reminder(day, today, ladders.of(row.plan))
        row.version += 1
    rows = [move.row for move in moves]
    rewrite(rows, MOVED_FIELDS)
    (tell_of_each if each else tell_units)(rows, NoticeKind.MOVED, by=by, today=today)
    return entries + move_what_hangs_on(rows, change, by=by, today=today)


def _original_of(row: Deadline, day: dt.date, today: dt.date) -> dt.date:
    """Return the day against which a moved row is late: the new one, but not once the first one was missed."""
    missed = row.original_due_on is not None and row.original_due_on < today
    return row.original_due_on if missed and row.original_due_on else day


def move_what_hangs_on(rows: Sequence[Deadline], change: Change, *, by: User, today: dt.date) -> list[audit.Entry]:
    """Move what hangs on the commitments of rows that moved; return its log entries. One query where nothing does."""
    entries: list[audit.Entry] = []
    anchors = Schedule.objects.filter(pk__in={row.schedule_id for row in rows}, followers__isnull=False).distinct()
    for schedule in anchors.select_related("solution"):
        followed = follow(schedule.pk, schedule.solution.plan_id, about=str(schedule), by=by, today=today)
        change.moved += [replace(line(row, row.due_on), before=before) for row, before in followed.moved]
        entries += followed.entries
    return entries


def cancel_rows(
    rows: Sequence[Deadline], change: Change, *, by: User, reason: str, today: dt.date
) -> list[audit.Entry]:
    """Call rows off that a change leaves without a place in the series; return the log entries still to write."""
    for row in rows:
        change.cancelled.append(line(row, None))
        row.status, row.remind_on = Status.CANCELLED, None
        row.reason = reason[:500] or UNSAID
        row.held_on, row.held_until, row.held_status, row.hold_reason = None, None, "", ""
        row.version += 1
    Deadline.objects.bulk_update(rows, CANCELLED_FIELDS, batch_size=BATCH)
    tell_units(rows, NoticeKind.CANCELLED, by=by, today=today)
    return [entry(AuditAction.CANCELLED, row, by, reason=reason) for row in rows]


def remove_rows(rows: Sequence[Deadline], change: Change, *, by: User, reason: str) -> list[audit.Entry]:
    """Delete rows that nobody has begun and nobody was told of; the log keeps what they were."""
    change.removed += [line(row, None) for row in rows]
    entries = [
        audit.Entry(
            AuditAction.DROPPED,
            by,
            label=str(row),
            plan_id=row.plan_id,
            unit_id=row.unit_id,
            data={"deadline": row.pk, "occurrence": row.occurrence, "due_on": row.due_on, "reason": reason},
        )
        for row in rows
    ]
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return entries


def entry(action: AuditAction, row: Deadline, by: User, **data: Any) -> audit.Entry:
    """Return one log entry about a row."""
    return audit.Entry(action, by, obj=row, plan_id=row.plan_id, unit_id=row.unit_id, data=data)
