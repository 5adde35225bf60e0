"""The sweep over many open deadlines: `python -m tests.benchmarks.sweep [--deadlines 100000]`.

On a throw-away PostgreSQL: of so many open deadlines 1 % are due today. Prints statements and seconds of the first
sweep, of a second one the same day, and of the same with a tenth of the rows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts import services

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Set up, sweep, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadlines", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, services.postgresql() as url:
        os.environ.update(
            DATABASE_URL=url, REDIS_URL="", VAR_DIR=folder, DJANGO_SETTINGS_MODULE="doantracker.settings"
        )
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django  # noqa: PLC0415  # the environment must be set first

        django.setup()
        heads = f"{'statements':>11} {'seconds':>8} {'notices':>8}"
        print(f"{'open rows':>10} {'due':>6} {heads}   the same, again that day")
        for count in (options.deadlines // 10, options.deadlines):
            measure(count)


def measure(count: int) -> None:
    """Fill the register with `count` open rows, 1 % due, and sweep twice."""
    from django.db import connection  # noqa: PLC0415  # after django.setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from plans.reminders.sweep import check_deadlines  # noqa: PLC0415

    today = dt.date(2026, 3, 16)
    fill(count, today)
    check_deadlines(today=today - dt.timedelta(days=1))  # the very first sweep of a database asks less
    line = f"{count:>10} {count // 100:>6}"
    for _ in range(2):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            result = check_deadlines(today=today)
        line += f" {len(queries):>11} {time.perf_counter() - began:>8.2f} {result.notices:>8}  "
    print(line)


def fill(count: int, today: dt.date) -> None:
    """Put `count` open deadlines of one commune into an emptied register."""
    from django.db import connection  # noqa: PLC0415  # after django.setup

    from plans.models import Deadline, Notice  # noqa: PLC0415
    from tests.factories import make_deadline, make_officer, make_published_plan, make_unit  # noqa: PLC0415
    from units.models import Unit  # noqa: PLC0415
    from units.roles import Role  # noqa: PLC0415

    Notice.objects.all().delete()
    if not Unit.objects.exists():
        unit = make_unit("Đoàn xã", code="X")
        make_officer(unit, Role.SECRETARY)
        make_deadline(unit, plan=make_published_plan(unit), due_on=today + dt.timedelta(days=60))
    template = Deadline.objects.order_by("pk")[0]
    Deadline.objects.exclude(pk=template.pk).delete()
    Deadline.objects.bulk_create(
        (
            Deadline(
                schedule_id=template.schedule_id,
                solution_id=template.solution_id,
                plan_id=template.plan_id,
                unit_id=template.unit_id,
                unit_path=template.unit_path,
                occurrence=str(n),
                due_on=today + dt.timedelta(days=7 if n % 100 == 0 else 30 + n % 60),
                remind_on=today if n % 100 == 0 else today + dt.timedelta(days=23),
            )
            for n in range(count)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE plans_deadline")


if __name__ == "__main__":
    main()
