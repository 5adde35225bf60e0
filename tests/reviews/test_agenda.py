"""The agenda: what is proposed for it, items added, ordered and dropped, and papers owed before the meeting."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404

from plans.enums import Deliverable, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Event
from reviews.actions import agenda as acts
from reviews.actions.meetings import move_meeting
from reviews.enums import ItemTopic, Why
from reviews.models import AgendaItem, Meeting, WorkProgramme
from reviews.proposals import chosen, goes_to, open_requests, proposals_of, search_for
from tests.cast import Cast
from tests.factories import (
    make_agenda_item,
    make_deadline,
    make_difficulty,
    make_event,
    make_extension,
    make_hanging,
    make_meeting,
    make_published_plan,
)
from units.models import AuditEvent, Post

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 26)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Return a meeting in ten days."""
    return make_meeting(cast.province, by=cast.office_staff, day=DAY)


def add(meeting: Meeting, cast: Cast, title: str = "Công tác hè", **facts: object) -> AgendaItem:
    values = {"title": title, "presenter_unit": cast.department}
    return acts.add_item(meeting=meeting, values=values, by=cast.office_staff, **facts)  # type: ignore[arg-type]


# --- proposals ---


def test_what_is_due_to_the_meeting_is_proposed(cast: Cast, meeting: Meeting) -> None:
    plan = make_published_plan(cast.province)
    make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 2, 26))
    hanging = make_hanging(cast.district, cast.other_district, plan=plan, event=meeting.event)
    report = make_deadline(cast.department, plan=plan, due_on=dt.date(2026, 3, 20))
    named = make_deadline(cast.office, plan=plan, due_on=dt.date(2026, 3, 31), period_start=dt.date(2026, 3, 1))
    early = make_deadline(cast.department, plan=plan, due_on=dt.date(2026, 2, 26))  # went to the last meeting
    plain = make_deadline(cast.department, plan=plan, due_on=dt.date(2026, 3, 20))
    for row in (report, early):
        row.solution.deliverable = Deliverable.REPORT
        row.solution.save()
    named.solution.text = "Tổng hợp kết quả, trình phiên họp Ban Thường vụ tháng 3."
    named.solution.save()
    found = {p.pk: (p.why, p.units) for p in proposals_of(meeting, user=cast.office_staff)}
    first = hanging.deadlines.order_by("pk")[0]
    assert found == {first.pk: (Why.HANGS, 2), report.pk: (Why.REPORT, 1), named.pk: (Why.NAMED, 1)}
    assert plain.pk in {p.pk for p in search_for(meeting, "ra soat", user=cast.office_staff)}


def test_what_is_called_off_and_other_units_work_is_not_proposed(cast: Cast, meeting: Meeting) -> None:
    own, other = make_published_plan(cast.province), make_published_plan(cast.district)
    off = make_hanging(cast.district, plan=own, event=meeting.event)
    off.deadlines.update(status=Status.CANCELLED, reason="Thôi")
    row = make_deadline(cast.commune, plan=other, due_on=dt.date(2026, 3, 20))
    row.solution.deliverable = Deliverable.REPORT
    row.solution.save()
    assert proposals_of(meeting, user=cast.office_staff) == []


@pytest.mark.parametrize(
    ("body", "text", "goes"),
    [
        (Post.Body.STANDING_COMMITTEE, "Văn phòng tổng hợp, trình Ban Thường vụ tháng 12", True),
        (Post.Body.STANDING_COMMITTEE, "Báo cáo BTV kết quả", True),
        (Post.Body.STANDING_COMMITTEE, "Báo cáo tiến độ. Ban Thường vụ phân công", False),
        (Post.Body.PERMANENT_MEMBERS, "báo cáo tại kỳ họp Thường trực gần nhất", True),
        (Post.Body.EXECUTIVE_COMMITTEE, "trình hội nghị BCH", True),
        (Post.Body.EXECUTIVE_COMMITTEE, "trình Ban Thường vụ", False),
    ],
)
def test_the_words_of_a_plan_say_to_which_body_something_goes(body: str, text: str, goes: bool) -> None:  # noqa: FBT001
    assert goes_to(body, text) is goes


