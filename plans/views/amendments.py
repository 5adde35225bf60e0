"""Amendments of a published plan: opening, changing records under one, issuing it, and its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import amendments as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.life import (
    AmendmentForm,
    AmendSolutionForm,
    DropForm,
    IssueAmendmentForm,
    NewSolutionForm,
    PeriodEndForm,
)
from plans.labels import plan_period_label
from plans.life_page import changes_of, sees_whole, versions_of
from plans.models import Plan, PlanAmendment, Solution
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.sent import key_for_form, key_of
from plans.views.series import staged
from plans.views.shared import Request, done, refused
from units.access import require

FORM = "plans/life_form.html"


@require_safe
def amendment(request: Request, pk: int) -> HttpResponse:
    """Show an amendment: each change before and after; while it is open, what can be changed under it."""
    row = _visible(request, pk)
    manages = may_manage(request.user, row.plan) and row.plan.status == PlanStatus.PUBLISHED
    whole = sees_whole(request.user, row.plan)
    context = {
        "row": row,
        "plan": row.plan,
        "changes": changes_of(versions_of(row.plan, request.user).filter(amendment=row), whole=whole),
        "edits": manages and row.is_open,
        "period": plan_period_label(row.plan.period_start, row.plan.period_end),
    }
    if context["edits"]:
        context["solutions"] = list(row.plan.solutions.filter(dropped_at__isnull=True).prefetch_related("schedules"))
    return render(request, "plans/amendment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_new(request: Request, pk: int) -> HttpResponse:
    """Open an amendment of a published plan."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED)
    form = AmendmentForm(posted(request))
    context = {
        "form": form,
        "form_key": key_for_form(request),
        "title": _("Amend the plan"),
        "lead": str(plan),
        "note": _(
            "Open the amendment first, then change what it changes. Each change is shown before it is made; it counts "
            "at once and its units are told. At the end you issue the amendment with its number and day."
        ),
        "submit": _("Open the amendment"),
        "cancel": reverse("plans:life", args=[plan.pk]),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if form.is_bound else 200)
    try:
        row = actions.open_amendment(plan=plan, by=request.user, key=key_of(request), **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The amendment is open. Change what it changes, then issue it."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, pk: int) -> HttpResponse:
    """Give an amendment its document."""
    row = _editable(request, pk)
    form = IssueAmendmentForm(posted(request), initial={"issued_on": clock.today()})
    context = _context(row, form, _("Issue the amendment"), _("Issue"))
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if form.is_bound else 200)
    try:
        actions.issue_amendment(amendment=row, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The amendment is issued."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Ask once, then throw away an amendment under which nothing was changed."""
    row = _editable(request, pk)
    if request.method != "POST":
        return render(request, "plans/amendment_discard.html", {"row": row})
    try:
        actions.discard_amendment(amendment=row, by=request.user)
    except ActionRefused as refusal:
        context = {"row": row, "error": refusal.message}
        return render(request, "plans/amendment_discard.html", context, status=refusal.status)
    done(request, _("The amendment is gone."))
    return redirect("plans:life", row.plan_id)


@require_http_methods(["GET", "HEAD", "POST"])
def solution(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Change the words, lead or support of a solution."""
    row = _editable(request, pk)
    stored = _solution(row, solution_pk)
    form = AmendSolutionForm(posted(request), instance=_solution(row, solution_pk), **_names(request, row.plan))
    about: dict[str, Any] = {"solution": stored, "by": request.user, "amendment": row}
    return staged(
        request,
        form,
        {**_context(row, form, _("Change a solution"), ""), "lead": str(stored), "names": form},
        preview=lambda facts: actions.preview_amended_solution(**about, **facts),
        act=lambda facts: actions.amend_solution(**about, **facts),
        words=_("The solution is changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def solution_add(request: Request, pk: int) -> HttpResponse:
    """Add a solution, then go on to its first commitment."""
    row = _editable(request, pk)
    form = NewSolutionForm(posted(request), **_names(request, row.plan))
    context = {
        **_context(row, form, _("Add a solution"), _("Add it and go on to its commitment")),
        "form_key": key_for_form(request),
        "names": form,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if form.is_bound else 200)
    facts = {"values": form.values(), "reason": form.cleaned_data["reason"], "key": key_of(request)}
    try:
        made = actions.add_solution(plan=row.plan, by=request.user, amendment=row, **facts)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The solution is added. Now say by when, and who owes it."))
    return redirect("plans:commitment_add", row.plan_id, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def solution_drop(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Drop a solution: what is open is called off."""
    row = _editable(request, pk)
    stored, form = _solution(row, solution_pk), DropForm(posted(request))
    about: dict[str, Any] = {"solution": stored, "by": request.user, "amendment": row}
    return staged(
        request,
        form,
        {**_context(row, form, _("Drop a solution"), ""), "lead": str(stored)},
        preview=lambda facts: actions.preview_dropped_solution(**about, **facts),
        act=lambda facts: actions.drop_solution(**about, **facts),
        words=_("The solution is dropped."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def period(request: Request, pk: int) -> HttpResponse:
    """Let the plan end on another day."""
    row = _editable(request, pk)
    form = PeriodEndForm(posted(request), initial={"period_end": row.plan.period_end})
    about: dict[str, Any] = {"plan": row.plan, "by": request.user, "amendment": row}
    so_far = plan_period_label(row.plan.period_start, row.plan.period_end)
    return staged(
        request,
        form,
        {**_context(row, form, _("Change the period"), ""), "note": so_far},
        preview=lambda facts: actions.preview_amended_period(**about, **facts),
        act=lambda facts: actions.amend_period(**about, **facts),
        words=_("The period of the plan is changed."),
    )


def _visible(request: Request, pk: int) -> PlanAmendment:
    """Return an amendment of a plan that the person sees; one that is open only who runs the plan; else 404."""
    row = get_object_or_404(PlanAmendment.objects.select_related("made_by", "issued_by"), pk=pk)
    row.plan = visible_plan(request, row.plan_id)
    require(not row.is_open or may_manage(request.user, row.plan))
    return row


def _editable(request: Request, pk: int) -> PlanAmendment:
    row = _visible(request, pk)
    manages = may_manage(request.user, row.plan) and row.plan.status == PlanStatus.PUBLISHED
    require(manages and row.is_open)
    return row


def _solution(row: PlanAmendment, pk: int) -> Solution:
    rows = row.plan.solutions.filter(dropped_at__isnull=True).select_related("lead_unit", "group__lead_unit")
    found: Solution = get_object_or_404(rows, pk=pk)
    return found


def _names(request: Request, plan: Plan) -> dict[str, Any]:
    names = UnitNames.below(plan.issuing_unit, clock.today())
    return {"plan": plan, "names": names, "by": request.user, "auto_id": "id-%s"}


def _context(row: PlanAmendment, form: Any, title: str, submit: str) -> dict[str, Any]:
    label = row.plan.symbol or row.plan.title[:60]
    crumbs = [
        (_("Plans"), reverse("plans:plans")),
        (label, row.plan.get_absolute_url()),
        (_("Amendment %(number)s") % {"number": row.ordinal}, row.get_absolute_url()),
        (title, None),
    ]
    return {
        "form": form,
        "title": title,
        "lead": row.title,
        "submit": submit,
        "crumbs": crumbs,
        "cancel": row.get_absolute_url(),
    }
