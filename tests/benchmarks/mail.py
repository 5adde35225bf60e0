"""Ten thousand notices due at once: `python -m tests.benchmarks.mail [--people 2000] [--each 5]`.

On a throw-away PostgreSQL and Redis, with a mail server, two gunicorn workers and a Celery worker of two processes on
one machine. Prints how fast a bare sender is, how fast the notices leave, and how long My work and a list take while
nothing is sent and while everything is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path

from scripts import services
from tests.benchmarks.pages import ROOT, get, gunicorn, manage, session_of
from tests.smtp_sink import mail_server

READERS = 2
Latencies = dict[str, list[float]]


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--each", type=int, default=5, help="notices a person")
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--calm", type=float, default=20, help="seconds of pages without sending")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mails = folder / "mails"
        port = stack.enter_context(mail_server(mails))
        os.environ.update(
            DATABASE_URL=stack.enter_context(services.postgresql()),
            REDIS_URL=stack.enter_context(services.redis()),
            VAR_DIR=str(folder),
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
            QUIET_FROM="00:00",
            QUIET_UNTIL="00:00",
            LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="tests.benchmarks.settings",
        )
        manage("migrate", "-v0")
        manage("seed_demo", "--deadlines", str(options.deadlines))
        measure(stack, options, mails, port)


def measure(stack: ExitStack, options: argparse.Namespace, mails: Path, port: int) -> None:
    """Send half with nobody about, look at pages alone, send the other half beside them; print each figure."""
    import django  # noqa: PLC0415  # the environment must be set first

    django.setup()
    fill(options.people, options.each)
    bare = bare_rate(port, 2000)
    report(f"{options.people * options.each} notices of {options.people} people on {os.cpu_count()} cores")
    report(f"a bare sender of one process: {bare:.0f} mails/s")
    server = stack.enter_context(gunicorn())
    pages = page_calls(server.port)
    for call in pages.values():  # warm-up
        for _ in range(6):
            call()
    stack.enter_context(celery())
    hold_half()
    alone = rate(mails, lambda: wait_until(all_sent))
    report(f"two workers, nobody else: {alone:.0f} mails/s, {alone / bare:.2f} of it")
    end = time.monotonic() + options.calm
    calm = watch(pages, lambda: time.monotonic() > end)
    release()
    busy: Latencies = {}
    beside = rate(mails, lambda: busy.update(watch(pages, all_sent)))
    report(f"two workers beside {READERS} readers: {beside:.0f} mails/s, {beside / bare:.2f} of it")
    report_pages(calm, busy)


def rate(mails: Path, wait: Callable[[], object]) -> float:
    """Wake a sender, wait, and return how many mails a second the server has taken meanwhile."""
    before, began = taken(mails), time.monotonic()
    ask()
    wait()
    return (taken(mails) - before) / (time.monotonic() - began)


def taken(mails: Path) -> int:
    """Return how many mails the server has taken."""
    return len(mails.read_text(encoding="utf-8").splitlines())


def wait_until(true: Callable[[], bool]) -> None:
    """Look five times a second."""
    while not true():
        time.sleep(0.2)


def fill(people: int, each: int) -> None:
    """Let so many new people of units with open work each have so many notices that wait."""
    from django.db.models import Count  # noqa: PLC0415  # after django.setup

    from doantracker.lib import clock  # noqa: PLC0415
    from plans.enums import OPEN, NoticeKind, NoticeState, PlanStatus  # noqa: PLC0415
    from plans.models import Deadline, Notice, ReminderLadder  # noqa: PLC0415
    from units.models import Appointment, Post, Unit, User  # noqa: PLC0415
    from units.roles import Role  # noqa: PLC0415

    Unit.objects.update(created_at=clock.now() - dt.timedelta(days=30))  # not founded a minute ago
    Notice.objects.filter(state=NoticeState.PENDING).update(state=NoticeState.SKIPPED)
    ReminderLadder.objects.filter(is_default=True).update(mail_on_days_off=True)
    owed = Deadline.objects.filter(status__in=OPEN, plan__status=PlanStatus.PUBLISHED)
    units = list(owed.values("unit").annotate(n=Count("pk")).filter(n__gte=each).values_list("unit", flat=True))
    rows = {unit: list(owed.filter(unit=unit)[:each]) for unit in units}
    facts = {"title": "Người nhận thư", "role": Role.SECRETARY}
    posts = {unit: Post.objects.create(unit_id=unit, **facts) for unit in units}
    made = User.objects.bulk_create(
        User(username=f"thu{n}", full_name=f"Người nhận {n}", email=f"thu{n}@example.vn", sort_key=str(n))
        for n in range(people)
    )
    start = dt.date(2020, 1, 1)
    place = {user.pk: units[n % len(units)] for n, user in enumerate(made)}
    Appointment.objects.bulk_create(Appointment(user=u, post=posts[place[u.pk]], start=start) for u in made)
    told = {"kind": NoticeKind.OVERDUE, "day": clock.today(), "created_at": clock.now()}
    Notice.objects.bulk_create(
        (Notice(recipient=user, deadline=row, **told) for user in made for row in rows[place[user.pk]]),
        batch_size=2000,
    )


def hold_half() -> None:
    """Keep back the notices of every second person for the second measurement."""
    from django.db.models import F  # noqa: PLC0415  # after django.setup

    from plans.enums import NoticeState  # noqa: PLC0415
    from plans.models import Notice  # noqa: PLC0415

    waiting = Notice.objects.filter(state=NoticeState.PENDING).annotate(odd=F("recipient_id") % 2)
    waiting.filter(odd=1).update(state=NoticeState.SKIPPED, attempts=1)


def release() -> None:
    """Let those wait again."""
    from plans.enums import NoticeState  # noqa: PLC0415  # after django.setup
    from plans.models import Notice  # noqa: PLC0415

    held = Notice.objects.filter(state=NoticeState.SKIPPED, attempts=1)
    held.update(state=NoticeState.PENDING, attempts=0)


def bare_rate(port: int, count: int) -> float:
    """Return how many mails a second a loop over one connection sends: the limit of one sender."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "x", "a@example.vn", "b@example.vn"
    mail.set_content("x" * 1200)
    mail.add_alternative("x" * 1200, subtype="html")
    with smtplib.SMTP("127.0.0.1", port) as line:
        began = time.monotonic()
        for n in range(count):
            del mail["Message-ID"]
            mail["Message-ID"] = f"<bare{n}@example.vn>"
            line.send_message(mail)
    return count / (time.monotonic() - began)