def test_open_requests_are_one_line_of_the_agenda(cast: Cast, meeting: Meeting) -> None:
    plan = make_published_plan(cast.province)
    row = make_deadline(cast.district, plan=plan, due_on=DAY)
    make_extension(row, by=cast.secretary)
    make_difficulty(row, by=cast.secretary)
    found = open_requests(meeting, user=cast.office_staff)
    assert (found.extensions, found.difficulties, found.total) == (1, 1, 2)
    (item,) = acts.add_proposed(meeting=meeting, deadlines=[], requests="Đề nghị của cơ sở", by=cast.office_staff)
    assert (item.topic, item.title) == (ItemTopic.REQUESTS, "Đề nghị của cơ sở")
    with pytest.raises(ActionRefused):
        acts.add_proposed(meeting=meeting, deadlines=[], requests="Đề nghị của cơ sở", by=cast.office_staff)


def test_what_is_picked_stands_on_the_agenda_once(cast: Cast, meeting: Meeting) -> None:
    plan = make_published_plan(cast.province)
    schedule = make_hanging(cast.department, plan=plan, event=meeting.event, text="Báo cáo quý I.")
    rows = chosen(meeting, [d.pk for d in schedule.deadlines.all()], user=cast.office_staff)
    (item,) = acts.add_proposed(meeting=meeting, deadlines=rows, by=cast.office_staff, version=1)
    assert (item.title, item.presenter_unit, item.deadline) == ("Báo cáo quý I.", cast.department, rows[0])
    assert proposals_of(meeting, user=cast.office_staff) == []
    assert chosen(meeting, [rows[0].pk], user=cast.office_staff) == []
    with pytest.raises(Stale):
        acts.add_proposed(meeting=meeting, deadlines=rows, by=cast.office_staff, version=1)
    with pytest.raises(Http404):
        acts.add_proposed(meeting=meeting, deadlines=rows, by=cast.leader)


def test_work_that_the_person_does_not_see_is_not_put_on_an_agenda(cast: Cast) -> None:
    foreign = make_deadline(cast.foreign_commune, plan=make_published_plan(cast.foreign_province))
    meeting = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    assert chosen(meeting, [foreign.pk], user=cast.office_staff) == []
    with pytest.raises(Http404):
        acts.add_proposed(meeting=meeting, deadlines=[foreign], by=cast.office_staff)


# --- items ---


def test_items_are_added_ordered_and_dropped(cast: Cast, meeting: Meeting) -> None:
    items = [add(meeting, cast, f"Việc {n}") for n in (1, 2, 3)]
    acts.move_item(item=items[2], up=True, by=cast.office_staff)
    assert list(meeting.items.values_list("title", "ordinal")) == [("Việc 1", 1), ("Việc 3", 2), ("Việc 2", 3)]
    acts.move_item(item=items[0], up=True, by=cast.office_staff)  # at the top already
    acts.drop_item(item=items[0], by=cast.office_staff)
    assert list(meeting.items.values_list("title", "ordinal")) == [("Việc 3", 1), ("Việc 2", 2)]
    with pytest.raises(Stale):
        acts.drop_item(item=items[0], by=cast.office_staff)
    kinds = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert kinds == ["created", "created", "created", "changed", "dropped"]


@pytest.mark.parametrize("who", ["leader", "department_head", "reader", "secretary", "outsider"])
def test_only_the_office_makes_the_agenda(cast: Cast, meeting: Meeting, who: str) -> None:
    item, by = make_agenda_item(meeting, by=cast.office_staff), getattr(cast, who)
    for act in (
        lambda: acts.add_item(meeting=meeting, values={"title": "x"}, by=by),
        lambda: acts.change_item(item=item, values={"title": "x"}, by=by),
        lambda: acts.move_item(item=item, up=True, by=by),
        lambda: acts.drop_item(item=item, by=by),
    ):
        with pytest.raises(Http404):
            act()


