"""The conclusions of an inspection: as work with day and follower, with how far they are carried out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import number_paper, prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Heading
from plans.errors import ActionRefused
from reviews.models import Inspection
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import DAY, DUE, close_first, concluded, head_of, visited
from tests.factories import make_unit

pytestmark = pytest.mark.usefixtures("today")


def prepared(cast: Cast, row: Inspection) -> OfficialPaper:
    return prepare_paper(kind="conclusions", subject=f"inspection={row.pk}", by=cast.office_staff)


def test_each_conclusion_has_who_by_when_and_who_follows_it(cast: Cast) -> None:
    row = concluded(cast, head_of(cast), cast.district, cast.other_district)
    made = prepared(cast, row)
    paper = made.paper
    assert (made.code, paper.kind_name, paper.head.number) == ("KL", "KẾT LUẬN", "……-KL/……")
    assert paper.abstract == "Về việc kiểm tra công tác Đoàn năm 2026"
    assert paper.paragraphs["opening"] == (
        "Thực hiện Chương trình kiểm tra, giám sát năm 2026 của Tỉnh đoàn Sông Thao; xét Báo cáo số 31-BC/TĐTN-PT "
        "ngày 16 tháng 3 năm 2026 của Đoàn kiểm tra về kết quả kiểm tra công tác Đoàn năm 2026, "
        "Ban Thường vụ Tỉnh đoàn kết luận như sau:"
    )
    assert paper.tables[0].rows == (
        (1, "Huyện đoàn Bình Minh", "Huyện đoàn Bình Minh lập đủ sổ. Thiếu sổ.", DUE, "Phan Thường Trực"),
        (2, "Thị đoàn Cẩm Giang", "Thị đoàn Cẩm Giang lập đủ sổ. Thiếu sổ.", DUE, "Phan Thường Trực"),
    )
    assert paper.recipients == (
        "Huyện đoàn Bình Minh (để thực hiện)",
        "Thị đoàn Cẩm Giang (để thực hiện)",
        "Đồng chí Phan Thường Trực (để theo dõi)",
        "Lưu VT",
    )


def test_how_they_are_carried_out_is_told_as_on_their_page(cast: Cast, login: Login) -> None:
    head = head_of(cast)
    row = concluded(cast, head, cast.district, cast.other_district)
    close_first(cast, row, head)
    paper = prepared(cast, row).paper
    assert paper.paragraphs["standing"] == (
        "Đến ngày 16 tháng 3 năm 2026, trong 02 kết luận: đã kết thúc theo dõi 01; chưa thực hiện xong 01."
    )
    assert paper.tables[1].rows == (
        (1, "Huyện đoàn Bình Minh", DUE, "Đã kết thúc", DAY, "Đã xem sổ."),
        (2, "Thị đoàn Cẩm Giang", DUE, "Chưa thực hiện, trong hạn", None, ""),
    )
    page = login(cast.office_staff).get(f"{row.get_absolute_url()}?tab=conclusions")
    shown = [c for r in page.context["visits"] for c in r.conclusions]
    assert [(c.conclusion.text, c.conclusion.due) for c in shown] == [line[2:4] for line in paper.tables[0].rows]
    assert [c.state.value for c in shown] == ["result_closed", "result_open"]


def test_what_is_late_is_counted(cast: Cast) -> None:
    row = concluded(cast, head_of(cast), cast.district)
    day = dt.date(2026, 5, 10)
    made = prepare_paper(kind="conclusions", subject=f"inspection={row.pk}", by=cast.office_staff, today=day)
    assert made.paper.paragraphs["standing"].endswith("chưa thực hiện xong 01, trong đó quá hạn 01.")
    assert made.paper.tables[1].rows[0][3] == "Chưa thực hiện, quá hạn"


def test_a_number_of_a_notice_makes_it_one(cast: Cast) -> None:
    made = prepared(cast, concluded(cast, head_of(cast), cast.district, symbol="09-TB/TĐTN-VP"))
    assert (made.code, made.paper.kind_name) == ("TB", "THÔNG BÁO")
    assert made.paper.abstract == "Kết luận kiểm tra công tác Đoàn năm 2026"


def test_conclusions_issued_under_a_number_carry_it_and_tell_no_later_standing(cast: Cast) -> None:
    row = concluded(cast, head_of(cast), cast.district, symbol="32-KL/TĐTN-PT")
    later = dt.date(2026, 5, 10)
    made = prepare_paper(kind="conclusions", subject=f"inspection={row.pk}", by=cast.office_staff, today=later)
    paper = made.paper
    assert (paper.head.number, paper.head.day, made.day) == ("32-KL/TĐTN-PT", DAY, DAY)
    assert [table.name for table in paper.tables] == ["Nội dung kết luận và phân công thực hiện"]
    assert "standing" not in paper.paragraphs
    assert [block.text for block in paper.blocks if isinstance(block, Heading)][-1] == "III. Tổ chức thực hiện"
    with pytest.raises(ActionRefused, match="32-KL/TĐTN-PT"):
        number_paper(paper=made, by=cast.office_staff, version=1, number=1, day=DAY)


def test_before_the_report_there_is_nothing_to_conclude(cast: Cast, login: Login) -> None:
    row = visited(cast, head_of(cast), cast.district)
    with pytest.raises(Http404):
        prepared(cast, row)
    page = login(cast.office_staff).get(f"{row.get_absolute_url()}?tab=conclusions")
    assert "papers/new/conclusions" not in page.text


def test_its_page_begins_it_for_who_runs_the_inspection(cast: Cast, login: Login) -> None:
    row = concluded(cast, head_of(cast), cast.district)
    address = f"{reverse('papers:prepare', args=['conclusions'])}?inspection={row.pk}"
    tab = f"{row.get_absolute_url()}?tab=conclusions"
    assert address in login(cast.office_staff).get(tab).text
    assert address not in login(cast.leader).get(tab).text
    assert [login(who).get(address).status_code for who in (cast.office_staff, cast.leader, cast.secretary)] == [
        200, 404, 404,
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 6])
def test_it_costs_the_same_for_few_and_many_units(
    cast: Cast, login: Login, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units = [make_unit(f"Huyện đoàn {n}", code=f"H{n}", kind="district", parent=cast.province) for n in range(count)]
    row = concluded(cast, head_of(cast), cast.district, *units)
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['conclusions'])}?inspection={row.pk}"
    with django_assert_num_queries(13):
        assert client.get(address).status_code == 200
