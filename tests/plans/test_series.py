"""Editing a published commitment: what moves, comes, goes and stays, what is told and logged, what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from plans.actions import series as acts
from plans.actions.deadlines import cancel, report_progress, submit
from plans.changes import Change
from plans.enums import Kind, NoticeKind, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Notice, Plan, Schedule
from plans.reminders.sweep import check_deadlines
from tests.cast import Cast
from tests.factories import ScheduleFactory, SolutionFactory, make_published_plan, make_unit, version_of
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

WHY = "Tỉnh ủy đổi lịch báo cáo"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province for 2026 that is followed up."""
    return make_published_plan(cast.province)


def commitment(plan: Plan, *units: Any, today: dt.date, **facts: Any) -> Schedule:
    """Return a commitment of `units`, written out."""
    solution = SolutionFactory(plan=plan, ordinal=plan.solutions.count() + 1, lead_unit=units[0])
    schedule = ScheduleFactory(solution=solution, **{"kind": Kind.RECURRING, "due": None, **facts})
    schedule.owner_units.set(units)
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    return schedule


def lines(change: Change, group: str) -> list[str]:
    """Return the lines of one group as "unit period before → after why"."""
    return [
        f"{o.unit} {o.occurrence} {o.before or '–'} → {o.after or '–'} {o.why}".strip() for o in getattr(change, group)
    ]


def days(schedule: Schedule) -> list[str]:
    rows = Deadline.objects.filter(schedule=schedule).order_by("due_on", "pk")
    return [f"{row.occurrence} {row.due_on} {row.status}" for row in rows]


def split(schedule: Schedule, cast: Cast, from_key: str, **values: Any) -> tuple[Change, Schedule]:
    """Change a series from an occurrence on; return what became of it and the commitment that goes on."""
    change = acts.change_commitment(
        schedule=schedule, by=cast.office_staff, values=values, reason=WHY, from_key=from_key
    )
    return change, schedule.continued_by.get()


# --- this and later ones ---


def test_a_new_day_from_one_month_on_moves_what_nobody_has_begun(cast: Cast, plan: Plan, today: dt.date) -> None:
    plan.period_end = dt.date(2026, 6, 30)
    plan.save()
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY;BYMONTHDAY=20")
    change, later = split(schedule, cast, "2026-04-20", rule="FREQ=MONTHLY;BYMONTHDAY=15")
    assert lines(change, "moved") == [
        "Đoàn xã An Hòa 2026-04-20 2026-04-20 → 2026-04-15",
        "Đoàn xã An Hòa 2026-05-20 2026-05-20 → 2026-05-15",
        "Đoàn xã An Hòa 2026-06-20 2026-06-20 → 2026-06-15",
    ]
    assert (change.new, change.removed, change.cancelled, change.kept) == ([], [], [], [])
    assert days(schedule) == ["2026-01-20 2026-01-20 assigned", "2026-02-20 2026-02-20 assigned",
                              "2026-03-20 2026-03-20 assigned"]  # fmt: skip
    assert days(later) == ["2026-04-15 2026-04-15 assigned", "2026-05-15 2026-05-15 assigned",
                           "2026-06-15 2026-06-15 assigned"]  # fmt: skip
    schedule.refresh_from_db()
    assert (schedule.due, later.continues, later.start) == (dt.date(2026, 4, 19), schedule, dt.date(2026, 4, 1))
    moved = Deadline.objects.get(schedule=later, occurrence="2026-04-15")
    assert (moved.original_due_on, moved.remind_on, moved.escalated) == (dt.date(2026, 4, 15), dt.date(2026, 4, 8), 0)


def test_another_rhythm_takes_the_months_that_fit_and_removes_what_nobody_saw(
    cast: Cast, plan: Plan, today: dt.date
) -> None:
    plan.period_end = dt.date(2026, 9, 30)
    plan.save()
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    change, later = split(schedule, cast, "2026-04", rule="FREQ=MONTHLY;INTERVAL=3")
    assert lines(change, "moved") == ["Đoàn xã An Hòa 2026-07 2026-07-31 → 2026-09-30"]  # the only one of its quarter
    assert [o.occurrence for o in change.removed] == ["2026-04", "2026-05"]
    assert days(later) == ["2026-Q2 2026-06-30 assigned", "2026-Q3 2026-09-30 assigned"]
    assert change.new == []  # June is the quarter's end: the same row goes on
    dropped = AuditEvent.objects.filter(action="dropped").order_by("pk")
    assert [event.data["occurrence"] for event in dropped] == ["2026-04", "2026-05"]


