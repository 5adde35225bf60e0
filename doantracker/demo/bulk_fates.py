"""What became of thousands of deadlines, set by a few updates: the shapes the acts on single rows leave behind."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import DateField, ExpressionWrapper, F, Q, Subquery, Value
from django.db.models.expressions import Combinable, OuterRef
from django.db.models.functions import Coalesce, Mod

from doantracker.demo.plans import moment
from plans.enums import DONE, Status
from plans.models import Deadline, ProgressReport
from plans.querysets import DeadlineQuerySet
from units.models import Appointment, User

BATCH: Final = 2000
SETTLED: Final = 6  # days
SOON: Final = 7  # days


def set_fates(rows: Q, *, confirming: User, reporting: User, today: dt.date) -> None:
    """Draw the fate of the deadlines `rows`, all untouched; a unit's head reports, `reporting` where it has none."""
    head = Appointment.objects.filter(post__unit=OuterRef("unit")).order_by("post__rank", "pk").values("user")[:1]
    handed_in = {"percent": 100, "reported_by": Coalesce(Subquery(head), Value(reporting.pk)), "version": 2}
    confirmed = {**handed_in, "status": Status.COMPLETED, "confirmed_by": confirming, "version": 3}
    settled = Q(due_on__lte=today - dt.timedelta(days=SETTLED))
    soon = Q(due_on__gt=today - dt.timedelta(days=SETTLED), due_on__lte=today + dt.timedelta(days=SOON))
    started = {"status": Status.IN_PROGRESS, "percent": 40, "version": 2}
    yesterday = today - dt.timedelta(days=1)
    for dates, first, last, values in (
        (settled, 0, 62, {**confirmed, "reported_on": _due(-2), "confirmed_on": _due(1)}),
        (settled, 62, 75, {**confirmed, "reported_on": _due(3), "confirmed_on": _due(4)}),
        (settled, 75, 81, {**handed_in, "status": Status.SUBMITTED, "reported_on": _due(0)}),
        (settled, 81, 87, started),
        (settled, 87, 90, {"status": Status.RETURNED, "reason": "Đề nghị bổ sung số liệu.", "version": 3}),
        (settled, 90, 91, {"status": Status.CANCELLED, "reason": "Đã lồng ghép vào việc khác.", "version": 2}),
        (soon, 0, 20, {**handed_in, "status": Status.SUBMITTED, "reported_on": yesterday}),
        (soon, 20, 50, started),
        (~settled & ~soon, 0, 10, started),
    ):
        _drawn(rows).filter(dates, draw__gte=first, draw__lt=last).update(**values)
    _reports(rows)


def _drawn(rows: Q) -> DeadlineQuerySet:
    """Return the rows with a number from 0 to 99 that looks thrown but is the same each time."""
    number = F("unit_id") * 37 + F("solution_id") * 61
    drawn: DeadlineQuerySet = Deadline.objects.filter(rows).annotate(draw=Mod(number, 100))
    return drawn


def _due(days: int) -> Combinable:
    return ExpressionWrapper(F("due_on") + dt.timedelta(days=days), output_field=DateField())


def _reports(rows: Q) -> None:
    """Write what each unit said when it handed in."""
    done = Deadline.objects.filter(rows, status__in=DONE).values_list("pk", "reported_by", "reported_on")
    reports = [
        ProgressReport(deadline_id=pk, percent=100, text="Đã hoàn thành.", author_id=author, at=moment(day, 10))
        for pk, author, day in done
        if author and day
    ]
    ProgressReport.objects.bulk_create(reports, batch_size=BATCH)
