"""Priority tasks of a plan: what answers each, which units take it up, and how far the work is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.enums import Uptake
from plans.models import Deadline, Plan, PriorityTask, SolutionTask, TaskUptake
from plans.standing import standing_plans
from plans.statistics import Figures, counts, figures_by
from units.access import paths_with, within
from units.models import Unit, UnitKind, User
from units.permissions import Permission
from units.querysets import UnitQuerySet

#: What the list of units can be narrowed to.
CHOSEN: Final[dict[str, str | Promise]] = {
    "unchosen": _("have not chosen yet"),
    "taken": _("take up at least one"),
    "none": _("take up none"),
}
#: The same for one task.
CHOSEN_OF_TASK: Final[dict[str, str | Promise]] = {
    "unchosen": _("have not chosen yet"),
    "taken": _("take it up"),
    "not_taken": _("don't take it up"),
}


def tasks_of(plan: Plan) -> QuerySet[PriorityTask]:
    """Return the tasks of a plan as plans list them: the focus tasks, then the breakthroughs."""
    return PriorityTask.objects.filter(plan=plan).order_by("-list_kind", "ordinal")


def units_reached(plan: Plan, today: dt.date) -> UnitQuerySet:
    """Return the units a plan reaches, which choose its tasks: those that owe its work or are of a kind it names.

    Below the issuer only, and without its departments, which carry the plan out for the issuer itself.
    """
    owing = Deadline.objects.filter(plan=plan).order_by().values("unit")
    kinds = UnitKind.objects.filter(owed_schedules__solution__plan=plan).order_by().values("pk")
    issuer = plan.issuing_unit
    below = Unit.objects.in_force(today).filter(path__range=(issuer.path, issuer.path_end), kind__has_subtree=True)
    found: UnitQuerySet = below.filter(Q(pk__in=owing) | Q(kind__in=kinds)).exclude(pk=issuer.pk)
    return found


def units_shown(plan: Plan, user: User, today: dt.date) -> UnitQuerySet:
    """Return the units reached that `user` sees: the own subtree, or all in a plan whose standing unit is theirs."""
    units = units_reached(plan, today)
    if plan.pk in standing_plans(user):
        return units
    found: UnitQuerySet = units.filter(within("path", paths_with(user, Permission.VIEW)))
    return found


def units_choosing(plan: Plan, user: User, today: dt.date) -> UnitQuerySet:
    """Return the units reached for which `user` chooses: where they report or run the plans."""
    paths = paths_with(user, Permission.REPORT) + paths_with(user, Permission.MANAGE_PLANS)
    found: UnitQuerySet = units_reached(plan, today).filter(within("path", sorted(set(paths))))
    return found


def may_choose(user: User, unit: Unit) -> bool:
    """Return whether `user` chooses tasks for `unit`: who reports for it, or runs its plans."""
    return user.may(Permission.REPORT, unit) or user.may(Permission.MANAGE_PLANS, unit)


def with_choices(units: UnitQuerySet, plan: Plan) -> UnitQuerySet:
    """Return `units` with `chosen` and `taken`: about how many tasks of the plan each has chosen."""
    rows = TaskUptake.objects.filter(unit=OuterRef("pk"), priority_task__plan=plan).order_by().values("unit")

    def number(found: QuerySet[Any]) -> Coalesce:
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n")), 0)

    counted: UnitQuerySet = units.annotate(chosen=number(rows), taken=number(rows.filter(choice=Uptake.TAKEN)))
    return counted


def narrowed(units: UnitQuerySet, choice: str, *, tasks: int, task: PriorityTask | None) -> UnitQuerySet:
    """Return those of `units` (`with_choices`) that chose so: about one task, or about all `tasks` of the plan."""
    found: UnitQuerySet
    if task is not None:
        rows = TaskUptake.objects.filter(unit=OuterRef("pk"), priority_task=task)
        about_it = {
            "unchosen": ~Exists(rows),
            **{value: Exists(rows.filter(choice=value)) for value in Uptake.values},
        }
        found = units.filter(about_it[choice]) if choice in about_it else units
        return found
    conditions = choice_conditions(tasks)
    found = units.filter(conditions[choice]) if choice in conditions else units
    return found


def choice_conditions(tasks: int) -> dict[str, Q]:
    """Return what a unit `with_choices` fulfils to be counted under each heading of `CHOSEN`."""
    return {
        "unchosen": Q(chosen__lt=tasks),
        "taken": Q(taken__gt=0),
        "none": Q(chosen=tasks, taken=0),
    }


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A solution that answers a task or shortcoming, and how sure that is."""

    link_pk: int
    solution_id: int
    ordinal: int
    text: str
    proposed: bool
    confirmed_by: str

    @property
    def awaits(self) -> bool:
        """Return whether a person still has to confirm it."""
        return self.proposed and not self.confirmed_by


