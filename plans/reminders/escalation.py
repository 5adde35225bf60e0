"""Escalation: the people up the line of posts are told of late work, each once a level. Set-based, for the sweep.

`rules.told_at` says who is told; the statement below says the same for all late deadlines at once, and a test
compares. Only who sees the deadline by right is told: overseeing a unit gives no right of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from doantracker.lib import clock
from plans.enums import ESCALATIONS, OPEN, NoticeKind, NoticeState, PlanStatus
from plans.models import Deadline, Notice, Plan
from plans.reminders.rules import ANSWERING, Ladder
from units.access import STEP
from units.models import Appointment, Oversight, Substitution
from units.permissions import Permission
from units.roles import ROLES, Role

#: The first-ranking holders of a post that answers for the unit.
HEADS: Final = """
    SELECT user_id, unit_id, path FROM (
        SELECT user_id, unit_id, path, post_rank, MIN(post_rank) OVER (PARTITION BY unit_id) AS first_rank
        FROM held WHERE role IN ({answering})
    ) answering WHERE post_rank = first_rank"""

#: Who is told at each level, as (deadline, person).
LINES: Final = {
    NoticeKind.ESCALATED_1: """
    SELECT late.id AS deadline_id, heads.user_id FROM late JOIN heads ON heads.unit_id = late.unit_id
    UNION SELECT late.id, late.overseer_id FROM late WHERE late.overseer_id IS NOT NULL
    UNION SELECT late.id, overseen.user_id FROM late JOIN overseen ON overseen.unit_id = late.unit_id
    UNION SELECT late.id, heads.user_id
        FROM late JOIN heads ON heads.path = substr(late.unit_path, 1, length(late.unit_path) - {step})
        WHERE late.unit_id <> late.issuer_id AND late.overseer_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM overseen WHERE overseen.unit_id = late.unit_id)""",
    NoticeKind.ESCALATED_2: """
    SELECT late.id AS deadline_id, heads.user_id FROM late JOIN heads ON heads.unit_id = late.issuer_id
    UNION SELECT late.id, held.user_id FROM late JOIN held ON held.unit_id = late.issuer_id
        WHERE held.role = '{leader}'""",
}

#: The word INSERT comes first: the driver of SQLite counts rows only then.
INSERT: Final = """INSERT INTO {notices} (recipient_id, deadline_id, kind, day, created_at, state, attempts)
WITH late (id, unit_id, unit_path, issuer_id, overseer_id) AS ({late}),
held (user_id, unit_id, path, post_rank, role) AS ({held}),
overseen (user_id, unit_id) AS ({overseen}),
heads AS ({heads}),
line AS ({line})
SELECT line.user_id, line.deadline_id, %s, %s, %s, %s, 0
FROM line JOIN late ON late.id = line.deadline_id
WHERE EXISTS (
    SELECT 1 FROM held WHERE held.user_id = line.user_id AND (
        substr(late.unit_path, 1, length(held.path)) = held.path
        OR (held.role IN ({seeing_above}) AND length(held.path) > {step} AND
            substr(late.unit_path, 1, length(held.path) - {step}) = substr(held.path, 1, length(held.path) - {step}))
    )
)
ON CONFLICT DO NOTHING"""


def escalate(*, today: dt.date, ladders: Mapping[int | None, Ladder]) -> int:
    """Tell the next level about every deadline that is late enough; return how many notices are new.

    Two levels: what was late for both while nobody checked is told to both, the nearer one first.
    """
    raised = 0
    for level, kind in enumerate(ESCALATIONS, start=1):
        touched = 0
        for ladder_id, ladder in ladders.items():
            if len(ladder.escalate_after) >= level:
                rows = late_enough(ladder_id, level, ladder.escalate_after[level - 1], today)
                touched += rows.update(escalated=level, escalated_on=today)
        if touched:
            raised += _tell(kind, level, today)
    return raised


def late_enough(ladder_id: int | None, level: int, days: int, today: dt.date) -> QuerySet[Deadline]:
    """Return the open deadlines of a ladder's plans that are `days` late and have been told one level less.

    Work taken off hold has the same days from then.
    """
    day_after = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=days - 1), dt.time.min))
    plans = Plan.objects.filter(status=PlanStatus.PUBLISHED, ladder=ladder_id, published_at__lt=day_after)
    late = today - dt.timedelta(days=days)
    resumed = Q(resumed_on__isnull=True) | Q(resumed_on__lte=late)
    return Deadline.objects.filter(
        resumed, status__in=OPEN, escalated=level - 1, due_on__lte=late, plan__in=plans.values("pk")
    )


def _tell(kind: NoticeKind, level: int, today: dt.date) -> int:
    """INSERT … SELECT the notices of one level for the rows just touched; one statement."""
    in_force = Q(end__isnull=True) | Q(end__gte=today), Q(start__lte=today, user__is_active=True)
    late = Deadline.objects.filter(status__in=OPEN, escalated=level, escalated_on=today).order_by()
    held = Appointment.objects.filter(*in_force).order_by()
    stood_in = Substitution.objects.in_force(today).order_by()  # rank and role are those of the absent person
    post = ("post__unit_id", "post__unit__path", "post__rank", "post__role")
    stood_in_post = tuple(f"appointment__{column}" for column in post)
    overseen = Oversight.objects.filter(*in_force, unit__isnull=False).order_by()
    parts = [
        _sql(late.values_list("pk", "unit_id", "unit_path", F("plan__issuing_unit_id"), F("solution__overseer_id"))),
        _sql(held.values_list("user_id", *post).union(stood_in.values_list("substitute_id", *stood_in_post))),
        _sql(overseen.values_list("user_id", "unit_id")),
    ]
    texts = dict(zip(("late", "held", "overseen"), (text for text, _ in parts), strict=True))
    words = {
        "step": STEP,
        "leader": Role.LEADER.value,
        "answering": _list(ANSWERING),
        "seeing_above": _list(role for role, grants in ROLES.items() if Permission.VIEW in grants.above),
    }
    heads, line = HEADS.format(**words), LINES[kind].format(**words)
    notices = Notice._meta.db_table  # noqa: SLF001  # Django documents _meta
    statement = INSERT.format(**texts, **words, heads=heads, line=line, notices=notices)
    ops = connection.ops
    values = (
        kind.value,
        ops.adapt_datefield_value(today),
        ops.adapt_datetimefield_value(clock.now()),
        NoticeState.PENDING.value,
    )
    with connection.cursor() as cursor:
        # every value of a row is a parameter; names and roles are our own
        cursor.execute(statement, [*(value for _, params in parts for value in params), *values])
        count: int = cursor.rowcount
    return max(count, 0)


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a queryset with its parameters."""
    text, params = rows.query.sql_with_params()
    return text, tuple(params)


def _list(roles: Any) -> str:
    """Return roles as a list of SQL texts; they are our own words."""
    return ", ".join(f"'{Role(role).value}'" for role in roles)
