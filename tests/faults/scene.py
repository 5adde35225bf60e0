"""A small union with work due every day, and what must be true of it after any day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Count

from plans.enums import ESCALATIONS, OPEN, Kind, NoticeKind, NoticeState, Status
from plans.models import Deadline, Notice, ReminderLadder, Schedule
from tests.factories import ScheduleFactory, SolutionFactory, make_officer, make_published_plan, make_unit
from units import audit
from units.models import User
from units.roles import Role

UNITS = 12
FIRST_DAY = dt.date(2026, 3, 1)
HORIZON = 31
#: Days before (positive) or after (negative) the last day on which a row is told of, by the default ladder.
TOLD_AT = (7, 3, 1, 0, -1)
#: Rows so many days late are called off, which keeps every round the same size; escalation has reached them by then.
CALLED_OFF = 5


def make_union() -> None:
    """Make a province of communes, each of which owes a report every day."""
    province = make_unit("Tỉnh đoàn", code="T", kind="province")
    make_officer(province, Role.LEADER, username="lanhdao")
    plan = make_published_plan(province, period_start=FIRST_DAY, period_end=dt.date(2027, 12, 31))
    ReminderLadder.objects.filter(is_default=True).delete()
    ladder = ReminderLadder.objects.create(name="Cả ngày nghỉ", is_default=True, mail_on_days_off=True)
    for days in (7, 3, 1, 0):
        ladder.steps.create(days_before=days)
    for n in range(UNITS):
        unit = make_unit(f"Đoàn xã {n}", code=f"X{n}", parent=province)
        make_officer(unit, Role.SECRETARY, username=f"xa{n}")
        solution = SolutionFactory(plan=plan, ordinal=n + 1, lead_unit=unit)
        ScheduleFactory(solution=solution, kind=Kind.RECURRING, rule="FREQ=DAILY", due=None, next_from=FIRST_DAY)


def call_off(today: dt.date) -> None:
    """Take what is late by CALLED_OFF days out of the way."""
    late = Deadline.objects.filter(due_on__lte=today - dt.timedelta(days=CALLED_OFF), status__in=OPEN)
    late.update(status=Status.CANCELLED, reason="x")


@dataclass
class Faults:
    """What was counted over all days; everything but `repeats` must stay nought."""

    lost_occurrences: int = 0
    doubled_occurrences: int = 0
    lost_notices: int = 0
    doubled_notices: int = 0
    unsent: int = 0
    lost_mails: int = 0
    second_digests: int = 0
    unknown_mails: int = 0
    broken_log: int = 0
    repeats: int = 0
    notices: int = 0
    mails: int = 0
    days: list[dt.date] = field(default_factory=list)

    def faults(self) -> int:
        """Return how many things went wrong; a repeat under the same Message-ID is allowed."""
        counted = (
            self.lost_occurrences, self.doubled_occurrences, self.lost_notices, self.doubled_notices, self.unsent,
            self.lost_mails, self.second_digests, self.unknown_mails, self.broken_log,
        )  # fmt: skip
        return sum(counted)

    def count_day(self, today: dt.date) -> None:
        """Compare the rows of one day, after its undisturbed run, with what the ladder says."""
        self.days.append(today)
        last = today + dt.timedelta(days=HORIZON)
        for schedule in Schedule.objects.all():
            days = Counter(Deadline.objects.filter(schedule=schedule).values_list("due_on", flat=True))
            expected = {FIRST_DAY + dt.timedelta(days=n) for n in range((last - FIRST_DAY).days + 1)}
            self.lost_occurrences += len(expected - set(days))
            self.doubled_occurrences += sum(days.values()) - len(days)
        told = Notice.objects.filter(day=today, kind__in=(NoticeKind.DUE_SOON, NoticeKind.OVERDUE))
        counted = Counter(told.values_list("deadline", flat=True))
        due = [today + dt.timedelta(days=n) for n in TOLD_AT if today + dt.timedelta(days=n) >= FIRST_DAY]
        owed = set(Deadline.objects.filter(due_on__in=due).values_list("pk", flat=True))
        self.lost_notices += len(owed - set(counted))
        self.doubled_notices += sum(n - 1 for n in counted.values())

    def count_all(self, mails: Path) -> None:
        """Compare all notices with what the mail server took."""
        people = dict(User.objects.values_list("pk", "email"))
        taken = Counter(line.split()[0] for line in mails.read_text(encoding="utf-8").splitlines())
        known: dict[str, tuple[str, dt.date]] = {}
        for person, key, day in Notice.objects.filter(state=NoticeState.SENT).values_list(
            "recipient", "claim_key", "day"
        ):
            known[f"<{uuid.uuid5(key, str(person))}@127.0.0.1>"] = (people[person], day)
        self.notices, self.mails = Notice.objects.count(), len(taken)
        self.unsent = Notice.objects.exclude(state=NoticeState.SENT).count()
        self.lost_mails = len(set(known) - set(taken))
        self.unknown_mails = len(set(taken) - set(known))
        self.repeats = sum(taken.values()) - len(taken)
        digests: dict[tuple[str, dt.date], set[str]] = defaultdict(set)
        for message_id, (address, day) in known.items():
            digests[address, day].add(message_id)
        self.second_digests = sum(len(ids) - 1 for ids in digests.values())
        raised = Notice.objects.filter(kind__in=ESCALATIONS).values("recipient", "deadline", "kind")
        self.doubled_notices += raised.annotate(n=Count("pk")).filter(n__gt=1).count()
        self.broken_log = len(list(audit.broken_links()))