def test_the_same_form_sent_twice_adds_one_item(cast: Cast, meeting: Meeting) -> None:
    assert add(meeting, cast, key="a" * 64) == add(meeting, cast, key="a" * 64)
    assert meeting.items.count() == 1


def test_the_agenda_of_a_recorded_meeting_stays(cast: Cast) -> None:
    held = make_meeting(
        cast.province,
        by=cast.office_staff,
        day=dt.date(2026, 3, 2),
        held_on=dt.date(2026, 3, 2),
        recorded_by=cast.leader,
    )
    with pytest.raises(ActionRefused):
        add(held, cast)


# --- papers ---


def test_a_paper_is_a_deadline_of_the_register_and_moves_with_the_meeting(cast: Cast, meeting: Meeting) -> None:
    item = add(meeting, cast, paper_days=3)
    row = Deadline.objects.get()
    assert (row.unit, row.due_on, row.status) == (cast.department, dt.date(2026, 3, 23), Status.ASSIGNED)
    assert (row.solution.deliverable, row.schedule) == (Deliverable.REPORT, item.paper)
    assert row.solution.text == "Tài liệu trình Phiên họp Ban Thường vụ thử: Công tác hè"
    programme = WorkProgramme.objects.get()
    assert (row.plan, programme.year, programme.unit) == (programme.plan, 2026, cast.province)
    assert programme.plan.title == "Chương trình công tác năm 2026 của Ban Thường vụ Tỉnh đoàn"
    assert list(row.notices.values_list("recipient", flat=True)) == [cast.department_head.pk]
    move_meeting(meeting=meeting, day=dt.date(2026, 4, 2), by=cast.office_staff)
    row.refresh_from_db()
    assert (row.due_on, row.original_due_on) == (dt.date(2026, 3, 30), dt.date(2026, 3, 30))
    add(meeting, cast, "Việc khác", paper_days=0)
    assert WorkProgramme.objects.count() == 1
    assert Event.objects.count() == 1


def test_a_paper_needs_a_unit_and_a_day_to_come(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(ActionRefused):
        acts.add_item(meeting=meeting, values={"title": "x"}, by=cast.office_staff, paper_days=3)
    with pytest.raises(ActionRefused):
        add(meeting, cast, paper_days=11)  # that was yesterday
    assert not Deadline.objects.exists()
    assert not AgendaItem.objects.exists()


def test_a_dropped_item_calls_its_paper_off(cast: Cast, meeting: Meeting) -> None:
    acts.drop_item(item=add(meeting, cast, paper_days=3), by=cast.office_staff)
    row = Deadline.objects.get()
    assert (row.status, row.reason) == (Status.CANCELLED, "Nội dung đã được đưa ra khỏi chương trình họp: Công tác hè")


def test_a_paper_asked_of_a_unit_stays_with_it(cast: Cast, meeting: Meeting) -> None:
    item = add(meeting, cast, paper_days=3)
    with pytest.raises(ActionRefused):
        acts.change_item(item=item, values={"presenter_unit": cast.office}, by=cast.office_staff)
    later = add(meeting, cast, "Việc sau")
    acts.change_item(item=later, values={"presenter_unit": cast.office}, by=cast.office_staff, paper_days=5)
    assert set(Deadline.objects.values_list("unit__code", flat=True)) == {"ST-PT", "ST-VP"}


def test_a_unit_outside_presents_nothing(cast: Cast, meeting: Meeting) -> None:
    values = {"title": "x", "presenter_unit": cast.foreign_commune}
    with pytest.raises(ActionRefused):
        acts.add_item(meeting=meeting, values=values, by=cast.office_staff)


def test_an_event_called_off_elsewhere_closes_the_agenda(cast: Cast) -> None:
    event = make_event(cast.province, "Họp", cancelled=True, reason="Hoãn")
    with pytest.raises(ActionRefused):
        add(make_meeting(cast.province, by=cast.office_staff, event=event), cast)
