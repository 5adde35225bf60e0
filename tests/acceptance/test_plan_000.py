"""The plan that remedies shortcomings, real text: the points that reading must fulfil."""

import datetime as dt

from plans.reading.drafts import DraftSchedule, ScheduleKind
from tests.acceptance.reading_samples import real_plan


def owners(schedule: DraftSchedule) -> list[str]:
    return [party.name for party in schedule.owners]


def test_point_01_seven_shortcomings_in_three_fields() -> None:
    shortcomings = real_plan("000").shortcomings
    assert [s.ordinal for s in shortcomings] == [1, 2, 3, 4, 5, 6, 7]
    assert len({s.field for s in shortcomings}) == 3
    assert not any(s.text.startswith("05") for s in shortcomings)


def test_point_03_thirteen_solutions_with_broken_paragraphs_joined() -> None:
    plan = real_plan("000")
    assert [sum(s.group == g for s in plan.solutions) for g in (0, 1, 2, None)] == [3, 5, 3, 2]
    joined = [plan.paragraphs[s.span.paragraph] for s in plan.solutions if plan.paragraphs[s.span.paragraph].breaks]
    assert [(p.line, p.line_end) for p in joined] == [(53, 55), (71, 73)]


def test_point_04_groups_and_their_solutions_have_the_lead_they_are_given() -> None:
    plan = real_plan("000")
    leads = [g.lead.name for g in plan.groups if g.lead]
    assert leads == ["Văn phòng", "Ban Tổ chức - Kiểm tra", "Ban Phong trào"]
    assert all(s.leads[0].name == leads[s.group] for s in plan.solutions if s.group is not None)


def test_point_05_groups_answer_the_shortcomings_of_their_field() -> None:
    plan = real_plan("000")
    assert [g.shortcomings for g in plan.groups] == [(1, 2, 3, 4), (5, 6), (7,)]
    assert all(s.shortcomings == plan.groups[s.group].shortcomings for s in plan.solutions if s.group is not None)


def test_point_07_last_days_follow_month_quarter_and_year() -> None:
    schedules = [s for s in real_plan("000").schedules if s.solution is not None and s.due]
    single = sorted((s.due, s.kind) for s in schedules if s.due and s.kind is not ScheduleKind.WITHIN_YEAR)
    assert single == [
        (dt.date(2020, 3, 31), ScheduleKind.WITHIN_MONTH),
        (dt.date(2020, 3, 31), ScheduleKind.WITHIN_MONTH),
        (dt.date(2020, 3, 31), ScheduleKind.WITHIN_QUARTER),
        (dt.date(2020, 4, 30), ScheduleKind.WITHIN_MONTH),
        (dt.date(2020, 5, 31), ScheduleKind.WITHIN_MONTH),
        (dt.date(2020, 10, 31), ScheduleKind.BY_DATE),
        (dt.date(2020, 12, 31), ScheduleKind.BY_END_OF_YEAR),
        (dt.date(2020, 12, 31), ScheduleKind.BY_END_OF_YEAR),
        (dt.date(2020, 12, 31), ScheduleKind.WITHIN_MONTH),
    ]


def test_point_10_progress_reports_recur_by_quarter_half_year_and_year() -> None:
    schedules = [s for s in real_plan("000").schedules if s.solution == 11 and s.rule]
    assert [(s.rule, owners(s)) for s in schedules] == [
        ("FREQ=MONTHLY;INTERVAL=3", ["Các ban, bộ phận"]),
        ("FREQ=MONTHLY;INTERVAL=6", ["Các ban, bộ phận"]),
        ("FREQ=YEARLY", ["Các ban, bộ phận"]),
    ]


def test_point_12_units_named_in_a_shortcoming_are_kept() -> None:
    assert real_plan("000").shortcomings[6].named_units == ("Trảng Bàng", "Thành phố Tây Ninh")
