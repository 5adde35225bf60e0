"""Priority tasks: which units choose, what they choose, who sees it, and what the matrix counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.uptake import Choice, choose_task, choose_tasks
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import Plan, PriorityTask, TaskUptake
from plans.uptake import units_reached
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    UnitKindFactory,
    link_task,
    make_deadline,
    make_published_plan,
    make_task,
    make_unit,
)
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.usefixtures("today")

DAY = dt.date(2026, 4, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province with two tasks; both districts owe work that answers the first."""
    found = make_published_plan(cast.province)
    solution = SolutionFactory(plan=found, ordinal=1, lead_unit=cast.department)
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=found, due_on=DAY, solution=solution)
    link_task(solution, make_task(found, 1))
    make_task(found, 2)
    return found


def tasks_of(plan: Plan) -> list[PriorityTask]:
    return list(plan.priority_tasks.all())


def choose(plan: Plan, unit: Unit, by: Any, choice: str = "taken", **facts: Any) -> int:
    """Choose the same about every task of a plan, none chosen before."""
    return choose_tasks(
        plan=plan, unit=unit, by=by, choices=[Choice(t, choice, facts.get("version", 0), facts.get("reason", ""),
                                                     facts.get("own_plan")) for t in tasks_of(plan)]
    )  # fmt: skip


def test_units_that_owe_work_or_are_of_a_kind_named_choose_but_not_the_issuer_and_its_departments(
    cast: Cast, plan: Plan
) -> None:
    make_deadline(cast.department, plan=plan, due_on=DAY)
    make_deadline(cast.province, plan=plan, due_on=DAY)
    assert list(units_reached(plan, TODAY)) == [cast.district, cast.other_district]
    ScheduleFactory(solution=plan.solutions.first()).owner_kinds.add(UnitKindFactory(code="commune"))
    assert list(units_reached(plan, TODAY)) == [cast.district, cast.commune, cast.other_district]


def test_a_choice_is_kept_with_who_made_it_and_written_to_the_log_once(cast: Cast, plan: Plan) -> None:
    own = make_published_plan(cast.district, title="Kế hoạch của huyện")
    first, second = tasks_of(plan)
    made = [Choice(first, "taken", 0, own_plan=own), Choice(second, "not_taken", 0, "Không có xã biển.")]
    assert choose_tasks(plan=plan, unit=cast.district, by=cast.secretary, choices=made) == 2
    kept = TaskUptake.objects.order_by("priority_task").values_list(
        "priority_task", "unit", "choice", "reason", "own_plan", "chosen_by", "version"
    )
    assert list(kept) == [
        (first.pk, cast.district.pk, "taken", "", own.pk, cast.secretary.pk, 1),
        (second.pk, cast.district.pk, "not_taken", "Không có xã biển.", None, cast.secretary.pk, 1),
    ]
    event = AuditEvent.objects.get(action="tasks_chosen")
    assert (event.actor, event.plan_id, event.unit_id) == (cast.secretary, plan.pk, cast.district.pk)
    assert [t["choice"] for t in event.data["tasks"]] == ["taken", "not_taken"]


def test_the_same_choice_again_changes_nothing_and_another_one_grows_the_version(cast: Cast, plan: Plan) -> None:
    task = tasks_of(plan)[0]
    by: Any = {"unit": cast.district, "by": cast.secretary}
    choose_task(**by, choice=Choice(task, "taken", 0))
    assert choose_task(**by, choice=Choice(task, "taken", 1)).version == 1
    changed = choose_task(**by, choice=Choice(task, "not_taken", 1, "Đã hoàn thành năm trước."))
    assert (changed.choice, changed.version) == ("not_taken", 2)
    assert AuditEvent.objects.filter(action="tasks_chosen").count() == 2


