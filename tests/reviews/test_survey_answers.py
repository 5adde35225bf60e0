"""Answers to a survey: by the unit, by who conducts it, by grid; siblings see nothing of each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.indicator_results import RowsRefused
from plans.enums import Outlook, Status
from plans.errors import ActionRefused
from plans.models import Deadline
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import finish_survey
from reviews.models import Survey, SurveyAnswer, SurveyUnit
from reviews.survey_page import IdeaCounts, OutlookCounts, bar_of, idea_counts, question_rows, questions_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_indicator, make_published_plan, make_result, make_survey, make_unit
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def survey(cast: Cast) -> Survey:
    """Return a running survey of a commune and a district about an indicator of a plan and a free one."""
    plan = make_published_plan(cast.province)
    make_indicator(plan, text="Kết nạp 100 đoàn viên.", unit_of_measure="đoàn viên", units=[cast.commune])
    return make_survey(
        cast.province, cast.commune, cast.other_district, by=cast.office_staff, lead_unit=cast.department, plan=plan
    )


def row_of(survey: Survey, unit: Unit) -> SurveyUnit:
    found: SurveyUnit = SurveyUnit.objects.select_related("unit").get(survey=survey, unit=unit)
    return found


def said(survey: Survey, unit: Unit, *answers: Said, ideas: tuple[int | None, int | None] | None = None) -> UnitSaid:
    asked = [q.pk for q in survey.questions.all()]
    return UnitSaid(unit.pk, row_of(survey, unit).version, dict(zip(asked, answers, strict=False)), ideas)


def test_a_unit_answers_in_parts_and_has_handed_in_once_all_is_said(cast: Cast, survey: Survey) -> None:
    by = cast.commune_secretary
    first = said(survey, cast.commune, Said(Decimal("45.5"), Outlook.WILL_REACH, "Đang vận động."))
    answer_survey(survey=survey, rows=[first], by=by)
    row = row_of(survey, cast.commune)
    assert (row.complete, row.version, row.answered_by, row.ideas_supported) == (False, 1, by, None)
    assert Deadline.objects.get(unit=cast.commune).status == Status.ASSIGNED
    second = UnitSaid(cast.commune.pk, 1, {survey.questions.latest("ordinal").pk: Said(None, Outlook.UNKNOWN)}, (3, 0))
    answer_survey(survey=survey, rows=[second], by=by)
    row.refresh_from_db()
    assert (row.complete, row.ideas_supported, row.ideas_commended) == (True, 3, 0)
    answers = SurveyAnswer.objects.order_by("question__ordinal").values_list("completion", "outlook", "note")
    assert list(answers) == [(Decimal("45.5"), Outlook.WILL_REACH, "Đang vận động."), (None, Outlook.UNKNOWN, "")]
    owed = Deadline.objects.get(unit=cast.commune)
    assert (owed.status, owed.reported_by) == (Status.SUBMITTED, by)
    entry = AuditEvent.objects.filter(object_type="surveyunit").latest("pk")
    assert (entry.action, entry.unit_id, entry.data) == ("survey_answered", cast.commune.pk, {"complete": True})


def test_nothing_said_takes_an_answer_back_and_the_same_again_changes_nothing(cast: Cast, survey: Survey) -> None:
    by = cast.commune_secretary
    answer_survey(survey=survey, rows=[said(survey, cast.commune, Said(None, Outlook.WILL_MISS))], by=by)
    same = said(survey, cast.commune, Said(None, Outlook.WILL_MISS))
    assert answer_survey(survey=survey, rows=[same], by=by) == []
    assert row_of(survey, cast.commune).version == 1
    answer_survey(survey=survey, rows=[said(survey, cast.commune, Said())], by=by)
    assert not SurveyAnswer.objects.exists()


def test_what_is_handed_in_stays_whole(cast: Cast, survey: Survey) -> None:
    both = Said(None, Outlook.WILL_REACH), Said(None, Outlook.WILL_REACH)
    answer_survey(survey=survey, rows=[said(survey, cast.commune, *both, ideas=(1, 1))], by=cast.commune_secretary)
    with pytest.raises(RowsRefused) as refusal:
        answer_survey(survey=survey, rows=[said(survey, cast.commune, Said())], by=cast.commune_secretary)
    assert list(refusal.value.rows) == [cast.commune.pk]
    better = said(survey, cast.commune, Said(Decimal(70), Outlook.WILL_MISS))
    answer_survey(survey=survey, rows=[better], by=cast.commune_secretary)
    assert row_of(survey, cast.commune).complete


@pytest.mark.parametrize("who", ["sibling_secretary", "branch_secretary", "reader", "leader", "outsider"])
def test_others_answer_nothing_for_a_unit(cast: Cast, survey: Survey, who: str) -> None:
    with pytest.raises(Http404):
        answer_survey(survey=survey, rows=[said(survey, cast.commune, Said(Decimal(1)))], by=getattr(cast, who))


@pytest.mark.parametrize("who", ["secretary", "office_staff", "department_head"])
def test_levels_above_and_who_conducts_answer_for_it(cast: Cast, survey: Survey, who: str) -> None:
    answer_survey(survey=survey, rows=[said(survey, cast.commune, Said(Decimal(1)))], by=getattr(cast, who))
    assert row_of(survey, cast.commune).answered_by == getattr(cast, who)


@pytest.mark.parametrize(
    ("answer", "ideas", "words"),
    [
        (Said(Decimal(-1)), None, "từ 0 trở lên"),
        (Said(Decimal("0.0001")), None, "12 chữ số"),
        (Said(None, "target_reached"), None, "triển vọng"),
        (Said(), (-1, None), "1.000.000"),
    ],
)
def test_what_can_not_be_kept_is_refused_whole(
    cast: Cast, survey: Survey, answer: Said, ideas: Any, words: str
) -> None:
    good = said(survey, cast.other_district, Said(Decimal(5)))
    with pytest.raises(RowsRefused) as refusal:
        answer_survey(
            survey=survey, rows=[good, said(survey, cast.commune, answer, ideas=ideas)], by=cast.office_staff
        )
    assert words in refusal.value.rows[cast.commune.pk]
    assert not SurveyAnswer.objects.exists()


def test_the_second_of_two_writers_is_refused(cast: Cast, survey: Survey) -> None:
    seen = said(survey, cast.commune, Said(Decimal(1)))
    answer_survey(survey=survey, rows=[seen], by=cast.commune_secretary)
    with pytest.raises(RowsRefused) as refusal:
        answer_survey(survey=survey, rows=[seen], by=cast.office_staff)
    assert refusal.value.status == 409


def test_a_finished_survey_takes_no_answer(cast: Cast, survey: Survey) -> None:
    finish_survey(survey=survey, by=cast.office_staff, version=survey.version, working_days=3)
    with pytest.raises(ActionRefused, match="không thể sửa"):
        answer_survey(survey=survey, rows=[said(survey, cast.commune, Said())], by=cast.commune_secretary)


def test_questions_of_another_survey_are_unknown(cast: Cast, survey: Survey) -> None:
    other = make_survey(cast.province, cast.commune, by=cast.office_staff)
    foreign = UnitSaid(cast.commune.pk, 0, {other.questions.get().pk: Said(Decimal(1))})
    with pytest.raises(Http404):
        answer_survey(survey=survey, rows=[foreign], by=cast.commune_secretary)


def test_the_summary_counts_who_said_nothing_apart(cast: Cast, survey: Survey) -> None:
    rows = SurveyUnit.objects.visible_to(cast.office_staff).filter(survey=survey)
    assert idea_counts(rows) == IdeaCounts(2, 0, None, 0, None, 0)
    answer_survey(
        survey=survey,
        rows=[said(survey, cast.commune, Said(Decimal(3), Outlook.WILL_REACH), Said(Decimal(4)), ideas=(0, None))],
        by=cast.office_staff,
    )
    assert idea_counts(rows) == IdeaCounts(2, 0, 0, 1, None, 0)
    first, second = question_rows(questions_of(survey), rows, 2)
    assert (first.counts, first.told) == (OutlookCounts(will_reach=1, unanswered=1), 1)
    assert (second.counts, second.told) == (OutlookCounts(unanswered=2), 1)
    words = "1 đơn vị dự kiến đạt, 0 đơn vị dự kiến không đạt, 0 đơn vị chưa đánh giá được, 1 đơn vị chưa trả lời"
    assert f'aria-label="{words}"' in str(first.bar)
    assert bar_of(OutlookCounts()) == ""


def test_a_sibling_sees_only_its_own_part(cast: Cast, login: Login, survey: Survey) -> None:
    note = Said(Decimal(45), Outlook.WILL_MISS, "Chỉ riêng An Hòa biết")
    answer_survey(survey=survey, rows=[said(survey, cast.commune, note, ideas=(77, 8))], by=cast.commune_secretary)
    sibling = login(cast.sibling_secretary)
    page = sibling.get(survey.get_absolute_url())
    assert [u.row.unit for u in page.context["units"]] == [cast.other_district]
    assert page.context["ideas"] == IdeaCounts(1, 0, None, 0, None, 0)
    assert page.context["questions"][0].counts == OutlookCounts(unanswered=1)
    grid = sibling.get(reverse("reviews:survey_grid", args=[survey.pk]))
    assert [row.unit for row in grid.context["grid"].rows] == [cast.other_district]
    for text in (page.text, grid.text):
        assert cast.commune.name not in text
        assert "An Hòa biết" not in text
    foreign = reverse("reviews:survey_unit", args=[survey.pk, cast.commune.pk])
    assert (sibling.get(foreign).status_code, sibling.post(foreign, {}).status_code) == (404, 404)


def test_who_only_looks_is_offered_no_entry(cast: Cast, login: Login, survey: Survey) -> None:
    grid = reverse("reviews:survey_grid", args=[survey.pk])
    offered = {
        who: grid in login(getattr(cast, who)).get(survey.get_absolute_url()).text
        for who in ("office_staff", "department_head", "leader", "reader", "secretary")
    }
    assert offered == {
        "office_staff": True,
        "department_head": True,
        "leader": False,
        "reader": False,
        "secretary": False,  # of one unit asked: led to its own page
    }


def test_a_secretary_answers_on_the_page(cast: Cast, login: Login, survey: Survey) -> None:
    assert survey.plan
    make_result(survey.plan.indicators.get(), cast.commune, by=cast.commune_secretary, value=Decimal(38))
    unit = login(cast.commune_secretary)
    address = row_of(survey, cast.commune).get_absolute_url()
    page = unit.get(address)
    assert page.context["questions"][0]["result"] == "38 (01/01/2026–31/12/2026)"
    one, two = (q.pk for q in survey.questions.all())
    wrong = unit.post(address, {"version": "0", f"completion-{one}": "1,200", f"note-{one}": "Giữ lại chữ này"})
    assert (wrong.status_code, "Giữ lại chữ này" in wrong.text, "1200" in wrong.text) == (422, True, True)
    assert unit.post(address, {f"completion-{one}": "45"}).status_code == 422
    part = {"version": "0", f"completion-{one}": "45,5", f"outlook-{one}": "target_will_reach"}
    saved = unit.post(address, part, follow=True)
    assert "Đã lưu." in saved.text
    assert unit.post(address, part).status_code == 409
    full = {**part, "version": "1", f"outlook-{two}": "target_unknown", "ideas_supported": "3", "ideas_commended": "0"}
    assert "đã gửi" in unit.post(address, full, follow=True).text
    assert Deadline.objects.get(unit=cast.commune).status == Status.SUBMITTED
    reader = login(cast.reader)
    assert (reader.get(address).status_code, reader.post(address, full).status_code) == (200, 404)


def test_many_units_are_entered_by_typing_and_by_pasting(cast: Cast, login: Login, survey: Survey) -> None:
    office = login(cast.office_staff)
    address = reverse("reviews:survey_grid", args=[survey.pk])
    read = office.post(address, {"act": "read", "pasted": "An Hòa\t1.250\nThị đoàn Cẩm Giang\t7,5"})
    assert (read.status_code, [row.cells[0].text for row in read.context["grid"].rows]) == (422, ["7,5"])
    read = office.post(address, {"act": "read", "pasted": "Đoàn xã An Hòa\t1.250\nThị đoàn Cẩm Giang\t7,5"})
    assert (read.status_code, [row.cells[0].text for row in read.context["grid"].rows]) == (200, ["1.250", "7,5"])
    assert not SurveyAnswer.objects.exists()
    typed = {
        f"version-{cast.commune.pk}": "0",
        f"completion-{cast.commune.pk}": "1.250",
        f"outlook-{cast.commune.pk}": "target_will_reach",
        f"version-{cast.other_district.pk}": "0",
        f"completion-{cast.other_district.pk}": "bảy",
    }
    wrong = office.post(address, {"act": "save", **typed})
    assert (wrong.status_code, "bảy" in wrong.text, SurveyAnswer.objects.count()) == (422, True, 0)
    typed[f"completion-{cast.other_district.pk}"] = "7,5"
    assert office.post(address, {"act": "save", **typed}).status_code == 302
    assert office.post(address, {"act": "save", **typed, f"completion-{cast.commune.pk}": "9"}).status_code == 409
    stored = SurveyAnswer.objects.order_by("surveyed__unit__path").values_list("completion", "outlook")
    assert list(stored) == [(Decimal(1250), Outlook.WILL_REACH), (Decimal("7.5"), "")]
    assert office.get(address, {"question": "0"}).status_code == 404
    assert office.get(address, {"question": str(survey.questions.latest("ordinal").pk)}).status_code == 200


@pytest.mark.parametrize("more", [0, 12])
def test_grid_and_page_of_a_unit_cost_the_same_for_any_number(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    plan = make_published_plan(cast.province)
    for n in range(1 + more // 3):
        make_indicator(plan, text=f"Chỉ tiêu {n}.", ordinal=n + 1, units=[cast.commune])
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.district) for n in range(more)]
    survey = make_survey(cast.province, cast.commune, *units, by=cast.office_staff, plan=plan)
    client = login(cast.office_staff)
    client.get(reverse("home"))
    with django_assert_num_queries(13):
        client.get(reverse("reviews:survey_grid", args=[survey.pk]))
    with django_assert_num_queries(12):
        client.get(row_of(survey, cast.commune).get_absolute_url())