@contextmanager
def celery() -> Iterator[None]:
    """Run the worker of production: two processes."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "doantracker", "worker", "--concurrency", "2"]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen([*command, *quiet], cwd=ROOT)
    try:
        time.sleep(5)  # it loads the project while nothing is measured
        yield
    finally:
        process.terminate()
        process.wait(30)


def ask() -> None:
    """Wake a sender, as beat does."""
    from celery import Celery  # noqa: PLC0415  # slow to import

    with Celery(broker=os.environ["REDIS_URL"], set_as_current=False) as sender:
        sender.send_task("plans.deliver_notices")


def all_sent() -> bool:
    """Return whether nothing waits any more."""
    from plans.enums import NoticeState  # noqa: PLC0415  # after django.setup
    from plans.models import Notice  # noqa: PLC0415

    return not Notice.objects.filter(state__in=(NoticeState.PENDING, NoticeState.SENDING)).exists()


def page_calls(port: int) -> dict[str, Callable[[], None]]:
    """Return a call for each page."""
    from units.models import Unit, User  # noqa: PLC0415  # after django.setup

    office, secretary = (session_of(User.objects.get(username=name)) for name in ("vanphong", "xa"))
    unit = Unit.objects.get(depth=1)
    return {
        "my work": lambda: get(port, "/", secretary),
        "list": lambda: get(port, f"/deadlines/?unit={unit.pk}&state=on_schedule", office),
        "notices": lambda: get(port, "/notices/", secretary),
    }


def watch(pages: dict[str, Callable[[], None]], over: Callable[[], bool]) -> Latencies:
    """Let READERS people open the pages one after the other until `over`; return the milliseconds of each."""
    found: Latencies = {name: [] for name in pages}
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            for name, call in pages.items():
                began = time.monotonic()
                call()
                found[name].append(1000 * (time.monotonic() - began))

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    wait_until(over)
    stop.set()
    for reader in readers:
        reader.join()
    return found


def report(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def report_pages(calm: Latencies, busy: Latencies) -> None:
    """Print how long the pages took."""
    print(f"{'page, ms':<10}{'calm p50':>10}{'p95':>8}{'busy p50':>10}{'p95':>8}{'x p50':>8}{'x p95':>8}{'opened':>8}")
    for name, values in calm.items():
        figures = [*quantiles(values), *quantiles(busy[name])]
        ratios = (figures[2] / figures[0], figures[3] / figures[1])
        print(
            f"{name:<10}{figures[0]:>10.0f}{figures[1]:>8.0f}{figures[2]:>10.0f}{figures[3]:>8.0f}"
            f"{ratios[0]:>8.1f}{ratios[1]:>8.1f}{len(busy[name]):>8}"
        )


def quantiles(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20)[18]


if __name__ == "__main__":
    main()
