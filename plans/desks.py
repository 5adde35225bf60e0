"""On whose desk something lies and since when: who owes the next step, by name, at most three."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.enums import Status
from plans.models import Deadline, Difficulty, Extension
from plans.workflow import ACTS, PERMISSIONS
from units.access import STEP
from units.holders import Holder, holders_at
from units.models import AuditEvent
from units.models.audit import AuditAction
from units.permissions import Permission

NAMED = 3

#: The act that each status waits for; what is done or called off waits for nobody.
NEXT_STEP: dict[str, AuditAction] = {
    Status.ASSIGNED: AuditAction.SUBMITTED,
    Status.IN_PROGRESS: AuditAction.SUBMITTED,
    Status.RETURNED: AuditAction.SUBMITTED,
    Status.SUBMITTED: AuditAction.CONFIRMED,
    Status.ON_HOLD: AuditAction.RESUMED,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Who takes the next step in a unit (its path and label); never `asker`. `since`: the day it came there."""

    path: str
    unit: str
    permission: Permission
    since: dt.date | None
    asker: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where something lies: the unit, up to three people with their posts, how many more, since when."""

    unit: str
    people: tuple[str, ...]
    names: tuple[str, ...]
    more: int
    since: dt.date | None
    days: int

    @property
    def for_days(self) -> str:
        """Return how long it has lain there: "since today", "for 3 days"; empty when nobody knows."""
        if self.since is None:
            return ""
        if self.days <= 0:
            return _("since today")
        return ngettext("for %(count)s day", "for %(count)s days", self.days) % {"count": self.days}

    @property
    def short(self) -> str:
        """Return it for a line of a table: unit, names, how long."""
        rest = [_("%(count)s more") % {"count": self.more}] if self.more else []
        parts = (self.unit, ", ".join([*self.names, *rest]), self.for_days)
        return " · ".join(part for part in parts if part)


def desks(questions: Sequence[Question], today: dt.date) -> list[Desk]:
    """Return the desk of each question, in order; one query a right.

    Where nobody holds a post of the unit itself, the next unit above answers: rights reach down.
    """
    wanted: dict[Permission, set[str]] = {}
    for q in questions:
        wanted.setdefault(q.permission, set()).update(_upwards(q.path))
    holders = {permission: _by_path(holders_at(paths, permission, today)) for permission, paths in wanted.items()}
    return [_desk(q, holders[q.permission], today) for q in questions]


def deadline_desks(
    row: Deadline, waiting: Iterable[Extension | Difficulty], *, history: Iterable[AuditEvent], today: dt.date
) -> list[Desk | None]:
    """Return the desk of a deadline (None: nobody owes a step), then of each request that waits."""
    about_row = _of_deadline(row, history)
    questions = [_of_request(row, request) for request in waiting]
    found: list[Desk | None] = [*desks([*([about_row] if about_row else []), *questions], today)]
    return found if about_row else [None, *found]


def waiting_desks(rows: Iterable[dict[str, Any]], today: dt.date) -> list[str]:
    """Return where results sent in lie, for rows of a table (values of deadlines), in order; one query."""
    questions = [
        Question(
            path=row["plan__issuing_unit__path"],
            unit="",
            permission=Permission.CONFIRM,
            since=row["reported_on"],
            asker=row["reported_by_id"],
        )
        for row in rows
    ]
    return [desk.short for desk in desks(questions, today)]


def request_desks(
    rows: Iterable[dict[str, Any]], today: dt.date, *, path: str, asker: str, since: str
) -> dict[int, str]:
    """Return where requests lie that wait, by id, for rows of a queue (values of requests); one query.

    `path`, `asker` and `since` name the columns: the unit that answers, who asked, and when.
    """
    rows = list(rows)
    questions = [
        Question(
            path=row[path],
            unit="",
            permission=Permission.CONFIRM,
            since=row[since],
            asker=row[asker],
        )
        for row in rows
    ]
    return {row["pk"]: desk.short for row, desk in zip(rows, desks(questions, today), strict=True)}


def returned_since(ids: Sequence[int]) -> dict[int, dt.date]:
    """Return since when results lie with their unit again, by deadline; one query, none for nothing."""
    if not ids:
        return {}
    log = AuditEvent.objects.filter(object_type="deadline", object_id__in=ids, action=AuditAction.RETURNED)
    last = log.order_by().values("object_id").annotate(last=Max("at"))
    return {found["object_id"]: timezone.localdate(found["last"]) for found in last}


def _of_deadline(row: Deadline, history: Iterable[AuditEvent]) -> Question | None:
    if row.status not in NEXT_STEP:
        return None
    act = ACTS[NEXT_STEP[row.status]]
    permission = PERMISSIONS[act.party]
    unit = row.unit if permission == Permission.REPORT else row.plan.issuing_unit
    returned = (timezone.localdate(e.at) for e in history if e.action == AuditAction.RETURNED)  # the newest first
    since = {
        Status.SUBMITTED: row.reported_on,
        Status.ON_HOLD: row.held_on,
        Status.RETURNED: next(returned, None),
    }.get(Status(row.status))
    asker = row.reported_by_id if act.never else None
    return Question(str(unit.path), unit.label, permission, since, asker)


def _of_request(row: Deadline, request: Extension | Difficulty) -> Question:
    if isinstance(request, Extension):
        since, asker = timezone.localdate(request.asked_at), request.asked_by_id
    else:
        since, asker = request.raised_on, request.raised_by_id
    unit = row.plan.issuing_unit if isinstance(request, Extension) else request.answering_unit
    return Question(str(unit.path), unit.label, Permission.CONFIRM, since, asker)


def _by_path(holders: Iterable[Holder]) -> dict[str, list[Holder]]:
    found: dict[str, list[Holder]] = {}
    for holder in holders:
        found.setdefault(holder.path, []).append(holder)
    return found


def _desk(q: Question, holders: dict[str, list[Holder]], today: dt.date) -> Desk:
    people: list[Holder] = []
    for path in _upwards(q.path):
        people = [h for h in holders.get(path, ()) if q.asker is None or q.asker not in {h.user_id, h.absent_id}]
        if people:
            break
    one_each = list({h.user_id: h for h in reversed(people)}.values())[::-1]
    named = one_each[:NAMED]
    return Desk(
        unit=people[0].unit if people else q.unit,
        people=tuple(_with_post(h) for h in named),
        names=tuple(h.name for h in named),
        more=len(one_each) - len(named),
        since=q.since,
        days=(today - q.since).days if q.since else 0,
    )


def _with_post(holder: Holder) -> str:
    if holder.absent:
        return _("%(person)s for %(absent)s (%(post)s)") % {
            "person": holder.name,
            "absent": holder.absent,
            "post": holder.title,
        }
    return _("%(person)s (%(post)s)") % {"person": holder.name, "post": holder.title}


def _upwards(path: str) -> list[str]:
    """Return the path and those of the units above it, the nearest first."""
    return [path[:end] for end in range(len(path), 0, -STEP)]
