"""The minutes of a meeting as a paper: who was there, the agenda, what was said and decided, as its page shows it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from reviews.actions.decisions import decide
from reviews.actions.minutes import hold_meeting
from reviews.models import Meeting
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_agenda_item, make_meeting, make_member

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 12)
DUE = dt.date(2026, 4, 15)


def held(cast: Cast, decisions: int = 1) -> Meeting:
    """Return a meeting of four days ago at which one member was absent, with so many items and decisions."""
    make_member(cast.province, full_name="Lê Có Mặt")
    absent = make_member(cast.province, full_name="Tạ Vắng Mặt")
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY, chair=cast.leader, place="Phòng họp 1")
    for n in range(1, decisions + 1):
        item = make_agenda_item(row, by=cast.office_staff, title=f"Nội dung {n}", presenter_unit=cast.department)
        decide(
            meeting=row, text=f"Xây dựng đề án {n}.", lead_unit=cast.department, due=DUE, by=cast.office_staff,
            supporting_units=[cast.office], overseer=cast.leader, item=item,
        )  # fmt: skip
    said = "Nghe báo cáo.\nThống nhất."
    return hold_meeting(meeting=row, by=cast.office_staff, absent={absent.pk: "Đi công tác"}, minutes=said)


def prepared(cast: Cast, row: Meeting) -> OfficialPaper:
    return prepare_paper(kind="minutes", subject=f"meeting={row.pk}", by=cast.office_staff)


def test_the_minutes_tell_who_was_there_and_what_was_decided(cast: Cast) -> None:
    made = prepared(cast, held(cast))
    paper, words = made.paper, made.paper.paragraphs
    assert (made.code, paper.kind_name, paper.abstract) == ("BB", "BIÊN BẢN", "Phiên họp Ban Thường vụ thử")
    assert [words["when0"], words["when1"], words["present"]] == [
        "Thời gian: ngày 12 tháng 3 năm 2026, tại Phòng họp 1.",
        "Chủ trì: đồng chí Trần Lãnh Đạo.",
        "Có mặt 01/02 thành viên.",
    ]
    assert [words["said0"], words["said1"]] == ["Nghe báo cáo.", "Thống nhất."]
    present, agenda, decided = paper.tables
    assert present.rows == (
        (1, "Lê Có Mặt", "Ủy viên standing_committee", "Có mặt", ""),
        (2, "Tạ Vắng Mặt", "Ủy viên standing_committee", "Vắng", "Đi công tác"),
    )
    assert agenda.rows == ((1, "Nội dung 1", "Ban Phong trào"),)
    assert decided.rows == ((1, "Xây dựng đề án 1.", "Ban Phong trào", "Văn phòng", DUE, "Trần Lãnh Đạo"),)
    assert (paper.signature.authority, paper.signature.name) == ("Chủ trì", "Trần Lãnh Đạo")
    assert paper.signature.left == ("Thư ký", "")
    assert paper.head.day == DAY
    assert words["closing"] == (  # nothing that nobody recorded
        "Cuộc họp kết thúc lúc …… giờ …… phút, ngày ……; biên bản được đọc lại, các thành viên dự họp nhất trí."
    )


def test_its_page_begins_it_once_it_was_held(cast: Cast, login: Login) -> None:
    planned = make_meeting(cast.province, by=cast.office_staff, day=DUE)
    row = held(cast)
    prepare = reverse("papers:prepare", args=["minutes"])
    office = login(cast.office_staff)
    assert f'href="{prepare}?meeting={row.pk}"' in office.get(row.get_absolute_url()).text
    assert prepare not in office.get(planned.get_absolute_url()).text
    assert prepare not in login(cast.leader).get(row.get_absolute_url()).text
    answers = [login(who).get(f"{prepare}?meeting={row.pk}").status_code for who in (cast.leader, cast.secretary)]
    assert answers == [404, 404]
    with pytest.raises(Http404):
        prepared(cast, planned)


@pytest.mark.parametrize("count", [1, 6])
def test_they_cost_the_same_for_few_and_many(
    cast: Cast, login: Login, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = held(cast, count)
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['minutes'])}?meeting={row.pk}"
    with django_assert_num_queries(13):
        assert client.get(address).status_code == 200
