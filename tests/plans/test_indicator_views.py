"""Pages of indicators: totals that open to their terms, entry by hand and by paste, what nobody else sees, queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.enums import Frequency, Status
from plans.models import Indicator, IndicatorResult, PeriodLock
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_indicator, make_published_plan, make_result, make_unit
from units.models import Unit, User

pytestmark = pytest.mark.usefixtures("today")
D = Decimal
FIRST = {"period_start": dt.date(2026, 1, 1), "period_end": dt.date(2026, 3, 31)}
LAST = {"period_start": dt.date(2025, 10, 1), "period_end": dt.date(2025, 12, 31)}
RATIO: dict[str, Any] = {"kind": "ratio", "frequency": Frequency.QUARTER, "value": D(90)}


@pytest.fixture
def members(cast: Cast) -> Indicator:
    """Return a share that districts and communes give by quarter since October 2025."""
    plan = make_published_plan(cast.province, period_start=dt.date(2025, 10, 1))
    return make_indicator(plan, kinds=["district", "commune"], **RATIO)


def share(indicator: Indicator, unit: Unit, above: int, under: int, by: User, **facts: Any) -> IndicatorResult:
    """Store a share of the first quarter of 2026."""
    return make_result(indicator, unit, by=by, numerator=D(above), denominator=D(under), **{**FIRST, **facts})


def table(client: Client, indicator: Indicator, **query: Any) -> dict[str, list[tuple[str, str, int]]]:
    """Return the table as its page gives it: by line, text, terms and number of missing units of each period."""
    page = client.get(reverse("plans:indicator", args=[indicator.pk]), query)
    assert page.status_code == 200
    return {row.name: [(c.text, c.terms, c.missing) for c in row.cells] for row in page.context["rows"]}


def test_own_and_below_stand_apart_and_each_total_opens_to_its_terms(
    cast: Cast, members: Indicator, login: Login
) -> None:
    share(members, cast.district, 1, 2, cast.secretary)
    share(members, cast.commune, 8, 8, cast.commune_secretary)
    office = login(cast.office_staff)
    assert table(office, members) == {
        "Huyện đoàn Bình Minh": [("", "", 2), ("90 %", "9/10", 0)],
        "Thị đoàn Cẩm Giang": [("", "", 1), ("", "", 1)],
        "Cộng các đơn vị cấp dưới": [("", "", 3), ("90 %", "9/10", 1)],
    }
    assert table(office, members, unit=cast.district.pk) == {
        "Riêng Huyện đoàn Bình Minh": [("", "", 1), ("50 %", "1/2", 0)],
        "Đoàn xã An Hòa": [("", "", 1), ("100 %", "8/8", 0)],
        "Cộng các đơn vị cấp dưới": [("", "", 1), ("100 %", "8/8", 0)],
        "Riêng đơn vị và cấp dưới": [("", "", 2), ("90 %", "9/10", 0)],
    }
    page = office.get(reverse("plans:indicator", args=[members.pk]))
    assert f"?unit={cast.district.pk}" in page.text
    assert "chưa có số liệu" in page.text
    assert page.context["now"].text == "90 %"


def test_a_secretary_sees_totals_and_words_of_the_own_subtree_only(
    cast: Cast, members: Indicator, login: Login
) -> None:
    share(members, cast.district, 111, 222, cast.secretary)
    share(members, cast.other_district, 777, 888, cast.sibling_secretary, note="SÔNGTHAO", document_number="9-BC/X")
    client = login(cast.secretary)
    for address in (reverse("plans:indicators_followed"), reverse("plans:indicator", args=[members.pk])):
        text = client.get(address).text
        assert not [w for w in ("777", "888", "999", "SÔNGTHAO", "9-BC/X", cast.other_district.name) if w in text]
    assert "111/222" in client.get(reverse("plans:indicator", args=[members.pk])).text
    for page in ("plans:indicator", "plans:indicator_grid"):
        for foreign in (cast.province, cast.other_district):
            assert client.get(reverse(page, args=[members.pk]), {"unit": foreign.pk}).status_code == 404
    result = reverse("plans:indicator_result", args=[members.pk, cast.other_district.pk])
    assert client.get(result).status_code == 404
    grid = client.get(reverse("plans:indicator_grid", args=[members.pk])).text
    assert cast.other_district.name not in grid
    assert "777" not in grid


def test_a_unit_is_not_asked_for_its_sibling_by_paste(cast: Cast, members: Indicator, login: Login) -> None:
    share(members, cast.other_district, 777, 888, cast.sibling_secretary)
    address = reverse("plans:indicator_grid", args=[members.pk]) + "?period=2026-01-01"
    page = login(cast.secretary).post(address, {"act": "read", "pasted": "ST-CG\t1\t2"})
    assert page.status_code == 422
    assert "777" not in page.text


def test_entering_for_many_units(cast: Cast, members: Indicator, login: Login) -> None:
    client = login(cast.secretary)
    address = reverse("plans:indicator_grid", args=[members.pk]) + "?period=2026-01-01"
    page = client.get(address)
    assert [row.unit for row in page.context["grid"].rows] == [cast.district, cast.commune]
    typed = {f"version-{u.pk}": "0" for u in (cast.district, cast.commune)}
    typed |= {f"numerator-{cast.district.pk}": "1.045", f"denominator-{cast.district.pk}": "1.050"}
    wrong = typed | {f"numerator-{cast.commune.pk}": "chín", f"denominator-{cast.commune.pk}": "10"}
    page = client.post(address, wrong | {"act": "save"})
    assert (page.status_code, IndicatorResult.objects.count()) == (422, 0)
    assert "chín" in page.text  # the input is kept
    page = client.post(address, typed | {"act": "save"})
    assert page.status_code == 302
    assert [(r.unit, r.numerator, r.denominator) for r in IndicatorResult.objects.all()] == [
        (cast.district, 1045, 1050)
    ]
    page = client.post(address, typed | {f"numerator-{cast.district.pk}": "1.000", "act": "save"})
    assert page.status_code == 409
    assert "1.045/1.050" in page.text


def test_a_pasted_column_is_shown_before_it_is_saved(cast: Cast, members: Indicator, login: Login) -> None:
    client = login(cast.office_staff)
    address = reverse("plans:indicator_grid", args=[members.pk]) + "?period=2026-01-01"
    text = "Đơn vị\tĐạt\tTổng\nThi doan Cam Giang\t7\t9\nST-BM-AH\t1.045\t1.050\n"
    page = client.post(address, {"act": "read", "pasted": text})
    assert page.status_code == 200
    assert [(row.unit, [c.text for c in row.cells]) for row in page.context["grid"].rows] == [
        (cast.commune, ["1.045", "1.050"]),
        (cast.other_district, ["7", "9"]),
    ]
    assert not IndicatorResult.objects.exists()
    page = client.post(address, {"act": "read", "pasted": "ST-XX\t1\t2\nST-CG\tbảy\t9"})
    assert page.status_code == 422
    assert "Dòng 1, cột 1" in page.text
    assert "Dòng 2, cột 2" in page.text


def test_one_result_with_its_proof(cast: Cast, members: Indicator, login: Login) -> None:
    client = login(cast.commune_secretary)
    address = reverse("plans:indicator_result", args=[members.pk, cast.commune.pk]) + "?period=2026-01-01"
    entry = {"version": "0", "numerator": "9", "denominator": "10", "document_number": "12-BC/ĐTN"}
    page = client.post(address, entry | {"denominator": "8"})
    assert page.status_code == 422
    page = client.post(address, entry | {"next": reverse("plans:indicators_followed")})
    assert (page.status_code, page["Location"]) == (302, reverse("plans:indicators_followed"))
    assert "12-BC/ĐTN" in client.get(reverse("plans:indicator", args=[members.pk])).text
    assert client.post(address, entry | {"numerator": "8"}).status_code == 409
    assert client.post(address, entry | {"document_number": "Tối mật", "version": "1"}).status_code == 422
    unseen = client.post(address, {"numerator": "1", "denominator": "2"})
    assert (unseen.status_code, "chưa cho biết bạn đã xem kết quả nào" in unseen.text) == (422, True)
    assert "thời hạn" not in str(unseen.context["form"].non_field_errors())


def test_a_closed_period_says_so_and_asks_for_nothing(cast: Cast, members: Indicator, login: Login) -> None:
    at = dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC)
    PeriodLock.objects.create(indicator=members, locked_by=cast.office_staff, locked_at=at, **FIRST)
    address = reverse("plans:indicator_result", args=[members.pk, cast.commune.pk]) + "?period=2026-01-01"
    page = login(cast.commune_secretary).get(address)
    assert (page.status_code, f"{cast.office_staff}, 02/04/2026" in page.text) == (200, True)
    assert 'name="numerator"' not in page.text
    assert 'class="form-act"' not in page.text


def test_a_figure_of_fifteen_digits_is_read_back_exact_and_a_longer_one_refused(
    cast: Cast, members: Indicator, login: Login
) -> None:
    client = login(cast.commune_secretary)
    address = reverse("plans:indicator_result", args=[members.pk, cast.commune.pk]) + "?period=2026-01-01"
    long = client.post(address, {"version": "0", "numerator": "1", "denominator": "1.000.000.000.000"})
    assert long.status_code == 422
    assert "Tối đa 12 chữ số trước" in long.text
    unclear = client.post(address, {"version": "0", "numerator": "1", "denominator": "1,200"})
    assert (unclear.status_code, "viết 1200 hoặc 1,2." in unclear.text) == (422, True)
    entry = {"version": "0", "numerator": "1", "denominator": "999.999.999.999,999"}
    assert client.post(address, entry).status_code == 302
    assert members.results.get().denominator == D("999999999999.999")
    assert "999.999.999.999,999" in client.get(address).text


def test_what_a_secretary_has_to_enter(cast: Cast, members: Indicator, login: Login) -> None:
    page = login(cast.commune_secretary).get(reverse("plans:indicators_followed"))
    (row,) = page.context["to_enter"]
    assert (row.unit, row.period.label, row.over, row.more) == (cast.commune, "Quý IV/2025", True, 0)
    share(members, cast.commune, 1, 2, cast.commune_secretary, **LAST)
    (row,) = login(cast.commune_secretary).get(reverse("plans:indicators_followed")).context["to_enter"]
    assert (row.period.label, row.over) == ("Quý I/2026", False)
    share(members, cast.commune, 1, 2, cast.commune_secretary)
    page = login(cast.commune_secretary).get(reverse("plans:indicators_followed"))
    assert page.context["to_enter"] == []
    assert login(cast.branch_secretary).get(reverse("plans:indicators_followed")).context["to_enter"] == []


def test_closing_and_reopening(cast: Cast, members: Indicator, login: Login) -> None:
    client = login(cast.office_staff)
    lock, reopen = (
        reverse(f"plans:indicator_{act}", args=[members.pk]) + "?period=2025-10-01" for act in ("lock", "reopen")
    )
    assert "3 đơn vị" in client.get(lock).text  # who is missing
    assert client.post(lock).status_code == 302
    assert PeriodLock.objects.filter(reopened_at=None).count() == 1
    assert client.post(lock).status_code == 422
    address = reverse("plans:indicator_grid", args=[members.pk]) + "?period=2025-10-01"
    typed = {f"version-{cast.commune.pk}": "0", f"numerator-{cast.commune.pk}": "1", "act": "save"}
    page = login(cast.commune_secretary).post(address, typed | {f"denominator-{cast.commune.pk}": "2"})
    assert (page.status_code, IndicatorResult.objects.count()) == (422, 0)
    assert "đã khóa" in page.text
    assert client.post(reopen, {"reason": ""}).status_code == 422
    assert client.post(reopen, {"reason": "Nhập thiếu."}).status_code == 302
    assert client.post(reopen, {"reason": "Nhập thiếu."}).status_code == 409


def test_a_target_fed_by_deadlines_is_counted(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    done = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 2, 1), "reported_by": cast.secretary}
    first = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 2, 10), **done)
    second = make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 2, 10))
    type(second).objects.filter(pk=second.pk).update(schedule=first.schedule_id)
    fed = make_indicator(plan, kinds=["commune"], fed_by=first.schedule, **RATIO)
    client = login(cast.office_staff)
    assert table(client, fed) == {
        "Huyện đoàn Bình Minh": [("100 %", "1/1", 0)],
        "Thị đoàn Cẩm Giang": [("0 %", "0/1", 0)],
        "Cộng các đơn vị cấp dưới": [("50 %", "1/2", 0)],
    }
    assert client.get(reverse("plans:indicator_grid", args=[fed.pk])).status_code == 404
    assert client.get(reverse("plans:indicator_result", args=[fed.pk, cast.commune.pk])).status_code == 404


@pytest.mark.parametrize("units", [3, 300])
def test_pages_cost_the_same_for_few_and_many_units(cast: Cast, login: Login, units: int) -> None:
    plan = make_published_plan(cast.province)
    members = make_indicator(plan, kinds=["commune"], **RATIO)
    for n in range(units - 1):
        make_unit(f"Đoàn xã {n}", code=f"X-{n}", parent=cast.province)
    for unit in Unit.objects.filter(kind__code="commune").below(cast.province):
        share(members, unit, 1, 2, cast.office_staff)
    client = login(cast.office_staff)
    assert queries(client, members) == {
        "plans:indicator": 15,
        "plans:indicator_grid": 14,
        "plans:indicators_followed": 21,
    }


def queries(client: Client, indicator: Indicator) -> dict[str, int]:
    """Return how many queries each page costs."""
    found = {}
    for name, args in (
        ("plans:indicator", [indicator.pk]),
        ("plans:indicator_grid", [indicator.pk]),
        ("plans:indicators_followed", []),
    ):
        with CaptureQueriesContext(connection) as context:
            assert client.get(reverse(name, args=args)).status_code == 200
        found[name] = len(context)
    return found


@pytest.mark.parametrize("targets", [1, 30])
def test_the_list_costs_the_same_for_few_and_many_targets(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, targets: int
) -> None:
    plan = make_published_plan(cast.province)
    for _ in range(targets):
        share(make_indicator(plan, kinds=["district", "commune"], **RATIO), cast.commune, 1, 2, cast.secretary)
    client = login(cast.commune_secretary)
    with django_assert_num_queries(22):
        client.get(reverse("plans:indicators_followed"))
