"""Events: who makes, dates, moves and calls them off; what moves along and what stays; chains; what the pages say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plans.actions import events as acts
from plans.actions import extensions
from plans.actions.deadlines import cancel, confirm, give_date, report_progress, return_result, submit
from plans.actions.imports import import_plan
from plans.actions.plans import Preview, preview_publishing, publish_plan
from plans.actions.records import add_record, change_record, drop_record
from plans.enums import Chain, EventKind, Kind, NoticeKind, Status
from plans.errors import ActionRefused, Stale
from plans.event_preview import preview_of
from plans.event_words import asks_executive_committee, event_name, kind_of_words, means_standing_committee
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Event, Notice, Plan, Schedule
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    close,
    make_deadline,
    make_event,
    make_extension,
    make_hanging,
    make_published_plan,
    make_unit,
    version_of,
)
from units.models import AuditEvent, UnitKind

APRIL = dt.date(2026, 4, 15)
MAY = dt.date(2026, 5, 20)

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def meeting(cast: Cast, plan: Plan) -> Event:
    """Return a meeting that the plan names, without a day."""
    return make_event(cast.province, plan=plan, kind=EventKind.MEETING)


def days(schedule: Schedule) -> dict[str, dt.date | None]:
    """Return {unit: last day} of a commitment."""
    return dict(schedule.deadlines.values_list("unit__code", "due_on"))


def one(schedule: Schedule) -> Deadline:
    """Return the only deadline of a commitment."""
    found: Deadline = schedule.deadlines.get()
    return found


# --- making and changing ---


def test_an_event_is_made_for_a_plan_and_logged(cast: Cast, plan: Plan) -> None:
    event = acts.create_event(unit=cast.province, plan=plan, name="  Họp\x00  BTV ", by=cast.office_staff)
    assert (event.name, event.key, event.day, event.version) == ("Họp BTV", "hop btv", None, 1)
    log = AuditEvent.objects.latest("pk")
    assert (log.action, log.object_type, log.object_id, log.plan_id) == ("created", "event", event.pk, plan.pk)


@pytest.mark.parametrize("who", ["outsider", "secretary", "leader", "reader", "administrator"])
def test_who_does_not_manage_plans_makes_no_event(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        acts.create_event(unit=cast.province, plan=plan, name="Họp", by=getattr(cast, who))


def test_equal_words_are_one_event_of_a_plan(cast: Cast, plan: Plan, meeting: Event) -> None:
    with pytest.raises(ActionRefused):
        acts.create_event(unit=cast.province, plan=plan, name="HỌP BAN THƯỜNG VỤ  tỉnh đoàn", by=cast.office_staff)
    acts.cancel_event(event=meeting, reason="Hoãn.", by=cast.office_staff)
    acts.create_event(unit=cast.province, plan=plan, name=meeting.name, by=cast.office_staff)
    acts.create_event(unit=cast.province, name=meeting.name, by=cast.office_staff)  # the unit's own, for any plan


def test_a_name_of_blanks_a_foreign_plan_and_a_foreign_keeper_are_refused(cast: Cast, plan: Plan) -> None:
    by = cast.office_staff
    with pytest.raises(ActionRefused):
        acts.create_event(unit=cast.province, plan=plan, name=" \x00 ", by=by)
    with pytest.raises(ActionRefused):
        acts.create_event(unit=cast.office, plan=plan, name="Họp", by=by)
    with pytest.raises(ActionRefused):
        acts.create_event(unit=cast.province, plan=plan, name="Họp", keeper=cast.foreign_commune, by=by)
    with pytest.raises(ActionRefused):
        acts.create_event(unit=cast.province, name="Họp", day=dt.date(9999, 1, 1), by=by)


def test_an_event_changes_its_name_and_a_second_writer_is_told(cast: Cast, meeting: Event) -> None:
    facts: dict[str, Any] = {"kind": EventKind.MEETING, "keeper": cast.office, "by": cast.office_staff}
    acts.change_event(event=meeting, name="Hội nghị BTV", version=1, **facts)
    assert (meeting.name, meeting.keeper, meeting.version) == ("Hội nghị BTV", cast.office, 2)
    with pytest.raises(Stale):
        acts.change_event(event=meeting, name="Khác", version=1, **facts)


def test_the_database_refuses_two_anchors_and_days_for_other_kinds(cast: Cast, plan: Plan, meeting: Event) -> None:
    step = make_hanging(cast.commune, plan=plan, event=meeting)
    wrong: list[dict[str, Any]] = [
        {"event": meeting, "hangs_on": step, "chain": Chain.LAST_DAY},
        {"kind": Kind.BY_DATE, "due": APRIL, "event": meeting},
        {"kind": Kind.BY_DATE, "due": APRIL, "hangs_on": step, "chain": Chain.COMPLETION},
        {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY", "hangs_on": step},
    ]
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_hanging(cast.commune, plan=plan, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.filter(pk=step.pk).update(hangs_on=step.pk, event=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=meeting.pk).update(cancelled=True)


# --- the day ---


def test_the_day_of_an_event_dates_what_hangs_on_it(cast: Cast, plan: Plan, meeting: Event) -> None:
    week = make_hanging(cast.district, cast.commune, plan=plan, event=meeting, lead_time="-P7D")
    other_plan = make_published_plan(cast.province, days_off_move=True)
    on_the_day = make_hanging(cast.district, plan=other_plan, event=meeting, lead_time="P3D")  # Saturday the 18th
    before = Deadline.objects.get(schedule=week, unit=cast.commune)
    moved = acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    assert days(week) == {"ST-BM": dt.date(2026, 4, 8), "ST-BM-AH": dt.date(2026, 4, 8)}
    assert days(on_the_day) == {"ST-BM": dt.date(2026, 4, 20)}
    assert len(moved.deadlines) == 3
    row = Deadline.objects.get(pk=before.pk)
    assert (row.original_due_on, row.anchored_on) == (dt.date(2026, 4, 8), dt.date(2026, 4, 8))
    assert (row.remind_on, row.version) == (dt.date(2026, 4, 1), 2)
    told = Notice.objects.filter(kind=NoticeKind.MOVED, deadline=row)
    assert list(told.values_list("recipient__username", flat=True)) == ["xa"]


def test_the_log_tells_the_event_and_each_deadline(cast: Cast, plan: Plan, meeting: Event) -> None:
    row = one(make_hanging(cast.commune, plan=plan, event=meeting))
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    acts.move_event(event=meeting, day=MAY, by=cast.office_staff)
    log = AuditEvent.objects.filter(action__in=("dated", "rescheduled", "event_dated")).order_by("pk")
    assert [(e.action, e.object_type, e.object_id) for e in log] == [
        ("dated", "deadline", row.pk),
        ("event_dated", "event", meeting.pk),
        ("rescheduled", "deadline", row.pk),
        ("event_dated", "event", meeting.pk),
    ]
    assert log[2].data == {"moved": ["2026-04-15", "2026-05-20"], "event": meeting.name}
    assert log[3].data == {"day": ["2026-04-15", "2026-05-20"], "moved": 1, "left": {}}


def test_a_moved_event_moves_the_original_day_too(cast: Cast, plan: Plan, meeting: Event) -> None:
    row = one(make_hanging(cast.commune, plan=plan, event=meeting, lead_time="-P7D"))
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    acts.move_event(event=meeting, day=MAY, by=cast.office_staff)
    row.refresh_from_db()
    assert (row.due_on, row.original_due_on) == (dt.date(2026, 5, 13), dt.date(2026, 5, 13))


def test_what_is_done_called_off_or_has_its_own_day_stays(cast: Cast, plan: Plan, meeting: Event) -> None:
    units = (cast.district, cast.other_district, cast.commune, cast.branch)
    schedule = make_hanging(*units, plan=plan, event=meeting)
    rows = {r.unit_id: r for r in schedule.deadlines.select_related("unit")}
    give_date(
        deadline=rows[cast.branch.pk],
        version=version_of(rows[cast.branch.pk]),
        by=cast.office_staff,
        due_on=dt.date(2026, 4, 1),
    )
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    submit(deadline=rows[cast.district.pk], version=version_of(rows[cast.district.pk]), by=cast.secretary)
    cancel(
        deadline=rows[cast.other_district.pk],
        version=version_of(rows[cast.other_district.pk]),
        by=cast.office_staff,
        reason="Thôi.",
    )
    extended = Deadline.objects.get(pk=rows[cast.commune.pk].pk)
    asked = make_extension(extended, by=cast.commune_secretary)
    extensions.grant(extension=asked, state="asked", by=cast.leader)
    moved = acts.move_event(event=meeting, day=MAY, by=cast.office_staff)
    assert moved.left == {"done": 1, "cancelled": 1, "own_day": 2}
    assert days(schedule) == {
        "ST-BM": APRIL,
        "ST-CG": APRIL,
        "ST-BM-AH": dt.date(2026, 4, 25),
        "ST-BM-AH-3": dt.date(2026, 4, 1),
    }
    acts.move_event(event=meeting, day=dt.date(2026, 5, 21), by=cast.office_staff, also={extended.pk})
    extended.refresh_from_db()
    assert (extended.due_on, extended.original_due_on) == (dt.date(2026, 5, 21), dt.date(2026, 5, 21))
    assert days(schedule)["ST-BM-AH-3"] == dt.date(2026, 4, 1)


def test_ticked_ids_that_hang_on_another_event_are_left_alone(cast: Cast, plan: Plan, meeting: Event) -> None:
    foreign = make_deadline(cast.commune, plan=plan, due_on=APRIL)
    make_hanging(cast.commune, plan=plan, event=meeting)
    acts.give_event_day(event=meeting, day=MAY, by=cast.office_staff, also={foreign.pk, 10**15})
    foreign.refresh_from_db()
    assert (foreign.due_on, foreign.version) == (APRIL, 1)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("office_staff", True),
        ("department_head", True),  # keeps it
        ("leader", False),
        ("secretary", False),
        ("outsider", False),
        ("reader", False),
    ],
)
def test_the_office_and_who_keeps_the_event_give_its_day(cast: Cast, plan: Plan, who: str, may: bool) -> None:  # noqa: FBT001  # a table
    event = make_event(cast.province, plan=plan, keeper=cast.department)
    row = one(make_hanging(cast.commune, plan=plan, event=event))
    if may:
        acts.give_event_day(event=event, day=APRIL, by=getattr(cast, who))
    else:
        with pytest.raises(Http404):
            acts.give_event_day(event=event, day=APRIL, by=getattr(cast, who))
    row.refresh_from_db()
    assert row.due_on == (APRIL if may else None)


def test_giving_twice_moving_nothing_and_what_is_cancelled_are_refused(cast: Cast, meeting: Event) -> None:
    by = cast.office_staff
    with pytest.raises(ActionRefused):
        acts.move_event(event=meeting, day=APRIL, by=by)
    acts.give_event_day(event=meeting, day=APRIL, by=by)
    for act, day in ((acts.give_event_day, MAY), (acts.move_event, APRIL)):
        with pytest.raises(ActionRefused):
            act(event=meeting, day=day, by=by)
    with pytest.raises(ActionRefused):
        acts.cancel_event(event=meeting, reason=" ", by=by)
    acts.cancel_event(event=meeting, reason="Không họp nữa.", by=by)
    with pytest.raises(ActionRefused):
        acts.give_event_day(event=meeting, day=MAY, by=by)


def test_an_event_called_off_takes_the_days_back(cast: Cast, plan: Plan, meeting: Event) -> None:
    units = (cast.commune, cast.district)
    schedule = make_hanging(*units, plan=plan, event=meeting)
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    submit(
        deadline=schedule.deadlines.get(unit=cast.district),
        version=version_of(schedule.deadlines.get(unit=cast.district)),
        by=cast.secretary,
    )
    acts.cancel_event(event=meeting, reason="Không họp nữa.", by=cast.office_staff)
    assert days(schedule) == {"ST-BM-AH": None, "ST-BM": APRIL}
    row = schedule.deadlines.get(unit=cast.commune)
    assert (row.original_due_on, row.remind_on) == (None, None)
    give_date(
        deadline=row, version=version_of(row), by=cast.office_staff, due_on=MAY
    )  # and somebody may date it by hand


def test_the_event_of_a_closed_plan_stays_as_it_is(cast: Cast, plan: Plan, meeting: Event) -> None:
    schedule = make_hanging(cast.commune, plan=plan, event=meeting)
    close(plan, by=cast.office_staff)
    before = Event.objects.values().get(pk=meeting.pk)
    for act in (
        lambda: acts.change_event(event=meeting, name="Khác", kind="other", keeper=None, by=cast.office_staff),
        lambda: acts.give_event_day(event=meeting, day=dt.date(2026, 4, 15), by=cast.office_staff),
        lambda: acts.cancel_event(event=meeting, reason="Thôi", by=cast.office_staff),
    ):
        with pytest.raises(ActionRefused, match=r"plan of this event|Kế hoạch của"):
            act()
    assert Event.objects.values().get(pk=meeting.pk) == before
    assert days(schedule) == {"ST-BM-AH": None}


@pytest.mark.parametrize("name", ["\u202e", "\u200b \u2066", "\x07"])
def test_a_name_that_prints_nothing_is_none(cast: Cast, plan: Plan, name: str) -> None:
    with pytest.raises(ActionRefused):
        acts.create_event(unit=plan.issuing_unit, plan=plan, name=name, by=cast.office_staff)


# --- the preview ---


def test_the_preview_tells_every_day_and_what_would_be_overdue(cast: Cast, plan: Plan, meeting: Event) -> None:
    schedule = make_hanging(cast.district, cast.commune, plan=plan, event=meeting, lead_time="-P7D")
    give_date(
        deadline=schedule.deadlines.get(unit=cast.district),
        version=version_of(schedule.deadlines.get(unit=cast.district)),
        by=cast.office_staff,
        due_on=MAY,
    )
    today = dt.date(2026, 3, 16)
    seen = preview_of(meeting, dt.date(2026, 3, 20), user=cast.office_staff, today=today)
    assert [(r.unit, r.old, r.new, r.overdue) for r in seen.moving] == [
        ("Đoàn xã An Hòa", None, dt.date(2026, 3, 13), True)
    ]
    assert [(r.unit, r.old, r.new, r.fate, r.own) for r in seen.left] == [
        ("Huyện đoàn Bình Minh", MAY, dt.date(2026, 3, 13), "own_day", True)
    ]
    assert (seen.overdue, seen.hidden, seen.counts["moves"]) == (1, 0, 1)


def test_who_keeps_an_event_sees_no_deadline_of_units_out_of_sight(cast: Cast, plan: Plan) -> None:
    event = make_event(cast.province, plan=plan, keeper=cast.commune)
    make_hanging(cast.commune, cast.other_district, plan=plan, event=event)
    seen = preview_of(event, APRIL, user=cast.commune_secretary, today=dt.date(2026, 3, 16))
    assert ([r.unit for r in seen.moving], seen.hidden, seen.counts["moves"]) == (["Đoàn xã An Hòa"], 1, 2)


def test_what_changed_since_the_preview_refuses_the_confirmation(cast: Cast, plan: Plan, meeting: Event) -> None:
    row = one(make_hanging(cast.commune, plan=plan, event=meeting))
    seen = preview_of(meeting, APRIL, user=cast.office_staff, today=dt.date(2026, 3, 16))
    report_progress(deadline=row, version=version_of(row), by=cast.commune_secretary, percent=50)
    with pytest.raises(Stale):
        acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff, expected=seen.digest)
    with pytest.raises(Stale):  # another day than the one shown
        acts.give_event_day(event=meeting, day=MAY, by=cast.office_staff, expected=seen.digest)
    again = preview_of(meeting, APRIL, user=cast.office_staff, today=dt.date(2026, 3, 16))
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff, expected=again.digest)
    assert one(row.schedule).due_on == APRIL


@pytest.mark.parametrize("count", [1, 30])
def test_preview_and_move_take_the_same_queries_for_any_number(cast: Cast, plan: Plan, count: int) -> None:
    event = make_event(cast.province, plan=plan)
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province) for n in range(count)]
    first = make_hanging(*units, plan=plan, event=event, lead_time="-P7D")
    make_hanging(*units, plan=plan, hangs_on=first, chain=Chain.LAST_DAY, lead_time="-P7D")
    with CaptureQueriesContext(connection) as seen:
        preview_of(event, APRIL, user=cast.office_staff, today=dt.date(2026, 3, 16))
    with CaptureQueriesContext(connection) as done:
        acts.give_event_day(event=event, day=APRIL, by=cast.office_staff)
    assert (len(seen), len(done)) == (5, 17 + (connection.vendor == "postgresql"))  # the lock of the log
    assert Deadline.objects.filter(due_on__isnull=False).count() == 2 * count


# --- chains ---


def test_a_chain_is_back_scheduled_and_moves_as_one(cast: Cast, plan: Plan, meeting: Event) -> None:
    third = make_hanging(cast.commune, plan=plan, event=meeting, lead_time="-P3D")
    second = make_hanging(cast.commune, plan=plan, hangs_on=third, chain=Chain.LAST_DAY, lead_time="-P1W")
    first = make_hanging(cast.commune, plan=plan, hangs_on=second, chain=Chain.LAST_DAY, lead_time="-P5D",
                         in_working_days=True)  # fmt: skip
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    assert [one(s).due_on for s in (first, second, third)] == [
        dt.date(2026, 3, 30), dt.date(2026, 4, 5), dt.date(2026, 4, 12),
    ]  # fmt: skip
    acts.move_event(event=meeting, day=MAY, by=cast.office_staff)
    assert [one(s).due_on for s in (first, second, third)] == [
        dt.date(2026, 5, 4), dt.date(2026, 5, 10), dt.date(2026, 5, 17),
    ]  # fmt: skip


@pytest.fixture
def chain(cast: Cast, plan: Plan) -> tuple[Schedule, Schedule]:
    """Return work of two communes and what each owes ten days after its own is handed in."""
    units = (cast.commune, cast.district)
    first = make_hanging(*units, plan=plan, kind=Kind.BY_DATE, due=APRIL, text="Lấy ý kiến góp ý.")
    second = make_hanging(
        *units, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P10D", in_order=True, text="Kiểm điểm."
    )
    return first, second


def test_handing_in_dates_the_units_own_next_step(cast: Cast, chain: tuple[Schedule, Schedule]) -> None:
    first, second = chain
    submit(
        deadline=first.deadlines.get(unit=cast.commune),
        version=version_of(first.deadlines.get(unit=cast.commune)),
        by=cast.commune_secretary,
    )
    assert days(second) == {"ST-BM-AH": dt.date(2026, 3, 26), "ST-BM": None}
    row = second.deadlines.get(unit=cast.commune)
    assert (row.original_due_on, row.remind_on) == (dt.date(2026, 3, 26), dt.date(2026, 3, 19))
    log = AuditEvent.objects.filter(object_type="deadline", object_id=row.pk).latest("pk")
    assert (log.action, log.data["due_on"]) == ("dated", [None, "2026-03-26"])
    confirm(
        deadline=first.deadlines.get(unit=cast.commune),
        version=version_of(first.deadlines.get(unit=cast.commune)),
        by=cast.leader,
    )
    assert days(second)["ST-BM-AH"] == dt.date(2026, 3, 26)


def test_a_result_returned_takes_the_day_back_from_what_is_untouched(
    cast: Cast, chain: tuple[Schedule, Schedule]
) -> None:
    first, second = chain
    for unit, by in ((cast.commune, cast.commune_secretary), (cast.district, cast.secretary)):
        submit(deadline=first.deadlines.get(unit=unit), version=version_of(first.deadlines.get(unit=unit)), by=by)
    report_progress(
        deadline=second.deadlines.get(unit=cast.district),
        version=version_of(second.deadlines.get(unit=cast.district)),
        by=cast.secretary,
        percent=10,
    )
    for unit in (cast.commune, cast.district):
        return_result(
            deadline=first.deadlines.get(unit=unit),
            version=version_of(first.deadlines.get(unit=unit)),
            by=cast.leader,
            reason="Thiếu.",
        )
    assert days(second) == {"ST-BM-AH": None, "ST-BM": dt.date(2026, 3, 26)}


def test_one_unit_that_hands_in_dates_everybody(cast: Cast, plan: Plan) -> None:
    first = make_hanging(cast.office, plan=plan, kind=Kind.BY_DATE, due=APRIL)
    second = make_hanging(
        cast.commune, cast.district, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P5D"
    )
    submit(deadline=one(first), version=version_of(one(first)), by=cast.office_staff)
    assert set(days(second).values()) == {dt.date(2026, 3, 21)}


def test_who_collects_waits_for_the_last_of_all(cast: Cast, plan: Plan) -> None:
    first = make_hanging(cast.commune, cast.district, plan=plan, kind=Kind.BY_DATE, due=APRIL)
    second = make_hanging(cast.office, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P5D")
    submit(
        deadline=first.deadlines.get(unit=cast.commune),
        version=version_of(first.deadlines.get(unit=cast.commune)),
        by=cast.commune_secretary,
        today=dt.date(2026, 3, 10),
    )
    assert days(second) == {"ST-VP": None}
    submit(
        deadline=first.deadlines.get(unit=cast.district),
        version=version_of(first.deadlines.get(unit=cast.district)),
        by=cast.secretary,
    )
    assert days(second) == {"ST-VP": dt.date(2026, 3, 21)}


def test_an_extension_moves_what_hangs_before_its_last_day(cast: Cast, plan: Plan) -> None:
    last = make_hanging(cast.commune, plan=plan, kind=Kind.BY_DATE, due=APRIL)
    before = make_hanging(cast.commune, plan=plan, hangs_on=last, chain=Chain.LAST_DAY, lead_time="-P7D")
    asked = make_extension(one(last), by=cast.commune_secretary)
    extensions.grant(extension=asked, state="asked", by=cast.leader)
    assert days(before) == {"ST-BM-AH": dt.date(2026, 4, 18)}


def test_a_step_is_not_handed_in_before_the_one_it_follows(cast: Cast, chain: tuple[Schedule, Schedule]) -> None:
    first, second = chain
    step = second.deadlines.get(unit=cast.commune)
    with translation.override("en"), pytest.raises(ActionRefused, match=r"Hand in “Lấy ý kiến góp ý.” first"):
        submit(deadline=step, version=version_of(step), by=cast.commune_secretary)
    report_progress(deadline=step, version=version_of(step), by=cast.commune_secretary, percent=10)  # work may begin
    submit(
        deadline=first.deadlines.get(unit=cast.commune),
        version=version_of(first.deadlines.get(unit=cast.commune)),
        by=cast.commune_secretary,
    )
    assert submit(deadline=step, version=version_of(step), by=cast.commune_secretary).status == Status.SUBMITTED
    with pytest.raises(ActionRefused):
        submit(
            deadline=second.deadlines.get(unit=cast.district),
            version=version_of(second.deadlines.get(unit=cast.district)),
            by=cast.secretary,
        )


def test_dated_steps_keep_their_days_and_their_order(cast: Cast, plan: Plan) -> None:
    first = make_hanging(cast.office, plan=plan, kind=Kind.BY_DATE, due=APRIL, text="Góp ý.")
    second = make_hanging(cast.commune, plan=plan, kind=Kind.BY_DATE, due=MAY, hangs_on=first, in_order=True)
    with translation.override("en"), pytest.raises(ActionRefused, match=r"one of Văn phòng: “Góp ý\.”"):
        submit(deadline=one(second), version=version_of(one(second)), by=cast.commune_secretary)
    submit(deadline=one(first), version=version_of(one(first)), by=cast.office_staff)
    assert days(second) == {"ST-BM-AH": MAY}
    submit(deadline=one(second), version=version_of(one(second)), by=cast.commune_secretary)


def test_what_is_counted_back_comes_before_what_it_hangs_on(cast: Cast, plan: Plan, meeting: Event) -> None:
    last = make_hanging(cast.commune, plan=plan, event=meeting, text="Trình báo cáo.")
    earlier = make_hanging(
        cast.commune, plan=plan, hangs_on=last, chain=Chain.LAST_DAY, lead_time="-P7D", in_order=True, text="Góp ý."
    )
    with translation.override("en"), pytest.raises(ActionRefused, match=r"Hand in “Góp ý.” first"):
        submit(deadline=one(last), version=version_of(one(last)), by=cast.commune_secretary)
    submit(deadline=one(earlier), version=version_of(one(earlier)), by=cast.commune_secretary)
    submit(deadline=one(last), version=version_of(one(last)), by=cast.commune_secretary)


def test_a_step_called_off_holds_nobody_up(cast: Cast, chain: tuple[Schedule, Schedule]) -> None:
    first, second = chain
    cancel(
        deadline=first.deadlines.get(unit=cast.commune),
        version=version_of(first.deadlines.get(unit=cast.commune)),
        by=cast.office_staff,
        reason="Thôi.",
    )
    submit(
        deadline=second.deadlines.get(unit=cast.commune),
        version=version_of(second.deadlines.get(unit=cast.commune)),
        by=cast.commune_secretary,
    )


def test_what_nothing_hangs_on_costs_two_queries_more(cast: Cast, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=APRIL)
    with CaptureQueriesContext(connection) as queries:
        submit(deadline=row, version=version_of(row), by=cast.commune_secretary)
    assert sum("hangs_on_id" in q["sql"] for q in queries) == 2


# --- drafts: what a commitment hangs on ---


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a draft of the province."""
    found: Plan = PlanFactory(issuing_unit=cast.province)
    return found


