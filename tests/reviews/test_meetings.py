"""Acts on meetings: planned, in a series, moved with what hangs on them, called off; who may; what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from doantracker.lib.working_days import WorkingCalendar
from plans.enums import EventKind
from plans.errors import ActionRefused, Stale
from plans.event_preview import preview_of
from plans.models import Deadline, Event
from reviews.actions import meetings as acts
from reviews.bodies import bodies_of, members_of
from reviews.enums import MeetingState
from reviews.models import Meeting
from reviews.year_days import meeting_days, monthly_rule
from tests.cast import Cast
from tests.factories import make_event, make_hanging, make_meeting, make_member, make_published_plan
from units.models import AuditEvent, Post, User

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
DAY = dt.date(2026, 3, 26)
STANDING, PERMANENT, EXECUTIVE = (
    Post.Body.STANDING_COMMITTEE,
    Post.Body.PERMANENT_MEMBERS,
    Post.Body.EXECUTIVE_COMMITTEE,
)


@pytest.fixture
def member(cast: Cast) -> User:
    """Return somebody who sits in the standing committee of the province."""
    return make_member(cast.province, full_name="Lê Ủy Viên")


def acts_on(meeting: Meeting) -> list[str]:
    """Return what the log says of a meeting, the oldest first."""
    rows = AuditEvent.objects.filter(object_type="meeting", object_id=meeting.pk).order_by("pk")
    return list(rows.values_list("action", flat=True))


# --- which body ---


def test_a_unit_without_a_standing_committee_meets_in_its_executive_one(cast: Cast, member: User) -> None:
    make_member(cast.province, PERMANENT)
    assert bodies_of(cast.province, TODAY) == [STANDING, PERMANENT, EXECUTIVE]
    assert bodies_of(cast.district, TODAY) == [EXECUTIVE]
    with pytest.raises(ActionRefused, match="Ban Chấp hành"):
        acts.plan_meeting(unit=cast.district, body=STANDING, by=cast.secretary, day=DAY)
    row = acts.plan_meeting(unit=cast.district, body=EXECUTIVE, by=cast.secretary, day=DAY)
    assert row.title == "Hội nghị Ban Chấp hành tháng 3/2026"


def test_who_sits_in_the_narrower_body_sits_in_the_wider_one(cast: Cast, member: User) -> None:
    permanent, executive = make_member(cast.province, PERMANENT), make_member(cast.province, EXECUTIVE)
    assert set(members_of(cast.province, PERMANENT, TODAY)) == {permanent}
    assert set(members_of(cast.province, STANDING, TODAY)) == {permanent, member}
    assert set(members_of(cast.province, EXECUTIVE, TODAY)) == {permanent, member, executive}
    assert members_of(cast.province, STANDING, dt.date(2019, 1, 1)) == []


# --- planning ---


def test_a_planned_meeting_has_an_event_that_plans_can_hang_on(cast: Cast, member: User) -> None:
    row = acts.plan_meeting(
        unit=cast.province,
        body=STANDING,
        by=cast.office_staff,
        day=DAY,
        values={"place": " Phòng  họp 1", "chair": member},
    )
    row.refresh_from_db()
    assert (row.title, row.place, row.chair, row.state) == (
        "Phiên họp Ban Thường vụ tháng 3/2026", "Phòng họp 1", member, MeetingState.PLANNED,
    )  # fmt: skip
    assert (row.event.day, row.event.kind, row.event.unit, row.event.plan) == (
        DAY, EventKind.MEETING, cast.province, None,
    )  # fmt: skip
    assert row.event in Event.objects.offered_to(make_published_plan(cast.province))
    assert acts_on(row) == ["created"]


@pytest.mark.parametrize(
    "who", ["leader", "department_head", "reader", "administrator", "secretary", "commune_secretary", "outsider"]
)
def test_only_who_runs_the_plans_of_a_unit_plans_its_meetings(cast: Cast, member: User, who: str) -> None:
    with pytest.raises(Http404):
        acts.plan_meeting(unit=cast.province, body=STANDING, by=getattr(cast, who), day=DAY)
    assert not Meeting.objects.exists()
    assert not Event.objects.exists()


def test_the_same_form_sent_twice_plans_one_meeting(cast: Cast, member: User) -> None:
    made = [
        acts.plan_meeting(unit=cast.province, body=STANDING, by=cast.office_staff, day=DAY, key="k" * 22)
        for _n in "ab"
    ]
    assert made[0] == made[1]
    assert (Meeting.objects.count(), Event.objects.count()) == (1, 1)


def test_a_meeting_that_a_plan_waits_for_becomes_that_event(cast: Cast, member: User) -> None:
    plan = make_published_plan(cast.province)
    event = make_event(cast.province, plan=plan, kind="meeting")
    make_hanging(cast.district, plan=plan, event=event, lead_time="-P3D")
    row = acts.plan_meeting(unit=cast.province, body=STANDING, by=cast.office_staff, event=event)
    assert (row.event, row.event.day) == (event, None)
    moved = acts.move_meeting(meeting=row, day=DAY, by=cast.office_staff)
    assert [d.due_on for d in moved.deadlines] == [dt.date(2026, 3, 23)]
    with pytest.raises(ActionRefused):  # one event is one meeting
        acts.plan_meeting(unit=cast.province, body=STANDING, by=cast.office_staff, event=event)


@pytest.mark.parametrize("foreign", ["other unit", "cancelled"])
def test_an_event_that_is_not_the_units_or_does_not_take_place_is_refused(
    cast: Cast, member: User, foreign: str
) -> None:
    off: dict[str, Any] = {"cancelled": True, "reason": "Hoãn"} if foreign == "cancelled" else {}
    event = make_event(cast.province if off else cast.foreign_province, **off)
    with pytest.raises(ActionRefused):
        acts.plan_meeting(unit=cast.province, body=STANDING, by=cast.office_staff, event=event)


def test_the_chair_does_not_keep_the_minutes(cast: Cast, member: User) -> None:
    both: dict[str, Any] = {"chair": member, "secretary": member}
    with pytest.raises(ActionRefused):
        acts.plan_meeting(unit=cast.province, body=STANDING, by=cast.office_staff, values=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(cast.province, by=cast.office_staff, **both)


# --- a year of them ---


def test_the_days_of_a_year_follow_the_rule_and_the_working_calendar() -> None:
    holiday = dt.date(2026, 4, 30)
    calendar = WorkingCalendar({holiday: True, dt.date(2026, 5, 1): True})
    days = meeting_days(monthly_rule(15), 2026, calendar)
    assert len(days) == 12
    assert [f"{d:%d/%m}" for d in days[:3]] == ["15/01", "16/02", "16/03"]  # Sundays move to Monday
    last = meeting_days(monthly_rule(0), 2026, calendar)
    assert len(last) == 12
    assert all(d.weekday() < 5 for d in last)


def test_a_year_is_planned_in_one_act_and_only_once(cast: Cast, member: User) -> None:
    days = meeting_days(monthly_rule(15), 2026, WorkingCalendar())
    facts: dict[str, Any] = {
        "unit": cast.province,
        "body": STANDING,
        "by": cast.office_staff,
        "values": {"starts_at": dt.time(8)},
    }
    made = acts.plan_year(days=days[:3], **facts)
    assert [m.title for m in made] == [f"Phiên họp Ban Thường vụ tháng {n}/2026" for n in (1, 2, 3)]
    assert {m.starts_at for m in made} == {dt.time(8)}
    assert len(acts.plan_year(days=days, **facts)) == 9  # the others stand already
    with pytest.raises(ActionRefused):
        acts.plan_year(days=days, **facts)
    assert Meeting.objects.count() == 12
    with pytest.raises(Http404):
        acts.plan_year(days=days, **{**facts, "by": cast.leader})


# --- changing, moving, calling off ---


def test_a_change_is_logged_and_renames_the_event(cast: Cast, member: User) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    changed = acts.change_meeting(meeting=row, values={"title": "Phiên họp mở rộng"}, by=cast.office_staff, version=1)
    assert (changed.title, changed.event.name, changed.version) == ("Phiên họp mở rộng", "Phiên họp mở rộng", 2)
    (entry,) = AuditEvent.objects.filter(object_type="meeting")
    assert entry.data == {"title": ["Phiên họp Ban Thường vụ thử", "Phiên họp mở rộng"]}
    with pytest.raises(Stale):
        acts.change_meeting(meeting=row, values={"place": "Hội trường"}, by=cast.office_staff, version=1)
    with pytest.raises(Http404):
        acts.change_meeting(meeting=row, values={"place": "Hội trường"}, by=cast.leader)


def test_what_hangs_on_a_meeting_moves_with_it(cast: Cast) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    plan = make_published_plan(cast.province)
    make_hanging(cast.district, cast.other_district, plan=plan, event=row.event, lead_time="-P5D")
    to = dt.date(2026, 4, 2)
    digest = preview_of(row.event, to, user=cast.office_staff, today=TODAY).digest
    moved = acts.move_meeting(meeting=row, day=to, by=cast.office_staff, expected=digest)
    assert len(moved.deadlines) == 2
    assert set(Deadline.objects.values_list("due_on", "original_due_on")) == {(dt.date(2026, 3, 28),) * 2}
    assert (row.planned_on, row.version) == (to, 2)
    with pytest.raises(Stale):  # the preview was of another state
        acts.move_meeting(meeting=row, day=dt.date(2026, 4, 9), by=cast.office_staff, expected=digest)
    with pytest.raises(Http404):
        acts.move_meeting(meeting=row, day=DAY, by=cast.leader)


def test_a_meeting_called_off_stays_so(cast: Cast) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    make_hanging(cast.district, plan=make_published_plan(cast.province), event=row.event)
    with pytest.raises(ActionRefused):
        acts.cancel_meeting(meeting=row, reason=" ", by=cast.office_staff)
    acts.cancel_meeting(meeting=row, reason="Trùng đại hội", by=cast.office_staff)
    row = Meeting.objects.select_related("event").get()
    assert (row.state, row.planned_on, row.event.reason) == (MeetingState.CANCELLED, None, "Trùng đại hội")
    assert Deadline.objects.get().due_on is None
    for again in (
        lambda: acts.move_meeting(meeting=row, day=DAY, by=cast.office_staff),
        lambda: acts.change_meeting(meeting=row, values={"place": "x"}, by=cast.office_staff),
    ):
        with pytest.raises(ActionRefused):
            again()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("office_staff", True), ("leader", True), ("department_head", True), ("reader", True), ("administrator", True),
        ("secretary", False), ("sibling_secretary", False), ("commune_secretary", False), ("outsider", False),
    ],
)  # fmt: skip
def test_the_people_of_the_unit_see_its_meetings_and_those_below_do_not(cast: Cast, who: str, sees: bool) -> None:  # noqa: FBT001
    make_meeting(cast.province, by=cast.office_staff)
    assert Meeting.objects.visible_to(getattr(cast, who)).exists() is sees


def test_the_query_for_a_state_finds_what_the_rule_says(cast: Cast) -> None:
    make_meeting(cast.province, by=cast.office_staff)
    make_meeting(cast.province, by=cast.office_staff, day=DAY, held_on=DAY, recorded_by=cast.leader)
    off = make_event(cast.province, "Họp bất thường", cancelled=True, reason="Hoãn")
    make_meeting(cast.province, by=cast.office_staff, event=off)
    for state in MeetingState:
        rows = Meeting.objects.select_related("event")
        assert set(Meeting.objects.in_state(state)) == {m for m in rows if m.state == state}
        assert Meeting.objects.in_state(state).count() == 1
