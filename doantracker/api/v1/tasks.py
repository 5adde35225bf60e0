"""Priority tasks of a plan, what units choose about them, and which solutions answer tasks and shortcomings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import KEYED, PageQuery, done, page, page_of, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts, plan_run, plan_seen, require_status, unit_seen
from doantracker.api.v1.types import GREATEST, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.actions import answers as actions
from plans.actions.uptake import Choice, choose_tasks
from plans.enums import PlanStatus, PriorityList, Uptake
from plans.errors import ActionRefused
from plans.gap_kinds import shortcomings_of
from plans.models import Plan, PriorityTask, Solution, SolutionShortcoming, SolutionTask, TaskUptake
from plans.uptake import may_choose, units_choosing, units_shown
from units.access import require
from units.models import Unit, User

router = Router(tags=["tasks"])
LinkKind = Literal["shortcoming", "task"]
MOST_ROWS = 200


class TaskOut(Schema):
    """A task that a higher body put first."""

    id: int
    plan: int
    list_kind: PriorityList = Field(description="The list it stands in.")
    ordinal: int = Field(description="Its number in the list.")
    text: str
    owner: str = Field(description="Who put it first, as the plan says.")
    solutions: list[int] = Field(description="What answers it.")


class UptakeOut(Schema):
    """What one unit chose about one task. No record: it has not chosen."""

    id: int
    version: int = Field(description="Goes up with every other choice.")
    task: int
    unit: UnitRef
    choice: Uptake
    reason: str = Field(description="Why the unit does not take it up.")
    own_plan: int | None = Field(description="The unit's own plan, where you see it.")
    chosen_by: PersonRef
    chosen_at: dt.datetime


class LinkOut(Schema):
    """A solution that answers something."""

    id: int
    solution: int
    proposed: bool = Field(description="The reader proposed it and nobody has confirmed it.")
    confirmed_by: PersonRef | None = Field(description="Null: nobody confirmed it.")


class LinksOut(Schema):
    """The solutions that answer one thing."""

    links: list[LinkOut]


class ChoiceIn(Sent):
    """What a unit chooses about one task; `version`: of the choice you saw, 0: none yet."""

    task: Id
    choice: Uptake
    version: Annotated[int, Field(ge=0, le=GREATEST, strict=True, description="Of the choice you saw; 0: none yet.")]
    reason: Annotated[Text, Field(max_length=20_000, description="Needed where the unit does not take it up.")] = ""
    own_plan: Id | None = Field(default=None, description="The unit's own plan by which it takes the task up.")


class Choices(Sent):
    """What one unit chooses: all is saved, or nothing."""

    unit: Id
    choices: Annotated[list[ChoiceIn], Field(min_length=1, max_length=MOST_ROWS)]


class ChoicesChanged(Schema):
    """How many choices are new or other than before."""

    changed: int


class Answered(Sent):
    """The solutions that answer it; `seen` are those that did when you read it."""

    solutions: Annotated[list[Id], Field(max_length=MOST_ROWS)]
    seen: Annotated[
        list[Id],
        Field(
            max_length=MOST_ROWS,
            description="The solutions that answered it when you read it; stands instead of If-Match.",
        ),
    ]


class LinkAct(Sent):
    """What becomes of one link."""

    act: Literal["confirm", "remove"]


@router.get(
    "/plans/{pk}/tasks", response=reads(page_of(TaskOut, "TaskPage")), summary="List the priority tasks of a plan"
)
def task_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the priority tasks of a plan with the solutions that answer each."""
    plan = plan_seen(request.user, pk)
    return page(request, PriorityTask.objects.filter(plan=plan), asked, TaskOut, _task_lines)


@router.get(
    "/plans/{pk}/uptake",
    response=reads(page_of(UptakeOut, "UptakePage")),
    summary="List what units chose of a plan's tasks",
)
def uptake_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what the units you see chose about the tasks of a plan."""
    plan, user = plan_seen(request.user, pk), request.user
    units = units_shown(plan, user, clock.today()).order_by().values("pk")
    rows = TaskUptake.objects.filter(priority_task__plan=plan, unit__in=units).select_related("unit", "chosen_by")
    return page(request, rows, asked, UptakeOut, lambda found: _uptake_lines(found, user))


@router.post(
    "/plans/{pk}/uptake", response=writes(ChoicesChanged), openapi_extra=KEYED, summary="Choose tasks for a unit"
)
def choose(request: Call, pk: Pk, sent: Choices) -> Any:
    """Say which tasks of a plan a unit takes up, and why it does not take up others."""

    def run() -> Any:
        plan = plan_seen(request.user, pk)
        unit = unit_seen(request.user, sent.unit)
        require(may_choose(request.user, unit))
        require_status(plan, PlanStatus.PUBLISHED)
        unit = named(units_choosing(plan, request.user, clock.today()), unit.pk, "unit")
        chosen = _choices(request.user, plan, unit, sent.choices)
        return done({"changed": choose_tasks(plan=plan, unit=unit, by=request.user, choices=chosen)}, ChoicesChanged)

    return once(request, run)


@router.get(
    "/plans/{pk}/links/{kind}/{record}",
    response=reads(LinksOut),
    summary="Show which solutions answer a shortcoming or task",
)
def links(request: Call, pk: Pk, kind: LinkKind, record: Pk) -> Any:
    """Show which solutions answer a shortcoming or task of a plan."""
    plan = plan_seen(request.user, pk)
    return _links(kind, _target(request.user, plan, kind, record))


@router.post(
    "/plans/{pk}/links/{kind}/{record}",
    response=writes(LinksOut),
    openapi_extra=KEYED,
    summary="Choose which solutions answer a shortcoming or task",
)
def set_links(request: Call, pk: Pk, kind: LinkKind, record: Pk, sent: Answered) -> Any:
    """Choose which solutions answer a shortcoming or task. `seen` stands instead of If-Match."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.DRAFT, PlanStatus.PUBLISHED)
        target = _target(request.user, plan, kind, record)
        chosen = list(Solution.objects.filter(plan=plan, pk__in=sent.solutions))
        words, there = _("The plan has no solution %(id)s."), {solution.pk for solution in chosen}
        if missing := [words % {"id": pk_} for pk_ in sent.solutions if pk_ not in there]:
            raise ValidationError({"body.solutions": missing})
        actions.set_solutions(target=target, solutions=chosen, by=request.user, expected=set(sent.seen))
        return _links(kind, target)

    return once(request, run)