def commitment(plan: Plan, cast: Cast, number: int, **values: Any) -> Schedule:
    """Add a commitment to a new solution as the check page does."""
    solution = SolutionFactory(plan=plan, ordinal=number, text=f"Bước {number}.", lead_unit=cast.commune)
    given = {"kind": Kind.RELATIVE, **values}
    return add_record(plan=plan, model=Schedule, values=given, by=cast.office_staff, solution=solution)


def test_commitments_with_equal_words_hang_on_one_event(cast: Cast, draft: Plan) -> None:
    first = commitment(draft, cast, 1, anchor="kỳ họp Thường trực gần nhất", lead_time="-P7D")
    second = commitment(draft, cast, 2, anchor="Kỳ họp  thường trực gần nhất")
    third = commitment(draft, cast, 3, anchor="kết thúc đợt kiểm tra")
    assert first.event_id == second.event_id != third.event_id
    assert list(Event.objects.order_by("pk").values_list("name", "kind", "plan")) == [
        ("kỳ họp Thường trực gần nhất", "meeting", draft.pk),
        ("kết thúc đợt kiểm tra", "inspection", draft.pk),
    ]


def test_another_kind_of_time_hangs_on_nothing(cast: Cast, draft: Plan) -> None:
    record = commitment(draft, cast, 1, anchor="họp")
    changed = change_record(
        record=record, values={"kind": Kind.BY_DATE, "due": APRIL, "lead_time": ""}, by=cast.office_staff
    )
    assert (changed.event, changed.chain) == (None, "")


