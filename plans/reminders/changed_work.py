"""One notice a person and unit when the organiser changes work: about the first deadline it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Deadline, Notice
from units.models import Appointment, User
from units.permissions import Permission
from units.roles import roles_with

BATCH = 2000


def tell_units(rows: Iterable[Deadline], kind: NoticeKind, *, by: User | None, today: dt.date) -> int:
    """Tell whoever reports for the units of `rows`, never `by`; two statements. Return how many are told."""
    first: dict[int, Deadline] = {}
    for row in sorted(rows, key=lambda r: (r.due_on or dt.date.max, r.pk)):
        first.setdefault(row.unit_id, row)
    if not first:
        return 0
    posts = Appointment.objects.in_force(today).filter(post__unit__in=first, user__is_active=True)
    people = posts.filter(post__role__in=roles_with(Permission.REPORT)).order_by()
    now = clock.now()
    notices = [
        Notice(recipient_id=user, deadline=first[unit], kind=kind, day=today, created_at=now)
        for user, unit in people.values_list("user", "post__unit").distinct()
        if by is None or user != by.pk
    ]
    return len(Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True))