def test_what_was_begun_stays_and_is_named_and_nothing_is_owed_twice(cast: Cast, plan: Plan, today: dt.date) -> None:
    plan.period_end = dt.date(2026, 5, 31)
    plan.save()
    schedule = commitment(plan, cast.commune, cast.district, today=today, rule="FREQ=MONTHLY")
    april = Deadline.objects.get(schedule=schedule, unit=cast.commune, occurrence="2026-04")
    report_progress(deadline=april, version=version_of(april), by=cast.commune_secretary, percent=40)
    may = Deadline.objects.get(schedule=schedule, unit=cast.commune, occurrence="2026-05")
    submit(deadline=may, version=version_of(may), by=cast.commune_secretary)
    change, later = split(schedule, cast, "2026-04", rule="FREQ=MONTHLY;BYMONTHDAY=25")
    assert lines(change, "kept") == [
        "Đoàn xã An Hòa 2026-04 2026-04-30 → 2026-04-30 Đang thực hiện",
        "Đoàn xã An Hòa 2026-05 2026-05-31 → 2026-05-31 Chờ xác nhận",
    ]
    assert [o.unit for o in change.moved] == ["Huyện đoàn Bình Minh"] * 2
    check_deadlines(today=today)
    rows = Deadline.objects.filter(schedule=later).order_by("unit_path", "due_on")
    assert list(rows.values_list("unit__code", "occurrence", "due_on", "status")) == [
        ("ST-BM", "2026-04-25", dt.date(2026, 4, 25), "assigned"),
        ("ST-BM", "2026-05-25", dt.date(2026, 5, 25), "assigned"),
        ("ST-BM-AH", "2026-04-25", dt.date(2026, 4, 30), "in_progress"),
        ("ST-BM-AH", "2026-05-25", dt.date(2026, 5, 31), "submitted"),
    ]