def test_a_circle_is_refused_with_the_cure(cast: Cast, draft: Plan) -> None:
    first = commitment(draft, cast, 1, anchor="họp")
    second = commitment(draft, cast, 2, hangs_on=first, chain=Chain.COMPLETION)
    third = commitment(draft, cast, 3, hangs_on=second)
    assert (third.chain, third.anchor) == ("completion", "2. Bước 2.")
    words = r"1\. Bước 1\. → 3\. Bước 3\. → 2\. Bước 2\. → 1\. Bước 1\.\. Let one of them hang on none"
    with translation.override("en"), pytest.raises(ActionRefused, match=words):
        change_record(record=first, values={"hangs_on": third}, by=cast.office_staff)
    first.refresh_from_db()
    assert (first.hangs_on, first.event.name if first.event else "") == (None, "họp")


def test_work_that_recurs_is_no_step(cast: Cast, draft: Plan) -> None:
    again = commitment(draft, cast, 1, kind=Kind.RECURRING, rule="FREQ=MONTHLY")
    with pytest.raises(ActionRefused):
        commitment(draft, cast, 2, hangs_on=again)
    step = commitment(draft, cast, 3, anchor="họp")
    follower = commitment(draft, cast, 4, hangs_on=step)
    recurring = {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY", "lead_time": ""}
    for record in (step, follower):
        with pytest.raises(ActionRefused):
            change_record(record=record, values=recurring, by=cast.office_staff)


def test_anchors_of_other_plans_and_issuers_are_refused(cast: Cast, draft: Plan) -> None:
    other: Plan = PlanFactory(issuing_unit=cast.province)
    foreign = make_event(cast.foreign_province)
    of_draft = make_event(cast.province, plan=other)
    step = ScheduleFactory(solution=SolutionFactory(plan=other, ordinal=1))
    wrong: list[dict[str, Any]] = [{"event": foreign}, {"event": of_draft}, {"hangs_on": step}]
    for number, values in enumerate(wrong, start=1):
        with pytest.raises(ActionRefused):
            commitment(draft, cast, number, **values)
    shared = make_event(cast.province, day=APRIL)
    assert commitment(draft, cast, 9, event=shared).anchor == shared.name


def test_publishing_dates_what_hangs_on_days_known_already(cast: Cast, draft: Plan) -> None:
    first = commitment(draft, cast, 1, event=make_event(cast.province, day=APRIL), lead_time="-P7D")
    commitment(draft, cast, 2, hangs_on=first, chain=Chain.LAST_DAY, lead_time="-P7D")
    commitment(draft, cast, 3, anchor="họp")
    assert preview_publishing(plan=draft) == Preview(3, 1, overdue=0)
    publish_plan(plan=draft, by=cast.office_staff)
    rows = Deadline.objects.order_by("solution__ordinal").values_list("due_on", "original_due_on", "remind_on")
    assert list(rows) == [
        (dt.date(2026, 4, 8), dt.date(2026, 4, 8), dt.date(2026, 4, 1)),
        (dt.date(2026, 4, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 25)),
        (None, None, None),
    ]


def test_a_unit_founded_later_gets_the_day_of_the_event(cast: Cast, draft: Plan) -> None:
    kinds = [UnitKind.objects.get(code="commune")]
    record = commitment(draft, cast, 1, event=make_event(cast.province, day=APRIL), owner_kinds=kinds)
    publish_plan(plan=draft, by=cast.office_staff)
    make_unit("Đoàn xã Mới", code="ST-MOI", parent=cast.province)
    write_out(list(with_owners().filter(pk=record.pk)), today=dt.date(2026, 3, 16))
    assert days(record) == {"ST-BM-AH": APRIL, "ST-MOI": APRIL}


def test_a_draft_thrown_away_takes_its_events_along(cast: Cast, draft: Plan) -> None:
    commitment(draft, cast, 1, anchor="họp")
    draft.delete()
    assert not Event.objects.exists()


def test_an_event_that_its_last_commitment_leaves_goes(cast: Cast, draft: Plan) -> None:
    first = commitment(draft, cast, 1, anchor="họp")
    second = commitment(draft, cast, 2, anchor="họp")
    by_hand = acts.create_event(unit=cast.province, plan=draft, name="Đại hội", by=cast.office_staff)
    change_record(record=first, values={"event": None, "anchor": "kiểm tra"}, by=cast.office_staff)
    assert set(Event.objects.values_list("name", flat=True)) == {"họp", "kiểm tra", "Đại hội"}
    change_record(record=second, values={"hangs_on": first, "anchor": ""}, by=cast.office_staff)
    assert set(Event.objects.values_list("name", flat=True)) == {"kiểm tra", "Đại hội"}
    change_record(record=first, values={"event": by_hand}, by=cast.office_staff)
    drop_record(record=second, by=cast.office_staff)
    drop_record(record=first, by=cast.office_staff)
    assert not Event.objects.exists()
    log = AuditEvent.objects.filter(object_type="event", action="dropped").order_by("pk")
    assert [e.object_label for e in log] == ["họp", "kiểm tra", "Đại hội"]


def test_an_event_with_a_day_or_of_the_unit_stays(cast: Cast, draft: Plan) -> None:
    dated = acts.create_event(unit=cast.province, plan=draft, name="Họp", day=APRIL, by=cast.office_staff)
    shared = make_event(cast.province, "Đại hội")
    for number, event in enumerate((dated, shared), start=1):
        drop_record(record=commitment(draft, cast, number, event=event), by=cast.office_staff)
    assert set(Event.objects.all()) == {dated, shared}


# --- who sees which event ---


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("office_staff", {"kế hoạch", "đơn vị", "dự thảo", "của xã"}),
        ("leader", {"kế hoạch", "đơn vị", "của xã"}),
        ("commune_secretary", {"kế hoạch", "của xã"}),
        ("branch_secretary", set()),
        ("sibling_secretary", set()),
        ("outsider", set()),
    ],
)
def test_an_event_is_seen_by_who_sees_its_plan_or_owes_what_hangs_on_it(cast: Cast, who: str, sees: set[str]) -> None:
    plan = make_published_plan(cast.province)
    make_hanging(cast.commune, plan=plan, event=make_event(cast.province, "kế hoạch", plan=plan))
    make_event(cast.province, "đơn vị")
    make_event(cast.province, "dự thảo", plan=PlanFactory(issuing_unit=cast.province))
    make_hanging(cast.commune, plan=plan, event=make_event(cast.province, "của xã"))
    user = getattr(cast, who)
    assert set(Event.objects.visible_to(user).values_list("name", flat=True)) == sees


