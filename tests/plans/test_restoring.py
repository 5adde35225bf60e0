"""A dropped record comes back as it was: its place, its links both ways, its commitments."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from plans.actions import records
from plans.actions.restoring import restore_record
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.models import (
    DroppedRecord,
    Plan,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
    UnmatchedName,
)
from plans.record_values import Record, facts
from plans.reimport.readings import people_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, ScheduleFactory, ShortcomingFactory, SolutionFactory, SolutionGroupFactory
from units.models import AuditEvent

HTMX = {"HX-Request": "true"}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A draft with a group of three solutions, each with a commitment; the second with every sort of link."""
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    group = SolutionGroupFactory(plan=plan, ordinal=1, lead_unit=cast.office)
    for ordinal in (1, 2, 3):
        solution = SolutionFactory(plan=plan, ordinal=ordinal, text=f"Việc {ordinal}", group=group)
        schedule = ScheduleFactory(solution=solution, phrase=f"trong quý {ordinal}")
        schedule.owner_units.set([cast.district])
    shortcoming = ShortcomingFactory(plan=plan, ordinal=1, text="Còn chậm")
    task = PriorityTask.objects.create(plan=plan, ordinal=1, list_kind="focus", text="Nhiệm vụ một")
    linked = solution_of(plan, 2)
    linked.supporting_units.set([cast.department, cast.district])
    linked.shortcomings.set([shortcoming])
    linked.priority_tasks.set([task])
    UnmatchedName.objects.create(plan=plan, name="Sở X", key="so x", role="lead", solution=linked)
    return plan


def solution_of(plan: Plan, ordinal: int) -> Solution:
    found: Solution = plan.solutions.get(ordinal=ordinal)
    return found


def as_it_stands(record: Record) -> tuple[Any, ...]:
    """Return everything a person sees of a record, with what hangs on it."""
    again = type(record)._default_manager.get(pk=record.pk)
    hanging = [as_it_stands(s) for s in again.schedules.all()] if isinstance(again, Solution) else []
    links = [
        sorted(manager.values_list("pk", flat=True))
        for name in ("solutions", "unmatched")
        if (manager := getattr(again, name, None)) is not None
    ]
    stored = [getattr(again, name, None) for name in ("ordinal", "doubt", "source_paragraph", "source_start")]
    return again.pk, facts(again), stored, hanging, links


@pytest.mark.parametrize(
    ("model", "where"),
    [
        (Solution, {"ordinal": 2}),
        (Shortcoming, {"ordinal": 1}),
        (SolutionGroup, {"ordinal": 1}),
        (PriorityTask, {"ordinal": 1}),
        (Schedule, {"phrase": "trong quý 2"}),
    ],
)
def test_what_was_dropped_comes_back_as_it_was(cast: Cast, plan: Plan, model: Any, where: dict[str, Any]) -> None:
    record = model.objects.get(**where)
    before = as_it_stands(record)
    dropped = records.drop_record(record=record, by=cast.office_staff)
    assert not model.objects.filter(pk=record.pk).exists()
    restored = restore_record(dropped=dropped, by=cast.office_staff)
    assert as_it_stands(restored) == before
    assert list(plan.solutions.order_by("ordinal").values_list("ordinal", "text")) == [
        (1, "Việc 1"), (2, "Việc 2"), (3, "Việc 3"),
    ]  # fmt: skip
    assert not DroppedRecord.objects.exists()


def test_the_log_says_that_it_came_back_and_the_chain_holds(cast: Cast, plan: Plan) -> None:
    solution = solution_of(plan, 2)
    dropped = records.drop_record(record=solution, by=cast.office_staff)
    restore_record(dropped=dropped, by=cast.office_staff)
    event = AuditEvent.objects.filter(plan_id=plan.pk).latest("pk")
    assert (event.action, event.object_id, event.data["text"]) == ("created", solution.pk, [None, "Việc 2"])


def test_a_record_brought_back_counts_neither_as_dropped_nor_as_added(cast: Cast, plan: Plan) -> None:
    solution = solution_of(plan, 2)
    dropped = records.drop_record(record=solution, by=cast.office_staff)
    restore_record(dropped=dropped, by=cast.office_staff)
    people = people_of(plan)
    assert (people.added, people.dropped) == (frozenset(), frozenset())


