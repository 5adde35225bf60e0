"""Keeping the figures of a day: one grouped INSERT … SELECT, once a day whatever runs how often."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Count, DateField, Min, Value
from django.db.models.functions import TruncMonth

from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.models import Deadline, Snapshot, UnitSnapshot
from plans.statistics import condition_of
from units.access import STEP
from units.models import Unit

KEEP_DAILY = dt.timedelta(days=400)  # older figures: the first day of each month that has any
COUNTED = ("total", "done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date")


def take_snapshots(*, today: dt.date | None = None) -> int:
    """Keep the figures of every unit in every plan followed up; return how many rows are new.

    The first reading of a day stays. Two at once, or one killed half-way, do no harm: one statement, unique by day.
    """
    day = today or clock.today()
    if Snapshot.objects.filter(day=day).exists():
        return 0
    with transaction.atomic():
        written = _insert(day)
        _add_up(day)
        for kept in (Snapshot, UnitSnapshot):
            _thin_out(kept, day - KEEP_DAILY)
    return written


def _insert(day: dt.date) -> int:
    counts = {f"n_{name}": Count("pk", filter=condition_of(name, day)) for name in COUNTED}
    rows = (
        Deadline.objects.filter(plan__status=PlanStatus.PUBLISHED)
        .order_by()
        .values("unit_id", "unit_path", "plan_id")
        .annotate(**counts, day=Value(day, output_field=DateField()))
        .values_list("unit_id", "unit_path", "plan_id", *counts, "day")
    )
    sql, params = rows.query.sql_with_params()
    columns = ", ".join(("unit_id", "unit_path", "plan_id", *COUNTED, "day"))
    table = Snapshot._meta.db_table  # noqa: SLF001  # Django documents _meta
    with connection.cursor() as cursor:
        # every value is a parameter; the names are our own
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        count: int = cursor.rowcount
    return max(count, 0)


def _add_up(day: dt.date) -> None:
    """Add the figures of a day up for each unit and all below it: one statement, over the units above each row."""
    columns = ", ".join(COUNTED)
    sums = ", ".join(f"SUM(f.{name})" for name in COUNTED)
    kept, figures, units = (m._meta.db_table for m in (UnitSnapshot, Snapshot, Unit))  # noqa: SLF001  # documented
    above = f"(SELECT DISTINCT depth * {STEP} AS n FROM {units}) steps"  # noqa: S608  # the names are our own
    sql = (
        f"INSERT INTO {kept} (day, unit_id, {columns}) SELECT f.day, u.id, {sums} FROM {figures} f"  # noqa: S608  # as above
        f" JOIN {above} ON steps.n <= length(f.unit_path)"
        f" JOIN {units} u ON u.path = substr(f.unit_path, 1, steps.n)"
        " WHERE f.day = %s GROUP BY f.day, u.id ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [day])


def _thin_out(rows: type[Snapshot | UnitSnapshot], before: dt.date) -> None:
    """Keep of each month before a day only its first figures."""
    old = rows.objects.filter(day__lt=before).order_by()
    kept = old.annotate(month=TruncMonth("day")).values("month").annotate(first=Min("day")).values("first")
    old.exclude(day__in=list(kept.values_list("first", flat=True))).delete()
