"""The plan of inspections and field trips, real text: the points that reading must fulfil."""

import datetime as dt
from decimal import Decimal

import pytest

from plans.enums import Outlook, Status
from plans.models import Deadline
from plans.reading.drafts import ParagraphRole, ScheduleKind
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import finish_survey, report_of
from reviews.models import SurveyUnit
from reviews.survey_page import OutlookCounts, idea_counts, question_rows, questions_of
from tests.acceptance.real import dated, days, real_plan
from tests.cast import Cast
from tests.factories import make_indicator, make_published_plan, make_survey


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