def test_who_saw_an_older_choice_is_told_and_nothing_is_saved(cast: Cast, plan: Plan) -> None:
    choose(plan, cast.district, cast.office_staff)
    with pytest.raises(Stale):
        choose(plan, cast.district, cast.secretary, "not_taken", reason="Không")
    assert set(TaskUptake.objects.values_list("choice", flat=True)) == {"taken"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"choice": "not_taken"}, "Hãy nêu lý do"),
        ({"choice": "not_taken", "reason": "   "}, "Hãy nêu lý do"),
        ({"choice": "maybe"}, "Nhiệm vụ thuộc kế hoạch khác"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, plan: Plan, facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        choose(plan, cast.district, cast.secretary, **facts)
    assert not TaskUptake.objects.exists()


def test_only_a_plan_of_the_unit_itself_is_linked(cast: Cast, plan: Plan) -> None:
    for own in (make_published_plan(cast.commune), make_published_plan(cast.province), plan):
        with pytest.raises(ActionRefused, match="do chính đơn vị ban hành"):
            choose(plan, cast.district, cast.secretary, own_plan=own)


@pytest.mark.parametrize("who", ["sibling_secretary", "commune_secretary", "leader", "reader", "outsider"])
def test_who_neither_reports_nor_runs_plans_there_does_not_choose(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        choose(plan, cast.district, getattr(cast, who))


def test_a_unit_the_plan_does_not_reach_does_not_choose(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Http404):
        choose(plan, cast.commune, cast.secretary)


@pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.CLOSED])
def test_nothing_is_chosen_unless_the_plan_is_followed_up(cast: Cast, plan: Plan, status: PlanStatus) -> None:
    Plan.objects.filter(pk=plan.pk).update(
        status=status, **({"published_at": None} if status == PlanStatus.DRAFT else {"closed_at": plan.published_at})
    )
    with pytest.raises(ActionRefused, match="không trong diện theo dõi"):
        choose(plan, cast.district, cast.secretary)


def test_the_database_keeps_a_reason_beside_what_is_not_taken_up(cast: Cast, plan: Plan) -> None:
    facts: Any = {"priority_task": tasks_of(plan)[0], "unit": cast.district, "chosen_by": cast.secretary}
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskUptake.objects.create(choice="not_taken", chosen_at=clock.now(), **facts)


def test_the_choice_outlives_a_draft_that_is_thrown_away(cast: Cast, plan: Plan) -> None:
    own: Plan = PlanFactory(issuing_unit=cast.district)
    choose(plan, cast.district, cast.secretary, own_plan=own)
    own.delete()
    assert {(u.choice, u.own_plan) for u in TaskUptake.objects.all()} == {("taken", None)}


# --- the pages ---


def test_two_clicks_choose_all_on_the_page_of_the_unit(cast: Cast, login: Login, plan: Plan) -> None:
    own = make_published_plan(cast.district, parent=plan)
    client = login(cast.secretary)
    asked = client.get(reverse("plans:tasks_choose", args=[plan.pk]))
    address = asked.headers["Location"]
    assert address == f"{reverse('plans:tasks_choose', args=[plan.pk])}?unit={cast.district.pk}"
    forms = client.get(address).context["forms"]
    sent = {
        f"{form.prefix}-{name}": "" if form[name].value() is None else form[name].value()
        for form in forms
        for name in form.fields
    }
    assert client.post(address, sent | {"act": "all"}).headers["Location"] == reverse("plans:tasks", args=[plan.pk])
    assert set(TaskUptake.objects.values_list("choice", "own_plan")) == {("taken", own.pk)}


def test_a_reason_that_is_missing_is_asked_for_and_the_input_stays(cast: Cast, login: Login, plan: Plan) -> None:
    first, second = tasks_of(plan)
    client = login(cast.secretary)
    address = f"{reverse('plans:tasks_choose', args=[plan.pk])}?unit={cast.district.pk}"
    sent = {f"t{first.pk}-choice": "taken", f"t{first.pk}-version": "0", f"t{second.pk}-choice": "not_taken"}
    page = client.post(address, sent | {f"t{second.pk}-version": "0"})
    assert page.status_code == 422
    assert page.context["forms"][0]["choice"].value() == "taken"
    assert "Hãy nêu lý do" in page.text
    assert not TaskUptake.objects.exists()


def test_a_stale_page_answers_409(cast: Cast, login: Login, plan: Plan) -> None:
    choose(plan, cast.district, cast.office_staff)
    address = f"{reverse('plans:tasks_choose', args=[plan.pk])}?unit={cast.district.pk}"
    sent = {
        f"t{t.pk}-{name}": value for t in tasks_of(plan) for name, value in (("choice", "taken"), ("version", "0"))
    }
    assert login(cast.secretary).post(address, sent).status_code == 409


