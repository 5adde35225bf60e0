"""The paper of compiled reports: the figures of its page, the words of the units, who has not sent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import edit_paper, prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Heading, Text
from doantracker.papers.sources import gathered
from plans.models import Deadline
from reviews.actions.periodic_reports import introduce, open_report, save_report, send_report
from reviews.models import ReportKind
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.told import assert_all_tell_the_same
from tests.factories import make_deadline, make_published_plan, make_report_kind, make_unit
from tests.reviews.test_periodic_reports import NUMBER
from units.models import Post, User

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
MARCH = "2026-03-25"


@pytest.fixture
def kind(cast: Cast) -> ReportKind:
    """A monthly report in two sections, owed by two districts and a department; one has sent that of March."""
    found = make_report_kind(
        cast.province, cast.district, cast.other_district, cast.department, by=cast.office_staff,
        sections=[("Kết quả công tác", "free"), ("Kiến nghị", "free")],
    )  # fmt: skip
    send(found, cast.secretary, "Kết nạp 12 đoàn viên.\nTổ chức 03 lớp tập huấn.", "")
    return found


def send(kind: ReportKind, by: User, *texts: str) -> None:
    (unit,) = {post.unit_id for post in by.posts}
    row = Deadline.objects.get(schedule__report_year__kind=kind, unit=unit, occurrence=MARCH)
    report = open_report(deadline=row, by=by)
    parts = dict(zip(report.parts.order_by("section__ordinal").values_list("pk", flat=True), texts, strict=True))
    report = save_report(report=report, texts=parts, by=by, version=report.version)
    send_report(report=report, texts={}, by=by, version=report.version, proof=NUMBER)


def subject(kind: ReportKind, occurrence: str = MARCH) -> str:
    return f"year={kind.years.get().pk}&occurrence={occurrence}"


def prepared(cast: Cast, kind: ReportKind) -> OfficialPaper:
    return prepare_paper(kind="compiled", subject=subject(kind), by=cast.office_staff)


def test_the_words_of_the_units_stand_in_the_sections_of_the_kind(cast: Cast, kind: ReportKind) -> None:
    facts = {"year": kind.years.get(), "occurrence": MARCH, "version": 0}
    introduce(text="Nhìn chung tốt.\nCòn hai đơn vị chậm.", by=cast.office_staff, **facts)  # type: ignore[arg-type]
    paper = prepared(cast, kind).paper
    assert (paper.kind, paper.landscape) == ("BC", False)
    assert paper.abstract == "Tổng hợp báo cáo công tác Đoàn hằng tháng của các ban, đơn vị, tháng 3/2026"
    assert paper.recipients == (
        "Ban Chấp hành Tỉnh đoàn (để báo cáo)", "Các ban, đơn vị (để biết)", "Lưu VT",
    )  # fmt: skip
    assert [block.text for block in paper.blocks if isinstance(block, Heading | Text)] == [
        "Tỉnh đoàn Sông Thao tổng hợp báo cáo công tác Đoàn hằng tháng của các ban, đơn vị, tháng 3/2026, như sau:",
        "Nhìn chung tốt.",
        "Còn hai đơn vị chậm.",
        "I. Tình hình gửi báo cáo",
        (
            "Tổng số 03 đơn vị (thời hạn ngày 25 tháng 3 năm 2026); đã gửi 01, "
            "chưa gửi 02 (gửi đúng hạn 01, chưa đến hạn 02). "
            "Chi tiết tại Phụ lục 1."
        ),
        "II. Kết quả công tác",
        "Có 01 đơn vị báo cáo nội dung này, cụ thể như sau:",
        "1. Huyện đoàn Bình Minh",
        "Kết nạp 12 đoàn viên.",
        "Tổ chức 03 lớp tập huấn.",
        "III. Kiến nghị",
        "Không có báo cáo.",
        "IV. Kết quả thực hiện các nội dung đến hạn trong kỳ",
        (
            "Các nội dung đến hạn từ ngày 01 tháng 3 năm 2026 đến ngày 31 tháng 3 năm 2026 và nội dung không có thời "
            "hạn, tính đến ngày 16 tháng 3 năm 2026: tổng số 03 nội dung; đã hoàn thành 01 (trong đó đúng hạn 01; chờ "
            "xác nhận 01); chưa hoàn thành, còn trong hạn 02; "
            "không có nội dung quá hạn. Tỷ lệ hoàn thành (số đã hoàn thành trên tổng số đã hoàn thành và quá hạn): "
            "100,0 %. Thống kê theo đơn vị tại Phụ lục 2. Mỗi dòng của bảng tính một đơn vị cùng mọi đơn vị cấp dưới; "
            "không tính nội dung đã hủy."
        ),
        "V. Đơn vị chưa gửi báo cáo",
        "Còn 02 báo cáo chưa gửi:",
        "Trên đây là tổng hợp báo cáo công tác Đoàn hằng tháng của các ban, đơn vị, tháng 3/2026./.",
    ]
    missing, sent, _figures = paper.tables
    assert sent.rows == (
        (1, "Huyện đoàn Bình Minh", TODAY, "Gửi đúng hạn"),
        (2, "Ban Phong trào", None, "Chưa đến hạn"),
        (3, "Thị đoàn Cẩm Giang", None, "Chưa đến hạn"),
    )
    assert missing.rows == ((1, "Ban Phong trào", "Chưa đến hạn"), (2, "Thị đoàn Cẩm Giang", "Chưa đến hạn"))


def test_once_all_have_sent_nobody_is_listed_as_missing(cast: Cast, kind: ReportKind) -> None:
    for person in (cast.sibling_secretary, cast.department_head):
        send(kind, person, "Đã làm.", "Đề nghị hỗ trợ.")
    paper = prepared(cast, kind).paper
    assert paper.paragraphs["missing"] == "Các đơn vị đã gửi đầy đủ./."
    assert [table.name for table in paper.tables] == [
        "Phụ lục 1. Tình hình gửi báo cáo",
        "Phụ lục 2. Thống kê theo đơn vị",
    ]


def test_the_paper_tells_the_figures_of_its_pages(cast: Cast, kind: ReportKind, login: Login) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 4, 10))
    office = login(cast.office_staff)
    page = office.get(reverse("reviews:compilation", args=[kind.years.get().pk, MARCH]))
    figures = office.get(
        reverse("plans:figures"), {"unit": cast.province.pk, "due_from": "01/03/2026", "due_to": "31/03/2026"}
    ).context["table"]
    paper = prepared(cast, kind).paper
    found = page.context["compiled"]
    assert [row[1] for row in paper.tables[1].rows] == [one.unit for one in (*found.sent, *found.not_sent)]
    assert [row[1] for row in paper.tables[0].rows] == [one.unit for one in found.not_sent]
    whole = figures.figures
    assert paper.tables[2].rows[-1] == (
        "Cộng", whole.total, whole.done_on_time, whole.done_late, whole.done_no_date, whole.in_time, whole.overdue,
        whole.no_date, whole.rate_text,
    )  # fmt: skip
    assert [row[:2] for row in paper.tables[2].rows[:-1]] == [
        (line.name, line.figures.total) for line in figures.lines if line.figures.total
    ]
    assert reverse("papers:prepare", args=["compiled"]) in page.text


def test_every_form_tells_the_same(cast: Cast, kind: ReportKind, login: Login) -> None:
    assert_all_tell_the_same(login(cast.office_staff), prepared(cast, kind))


def test_the_words_over_a_section_are_worded_anew(cast: Cast, kind: ReportKind) -> None:
    row = prepared(cast, kind)
    edit_paper(
        paper=row, by=cast.office_staff, version=1, words={"section2": "Công tác phát triển đoàn viên đạt khá."}
    )
    row.refresh_from_db()
    assert row.paper.paragraphs["section2"] == "Công tác phát triển đoàn viên đạt khá."


@pytest.mark.parametrize("who", ["department_head", "leader", "secretary", "reader", "administrator", "outsider"])
def test_who_does_not_run_the_plans_of_the_receiver_prepares_none(
    cast: Cast, kind: ReportKind, login: Login, who: str
) -> None:
    row, person = prepared(cast, kind), getattr(cast, who)
    with pytest.raises(Http404):
        prepare_paper(kind="compiled", subject=subject(kind), by=person)
    client = login(person)
    for address in (row.get_absolute_url(), reverse("papers:download", args=[row.pk, "docx"])):
        assert client.get(address).status_code == (200 if who == "leader" else 404)  # who signs it reads it
    assert client.get(reverse("papers:papers")).context["rows"].count() == (1 if who == "leader" else 0)


@pytest.mark.parametrize(
    "wrong",
    ["", "year=0", "year=x&occurrence=2026-03-25", "occurrence=2026-03-25", "year={pk}", "year={pk}&occurrence=x"],
)
def test_nonsense_is_not_found(cast: Cast, kind: ReportKind, wrong: str) -> None:
    with pytest.raises(Http404):
        gathered("compiled", wrong.format(pk=kind.years.get().pk), cast.office_staff, TODAY)


@pytest.mark.parametrize("more", [0, 6])
def test_gathering_costs_the_same_for_few_and_many_units(
    cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province) for n in range(more)]
    kind = make_report_kind(cast.province, cast.district, *units, by=cast.office_staff)
    send(kind, cast.secretary, "Đã làm.")
    who = User.objects.get(pk=cast.office_staff.pk)
    assert who.posts
    with django_assert_num_queries(8):
        gathered("compiled", subject(kind), who, TODAY)


def test_who_holds_a_post_that_signs_is_the_signer_and_never_the_administrator(cast: Cast, kind: ReportKind) -> None:
    assert prepared(cast, kind).paper.signature.name == cast.office_staff.full_name  # of those the first in rank
    Post.objects.filter(appointments__user=cast.leader).update(signs=True)
    assert prepared(cast, kind).paper.signature.name == cast.leader.full_name
