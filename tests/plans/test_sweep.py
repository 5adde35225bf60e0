"""The sweep: occurrences and notices, each once."""

import datetime as dt

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import TestCase

from plans.enums import Kind, NoticeKind, Status
from plans.fan_out import load_ladders
from plans.models import Deadline, LadderStep, Notice, ReminderLadder
from plans.reminders import delivery, sweep
from plans.reminders.rules import Ladder, next_reminder
from tests.cast import Cast
from tests.factories import ScheduleFactory, SolutionFactory, make_deadline, make_published_plan, make_unit

TODAY = dt.date(2026, 3, 16)
QUERIES = {"sqlite": 18, "postgresql": 20}  # two advisory locks more


def _told() -> list[tuple[str | None, str, dt.date]]:
    return list(Notice.objects.order_by("recipient__username").values_list("recipient__username", "kind", "day"))


def test_due_soon_and_overdue_are_told_to_who_reports_for_the_unit(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.district, plan=plan, due_on=TODAY + dt.timedelta(days=3), remind_on=TODAY)
    make_deadline(cast.commune, plan=plan, due_on=TODAY - dt.timedelta(days=1), remind_on=TODAY)
    make_deadline(
        cast.branch, plan=plan, due_on=TODAY + dt.timedelta(days=30), remind_on=TODAY + dt.timedelta(days=23)
    )

    assert sweep.check_deadlines(today=TODAY) == sweep.SweepResult(ran=True, occurrences=0, notices=2)
    assert _told() == [("bithu", NoticeKind.DUE_SOON, TODAY), ("xa", NoticeKind.OVERDUE, TODAY)]


def test_a_second_sweep_of_the_day_does_nothing(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.district, plan=plan, due_on=TODAY, remind_on=TODAY)
    sweep.check_deadlines(today=TODAY)

    assert sweep.check_deadlines(today=TODAY) == sweep.SweepResult(ran=True, occurrences=0, notices=0)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CANCELLED, Status.ON_HOLD])
def test_what_is_not_open_is_not_reminded(cast: Cast, status: Status) -> None:
    plan = make_published_plan(cast.province)
    reported = {"reported_on": TODAY, "reported_by": cast.secretary} if status == Status.SUBMITTED else {}
    make_deadline(cast.district, plan=plan, due_on=TODAY, remind_on=TODAY, status=status, reason="x", **reported)

    assert sweep.check_deadlines(today=TODAY).notices == 0


def test_a_person_whose_appointment_ended_is_not_told(cast: Cast) -> None:
    cast.secretary.appointments.update(end=TODAY - dt.timedelta(days=1))
    make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=TODAY, remind_on=TODAY)

    assert sweep.check_deadlines(today=TODAY).notices == 0


def test_asleep_for_ten_days_one_notice_tells_what_was_missed(cast: Cast) -> None:
    make_deadline(
        cast.district,
        plan=make_published_plan(cast.province),
        due_on=TODAY - dt.timedelta(days=3),
        remind_on=TODAY - dt.timedelta(days=10),
    )
    assert sweep.check_deadlines(today=TODAY).notices == 1
    assert Deadline.objects.get().remind_on == TODAY + dt.timedelta(days=7)


@pytest.mark.parametrize("left", [*range(-9, 12), 40])
def test_the_sweep_sets_the_same_next_day_as_the_rule(cast: Cast, left: int) -> None:
    due_on = TODAY + dt.timedelta(days=left)
    make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=due_on, remind_on=TODAY)
    sweep.check_deadlines(today=TODAY)

    assert Deadline.objects.get().remind_on == next_reminder(due_on, TODAY, Ladder())


def test_a_plan_follows_its_own_ladder(cast: Cast) -> None:
    ladder = ReminderLadder.objects.create(name="Gấp", overdue_every=2)
    LadderStep.objects.create(ladder=ladder, days_before=14)
    plan = make_published_plan(cast.province, ladder=ladder)
    make_deadline(cast.district, plan=plan, due_on=TODAY + dt.timedelta(days=14), remind_on=TODAY)

    assert load_ladders().of(plan) == Ladder(days_before=(14,), overdue_every=2)
    assert sweep.check_deadlines(today=TODAY).notices == 1
    assert Deadline.objects.get().remind_on == TODAY + dt.timedelta(days=15)


