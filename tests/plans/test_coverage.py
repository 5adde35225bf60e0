"""Coverage: shortcomings × solutions × deadlines × evidence; every number opens exactly the rows it counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from plans.coverage import COLUMNS
from plans.enums import Status
from plans.models import Deadline, Evidence, Plan, SolutionShortcoming
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ShortcomingFactory,
    SolutionFactory,
    make_deadline,
    make_published_plan,
)

pytestmark = pytest.mark.usefixtures("today")

DONE: dict[str, Any] = {"status": Status.SUBMITTED}


def _plan(cast: Cast, size: int = 1) -> Plan:
    """Make a plan of two shortcomings a size that share a solution; the second has one more; a third has none."""
    plan = make_published_plan(cast.province)
    for n in range(size):
        first, second, _bare = (ShortcomingFactory(plan=plan, ordinal=3 * n + i) for i in (1, 2, 3))
        shared = SolutionFactory(plan=plan, ordinal=2 * n + 1, lead_unit=cast.district)
        own = SolutionFactory(plan=plan, ordinal=2 * n + 2, lead_unit=cast.district)
        shared.shortcomings.set([first, second])
        own.shortcomings.set([second])
        _deadlines(cast, plan, shared, own)
    make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 4, 1))  # answers nothing
    return plan


def _deadlines(cast: Cast, plan: Plan, shared: Any, own: Any) -> None:
    done = DONE | {"reported_by": cast.secretary}
    facts: dict[str, Any] = {"plan": plan, "solution": shared}
    proven = make_deadline(
        cast.district, due_on=dt.date(2026, 3, 10), reported_on=dt.date(2026, 3, 9), **facts, **done
    )
    Evidence.objects.create(
        deadline=proven, link="https://example.org/a", added_by=cast.secretary, added_at=clock.now()
    )
    make_deadline(cast.district, due_on=dt.date(2026, 3, 1), reported_on=dt.date(2026, 3, 9), **facts, **done)
    make_deadline(cast.other_district, due_on=dt.date(2026, 3, 1), **facts)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 6, 1), solution=own)
    make_deadline(cast.commune, plan=plan, solution=own)


def _numbers(client: Client, address: str, **query: Any) -> list[tuple[int, str]]:
    """Return every number of the page with its address."""
    page = client.get(address, query)
    rows = page.context["rows"]
    counts = [c for row in rows for c in (row.counts, *(s.counts for s in row.solutions))]
    counts += [page.context[name] for name in ("answering", "others") if name in page.context]
    return [(n, url) for c in counts for _name, n, url in (*c.cells, *c.proof_cells)]


def test_the_rows_say_what_covers_each_shortcoming(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(reverse("plans:coverage", args=[_plan(cast).pk]))
    found = [
        ([s.answer.ordinal for s in row.solutions], [n for _name, n, _url in row.counts.cells], row.counts.proven)
        for row in page.context["rows"]
    ]
    assert ("total", *COLUMNS) == tuple(name for name, _n, _url in page.context["rows"][0].counts.cells)
    assert found == [
        ([1], [3, 1, 1, 0, 0, 1, 0], 1),
        ([1, 2], [5, 1, 1, 0, 1, 1, 1], 1),
        ([], [0, 0, 0, 0, 0, 0, 0], 0),
    ]
    assert (page.context["total"], page.context["unanswered"]) == (3, 1)
    assert (page.context["answering"].figures.total, page.context["others"].figures.total) == (5, 1)


@pytest.mark.parametrize("who", ["office_staff", "secretary", "commune_secretary"])
@pytest.mark.parametrize("of_year", [False, True])
def test_every_number_opens_to_its_rows(cast: Cast, login: Login, who: str, *, of_year: bool) -> None:
    plan = _plan(cast)
    client = login(getattr(cast, who))
    if of_year:
        numbers = _numbers(client, reverse("plans:year_coverage"), year="2026")
    else:
        numbers = _numbers(client, reverse("plans:coverage", args=[plan.pk]))
    assert any(n for n, _url in numbers)
    opened = [(n, client.get(url).context["page"].paginator.count) for n, url in numbers]
    assert [n for n, _rows in opened] == [rows for _n, rows in opened]


def test_the_parts_of_a_row_are_its_total(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(reverse("plans:coverage", args=[_plan(cast).pk]))
    for row in page.context["rows"]:
        total, *parts = [n for _name, n, _url in row.counts.cells]
        assert total == sum(parts)
        assert row.counts.proven + row.counts.unproven == row.counts.figures.done


def test_a_unit_sees_the_numbers_of_its_own_subtree(cast: Cast, login: Login) -> None:
    plan = _plan(cast)
    for who, total in ((cast.office_staff, 5), (cast.secretary, 4), (cast.sibling_secretary, 1)):
        page = login(who).get(reverse("plans:coverage", args=[plan.pk]))
        assert page.context["answering"].figures.total == total


def test_only_those_without_a_solution(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(reverse("plans:coverage", args=[_plan(cast).pk]), {"only": "unanswered"})
    assert [row.shortcoming.ordinal for row in page.context["rows"]] == [3]


def test_a_year_takes_the_plans_that_touch_it_and_their_deadlines_of_the_year(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province, period_start=dt.date(2025, 1, 1), period_end=None)
    old = make_published_plan(cast.province, period_start=dt.date(2024, 1, 1), period_end=dt.date(2024, 12, 31))
    for each in (plan, old):
        solution = SolutionFactory(plan=each, ordinal=1)
        solution.shortcomings.add(ShortcomingFactory(plan=each, ordinal=1))
        for day in (dt.date(2025, 5, 1), dt.date(2026, 5, 1), None):
            make_deadline(cast.district, plan=each, due_on=day, solution=solution)
    ShortcomingFactory(plan=PlanFactory(issuing_unit=cast.province), ordinal=1)  # a draft covers nothing yet
    client = login(cast.office_staff)
    found = {
        year: [
            (row.shortcoming.plan_id, row.counts.figures.total)
            for row in client.get(reverse("plans:year_coverage"), {"year": year}).context["rows"]
        ]
        for year in ("2024", "2026")
    }
    assert found == {"2024": [(old.pk, 1)], "2026": [(plan.pk, 2)]}
    assert client.get(reverse("plans:year_coverage"), {"year": "9999"}).context["year"] == 2026


def test_a_proposed_link_is_shown_as_proposed_until_somebody_confirms_it(cast: Cast, login: Login) -> None:
    plan = _plan(cast)
    link = SolutionShortcoming.objects.filter(solution__plan=plan).order_by("pk")[0]
    SolutionShortcoming.objects.filter(pk=link.pk).update(proposed=True)
    client, address = login(cast.office_staff), reverse("plans:coverage", args=[plan.pk])
    assert "đề xuất, chưa xác nhận" in client.get(address).text
    act = reverse("plans:link", args=[plan.pk, "shortcoming", link.pk])
    assert client.post(act, {"act": "confirm"}).headers["Location"] == address
    page = client.get(address).text
    assert "đề xuất, chưa xác nhận" not in page
    assert f"đã xác nhận: {cast.office_staff.full_name}" in page


@pytest.mark.parametrize("size", [1, 12])
@pytest.mark.parametrize(("name", "queries"), [("plans:coverage", 13), ("plans:year_coverage", 11)])
def test_a_page_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, name: str, queries: int, size: int
) -> None:
    plan = _plan(cast, size)
    client = login(cast.office_staff)
    address = reverse(name, args=[plan.pk] if name == "plans:coverage" else [])
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
    assert Deadline.objects.filter(plan=plan).count() == 5 * size + 1
