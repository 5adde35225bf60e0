"""The page of gaps ("X-ray") of a plan and of all plans a person runs, and forms that fill gaps of published ones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import cures
from plans.actions.evidence import add_evidence
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.cures import AddProofForm, LeadForm, ReportDayForm
from plans.gap_kinds import BY_CODE
from plans.models import Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused, visible_deadline
from plans.workflow import may, refusal
from plans.xray import deadlines_url, xray
from units.access import require
from units.models.audit import AuditAction
from units.permissions import Permission

FORM = "plans/event_form.html"


@require_safe
def plan_gaps(request: Request, pk: int) -> HttpResponse:
    """Show what is missing in one plan."""
    plan = _managed(request, pk)
    rows = Plan.objects.filter(pk=plan.pk).exclude(status=PlanStatus.CLOSED)
    context = {"plan": plan, "current": "gaps", "may_manage": True}
    return render(request, "plans/gaps_plan.html", context | _found(request, rows, plan))


@require_safe
def all_gaps(request: Request) -> HttpResponse:
    """Show what is missing in all plans the person runs that are not closed."""
    require(request.user.may(Permission.MANAGE_PLANS))
    plans = Plan.objects.managed_by(request.user).exclude(status=PlanStatus.CLOSED)
    return render(request, "plans/gaps_all.html", _found(request, plans, None))


@require_http_methods(["GET", "HEAD", "POST"])
def solution_lead(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Give a solution of a published plan the lead it lacks."""
    plan = _managed(request, pk)
    require(plan.status == PlanStatus.PUBLISHED)
    solution = get_object_or_404(
        plan.solutions.filter(dropped_at__isnull=True).select_related("lead_unit", "group__lead_unit"), pk=solution_pk
    )
    form = LeadForm(posted(request), names=UnitNames.below(plan.issuing_unit, clock.today()))
    context = {"title": _("Give the solution a lead"), "form": form, "lead": str(solution), "cancel": _page(plan)}

    def act(data: dict[str, Any]) -> str:
        made = cures.give_lead(solution=solution, lead=data["lead"], by=request.user)
        return _("The solution has a lead: %(count)s deadlines are given out.") % {"count": made}

    return _formed(request, FORM, context, act, _page(plan))


@require_http_methods(["GET", "HEAD", "POST"])
def report_day(request: Request, pk: int) -> HttpResponse:
    """Say by which day the report on a plan is due."""
    plan = _managed(request, pk)
    require(plan.status != PlanStatus.CLOSED)
    form = ReportDayForm(posted(request), plan=plan, initial={"day": plan.period_end})
    context = {
        "title": _("Give the report on the plan its day"),
        "form": form,
        "lead": str(plan),
        "cancel": _page(plan),
    }

    def act(data: dict[str, Any]) -> str:
        cures.give_report_day(plan=plan, solution=data["solution"], day=data["day"], by=request.user)
        return _("The report on the plan has its day.")

    return _formed(request, FORM, context, act, _page(plan))


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: Request, pk: int) -> HttpResponse:
    """Hand in evidence for work that was reported done without."""
    row = visible_deadline(request.user, pk)
    require(may(request.user, AuditAction.EVIDENCE_ADDED, row))
    if request.method != "POST" and refusal(AuditAction.EVIDENCE_ADDED, row):
        return redirect(row)
    form = AddProofForm(posted(request), request.FILES or None, deadline=row, by=request.user)
    context = {
        "title": _("Hand in evidence"),
        "form": form,
        "upload": True,
        "lead": f"{row.unit.label} – {row.solution.text[:160]}",
        "submit": _("Hand in"),
        "cancel": row.get_absolute_url(),
    }

    def act(_data: dict[str, Any]) -> str:
        add_evidence(deadline=row, by=request.user, proof=form.proof())
        return _("The evidence is handed in.")

    return _formed(request, "plans/evidence_add.html", context, act, row.get_absolute_url())


def _found(request: Request, plans: QuerySet[Plan], plan: Plan | None) -> dict[str, Any]:
    """Return the overview of all kinds, or a page of one of them."""
    asked, today = request.GET.get("kind", ""), clock.today()
    if not asked:
        found = xray(plans, user=request.user, today=today, plan=plan)
        return {"found": found, "count": sum(f.count for f in found)}
    if asked not in BY_CODE:
        raise Http404
    kind = BY_CODE[asked]
    page = CappedPaginator(kind.rows(plans, request.user, today), PER_PAGE).get_page(request.GET.get("page"))
    gaps = [kind.gap_of(row) for row in page.object_list]
    return {"kind": kind, "page": page, "gaps": gaps, "deadlines": deadlines_url(kind, plan)}


def _formed(request: Request, template: str, context: dict[str, Any], act: Any, address: str) -> HttpResponse:
    """Show a form, or do what it says and say so."""
    form = context["form"]
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        words = act(form.cleaned_data)
    except ActionRefused as why:
        return refused(request, template, context, why)
    done(request, words)
    return redirect(address)


def _managed(request: Request, pk: int) -> Plan:
    """Return a plan the person runs; else 404."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan))
    return plan


def _page(plan: Plan) -> str:
    return reverse("plans:plan_gaps", args=[plan.pk])
