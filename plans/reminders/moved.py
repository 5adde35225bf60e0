"""Who is told that a last day moved: whoever reports for the unit, once a deadline and day, in the usual digest."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Deadline, Notice
from units.models import Appointment, User
from units.permissions import Permission
from units.roles import roles_with


def tell_of_moves(rows: Collection[Deadline], *, by: User | None, today: dt.date) -> None:
    """Tell the active people who report for the units of `rows`, never `by`; two statements for any number."""
    if not rows:
        return
    posts = Appointment.objects.in_force(today).filter(post__role__in=roles_with(Permission.REPORT))
    owing = posts.filter(post__unit__in={row.unit_id for row in rows}, user__is_active=True).order_by()
    people: dict[int, set[int]] = defaultdict(set)
    for user, unit in owing.values_list("user", "post__unit"):
        people[unit].add(user)
    now, me = clock.now(), by.pk if by else None
    notices = [
        Notice(recipient_id=person, deadline=row, kind=NoticeKind.MOVED, day=today, created_at=now)
        for row in rows
        for person in sorted(people[row.unit_id] - {me})
    ]
    Notice.objects.bulk_create(notices, batch_size=2000, ignore_conflicts=True)