def test_what_somebody_was_told_of_is_called_off_instead_of_deleted(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    told_of = Deadline.objects.get(schedule=schedule, occurrence="2026-04")
    facts = {"kind": NoticeKind.DUE_SOON, "day": today, "created_at": dt.datetime(2026, 3, 16, tzinfo=dt.UTC)}
    Notice.objects.create(recipient=cast.commune_secretary, deadline=told_of, **facts)
    change, _later = split(schedule, cast, "2026-04", rule="FREQ=MONTHLY;INTERVAL=3")
    assert [o.occurrence for o in change.cancelled] == ["2026-04"]
    told_of.refresh_from_db()
    assert (told_of.status, told_of.reason, told_of.remind_on) == (Status.CANCELLED, WHY, None)


def test_a_year_that_began_under_the_former_rule_is_owed_once(cast: Cast, plan: Plan, today: dt.date) -> None:
    rule = "RRULE:FREQ=MONTHLY;INTERVAL=3\nRRULE:FREQ=YEARLY"
    schedule = commitment(plan, cast.commune, today=today, rule=rule)
    _change, later = split(schedule, cast, "2026-Q3", rule="RRULE:FREQ=MONTHLY;INTERVAL=6\nRRULE:FREQ=YEARLY")
    check_deadlines(today=dt.date(2026, 6, 1))
    rows = Deadline.objects.filter(solution=schedule.solution).exclude(status=Status.CANCELLED)
    assert sorted(rows.values_list("occurrence", flat=True)) == ["2026", "2026-H2", "2026-Q1", "2026-Q2"]
    assert later.deadlines.count() == 1


def test_owners_are_added_and_taken_out_from_an_occurrence_on(cast: Cast, plan: Plan, today: dt.date) -> None:
    plan.period_end = dt.date(2026, 5, 31)
    plan.save()
    schedule = commitment(plan, cast.commune, cast.district, today=today, rule="FREQ=MONTHLY")
    change, _later = split(schedule, cast, "2026-04", owner_units=[cast.district, cast.other_district])
    assert {o.unit for o in change.new} == {"Thị đoàn Cẩm Giang"}
    assert [o.occurrence for o in change.new] == ["2026-04", "2026-05"]
    assert [(o.unit, o.occurrence) for o in change.removed] == [
        ("Đoàn xã An Hòa", "2026-04"),
        ("Đoàn xã An Hòa", "2026-05"),
    ]
    assert change.moved == []
    assert Deadline.objects.filter(unit=cast.commune).count() == 3


def test_a_change_of_the_first_occurrence_changes_the_commitment_itself(
    cast: Cast, plan: Plan, today: dt.date
) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY;INTERVAL=6")
    change = acts.change_commitment(
        schedule=schedule, by=cast.office_staff, values={"rule": "FREQ=MONTHLY;INTERVAL=3"}, reason=WHY,
        from_key="2026-H1",
    )  # fmt: skip
    assert not schedule.continued_by.exists()
    assert days(schedule) == [
        "2026-Q1 2026-03-31 assigned",
        "2026-Q2 2026-06-30 assigned",
        "2026-Q3 2026-09-30 assigned",
    ]
    assert [o.occurrence for o in change.moved] == ["2026-H2"]
    assert [o.occurrence for o in change.new] == ["2026-Q1"]


def test_what_comes_once_changes_as_a_whole(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, kind=Kind.BY_DATE, due=dt.date(2026, 4, 30))
    values = {"due": dt.date(2026, 5, 15), "owner_units": [cast.commune, cast.district]}
    change = acts.change_commitment(schedule=schedule, by=cast.office_staff, values=values, reason=WHY)
    assert lines(change, "moved") == ["Đoàn xã An Hòa once 2026-04-30 → 2026-05-15"]
    assert lines(change, "new") == ["Huyện đoàn Bình Minh once – → 2026-05-15"]


def test_the_log_the_units_and_the_reminders_know(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    Deadline.objects.filter(schedule=schedule, occurrence="2026-04").update(escalated=1, escalated_on=today)
    _change, later = split(schedule, cast, "2026-04", rule="FREQ=MONTHLY;BYMONTHDAY=10")
    row = Deadline.objects.get(schedule=later, occurrence="2026-04-10")
    assert (row.escalated, row.escalated_on, row.remind_on) == (0, None, dt.date(2026, 4, 3))
    event = AuditEvent.objects.get(action="rescheduled", object_id=row.pk)
    assert event.data == {"moved": ["2026-04-30", "2026-04-10"], "reason": WHY}
    about = AuditEvent.objects.get(action="rule_changed", object_type="schedule")
    assert (about.object_id, about.data["reason"], about.data["continues"]) == (later.pk, WHY, schedule.pk)
    assert about.data["changes"]["rule"] == ["FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=10"]
    told = Notice.objects.filter(kind=NoticeKind.MOVED)
    assert list(told.values_list("recipient__username", "deadline_id")) == [("xa", row.pk)]


def test_no_unit_is_given_a_day_that_is_over(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    _change, later = split(schedule, cast, "2026-03", rule="FREQ=MONTHLY;BYMONTHDAY=10")  # it is the 16th
    assert days(later)[0] == "2026-04-10 2026-04-10 assigned"
    assert not Deadline.objects.filter(schedule=schedule, occurrence="2026-03").exists()
    once = commitment(plan, cast.commune, today=today, kind=Kind.BY_DATE, due=dt.date(2026, 4, 30))
    with pytest.raises(ActionRefused, match="đã qua"):
        acts.change_commitment(
            schedule=once, by=cast.office_staff, values={"due": dt.date(2026, 3, 15)}, reason=WHY
        )  # fmt: skip


def test_a_series_that_is_added_begins_now(cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district)
    values = {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY"}
    change = acts.add_commitment(solution=solution, by=cast.office_staff, values=values, reason=WHY)
    assert [o.occurrence for o in change.new] == ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]


# --- preview, refusals ---


def test_the_preview_says_what_the_act_does_and_leaves_nothing(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    before, events = days(schedule), AuditEvent.objects.count()
    values = {"rule": "FREQ=MONTHLY;INTERVAL=3"}
    seen = acts.preview_commitment(schedule=schedule, by=cast.office_staff, values=values, from_key="2026-04")
    assert (days(schedule), AuditEvent.objects.count(), Notice.objects.count()) == (before, events, 0)
    assert not Schedule.objects.filter(continues__isnull=False).exists()
    done = acts.change_commitment(
        schedule=schedule, by=cast.office_staff, values=values, reason=WHY, from_key="2026-04", expected=seen.digest
    )
    assert done.digest == seen.digest


def test_what_changed_meanwhile_is_shown_first(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    values = {"rule": "FREQ=MONTHLY;BYMONTHDAY=10"}
    seen = acts.preview_commitment(schedule=schedule, by=cast.office_staff, values=values, from_key="2026-04")
    april = Deadline.objects.get(schedule=schedule, occurrence="2026-04")
    report_progress(deadline=april, version=version_of(april), by=cast.commune_secretary, percent=40)
    with pytest.raises(Stale):
        acts.change_commitment(
            schedule=schedule, by=cast.office_staff, values=values, reason=WHY, from_key="2026-04",
            expected=seen.digest,
        )  # fmt: skip
    assert not schedule.continued_by.exists()


@pytest.mark.parametrize(
    ("facts", "cure"),
    [
        ({"reason": " "}, "Nêu lý do"),
        ({"from_key": "2031-01"}, "Chọn"),
        ({"values": {"rule": "FREQ=MONTHLY"}}, "Chưa thay đổi gì"),
        ({"values": {"rule": "FREQ=HOURLY"}}, "FREQ=DAILY"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_its_cure(
    cast: Cast, plan: Plan, today: dt.date, facts: dict[str, Any], cure: str
) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    given = {"values": {"rule": "FREQ=YEARLY"}, "reason": WHY, "from_key": "2026-04", **facts}
    with pytest.raises(ActionRefused, match=cure):
        acts.change_commitment(schedule=schedule, by=cast.office_staff, **given)
    assert not schedule.continued_by.exists()


@pytest.mark.parametrize("person", ["leader", "administrator", "commune_secretary", "secretary", "outsider"])
def test_only_the_issuers_people_change_a_commitment(cast: Cast, plan: Plan, today: dt.date, person: str) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    with pytest.raises(Http404):
        acts.change_commitment(
            schedule=schedule, by=getattr(cast, person), values={"rule": "FREQ=YEARLY"}, reason=WHY, from_key="2026-04"
        )


def test_a_unit_outside_the_issuer_is_refused(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    with pytest.raises(ActionRefused):
        split(schedule, cast, "2026-04", owner_units=[cast.foreign_commune])


def test_what_was_called_off_is_not_given_out_again(cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = commitment(plan, cast.commune, today=today, rule="FREQ=MONTHLY")
    cancel(
        deadline=Deadline.objects.get(occurrence="2026-06"),
        version=version_of(Deadline.objects.get(occurrence="2026-06")),
        by=cast.office_staff,
        reason="Nghỉ hè",
    )
    _change, later = split(schedule, cast, "2026-04", rule="FREQ=MONTHLY;BYMONTHDAY=25")
    june = Deadline.objects.filter(schedule=later, due_on__month=6)
    assert list(june.values_list("status", flat=True)) == [Status.CANCELLED]


@pytest.mark.parametrize("count", [1, 5])
def test_a_change_costs_the_same_for_one_unit_and_for_many(
    cast: Cast, plan: Plan, today: dt.date, count: int, django_assert_num_queries: Any
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-BM-{n}", parent=cast.district) for n in range(count)]
    schedule = commitment(plan, *units, today=today, rule="FREQ=MONTHLY;BYMONTHDAY=20")
    values = {"rule": "RRULE:FREQ=MONTHLY;BYMONTHDAY=15\nRRULE:FREQ=YEARLY"}
    acts.preview_commitment(schedule=schedule, by=cast.office_staff, values=values, from_key="2026-04-20")  # rights
    with django_assert_num_queries(46 + 2 * (connection.vendor == "postgresql")):  # the lock of the log's chain
        split(schedule, cast, "2026-04-20", **values)


# --- one more commitment ---


def test_a_commitment_is_added_to_a_published_solution(cast: Cast, plan: Plan, today: dt.date) -> None:
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district)
    values = {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;INTERVAL=6", "phrase": "sơ kết 6 tháng"}
    seen = acts.preview_added(solution=solution, by=cast.office_staff, values=values)
    assert not solution.schedules.exists()
    change = acts.add_commitment(
        solution=solution, by=cast.office_staff, values=values, reason=WHY, expected=seen.digest
    )
    assert lines(change, "new") == [
        "Huyện đoàn Bình Minh 2026-H1 – → 2026-06-30",
        "Huyện đoàn Bình Minh 2026-H2 – → 2026-12-31",
    ]
    assert list(Notice.objects.values_list("recipient__username", "kind")) == [("bithu", NoticeKind.ASSIGNED)]
    assert AuditEvent.objects.get(action="created").data["reason"] == WHY


def test_a_commitment_nobody_would_owe_is_refused(cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=1)
    with pytest.raises(ActionRefused):
        acts.add_commitment(solution=solution, by=cast.office_staff, values={"kind": Kind.ONGOING}, reason=WHY)
    assert not solution.schedules.exists()
