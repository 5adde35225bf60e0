"""Who is told of a request and of its answer: those who decide, those who asked. One notice a person and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Deadline, Notice
from units.models import Appointment, Unit, User
from units.permissions import Permission
from units.roles import roles_with


def tell_deciders(row: Deadline, kind: NoticeKind, *, by: User, today: dt.date, at: Unit | None = None) -> None:
    """Tell whoever confirms results at the issuer of the plan, or at the level `at`; never `by`, who asked."""
    _tell(row, kind, _in_office(at or row.plan.issuing_unit, Permission.CONFIRM, today), by=by, today=today)


def tell_unit(row: Deadline, kind: NoticeKind, asker: User, *, by: User, today: dt.date) -> None:
    """Tell who asked, and whoever reports for the unit by now; never `by`, who decided."""
    _tell(row, kind, {asker.pk, *_in_office(row.unit, Permission.REPORT, today)}, by=by, today=today)


def _in_office(unit: Unit, permission: Permission, today: dt.date) -> set[int]:
    """Return the active people who hold a post of `unit` itself that grants `permission`; one query."""
    posts = Appointment.objects.in_force(today).filter(post__unit=unit, post__role__in=roles_with(permission))
    return set(posts.filter(user__is_active=True).order_by().values_list("user", flat=True))


def _tell(row: Deadline, kind: NoticeKind, people: Iterable[int], *, by: User, today: dt.date) -> None:
    rows = [
        Notice(recipient_id=person, deadline=row, kind=kind, day=today, created_at=clock.now())
        for person in sorted(set(people) - {by.pk})
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
