"""The ledger of field trips: days against the quota, each trip, the units visited, as their pages show them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from reviews.enums import TripState
from reviews.models import FieldTrip, FieldTripQuota
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_quota, make_trip, make_unit

pytestmark = pytest.mark.usefixtures("today")  # 16 March 2026


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def trip(cast: Cast, first: dt.date, last: dt.date, **facts: Any) -> FieldTrip:
    facts = {"leader": cast.department_head, "units": [cast.commune], "state": TripState.REPORTED, **facts}
    return make_trip(cast.province, days=(first, last), **facts)


@pytest.fixture
def quota(cast: Cast) -> FieldTripQuota:
    """Return a quota of two persons; one was out five days, in two trips, and registered two more."""
    trip(cast, day(3, 2), day(3, 4), report="Thiếu tài liệu sinh hoạt.", party=[cast.reader])
    trip(cast, day(3, 10), day(3, 11), state=TripState.GONE, units=[cast.other_district])
    trip(cast, day(4, 1), day(4, 2), state=TripState.REGISTERED)
    trip(cast, day(2, 1), day(2, 9), state=TripState.CANCELLED)
    trip(cast, dt.date(2025, 2, 1), dt.date(2025, 2, 9))
    return make_quota(cast.province, by=cast.office_staff, people=[cast.department_head, cast.reader])


def prepared(cast: Cast, subject: str) -> OfficialPaper:
    return prepare_paper(kind="trips", subject=subject, by=cast.office_staff)


def test_the_ledger_of_a_quota(cast: Cast, quota: FieldTripQuota) -> None:
    made = prepared(cast, f"quota={quota.pk}")
    paper = made.paper
    assert (made.unit, made.code, paper.landscape, paper.abstract) == (
        cast.province, "BC", True, "Kết quả đi cơ sở năm 2026",
    )  # fmt: skip
    assert paper.paragraphs["opening"] == (
        "Năm 2026, tính đến ngày 16 tháng 3 năm 2026, Tỉnh đoàn Sông Thao đã thực hiện 02 chuyến đi cơ sở, trong "
        "đó 01 chuyến chưa báo cáo; 01 chuyến đã đăng ký, chưa đi."
    )
    assert paper.paragraphs["quota"] == (
        "Chỉ tiêu “60 ngày”: 60 ngày (mỗi người), thực hiện đến hết ngày 14 tháng 12 năm 2026; "
        "đối tượng: từng người theo danh "
        "sách; được tính: mọi loại chuyến đi."
    )
    quotas, trips, people, units = paper.tables
    assert quotas.rows == (
        (1, "Lý Đọc Giả", 60, 1, 3, 57, 3, "Dự kiến không đạt"),
        (2, "Võ Thị Ban", 60, 2, 5, 55, 7, "Dự kiến không đạt"),
    )
    aim = "Đi cơ sở: Nắm tình hình cơ sở."
    assert trips.rows == (
        (
            1, day(3, 2), day(3, 4), 3, "Võ Thị Ban (trưởng đoàn), Lý Đọc Giả", "Đoàn xã An Hòa", aim,
            "Thiếu tài liệu sinh hoạt.", "Đã báo cáo",
        ),
        (2, day(3, 10), day(3, 11), 2, "Võ Thị Ban", "Thị đoàn Cẩm Giang", aim, "", "Đã đi, chờ báo cáo"),
        (3, day(4, 1), day(4, 2), 2, "Võ Thị Ban", "Đoàn xã An Hòa", aim, "", "Đã đăng ký"),
    )  # fmt: skip
    assert people.rows == (
        (1, "Võ Thị Ban", 2, 5, "Đoàn xã An Hòa, Thị đoàn Cẩm Giang"),
        (2, "Lý Đọc Giả", 1, 3, "Đoàn xã An Hòa"),
    )
    assert units.rows == (
        (1, "Huyện đoàn Bình Minh", "", day(3, 4), 12, 1, 0, day(4, 1)),
        (2, "Thị đoàn Cẩm Giang", "", day(3, 11), 5, 1, 0, None),
    )


def test_the_figures_are_those_of_the_pages(cast: Cast, login: Login, quota: FieldTripQuota) -> None:
    client = login(cast.office_staff)
    subject = f"unit={cast.province.pk}&year=2026"
    quotas, trips, people, units = prepared(cast, subject).paper.tables
    table = client.get(quota.get_absolute_url()).context["table"]
    assert [line[1:7] for line in quotas.rows] == [
        (r.person.full_name, 60, r.trips, r.standing.counted, r.standing.short, r.standing.planned) for r in table.rows
    ]
    page = client.get(f"{reverse('reviews:trip_coverage')}?{subject}").context
    shown = [(row["unit"], row["ago"]) for row in page["rows"]]
    assert [line[1:] for line in units.rows] == [
        (u.name, "", u.last, ago, u.visits or 0, u.inspected or 0, u.coming) for u, ago in shown
    ]
    assert [line[1:4] for line in people.rows] == [(r.person.full_name, r.trips, r.days) for r in page["travelled"]]
    listed = client.get(f"{reverse('reviews:trips')}?year=2026").context["page"].object_list
    kept = [t for t in listed if t.state != TripState.CANCELLED]
    assert [line[1] for line in trips.rows] == [t.starts_on for t in reversed(kept)]


def test_days_owed_jointly_are_told_of_the_group(cast: Cast, quota: FieldTripQuota) -> None:
    FieldTripQuota.objects.filter(pk=quota.pk).update(joint=True)
    paper = prepared(cast, f"quota={quota.pk}").paper
    assert paper.paragraphs["reached"] == (
        "02 người đã đi 05/60 ngày, còn thiếu 55 ngày; tính cả chuyến đã đăng ký 07 ngày; dự kiến không đạt. Ngày có "
        "nhiều người cùng đi được tính một lần."
    )
    assert [column.name for column in paper.tables[0].columns] == [
        "TT", "Họ và tên", "Số chuyến", "Đã đi (ngày)", "Tính cả đã đăng ký",
    ]  # fmt: skip
    assert paper.tables[0].rows[1] == (2, "Võ Thị Ban", 2, 5, 7)


def test_without_a_quota_the_trips_are_told(cast: Cast) -> None:
    trip(cast, day(3, 2), day(3, 4))
    paper = prepared(cast, f"unit={cast.province.pk}&year=2026").paper
    assert paper.paragraphs["quota"] == "Chưa giao chỉ tiêu số ngày đi cơ sở."
    assert paper.tables[0].name == "Sổ theo dõi đi cơ sở"


def test_difficult_units_are_counted(cast: Cast) -> None:
    cast.other_district.is_difficult = True
    cast.other_district.save()
    trip(cast, day(3, 2), day(3, 4))
    paper = prepared(cast, f"unit={cast.province.pk}&year=2026").paper
    assert paper.paragraphs["coverage"] == (
        "Trong năm 2026 đã đến, kiểm tra 01/02 đơn vị, trong đó 00/01 đơn vị khó khăn; "
        "01 đơn vị chưa có đoàn đến lần nào."
    )


def test_its_pages_begin_it_for_who_runs_the_trips(cast: Cast, login: Login, quota: FieldTripQuota) -> None:
    prepare = reverse("papers:prepare", args=["trips"])
    pages = {
        quota.get_absolute_url(): f"{prepare}?quota={quota.pk}",
        reverse("reviews:trip_coverage"): f"{prepare}?unit={cast.province.pk}&amp;year=2026",
    }
    for page, address in pages.items():
        assert f'href="{address}"' in login(cast.office_staff).get(page).text
        assert login(cast.office_staff).get(address.replace("&amp;", "&")).status_code == 200
        for who in (cast.leader, cast.administrator, cast.reader):
            assert prepare not in login(who).get(page).text
            assert login(who).get(address.replace("&amp;", "&")).status_code == 404


@pytest.mark.parametrize("subject", ["", "quota=0", "quota=x", "unit=1x", "unit=0&year=2026"])
def test_nonsense_is_not_found(cast: Cast, subject: str) -> None:
    with pytest.raises(Http404):
        prepared(cast, subject)


def test_the_union_above_is_not_found_by_a_unit_below(cast: Cast, quota: FieldTripQuota) -> None:
    for subject in (f"quota={quota.pk}", f"unit={cast.province.pk}&year=2026"):
        with pytest.raises(Http404):
            prepare_paper(kind="trips", subject=subject, by=cast.secretary)


@pytest.mark.parametrize("count", [1, 9])
def test_it_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, quota: FieldTripQuota, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(count):
        unit = make_unit(f"Huyện đoàn {n}", code=f"H{n}", kind="district", parent=cast.province)
        trip(cast, day(1, 5 + n), day(1, 5 + n), units=[unit, cast.commune], party=[cast.leader])
    client = login(cast.office_staff)
    address = f"{reverse('papers:prepare', args=['trips'])}?quota={quota.pk}"
    with django_assert_num_queries(16):
        assert client.get(address).status_code == 200
