"""The sweep: writes out occurrences and raises notices. Set-based, idempotent, one at a time.

It runs in one transaction: killed at any moment, it has done all or nothing. The number of statements depends on the
number of ladders, not of deadlines.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from doantracker.lib import clock
from plans.actions.cascade import send_to_new_units
from plans.enums import OPEN, NoticeKind, NoticeState, PlanStatus
from plans.fan_out import load_ladders, with_owners, write_out
from plans.models import Deadline, Notice, Plan, Schedule
from plans.querysets import DeadlineQuerySet
from plans.reminders.escalation import escalate
from plans.reminders.holds import end_holds
from plans.reminders.rules import Ladder
from units import audit
from units.models import Substitution, Unit
from units.models.audit import AuditAction, AuditEvent
from units.permissions import Permission
from units.roles import roles_with

log = logging.getLogger(__name__)

SWEEP_LOCK = 7_201_002  # PostgreSQL advisory lock
#: A unit may stand in a transaction that ends after a sweep has looked: look back so far the next time.
LONGEST_TRANSACTION = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did. `ran` is False when another sweep was at work."""

    ran: bool
    occurrences: int = 0
    notices: int = 0
    escalations: int = 0


def check_deadlines(*, today: dt.date | None = None) -> SweepResult:
    """Run one sweep as of `today`; twice the same day changes nothing the second time."""
    today = today or clock.today()
    with transaction.atomic():
        if not _alone():
            return SweepResult(ran=False)
        last = _last_check()
        if last is not None and last.day > today:
            _heal(today)
        written = write_out(_schedules_to_go_on(today), today=today) + _give_to_new_units(today, last)
        end_holds(today=today)
        ladders = load_ladders().by_plan_ladder
        notices = raise_notices(today=today, ladders=ladders)
        escalations = escalate(today=today, ladders=ladders)
        result = SweepResult(ran=True, occurrences=written, notices=notices, escalations=escalations)
        audit.record(AuditAction.CHECKED, by=None, data={"day": today, **_counts(result)})
    return result


@dataclass(frozen=True, slots=True)
class Recipients:
    """The way from a deadline to those reminded of it: `person`, with all `spans` of days that must hold today."""

    person: str
    spans: tuple[str, ...]

    def in_office(self, today: dt.date) -> Q:
        """Return the condition that the person may report for the unit on `today`."""
        condition = Q(unit__posts__role__in=roles_with(Permission.REPORT))
        condition &= Q(**{f"{self.person}__is_active": True, f"{POST_HELD}__user__is_active": True})
        for span in self.spans:
            condition &= Q(**{f"{span}__start__lte": today})
            condition &= Q(**{f"{span}__end__isnull": True}) | Q(**{f"{span}__end__gte": today})
        return condition


POST_HELD = "unit__posts__appointments"
HOLDERS = Recipients(f"{POST_HELD}__user", (POST_HELD,))
SUBSTITUTES = Recipients(f"{POST_HELD}__substitutions__substitute", (POST_HELD, f"{POST_HELD}__substitutions"))


def raise_notices(*, today: dt.date, ladders: Mapping[int | None, Ladder]) -> int:
    """Raise the notices that are due, and set each row's next reminder; return how many notices are new."""
    raised = 0
    away = set(Substitution.objects.in_force(today).values_list("appointment__post__unit", flat=True))
    for ladder_id, ladder in ladders.items():
        plans = Plan.objects.filter(status=PlanStatus.PUBLISHED, ladder=ladder_id)
        touched = Deadline.objects.filter(status__in=OPEN, remind_on__lte=today, plan__in=plans.values("pk")).update(
            remind_on=next_reminder_sql(ladder, today), reminded_on=today
        )
        if touched:
            raised += _insert_notices(Deadline.objects.all(), HOLDERS, plans, ladder, today)
            if away:  # few units: the database need not look for substitutes behind every deadline
                raised += _insert_notices(Deadline.objects.filter(unit__in=away), SUBSTITUTES, plans, ladder, today)
    return raised


