"""A person says which unit the words of a plan mean, once for the whole plan; the next import knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from plans.actions.matching import leave_out, match_unit
from plans.actions.records import accept_record, reopen_record
from plans.errors import ActionRefused
from plans.models import Plan, Solution, UnmatchedName
from plans.resolving import UnitNames
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    make_unit,
)
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.usefixtures("today")
NOT_FOUND = "No unit is called “Đội Ma”."


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def name_in(plan: Plan, role: str, **record: Any) -> UnmatchedName:
    return UnmatchedName.objects.create(plan=plan, name="Đội Ma", key="doi ma", role=role, doubt=NOT_FOUND, **record)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a draft in which one unknown name leads, owes and is named."""
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    solution = SolutionFactory(plan=plan, ordinal=1, doubt=NOT_FOUND)
    schedule = ScheduleFactory(solution=solution, doubt=f"No year is named anywhere. {NOT_FOUND}")
    shortcoming = ShortcomingFactory(plan=plan, ordinal=1, doubt=NOT_FOUND)
    name_in(plan, "lead", solution=solution)
    name_in(plan, "owner", schedule=schedule)
    name_in(plan, "named", shortcoming=shortcoming)
    return plan


def test_one_choice_mends_every_record_that_names_the_unit(cast: Cast, plan: Plan) -> None:
    count = match_unit(plan=plan, name="ĐỘI MA", unit=cast.district, by=cast.office_staff, remember=False)
    solution = plan.solutions.get()
    schedule = solution.schedules.get()
    shortcoming = plan.shortcomings.get()
    assert count == 3
    assert (solution.lead_unit, solution.doubt, solution.settled) == (cast.district, "", NOT_FOUND)
    assert schedule.doubt == "No year is named anywhere."
    assert list(schedule.owner_units.all()) == []  # the lead owes it
    assert (list(shortcoming.named_units.all()), shortcoming.doubt) == ([cast.district], "")
    assert not plan.unmatched.exists()
    assert AuditEvent.objects.filter(plan_id=plan.pk, action="changed").count() == 3


def test_what_the_group_hands_down_is_not_repeated(cast: Cast) -> None:
    plan = PlanFactory(issuing_unit=cast.province)
    group = SolutionGroupFactory(plan=plan, ordinal=1, doubt=NOT_FOUND)
    inner = SolutionFactory(plan=plan, ordinal=1, group=group, doubt=NOT_FOUND)
    other = ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.department), doubt=NOT_FOUND)
    name_in(plan, "lead", solution=inner)
    name_in(plan, "owner", schedule=other)
    name_in(plan, "lead", group=group)
    match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=False)
    inner = plan.solutions.get(ordinal=1)
    assert (inner.lead_unit, inner.lead) == (None, cast.district)
    assert list(other.owner_units.all()) == [cast.district]


def test_the_name_is_remembered_for_the_next_import(cast: Cast, plan: Plan) -> None:
    match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=True)
    unit = Unit.objects.get(pk=cast.district.pk)
    assert unit.aliases.splitlines()[-1] == "Đội Ma"
    assert UnitNames.below(cast.province, plan.created_at.date()).find("đội ma").unit == unit
    event = AuditEvent.objects.get(object_type="unit", object_id=unit.pk, action="changed")
    assert (event.actor, list(event.data)) == (cast.office_staff, ["aliases"])


def test_a_name_that_means_another_unit_is_not_remembered(cast: Cast, plan: Plan) -> None:
    make_unit("Đội Ma", code="ST-MA1", parent=cast.province)
    make_unit("Đội Ma", code="ST-MA2", parent=cast.province)
    match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=True)
    assert Unit.objects.get(pk=cast.district.pk).aliases == cast.district.aliases


def test_a_sentence_with_several_names_goes_with_the_last_of_them(cast: Cast) -> None:
    plan = PlanFactory(issuing_unit=cast.province)
    words = "Named as supporting, not entered: Đội Ma, Đội Nước."
    solution = SolutionFactory(plan=plan, ordinal=1, doubt=words)
    for name, key in (("Đội Ma", "doi ma"), ("Đội Nước", "doi nuoc")):
        UnmatchedName.objects.create(plan=plan, name=name, key=key, role="support", doubt=words, solution=solution)
    match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=False)
    assert plan.solutions.get().doubt == words
    leave_out(plan=plan, name="Đội Nước", by=cast.office_staff)
    assert plan.solutions.get().doubt == ""
    assert list(plan.solutions.get().supporting_units.all()) == [cast.district]


