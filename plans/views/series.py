"""A published commitment: its page, and its changes. Each change is shown first, then made as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import rescheduling, series
from plans.changes import Change
from plans.check_page import Calendar
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.forms.series import CommitmentForm, DaysOffForm, MoveForm
from plans.models import Deadline, Plan, Schedule
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.rule_preview import preview_of
from plans.sentences import understood
from plans.series_page import lineage, occurrence_figures, share
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused, visible_deadline
from units.access import require

TEMPLATE = "plans/change.html"
SHOWN = 200  # lines of each kind of change on a page


@require_safe
def commitment(request: Request, pk: int, schedule_pk: int) -> HttpResponse:
    """Show one commitment: what it means, who owes it, what became of each occurrence."""
    plan = visible_plan(request, pk)
    require(plan.status != PlanStatus.DRAFT)
    found = _schedule(plan, schedule_pk)
    rows = Deadline.objects.visible_to(request.user).filter(schedule=found)
    figures = occurrence_figures(rows, today=clock.today())
    owed, made = sum(o.owed for o in figures), sum(o.done for o in figures)
    before, after = lineage(found)
    calendar = Calendar(plan, clock.today())
    calendar.look_up([found])
    context = {
        "plan": plan,
        "schedule": found,
        "sentence": understood(found, days_off_move=plan.days_off_move),
        "days": calendar.words(found),
        "before": [(s, understood(s)) for s in before],
        "after": [(s, understood(s)) for s in after],
        "figures": figures,
        "owed": owed,
        "made": made,
        "share": share(made, owed),
        "may_manage": may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED,
    }
    return render(request, "plans/commitment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int, schedule_pk: int) -> HttpResponse:
    """Change a published commitment: this and later occurrences, or as a whole what comes once."""
    plan = _managed(request, pk)
    stored = _schedule(plan, schedule_pk)
    form = _form(request, plan, _schedule(plan, schedule_pk), {"from_key": request.GET.get("from", "")})
    context: dict[str, Any] = {
        "title": _("Change a commitment"),
        "lead": str(stored.solution),
        "crumbs": [*_crumbs(plan), (_("Commitment"), _page(stored, plan)), (_("Change"), None)],
        "cancel": _page(stored, plan),
        "note": understood(stored, days_off_move=plan.days_off_move),
        **amending(plan),
    }
    amendment = context["amendment"]
    return staged(
        request,
        form,
        context,
        preview=lambda facts: series.preview_commitment(schedule=stored, by=request.user, **facts),
        act=lambda facts: series.change_commitment(schedule=stored, by=request.user, amendment=amendment, **facts),
        words=_("The commitment is changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Add a commitment to a solution of a published plan."""
    plan = _managed(request, pk)
    solution = get_object_or_404(plan.solutions.filter(dropped_at__isnull=True), pk=solution_pk)
    context: dict[str, Any] = {
        "title": _("Add a commitment"),
        "lead": str(solution),
        "crumbs": [*_crumbs(plan), (_("Add a commitment"), None)],
        "cancel": f"{plan.get_absolute_url()}#solution-{solution.pk}",
        **amending(plan),
    }
    amendment = context["amendment"]
    return staged(
        request,
        _form(request, plan, None, {}),
        context,
        preview=lambda facts: series.preview_added(solution=solution, by=request.user, **facts),
        act=lambda facts: series.add_commitment(solution=solution, by=request.user, amendment=amendment, **facts),
        words=_("The commitment is added."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Give this occurrence another last day: one unit's, or that of every unit that owes it."""
    row = visible_deadline(request.user, pk)
    plan = _managed(request, row.plan_id)
    form = MoveForm(request.POST or None, deadline=row, initial={"due_on": row.due_on})
    context: dict[str, Any] = {
        "title": _("Move the last day"),
        "lead": f"{row.unit.label} – {row.solution.text[:160]}",
        "cancel": row.get_absolute_url(),
        "deadline": row,
        **amending(plan),
    }
    amendment = context["amendment"]
    return staged(
        request,
        form,
        context,
        preview=lambda facts: rescheduling.preview_reschedule(deadline=row, by=request.user, **facts),
        act=lambda facts: rescheduling.reschedule(deadline=row, by=request.user, amendment=amendment, **facts),
        words=_("The last day is moved."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def days_off(request: Request, pk: int) -> HttpResponse:
    """Say of a published plan whether a day off moves to the next working day."""
    plan = _managed(request, pk)
    form = DaysOffForm(request.POST or None, initial={"moves": not plan.days_off_move})
    context = {
        "title": _("Days off in this plan"),
        "lead": str(plan),
        "crumbs": [*_crumbs(plan), (_("Days off"), None)],
        "cancel": plan.get_absolute_url(),
        "note": _("So far a day off moves to the next working day.")
        if plan.days_off_move
        else _("So far a deadline on a day off stays on it."),
    }
    return staged(
        request,
        form,
        context,
        preview=lambda facts: rescheduling.preview_days_off_move(plan=plan, by=request.user, **facts),
        act=lambda facts: rescheduling.set_days_off_move(plan=plan, by=request.user, **facts),
        words=_("The setting of the plan is changed."),
    )


def staged(
    request: Request,
    form: Any,
    context: dict[str, Any],
    *,
    preview: Callable[[dict[str, Any]], Change],
    act: Callable[[dict[str, Any]], object],
    words: str,
) -> HttpResponse:
    """Show a form; then what it would change; then make the change that was shown."""
    context |= {"form": form, "shown": SHOWN, "action": request.get_full_path()}
    if "preview" in request.POST or request.method != "POST":
        if isinstance(form, CommitmentForm):
            context["preview"] = preview_of(form, form.plan, clock.today())
        template = "plans/rule_preview.html" if request.htmx and "preview" in request.POST else TEMPLATE
        return render(request, template, context)
    if isinstance(form, CommitmentForm):
        context["preview"] = preview_of(form, form.plan, clock.today())
    if not form.is_valid():
        return render(request, TEMPLATE, context, status=422)
    applying = request.POST.get("act") == "apply"
    try:
        if applying:
            facts = form.facts() | {"reason": form.cleaned_data["reason"], "expected": request.POST.get("digest", "")}
            act(facts)
            done(request, words)
            return redirect(context["cancel"])
        context["change"] = preview(form.facts())
    except Stale as refusal:
        return _shown_again(request, form, context, refusal, preview)
    except ActionRefused as refusal:
        return refused(request, TEMPLATE, context, refusal)
    return render(request, TEMPLATE, context)


def _shown_again(
    request: Request, form: Any, context: dict[str, Any], refusal: Stale, preview: Callable[[dict[str, Any]], Change]
) -> HttpResponse:
    """Show what would be changed by now; nothing was."""
    try:
        context["change"] = preview(form.facts())
    except ActionRefused as other:
        return refused(request, TEMPLATE, context, other)
    return refused(request, TEMPLATE, context, refusal)


def amending(plan: Plan) -> dict[str, Any]:
    """Return for a page the amendment that is open: what is changed now becomes part of it; one query."""
    return {"amendment": plan.amendments.filter(issued_at__isnull=True).first()}


def _managed(request: Request, pk: int) -> Plan:
    """Return a plan being followed up that the person runs; else 404."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED)
    return plan


def _schedule(plan: Plan, pk: int) -> Schedule:
    rows = Schedule.objects.filter(solution__plan=plan).select_related(
        "solution__plan__issuing_unit", "solution__lead_unit", "solution__group__lead_unit"
    )
    return get_object_or_404(rows.prefetch_related("owner_units", "owner_kinds"), pk=pk)


def _form(request: Request, plan: Plan, stored: Schedule | None, initial: dict[str, Any]) -> CommitmentForm:
    today, data = clock.today(), request.POST if request.method == "POST" else None
    names = UnitNames.below(plan.issuing_unit, today)
    return CommitmentForm(
        data, instance=stored, plan=plan, names=names, by=request.user, today=today, initial=initial, auto_id="id-%s"
    )


def _page(schedule: Schedule, plan: Plan) -> str:
    return reverse("plans:commitment", args=[plan.pk, schedule.pk])


def _crumbs(plan: Plan) -> list[tuple[str, str | None]]:
    return [(_("Plans"), reverse("plans:plans")), (plan.symbol or plan.title[:60], plan.get_absolute_url())]
