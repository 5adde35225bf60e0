"""A real Celery worker, over each of the two brokers, does what was asked before and after it started."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from doantracker.lib import clock
from plans.models import Notice
from tests.cast import make_cast
from tests.factories import make_deadline, make_published_plan

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PATIENCE_SECONDS = 60


def database_url() -> str:
    """Return the address of the test database, for another process."""
    facts = connection.settings_dict
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def sender(broker: str, folder: Path) -> Celery:
    """Return an app that puts messages where the worker will look."""
    if broker == "redis":
        return Celery(broker=settings.REDIS_URL, set_as_current=False)
    app = Celery(broker="filesystem://localhost/", set_as_current=False)
    messages = folder / "queue" / "messages"
    control = folder / "queue" / "control"
    for made in (messages, control):
        made.mkdir(parents=True)
    app.conf.broker_transport_options = {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
    }
    return app


@contextmanager
def worker(broker: str, queue: str, folder: Path) -> Iterator[Path]:
    """Run a worker as `start.py` does, on the test's database and on a queue of its own; yield its log."""
    redis = settings.REDIS_URL if broker == "redis" else ""
    environment = {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": redis, "VAR_DIR": str(folder)}
    quiet_alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "doantracker", "worker", "--queues", queue]
    log = folder / "worker.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO", *quiet_alone],
            env=environment,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            yield log
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def wait_for_line(log: Path, text: str, times: int = 1) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while log.read_text(encoding="utf-8").count(text) < times:
        assert time.monotonic() < deadline, f"never logged {text!r}:\n{log.read_text(encoding='utf-8')}"
        time.sleep(0.05)


@pytest.mark.parametrize("broker", ["redis", "files"])
def test_the_worker_sweeps_when_asked(broker: str, tmp_path: Path) -> None:
    if broker == "redis" and not settings.REDIS_URL:
        pytest.skip("needs Redis: run python3 start.py check")
    cast = make_cast()
    today = clock.today()
    plan = make_published_plan(cast.province)
    make_deadline(cast.district, plan=plan, due_on=today + dt.timedelta(days=1), remind_on=today)
    queue = f"test-{uuid4()}"

    with sender(broker, tmp_path) as app:
        app.send_task("plans.check_deadlines", queue=queue)  # before there is a worker: the broker keeps it
        with worker(broker, queue, tmp_path) as log:
            wait_for_line(log, "plans.check_deadlines[", times=2)  # received, succeeded
            app.send_task("plans.check_deadlines", queue=queue)
            wait_for_line(log, "succeeded in", times=2)

    assert [notice.deadline.unit for notice in Notice.objects.select_related("deadline__unit")] == [cast.district]
