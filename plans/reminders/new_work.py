"""One notice a person and plan when work is given out, about the unit's first deadline in it: nobody gets a heap."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min

from doantracker.lib import clock
from plans.enums import OPEN, NoticeKind
from plans.models import Deadline, Notice, Plan
from units.holders import in_office
from units.permissions import Permission


def tell_of_new_work(plan: Plan, *, today: dt.date) -> int:
    """Tell whoever reports for the units that owe work in `plan`; three statements. Return how many are told."""
    owed = Deadline.objects.filter(plan=plan, status__in=OPEN).order_by()
    first = dict(owed.values("unit").annotate(first=Min("pk")).values_list("unit", "first"))
    people = in_office(first, Permission.REPORT, today)
    now = clock.now()
    rows = [
        Notice(recipient_id=user, deadline_id=first[unit], kind=NoticeKind.ASSIGNED, day=today, created_at=now)
        for unit, user in sorted(people)
    ]
    return len(Notice.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True))
