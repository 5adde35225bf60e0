"""How dear the pages of the biggest province are: `python -m tests.benchmarks.overview [--rounds 9] [--requests 5]`.

Makes a province with 130 communes, 2,000 branches, 1,000 plans and 40,000 deadlines on a throw-away PostgreSQL, serves
it with two gunicorn workers and measures each page in turns with the floor: a page in the frame of all pages that
shows one row, found by its id. Wall clock and the workers' CPU, a request. Ends with 1 when a page takes more than ten
times the floor.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time

from scripts import services
from tests.benchmarks.pages import Server, get, gunicorn, manage, session_of

MOST = 10  # times the floor
FLOOR = "one row"


def main() -> int:
    """Set up, measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=5, help="of each page in a round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, services.postgresql() as url:
        os.environ.update(
            DATABASE_URL=url, REDIS_URL="", VAR_DIR=folder, DJANGO_SETTINGS_MODULE="tests.benchmarks.settings"
        )
        manage("migrate", "-v0")
        pages = make_pages()
        with gunicorn() as server:
            return report(measure(server, pages, options.rounds, options.requests))


def make_pages() -> dict[str, tuple[str, str]]:
    """Fill the database; return address and cookie of each page."""
    import django  # noqa: PLC0415  # the environment must be set first

    django.setup()
    from doantracker.demo.people import DEMO_PASSWORD  # noqa: PLC0415  # after django.setup
    from doantracker.demo.province import make_province  # noqa: PLC0415
    from doantracker.lib import clock  # noqa: PLC0415
    from plans.models import Deadline, Plan  # noqa: PLC0415
    from tests.benchmarks.big_province import COMMUNES, grow_big  # noqa: PLC0415
    from units.models import Unit, User  # noqa: PLC0415

    today = clock.today()
    grow_big(make_province(today=today, seed=1, password=DEMO_PASSWORD), today)
    counts = {model.__name__: model.objects.count() for model in (Unit, Plan, Deadline)}
    print(", ".join(f"{number} {name.lower()}s" for name, number in counts.items()))
    office, leader = (session_of(User.objects.get(username=name)) for name in ("vanphong", "lanhdao"))
    province = Unit.objects.get(depth=1)
    commune = Unit.objects.filter(depth=2, kind__code="commune").order_by("-path")[COMMUNES // 2]
    widest = Plan.objects.get(symbol="1002-KH/TĐTN")  # owed by every commune
    row = Deadline.objects.order_by("pk")[1000]
    return {
        FLOOR: (f"/bench/one/{row.pk}/", office),
        "overview, this year": ("/overview/", office),
        "overview, all days": ("/overview/?period=all", office),
        "overview, by rate, newest plans": ("/overview/?units=rate&plans=newest&page=2&plans_page=3", office),
        "overview, one kind": ("/overview/?kind=focus_tasks", office),
        "in my charge": ("/overview/mine/", leader),
        "page of the province": (f"/units/{province.pk}/", office),
        "page of a commune, ranked": (f"/units/{commune.pk}/", office),
        "units × commitments": (f"/plans/{widest.pk}/?view=matrix", office),
        "list of plans": ("/plans/", office),
        "list of deadlines": ("/deadlines/", office),
        "list of overdue": (f"/deadlines/?unit={province.pk}&state=overdue", office),
        "statistics": ("/figures/", office),
        "trend": (f"/figures/trend/?unit={commune.pk}", office),
    }


def measure(
    server: Server, pages: dict[str, tuple[str, str]], rounds: int, requests: int
) -> dict[str, list[tuple[float, float]]]:
    """Return milliseconds of wall clock and CPU per request of each page, one pair a round, pages in turns."""
    for address, cookie in pages.values():  # warm-up: templates, connections, translations
        for _ in range(6):
            get(server.port, address, cookie)
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, (address, cookie) in pages.items():
            walls, used = [], server.cpu()
            for _request in range(requests):
                start = time.perf_counter()
                get(server.port, address, cookie)
                walls.append(1000 * (time.perf_counter() - start))
            figures[name].append((statistics.median(walls), 1000 * (server.cpu() - used) / requests))
    return figures


def report(figures: dict[str, list[tuple[float, float]]]) -> int:
    """Print the table; return 1 when a page is too slow."""
    floor = [wall for wall, _cpu in figures[FLOOR]]
    print(f"{'page':<34}{'wall ms':>9}{'CPU ms':>8}{'x one row':>11}")
    slow = []
    for name, pairs in figures.items():
        ratio = statistics.median(wall / least for (wall, _cpu), least in zip(pairs, floor, strict=True))
        wall, cpu = (statistics.median(values) for values in zip(*pairs, strict=True))
        print(f"{name:<34}{wall:>9.1f}{cpu:>8.1f}{ratio:>11.2f}")
        if ratio > MOST:
            slow.append(name)
    print(f"slower than {MOST} times one row: {', '.join(slow)}" if slow else f"no page takes {MOST} times one row")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
