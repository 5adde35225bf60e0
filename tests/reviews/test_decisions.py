"""Decisions become work of the one register, with lineage both ways."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from plans.enums import Kind, PlanStatus, Status
from plans.errors import ActionRefused
from plans.models import Deadline, Plan
from plans.origins import origins_of
from reviews.actions.decisions import decide
from reviews.actions.meetings import move_meeting
from reviews.models import Decision, Meeting
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_agenda_item, make_meeting
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 12)
DUE = dt.date(2026, 4, 15)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Return a meeting of four days ago."""
    return make_meeting(cast.province, by=cast.office_staff, day=DAY)


def decided(meeting: Meeting, cast: Cast, by: User | None = None, **facts: Any) -> Decision:
    usual = {"text": "Giao Ban Phong trào xây dựng đề án.", "lead_unit": cast.department}
    return decide(meeting=meeting, by=by or cast.office_staff, **{**usual, **facts})


@pytest.mark.parametrize("who", ["office_staff", "leader"])
def test_a_decision_becomes_a_deadline_of_its_lead(cast: Cast, meeting: Meeting, who: str) -> None:
    item = make_agenda_item(meeting, by=cast.office_staff)
    made = decided(
        meeting, cast, getattr(cast, who), due=DUE, supporting_units=[cast.office], overseer=cast.leader, item=item
    )
    row = Deadline.objects.get()
    assert (row.unit, row.due_on, row.status, row.solution) == (cast.department, DUE, Status.ASSIGNED, made.solution)
    assert (list(row.solution.supporting_units.all()), row.solution.overseer) == ([cast.office], cast.leader)
    assert (made.ordinal, made.item, list(row.plan.groups.values_list("title", flat=True))) == (
        1, item, [meeting.title],
    )  # fmt: skip
    assert (row.plan.status, row.plan.issuing_unit) == (PlanStatus.PUBLISHED, cast.province)
    assert list(row.notices.values_list("recipient", flat=True)) == [cast.department_head.pk]
    entry = AuditEvent.objects.filter(object_type="meeting").latest("pk")
    assert (entry.action, entry.data) == ("decided", {"solution": made.solution_id, "lead": "Ban Phong trào"})


@pytest.mark.parametrize("who", ["department_head", "reader", "administrator", "secretary", "outsider"])
def test_others_decide_nothing(cast: Cast, meeting: Meeting, who: str) -> None:
    with pytest.raises(Http404):
        decided(meeting, cast, getattr(cast, who), due=DUE)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("phrase", "kind", "due"),
    [
        ("trước ngày 15/5/2026", Kind.BY_DATE, dt.date(2026, 5, 14)),
        ("trong quý II", Kind.WITHIN_QUARTER, dt.date(2026, 6, 30)),
        ("tháng 4/2026", Kind.WITHIN_MONTH, dt.date(2026, 4, 30)),
    ],
)
def test_the_last_day_is_understood_from_words(
    cast: Cast, meeting: Meeting, phrase: str, kind: Kind, due: dt.date
) -> None:
    made = decided(meeting, cast, phrase=phrase)
    schedule = made.solution.schedules.get()
    assert (schedule.kind, schedule.deadlines.get().due_on) == (kind, due)


def test_recurring_work_begins_with_the_meeting(cast: Cast, meeting: Meeting) -> None:
    made = decided(meeting, cast, phrase="định kỳ hằng tháng")
    first = made.solution.schedules.get().deadlines.order_by("due_on")[0]
    assert first.due_on == dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"due": DUE, "phrase": "trong quý II"},
        {"phrase": "sớm nhất có thể"},
        {"phrase": "sau hội nghị sơ kết"},
        {"due": dt.date(2026, 3, 11)},
        {"phrase": "trước ngày 15/01"},
        {"due": DUE, "text": "  "},
    ],
)
def test_a_time_that_is_not_clear_is_refused(cast: Cast, meeting: Meeting, facts: dict[str, Any]) -> None:
    with pytest.raises(ActionRefused):
        decided(meeting, cast, **facts)
    assert not Deadline.objects.exists()
    assert not Decision.objects.exists()
    assert not Plan.objects.exists()  # nothing is half-made


def test_work_due_at_the_next_meeting_moves_with_it(cast: Cast, meeting: Meeting) -> None:
    following = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 4, 9), title="Phiên họp tháng 4")
    decided(meeting, cast, until=following)
    row = Deadline.objects.get()
    assert row.due_on == dt.date(2026, 4, 9)
    move_meeting(meeting=following, day=dt.date(2026, 4, 16), by=cast.office_staff)
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 4, 16)
    with pytest.raises(ActionRefused):
        decided(meeting, cast, until=make_meeting(cast.district, by=cast.secretary, day=DUE))


@pytest.mark.parametrize("day", [None, dt.date(2026, 3, 17)])
def test_nothing_is_decided_before_the_meeting(cast: Cast, day: dt.date | None) -> None:
    with pytest.raises(ActionRefused):
        decided(make_meeting(cast.province, by=cast.office_staff, day=day), cast, due=DUE)


def test_the_same_form_sent_twice_makes_one_decision(cast: Cast, meeting: Meeting) -> None:
    assert decided(meeting, cast, due=DUE, key="k" * 64) == decided(meeting, cast, due=DUE, key="k" * 64)
    assert (Deadline.objects.count(), Decision.objects.count()) == (1, 1)


def test_decisions_of_a_year_stand_in_one_programme(cast: Cast, meeting: Meeting) -> None:
    other = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 2, 12), title="Phiên họp tháng 2")
    last_year = make_meeting(
        cast.province, by=cast.office_staff, day=dt.date(2025, 12, 18), title="Phiên họp tháng 12"
    )
    for row in (meeting, meeting, other, last_year):
        decided(row, cast, due=DUE)
    plans = Plan.objects.order_by("period_start")
    assert [(p.period_start.year, p.groups.count(), p.solutions.count()) for p in plans if p.period_start] == [
        (2025, 1, 1), (2026, 2, 3),
    ]  # fmt: skip
    assert list(meeting.decisions.values_list("ordinal", flat=True)) == [1, 2]


def test_nothing_is_added_to_a_closed_programme(cast: Cast, meeting: Meeting) -> None:
    decided(meeting, cast, due=DUE)
    Plan.objects.update(status=PlanStatus.CLOSED, closed_at=dt.datetime(2026, 3, 16, tzinfo=dt.UTC))
    with pytest.raises(ActionRefused):
        decided(meeting, cast, due=DUE)


def test_the_deadline_leads_back_to_the_meeting_for_who_sees_it(cast: Cast, meeting: Meeting, login: Login) -> None:
    made = decided(meeting, cast, due=DUE, lead_unit=cast.district)
    assert [o.href for o in origins_of(made.solution, cast.office_staff)] == [meeting.get_absolute_url()]
    assert origins_of(made.solution, cast.secretary) == []
    row = Deadline.objects.get()
    assert meeting.get_absolute_url() in login(cast.office_staff).get(row.get_absolute_url()).text
    page = login(cast.secretary).get(row.get_absolute_url())
    assert (page.status_code, meeting.get_absolute_url() in page.text) == (200, False)
