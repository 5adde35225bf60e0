"""Priority tasks of a plan: what answers them, which unit takes up which, one task, and a unit's own choice."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions.uptake import choose_tasks
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.uptake import TaskChoiceForm
from plans.matrix import cells_by
from plans.models import Deadline, Plan, PriorityTask, SolutionTask, TaskUptake
from plans.paging import CappedPaginator
from plans.rights import may_manage
from plans.uptake import (
    CHOSEN,
    CHOSEN_OF_TASK,
    answers_of,
    choice_conditions,
    narrowed,
    task_rows,
    tasks_of,
    unit_rows,
    units_choosing,
    units_shown,
    with_choices,
)
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, done
from units.access import own_paths, paths_with, require
from units.models import Unit
from units.permissions import Permission

UNITS_A_PAGE = 50
UNITS_OFFERED = 200
PLANS_OFFERED = 50
EVERY_UNIT = "all"


@require_safe
def tasks(request: Request, pk: int) -> HttpResponse:
    """Show tasks × solutions, then units × tasks; the units can be narrowed to what they chose."""
    plan, today = visible_plan(request, pk), clock.today()
    mine = Deadline.objects.visible_to(request.user).filter(plan=plan)
    units = with_choices(units_shown(plan, request.user, today), plan)
    rows = task_rows(plan, mine, units, today=today)
    task = next((row.task for row in rows if str(row.task.pk) == request.GET.get("task")), None)
    words = CHOSEN_OF_TASK if task else CHOSEN
    choice = request.GET.get("choice", "") if request.GET.get("choice") in words else ""
    sums = {f"n_{name}": Count("pk", filter=condition) for name, condition in choice_conditions(len(rows)).items()}
    counts = units.order_by().aggregate(n_all=Count("pk"), **sums)
    page = CappedPaginator(narrowed(units, choice, tasks=len(rows), task=task), UNITS_A_PAGE).get_page(
        request.GET.get("page")
    )
    manages = may_manage(request.user, plan)
    context = {
        "plan": plan,
        "current": "tasks",
        "may_manage": manages,
        "may_link": manages and plan.status != PlanStatus.CLOSED,
        "rows": rows,
        "proposed": sum(a.awaits for row in rows for a in row.answers),
        "page": page,
        "units": unit_rows(list(page.object_list), rows, mine, user=request.user, today=today),
        "counts": [(key, label, counts[f"n_{key}"]) for key, label in CHOSEN.items()],
        "all_units": counts["n_all"],
        "choice": choice,
        "task": task,
        "narrowed": words[choice] if choice else "",
        "chooses": plan.status == PlanStatus.PUBLISHED and units_choosing(plan, request.user, today).exists(),
    }
    return render(request, "plans/tasks.html", context)


@require_safe
def task(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Show one task: the solutions that answer it × the units that owe them, each cell with its state."""
    plan, today = visible_plan(request, pk), clock.today()
    found: PriorityTask = get_object_or_404(plan.priority_tasks.all(), pk=task_pk)
    answers = answers_of(SolutionTask.objects.filter(prioritytask=found), "prioritytask_id")[found.pk]
    mine = Deadline.objects.visible_to(request.user).filter(solution__in=[a.solution_id for a in answers])
    owing = mine.order_by("unit_path").values("unit_path", "unit_id", "unit__name").distinct()
    page = CappedPaginator(owing, UNITS_A_PAGE).get_page(request.GET.get("page"))
    units = list(page.object_list)
    cells = cells_by(mine.filter(unit__in=[u["unit_id"] for u in units]), "solution", today=today)
    seen = tuple(paths_with(request.user, Permission.VIEW))
    context = {
        "plan": plan,
        "task": found,
        "answers": answers,
        "page": page,
        "rows": [
            (u, u["unit_path"].startswith(seen), [cells.get((u["unit_id"], a.solution_id)) for a in answers])
            for u in units
        ],
        "may_link": may_manage(request.user, plan) and plan.status != PlanStatus.CLOSED,
    }
    return render(request, "plans/task.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """Let a unit choose which tasks it takes up; who acts for several without one of their own names it first."""
    plan = visible_plan(request, pk)
    require(plan.status == PlanStatus.PUBLISHED)
    units = units_choosing(plan, request.user, clock.today())
    asked = request.GET.get("unit", "")
    if not asked:
        own = list(units.filter(path__in=own_paths(request.user, Permission.REPORT))[:2])
        if len(own) == 1:
            return redirect(f"{request.path}?unit={own[0].pk}")
    if asked in {"", EVERY_UNIT}:
        offered = list(with_choices(units, plan)[:UNITS_OFFERED])
        require(bool(offered))
        return render(request, "plans/tasks_unit.html", {"plan": plan, "units": offered})
    if not asked.isdecimal() or len(asked) > 18:  # noqa: PLR2004  # bigint
        raise Http404
    return _choice(request, plan, get_object_or_404(units, pk=int(asked)))


def _choice(request: Request, plan: Plan, unit: Unit) -> HttpResponse:
    """Show the tasks with what the unit chose; save what is ticked."""
    forms = _forms(request, plan, unit)
    context: dict[str, Any] = {"plan": plan, "unit": unit, "forms": forms}
    valid = [form.is_valid() for form in forms]  # every form, so that every fault is told at once
    if request.method != "POST" or not all(valid):
        return render(request, "plans/tasks_choose.html", context, status=422 if request.method == "POST" else 200)
    all_taken = request.POST.get("act") == "all"
    chosen = [c for form in forms if (c := form.chosen(all_taken=all_taken))]
    try:
        count = choose_tasks(plan=plan, unit=unit, by=request.user, choices=chosen)
    except ActionRefused as why:
        context["error"] = why.message
        return render(request, "plans/tasks_choose.html", context, status=why.status)
    words = ngettext("%(count)d choice is saved.", "%(count)d choices are saved.", count) % {"count": count}
    done(request, words if count else _("Nothing was changed."))
    return redirect(reverse("plans:tasks", args=[plan.pk]))


def _forms(request: Request, plan: Plan, unit: Unit) -> list[TaskChoiceForm]:
    """Return a form a task; the unit's own plan that stands below this one, or its only one, is chosen beforehand."""
    stored = {u.priority_task_id: u for u in TaskUptake.objects.filter(priority_task__plan=plan, unit=unit)}
    own = Plan.objects.visible_to(request.user).filter(issuing_unit=unit).exclude(pk=plan.pk)
    plans = list(own.order_by("-pk")[:PLANS_OFFERED])
    below = [p for p in plans if p.parent_id == plan.pk]
    usual = below[0].pk if below else plans[0].pk if len(plans) == 1 else None
    data = posted(request)
    return [TaskChoiceForm(data, task=t, stored=stored.get(t.pk), plans=plans, usual=usual) for t in tasks_of(plan)]
