"""The organiser moves last days: one unit's, all units', and where days off move; what is told, logged and refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from plans.actions import rescheduling as acts
from plans.actions.deadlines import cancel, submit
from plans.actions.extensions import ask_later_day, grant
from plans.changes import Change
from plans.enums import Kind, NoticeKind, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import with_owners, write_out
from plans.models import CalendarDay, Deadline, Notice, Plan, Schedule
from plans.statistics import condition_of
from tests.cast import Cast
from tests.factories import ScheduleFactory, SolutionFactory, make_deadline, make_published_plan, make_unit, version_of
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

WHY = "Đại hội lùi lịch"
LATER = dt.date(2026, 4, 20)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


def shared_work(plan: Plan, *units: Any, today: dt.date, **facts: Any) -> list[Deadline]:
    """Return one piece of work that several units owe by 31 March, in their order."""
    solution = SolutionFactory(plan=plan, ordinal=plan.solutions.count() + 1, lead_unit=units[0])
    schedule = ScheduleFactory(solution=solution, **{"kind": Kind.BY_DATE, "due": dt.date(2026, 3, 31), **facts})
    schedule.owner_units.set(units)
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    return [Deadline.objects.get(schedule=schedule, unit=unit) for unit in units]


def move(row: Deadline, cast: Cast, **facts: Any) -> Change:
    return acts.reschedule(deadline=row, **{"by": cast.office_staff, "due_on": LATER, "reason": WHY, **facts})


# --- this one ---


@pytest.mark.parametrize("due", [dt.date(2026, 3, 1), dt.date(2026, 3, 25)])
def test_a_first_day_that_was_missed_stays_the_first_day(cast: Cast, plan: Plan, due: dt.date) -> None:
    """Overdue work, or work to which a later day was granted: a move hides no lateness."""
    row = make_deadline(cast.commune, plan=plan, due_on=due)
    missed = dt.date(2026, 3, 1)
    Deadline.objects.filter(pk=row.pk).update(original_due_on=missed)
    move(row, cast)
    row.refresh_from_db()
    assert (row.due_on, row.original_due_on) == (LATER, missed)
    today = dt.date(2026, 3, 18)
    assert list(Deadline.objects.filter(condition_of("late_original", today))) == [row]


@pytest.mark.parametrize("day", [LATER, dt.date(2026, 3, 25)])
def test_a_day_moved_by_the_organiser_is_the_first_day_too(cast: Cast, plan: Plan, day: dt.date) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 31))
    Deadline.objects.filter(pk=row.pk).update(escalated=2, escalated_on=day, reminded_on=dt.date(2026, 3, 15))
    move(row, cast, due_on=day)
    row.refresh_from_db()
    assert (row.due_on, row.original_due_on, row.version) == (day, day, 2)
    assert (row.escalated, row.escalated_on, row.reminded_on) == (0, None, None)
    assert row.remind_on == max(day - dt.timedelta(days=7), dt.date(2026, 3, 18))
    event = AuditEvent.objects.get(action="rescheduled")
    assert event.data == {"moved": ["2026-03-31", str(day)], "reason": WHY}
    told = Notice.objects.filter(kind=NoticeKind.MOVED).values_list("recipient__username", flat=True)
    assert list(told) == ["xa"]


def test_only_one_unit_or_every_unit_that_owes_it(cast: Cast, plan: Plan, today: dt.date) -> None:
    rows = shared_work(plan, cast.district, cast.commune, cast.other_district, today=today)
    move(rows[1], cast)
    assert [str(d) for d in Deadline.objects.order_by("unit_path").values_list("due_on", flat=True)] == [
        "2026-03-31", "2026-04-20", "2026-03-31",
    ]  # fmt: skip
    change = move(rows[1], cast, due_on=dt.date(2026, 5, 4), all_units=True)
    assert [(o.unit, o.before, o.after) for o in change.moved] == [
        ("Huyện đoàn Bình Minh", dt.date(2026, 3, 31), dt.date(2026, 5, 4)),
        ("Đoàn xã An Hòa", LATER, dt.date(2026, 5, 4)),
        ("Thị đoàn Cẩm Giang", dt.date(2026, 3, 31), dt.date(2026, 5, 4)),
    ]
    assert Schedule.objects.get().due == dt.date(2026, 5, 4)  # a unit founded later owes it by then


def test_what_is_reported_called_off_or_granted_later_keeps_its_day(cast: Cast, plan: Plan, today: dt.date) -> None:
    units = (cast.district, cast.commune, cast.other_district, cast.department)
    reported, off, granted, free = shared_work(plan, *units, today=today)
    submit(deadline=reported, version=version_of(reported), by=cast.secretary)
    cancel(deadline=off, version=version_of(off), by=cast.office_staff, reason="Thôi")
    asked = ask_later_day(
        deadline=granted,
        version=version_of(granted),
        by=cast.sibling_secretary,
        day=dt.date(2026, 6, 1),
        reason="Bão",
        today=today,
    )
    grant(extension=asked, state="asked", by=cast.leader)
    change = move(free, cast, all_units=True)
    assert [(o.unit, o.why) for o in change.kept] == [
        ("Huyện đoàn Bình Minh", "đã báo cáo"),
        ("Đoàn xã An Hòa", "đã hủy"),
        ("Thị đoàn Cẩm Giang", "đã được gia hạn đến ngày sau đó"),
    ]
    assert [o.unit for o in change.moved] == ["Ban Phong trào"]


def test_the_preview_leaves_nothing_and_its_digest_guards_the_act(cast: Cast, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 31))
    seen = acts.preview_reschedule(deadline=row, by=cast.office_staff, due_on=LATER)
    assert (Notice.objects.count(), AuditEvent.objects.count()) == (0, 0)
    with pytest.raises(Stale):
        move(row, cast, due_on=dt.date(2026, 4, 21), expected=seen.digest)
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 3, 31)
    move(row, cast, expected=seen.digest)


def test_work_on_hold_moves_without_a_reminder_and_work_without_a_day_gets_one(cast: Cast, plan: Plan) -> None:
    held = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 31), status=Status.ON_HOLD, remind_on=None)
    undated = make_deadline(cast.commune, plan=plan)
    move(held, cast)
    move(undated, cast)
    held.refresh_from_db()
    undated.refresh_from_db()
    assert (held.due_on, held.remind_on) == (LATER, None)
    assert (undated.due_on, undated.original_due_on) == (LATER, LATER)


@pytest.mark.parametrize(
    ("facts", "cure"),
    [
        ({"reason": "  "}, "lý do"),
        ({"due_on": dt.date(2026, 3, 15)}, "đã qua"),
        ({"due_on": dt.date(2026, 3, 31)}, "Không có hạn nào dời"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(cast: Cast, plan: Plan, facts: dict[str, Any], cure: str) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 31))
    with pytest.raises(ActionRefused, match=cure):
        move(row, cast, **facts)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("person", ["leader", "administrator", "commune_secretary", "secretary", "outsider"])
def test_only_the_issuers_people_move_a_day(cast: Cast, plan: Plan, person: str) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 31))
    with pytest.raises(Http404):
        move(row, cast, by=getattr(cast, person))


@pytest.mark.parametrize("count", [1, 6])
def test_a_move_costs_the_same_for_one_unit_and_for_many(
    cast: Cast, plan: Plan, today: dt.date, count: int, django_assert_num_queries: Any
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-BM-{n}", parent=cast.district) for n in range(count)]
    rows = shared_work(plan, *units, today=today)
    assert cast.office_staff.grants
    with django_assert_num_queries(15 + (connection.vendor == "postgresql")):  # the lock of the log's chain
        move(rows[0], cast, all_units=True)


# --- days off ---


def test_a_published_plan_begins_to_move_days_off(cast: Cast, plan: Plan, today: dt.date) -> None:
    (saturday,) = shared_work(plan, cast.commune, today=today, due=dt.date(2026, 3, 28))
    (own_day,) = shared_work(plan, cast.district, today=today, due=dt.date(2026, 4, 4))
    move(own_day, cast, due_on=dt.date(2026, 4, 11))
    (monthly,) = shared_work(
        plan, cast.department, today=today, kind=Kind.RECURRING, due=dt.date(2026, 5, 31),
        start=dt.date(2026, 5, 1), rule="FREQ=MONTHLY",
    )  # fmt: skip
    change = acts.set_days_off_move(plan=plan, by=cast.office_staff, moves=True, reason=WHY)
    assert {(o.pk, o.after) for o in change.moved} >= {
        (saturday.pk, dt.date(2026, 3, 30)),
        (monthly.pk, dt.date(2026, 6, 1)),
    }
    plan.refresh_from_db()
    assert plan.days_off_move
    saturday.refresh_from_db()
    assert saturday.original_due_on == dt.date(2026, 3, 30)
    back = acts.set_days_off_move(plan=plan, by=cast.office_staff, moves=False, reason=WHY)
    assert (saturday.pk, dt.date(2026, 3, 28)) in {(o.pk, o.after) for o in back.moved}
    with pytest.raises(ActionRefused):
        acts.set_days_off_move(plan=plan, by=cast.office_staff, moves=False, reason=WHY)


def test_a_granted_day_stays_when_days_off_begin_to_move(cast: Cast, plan: Plan, today: dt.date) -> None:
    (row,) = shared_work(plan, cast.commune, today=today, due=dt.date(2026, 3, 28))
    asked = ask_later_day(
        deadline=row,
        version=version_of(row),
        by=cast.commune_secretary,
        day=dt.date(2026, 4, 5),
        reason="Bão",
        today=today,
    )
    grant(extension=asked, state="asked", by=cast.leader)
    change = acts.preview_days_off_move(plan=plan, by=cast.office_staff, moves=True)
    assert (change.moved, [o.pk for o in change.kept]) == ([], [row.pk])


def test_deadlines_on_a_new_day_off_move_in_the_plans_one_runs(cast: Cast) -> None:
    moving = make_published_plan(cast.province, days_off_move=True)
    foreign = make_published_plan(cast.foreign_province, days_off_move=True)
    row = make_deadline(cast.commune, plan=moving, due_on=dt.date(2026, 4, 30))
    make_deadline(cast.foreign_commune, plan=foreign, due_on=dt.date(2026, 4, 30))
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 4, 30))
    for day in (dt.date(2026, 4, 30), dt.date(2026, 5, 1)):
        CalendarDay.objects.create(day=day, kind=CalendarDay.Kind.OFF, name="Nghỉ lễ")
    change = acts.move_off_days(by=cast.office_staff, year=2026, reason="Nghỉ lễ")
    assert [(o.pk, o.after) for o in change.moved] == [(row.pk, dt.date(2026, 5, 4))]
    with pytest.raises(ActionRefused):
        acts.move_off_days(by=cast.office_staff, year=2026, reason="Nghỉ lễ")
    with pytest.raises(Http404):
        acts.move_off_days(by=cast.administrator, year=2026, reason="Nghỉ lễ")
