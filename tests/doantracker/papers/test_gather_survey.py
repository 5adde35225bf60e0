"""The thematic report of a survey: the figures of its page, for who runs it."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from reviews.models import Survey, SurveyAnswer, SurveyUnit
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_survey, make_unit

pytestmark = pytest.mark.usefixtures("today")


def answered(cast: Cast, *more: str) -> Survey:
    """Return a survey of both districts and more units; one expects to reach what is asked and supported 7 ideas."""
    units = [make_unit(name, code=name, kind="district", parent=cast.province) for name in more]
    row = make_survey(cast.province, cast.district, cast.other_district, *units, by=cast.office_staff)
    said = row.units.get(unit=cast.district)
    SurveyAnswer.objects.create(
        surveyed=said, question=row.questions.get(), completion=80, outlook="target_will_reach"
    )
    SurveyUnit.objects.filter(pk=said.pk).update(ideas_supported=7)
    return row


def prepared(cast: Cast, row: Survey) -> OfficialPaper:
    return prepare_paper(kind="survey", subject=f"survey={row.pk}", by=cast.office_staff)


def test_the_report_tells_what_units_said(cast: Cast) -> None:
    made = prepared(cast, answered(cast))
    paper = made.paper
    assert (made.unit, made.code, paper.abstract) == (cast.province, "BC", "Kết quả khảo sát giữa nhiệm kỳ")
    assert paper.paragraphs["opening"] == (
        "Tỉnh đoàn Sông Thao tiến hành khảo sát giữa nhiệm kỳ từ ngày 01 tháng 3 năm 2026 đến ngày 15 tháng 4 "
        "năm 2026. Tính đến ngày "
        "16 tháng 3 năm 2026, 00/02 đơn vị đã trả lời đầy đủ. Kết quả như sau:"
    )
    assert paper.paragraphs["ideas"] == (
        "Số ý tưởng được hỗ trợ hiện thực hóa: 07 (theo 01/02 đơn vị); số ý tưởng được tuyên dương, khen thưởng: "
        "chưa có số liệu (theo 00/02 đơn vị)."
    )
    expected, units = paper.tables
    assert expected.rows == ((1, "Công trình thanh niên đã thực hiện", 1, 0, 0, 1, 1),)
    assert units.rows == ((1, "Huyện đoàn Bình Minh", 1, 7, None), (2, "Thị đoàn Cẩm Giang", 0, None, None))


def test_the_figures_are_those_of_the_page(cast: Cast, login: Login) -> None:
    row = answered(cast, "Huyện đoàn 1")
    page = login(cast.office_staff).get(row.get_absolute_url())
    expected, units = prepared(cast, row).paper.tables
    assert [line[2:] for line in expected.rows] == [
        (q.counts.will_reach, q.counts.will_miss, q.counts.unknown, q.counts.unanswered, q.told)
        for q in page.context["questions"]
    ]
    assert [line[1:] for line in units.rows] == [
        (u.row.unit.name, u.answered, u.row.ideas_supported, u.row.ideas_commended) for u in page.context["units"]
    ]


def test_its_page_begins_it_once_it_has_started(cast: Cast, login: Login) -> None:
    row = answered(cast)
    planned = make_survey(cast.province, cast.district, by=cast.office_staff, running=False)
    prepare = reverse("papers:prepare", args=["survey"])
    office = login(cast.office_staff)
    assert f'href="{prepare}?survey={row.pk}"' in office.get(row.get_absolute_url()).text
    assert prepare not in office.get(planned.get_absolute_url()).text
    for who in (cast.secretary, cast.leader):
        assert prepare not in login(who).get(row.get_absolute_url()).text
        assert login(who).get(f"{prepare}?survey={row.pk}").status_code == 404
    with pytest.raises(Http404):
        prepared(cast, planned)


@pytest.mark.parametrize("count", [1, 6])
def test_it_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = answered(cast, *(f"H{n}" for n in range(count)))
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['survey'])}?survey={row.pk}"
    with django_assert_num_queries(13):
        assert client.get(address).status_code == 200
