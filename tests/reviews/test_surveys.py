"""Surveys: preparing, starting, finishing, the report that is owed then, and who sees what of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.proof import Proof, Upload
from plans.enums import Outlook, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline
from plans.origins import origins_of
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import (
    change_survey,
    choose_questions,
    finish_survey,
    hand_in_report,
    prepare_survey,
    report_of,
    start_survey,
)
from reviews.enums import SurveyState
from reviews.models import Survey, SurveyUnit
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_indicator, make_published_plan, make_survey, make_unit
from tests.files import office
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
ANSWER_BY = dt.date(2026, 3, 31)


def values(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "title": "Khảo sát",
        "purpose": "",
        "period_start": dt.date(2026, 3, 1),
        "period_end": dt.date(2026, 4, 15),
        "answer_by": ANSWER_BY,
        "lead_unit": cast.department,
        "plan": None,
        **more,
    }


def survey_of(cast: Cast, *units: Any, **facts: Any) -> Survey:
    asked = units or (cast.commune, cast.other_district)
    return make_survey(cast.province, *asked, by=cast.office_staff, **{"lead_unit": cast.department, **facts})


def whole(survey: Survey, unit: Any, outlook: str = Outlook.WILL_REACH) -> UnitSaid:
    row = SurveyUnit.objects.get(survey=survey, unit=unit)
    return UnitSaid(unit.pk, row.version, {q.pk: Said(None, outlook) for q in survey.questions.all()}, (3, 1))


def state_of(survey: Survey) -> SurveyState:
    found: Survey = Survey.objects.with_report().get(pk=survey.pk)
    return found.state


def test_a_survey_asks_about_the_indicators_of_its_plan(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_indicator(plan, text="Kết nạp đoàn viên.", unit_of_measure="đoàn viên", units=[cast.commune])
    row = prepare_survey(
        unit=cast.province, values=values(cast, plan=plan), units=[cast.commune], by=cast.office_staff, key="k"
    )
    assert list(row.questions.values_list("text", "measure")) == [("Kết nạp đoàn viên.", "đoàn viên")]
    assert list(row.units.values_list("unit", flat=True)) == [cast.commune.pk]
    assert (row.state, Deadline.objects.exists()) == (SurveyState.PLANNED, False)
    assert row == prepare_survey(
        unit=cast.province, values=values(cast), units=[cast.commune], by=cast.office_staff, key="k"
    )  # the same form sent twice
    choose_questions(
        survey=row, indicators=[], free=[("Công trình  thanh niên", "")], by=cast.office_staff, version=row.version
    )
    assert list(row.questions.values_list("ordinal", "text", "measure")) == [(1, "Công trình thanh niên", "%")]
    entry = AuditEvent.objects.filter(object_type="survey").latest("pk")
    assert (entry.action, entry.data, entry.unit_id) == ("changed", {"questions": 1}, cast.province.pk)


@pytest.mark.parametrize("who", ["leader", "department_head", "reader", "administrator", "secretary", "outsider"])
def test_others_prepare_nothing_for_the_province(cast: Cast, who: str) -> None:
    with pytest.raises(Http404):
        prepare_survey(unit=cast.province, values=values(cast), units=[cast.commune], by=getattr(cast, who))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": "  "}, "tên"),
        ({"period_end": dt.date(2026, 2, 1)}, "trước ngày đầu"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        prepare_survey(unit=cast.province, values=values(cast, **more), units=[cast.commune], by=cast.office_staff)


def test_only_units_below_are_asked(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="trực thuộc"):
        prepare_survey(unit=cast.province, values=values(cast), units=[cast.foreign_commune], by=cast.office_staff)


def test_starting_makes_the_units_owe_their_answers(cast: Cast) -> None:
    row = survey_of(cast)
    owed = Deadline.objects.order_by("unit_path")
    assert [(d.unit, d.due_on, d.status) for d in owed] == [
        (cast.commune, ANSWER_BY, Status.ASSIGNED),
        (cast.other_district, ANSWER_BY, Status.ASSIGNED),
    ]
    assert (owed[0].solution.text, owed[0].solution.lead_unit) == (
        "Trả lời khảo sát: Khảo sát giữa nhiệm kỳ",
        cast.department,
    )
    assert set(owed[0].notices.values_list("recipient", flat=True)) == {cast.commune_secretary.pk}
    assert (row.state, row.started_on) == (SurveyState.RUNNING, dt.date(2026, 3, 16))
    entry = AuditEvent.objects.filter(object_type="survey").latest("pk")
    assert (entry.action, entry.data) == ("survey_started", {"units": 2, "answer_by": "2026-03-31"})


def test_a_survey_without_units_or_questions_or_with_a_past_day_does_not_start(cast: Cast) -> None:
    by = cast.office_staff
    row = survey_of(cast, running=False)
    choose_questions(survey=row, indicators=[], free=[], by=by, version=row.version)
    row.refresh_from_db()
    with pytest.raises(ActionRefused, match="hỏi nội dung gì"):
        start_survey(survey=row, by=by, version=row.version)
    row = survey_of(cast, running=False, answer_by=dt.date(2026, 3, 1))
    with pytest.raises(ActionRefused, match="đã qua"):
        start_survey(survey=row, by=by, version=row.version)
    row.units.all().delete()
    with pytest.raises(ActionRefused, match="đơn vị"):
        start_survey(survey=row, by=by, version=row.version)
    with pytest.raises(Stale):
        start_survey(survey=row, by=by, version=row.version + 1)
    with pytest.raises(Http404):
        start_survey(survey=row, by=cast.leader, version=row.version)


def test_what_has_started_stays_as_it_was_asked(cast: Cast) -> None:
    row = survey_of(cast)
    with pytest.raises(ActionRefused, match="đã bắt đầu"):
        change_survey(survey=row, values=values(cast), units=[cast.commune], by=cast.office_staff, version=row.version)
    with pytest.raises(ActionRefused, match="đã bắt đầu"):
        choose_questions(survey=row, indicators=[], free=[], by=cast.office_staff, version=row.version)
    with pytest.raises(ActionRefused, match="đã bắt đầu"):
        start_survey(survey=row, by=cast.office_staff, version=row.version)


def test_another_plan_brings_its_own_indicators(cast: Cast) -> None:
    first, second = make_published_plan(cast.province), make_published_plan(cast.province)
    make_indicator(first, text="Của kế hoạch trước.", units=[cast.commune])
    make_indicator(second, text="Của kế hoạch sau.", units=[cast.commune])
    row = survey_of(cast, running=False, plan=first)
    change_survey(
        survey=row,
        values=values(cast, plan=second),
        units=[cast.commune],
        by=cast.office_staff,
        version=row.version,
    )
    asked = ["Của kế hoạch sau.", "Công trình thanh niên đã thực hiện"]
    assert list(row.questions.values_list("text", flat=True)) == asked
    assert list(row.units.values_list("unit", flat=True)) == [cast.commune.pk]


def test_finishing_makes_the_report_due_and_ends_what_is_owed(cast: Cast) -> None:
    row = survey_of(cast)
    answer_survey(survey=row, rows=[whole(row, cast.commune)], by=cast.department_head)
    assert Deadline.objects.get(unit=cast.commune).status == Status.ASSIGNED  # the department reports for no commune
    finish_survey(survey=row, by=cast.office_staff, version=row.version, working_days=5)
    assert Deadline.objects.get(unit=cast.commune).status == Status.SUBMITTED
    left = Deadline.objects.get(unit=cast.other_district)
    assert (left.status, left.reason) == (Status.CANCELLED, "Khảo sát đã kết thúc.")
    row.refresh_from_db()
    owed = report_of(row)
    assert (owed.unit, owed.due_on, owed.status) == (cast.department, dt.date(2026, 3, 23), Status.ASSIGNED)
    assert (state_of(row), owed.solution.deliverable) == (SurveyState.FINISHED, "report")
    entry = AuditEvent.objects.filter(object_type="survey").latest("pk")
    assert (entry.action, entry.data) == ("survey_finished", {"report_due": "2026-03-23"})


def test_the_day_of_the_report_is_said_in_one_way(cast: Cast) -> None:
    row = survey_of(cast)
    finish: dict[str, Any] = {"survey": row, "by": cast.office_staff, "version": row.version}
    both: tuple[dict[str, Any], ...] = ({}, {"due": dt.date(2026, 4, 1), "working_days": 3})
    for ways in both:
        with pytest.raises(ActionRefused, match="một ngày hoặc số ngày làm việc"):
            finish_survey(**finish, **ways)
    with pytest.raises(ActionRefused, match="đã qua"):
        finish_survey(**finish, due=dt.date(2026, 3, 15))
    with pytest.raises(ActionRefused, match="từ 1 đến 60"):
        finish_survey(**finish, working_days=61)
    with pytest.raises(Http404):
        finish_survey(**{**finish, "by": cast.leader}, working_days=3)
    assert state_of(row) == SurveyState.RUNNING
    finish_survey(**finish, due=dt.date(2026, 4, 1))
    with pytest.raises(ActionRefused, match="đã kết thúc"):
        finish_survey(**{**finish, "version": row.version + 1}, working_days=3)


def test_the_report_is_handed_in_with_its_paper(cast: Cast) -> None:
    row = survey_of(cast)
    with pytest.raises(ActionRefused, match="chưa kết thúc"):
        hand_in_report(survey=row, by=cast.department_head, version=1)
    row = finish_survey(survey=row, by=cast.office_staff, version=row.version, working_days=5)
    owed = report_of(row)
    paper = Proof(files=(Upload.of(ContentFile(office(), name="Báo cáo.docx")),))
    for who in (cast.secretary, cast.leader, cast.commune_secretary):
        with pytest.raises(Http404):
            hand_in_report(survey=row, by=who, version=owed.version, text="x", proof=paper)
    with pytest.raises(ActionRefused, match="báo cáo bằng văn bản"):
        hand_in_report(survey=row, by=cast.department_head, version=owed.version, text="Thiếu tệp.")
    hand_in_report(survey=row, by=cast.department_head, version=owed.version, text="Đa số sẽ đạt.", proof=paper)
    assert state_of(row) == SurveyState.REPORTED
    owed.refresh_from_db()
    assert [(r.text, r.evidence.get().original_name) for r in owed.reports.all()] == [
        ("Đa số sẽ đạt.", "Báo cáo.docx")
    ]


def test_the_deadline_leads_to_the_page_of_answers(cast: Cast) -> None:
    row = survey_of(cast)
    solution = Deadline.objects.get(unit=cast.commune).solution
    own = row.units.get(unit=cast.commune).get_absolute_url()
    assert [(o.word, o.href) for o in origins_of(solution, cast.commune_secretary)] == [("Khảo sát", own)]
    assert [o.href for o in origins_of(solution, cast.office_staff)] == [row.get_absolute_url()]
    assert origins_of(solution, cast.outsider) == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("office_staff", 1),
        ("leader", 1),
        ("department_head", 1),
        ("commune_secretary", 1),
        ("secretary", 1),
        ("sibling_secretary", 1),
        ("branch_secretary", 0),
        ("outsider", 0),
    ],
)
def test_who_sees_a_survey_that_runs(cast: Cast, who: str, seen: int) -> None:
    survey_of(cast)
    assert Survey.objects.visible_to(getattr(cast, who)).count() == seen


def test_nobody_below_sees_one_that_is_prepared(cast: Cast) -> None:
    row = survey_of(cast, running=False)
    for who in (cast.commune_secretary, cast.secretary):
        assert not Survey.objects.visible_to(who).exists()
        assert not SurveyUnit.objects.visible_to(who).exists()
    assert list(Survey.objects.visible_to(cast.department_head)) == [row]


@pytest.mark.parametrize("state", SurveyState)
def test_the_list_filters_by_the_state_that_it_shows(cast: Cast, login: Login, state: SurveyState) -> None:
    by, made = cast.office_staff, {}
    made[SurveyState.PLANNED] = survey_of(cast, running=False)
    made[SurveyState.RUNNING] = survey_of(cast)
    for name in (SurveyState.FINISHED, SurveyState.REPORTED):
        row = survey_of(cast)
        made[name] = finish_survey(survey=row, by=by, version=row.version, working_days=5)
    last = made[SurveyState.REPORTED]
    proof = Proof(document_numbers=("9-BC/TĐTN",))
    hand_in_report(survey=last, by=by, version=report_of(last).version, text="Đã xong.", proof=proof)
    page = login(by).get(reverse("reviews:surveys"), {"state": state.value, "year": "2026"})
    assert [(s, s.state) for s in page.context["page"]] == [(made[state], state)]


@pytest.mark.parametrize("more", [0, 12])
def test_list_and_page_cost_the_same_for_any_number(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.district) for n in range(more)]
    plan = make_published_plan(cast.province)
    for n in range(1 + more // 4):
        make_indicator(plan, text=f"Chỉ tiêu {n}.", ordinal=n + 1, units=[cast.commune])
    row = survey_of(cast, cast.commune, *units, plan=plan)
    for _n in range(more // 3):
        survey_of(cast)
    answer_survey(survey=row, rows=[whole(row, unit) for unit in (cast.commune, *units)], by=cast.office_staff)
    client = login(cast.office_staff)
    client.get(reverse("home"))
    with django_assert_num_queries(8):
        client.get(reverse("reviews:surveys"))
    with django_assert_num_queries(16):
        client.get(row.get_absolute_url())


def test_the_office_prepares_starts_finishes_and_reports_on_pages(cast: Cast, login: Login) -> None:
    office_, head = login(cast.office_staff), login(cast.department_head)
    sent = {
        "title": "Khảo sát ý tưởng sáng tạo",
        "period_start": "01/03/2026",
        "period_end": "15/04/2026",
        "answer_by": "31/03/2026",
        "lead_unit": str(cast.department.pk),
        "units": "Đoàn xã An Hòa\nThị đoàn Cẩm Giang",
        "form_key": "abc",
    }
    wrong = office_.post(reverse("reviews:survey_new"), {**sent, "units": "Đoàn xã Không Có"})
    assert (wrong.status_code, "Khảo sát ý tưởng sáng tạo" in wrong.text) == (422, True)
    assert office_.post(reverse("reviews:survey_new"), sent).status_code == 302
    assert office_.post(reverse("reviews:survey_new"), sent).status_code == 302  # sent twice
    row = Survey.objects.get()
    questions = reverse("reviews:survey_questions", args=[row.pk])
    assert office_.get(questions).status_code == 200
    assert office_.post(questions, {"version": "9", "free": "Ý tưởng | ý tưởng"}).status_code == 409
    assert office_.post(questions, {"version": "1", "free": "Ý tưởng | ý tưởng"}).status_code == 302
    assert office_.get(reverse("reviews:survey_edit", args=[row.pk])).status_code == 200
    start = reverse("reviews:survey_start", args=[row.pk])
    assert office_.post(start, {}).status_code == 422
    assert office_.post(start, {"version": "1"}).status_code == 409
    assert office_.post(start, {"version": "2"}).status_code == 302
    finish = reverse("reviews:survey_finish", args=[row.pk])
    assert "2 trên 2 đơn vị" in office_.get(finish).text
    assert office_.post(finish, {"version": "3"}).status_code == 422
    assert office_.post(finish, {"version": "3", "working_days": "3"}).status_code == 302
    report = reverse("reviews:survey_report", args=[row.pk])
    assert head.get(report).status_code == 200
    assert head.post(report, {"version": "1", "text": "Kết quả tốt."}).status_code == 422
    done = head.post(report, {"version": "1", "text": "Kết quả tốt.", "document_number": "12-BC/TĐTN-PT"})
    assert done.headers["Location"] == row.get_absolute_url()
    assert "Đã báo cáo" in office_.get(row.get_absolute_url()).text


def test_head_is_answered_like_get(cast: Cast, login: Login) -> None:
    row = survey_of(cast)
    for address in (reverse("reviews:surveys"), row.get_absolute_url(), reverse("reviews:survey_grid", args=[row.pk])):
        assert login(cast.office_staff).head(address).status_code == 200