def test_who_accepts_a_record_has_decided_until_it_is_taken_back(cast: Cast, plan: Plan) -> None:
    for record in (plan.solutions.get(), plan.solutions.get().schedules.get(), plan.shortcomings.get()):
        accept_record(record=record, by=cast.office_staff)
    with pytest.raises(ActionRefused, match="somebody dealt with them"):
        match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=True)
    reopen_record(record=plan.solutions.get(), by=cast.office_staff)
    assert match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=False) == 1


def test_units_outside_the_issuer_and_kinds_that_do_not_lead_are_refused(cast: Cast, plan: Plan) -> None:
    other = make_unit("Tỉnh đoàn Khác", code="KHAC", kind="province")
    with pytest.raises(ActionRefused, match="below the issuing unit"):
        match_unit(plan=plan, name="Đội Ma", unit=other, by=cast.office_staff, remember=True)
    type(cast.district.kind).objects.filter(pk=cast.district.kind_id).update(may_lead=False)
    with pytest.raises(ActionRefused, match="don't lead"):
        match_unit(
            plan=plan, name="Đội Ma", unit=Unit.objects.get(pk=cast.district.pk), by=cast.office_staff, remember=True
        )
    assert plan.unmatched.count() == 3


# --- the page ---


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    return login(cast.office_staff)


def test_units_are_searched_without_accents_and_within_the_issuer(client: Client, cast: Cast, plan: Plan) -> None:
    make_unit("Tỉnh đoàn Bình Minh Khác", code="KHAC", kind="province")
    address = f"/plans/{plan.pk}/check/unit/?name=Đội+Ma"
    answer = client.get(f"{address}&q=binh minh", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "Huyện đoàn Bình Minh" in text
    assert "Khác" not in text
    assert "3 records name it" in client.get(address).content.decode()


def test_the_choice_leads_to_the_next_name_and_then_back(client: Client, cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, doubt="?")
    UnmatchedName.objects.create(plan=plan, name="Đội Nước", key="doi nuoc", role="lead", doubt="?", solution=solution)
    address = f"/plans/{plan.pk}/check/unit/?name=Đội Ma"
    first = client.post(address, {"unit": cast.district.pk, "remember": "on"})
    assert (first.status_code, first["Location"]) == (
        302, f"/plans/{plan.pk}/check/unit/?name=%C4%90%E1%BB%99i+N%C6%B0%E1%BB%9Bc",
    )  # fmt: skip
    second = client.post(first["Location"], {"leave_out": "1"})
    assert second["Location"] == f"/plans/{plan.pk}/check/"
    again = client.post(address, {"unit": cast.district.pk})
    assert (again.status_code, "somebody dealt with them" in again.content.decode()) == (422, True)
    assert Solution.objects.get(pk=solution.pk).lead_unit is None


@pytest.mark.parametrize("unit", ["", "abc", "99999999999999999999", "0"])
def test_nonsense_and_foreign_units_are_404(client: Client, plan: Plan, unit: str) -> None:
    assert client.post(f"/plans/{plan.pk}/check/unit/?name=Đội Ma", {"unit": unit}).status_code == 404


def test_the_check_page_names_the_units_that_were_not_found(
    client: Client, plan: Plan, django_assert_num_queries: Any
) -> None:
    page = client.get(f"/plans/{plan.pk}/check/").content.decode()
    assert "1 unit was not found" in page
    assert f'href="/plans/{plan.pk}/check/unit/?name=%C4%90%E1%BB%99i+Ma"' in page
    assert page.count("Find “Đội Ma”") == 3


def test_the_number_of_queries_does_not_grow_with_the_mentions(
    cast: Cast, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    for ordinal in range(2, 30):
        solution = SolutionFactory(plan=plan, ordinal=ordinal, doubt=NOT_FOUND)
        name_in(plan, "lead", solution=solution)
        name_in(plan, "owner", schedule=ScheduleFactory(solution=solution, doubt=NOT_FOUND))
    with django_assert_max_num_queries(45):
        count = match_unit(plan=plan, name="Đội Ma", unit=cast.district, by=cast.office_staff, remember=False)
    assert count == 3 + 2 * 28
    assert not plan.solutions.exclude(lead_unit=cast.district).exists()
