"""What waits where: results, later days and difficulties by desk, what was returned, how long the oldest waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Max, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.dashboard.charts import link
from plans.desks import Question, desks
from plans.enums import Status
from plans.models import Deadline, Difficulty, Extension
from units.access import within
from units.models import AuditEvent, Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission

DESKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many wait; the oldest for so long."""

    number: SafeString
    longest: str


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What lies with one unit: its name, who decides there, and the three queues."""

    unit: str
    people: str
    queues: list[tuple[str, Waiting]]


@dataclass(frozen=True, slots=True)
class WhatWaits:
    """The queues with what they hold in all, what lies with the units again, and the desks, the longest wait first."""

    queues: list[tuple[str, Waiting]]
    returned: Waiting
    desks: list[DeskLine]
    hidden: int
    anything: bool


@dataclass(frozen=True, slots=True)
class _Queue:
    """How one queue is counted and listed: rows of (unit, path, name, short name, number, the oldest day)."""

    label: str
    rows: dict[int, tuple[str, str, int, dt.date | None]]
    url: str
    desk: str


def what_waits(unit: Unit, user: User, today: dt.date) -> WhatWaits:
    """Return what waits now about the work of `unit` and below it, whatever the period; five queries."""
    queues = _queues(unit, user)
    oldest: dict[int, dt.date] = {}
    for queue in queues:
        for pk, (*_place, since) in queue.rows.items():
            oldest[pk] = min(oldest.get(pk, dt.date.max), since or dt.date.max)
    order = sorted(oldest, key=lambda pk: (oldest[pk], pk))
    lines = _desk_lines(queues, order[:DESKS_SHOWN], today)
    sums = [(queue.label, _sum(queue, today)) for queue in queues]
    returned = _returned(unit, user, today)
    anything = bool(order) or bool(returned.longest)
    return WhatWaits(sums, returned, lines, max(len(order) - DESKS_SHOWN, 0), anything)


def _queues(unit: Unit, user: User) -> list[_Queue]:
    submitted = Deadline.objects.visible_to(user).below(unit).filter(status=Status.SUBMITTED)
    below = within("deadline__unit_path", [str(unit.path)])
    later, raised = (model.objects.visible_to(user).filter(below).waiting() for model in (Extension, Difficulty))
    results = {"unit": unit.pk, "status": Status.SUBMITTED.value}
    requests = {"unit": unit.pk, "waiting": "true"}
    return [
        _Queue(
            _("Results to confirm"),
            _by_unit(submitted, "plan__issuing_unit", Min("reported_on")),
            f"{reverse('plans:deadlines')}?{urlencode(results)}",
            "issuer",
        ),
        _Queue(
            _("Later days to decide"),
            _by_unit(later, "deadline__plan__issuing_unit", Min("asked_at__date")),
            f"{reverse('plans:extensions')}?{urlencode(requests)}",
            "desk",
        ),
        _Queue(
            _("Difficulties to answer"),
            _by_unit(raised, "answering_unit", Min("raised_on")),
            f"{reverse('plans:difficulties')}?{urlencode(requests)}",
            "desk",
        ),
    ]


def _by_unit(rows: Any, unit: str, oldest: Min) -> dict[int, tuple[str, str, int, dt.date | None]]:
    """Return path, name, number and oldest day per unit that owes the next step; one query."""
    found = (
        rows.order_by()
        .values_list(
            unit,
            F(f"{unit}__path"),
            F(f"{unit}__name"),
            F(f"{unit}__short_name"),
        )
        .annotate(number=Count("pk"), oldest=oldest)
    )
    return {pk: (path, short or name, number, since) for pk, path, name, short, number, since in found}


def _desk_lines(queues: list[_Queue], units: list[int], today: dt.date) -> list[DeskLine]:
    """Return a line for each unit with who decides there; one query."""
    places: dict[int, tuple[str, str]] = {}
    for queue in queues:
        places |= {pk: (row[0], row[1]) for pk, row in queue.rows.items() if pk in units}
    asked = [Question(*places[pk], Permission.CONFIRM, None) for pk in units]
    found = desks(asked, today) if asked else []
    return [
        DeskLine(
            places[pk][1],
            ", ".join([*desk.people, *([_("%(count)s more") % {"count": desk.more}] if desk.more else [])]),
            [(queue.label, _waiting(queue, pk, today)) for queue in queues],
        )
        for pk, desk in zip(units, found, strict=True)
    ]


def _waiting(queue: _Queue, unit: int, today: dt.date) -> Waiting:
    if unit not in queue.rows:
        return Waiting(link(0, ""), "")
    *_place, number, since = queue.rows[unit]
    return Waiting(link(number, f"{queue.url}&{queue.desk}={unit}"), _for_days(since, today))


def _sum(queue: _Queue, today: dt.date) -> Waiting:
    number = sum(row[2] for row in queue.rows.values())
    since = min((row[3] for row in queue.rows.values() if row[3]), default=None)
    return Waiting(link(number, queue.url), _for_days(since, today) if number else "")


def _returned(unit: Unit, user: User, today: dt.date) -> Waiting:
    """Return what lies with the units again, and since when the oldest does: two queries, the log tells the day."""
    rows = Deadline.objects.visible_to(user).below(unit).filter(status=Status.RETURNED).order_by()
    number = rows.count()
    returns = AuditEvent.objects.filter(object_type="deadline", action=AuditAction.RETURNED)
    log = returns.filter(object_id__in=rows.values("pk"))
    last = log.order_by().values("object_id").annotate(last=Max("at")).order_by("last").values_list("last", flat=True)
    since = last.first()
    query = {"unit": unit.pk, "status": Status.RETURNED.value}
    longest = _for_days(timezone.localdate(since), today) if since else _("unknown") if number else ""
    return Waiting(link(number, f"{reverse('plans:deadlines')}?{urlencode(query)}"), longest)


def _for_days(since: dt.date | None, today: dt.date) -> str:
    if since is None:
        return _("unknown")
    days = (today - since).days
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days > 0 else _("since today")
