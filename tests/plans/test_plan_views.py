"""The page of a plan: what each view shows, to whom, and at what cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from plans.enums import Kind, PlanStatus, Status
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    make_deadline,
    make_published_plan,
    make_unit,
)

pytestmark = pytest.mark.usefixtures("today")


def _plan(cast: Cast, size: int) -> Plan:
    """Make a published plan with `size` solutions, shortcomings, communes and deadlines."""
    plan = make_published_plan(cast.province)
    group = SolutionGroupFactory(plan=plan, ordinal=1, lead_unit=cast.department)
    for n in range(1, size + 1):
        unit = make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province)
        solution = SolutionFactory(plan=plan, ordinal=n, group=group, text=f"Việc {n}")
        solution.shortcomings.add(ShortcomingFactory(plan=plan, ordinal=n))
        ScheduleFactory(solution=solution).owner_units.add(unit)
        make_deadline(unit, plan=plan, due_on=dt.date(2026, 3, 20), solution=solution)
    return plan


@pytest.mark.parametrize("size", [3, 30])
@pytest.mark.parametrize(("view", "queries"), [("solutions", 16), ("matrix", 12), ("document", 8), ("history", 9)])
def test_a_view_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, view: str, queries: int, size: int
) -> None:
    plan = _plan(cast, size)
    client = login(cast.office_staff)
    with django_assert_num_queries(queries):
        assert client.get(reverse("plans:plan", args=[plan.pk]), {"view": view}).status_code == 200


def test_the_matrix_shows_a_unit_only_its_own_part(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=plan, due_on=dt.date(2026, 3, 20))
    page = login(cast.secretary).get(reverse("plans:plan", args=[plan.pk]), {"view": "matrix"})
    assert cast.district.name in page.text
    assert cast.other_district.name not in page.text


def test_a_cell_tells_the_most_pressing_state_and_how_much_is_confirmed(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    first = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 1), occurrence="2026-01")
    first.pk, first.occurrence, first.status = None, "2026-02", Status.COMPLETED
    first.reported_on = first.confirmed_on = dt.date(2026, 2, 1)
    first.reported_by, first.confirmed_by = cast.secretary, cast.office_staff
    first.save()
    page = login(cast.office_staff).get(reverse("plans:plan", args=[plan.pk]), {"view": "matrix"})
    assert "Quá hạn 1/2" in page.text


def test_publishing_asks_for_a_word_when_gaps_block(cast: Cast, login: Login) -> None:
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=1), kind=Kind.ONGOING, due=None)
    client = login(cast.office_staff)
    address = reverse("plans:publish", args=[plan.pk])
    assert client.post(address).status_code == 422
    assert client.post(address, {"despite_gaps": "on"}).status_code == 302
    assert client.post(address, {"despite_gaps": "on"}).headers["Location"] == reverse("plans:plan", args=[plan.pk])
    plan.refresh_from_db()
    assert plan.status == PlanStatus.PUBLISHED


def test_the_check_by_hand_prints_what_it_did_and_nothing_the_second_time(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    make_deadline(
        cast.district,
        plan=make_published_plan(cast.province),
        due_on=dt.date(2026, 3, 16),
        remind_on=dt.date(2026, 3, 16),
    )
    call_command("check_deadlines", "--today", "2026-03-16")
    call_command("check_deadlines", "--today", "2026-03-16")
    assert capsys.readouterr().out.splitlines() == [
        "Số kỳ thực hiện đã ghi: 0. Số thông báo đã tạo: 1.",
        "Số kỳ thực hiện đã ghi: 0. Số thông báo đã tạo: 0.",
    ]


def test_no_id_is_written_with_thousands_separators(cast: Cast, login: Login) -> None:
    big = 1_234_567
    unit = make_unit("Đoàn xã Lớn", code="ST-LON", parent=cast.province, pk=big)
    plan = make_published_plan(cast.province, pk=big)
    facts: dict[str, Any] = {"plan": plan, "due_on": dt.date(2026, 3, 20)}
    make_deadline(unit, pk=big, **facts)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1)}
    done["reported_by"] = cast.secretary
    make_deadline(unit, pk=big + 1, version=big, **facts, **done)
    draft = PlanFactory(issuing_unit=cast.province, pk=big + 2)
    SolutionFactory(plan=draft, ordinal=1, pk=big + 3)
    client = login(cast.office_staff)
    addresses = [
        "/plans/",
        *(f"/plans/{big}/?view={view}" for view in ("solutions", "matrix", "timeline", "document", "history")),
        f"/plans/{draft.pk}/check/",
        f"/plans/{draft.pk}/publish/",
        "/deadlines/",
        f"/deadlines/{big}/",
        f"/deadlines/{big}/report/",
        f"/deadlines/{big + 1}/",
        "/confirmations/",
        "/units/",
        f"/units/{unit.pk}/",
    ]
    pages = {address: client.get(address) for address in addresses}
    assert {address for address, page in pages.items() if page.status_code != 200} == set()
    assert {address for address, page in pages.items() if "1.234.5" in page.text} == set()