def test_it_comes_back_at_the_end_of_a_row_that_has_become_shorter(cast: Cast, plan: Plan) -> None:
    dropped = records.drop_record(record=solution_of(plan, 3), by=cast.office_staff)
    records.drop_record(record=solution_of(plan, 1), by=cast.office_staff)
    restored = restore_record(dropped=dropped, by=cast.office_staff)
    assert isinstance(restored, Solution)
    assert list(plan.solutions.order_by("ordinal").values_list("ordinal", "text")) == [(1, "Việc 2"), (2, "Việc 3")]


def test_what_has_vanished_meanwhile_is_left_out(cast: Cast, plan: Plan) -> None:
    dropped = records.drop_record(record=solution_of(plan, 2), by=cast.office_staff)
    records.drop_record(record=plan.shortcomings.get(), by=cast.office_staff)
    records.drop_record(record=plan.groups.get(), by=cast.office_staff)
    restored = restore_record(dropped=dropped, by=cast.office_staff)
    assert isinstance(restored, Solution)
    assert (restored.group_id, list(restored.shortcomings.all()), restored.schedules.count()) == (None, [], 1)


def test_a_commitment_whose_solution_is_gone_waits_for_it(cast: Cast, plan: Plan) -> None:
    solution = solution_of(plan, 2)
    of_commitment = records.drop_record(record=solution.schedules.get(), by=cast.office_staff)
    of_solution = records.drop_record(record=solution, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        restore_record(dropped=of_commitment, by=cast.office_staff)
    restore_record(dropped=of_solution, by=cast.office_staff)
    restore_record(dropped=of_commitment, by=cast.office_staff)
    assert solution_of(plan, 2).schedules.count() == 1


def test_it_comes_back_once_and_only_into_a_draft(cast: Cast, plan: Plan) -> None:
    dropped = records.drop_record(record=solution_of(plan, 2), by=cast.office_staff)
    restore_record(dropped=dropped, by=cast.office_staff)
    with pytest.raises(records.RecordGone):
        restore_record(dropped=dropped, by=cast.office_staff)
    again = records.drop_record(record=solution_of(plan, 2), by=cast.office_staff)
    Plan.objects.filter(pk=plan.pk).update(
        status=PlanStatus.PUBLISHED, published_at=plan.created_at, published_by=cast.office_staff
    )
    with pytest.raises(ActionRefused):
        restore_record(dropped=again, by=cast.office_staff)


# --- the page ---


@pytest.fixture
def client(login: Login, cast: Cast) -> Client:
    return login(cast.office_staff)


def test_after_a_drop_the_page_offers_once_to_undo_it(client: Client, plan: Plan) -> None:
    solution = solution_of(plan, 2)
    assert client.post(f"/plans/{plan.pk}/check/solution/{solution.pk}/drop/").status_code == 302
    dropped = DroppedRecord.objects.get()
    address = f"/plans/{plan.pk}/check/restore/{dropped.pk}/"
    assert f'action="{address}"' in client.get(f"/plans/{plan.pk}/check/").content.decode()
    assert address not in client.get(f"/plans/{plan.pk}/check/").content.decode()
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/check/#record-solution-{solution.pk}")
    assert solution_of(plan, 2).pk == solution.pk
    assert client.post(address).status_code == 404


def test_a_drop_in_place_answers_with_the_way_back(client: Client, plan: Plan) -> None:
    schedule = solution_of(plan, 2).schedules.get()
    answer = client.post(f"/plans/{plan.pk}/check/schedule/{schedule.pk}/drop/", headers=HTMX).content.decode()
    assert f'action="/plans/{plan.pk}/check/restore/{DroppedRecord.objects.get().pk}/"' in answer


def test_what_was_dropped_from_another_plan_is_not_found(client: Client, cast: Cast, plan: Plan) -> None:
    dropped = records.drop_record(record=solution_of(plan, 2), by=cast.office_staff)
    other = PlanFactory(issuing_unit=cast.province)
    assert client.post(f"/plans/{other.pk}/check/restore/{dropped.pk}/").status_code == 404
