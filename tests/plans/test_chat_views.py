"""Pages with a text for a chat group: exact texts, what stays out of them, how many queries they cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.enums import Status
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import ShortcomingFactory, SolutionFactory, close, make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
QUERIES = {"units:unit_chat": 17, "plans:deadlines_chat": 18, "plans:plan_chat": 8}
PERSONAL = "Đồng chí CANHANRIENG thiếu gương mẫu trong sinh hoạt."


@pytest.fixture(autouse=True)
def _address(settings: LazySettings) -> None:
    settings.SITE_URL = "https://doan.example"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A followed plan in which a commune is late with one work and owes another one soon; the district owes too."""
    plan = make_published_plan(cast.province, symbol="12-KH/TĐTN", title="Kế hoạch năm 2026")
    for number, (unit, day, text) in enumerate(
        (
            (cast.commune, dt.date(2026, 3, 1), "Rà soát đoàn viên."),
            (cast.commune, dt.date(2026, 3, 20), "Tập huấn cán bộ."),
            (cast.commune, dt.date(2026, 4, 10), "Tổ chức diễn đàn."),
            (cast.district, dt.date(2026, 3, 2), "Kiểm tra cơ sở."),
        ),
        1,
    ):
        make_deadline(unit, plan=plan, due_on=day, solution=SolutionFactory(plan=plan, ordinal=number, text=text))
    return plan


