"""The report of an inspection: the figures of its page, its findings in words, signed by the head of the team."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Paper, Text
from reviews.actions.inspections import cancel_inspection
from reviews.models import Inspection
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import DAY, concluded, head_of, visited
from tests.factories import make_unit

pytestmark = pytest.mark.usefixtures("today")


def prepared(cast: Cast, row: Inspection) -> OfficialPaper:
    return prepare_paper(kind="inspection", subject=f"inspection={row.pk}", by=cast.office_staff)


def lines(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Text)]


def test_the_report_tells_who_was_where_and_what_was_found(cast: Cast) -> None:
    row = concluded(cast, head_of(cast), cast.district, cast.other_district)
    made = prepared(cast, row)
    paper = made.paper
    assert (made.unit, made.code, made.right) == (cast.province, "BC", "manage_plans")
    assert paper.abstract == "Kết quả kiểm tra công tác Đoàn năm 2026"
    assert lines(paper)[:4] == [
        (
            "Thực hiện Chương trình kiểm tra, giám sát năm 2026 của Tỉnh đoàn Sông Thao, Đoàn kiểm tra đã tiến hành "
            "kiểm tra công tác Đoàn năm 2026 tại 02 đơn vị. Kết quả như sau:"
        ),
        "Đoàn kiểm tra: đồng chí Phan Thường Trực, Trưởng đoàn; các thành viên: Lý Đọc Giả.",
        "Nội dung: Việc thực hiện nghị quyết.",
        "Mốc thời gian kiểm tra: từ ngày 01 tháng 7 năm 2025 đến ngày 31 tháng 12 năm 2025.",
    ]
    assert [table.name for table in paper.tables] == [
        "Các đơn vị được kiểm tra",
        "Kết quả theo nội dung tại Huyện đoàn Bình Minh",
        "Kiến nghị của Huyện đoàn Bình Minh",
        "Kết quả theo nội dung tại Thị đoàn Cẩm Giang",
        "Nội dung kiến nghị",
    ]
    assert paper.tables[1].rows == (
        (1, "Công tác tổ chức", "Hồ sơ đoàn viên", "Đạt", ""),
        (2, "Công tác tổ chức", "Đoàn phí", "Chưa đạt", "Thiếu sổ."),
    )
    assert paper.tables[2].rows == ((1, "Xin hỗ trợ. Thiếu sổ.", "Đồng ý.", DAY),)
    assert lines(paper)[-6:] == [
        "Thiếu sổ.",  # the head's own words
        "Đạt 02/04 lượt nội dung được kiểm tra. Các đơn vị thực hiện tốt: hồ sơ đoàn viên.",
        "- Huyện đoàn Bình Minh: Công tác tổ chức: đoàn phí (chưa đạt) – thiếu sổ.",
        "- Thị đoàn Cẩm Giang: Công tác tổ chức: đoàn phí (đạt một phần) – thiếu sổ.",
        "Đoàn kiểm tra kiến nghị yêu cầu các đơn vị thực hiện:",
        "Trên đây là kết quả kiểm tra công tác Đoàn năm 2026./.",
    ]
    assert paper.tables[-1].rows[0] == (
        1, "Huyện đoàn Bình Minh", "Huyện đoàn Bình Minh lập đủ sổ. Thiếu sổ.", dt.date(2026, 4, 30),
    )  # fmt: skip


def test_the_head_of_the_team_signs_and_the_body_receives(cast: Cast) -> None:
    paper = prepared(cast, visited(cast, head_of(cast), cast.district)).paper
    sign = paper.signature
    assert (sign.authority, sign.post, sign.name) == ("TM. Đoàn kiểm tra", "Trưởng đoàn", "Phan Thường Trực")
    assert paper.recipients == ("Ban Thường vụ Tỉnh đoàn (để báo cáo)", "Thành viên Đoàn kiểm tra", "Lưu VT")


def test_the_figures_are_those_of_the_page(cast: Cast, login: Login) -> None:
    row = visited(cast, head_of(cast), cast.district, cast.other_district)
    page = login(cast.office_staff).get(f"{row.get_absolute_url()}?tab=checklist")
    shown = [
        (r.visit.unit.name, r.visit.visited_on, *(count for _finding, count in r.counts), r.blank)
        for r in page.context["visits"]
    ]
    told = [(line[1], line[2], *line[4:]) for line in prepared(cast, row).paper.tables[0].rows]
    assert told == shown
    assert told == [
        ("Huyện đoàn Bình Minh", DAY, 1, 0, 1, 0, 0),
        ("Thị đoàn Cẩm Giang", DAY, 1, 1, 0, 0, 0),
    ]


def test_its_page_begins_it_for_who_runs_the_inspection(cast: Cast, login: Login) -> None:
    row = visited(cast, head_of(cast), cast.district)
    address = f"{reverse('papers:prepare', args=['inspection'])}?inspection={row.pk}"
    tab = f"{row.get_absolute_url()}?tab=report"
    assert address in login(cast.office_staff).get(tab).text
    assert login(cast.office_staff).get(address).status_code == 200
    for who in (cast.leader, cast.reader):
        assert address not in login(who).get(tab).text


@pytest.mark.parametrize("who", ["leader", "reader", "secretary", "sibling_secretary", "department_head", "outsider"])
def test_nobody_else_prepares_it(cast: Cast, who: str) -> None:
    row = visited(cast, head_of(cast), cast.district)
    with pytest.raises(Http404):
        prepare_paper(kind="inspection", subject=f"inspection={row.pk}", by=getattr(cast, who))


def test_one_that_was_called_off_has_no_report(cast: Cast, login: Login) -> None:
    row = visited(cast, head_of(cast), cast.district)
    cancel_inspection(inspection=row, reason="Bão.", by=cast.office_staff)
    with pytest.raises(Http404):
        prepared(cast, row)
    assert "papers/new/inspection" not in login(cast.office_staff).get(f"{row.get_absolute_url()}?tab=report").text


@pytest.mark.parametrize("count", [1, 6])
def test_it_costs_the_same_for_few_and_many_units(
    cast: Cast, login: Login, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units = [make_unit(f"Huyện đoàn {n}", code=f"H{n}", kind="district", parent=cast.province) for n in range(count)]
    row = visited(cast, head_of(cast), cast.district, *units)
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['inspection'])}?inspection={row.pk}"
    with django_assert_num_queries(15):
        assert client.get(address).status_code == 200