@dataclass(slots=True)
class TaskRow:
    """One task with what answers it, how far that is, and how many units take it up."""

    task: PriorityTask
    answers: list[AnswerView]
    figures: Figures = field(default_factory=Figures)
    choices: dict[str, int] = field(default_factory=dict)
    reached: int = 0

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """Return how many units take it up, don't, and have not chosen, with the names of the filter."""
        unchosen = self.reached - sum(self.choices.values())
        return [*((value, self.choices.get(value, 0)) for value in Uptake.values), ("unchosen", unchosen)]


@dataclass(frozen=True, slots=True)
class TaskCell:
    """What one unit chose about one task, and how far it is with the work that answers it."""

    task_id: int
    uptake: TaskUptake | None
    done: int
    total: int
    overdue: int
    plan_shown: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with a cell for each task."""

    unit: Unit
    cells: list[TaskCell]
    may_choose: bool


def answers_of(links: Any, column: str) -> dict[int, list[AnswerView]]:
    """Return the links of a queryset by their other end; one query."""
    found: dict[int, list[AnswerView]] = defaultdict(list)
    rows = links.order_by("solution__ordinal").values_list(
        column, "pk", "solution_id", "solution__ordinal", "solution__text", "proposed", "confirmed_by__full_name"
    )
    for other, link, solution, ordinal, text, proposed, name in rows:
        found[other].append(AnswerView(link, solution, ordinal, text, proposed, name or ""))
    return found


def task_rows(plan: Plan, deadlines: QuerySet[Deadline], units: UnitQuerySet, *, today: dt.date) -> list[TaskRow]:
    """Return the tasks of a plan in order; five queries. `deadlines` and `units` are what the person sees."""
    tasks = list(tasks_of(plan))
    answers = answers_of(SolutionTask.objects.filter(solution__plan=plan), "prioritytask_id")
    figures = figures_by(deadlines, "solution_id", today=today)
    reached = units.order_by().values("pk")
    counted = TaskUptake.objects.filter(priority_task__plan=plan, unit__in=reached).order_by()
    choices: dict[int, dict[str, int]] = defaultdict(dict)
    for task, choice, number in counted.values_list("priority_task", "choice").annotate(n=Count("pk")):
        choices[task][choice] = number
    number = units.order_by().count()
    return [TaskRow(t, answers[t.pk], _sum(figures, answers[t.pk]), choices[t.pk], number) for t in tasks]


def _sum(figures: dict[Any, Figures], answers: Iterable[AnswerView]) -> Figures:
    return sum((figures[a.solution_id] for a in answers if a.solution_id in figures), Figures())


def unit_rows(
    units: list[Unit], rows: list[TaskRow], deadlines: QuerySet[Deadline], *, user: User, today: dt.date
) -> list[UnitRow]:
    """Return the units of one page, each with a cell for every task; three queries."""
    tasks = [row.task for row in rows]
    chosen = TaskUptake.objects.filter(priority_task__in=tasks, unit__in=units).select_related("own_plan")
    uptakes = {(u.unit_id, u.priority_task_id): u for u in chosen}
    plans = {u.own_plan_id for u in uptakes.values() if u.own_plan_id}
    shown = set(Plan.objects.visible_to(user).filter(pk__in=plans).values_list("pk", flat=True))
    solutions = {a.solution_id for row in rows for a in row.answers}
    figures = _figures_by_two(deadlines.filter(unit__in=units, solution__in=solutions), today)
    return [
        UnitRow(
            unit,
            [_cell(unit, row, uptakes.get((unit.pk, row.task.pk)), figures, shown) for row in rows],
            may_choose(user, unit),
        )
        for unit in units
    ]


def _figures_by_two(deadlines: QuerySet[Deadline], today: dt.date) -> dict[tuple[int, int], Figures]:
    """Return the figures per unit and solution; one grouped query."""
    found: dict[tuple[int, int], Figures] = {}
    for row in deadlines.order_by().values("unit_id", "solution_id").annotate(**counts(today)):
        values: dict[str, Any] = dict(row)
        key = (values.pop("unit_id"), values.pop("solution_id"))
        found[key] = Figures(**values)
    return found


def _cell(
    unit: Unit,
    row: TaskRow,
    uptake: TaskUptake | None,
    figures: dict[tuple[int, int], Figures],
    shown: set[int],
) -> TaskCell:
    of_unit = {
        a.solution_id: figures[unit.pk, a.solution_id] for a in row.answers if (unit.pk, a.solution_id) in figures
    }
    total = sum(of_unit.values(), Figures())
    plan_shown = bool(uptake and uptake.own_plan_id in shown)
    return TaskCell(row.task.pk, uptake, total.done, total.total, total.overdue, plan_shown)
