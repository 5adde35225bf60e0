"""How dear the pages are: `python -m tests.benchmarks.pages [--deadlines 10000] [--rounds 8]`.

Serves the demo province, scaled, on a throw-away PostgreSQL with two gunicorn workers, and measures each page in turns
with the floor (tests/benchmarks/views.py): server CPU per request, workers only, from /proc. Prints ratios.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import services

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
AIMS = {"list": 2, "plan": 3, "my work": 3, "report": 3, "sweep": 3}


@dataclass
class Server:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """Return the CPU seconds its workers have used."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True)
        used = 0
        for pid in found.stdout.split():
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            used += int(fields[11]) + int(fields[12])
        return used / TICKS


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--requests", type=int, default=40, help="of each page in a round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, services.postgresql() as url:
        os.environ.update(
            DATABASE_URL=url, REDIS_URL="", VAR_DIR=folder, DJANGO_SETTINGS_MODULE="tests.benchmarks.settings"
        )
        manage("migrate", "-v0")
        manage("seed_demo", "--deadlines", str(options.deadlines))
        with gunicorn() as server:
            report(measure(server, options.rounds, options.requests), options)


def manage(*arguments: str) -> None:
    """Run a management command."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True)


@contextmanager
def gunicorn() -> Iterator[Server]:
    """Serve the project with two workers on a free port."""
    port = services.free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen([*command, "doantracker.wsgi"], cwd=ROOT)
    try:
        for _ in range(100):
            try:
                get(port, "/login/")
                break
            except OSError:
                time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(10)


def measure(server: Server, rounds: int, requests: int) -> dict[str, list[float]]:
    """Return the milliseconds of CPU per request of each page, one figure a round, pages in turns."""
    import django  # noqa: PLC0415  # the environment must be set first

    django.setup()
    pages = page_calls(server, requests)
    for call in pages.values():  # warm-up: templates, connections, translations
        for n in range(6):
            call(n, 0)
    figures: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(1, rounds + 1):
        for name, call in pages.items():
            count = 10 if name == "sweep" else requests
            before = server.cpu()
            for n in range(count):
                call(n, turn)
            figures[name].append(1000 * (server.cpu() - before) / count)
    return figures


def page_calls(server: Server, requests: int) -> dict[str, Callable[[int, int], None]]:
    """Return a call of (number, round) for each page."""
    from django.db.models import Count  # noqa: PLC0415  # after django.setup

    from doantracker.lib import clock  # noqa: PLC0415
    from plans.models import Deadline, Plan  # noqa: PLC0415
    from units.models import Unit, User  # noqa: PLC0415

    Unit.objects.update(created_at=clock.now() - dt.timedelta(days=30))  # not founded a minute ago
    office, secretary = (session_of(User.objects.get(username=name)) for name in ("vanphong", "xa"))
    unit = Unit.objects.get(depth=1)
    plan = Plan.objects.annotate(n=Count("deadlines")).order_by("-n").first()
    assert plan is not None
    owed = Deadline.objects.filter(status="assigned", plan__status="published").order_by("-pk")
    free = iter(list(owed.values_list("pk", flat=True)[: requests * 40]))
    list_address = f"/deadlines/?unit={unit.pk}&state=on_schedule"
    return {
        "floor": lambda _n, _r: get(server.port, "/bench/floor/", office),
        "list": lambda _n, _r: get(server.port, list_address, office),
        "plan": lambda _n, _r: get(server.port, f"/plans/{plan.pk}/", office),
        "matrix": lambda _n, _r: get(server.port, f"/plans/{plan.pk}/?view=matrix", office),
        "my work": lambda _n, _r: get(server.port, "/", secretary),
        "report": lambda _n, _r: post(server.port, f"/deadlines/{next(free)}/report/", office),
        "sweep": lambda n, turn: get(server.port, f"/bench/sweep/{turn * 10 + n}/", office),
    }


def session_of(person: object) -> str:
    """Return the cookie of a person logged in."""
    from django.test import Client  # noqa: PLC0415  # after django.setup

    client = Client()
    client.force_login(person, backend="units.backends.AppointmentBackend")  # type: ignore[arg-type]  # a User
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def get(port: int, address: str, cookie: str = "") -> None:
    """Get a page; anything but 200 is an error."""
    _ask(port, "GET", address, cookie, "", 200)


def post(port: int, address: str, cookie: str) -> None:
    """Report a deadline done; anything but a redirect is an error."""
    token = "a" * 32
    _ask(port, "POST", address, f"{cookie}; csrf={token}", f"act=done&csrfmiddlewaretoken={token}", 302)


def _ask(port: int, method: str, address: str, cookie: str, body: str, wanted: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie, "Accept-Language": "vi"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, address, body=body or None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != wanted:
        msg = f"{method} {address}: {answer.status} instead of {wanted}"
        raise SystemExit(msg)


def report(figures: dict[str, list[float]], options: argparse.Namespace) -> None:
    """Print the table."""
    print(f"{options.deadlines} deadlines, {options.rounds} rounds of {options.requests} requests, CPU ms a request")
    print(f"{'page':<10}{'min':>8}{'median':>8}{'max':>8}{'x floor':>9}{'aim':>6}")
    for name, values in figures.items():
        ratio = statistics.median(v / f for v, f in zip(values, figures["floor"], strict=True))
        aim = f"<= {AIMS[name]}" if name in AIMS else ""
        print(
            f"{name:<10}{min(values):>8.1f}{statistics.median(values):>8.1f}{max(values):>8.1f}{ratio:>9.2f}{aim:>6}"
        )


if __name__ == "__main__":
    main()
