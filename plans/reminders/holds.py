"""Holds that end by themselves: after the last day on hold the next sweep takes the work up again."""

from __future__ import annotations

import datetime as dt

from doantracker.lib import clock
from plans.actions.deadlines import take_up_again
from plans.enums import NoticeKind, PlanStatus, Status
from plans.fan_out import load_ladders
from plans.models import Deadline, Notice
from units import audit
from units.holders import in_office
from units.models.audit import AuditAction
from units.permissions import Permission

BATCH = 500
WRITTEN = (
    "status", "held_on", "held_until", "held_status", "hold_reason", "resumed_on", "escalated", "escalated_on",
    "remind_on", "version", "updated_at",
)  # fmt: skip


def end_holds(*, today: dt.date) -> int:
    """Resume what was on hold until a day before `today`; return how many rows. The number of statements is fixed."""
    over = Deadline.objects.filter(status=Status.ON_HOLD, held_until__lt=today, plan__status=PlanStatus.PUBLISHED)
    rows = list(over.select_for_update(of=("self",)).select_related("unit", "plan", "solution").order_by("pk"))
    if not rows:
        return 0
    ladders, now, entries = load_ladders(), clock.now(), []
    for row in rows:
        data = {"until": row.held_until, "version": row.version + 1}
        take_up_again(row, today, ladders)
        row.version, row.updated_at = row.version + 1, now
        entries.append(audit.Entry(AuditAction.RESUMED, None, row, "", row.plan_id, row.unit_id, data))
    Deadline.objects.bulk_update(rows, WRITTEN, batch_size=BATCH)
    _tell(rows, today)
    audit.record_many(entries)
    return len(rows)


def _tell(rows: list[Deadline], today: dt.date) -> None:
    people: dict[int, list[int]] = {}
    for unit, person in sorted(in_office({row.unit_id for row in rows}, Permission.REPORT, today)):
        people.setdefault(unit, []).append(person)
    facts = {"kind": NoticeKind.RESUMED, "day": today, "created_at": clock.now()}
    told = [Notice(recipient_id=p, deadline=row, **facts) for row in rows for p in people.get(row.unit_id, ())]
    Notice.objects.bulk_create(told, batch_size=2000, ignore_conflicts=True)
