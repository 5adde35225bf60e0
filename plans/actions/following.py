"""What an act on a deadline means for the commitments behind it: their days, and in which order they are handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from doantracker.lib.text import shortened
from plans.anchored import hanging_on_commitment, write_days
from plans.anchoring import comes_before
from plans.enums import DONE, NoticeKind, Status
from plans.errors import ActionRefused
from plans.fan_out import load_ladders
from plans.models import Deadline, Schedule
from plans.reminders.changed_work import tell_of_each
from units import audit
from units.models import User
from units.models.audit import AuditAction

STEP_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Followed:
    """What moved because its anchor did, each with its former day, and the log entries still to write."""

    moved: list[tuple[Deadline, dt.date | None]]
    entries: list[audit.Entry]


def follow_completion(row: Deadline, *, by: User | None, today: dt.date) -> list[audit.Entry]:
    """Date what hangs on a deadline that was handed in, sent back, dated or moved; return the log entries to write.

    One query where nothing hangs on it.
    """
    return follow(row.schedule_id, row.plan_id, about=str(row), by=by, today=today).entries


def follow(schedule: int, plan: int, *, about: str, by: User | None, today: dt.date) -> Followed:
    """Date what hangs on a commitment whose deadlines changed. The log is the caller's, written last."""
    found = hanging_on_commitment(schedule, plan).moves(lock=True)
    before = {m.row.pk: m.row.due_on for m in found}
    moved = write_days(found, today=today, ladders=load_ladders()) if found else []
    tell_of_each(moved, NoticeKind.MOVED, by=by, today=today)
    entries = logged_moves(moved, before, by=by, data={"hangs_on": about})
    return Followed([(row, before[row.pk]) for row in moved], entries)


def logged_moves(
    moved: Iterable[Deadline], before: dict[int, dt.date | None], *, by: User | None, data: dict[str, Any]
) -> list[audit.Entry]:
    """Return for the log which day each deadline had before and has now."""
    return [
        audit.Entry(
            AuditAction.RESCHEDULED if before[row.pk] else AuditAction.DATED,
            by,
            row,
            plan_id=row.plan_id,
            unit_id=row.unit_id,
            data={**_days(before[row.pk], row.due_on), **data},
        )
        for row in moved
    ]


def _days(before: dt.date | None, after: dt.date | None) -> dict[str, list[dt.date | None]]:
    """Return both days as the log has them: "moved" where there was a day and still is one."""
    return {"moved" if before and after else "due_on": [before, after]}


def require_step_before(row: Deadline) -> None:
    """Refuse to hand in a step before an earlier one of its chain, where that is in order; the message names that one.

    The unit's own step counts; where it owes none, everybody's.
    """
    for schedule in steps_before(row.schedule_id):
        step = open_step(row, schedule)
        if step is not None:
            raise ActionRefused(_refusal(step, row))


def steps_before(schedule: int) -> list[int]:
    """Return the commitments that have to be handed in before this one; one query.

    What is counted back from a commitment comes before it; everything else that hangs on one comes after it.
    """
    links = Schedule.objects.filter(Q(pk=schedule) | Q(hangs_on=schedule), hangs_on__isnull=False, in_order=True)
    found: list[int] = []
    for pk, anchor, chain, lead_time in links.values_list("pk", "hangs_on", "chain", "lead_time"):
        earlier, later = (pk, anchor) if comes_before(chain, lead_time) else (anchor, pk)
        if later == schedule and earlier is not None:
            found.append(earlier)
    return found


def open_step(row: Deadline, before: int) -> Deadline | None:
    """Return a deadline of the commitment `before` that `row` waits for; the unit's own where it owes one."""
    steps = Deadline.objects.filter(schedule=before)
    own = steps.filter(unit=row.unit_id)
    awaited = (own if own.exists() else steps).exclude(status__in=(*DONE, Status.CANCELLED))
    return awaited.select_related("unit", "solution").order_by("unit_path", "pk").first()


def _refusal(step: Deadline, row: Deadline) -> str:
    words = {"step": shortened(step.solution.text, STEP_SHOWN), "unit": step.unit.label}
    if step.unit_id == row.unit_id:
        return _("This step comes after another one of your unit. Hand in “%(step)s” first.") % words
    return _("This step comes after one of %(unit)s: “%(step)s”. It can be handed in once that one is.") % words