def text_of(client: Client, name: str, *args: int, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return str(answer.context["text"])


def test_the_text_of_a_unit_says_what_is_late_and_what_comes(cast: Cast, plan: Plan, login: Login) -> None:
    address = f"https://doan.example/units/{cast.commune.pk}/"
    assert text_of(login(cast.commune_secretary), "units:unit_chat", cast.commune.pk) == (
        "ĐOÀN XÃ AN HÒA\nCông việc cần thực hiện, tính đến ngày 16/03/2026\n\n"
        "Quá hạn: 1 việc\n1. Rà soát đoàn viên – hạn 01/03/2026, quá hạn 15 ngày [12-KH/TĐTN]\n\n"
        "Đến hạn trong 14 ngày tới: 1 việc\n1. Tập huấn cán bộ – hạn 20/03/2026, còn 4 ngày [12-KH/TĐTN]\n\n"
        f"Xem và báo cáo tại: {address}"
    )


def test_the_text_of_a_unit_looks_further_and_below_when_asked(cast: Cast, plan: Plan, login: Login) -> None:
    text = text_of(login(cast.secretary), "units:unit_chat", cast.district.pk, days="30", below="on")
    assert "Công việc cần thực hiện của đơn vị và các đơn vị trực thuộc, tính đến ngày 16/03/2026" in text
    assert "Quá hạn: 2 việc\n1. Đoàn xã An Hòa: Rà soát đoàn viên" in text
    assert "Đến hạn trong 30 ngày tới: 2 việc" in text


def test_a_wrong_choice_falls_back_to_the_usual_one(cast: Cast, plan: Plan, login: Login) -> None:
    text = text_of(login(cast.commune_secretary), "units:unit_chat", cast.commune.pk, days="abc")
    assert "Đến hạn trong 14 ngày tới: 1 việc" in text


def test_what_waits_or_is_not_followed_up_any_more_is_not_owed(cast: Cast, plan: Plan, login: Login) -> None:
    plan.deadlines.filter(unit=cast.commune).update(
        status=Status.SUBMITTED, reported_on=dt.date(2026, 3, 1), reported_by=cast.commune_secretary
    )
    closed = make_published_plan(cast.province, title="Kế hoạch cũ")
    make_deadline(cast.commune, plan=closed, due_on=dt.date(2026, 3, 1))
    close(closed, by=cast.office_staff)
    text = text_of(login(cast.commune_secretary), "units:unit_chat", cast.commune.pk)
    assert "Quá hạn: không có.\n\nĐến hạn trong 14 ngày tới: không có." in text


def test_the_text_of_a_list_follows_its_filter_and_order(cast: Cast, plan: Plan, login: Login) -> None:
    query = {"state": "overdue", "sort": "-due", "q": "", "page": "7"}
    assert text_of(login(cast.office_staff), "plans:deadlines_chat", **query) == (
        "DANH SÁCH CÔNG VIỆC, tính đến ngày 16/03/2026\nTình trạng thời hạn: Quá hạn\n\n"
        "Tổng số: 2 việc\n"
        "1. Huyện đoàn Bình Minh: Kiểm tra cơ sở – hạn 02/03/2026, quá hạn 14 ngày [12-KH/TĐTN]\n"
        "2. Đoàn xã An Hòa: Rà soát đoàn viên – hạn 01/03/2026, quá hạn 15 ngày [12-KH/TĐTN]\n\n"
        "Xem chi tiết: https://doan.example/deadlines/?state=overdue&sort=-due"
    )


def test_one_task_of_several_units_is_told_once_and_totals_come_first(cast: Cast, plan: Plan, login: Login) -> None:
    rows = plan.deadlines.filter(solution__ordinal=4)
    for unit in (cast.branch, cast.other_district):
        make_deadline(unit, plan=plan, due_on=dt.date(2026, 3, 2), solution=rows.get(unit=cast.district).solution)
    text = text_of(login(cast.office_staff), "plans:deadlines_chat", plan=str(plan.pk), sort="due")
    first = f"{cast.commune.label}: 3 việc, quá hạn 1"
    assert f"Theo đơn vị: 4 đơn vị\n1. {first}\n" in text
    assert text.index("Theo đơn vị") < text.index("Tổng số: 6 việc")
    names = ", ".join((cast.district.label, f"{cast.branch.label} ({cast.commune.label})", cast.other_district.label))
    assert f"2. Kiểm tra cơ sở – hạn 02/03/2026, quá hạn 14 ngày [12-KH/TĐTN]. Đơn vị: {names}\n" in text


def test_the_text_is_vietnamese_on_an_english_page(cast: Cast, plan: Plan, login: Login) -> None:
    client = login(cast.office_staff)
    client.cookies["django_language"] = "en"
    text = text_of(client, "plans:deadlines_chat", state="overdue")
    assert "Tình trạng thời hạn: Quá hạn" in text


def test_the_list_leads_to_its_text_with_its_filter(cast: Cast, plan: Plan, login: Login) -> None:
    page = login(cast.office_staff).get("/deadlines/", {"state": "overdue", "unit": cast.commune.pk})
    assert f'href="/deadlines/text/?state=overdue&amp;unit={cast.commune.pk}"' in page.text


def test_the_text_of_one_deadline_says_who_owes_what_by_when(cast: Cast, plan: Plan, login: Login) -> None:
    row = plan.deadlines.get(unit=cast.district)
    assert text_of(login(cast.secretary), "plans:deadline_chat", row.pk) == (
        "HUYỆN ĐOÀN BÌNH MINH\nNội dung: Kiểm tra cơ sở.\nThời hạn: 02/03/2026, quá hạn 14 ngày\n"
        "Sản phẩm: Kết quả\nTheo: Kế hoạch số 12-KH/TĐTN: Kế hoạch năm 2026\n\n"
        f"Xem và báo cáo tại: https://doan.example/deadlines/{row.pk}/"
    )


def test_the_text_of_a_plan_says_how_far_it_is_and_who_owes_what(cast: Cast, plan: Plan, login: Login) -> None:
    text = text_of(login(cast.office_staff), "plans:plan_chat", plan.pk, days="7")
    assert text == (
        "Kế hoạch số 12-KH/TĐTN: Kế hoạch năm 2026\n"
        "Tiến độ tính đến ngày 16/03/2026: hoàn thành 0/4 việc (đúng hạn 0, trễ hạn 0); "
        "chưa hoàn thành, đã quá hạn 2.\n\n"
        "Còn việc chưa hoàn thành: 2 đơn vị\n"
        "1. Đoàn xã An Hòa: còn 3 việc, quá hạn 1, đến hạn trong 7 ngày tới 1\n"
        "2. Huyện đoàn Bình Minh: còn 1 việc, quá hạn 1\n\n"
        f"Xem chi tiết: https://doan.example/plans/{plan.pk}/"
    )


def test_the_text_of_a_plan_holds_what_its_reader_sees_and_no_more(cast: Cast, plan: Plan, login: Login) -> None:
    text = text_of(login(cast.commune_secretary), "plans:plan_chat", plan.pk)
    assert "hoàn thành 0/3 việc" in text
    assert "Huyện đoàn" not in text


def test_a_closed_plan_says_so(cast: Cast, plan: Plan, login: Login) -> None:
    close(plan, by=cast.office_staff)
    text = text_of(login(cast.office_staff), "plans:plan_chat", plan.pk)
    assert "Kế hoạch đã kết thúc." in text
    assert "Còn việc" not in text


def test_work_that_answers_a_person_is_not_named_whoever_asks(cast: Cast, plan: Plan, login: Login) -> None:
    row = ShortcomingFactory(plan=plan, ordinal=1, text=PERSONAL, subject="person", person=cast.leader)
    answers = plan.deadlines.get(unit=cast.commune, due_on=dt.date(2026, 3, 1))
    answers.solution.shortcomings.add(row)
    answers.solution.text = "Đồng chí LIENQUANRIENG tự sửa."
    answers.solution.save()
    repeats = plan.deadlines.get(unit=cast.commune, due_on=dt.date(2026, 3, 20))
    repeats.solution.text = f"Khắc phục việc: {PERSONAL} Xong trước hội nghị."
    repeats.solution.save()
    client = login(cast.office_staff)  # who reads both on the pages
    texts = [
        text_of(client, "units:unit_chat", cast.commune.pk),
        text_of(client, "plans:deadlines_chat"),
        text_of(client, "plans:plan_chat", plan.pk),
        text_of(client, "plans:deadline_chat", answers.pk),
        text_of(client, "plans:deadline_chat", repeats.pk),
    ]
    assert not any(word in text for text in texts for word in ("RIENG", "gương mẫu"))
    assert texts[0].count("Nội dung không nêu tại đây, xem trên hệ thống – hạn") == 2


def test_no_reason_difficulty_or_name_of_a_person_is_in_a_text(cast: Cast, plan: Plan, login: Login) -> None:
    row = plan.deadlines.get(unit=cast.district)
    row.status, row.reason, row.percent = Status.RETURNED, "LYDOTRALAI", 35
    row.save()
    row.solution.overseer = cast.leader
    row.solution.save()
    client = login(cast.office_staff)
    texts = text_of(client, "plans:deadline_chat", row.pk) + text_of(client, "plans:deadlines_chat")
    assert not any(word in texts for word in ("LYDOTRALAI", cast.leader.full_name, "35"))


def test_a_sibling_gets_no_row_of_others(cast: Cast, plan: Plan, login: Login) -> None:
    client = login(cast.sibling_secretary)
    assert "Tổng số: không có." in text_of(client, "plans:deadlines_chat", unit=str(cast.commune.pk))
    for name, pk in (("units:unit_chat", cast.commune.pk), ("plans:plan_chat", plan.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404


def test_the_text_stands_in_a_field_that_works_without_scripts(cast: Cast, plan: Plan, login: Login) -> None:
    page = login(cast.office_staff).get(reverse("units:unit_chat", args=[cast.commune.pk]))
    assert '<textarea id="chat" class="form-control chat" lang="vi" rows="14" readonly' in page.text
    assert 'data-copy="#chat"' in page.text


@pytest.mark.parametrize("name", QUERIES)
def test_the_queries_do_not_grow_with_the_rows(cast: Cast, plan: Plan, login: Login, name: str) -> None:
    args = {"units:unit_chat": [cast.commune.pk], "plans:plan_chat": [plan.pk]}.get(name, [])
    address, client = reverse(name, args=args), login(cast.office_staff)
    client.get(address)
    counts = []
    for more in range(2):
        for n in range(30 * more):
            make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1) + dt.timedelta(n))
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts == [QUERIES[name]] * 2
