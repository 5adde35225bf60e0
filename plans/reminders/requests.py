"""Who is told of a request and of its answer: those who decide, those who asked. One notice a person and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Deadline, Notice
from units.holders import in_office
from units.models import Unit, User
from units.permissions import Permission


def tell_deciders(row: Deadline, kind: NoticeKind, *, by: User, today: dt.date, at: Unit | None = None) -> None:
    """Tell whoever confirms results at the issuer of the plan, or at the level `at`; never `by`, who asked."""
    _tell(row, kind, _people(at or row.plan.issuing_unit, Permission.CONFIRM, today), by=by, today=today)


def tell_unit(row: Deadline, kind: NoticeKind, asker: User, *, by: User, today: dt.date) -> None:
    """Tell who asked, and whoever reports for the unit by now; never `by`, who decided."""
    _tell(row, kind, {asker.pk, *_people(row.unit, Permission.REPORT, today)}, by=by, today=today)


def tell_reporters(row: Deadline, kind: NoticeKind, *, by: User, today: dt.date) -> None:
    """Tell whoever reports for the unit; never `by`, who acted."""
    _tell(row, kind, _people(row.unit, Permission.REPORT, today), by=by, today=today)


def _people(unit: Unit, permission: Permission, today: dt.date) -> set[int]:
    """Return who holds a post of `unit` itself that grants `permission`, or stands in for the holder; one query."""
    return {person for _unit, person in in_office([unit.pk], permission, today)}


def _tell(row: Deadline, kind: NoticeKind, people: Iterable[int], *, by: User, today: dt.date) -> None:
    rows = [
        Notice(recipient_id=person, deadline=row, kind=kind, day=today, created_at=clock.now())
        for person in sorted(set(people) - {by.pk})
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
