"""The plan of inspections and field trips: what reading its real text must fulfil, and what following it up must."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from plans.actions.deadlines import confirm, submit
from plans.actions.proof import Upload
from plans.enums import Outlook, Status
from plans.errors import ActionRefused
from plans.models import Deadline
from plans.reading.drafts import ParagraphRole, ScheduleKind
from reviews.actions.conclusions import add_conclusion, close_conclusion, issue_conclusions
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import finish_survey, report_of
from reviews.actions.trips import approve_trip, register_trip
from reviews.actions.visits import answer_request, end_visit
from reviews.bodies import members_of
from reviews.enums import InspectionState, ResultState, TripKind, TripState
from reviews.models import Conclusion, FieldTrip, FieldTripQuota, Inspection, Meeting, SurveyUnit, VisitRequest
from reviews.survey_page import OutlookCounts, idea_counts, question_rows, questions_of
from tests.acceptance.real import dated, days, real_plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    make_checklist,
    make_indicator,
    make_inspection,
    make_meeting,
    make_member,
    make_permanent_member,
    make_published_plan,
    make_quota,
    make_survey,
    make_trip,
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


# --- surveys ---


@pytest.mark.usefixtures("today")
def test_point_10_a_survey_keeps_completion_and_outlook_and_two_counts_of_ideas(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_indicator(plan, text="Mỗi năm có 500 ý tưởng sáng tạo.", unit_of_measure="ý tưởng", units=[cast.district])
    survey = make_survey(cast.province, cast.district, cast.other_district, by=cast.office_staff, plan=plan)
    asked = questions_of(survey)
    said = {asked[0].pk: Said(Decimal(310), Outlook.WILL_REACH), asked[1].pk: Said(Decimal(2), Outlook.WILL_MISS)}
    answer_survey(survey=survey, rows=[UnitSaid(cast.district.pk, 0, said, (12, 4))], by=cast.secretary)
    rows = SurveyUnit.objects.visible_to(cast.office_staff).filter(survey=survey)
    stored = rows.get(unit=cast.district)
    assert list(stored.answers.values_list("completion", "outlook")) == [
        (Decimal(310), Outlook.WILL_REACH),
        (Decimal(2), Outlook.WILL_MISS),
    ]
    assert (stored.ideas_supported, stored.ideas_commended) == (12, 4)
    first, second = question_rows(asked, rows, 2)
    assert first.counts == OutlookCounts(will_reach=1, unanswered=1)
    assert second.counts == OutlookCounts(will_miss=1, unanswered=1)
    ideas = idea_counts(rows)
    assert (ideas.supported, ideas.supported_by, ideas.commended, ideas.commended_by) == (12, 1, 4, 1)


@pytest.mark.usefixtures("today")
def test_point_11_the_thematic_report_is_due_once_the_survey_is_finished(cast: Cast) -> None:
    survey = make_survey(cast.province, cast.district, by=cast.office_staff, lead_unit=cast.department)
    assert not Deadline.objects.filter(unit=cast.department).exists()  # nothing is owed while units answer
    survey = finish_survey(survey=survey, by=cast.office_staff, version=survey.version, working_days=5)
    owed = report_of(survey)
    assert (owed.unit, owed.due_on, owed.status) == (cast.department, dt.date(2026, 3, 23), Status.ASSIGNED)
    assert owed.solution.text == "Báo cáo chuyên đề kết quả khảo sát: Khảo sát giữa nhiệm kỳ"


# --- field trips ---


def days_at_the_grassroots(cast: Cast) -> FieldTripQuota:
    """Return the quota of the plan: 60 days, of which the last one is the day the reader finds."""
    until = next(due for line, _kind, _start, due in dated(real_plan("001")) if line == 43)
    facts = {"year": 2020, "until": until, "people": [cast.department_head]}
    return make_quota(cast.province, by=cast.office_staff, **facts)


@pytest.mark.django_db
def test_point_04_days_of_trips_add_up_and_what_is_short_shows(cast: Cast, login: Login) -> None:
    quota = days_at_the_grassroots(cast)
    assert (quota.days, quota.until) == (60, dt.date(2020, 12, 14))
    with time_machine.travel(dt.datetime(2020, 12, 10, 2, tzinfo=dt.UTC), tick=False):
        facts: dict[str, Any] = {"leader": cast.department_head, "units": [cast.commune], "state": TripState.REPORTED}
        for first, last in (("2020-03-02", "2020-03-31"), ("2020-03-30", "2020-04-10"), ("2020-12-01", "2020-12-09")):
            make_trip(cast.province, days=(dt.date.fromisoformat(first), dt.date.fromisoformat(last)), **facts)
        page = login(cast.office_staff).get(quota.get_absolute_url())
    (row,) = page.context["table"].rows
    assert (row.standing.counted, row.standing.short) == (30 + 10 + 9, 11)  # two days lie in two trips
    assert row.standing.outlook == Outlook.WILL_MISS


@pytest.mark.django_db
def test_point_05_a_trip_records_days_kind_party_and_who_decided(cast: Cast, login: Login) -> None:
    trip = trip_of_2020(cast)
    with time_machine.travel(dt.datetime(2020, 4, 3, 2, tzinfo=dt.UTC), tick=False):
        end = {"actual_from": "31/03/2020", "actual_to": "02/04/2020", "version": str(trip.version)}
        assert login(cast.department_head).post(reverse("reviews:trip_end", args=[trip.pk]), end).status_code == 302
        page = login(cast.reader).get(trip.get_absolute_url()).text
    trip.refresh_from_db()
    assert (trip.planned_from, trip.planned_to) == (dt.date(2020, 3, 30), dt.date(2020, 4, 1))
    assert (trip.actual_from, trip.actual_to) == (dt.date(2020, 3, 31), dt.date(2020, 4, 2))
    for words in ("30/03/2020 – 01/04/2020", "31/03/2020 – 02/04/2020", "Đi theo chuyên đề"):
        assert words in page
    assert (trip.decided_by, trip.kind) == (cast.leader, TripKind.TOPIC)
    assert {member.person for member in trip.members.all()} == {cast.department_head, cast.reader}
    for person in (cast.leader, cast.department_head, cast.reader):
        assert person.full_name in page


@pytest.mark.django_db
def test_point_06_ending_a_trip_opens_a_report_and_a_late_brief_is_warned_of(cast: Cast, login: Login) -> None:
    make_member(cast.province, Post.Body.PERMANENT_MEMBERS)
    trip, traveller = trip_of_2020(cast), login(cast.department_head)
    brief = reverse("reviews:trip_brief", args=[trip.pk])
    with time_machine.travel(dt.datetime(2020, 3, 29, 2, tzinfo=dt.UTC), tick=False):
        assert "bị ghi là muộn" not in traveller.get(brief).text
    with time_machine.travel(dt.datetime(2020, 3, 31, 2, tzinfo=dt.UTC), tick=False):
        assert "bị ghi là muộn" in traveller.get(brief).text
        told = traveller.post(brief, {"text": "Làm việc với chi đoàn.", "version": str(trip.version)}, follow=True)
        assert "Nội dung chuẩn bị nhập sau khi chuyến đi đã bắt đầu" in told.text
        assert "chuẩn bị muộn" in traveller.get(trip.get_absolute_url()).text
    assert not Deadline.objects.filter(solution__text__startswith="Báo cáo").exists()
    with time_machine.travel(dt.datetime(2020, 4, 2, 2, tzinfo=dt.UTC), tick=False):
        end = {"actual_from": "30/03/2020", "actual_to": "01/04/2020", "version": str(trip.version + 1)}
        assert traveller.post(reverse("reviews:trip_end", args=[trip.pk]), end).status_code == 302
        report = Deadline.objects.get(solution__text__startswith="Báo cáo Thường trực kết quả chuyến đi cơ sở")
        assert (report.unit, report.due_on) == (cast.department, dt.date(2020, 4, 6))
        mine = login(cast.department_head).get(reverse("plans:deadline", args=[report.pk]))
        assert trip.get_absolute_url() in mine.text  # from the register back to the trip


def trip_of_2020(cast: Cast) -> FieldTrip:
    """Register a trip of the department with a member of the committee and have a leader approve it, in March 2020."""
    with time_machine.travel(dt.datetime(2020, 3, 16, 2, tzinfo=dt.UTC), tick=False):
        days = {"planned_from": dt.date(2020, 3, 30), "planned_to": dt.date(2020, 4, 1)}
        values = {**days, "kind": TripKind.TOPIC, "leader": cast.department_head, "purpose": "Nắm tình hình cơ sở."}
        facts: dict[str, Any] = {"party": [cast.reader], "units": [cast.commune]}
        trip = register_trip(unit=cast.province, by=cast.department_head, values=values, **facts)
        return approve_trip(trip=trip, by=cast.leader, version=trip.version)


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