@router.post(
    "/plans/{pk}/links/{kind}/{link}/act",
    response=writes(ChoicesChanged),
    openapi_extra=KEYED,
    summary="Confirm or remove a link",
)
def link_act(request: Call, pk: Pk, kind: LinkKind, link: Pk, sent: LinkAct) -> Any:
    """Confirm one link that the reader proposed, or remove one."""

    def run() -> Any:
        plan = plan_run(request.user, pk, *PlanStatus)
        found: Any = _table(kind).objects.filter(pk=link, solution__plan=plan).select_related("solution__plan").first()
        if found is None:
            raise Http404
        if sent.act == "confirm":
            actions.confirm_link(link=found, by=request.user)
        else:
            actions.remove_link(link=found, by=request.user)
        return done({"changed": 1}, ChoicesChanged)

    return once(request, run)


def _table(kind: str) -> Any:
    return SolutionShortcoming if kind == "shortcoming" else SolutionTask


def _target(user: User, plan: Plan, kind: str, pk: int) -> Any:
    rows: Any = shortcomings_of(plan, user) if kind == "shortcoming" else plan.priority_tasks.all()
    return get_object_or_404(rows, pk=pk)


def _links(kind: str, target: Any) -> Any:
    column = "shortcoming" if kind == "shortcoming" else "prioritytask"
    rows = _table(kind).objects.filter(**{column: target}).select_related("confirmed_by").order_by("pk")
    lines = [
        {**facts(row, "proposed"), "solution": row.solution_id, "confirmed_by": person_ref(row.confirmed_by)}
        for row in rows
    ]
    return done({"links": lines}, LinksOut)


def _choices(user: User, plan: Plan, unit: Unit, sent: Sequence[ChoiceIn]) -> list[Choice]:
    """Return the choices as the act takes them; refuse tasks of other plans and plans of other units."""
    tasks = PriorityTask.objects.select_related("plan").filter(plan=plan).in_bulk([row.task for row in sent])
    words = _("The plan has no task %(id)s.")
    if missing := [words % {"id": row.task} for row in sent if row.task not in tasks]:
        raise ValidationError({"body.choices": missing})
    own = Plan.objects.visible_to(user).filter(issuing_unit=unit).exclude(pk=plan.pk)
    plans = own.in_bulk([row.own_plan for row in sent if row.own_plan])
    if any(row.own_plan and row.own_plan not in plans for row in sent):
        raise ActionRefused(_("Choose a plan of the unit."))
    return [
        Choice(tasks[row.task], row.choice, row.version, row.reason, plans[row.own_plan] if row.own_plan else None)
        for row in sent
    ]


def _task_lines(rows: Sequence[PriorityTask]) -> list[dict[str, Any]]:
    """Return tasks as told; one query for what answers them."""
    answers: dict[int, list[int]] = defaultdict(list)
    found = SolutionTask.objects.filter(prioritytask__in=rows).order_by("solution__ordinal")
    for task, solution in found.values_list("prioritytask_id", "solution_id"):
        answers[task].append(solution)
    return [
        {**facts(row, "list_kind", "ordinal", "text", "owner"), "plan": row.plan_id, "solutions": answers[row.pk]}
        for row in rows
    ]


def _uptake_lines(rows: Sequence[TaskUptake], user: User) -> list[dict[str, Any]]:
    """Return choices as told; one query for the own plans among them that the caller sees."""
    own = {row.own_plan_id for row in rows} - {None}
    shown = set(Plan.objects.visible_to(user).filter(pk__in=own).values_list("pk", flat=True))
    return [
        {
            **facts(row, "version", "choice", "reason", "chosen_at"),
            "task": row.priority_task_id,
            "unit": unit_ref(row.unit),
            "own_plan": row.own_plan_id if row.own_plan_id in shown else None,
            "chosen_by": person_ref(row.chosen_by),
        }
        for row in rows
    ]
