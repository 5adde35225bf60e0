"""Who is told when the organiser changes work: whoever reports for the units, in the usual digest."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Deadline, Notice
from units.holders import in_office
from units.models import User
from units.permissions import Permission

BATCH = 2000


def tell_units(rows: Collection[Deadline], kind: NoticeKind, *, by: User | None, today: dt.date) -> int:
    """Tell of a series that changed: one notice a person and unit, about its first deadline. Return how many."""
    first: dict[int, Deadline] = {}
    for row in sorted(rows, key=lambda r: (r.due_on or dt.date.max, r.pk)):
        first.setdefault(row.unit_id, row)
    return tell_of_each(list(first.values()), kind, by=by, today=today)


def tell_of_each(rows: Collection[Deadline], kind: NoticeKind, *, by: User | None, today: dt.date) -> int:
    """Tell of every deadline by itself, never `by`; two statements for any number. Return how many notices."""
    if not rows:
        return 0
    people: dict[int, list[int]] = defaultdict(list)  # who reports, by unit
    for unit, person in sorted(in_office({row.unit_id for row in rows}, Permission.REPORT, today)):
        people[unit].append(person)
    now, me = clock.now(), by.pk if by else None
    notices = [
        Notice(recipient_id=person, deadline=row, kind=kind, day=today, created_at=now)
        for row in rows
        for person in people[row.unit_id]
        if person != me
    ]
    return len(Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True))
