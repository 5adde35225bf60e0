"""The life of a plan: its page, closing and opening again, the copy into a later year, a past day beside now."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import closing as closing_acts
from plans.actions import next_year as next_year_acts
from plans.closing_page import what_is_open
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.life import CloseForm, CompareForm, NextYearForm, ReopenForm
from plans.life_page import compare_with, life_of, sees_whole
from plans.models import PlanClosing
from plans.rights import may_issue_for, may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, as_download, done, refused
from units import audit
from units.access import require
from units.models.audit import AuditAction


@require_safe
def life(request: Request, pk: int) -> HttpResponse:
    """Show the steps of a plan's life, and the acts offered to who may do them."""
    plan = visible_plan(request, pk)
    return render(request, "plans/life.html", {"plan": plan, **life_of(plan, request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    """Show what is still open, take the final report, close a published plan."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED)
    open_now = what_is_open(plan, today=clock.today())
    files = request.FILES if request.method == "POST" else None
    form = CloseForm(posted(request), files, undone=open_now.undone)
    context = {
        "form": form,
        "plan": plan,
        "open_now": open_now,
        "title": _("Close the plan"),
        "lead": plan.title,
        "submit": _("Close the plan"),
        "cancel": reverse("plans:plan", args=[plan.pk]),
        "upload": True,
        "danger": True,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "plans/close.html", context, status=422 if form.is_bound else 200)
    choices = {name: form.cleaned_data.get(name, "") for name in ("open_work", "reason")}
    try:
        closing_acts.close_plan(plan=plan, by=request.user, report=form.report(), **choices)
    except ActionRefused as refusal:
        return refused(request, "plans/close.html", context, refusal)
    done(request, _("The plan is closed."))
    return redirect("plans:plan", plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed plan again, with a reason."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.CLOSED)
    form = ReopenForm(posted(request))
    context = {
        "form": form,
        "title": _("Open the plan again"),
        "lead": str(plan),
        "note": _("It is followed up and reminded as before. What was called off at its closing stays so."),
        "submit": _("Open it again"),
        "cancel": reverse("plans:life", args=[plan.pk]),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "plans/life_form.html", context, status=422 if form.is_bound else 200)
    try:
        closing_acts.reopen_plan(plan=plan, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, "plans/life_form.html", context, refusal)
    done(request, _("The plan is open again."))
    return redirect("plans:life", plan.pk)


@require_safe
def final_report(request: Request, pk: int, closing_pk: int) -> HttpResponseBase:
    """Send the file of a final report, to who sees the whole plan."""
    plan = visible_plan(request, pk)
    require(sees_whole(request.user, plan))
    found = get_object_or_404(PlanClosing.objects.exclude(file=""), pk=closing_pk, plan=plan)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if request.method == "GET":  # HEAD reads nothing
        unit = plan.issuing_unit_id
        audit.record(AuditAction.DOWNLOADED, by=request.user, obj=found, plan_id=plan.pk, unit_id=unit)
    return as_download(file, found.original_name)


@require_http_methods(["GET", "HEAD", "POST"])
def next_year(request: Request, pk: int) -> HttpResponse:
    """Copy a plan into a later year as a draft."""
    plan = visible_plan(request, pk)
    require(may_issue_for(request.user, plan.issuing_unit) and plan.status != PlanStatus.DRAFT)
    usual = next_year_acts.usual_next_year(plan)
    made = list(plan.copies.order_by("period_start", "pk"))
    form = NextYearForm(posted(request), copied=bool(made), initial={"year": usual})
    context = {
        "form": form,
        "form_key": key_for_form(request),
        "title": _("Copy into a later year"),
        "lead": str(plan),
        "submit": _("Make the draft"),
        "cancel": reverse("plans:life", args=[plan.pk]),
        "made": made,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "plans/next_year.html", context, status=422 if form.is_bound else 200)
    year, again = form.cleaned_data["year"], form.cleaned_data.get("again", False)
    try:
        draft = next_year_acts.copy_to_next_year(
            plan=plan, year=year, by=request.user, again=again, key=key_of(request)
        )
    except ActionRefused as refusal:
        return refused(request, "plans/next_year.html", context, refusal)
    done(request, _("The draft for %(year)s is there. Look at what is marked as unsure.") % {"year": year})
    return redirect("plans:check", draft.pk)


@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """Show a plan on a past day beside now."""
    plan, today = visible_plan(request, pk), clock.today()
    require(plan.status != PlanStatus.DRAFT)
    form = CompareForm(request.GET or None, plan=plan, today=today)
    context: dict[str, object] = {"plan": plan, "form": form}
    if not form.is_bound:
        return render(request, "plans/compare.html", context)
    if not form.is_valid():
        return render(request, "plans/compare.html", context, status=422)
    context["found"] = compare_with(plan, form.cleaned_data["day"], user=request.user, today=today)
    return render(request, "plans/compare.html", context)
