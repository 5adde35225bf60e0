"""Escalation: who is told of late work, when, and each once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from doantracker.lib import clock
from plans.enums import ESCALATIONS, NoticeKind, NoticeState, PlanStatus, Status
from plans.models import Deadline, Notice, Plan, ReminderLadder
from plans.reminders import delivery, sweep
from plans.reminders.rules import Ladder, Line, escalation_level, told_at
from tests.cast import Cast, make_cast
from tests.factories import SolutionFactory, make_deadline, make_officer, make_published_plan
from units.models import Post, User
from units.models.person import Oversight
from units.roles import Role

TODAY = dt.date(2026, 3, 16)
LONG_AGO = dt.date(2026, 1, 5)
LEVEL_1, LEVEL_2 = ESCALATIONS


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("due", "published", "after", "level"),
    [
        (day(5), LONG_AGO, (3, 7), 0),
        (day(0), LONG_AGO, (3, 7), 0),
        (day(-2), LONG_AGO, (3, 7), 0),
        (day(-3), LONG_AGO, (3, 7), 1),
        (day(-6), LONG_AGO, (3, 7), 1),
        (day(-7), LONG_AGO, (3, 7), 2),
        (day(-90), LONG_AGO, (3, 7), 2),
        (day(-90), day(-2), (3, 7), 0),  # published two days ago: the unit has had it for two days
        (day(-90), day(-3), (3, 7), 1),
        (day(-7), LONG_AGO, (1,), 1),
        (day(-7), LONG_AGO, (8, 9), 0),
        (day(-90), LONG_AGO, (), 0),
    ],
)
def test_how_far_up_a_late_deadline_goes(due: dt.date, published: dt.date, after: tuple[int, ...], level: int) -> None:
    assert escalation_level(due, published, TODAY, Ladder(escalate_after=after)) == level


HEAD, OVERSEER, ABOVE, LEADER = (frozenset({n}) for n in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("level", "line", "told"),
    [
        (1, Line(HEAD, OVERSEER, ABOVE, LEADER), {1, 2}),
        (1, Line(HEAD, frozenset(), ABOVE, LEADER), {1, 3}),
        (1, Line(frozenset(), frozenset(), ABOVE, LEADER), {3}),
        (1, Line(HEAD, HEAD, ABOVE, LEADER), {1}),
        (1, Line(HEAD, frozenset(), ABOVE, LEADER, own_plan=True), {1}),
        (1, Line(HEAD, OVERSEER, ABOVE, LEADER, own_plan=True), {1, 2}),
        (1, Line(), set()),
        (2, Line(HEAD, OVERSEER, ABOVE, LEADER), {4}),
        (2, Line(HEAD, OVERSEER, ABOVE, HEAD, own_plan=True), {1}),
        (2, Line(HEAD, OVERSEER, ABOVE), set()),
    ],
)
def test_who_is_told_at_a_level(level: int, line: Line, told: set[int]) -> None:
    assert told_at(level, line) == told


def told(deadline: Deadline | None = None) -> list[tuple[str | None, str]]:
    rows = Notice.objects.filter(kind__in=ESCALATIONS)
    rows = rows if deadline is None else rows.filter(deadline=deadline)
    return list(rows.order_by("kind", "recipient__username").values_list("recipient__username", "kind"))


def late(cast: Cast, days: int, **fields: Any) -> Deadline:
    plan = fields.pop("plan", None) or make_published_plan(cast.province)
    return make_deadline(fields.pop("unit", cast.commune), plan=plan, due_on=day(-days), **fields)


def test_three_days_late_the_head_and_the_unit_above_are_told(cast: Cast) -> None:
    late(cast, 3)
    assert sweep.check_deadlines(today=TODAY).escalations == 2
    assert told() == [("bithu", LEVEL_1), ("xa", LEVEL_1)]


def test_seven_days_late_the_leaders_of_the_issuer_are_told_too(cast: Cast) -> None:
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert sweep.check_deadlines(today=day(3)).escalations == 0
    assert sweep.check_deadlines(today=day(4)).escalations == 1
    assert told() == [("bithu", LEVEL_1), ("xa", LEVEL_1), ("lanhdao", LEVEL_2)]


def test_two_days_late_nobody_above_is_told(cast: Cast) -> None:
    late(cast, 2)
    assert sweep.check_deadlines(today=TODAY).escalations == 0


def test_who_oversees_the_unit_is_told_instead_of_the_unit_above(cast: Cast) -> None:
    Oversight.objects.create(user=cast.leader, unit=cast.commune, start=LONG_AGO)
    Oversight.objects.create(user=cast.reader, unit=cast.commune, start=LONG_AGO, end=day(-1))
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("lanhdao", LEVEL_1), ("xa", LEVEL_1)]


def test_the_leader_in_charge_of_the_solution_is_told(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    late(cast, 3, plan=plan, solution=SolutionFactory(plan=plan, ordinal=1, overseer=cast.leader))
    sweep.check_deadlines(today=TODAY)
    assert told() == [("lanhdao", LEVEL_1), ("xa", LEVEL_1)]


def test_an_overseer_without_a_right_to_see_the_row_is_not_told(cast: Cast) -> None:
    Oversight.objects.create(user=cast.outsider, unit=cast.commune, start=LONG_AGO)
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("xa", LEVEL_1)]


def test_a_department_head_who_oversees_sees_the_union_it_serves(cast: Cast) -> None:
    Oversight.objects.create(user=cast.department_head, unit=cast.commune, start=LONG_AGO)
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("ban", LEVEL_1), ("xa", LEVEL_1)]


def test_nobody_above_the_issuer_is_told_of_its_own_plan(cast: Cast) -> None:
    late(cast, 10, plan=make_published_plan(cast.district), unit=cast.district)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("bithu", LEVEL_1), ("bithu", LEVEL_2)]


def test_of_several_posts_the_first_in_rank_is_the_head(cast: Cast) -> None:
    make_officer(cast.commune, Role.SECRETARY, title="Phó Bí thư", username="pho")
    Post.objects.filter(title="Phó Bí thư").update(rank=60)
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("bithu", LEVEL_1), ("xa", LEVEL_1)]


@pytest.mark.parametrize("loss", ["appointment", "account"])
def test_who_left_is_not_told(cast: Cast, loss: str) -> None:
    if loss == "appointment":
        cast.secretary.appointments.update(end=day(-1))
    else:
        User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    assert told() == [("xa", LEVEL_1)]


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.COMPLETED, Status.ON_HOLD, Status.CANCELLED])
def test_what_is_not_open_is_not_escalated(cast: Cast, status: Status) -> None:
    done = {"reported_on": TODAY, "reported_by": cast.secretary, "reason": "x"}
    if status == Status.COMPLETED:
        done |= {"confirmed_on": TODAY, "confirmed_by": cast.leader}
    late(cast, 10, status=status, **done)
    assert sweep.check_deadlines(today=TODAY).escalations == 0


def test_a_closed_plan_escalates_nothing(cast: Cast) -> None:
    closed = {"status": PlanStatus.CLOSED, "closed_at": clock.now(), "closed_by": cast.office_staff}
    Plan.objects.filter(pk=late(cast, 10).plan_id).update(**closed)
    assert sweep.check_deadlines(today=TODAY).escalations == 0


@pytest.mark.parametrize(("days_ago", "level"), [(2, 0), (3, 1), (6, 1), (7, 2)])
def test_a_plan_published_late_gives_the_unit_its_days(cast: Cast, days_ago: int, level: int) -> None:
    noon = dt.datetime.combine(day(-days_ago), dt.time(5), dt.UTC)  # midday in Vietnam
    plan = make_published_plan(cast.province)
    Plan.objects.filter(pk=plan.pk).update(published_at=noon)
    row = late(cast, 60, plan=plan)
    sweep.check_deadlines(today=TODAY)
    row.refresh_from_db()
    assert row.escalated == level == escalation_level(day(-60), day(-days_ago), TODAY, Ladder())


@pytest.mark.parametrize("days", range(-1, 11))
def test_the_sweep_reaches_the_same_level_as_the_rule(cast: Cast, days: int) -> None:
    row = late(cast, days)
    sweep.check_deadlines(today=TODAY)
    row.refresh_from_db()
    assert row.escalated == escalation_level(day(-days), LONG_AGO, TODAY, Ladder())


@pytest.mark.parametrize(
    ("first", "second", "levels"), [(None, None, []), (2, None, [LEVEL_1]), (1, 4, [*ESCALATIONS])]
)
def test_a_plan_follows_its_own_ladder(cast: Cast, first: int | None, second: int | None, levels: list[str]) -> None:
    ladder = ReminderLadder.objects.create(name="Gấp", escalate_first=first, escalate_second=second)
    late(cast, 4, plan=make_published_plan(cast.province, ladder=ladder))
    sweep.check_deadlines(today=TODAY)
    assert sorted({kind for _, kind in told()}) == levels


@pytest.mark.parametrize(("first", "second"), [(3, 3), (5, 2), (0, 4), (None, 4)])
def test_levels_only_rise(db: None, first: int | None, second: int | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderLadder.objects.create(name="Sai", escalate_first=first, escalate_second=second)


@pytest.mark.usefixtures("today")  # at night nothing is sent
def test_asleep_for_ten_days_one_sweep_tells_each_level_once_and_one_mail_goes_to_each_person(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    first, second = late(cast, 10, plan=plan, remind_on=day(-10)), late(cast, 4, plan=plan, remind_on=day(-10))

    result = sweep.check_deadlines(today=TODAY)
    assert (result.notices, result.escalations) == (2, 5)
    assert sweep.check_deadlines(today=TODAY) == sweep.SweepResult(ran=True)
    assert told(first) == [("bithu", LEVEL_1), ("xa", LEVEL_1), ("lanhdao", LEVEL_2)]
    assert told(second) == [("bithu", LEVEL_1), ("xa", LEVEL_1)]

    assert delivery.deliver_notices(today=TODAY) == 3
    assert sorted(message.to[0] for message in mail.outbox) == [
        "bithu@example.vn",
        "lanhdao@example.vn",
        "xa@example.vn",
    ]
    assert delivery.deliver_notices(today=TODAY) == 0


def test_late_again_after_a_new_day_tells_nobody_a_second_time(cast: Cast) -> None:
    row = late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    Deadline.objects.filter(pk=row.pk).update(due_on=day(2), escalated=0, escalated_on=None)
    sweep.check_deadlines(today=day(5))
    assert told() == [("bithu", LEVEL_1), ("xa", LEVEL_1)]


def test_the_database_refuses_the_same_level_twice(cast: Cast) -> None:
    row = late(cast, 3)
    sweep.check_deadlines(today=TODAY)
    facts = {"recipient": cast.secretary, "deadline": row, "kind": LEVEL_1, "created_at": row.created_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(day=day(1), **facts)


def test_a_sweep_on_a_wrong_later_day_is_healed_by_the_next(cast: Cast) -> None:
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=day(1), remind_on=day(1))
    wrong = day(200)
    assert sweep.check_deadlines(today=wrong).escalations == 3
    row.refresh_from_db()
    assert (row.remind_on, row.escalated) == (day(207), 2)
    Notice.objects.filter(kind=LEVEL_2).update(state=NoticeState.SENT, sent_at=row.created_at)

    assert sweep.check_deadlines(today=TODAY).notices == 1
    row.refresh_from_db()
    assert (row.remind_on, row.reminded_on, row.escalated) == (day(1), TODAY, 0)
    left = list(Notice.objects.order_by("day").values_list("kind", "day"))
    assert left == [(NoticeKind.DUE_SOON, TODAY), (LEVEL_2, wrong)]  # a mail can't be taken back
    assert sweep.check_deadlines(today=TODAY) == sweep.SweepResult(ran=True)


class EscalationCost(TestCase):
    """The number of statements does not depend on the number of late deadlines."""

    def test_same_queries_for_few_and_many(self) -> None:
        cast = make_cast()
        plan = make_published_plan(cast.province)
        template = make_deadline(cast.commune, plan=plan, due_on=day(-30))
        sweep.check_deadlines(today=day(-60))
        counts = []
        for start, many in ((0, 10), (20, 2000)):
            Deadline.objects.bulk_create(
                Deadline(
                    schedule=template.schedule,
                    solution=template.solution,
                    plan=plan,
                    unit=cast.commune,
                    unit_path=cast.commune.path,
                    occurrence=f"{start}-{n}",
                    due_on=day(start - 8),
                    remind_on=day(start),
                )
                for n in range(many)
            )
            with self.assertNumQueries({"sqlite": 20, "postgresql": 22}[connection.vendor]) as queries:
                sweep.check_deadlines(today=day(start))
            counts.append(len(queries))
        assert len(set(counts)) == 1
        assert Notice.objects.filter(kind__in=ESCALATIONS).count() == 3 * (1 + 10 + 2000)
