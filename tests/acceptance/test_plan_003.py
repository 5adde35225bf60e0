"""The plan that carries out a resolution, real text: the points that reading must fulfil."""

import datetime as dt

import pytest

from plans.actions.plans import publish_plan
from plans.enums import Kind
from plans.models import Deadline
from plans.reading.drafts import ParagraphRole, ScheduleKind
from tests.acceptance.real import dated, days, imported_plan, line_of, real_file, real_plan, solution_lines
from tests.cast import Cast
from tests.conftest import Login


def test_point_01_number_date_place_and_signer_are_read() -> None:
    header = real_plan("003").header
    assert (header.symbol, header.issued_on) == ("250 KH/TĐTN", dt.date(2012, 7, 31))
    assert (header.place, header.signer_name) == ("Rạch Giá", "Tống Phước Trường")


def test_point_02_three_last_days_and_a_month_and_nothing_else_dated() -> None:
    plan = real_plan("003")
    assert dated(plan) == [
        (29, ScheduleKind.WITHIN_MONTH, dt.date(2012, 8, 1), dt.date(2012, 8, 31)),
        (75, ScheduleKind.BY_DATE, None, dt.date(2012, 8, 29)),
        (76, ScheduleKind.BY_DATE, None, dt.date(2012, 9, 24)),
        (78, ScheduleKind.BY_DATE, None, dt.date(2012, 9, 29)),
    ]
    assert not days(plan) & {r.issued_on for r in plan.references}
    assert dt.date(2012, 7, 31) not in days(plan)


def test_point_05_by_order_of_a_higher_body_awaits_its_date() -> None:
    plan = real_plan("003")
    waiting = [s for s in plan.schedules if s.kind is ScheduleKind.AS_DIRECTED]
    assert [line_of(plan, s) for s in waiting] == [32, 54, 60, 61, 81, 92, 95]
    assert all(s.due is None and s.rule is None and s.anchor for s in waiting)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_05_each_unit_is_given_its_own_date(cast: Cast, login: Login) -> None:
    plan = imported_plan("003", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    rows = Deadline.objects.filter(
        plan=plan, schedule__kind=Kind.AS_DIRECTED, schedule__phrase="theo kế hoạch của cấp ủy cùng cấp"
    )
    owing = (cast.district, cast.other_district, cast.commune)
    assert {row.unit: row.due_on for row in rows} == dict.fromkeys(owing)
    row = rows.get(unit=cast.district)
    sent = {"due_on": "15/05/2026", "version": row.version}
    assert login(cast.office_staff).post(f"/deadlines/{row.pk}/date/", sent).status_code == 302
    assert {r.unit: r.due_on for r in rows.all()} == dict.fromkeys(owing) | {cast.district: dt.date(2026, 5, 15)}


def test_point_07_labels_belong_to_the_meeting_before_them() -> None:
    plan = real_plan("003")
    labels = [n for n, p in enumerate(plan.paragraphs) if p.text.startswith(("Thời gian:", "Thành phần:"))]
    assert [plan.paragraphs[n].line for n in labels] == [54, 56, 61, 63]
    assert not set(labels) & {s.span.paragraph for s in plan.solutions}
    lines = solution_lines(plan)
    times = {line_of(plan, s): lines[s.solution] for s in plan.schedules if s.solution is not None}
    assert (times[54], times[61]) == (52, 60)


def test_point_08_topics_are_told_from_commitments() -> None:
    plan = real_plan("003")
    topics = (34, 36, 38, 68, 69, 70)
    markers = {p.line: p.marker for p in plan.paragraphs if p.line in {*topics, 45, 47, 48}}
    assert [markers[line] for line in topics] == ["+", "+", "+", "-", "-", "-"]
    assert [markers[line] for line in (45, 47, 48)] == ["+", "+", "+"]
    assert set(markers) & set(solution_lines(plan)) == {45, 47, 48}


def test_point_11_every_style_of_heading_and_the_broken_recipient_are_read() -> None:
    plan = real_plan("003")
    headings = {p.line: p.marker for p in plan.paragraphs if p.role is ParagraphRole.HEADING}
    assert [headings.get(line) for line in (14, 26, 89)] == ["I/", "II/", "III/"]
    assert [headings.get(line) for line in (50, 58, 73, 80)] == ["3.1-", "3.2-", "4.1-", "4.2-"]
    (run_in,) = (s for s in plan.solutions if plan.paragraphs[s.span.paragraph].line == 95)
    assert [p.name for p in run_in.leads] == ["Các huyện, thị, thành Đoàn và Đoàn trực thuộc"]
    assert "\ufffd" in real_file("003").read_text(encoding="utf-8")
    assert plan.header.recipients[4] == "Các huyện, thị, thành Đoàn và Đoàn trực thuộc"
    assert not any("\ufffd" in recipient for recipient in plan.header.recipients)
