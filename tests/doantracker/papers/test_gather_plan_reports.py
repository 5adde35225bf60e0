"""The paper compiled from the reports that departments owe in a plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Heading, Text
from doantracker.papers.sources import gathered
from plans.enums import Kind, Status
from plans.models import Deadline, Plan, ProgressReport, Schedule
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.told import assert_all_tell_the_same
from tests.factories import ScheduleFactory, SolutionFactory, make_hanging, make_published_plan, make_unit
from units.models import Unit, User

pytestmark = pytest.mark.usefixtures("today")
TODAY, DUE = dt.date(2026, 3, 16), dt.date(2026, 3, 10)


def owing(cast: Cast, *more: Unit) -> Plan:
    """Make a plan in which the office, a department and `more` owe a report; the department handed it in, late."""
    found = make_published_plan(cast.province, title="Kế hoạch khắc phục khuyết điểm", symbol="12-KH/TĐTN-VP")
    facts: dict[str, Any] = {"text": "Báo cáo kết quả gửi Văn phòng.", "kind": Kind.BY_DATE, "due": DUE}
    make_hanging(cast.office, cast.department, *more, plan=found, **facts)
    found.solutions.update(deliverable="report")
    done = found.deadlines.get(unit=cast.department)
    Deadline.objects.filter(pk=done.pk).update(
        status=Status.SUBMITTED, reported_on=dt.date(2026, 3, 12), reported_by=cast.department_head
    )
    for day, text, hard in ((11, "Còn thiếu số liệu.", ""), (12, "Xong 03 giải pháp.\nCòn 01.", "Thiếu kinh phí.")):
        at = dt.datetime(2026, 3, day, 3, tzinfo=dt.UTC)
        facts = {"percent": 100, "author": cast.department_head, "at": at}
        ProgressReport.objects.create(deadline=done, text=text, difficulty=hard, **facts)
    return found


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan in which two departments owe a report."""
    return owing(cast)


def subject(plan: Plan) -> str:
    return f"plan={plan.pk}&schedule={Schedule.objects.get(solution__plan=plan).pk}"


def prepared(cast: Cast, plan: Plan) -> OfficialPaper:
    return prepare_paper(kind="compiled", subject=subject(plan), by=cast.office_staff)


def test_the_last_words_of_each_department_stand_with_who_is_missing(cast: Cast, plan: Plan) -> None:
    paper = prepared(cast, plan).paper
    assert paper.abstract == "Tổng hợp báo cáo của các ban, đơn vị thực hiện kế hoạch khắc phục khuyết điểm"
    assert [block.text for block in paper.blocks if isinstance(block, Heading | Text)][1:] == [
        "Nội dung báo cáo: Báo cáo kết quả gửi Văn phòng.",
        "I. Tình hình gửi báo cáo",
        "Tổng số 02 báo cáo phải gửi; đã gửi 01, chưa gửi 01. Chi tiết tại Phụ lục 1.",
        "II. Kết quả thực hiện của các ban, đơn vị",
        "1. Ban Phong trào",
        "Xong 03 giải pháp.",
        "Còn 01.",
        "Khó khăn, vướng mắc: Thiếu kinh phí.",
        "III. Kết quả thực hiện kế hoạch",
        (
            "Các nội dung của kế hoạch, tính đến ngày 16 tháng 3 năm 2026: tổng số 02 nội dung; đã "
            "hoàn thành 01 (trong đó trễ hạn "
            "01; chờ xác nhận 01); quá hạn chưa hoàn thành 01. Tỷ lệ hoàn thành (số đã hoàn thành trên tổng số đã "
            "hoàn thành và quá hạn): 50,0 %. Thống kê theo đơn vị tại Phụ lục 2. Mỗi dòng của bảng tính một đơn vị "
            "cùng mọi đơn vị cấp dưới; không tính nội dung đã hủy."
        ),
        "IV. Đơn vị chưa gửi báo cáo",
        "Còn 01 báo cáo chưa gửi:",
        f"Trên đây là {paper.abstract[0].lower()}{paper.abstract[1:]}./.",
    ]
    missing, sent, _figures = paper.tables
    assert sent.rows == (
        (1, "Văn phòng Tỉnh đoàn", DUE, None, "Quá hạn"),
        (2, "Ban Phong trào", DUE, dt.date(2026, 3, 12), "Trễ hạn"),
    )
    assert missing.rows == ((1, "Văn phòng Tỉnh đoàn", "Quá hạn"),)


def test_the_paper_tells_the_figures_of_its_pages(cast: Cast, plan: Plan, login: Login) -> None:
    office = login(cast.office_staff)
    page = office.get(reverse("plans:cascade", args=[plan.pk]), {"view": "reports"})
    assert subject(plan).replace("&", "&amp;") in page.text
    (report,) = page.context["reports"]
    paper = prepared(cast, plan).paper
    assert (len(paper.tables[1].rows), len(paper.tables[0].rows)) == (report.owed, report.owed - report.done)
    assert [row[1] for row in paper.tables[0].rows] == report.missing
    figures = office.get(reverse("plans:figures"), {"plan": str(plan.pk), "due_from": "", "due_to": ""}).context[
        "table"
    ]
    assert paper.tables[2].rows[-1][1:3] == (figures.figures.total, figures.figures.done_on_time)


def test_of_a_report_owed_each_month_the_last_one_due_is_compiled(cast: Cast, plan: Plan) -> None:
    first = plan.deadlines.get(unit=cast.office)
    for number, unit in enumerate((cast.office, cast.department)):
        plan.deadlines.filter(unit=unit).update(occurrence="2026-02")
        for occurrence, due in (("2026-01", dt.date(2026, 2, 10)), ("2026-03", dt.date(2026, 4, 10))):
            Deadline.objects.create(
                schedule=first.schedule, solution=first.solution, plan=plan, unit=unit, unit_path=unit.path,
                occurrence=occurrence, due_on=due + dt.timedelta(days=number), original_due_on=due,
            )  # fmt: skip
    paper = prepared(cast, plan).paper
    assert paper.paragraphs["period"] == "Kỳ báo cáo: tháng 2/2026."
    assert [row[1:3] for row in paper.tables[1].rows] == [("Văn phòng Tỉnh đoàn", DUE), ("Ban Phong trào", DUE)]


def test_every_form_tells_the_same(cast: Cast, plan: Plan, login: Login) -> None:
    assert_all_tell_the_same(login(cast.office_staff), prepared(cast, plan))


@pytest.mark.parametrize("who", ["department_head", "leader", "secretary", "administrator", "outsider"])
def test_only_who_runs_the_plan_prepares_it(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        prepare_paper(kind="compiled", subject=subject(plan), by=getattr(cast, who))


def test_work_that_is_no_report_and_reports_of_other_plans_are_not_found(cast: Cast, plan: Plan) -> None:
    other = make_published_plan(cast.province)
    work = ScheduleFactory(solution=SolutionFactory(plan=other, ordinal=1))
    of_plan = Schedule.objects.get(solution__plan=plan).pk
    for wrong in (f"plan={other.pk}&schedule={work.pk}", f"plan={other.pk}&schedule={of_plan}", f"plan={plan.pk}"):
        with pytest.raises(Http404):
            prepare_paper(kind="compiled", subject=wrong, by=cast.office_staff)


@pytest.mark.parametrize("more", [0, 5])
def test_gathering_costs_the_same_for_few_and_many(
    cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = owing(cast, *[make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province) for n in range(more)])
    who = User.objects.get(pk=cast.office_staff.pk)
    assert who.posts
    with django_assert_num_queries(7):
        gathered("compiled", subject(plan), who, TODAY)