@pytest.mark.parametrize("unit", ["x", "0", "9" * 30, "-1"])
def test_a_unit_made_up_is_missing(cast: Cast, login: Login, plan: Plan, unit: str) -> None:
    client = login(cast.secretary)
    assert client.get(reverse("plans:tasks_choose", args=[plan.pk]), {"unit": unit}).status_code == 404


def test_the_office_sees_who_has_not_chosen_and_who_takes_up_none(cast: Cast, login: Login, plan: Plan) -> None:
    make_deadline(cast.commune, plan=plan, due_on=DAY)
    choose(plan, cast.district, cast.secretary)
    choose(plan, cast.commune, cast.secretary, "not_taken", reason="Chưa đủ điều kiện.")
    client, address = login(cast.office_staff), reverse("plans:tasks", args=[plan.pk])
    page = client.get(address)
    assert page.context["all_units"] == 3
    assert {key: n for key, _label, n in page.context["counts"]} == {"unchosen": 1, "taken": 1, "none": 1}
    assert page.context["rows"][0].numbers == [("taken", 1), ("not_taken", 1), ("unchosen", 1)]
    shown = {
        (task, choice): [
            u.unit for u in client.get(address, {"choice": choice} | ({"task": task} if task else {})).context["units"]
        ]
        for task, choice in (
            ("", "unchosen"), ("", "taken"), ("", "none"),
            (tasks_of(plan)[1].pk, "unchosen"), (tasks_of(plan)[1].pk, "not_taken"),
        )
    }  # fmt: skip
    assert list(shown.values()) == [[cast.other_district], [cast.district], [cast.commune], [cast.other_district],
                                    [cast.commune]]  # fmt: skip


def test_a_secretary_sees_the_own_subtree_and_nothing_of_a_sibling(cast: Cast, login: Login, plan: Plan) -> None:
    choose(plan, cast.other_district, cast.sibling_secretary, "not_taken", reason="Lý do SÔNGTHAO")
    for name, args in (("plans:tasks", [plan.pk]), ("plans:task", [plan.pk, tasks_of(plan)[0].pk])):
        page = login(cast.secretary).get(reverse(name, args=args))
        assert cast.district.name in page.text
        assert cast.other_district.name not in page.text
        assert "SÔNGTHAO" not in page.text
    assert login(cast.secretary).get(reverse("plans:tasks", args=[plan.pk])).context["rows"][0].numbers == [
        ("taken", 0), ("not_taken", 0), ("unchosen", 1),
    ]  # fmt: skip


def test_the_progress_of_a_task_and_of_a_unit_opens_to_its_deadlines(cast: Cast, login: Login, plan: Plan) -> None:
    make_deadline(cast.commune, plan=plan, due_on=DAY, solution=plan.solutions.get(ordinal=1))
    client, first = login(cast.office_staff), tasks_of(plan)[0]
    page = client.get(reverse("plans:tasks", args=[plan.pk]))
    deadlines: dict[str, Any] = {"plan": plan.pk, "task": first.pk, "figure": "total"}
    listed = client.get(reverse("plans:deadlines"), deadlines).context["page"].paginator.count
    assert page.context["rows"][0].figures.total == listed == 3
    for unit in page.context["units"]:
        of_unit = deadlines | {"unit": unit.unit.pk, "own": "on"}
        listed = client.get(reverse("plans:deadlines"), of_unit).context["page"].paginator.count
        assert unit.cells[0].total == listed == 1


@pytest.mark.parametrize("size", [2, 20])
@pytest.mark.parametrize(("name", "queries"), [("plans:tasks", 17), ("plans:task", 10)])
def test_a_page_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, name: str, queries: int, size: int
) -> None:
    plan = make_published_plan(cast.province)
    for n in range(1, size + 1):
        unit = make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province)
        solution = SolutionFactory(plan=plan, ordinal=n, lead_unit=unit)
        make_deadline(unit, plan=plan, due_on=DAY, solution=solution)
        link_task(solution, make_task(plan, n), proposed=True)
        own = make_published_plan(unit)
        choose_task(unit=unit, by=cast.office_staff, choice=Choice(tasks_of(plan)[0], "taken", 0, own_plan=own))
    client = login(cast.office_staff)
    args = [plan.pk] if name == "plans:tasks" else [plan.pk, tasks_of(plan)[0].pk]
    with django_assert_num_queries(queries):
        assert client.get(reverse(name, args=args)).status_code == 200