# --- words ---


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("kỳ họp Thường trực Tỉnh đoàn gần nhất", EventKind.MEETING),
        ("Hội nghị BTV", EventKind.MEETING),
        ("đợt đi kiểm tra, đi công tác cơ sở", EventKind.INSPECTION),
        ("chuyến đi cơ sở", EventKind.TRIP),
        ("ban hành kế hoạch chính thức", EventKind.ISSUE),
        ("kết thúc chiến dịch", EventKind.COMPLETION),
        ("Tết Nguyên đán", EventKind.OTHER),
        ("trình báo cáo tổng hợp", EventKind.OTHER),
        ("", EventKind.OTHER),
    ],
)
def test_the_words_tell_the_kind(words: str, kind: EventKind) -> None:
    assert kind_of_words(words) == kind


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("Họp mở rộng, hội nghị BTV nghe đoàn viên phản ánh", True),
        ("trình phiên họp Ban Thường vụ", True),
        ("kiểm điểm của Ban Thường vụ", True),
        ("báo cáo Ban Thường vụ", False),
        ("Tổng hợp, phối hợp trình Ban Thường vụ", False),
        ("Hội nghị BCH", False),
        ("Ban Chấp hành họp", False),
    ],
)
def test_a_meeting_of_the_standing_committee_is_told(words: str, means: bool) -> None:  # noqa: FBT001  # a table
    assert means_standing_committee("", words) is means
    assert asks_executive_committee(words, has_standing_committee=False) is means
    assert not asks_executive_committee(words, has_standing_committee=True)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("khi ban hành kế hoạch chính thức", "ban hành kế hoạch chính thức"),
        ("ngay sau khi  có kết luận", "có kết luận"),
        ("mỗi đợt kiểm tra", "đợt kiểm tra"),
        ("kỳ họp Thường trực gần nhất", "kỳ họp Thường trực gần nhất"),
        ("khiêu vũ", "khiêu vũ"),
    ],
)
def test_an_event_is_named_without_the_word_before_it(words: str, name: str) -> None:
    assert event_name(words) == name


