"""The plan of inspections and field trips: what reading its real text must fulfil, and what following it up must."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile

from plans.actions.deadlines import confirm, submit
from plans.actions.proof import Upload
from plans.enums import Status
from plans.errors import ActionRefused
from plans.models import Deadline
from plans.reading.drafts import ParagraphRole, ScheduleKind
from reviews.actions.conclusions import add_conclusion, close_conclusion, issue_conclusions
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce
from reviews.actions.visits import answer_request, end_visit
from reviews.bodies import members_of
from reviews.enums import InspectionState, ResultState
from reviews.models import Conclusion, Inspection, Meeting, VisitRequest
from tests.acceptance.real import dated, days, real_plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    make_checklist,
    make_inspection,
    make_meeting,
    make_member,
    make_permanent_member,
    make_unit,
    version_of,
)
from units.models import Post


def test_point_01_two_headings_on_one_line_are_two() -> None:
    headings = [(p.marker, p.text, p.role, p.level) for p in real_plan("001").paragraphs if p.line == 9]
    assert headings == [
        ("I.", "MỤC ĐÍCH, YÊU CẦU", ParagraphRole.HEADING, 1),
        ("1.", "Mục đích", ParagraphRole.HEADING, 2),
    ]


def test_point_02_five_references_and_none_a_deadline() -> None:
    plan = real_plan("001")
    cited = {r.symbol: r.issued_on for r in plan.references}
    assert cited == {
        "229-KH/TWĐTN-BKT": dt.date(2020, 2, 24),
        "231-KH/TĐTN-TCKT": dt.date(2020, 1, 31),
        "227-KH/TĐTN-TCKT": dt.date(2020, 1, 7),
        "194-KH/TĐTN-VP": dt.date(2019, 8, 12),
        "02-KL/TWĐTN-CNĐT": dt.date(2018, 7, 2),
    }
    assert len(plan.references) == 5
    assert not set(cited.values()) & days(plan)


def test_point_03_two_fixed_days_both_exclusive() -> None:
    plan = real_plan("001")
    assert dated(plan) == [
        (43, ScheduleKind.BY_DATE, None, dt.date(2020, 12, 14)),
        (61, ScheduleKind.BY_DATE, None, dt.date(2020, 5, 30)),
    ]
    assert [s.exclusive for s in plan.schedules if s.due] == [True, True]


# --- inspections ---

INSPECTED_ON = dt.date(2026, 3, 16)


def announced_inspection(cast: Cast) -> Inspection:
    """Return an inspection of a district and a service unit, announced a week ago for today."""
    by, head = cast.office_staff, make_permanent_member(cast.province, full_name="Phan Thường Trực")
    service = make_unit("Trung tâm Hoạt động TTN", code="ST-TT", kind="service", parent=cast.province)
    with time_machine.travel(dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC), tick=False):
        make_checklist(cast.province, "district", "Sinh hoạt chi đoàn", "Đoàn phí", by=by)
        make_checklist(cast.province, "service", "Sử dụng cơ sở vật chất", by=by)
        made = make_inspection(
            cast.province, cast.district, service, by=by, head=head, day=INSPECTED_ON, report_unit=cast.department
        )
        return announce(inspection=made, preparation="Báo cáo công tác\nSổ đoàn viên", days=3, by=by)


def ended_inspection(cast: Cast) -> tuple[Inspection, Meeting]:
    """Return an inspection whose visits have ended, and the next meeting of the permanent members."""
    row = announced_inspection(cast)
    facts: dict[str, Any] = {"by": cast.office_staff, "body": "permanent_members", "title": "Kỳ họp Thường trực"}
    following = make_meeting(cast.province, day=INSPECTED_ON + dt.timedelta(days=9), **facts)
    make_meeting(cast.province, day=INSPECTED_ON + dt.timedelta(days=40), **facts)
    for visit in row.visits.select_related("inspection__programme__unit"):
        end_visit(visit=visit, on=INSPECTED_ON, by=row.head)
    return end_visits(inspection=row, by=row.head), following


@pytest.mark.usefixtures("today")
def test_point_06_ending_an_inspection_opens_a_report_task_to_the_standing_members(cast: Cast) -> None:
    row, following = ended_inspection(cast)
    owed = Deadline.objects.select_related("solution").get(schedule=row.report_task)
    assert (owed.unit, owed.due_on, owed.status) == (cast.department, following.event.day, Status.ASSIGNED)
    assert owed.solution.text == "Báo cáo Thường trực kết quả Đợt kiểm tra thử"


@pytest.mark.usefixtures("today")
def test_point_07_an_inspection_has_a_head_of_the_standing_members_and_a_checklist_by_kind_of_unit(
    cast: Cast,
) -> None:
    row = announced_inspection(cast)
    assert row.head in members_of(cast.province, Post.Body.PERMANENT_MEMBERS, INSPECTED_ON)
    with pytest.raises(ActionRefused):
        make_inspection(cast.province, cast.district, by=cast.office_staff, head=make_member(cast.province))
    looked_at = {v.unit.kind.code: [i.text for i in v.items.all()] for v in row.visits.select_related("unit__kind")}
    assert looked_at == {"district": ["Sinh hoạt chi đoàn", "Đoàn phí"], "service": ["Sử dụng cơ sở vật chất"]}


@pytest.mark.usefixtures("today")
def test_point_08_the_report_is_attached_to_the_next_session_of_the_standing_members(cast: Cast, login: Login) -> None:
    row, following = ended_inspection(cast)
    paper = Upload.of(ContentFile(b"abc", name="Báo cáo kiểm tra.pdf"))
    hand_in_report(inspection=row, text="Kết quả tốt.", files=(paper,), by=row.head)
    page = login(cast.leader).get(following.get_absolute_url())
    assert [(i.pk, [f.original_name for f in i.files.all()]) for i in page.context["reports"]] == [
        (row.pk, ["Báo cáo kiểm tra.pdf"])
    ]


@pytest.mark.usefixtures("today")
def test_point_09_conclusions_are_followed_by_a_member_until_closed(cast: Cast, login: Login) -> None:
    row, _following = ended_inspection(cast)
    hand_in_report(inspection=row, text="Còn thiếu sổ.", by=row.head)
    follower = make_member(cast.province, full_name="Lê Ủy Viên")
    visit = row.visits.select_related("inspection__programme__unit", "unit").get(unit=cast.district)
    values = {"text": "Lập đủ sổ.", "due": dt.date(2026, 4, 30), "follower": follower}
    add_conclusion(visit=visit, values=values, by=row.head)
    issue_conclusions(inspection=row, on=INSPECTED_ON, by=row.head)
    conclusion = Conclusion.objects.select_related("visit__inspection__programme__unit").get()

    def state() -> ResultState:
        (line,) = login(follower).get("/conclusions/").context["rows"]
        assert line.follower == follower
        return ResultState(line.state)

    assert state() == ResultState.OPEN
    owed = Deadline.objects.get(solution=conclusion.solution)
    submit(deadline=owed, by=cast.secretary, version=owed.version)
    confirm(deadline=owed, by=cast.office_staff, version=version_of(owed))
    assert state() == ResultState.TO_CLOSE
    close_conclusion(conclusion=conclusion, words="Đã xem sổ.", by=follower)
    row.refresh_from_db()
    assert (state(), row.state) == (ResultState.CLOSED, InspectionState.CLOSED)


@pytest.mark.usefixtures("today")
def test_point_12_a_unit_sees_what_it_prepares_and_sends_requests_to_the_team(cast: Cast, login: Login) -> None:
    row = announced_inspection(cast)
    visit = row.visits.get(unit=cast.district)
    unit = login(cast.secretary)
    page = unit.get(visit.get_absolute_url())
    assert "<li>Sổ đoàn viên</li>" in page.text
    assert Deadline.objects.get(schedule=visit.preparation_id, unit=cast.district).due_on == dt.date(2026, 3, 13)
    unit.post(f"{visit.get_absolute_url()}ask/", {"text": "Xin làm việc buổi chiều."})
    request = VisitRequest.objects.select_related("visit__inspection__programme__unit").get()
    answer_request(request=request, words="Đồng ý, 14 giờ.", by=row.head)
    assert "Đồng ý, 14 giờ." in unit.get(visit.get_absolute_url()).text
    assert login(cast.sibling_secretary).get(visit.get_absolute_url()).status_code == 404