def test_recurring_work_is_written_out_over_the_horizon_and_goes_on(cast: Cast) -> None:
    plan = make_published_plan(cast.province, period_start=dt.date(2026, 1, 1), period_end=dt.date(2027, 12, 31))
    schedule = ScheduleFactory(
        solution=SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.department),
        kind=Kind.RECURRING,
        rule="FREQ=MONTHLY;INTERVAL=3",
        due=None,
        next_from=dt.date(2026, 1, 1),
    )
    sweep.check_deadlines(today=TODAY)
    assert list(Deadline.objects.values_list("occurrence", "due_on")) == [
        ("2026-Q1", dt.date(2026, 3, 31)),
        ("2026-Q2", dt.date(2026, 6, 30)),
        ("2026-Q3", dt.date(2026, 9, 30)),
    ]
    schedule.refresh_from_db()
    assert schedule.next_from == dt.date(2026, 10, 1)

    assert sweep.check_deadlines(today=dt.date(2026, 7, 1)).occurrences == 1


def test_beat_asleep_for_ten_days_every_missed_occurrence_is_made_once_and_one_digest_a_person_tells_it(
    cast: Cast, settings: LazySettings
) -> None:
    settings.HORIZON_DAYS = 31
    plan = make_published_plan(cast.province, period_start=dt.date(2026, 1, 1), period_end=dt.date(2026, 12, 31))
    for unit in (cast.district, cast.commune):
        ScheduleFactory(
            solution=SolutionFactory(plan=plan, ordinal=unit.pk, lead_unit=unit),
            kind=Kind.RECURRING,
            rule="FREQ=DAILY",
            due=None,
            next_from=dt.date(2026, 1, 1),
        )
    asleep_since, awake = dt.datetime(2026, 3, 6, 2, tzinfo=dt.UTC), dt.datetime(2026, 3, 16, 2, tzinfo=dt.UTC)
    with time_machine.travel(asleep_since, tick=False):
        sweep.check_deadlines()
        delivery.deliver_notices()
    written = Deadline.objects.count()
    mail.outbox.clear()

    with time_machine.travel(awake, tick=False):
        result = sweep.check_deadlines()
        assert result.occurrences == 2 * 10
        assert sweep.check_deadlines() == sweep.SweepResult(ran=True, occurrences=0, notices=0)
        assert delivery.deliver_notices() == delivery.deliver_notices() + len(mail.outbox)
    days = list(Deadline.objects.filter(unit=cast.district).order_by("due_on").values_list("due_on", flat=True))
    assert days == [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(len(days))]
    assert Deadline.objects.count() == written + 2 * 10
    owed_ids = Deadline.objects.filter(due_on__range=(dt.date(2026, 3, 6), dt.date(2026, 3, 23)), unit=cast.district)
    told = Notice.objects.filter(recipient=cast.secretary, day=TODAY, deadline__in=owed_ids)
    reminders = told.filter(kind__in=(NoticeKind.DUE_SOON, NoticeKind.OVERDUE))
    assert reminders.values("deadline").distinct().count() == reminders.count() == owed_ids.count()
    assert sorted(m.to[0] for m in mail.outbox) == sorted({m.to[0] for m in mail.outbox})
    assert {cast.secretary.email, cast.commune_secretary.email} <= {m.to[0] for m in mail.outbox}


def test_a_unit_founded_later_gets_its_own(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, ordinal=1)
    for due in (dt.date(2026, 2, 28), dt.date(2026, 6, 30)):
        ScheduleFactory(solution=solution, due=due).owner_kinds.add(cast.commune.kind)
    sweep.check_deadlines(today=TODAY)
    new = make_unit("Đoàn xã Mới", code="ST-BM-M", parent=cast.district, valid_from=dt.date(2026, 3, 1))
    sweep.check_deadlines(today=TODAY)

    assert list(Deadline.objects.filter(unit=new).values_list("due_on", flat=True)) == [dt.date(2026, 6, 30)]


class SweepCost(TestCase):
    """The number of queries does not depend on the number of deadlines."""

    def test_same_queries_for_few_and_many(self) -> None:
        from tests.cast import make_cast  # noqa: PLC0415  # a TestCase has no fixtures

        cast = make_cast()
        plan = make_published_plan(cast.province)
        template = make_deadline(cast.district, plan=plan, due_on=TODAY, remind_on=TODAY)
        sweep.check_deadlines(today=TODAY - dt.timedelta(days=1))
        counts = []
        for day, many in ((0, 10), (2, 3000)):
            today = TODAY + dt.timedelta(days=day)
            Deadline.objects.bulk_create(
                Deadline(
                    schedule=template.schedule,
                    solution=template.solution,
                    plan=plan,
                    unit=cast.district,
                    unit_path=cast.district.path,
                    occurrence=f"{day}-{n}",
                    due_on=today,
                    remind_on=today,
                )
                for n in range(many)
            )
            with self.assertNumQueries(QUERIES[connection.vendor]) as queries:
                sweep.check_deadlines(today=today)
            counts.append(len(queries))
        assert len(set(counts)) == 1
        assert Notice.objects.count() == 11 + 3000 + 11
