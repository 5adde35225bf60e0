"""What the table of deadlines costs as .xlsx: `python -m tests.benchmarks.exports [--rows 4000 40000]`.

Writes the export of an office over a throw-away SQLite, each size in a process of its own, and prints time, the peak
of what Python holds (tracemalloc, in a second run, which is slower) and the peak of the process. Ends with 1 when
ten times the rows take more than a quarter more of Python's memory: it is written row by row.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from typing import Any

MOST_GROWTH = 1.25


def main() -> int:
    """Set up, measure each size apart, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[4_000, 40_000])
    parser.add_argument("--one", type=int, help="measure one size; the database is there")
    parser.add_argument("--traced", action="store_true")
    options = parser.parse_args()
    if options.one:
        return measure(options.one, traced=options.traced)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/exports.sqlite3",
            "REDIS_URL": "",
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, env=environment)
        peaks = []
        for rows in options.rows:
            for more in ([], ["--traced"]):
                command = [sys.executable, "-m", "tests.benchmarks.exports", "--one", str(rows), *more]
                said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
                print(said.stdout.strip())
            peaks.append(float(said.stdout.split()[-2]))
    growth = peaks[-1] / peaks[0]
    print(f"growth of the peak: {growth:.2f}")
    return int(growth > MOST_GROWTH)


def measure(rows: int, *, traced: bool) -> int:
    """Write the export of a plan with so many deadlines and print what it took."""
    import django  # noqa: PLC0415  # the environment must be set first

    django.setup()
    from doantracker.papers.actions.exports import ask_export, write_export  # noqa: PLC0415  # after django.setup

    plan, office = make_plan(rows)
    export = ask_export(query=f"plan={plan.pk}", by=office)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if traced:
        tracemalloc.start()
    started = time.monotonic()
    write_export(export=export)
    seconds = time.monotonic() - started
    export.refresh_from_db()
    assert export.rows == rows, export.rows
    if traced:
        print(f"{rows:>7} rows, peak of Python {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB")
    else:
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = export.file.size / 2**20
        print(
            f"{rows:>7} rows in {seconds:.1f} s, {size:.1f} MiB, process {before / 1024:.0f} → {after / 1024:.0f} MiB"
        )
    return 0


def make_plan(rows: int) -> tuple[Any, Any]:
    """Return the plan with so many deadlines, made once a database, and the clerk who takes them along."""
    import datetime as dt  # noqa: PLC0415

    from plans.models import Deadline, Plan  # noqa: PLC0415
    from tests.factories import make_deadline, make_officer, make_published_plan, make_unit  # noqa: PLC0415
    from units.models import Unit, User  # noqa: PLC0415
    from units.roles import Role  # noqa: PLC0415

    province = Unit.objects.filter(code="XL").first() or make_unit("Tỉnh đoàn", code="XL", kind="province")
    office = User.objects.filter(username="xl").first() or make_officer(province, Role.OFFICE, username="xl")
    plan = Plan.objects.filter(symbol=f"{rows}-KH/XL").first()
    if plan:
        return plan, office
    plan = make_published_plan(province, symbol=f"{rows}-KH/XL", title="Kế hoạch lớn")
    first = make_deadline(province, plan=plan, due_on=dt.date(2026, 3, 1))
    copied = {"schedule_id": first.schedule_id, "solution_id": first.solution_id, "plan": plan, "unit": province}
    copied |= {"unit_path": province.path}
    day = dt.date(2026, 3, 1)
    facts = {"due_on": day, "original_due_on": day, "remind_on": day}
    more = (Deadline(**copied, **facts, occurrence=f"{2026 + n // 50}-W{n % 50 + 1:02d}") for n in range(1, rows))
    Deadline.objects.bulk_create(more, batch_size=500)
    return plan, office


if __name__ == "__main__":
    sys.exit(main())