# --- what is read ---

TEXT = """KẾ HOẠCH
Kiểm tra công tác Đoàn năm 2026
I. NHIỆM VỤ
1. Văn phòng Tỉnh đoàn gửi dự thảo lấy ý kiến trước khi ban hành hướng dẫn ít nhất 03 ngày làm việc.
2. Ban Phong trào góp ý dự thảo trước khi ban hành hướng dẫn.
3. Văn phòng Tỉnh đoàn báo cáo Thường trực sau khi kết thúc đợt kiểm tra.
"""


def test_a_document_brings_its_events_along_and_equal_words_once(cast: Cast) -> None:
    plan = import_plan(data=TEXT.encode(), name="a.txt", issuing_unit=cast.province, by=cast.office_staff)
    found = Schedule.objects.filter(solution__plan=plan, kind=Kind.RELATIVE).order_by("pk")
    facts = ("event__name", "event__kind", "event__plan", "lead_time", "in_working_days", "exclusive")
    assert list(found.values_list(*facts)) == [
        ("ban hành hướng dẫn", "issue", plan.pk, "-P3D", True, False),
        ("ban hành hướng dẫn", "issue", plan.pk, "-P0D", False, True),
        ("kết thúc đợt kiểm tra", "inspection", plan.pk, "", False, False),
    ]
    assert Event.objects.count() == 2
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    issue = Event.objects.get(kind=EventKind.ISSUE)
    acts.give_event_day(event=issue, day=dt.date(2026, 4, 15), by=cast.office_staff)  # a Wednesday
    dated = Deadline.objects.filter(schedule__event=issue).order_by("pk").values_list("due_on", flat=True)
    assert list(dated) == [dt.date(2026, 4, 10), dt.date(2026, 4, 14)]
