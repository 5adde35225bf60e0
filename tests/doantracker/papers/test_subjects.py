"""What a paper is about is kept in one way of writing, whole: found by it, and the same for whoever gathers again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse

from doantracker.papers.actions.papers import discard_paper, edit_paper, gather_again, number_paper, prepare_paper
from doantracker.papers.forms.papers import CancelForm
from doantracker.papers.models import OfficialPaper
from plans.errors import ActionRefused
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_actions import SYMBOL
from tests.factories import SolutionFactory, make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
PERIOD = "due_from=01%2F01%2F2026&due_to=31%2F12%2F2026"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with work overdue of two districts."""
    found = make_published_plan(cast.province, **SYMBOL)
    for n, unit in enumerate((cast.district, cast.other_district), start=1):
        words = SolutionFactory(plan=found, ordinal=n, text=f"Việc của {unit.name}.", lead_unit=unit)
        make_deadline(unit, plan=found, solution=words, due_on=dt.date(2026, 3, 10))
    return found


@pytest.mark.parametrize(
    ("kind", "asked", "kept"),
    [
        ("progress", "plan={plan}", "plan={plan}"),
        ("progress", "plan=00{plan}", "plan={plan}"),
        ("progress", "plan=7&x=1&plan=0{plan}", "plan={plan}"),
        ("statistics", "", f"unit={{province}}&plan=&{PERIOD}&as_of="),
        ("statistics", "unit={district}&x=1", f"unit={{district}}&plan=&{PERIOD}&as_of="),
        ("statistics", "unit={district}&due_from=&due_to=", "unit={district}&plan=&due_from=&due_to=&as_of="),
        ("handover", "unit=0{district}&plan={plan}", "unit={district}"),
    ],
)
def test_a_subject_is_kept_in_one_way_of_writing(cast: Cast, plan: Plan, kind: str, asked: str, kept: str) -> None:
    keys = {"plan": plan.pk, "province": cast.province.pk, "district": cast.district.pk}
    row = prepare_paper(kind=kind, subject=asked.format(**keys), by=cast.office_staff)
    assert row.subject == kept.format(**keys)
    assert prepare_paper(kind=kind, subject=row.subject, by=cast.office_staff).subject == row.subject


def test_a_plans_paper_stands_on_its_page_however_its_address_was_written(
    cast: Cast, login: Login, plan: Plan
) -> None:
    client = login(cast.office_staff)
    client.post(f"{reverse('papers:prepare', args=['progress'])}?plan=0{plan.pk}")
    assert list(client.get(reverse("papers:of_plan", args=[plan.pk])).context["rows"]) == [OfficialPaper.objects.get()]


def test_who_sees_more_gathers_statistics_of_the_same_unit_again(cast: Cast, plan: Plan) -> None:
    row = prepare_paper(kind="statistics", subject="", by=cast.secretary)
    gather_again(paper=row, by=cast.office_staff, version=row.version)
    row.refresh_from_db()
    assert (row.unit, row.paper.head.body) == (cast.district, cast.district.name)
    assert cast.other_district.name not in str(row.gathered)


def test_a_paper_whose_subject_came_to_another_unit_is_not_gathered_again(
    cast: Cast, login: Login, plan: Plan
) -> None:
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    Plan.objects.filter(pk=plan.pk).update(issuing_unit=cast.district)
    with pytest.raises(ActionRefused, match="thuộc đơn vị khác"):
        gather_again(paper=row, by=cast.office_staff, version=row.version)
    answer = login(cast.office_staff).get(reverse("papers:again", args=[row.pk]), follow=True)
    assert answer.redirect_chain == [(row.get_absolute_url(), 302)]
    assert "thuộc đơn vị khác" in answer.text


def test_a_draft_thrown_away_meanwhile_is_not_found(cast: Cast, login: Login, plan: Plan) -> None:
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    discard_paper(paper=OfficialPaper.objects.get(pk=row.pk), by=cast.office_staff, version=row.version)
    seen: dict[str, Any] = {"paper": row, "by": cast.office_staff, "version": row.version}
    with pytest.raises(Http404):
        discard_paper(**seen)
    with pytest.raises(Http404):
        edit_paper(**seen, words={})
    with pytest.raises(Http404):
        number_paper(**seen, number=1, day=dt.date(2026, 3, 16))
    assert login(cast.office_staff).post(reverse("papers:discard", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066 \u200b", " "])
def test_words_that_nobody_sees_are_none(cast: Cast, login: Login, plan: Plan, unseen: str) -> None:
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    sent = {"version": row.version, **row.wordable, "head-abstract": unseen, "head-recipients": unseen}
    answer = login(cast.office_staff).post(reverse("papers:edit", args=[row.pk]), sent)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"head-abstract", "head-recipients"})


def test_a_reason_is_measured_as_it_is_kept(cast: Cast) -> None:
    two = "\u0958"  # is two characters once it is composed as Unicode wants it
    forms = [CancelForm({"version": 1, "reason": two * count}) for count in (250, 251)]
    assert [form.is_valid() for form in forms] == [True, False]
    assert len(forms[0].cleaned_data["reason"]) == 500