def next_reminder_sql(ladder: Ladder, today: dt.date) -> Combinable:
    """Return `rules.next_reminder` as an expression over a deadline row."""
    steps = [
        When(due_on__gt=today + dt.timedelta(days=days), then=F("due_on") - dt.timedelta(days=days))
        for days in sorted(ladder.days_before, reverse=True)
    ]
    day_after = When(due_on__gte=today, then=F("due_on") + dt.timedelta(days=1))
    return Case(
        *steps,
        day_after,
        default=Value(today + dt.timedelta(days=ladder.overdue_every)),
        output_field=DateField(),
    )


def _insert_notices(
    among: DeadlineQuerySet, whose: Recipients, plans: models.QuerySet[Plan], ladder: Ladder, today: dt.date
) -> int:
    """INSERT … SELECT the notices of the rows just touched, for whoever reports for the unit today, or stands in."""
    rows = (
        among.filter(
            whose.in_office(today),
            status__in=OPEN,
            reminded_on=today,
            due_on__lte=today + dt.timedelta(days=ladder.first_step),
            plan__in=plans.values("pk"),
        )
        .order_by()
        .values_list(
            f"{whose.person}_id",
            "pk",
            Case(
                When(due_on__lt=today, then=Value(NoticeKind.OVERDUE.value)), default=Value(NoticeKind.DUE_SOON.value)
            ),
            Value(today, output_field=DateField()),
            Value(clock.now(), output_field=models.DateTimeField()),
            Value(NoticeState.PENDING.value),
            Value(0),
        )
        .distinct()
    )
    sql, params = rows.query.sql_with_params()
    columns = "recipient_id, deadline_id, kind, day, created_at, state, attempts"
    table = Notice._meta.db_table  # noqa: SLF001  # Django documents _meta
    with connection.cursor() as cursor:
        # every value is a parameter; the names are our own
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        count: int = cursor.rowcount
    return max(count, 0)


def _schedules_to_go_on(today: dt.date) -> list[Schedule]:
    """Return the recurring schedules whose next occurrence begins within the horizon."""
    horizon = today + dt.timedelta(days=settings.HORIZON_DAYS)
    return list(_followed().filter(next_from__lte=horizon))


def _counts(result: SweepResult) -> dict[str, int]:
    return {"occurrences": result.occurrences, "notices": result.notices, "escalations": result.escalations}


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last sweep: when it ran, and which day it took for today."""

    at: dt.datetime
    day: dt.date


def _last_check() -> LastCheck | None:
    """Return the last sweep from the log."""
    found = AuditEvent.objects.filter(action=AuditAction.CHECKED).order_by("-pk").values_list("at", "data").first()
    if found is None:
        return None
    at, data = found
    return LastCheck(at, dt.date.fromisoformat(data["day"]) if "day" in data else timezone.localdate(at))


def _heal(today: dt.date) -> None:
    """Undo what a sweep on a wrong, later day left: reminders that would now be silent until that day.

    What went out as a mail can't be taken back and stays in the log of reminders.
    """
    log.warning("The last check took a day after %s for today; its reminders are set anew.", today)
    Notice.objects.filter(day__gt=today).exclude(state__in=(NoticeState.SENDING, NoticeState.SENT)).delete()
    rows = Deadline.objects.filter(status__in=OPEN)
    rows.filter(reminded_on__gt=today).update(remind_on=today, reminded_on=None)
    rows.filter(escalated_on__gt=today).update(escalated=0, escalated_on=None)


def _give_to_new_units(today: dt.date, last: LastCheck | None) -> int:
    """Give units founded since the last sweep what their kind owes, and its plans; return how many deadlines."""
    if last is None:
        return 0
    new = set(Unit.objects.in_force(today).filter(created_at__gte=last.at - LONGEST_TRANSACTION))
    if not new:
        return 0
    send_to_new_units(new, today=today)
    kinds = {unit.kind_id for unit in new}
    schedules = list(_followed().filter(owner_kinds__in=kinds).distinct())
    return write_out(schedules, today=today, only=new)


def _followed() -> models.QuerySet[Schedule]:
    """Return the schedules of plans being followed up."""
    return with_owners().filter(solution__plan__status=PlanStatus.PUBLISHED)


def _alone() -> bool:
    """Return whether no other sweep runs; SQLite's writers queue up anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
