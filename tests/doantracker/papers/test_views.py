"""Pages of papers: what is shown, who sees it, and that every form tells the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import PaperKind
from doantracker.papers.models import OfficialPaper, Term
from doantracker.papers.renderings import FILE_NAMES
from plans.actions.letters import prepare_letter
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_actions import SYMBOL
from tests.factories import (
    ShortcomingFactory,
    SolutionFactory,
    make_deadline,
    make_difficulty,
    make_published_plan,
)

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan with shortcomings, work overdue, a difficulty and a chasing letter."""
    found = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO", symbol="12-KH/TĐTN-VP", **SYMBOL)
    words = SolutionFactory(plan=found, ordinal=1, text="=Rà soát <danh sách>.", lead_unit=cast.district)
    late = make_deadline(cast.district, plan=found, solution=words, due_on=dt.date(2026, 3, 10))
    make_difficulty(late, by=cast.secretary, text="Thiếu kinh phí.")
    ShortcomingFactory(plan=found, ordinal=1, text="Báo cáo chậm.", origin="new").solutions.add(words)
    prepare_letter(plan=found, by=cast.office_staff, answer_by=dt.date(2026, 3, 23))
    return found


def subjects(cast: Cast, plan: Plan) -> dict[str, str]:
    """Return a subject for each kind of paper."""
    of_plan, letter = f"plan={plan.pk}", plan.letters.get()
    return {
        "progress": of_plan,
        "remediation": of_plan,
        "plan": of_plan,
        "statistics": f"unit={cast.province.pk}",
        "chasing": f"letter={letter.pk}",
        "handover": f"unit={cast.district.pk}",
    }


KINDS = ("progress", "remediation", "plan", "statistics", "chasing", "handover")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_looked_at_prepared_and_taken_along(cast: Cast, login: Login, plan: Plan, kind: str) -> None:
    client, address = login(cast.office_staff), reverse("papers:prepare", args=[kind])
    address += f"?{subjects(cast, plan)[kind]}"
    page = client.get(address)
    assert page.status_code == 200
    made = client.post(address, {"form_key": page.context["key"]}, follow=True)
    row = OfficialPaper.objects.get()
    assert made.redirect_chain == [(row.get_absolute_url(), 302)]
    assert made.context["paper"] == page.context["paper"]
    for form in ("docx", "pdf", "xlsx"):
        file = client.get(reverse("papers:download", args=[row.pk, form]))
        assert (file.status_code, file["Content-Disposition"]) == (
            200,
            f'attachment; filename="{FILE_NAMES[PaperKind(kind)]}-2026-03-16-{row.pk}.{form}"',
        )


def test_words_are_changed_and_the_paper_is_numbered(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    Term.objects.create(unit=cast.province, start=dt.date(2022, 10, 1))
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    page = client.get(reverse("papers:edit", args=[row.pk]))
    words = {**page.context["form"].initial, **row.wordable, "next": "Họp ngày 20/3."}
    assert client.post(reverse("papers:edit", args=[row.pk]), words).status_code == 302
    assert "Họp ngày 20/3." in client.get(row.get_absolute_url()).text
    form = client.get(reverse("papers:number", args=[row.pk])).context["form"]
    assert (form.initial["number"], form.initial["day"]) == (1, dt.date(2026, 3, 16))
    given = {"version": 2, "number": "1", "day": "16/03/2026", "sure": "on"}
    assert client.post(reverse("papers:number", args=[row.pk]), given).status_code == 302
    assert "Số: 01-BC/TĐTN-VP" in client.get(row.get_absolute_url()).text


@pytest.mark.parametrize(
    "data", [{}, {"version": "x"}, {"version": "9" * 30}, {"version": 1, "number": "0", "day": "x"}]
)
def test_a_broken_form_is_shown_again(cast: Cast, login: Login, plan: Plan, data: dict[str, Any]) -> None:
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    assert login(cast.office_staff).post(reverse("papers:number", args=[row.pk]), data).status_code == 422


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, plan: Plan, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    client = login(cast.office_staff)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("papers:papers")).context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 12])
def test_the_papers_of_a_plan_cost_the_same_for_few_and_many(
    cast: Cast, login: Login, plan: Plan, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    client = login(cast.office_staff)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("papers:of_plan", args=[plan.pk])).context["rows"]) == rows


def test_who_signs_reads_the_papers_of_a_plan_and_prepares_none(cast: Cast, login: Login, plan: Plan) -> None:
    client, address = login(cast.leader), reverse("papers:of_plan", args=[plan.pk])
    assert f'href="{address}"' in client.get(plan.get_absolute_url()).text
    assert "Chưa có văn bản nào" in client.get(address).text
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    page = client.get(address).text
    assert row.get_absolute_url() in page
    assert reverse("papers:prepare", args=["progress"]) not in page
    assert reverse("papers:archive_new", args=[plan.pk]) not in page
    assert address not in login(cast.commune_secretary).get(plan.get_absolute_url()).text
