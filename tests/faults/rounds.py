"""One day after the other: processes are started, killed, and what they left is counted."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from celery import Celery
from django.conf import settings
from django.db import connection, connections
from kombu.exceptions import OperationalError

from doantracker.celery import app as project
from doantracker.lib import clock
from plans.enums import NoticeState
from plans.models import Notice
from plans.reminders import delivery, sweep
from tests.faults import scene
from tests.faults.redis import RestartableRedis

JOBS: Final = ("plans.check_deadlines", "plans.deliver_notices", "plans.deliver_notices")
WORKER: Final = ["worker", "--pool", "solo", "--loglevel", "ERROR"]
ALONE: Final = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
PATIENCE: Final = 60
DONE: Final = "everything sent"
NINE: Final = dt.time(2, 0, tzinfo=dt.UTC)  # nine in the morning in Vietnam
LATER: Final = dt.timedelta(minutes=10)  # a claim has run out by then
A_DAY: Final = dt.timedelta(days=1)


def sweep_and_send() -> None:
    """Do what beat starts, in this process."""
    sweep.check_deadlines()
    delivery.deliver_notices()


def insist() -> None:
    """Do it as beat does over the hours: the connection of a killed sweep may hold the lock for a moment yet."""
    end = time.monotonic() + PATIENCE
    while not sweep.check_deadlines().ran and time.monotonic() < end:
        time.sleep(0.1)
    delivery.deliver_notices()


def send() -> None:
    """Send what waits, in this process."""
    delivery.deliver_notices()


def work_from_redis() -> None:
    """Be a Celery worker until somebody ends it."""
    project.worker_main([*WORKER, *ALONE])


@dataclass(frozen=True)
class Kind:
    """What runs at once in a round, and whether the day was swept before."""

    name: str
    acts: tuple[Callable[[], None], ...]
    swept: bool = False
    starts: float = 0.0  # this share of a run is the start of the program: nothing to disturb yet


#: The rounds take them in turns.
KINDS: Final = (
    Kind("sweep, then sender", (sweep_and_send,)),
    Kind("three senders at once", (send, send, send), swept=True),
    Kind("two sweeps at once", (sweep_and_send, sweep_and_send)),
    Kind("worker of Celery", (work_from_redis,), starts=0.4),
)


@dataclass
class Rounds:
    """All rounds and what they found."""

    seed: int
    mails: Path
    redis: RestartableRedis
    log: Path
    kills: int = 0
    cuts: int = 0
    found: scene.Faults = field(default_factory=scene.Faults)
    phases: Counter[tuple[str, str]] = field(default_factory=Counter)
    broker: dict[str, bool] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    day: dt.date = scene.FIRST_DAY

    def run(self, kills: int) -> None:
        """Run rounds until so many processes were killed, then the faults of the broker."""
        chance = random.Random(self.seed)  # noqa: S311  # the same moments for the same seed
        scene.make_union()
        lasts = {kind.name: self.undisturbed(kind) for kind in KINDS}
        number = 0
        while self.kills < kills:
            kind = KINDS[number % len(KINDS)]
            delays = [chance.uniform(kind.starts, 1.05) * lasts[kind.name] for _ in kind.acts]
            in_time = self.disturbed(kind, delays, cut=number % 9 == 5)
            lasts[kind.name] *= 1.03 if in_time else 0.85  # the machine may have other work than at the start
            if number % 7 == 6:
                self.redis.tell("flushall")
            number += 1
        self.broker_faults()
        self.found.count_all(self.mails)

    # --- one round ---

    def undisturbed(self, kind: Kind) -> float:
        """Run one day without a fault; return its seconds."""
        moment = self.prepare(kind)
        began = time.monotonic()
        self._finish(kind.acts[0], moment)
        lasted = time.monotonic() - began
        self.found.count_day(self.day)
        return lasted

    def prepare(self, kind: Kind) -> dt.datetime:
        """Begin the next day for a kind of round; return its moment."""
        moment = self.next_day()
        if kind.swept:
            with clock.stopped_at(moment):
                sweep.check_deadlines()
        return moment

    def disturbed(self, kind: Kind, delays: list[float], *, cut: bool = False) -> bool:
        """Run one day whose processes end too early, then an undisturbed run, then count.

        Return whether any was still at work; what had come to its end by itself counts as no kill.
        """
        moment = self.prepare(kind)
        if work_from_redis in kind.acts:
            self.ask()
        running = [(delay, self.start(act, moment)) for delay, act in zip(delays, kind.acts, strict=True)]
        began = time.monotonic()
        for delay, process in sorted(running):
            time.sleep(max(0.0, delay - (time.monotonic() - began)))  # the random moment
            if cut:
                self.cut_connections()
            os.kill(process, signal.SIGKILL)
        ends = [os.waitpid(process, 0)[1] for _delay, process in running]
        left = self.phase()
        idle = left == DONE and work_from_redis in kind.acts  # a worker waits for more
        killed = 0 if idle else sum(os.WIFSIGNALED(end) for end in ends)
        self.kills += killed
        self.phases[kind.name, left] += killed
        self._finish(kind.acts[0], moment + LATER)
        self.found.count_day(self.day)
        return killed > 0

    def next_day(self) -> dt.datetime:
        """Begin the next day of the union; return its nine in the morning."""
        scene.call_off(self.day)
        self.day += A_DAY
        return dt.datetime.combine(self.day, NINE)

    def start(self, act: Callable[[], None], moment: dt.datetime) -> int:
        """Run `act` at `moment` in a process of its own; return its number."""
        connections.close_all()  # a child must not share them
        process = os.fork()
        if process:
            return process
        with self.log.open("a") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            code = 0
            try:
                with clock.stopped_at(moment):
                    act()
            except BaseException:  # whatever it is, the child ends here
                traceback.print_exc()
                code = 1
            finally:
                os._exit(code)

    def ask(self) -> None:
        """Put the jobs where a worker looks, as beat does."""
        with Celery(broker=settings.REDIS_URL, set_as_current=False) as sender:
            for job in JOBS:
                sender.send_task(job, retry=False)

    def _finish(self, act: Callable[[], None], moment: dt.datetime) -> None:
        """Do the day's work to its end; by a worker, where `act` is one, until nothing is left to do."""
        if act is not work_from_redis:
            process = self.start(insist, moment)
            if os.waitpid(process, 0)[1]:
                raise SystemExit("An undisturbed run failed:\n" + self.log.read_text(encoding="utf-8")[-3000:])
            return
        process = self.start(act, moment)
        end = time.monotonic() + PATIENCE
        while not self.all_sent() and time.monotonic() < end:
            self.ask()  # as beat does, hour by hour
            next_hour = time.monotonic() + 5
            while not self.all_sent() and time.monotonic() < next_hour:
                time.sleep(0.02)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)

    def all_sent(self) -> bool:
        """Return whether the day has its notices and all are sent."""
        told = Notice.objects.filter(day=self.day)
        return told.exists() and not told.exclude(state=NoticeState.SENT).exists()

    def cut_connections(self) -> None:
        """Let the database end every connection but this one."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            self.cuts += int(cursor.fetchone()[0] > 0)

    def phase(self) -> str:
        """Return how far the day was, by what the killed processes left."""
        states = set(Notice.objects.filter(day=self.day).values_list("state", flat=True))
        if not states:
            return "before the sweep's commit"
        if states == {NoticeState.PENDING}:
            return "before a claim"
        return DONE if states == {NoticeState.SENT} else "claimed, partly sent"

    # --- the broker ---

    def broker_faults(self) -> None:
        """Let Redis go away, come back empty, and run full: the next message finds everything in the tables."""
        moment = self.next_day()
        self.redis.stop()
        self.broker["gone: messages are refused"] = self.refused()
        self.redis.start()
        self._finish(work_from_redis, moment)
        self.found.count_day(self.day)
        self.broker["back, empty: the day is complete"] = self.all_sent()
        moment = self.next_day()
        self.redis.tell("config", "set", "maxmemory", "1")
        self.broker["full: messages are refused"] = self.refused()
        self.redis.tell("config", "set", "maxmemory", "0")
        self._finish(work_from_redis, moment)
        self.found.count_day(self.day)
        self.broker["room again: the day is complete"] = self.all_sent()

    def refused(self) -> bool:
        """Return whether the broker takes no message."""
        with contextlib.suppress(OperationalError, OSError):
            self.ask()
            return False
        return True

    # --- the report ---

    def report(self) -> int:
        """Print the table; return 1 when something went wrong."""
        found = self.found
        seconds = time.monotonic() - self.began
        print(f"{self.kills} processes killed, seed {self.seed}, {len(found.days)} days, {seconds:.0f} s")
        print(f"\n{'killed while at work as':<26}{'left':<30}{'processes':>10}")
        for (name, phase), count in sorted(item for item in self.phases.items() if item[1]):
            print(f"{name:<26}{phase:<30}{count:>10}")
        print(f"{'connections cut as well':<56}{self.cuts:>10}")
        print(f"\n{found.notices} notices, {found.mails} mails; of these")
        for words, count in (
            ("occurrences lost", found.lost_occurrences),
            ("occurrences doubled", found.doubled_occurrences),
            ("notices lost", found.lost_notices),
            ("notices doubled", found.doubled_notices),
            ("notices never sent", found.unsent),
            ("mails marked as sent that the server never took", found.lost_mails),
            ("second digests of a day", found.second_digests),
            ("mails with a Message-ID of no notice", found.unknown_mails),
            ("broken links of the log", found.broken_log),
            ("mails repeated with the same Message-ID (allowed)", found.repeats),
        ):
            print(f"  {words:<54}{count:>10}")
        print()
        for words, good in self.broker.items():
            print(f"  Redis {words:<48}{'yes' if good else 'NO':>10}")
        wrong = found.faults() + sum(not good for good in self.broker.values())
        print("\nNothing lost, nothing doubled." if not wrong else f"\n{wrong} FAULTS", file=sys.stdout)
        return 1 if wrong else 0
