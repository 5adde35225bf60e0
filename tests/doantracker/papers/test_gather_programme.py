"""The programme of inspections of a year as a paper: all that stands in it but what was called off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from reviews.actions.inspections import cancel_inspection
from reviews.models import InspectionProgramme
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import head_of
from tests.factories import make_inspection

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 5, 4)


def programme(cast: Cast, count: int = 1) -> InspectionProgramme:
    """Return a programme with so many inspections of both districts, and one that was called off."""
    facts: dict[str, Any] = {"by": cast.office_staff, "head": head_of(cast), "day": DAY}
    for n in range(count):
        make_inspection(
            cast.province, cast.district, cast.other_district, title=f"Kiểm tra {n}", content="Sinh hoạt.",
            members=[cast.reader], **facts,
        )  # fmt: skip
    off = make_inspection(cast.province, cast.district, title="Kiểm tra thôi", **facts)
    cancel_inspection(inspection=off, reason="Bão.", by=cast.office_staff)
    return InspectionProgramme.objects.get()


def prepared(cast: Cast, row: InspectionProgramme) -> OfficialPaper:
    return prepare_paper(kind="programme", subject=f"programme={row.pk}", by=cast.office_staff)


def test_the_programme_lists_its_inspections(cast: Cast, login: Login) -> None:
    made = prepared(cast, programme(cast))
    paper = made.paper
    assert (made.code, paper.kind_name, paper.landscape) == ("CTr", "CHƯƠNG TRÌNH", True)
    assert paper.abstract == "Kiểm tra, giám sát năm 2026"
    assert paper.paragraphs["count"] == (
        "Năm 2026, Ban Thường vụ Tỉnh đoàn tiến hành 01 đợt kiểm tra, giám sát, làm việc với 02 lượt đơn vị:"
    )
    assert paper.tables[0].rows == (
        (
            1, "Kiểm tra 0", "Kiểm tra định kỳ", "Sinh hoạt.",
            "Huyện đoàn Bình Minh: 04/05/2026\nThị đoàn Cẩm Giang: 04/05/2026", None, None,
            "Phan Thường Trực (trưởng đoàn), Lý Đọc Giả",
        ),
    )  # fmt: skip
    page = login(cast.office_staff).get(f"{reverse('reviews:inspections')}?year=2026").context
    shown = [r for r in page["rows"] if not r["inspection"].cancel_reason]
    assert [(r["inspection"].title, len(r["visits"])) for r in shown] == [("Kiểm tra 0", 2)]


def test_its_page_begins_it_for_who_runs_the_inspections(cast: Cast, login: Login) -> None:
    row = programme(cast)
    address = f"{reverse('papers:prepare', args=['programme'])}?programme={row.pk}"
    page = reverse("reviews:inspections")
    assert address in login(cast.office_staff).get(f"{page}?year=2026").text
    for who in (cast.leader, cast.secretary, cast.outsider):
        assert address not in login(who).get(f"{page}?year=2026").text
        assert login(who).get(address).status_code == 404
    with pytest.raises(Http404):
        prepare_paper(kind="programme", subject="programme=0", by=cast.office_staff)


@pytest.mark.parametrize("count", [1, 5])
def test_it_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = programme(cast, count)
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['programme'])}?programme={row.pk}"
    with django_assert_num_queries(13):
        assert client.get(address).status_code == 200
