"""The indicators of a published plan: the list, a changed target, one more."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import indicators as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.forms.indicators import PublishedIndicatorForm
from plans.forms.records import differences
from plans.indicator_list import indicator_rows
from plans.indicator_rights import may_enter_any
from plans.models import Indicator, Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.record_values import fingerprint
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from units.access import require

FORM = "plans/indicator_form.html"


@require_safe
def indicator_list(request: Request, pk: int) -> HttpResponse:
    """List what a plan wants reached."""
    plan = visible_plan(request, pk)
    if plan.status == PlanStatus.DRAFT:
        return redirect("plans:check", plan.pk)
    page = CappedPaginator(Indicator.objects.filter(plan=plan), PER_PAGE).get_page(request.GET.get("page"))
    rows = indicator_rows(page.object_list, plan, request.user, clock.today())
    takes_results = plan.status == PlanStatus.PUBLISHED and any(row.indicator.fed_by_id is None for row in rows)
    context = {
        "plan": plan,
        "page": page,
        "rows": rows,
        "may_manage": may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED,
        "may_import": takes_results and may_enter_any(request.user),
    }
    return render(request, "plans/indicators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int, indicator_pk: int) -> HttpResponse:
    """Change an indicator of a published plan, with a reason."""
    plan = _managed(request, pk)
    found = get_object_or_404(plan.indicators.all(), pk=indicator_pk)
    form = _form(request, plan, found)
    context = {**_context(plan, form), "title": _("Change an indicator"), "lead": str(found)}
    if request.method != "POST" or not form.is_valid():
        return _shown(request, context)
    try:
        facts = {"values": form.values(), "reason": form.cleaned_data["reason"]}
        actions.change_indicator(
            indicator=found, by=request.user, expected=form.cleaned_data["fingerprint"] or "", **facts
        )
    except Stale as refusal:
        return _both_versions(request, context, found, refusal)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The indicator is changed."))
    return _to_list(plan, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Add an indicator to a published plan, with a reason."""
    plan = _managed(request, pk)
    form = _form(request, plan, None)
    context = {**_context(plan, form), "title": _("Add an indicator"), "lead": str(plan)}
    context["form_key"] = key_for_form(request)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, context)
    try:
        facts = {"values": form.values(), "reason": form.cleaned_data["reason"]}
        added = actions.add_indicator(plan=plan, by=request.user, key=key_of(request), **facts)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The indicator is added."))
    return _to_list(plan, added.pk)


def _managed(request: Request, pk: int) -> Plan:
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED)
    return plan


def _form(request: Request, plan: Plan, found: Indicator | None) -> PublishedIndicatorForm:
    names = UnitNames.below(plan.issuing_unit, clock.today())
    return PublishedIndicatorForm(posted(request), instance=found, plan=plan, names=names, by=request.user)


def _context(plan: Plan, form: PublishedIndicatorForm) -> dict[str, Any]:
    address = reverse("plans:plan_indicators", args=[plan.pk])
    crumbs = [
        (_("Plans"), reverse("plans:plans")),
        (plan.symbol or plan.title[:60], plan.get_absolute_url()),
        (_("Indicators"), address),
    ]
    return {"plan": plan, "form": form, "cancel": address, "crumbs": crumbs}


def _shown(request: Request, context: dict[str, Any]) -> HttpResponse:
    return render(request, FORM, context, status=422 if request.method == "POST" else 200)


def _both_versions(request: Request, context: dict[str, Any], found: Indicator, refusal: Stale) -> HttpResponse:
    """Show what somebody else saved beside what was typed; saving again then overwrites knowingly."""
    now = get_object_or_404(context["plan"].indicators.all(), pk=found.pk)
    form: PublishedIndicatorForm = context["form"]
    theirs = PublishedIndicatorForm(instance=now, plan=form.plan, names=form.names, by=request.user)
    context["differences"] = [row for row in differences(form, theirs) if row[0] != str(form.fields["reason"].label)]
    form.add_error(None, str(refusal.message))
    again = request.POST.copy()
    again["fingerprint"] = fingerprint(now)
    form.data = again
    return render(request, FORM, context, status=refusal.status)


def _to_list(plan: Plan, pk: int) -> HttpResponse:
    response = redirect("plans:plan_indicators", plan.pk)
    response["Location"] += f"#indicator-{pk}"
    return response
