"""The plan that remedies shortcomings, real text: the points that reading must fulfil."""

import datetime as dt

import pytest

from plans.reading.drafts import DraftSchedule, ParagraphRole, ScheduleKind
from plans.record_values import fingerprint
from tests.acceptance.real import dated, imported_plan, line_of, real_plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_unit


def owners(schedule: DraftSchedule) -> list[str]:
    return [party.name for party in schedule.owners]


def test_point_01_seven_shortcomings_in_three_fields_and_no_footnote() -> None:
    plan = real_plan("000")
    ordinals: dict[str, list[int]] = {}
    for shortcoming in plan.shortcomings:
        ordinals.setdefault(shortcoming.field, []).append(shortcoming.ordinal)
    assert list(ordinals.values()) == [[1, 2, 3, 4], [5, 6], [7]]
    assert "" not in ordinals
    (note,) = (n for n, p in enumerate(plan.paragraphs) if p.role is ParagraphRole.FOOTNOTE)
    assert plan.paragraphs[note].line == 29
    assert note not in {s.span.paragraph for s in plan.shortcomings}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_02_a_person_marks_each_as_new_or_carried_over(cast: Cast, login: Login) -> None:
    client, plan = login(cast.office_staff), imported_plan("000", cast)
    for s in plan.shortcomings.all():  # which three are carried over the document does not say
        facts = {"found_in": "2018" if s.ordinal < 3 else "2018, 2019" if s.ordinal == 3 else "2019"}
        values = {"text": s.text, "subject": s.subject, "fingerprint": fingerprint(s), **facts}
        values["origin_year"] = facts["found_in"][:4]
        assert client.post(f"/plans/{plan.pk}/check/shortcoming/{s.pk}/edit/", values).status_code == 302
    new = set(plan.shortcomings.filter(found_in__contains="2019").values_list("ordinal", flat=True))
    carried = set(plan.shortcomings.filter(origin_year=2018).values_list("ordinal", flat=True))
    assert (len(new), len(carried), len(new & carried), plan.shortcomings.count()) == (5, 3, 1, 7)
    assert len(new) + len(carried) - len(new & carried) == plan.shortcomings.count()


def test_point_03_thirteen_solutions_with_broken_paragraphs_joined() -> None:
    plan = real_plan("000")
    assert [sum(s.group == g for s in plan.solutions) for g in (0, 1, 2, None)] == [3, 5, 3, 2]
    joined = [plan.paragraphs[s.span.paragraph] for s in plan.solutions if plan.paragraphs[s.span.paragraph].breaks]
    assert [(p.line, p.line_end) for p in joined] == [(53, 55), (71, 73)]
    assert "triển khai thực hiện ít nhất" in joined[0].text
    assert "doanh nghiệp uy tín trong việc" in joined[1].text


def test_point_04_groups_and_their_solutions_have_the_lead_they_are_given() -> None:
    plan = real_plan("000")
    leads = [g.lead.name if g.lead else "" for g in plan.groups]
    assert leads == ["Văn phòng", "Ban Tổ chức - Kiểm tra", "Ban Phong trào"]
    assert [s.leads[0].name for s in plan.solutions if s.group is not None] == [
        leads[group] for group in (0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2)
    ]


def test_point_05_groups_answer_the_shortcomings_of_their_field() -> None:
    plan = real_plan("000")
    answered = [(1, 2, 3, 4), (5, 6), (7,)]
    assert [g.shortcomings for g in plan.groups] == answered
    assert [s.shortcomings for s in plan.solutions] == [
        *(answered[group] for group in (0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2)), (), (),
    ]  # fmt: skip


def test_point_07_last_days_follow_month_quarter_and_year() -> None:
    first, march, year_end = dt.date(2020, 1, 1), dt.date(2020, 3, 31), dt.date(2020, 12, 31)
    assert dated(real_plan("000")) == [
        (19, ScheduleKind.WITHIN_YEAR, first, year_end),
        (49, ScheduleKind.BY_END_OF_YEAR, None, year_end),
        (59, ScheduleKind.WITHIN_MONTH, dt.date(2020, 3, 1), march),
        (59, ScheduleKind.WITHIN_MONTH, dt.date(2020, 5, 1), dt.date(2020, 5, 31)),
        (61, ScheduleKind.WITHIN_MONTH, dt.date(2020, 4, 1), dt.date(2020, 4, 30)),
        (63, ScheduleKind.WITHIN_YEAR, first, year_end),
        (65, ScheduleKind.WITHIN_QUARTER, first, march),
        (75, ScheduleKind.WITHIN_MONTH, dt.date(2020, 3, 1), march),
        (83, ScheduleKind.BY_DATE, None, dt.date(2020, 10, 31)),
        (83, ScheduleKind.WITHIN_MONTH, dt.date(2020, 12, 1), year_end),
        (83, ScheduleKind.BY_END_OF_YEAR, None, year_end),
    ]


def test_point_10_progress_reports_recur_by_quarter_half_year_and_year() -> None:
    plan = real_plan("000")
    schedules = [s for s in plan.schedules if s.rule and line_of(plan, s) == 81]
    assert [(s.rule, owners(s)) for s in schedules] == [
        ("FREQ=MONTHLY;INTERVAL=3", ["Các ban, bộ phận"]),
        ("FREQ=MONTHLY;INTERVAL=6", ["Các ban, bộ phận"]),
        ("FREQ=YEARLY", ["Các ban, bộ phận"]),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_12_units_named_in_a_shortcoming_are_linked(cast: Cast) -> None:
    assert real_plan("000").shortcomings[6].named_units == ("Trảng Bàng", "Thành phố Tây Ninh")
    named = {
        make_unit("Thị đoàn Trảng Bàng", code="ST-TB", kind="district", parent=cast.province),
        make_unit("Thành đoàn Tây Ninh", code="ST-TN", kind="district", parent=cast.province),
    }
    plan = imported_plan("000", cast)
    assert set(plan.shortcomings.get(ordinal=7).named_units.all()) == named
    assert not plan.shortcomings.filter(named_units__isnull=False).exclude(ordinal=7).exists()
