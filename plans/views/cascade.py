"""A plan that was sent down, as its issuer sees it: units, items by level, pilots, reports; and sending it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import cascade as actions
from plans.actions.compiled import compile_into, reports_for
from plans.actions.pilots import add_slot
from plans.cascade_items import Item, items_of
from plans.cascade_lineage import plans_above
from plans.cascade_page import (
    counted,
    flagged_pilots,
    level_items,
    narrowed,
    pilot_rows,
    report_views,
    totals,
    unit_rows,
)
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.cascade import CompiledForm, SendDownForm, SlotForm, UnitsForm
from plans.forms.units import offered
from plans.models import Deadline, PilotSlot, Plan, PlanRecipient, Schedule
from plans.paging import PER_PAGE, CappedPaginator
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused
from units.access import require

VIEWS = ("units", "items", "pilots", "reports")
FORM = "plans/cascade_form.html"


@require_safe
def cascade(request: Request, pk: int) -> HttpResponse:
    """Show which units a plan was sent down to, what they answered, and how far their own plans are."""
    plan = _published(request, pk)
    view = request.GET.get("view", VIEWS[0])
    if view not in VIEWS:
        raise Http404
    rows = PlanRecipient.objects.visible_to(request.user).filter(plan=plan)
    items = items_of(plan.solutions.all())
    with_counts = counted(rows, [item.digest for item in items])
    context = {
        "plan": plan,
        "view": view,
        "above": Plan.objects.visible_to(request.user).filter(pk__in=plans_above(plan)),
        "totals": totals(with_counts),
        "may_manage": may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED,
        **_part(request, plan, view, items),
    }
    whole = "plans/cascade.html"
    return render(request, f"{whole}#part" if request.htmx and not request.htmx.boosted else whole, context)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, pk: int) -> HttpResponse:
    """Choose units, see how many get the plan, then send it down."""
    plan, today = _managed(request, pk), clock.today()
    form = SendDownForm(posted(request), issuer=plan.issuing_unit, today=today)
    context = _form_context(plan, _("Send down to units"), form) | {"names": offered(form.names)}
    if request.method != "POST" or not form.is_valid():
        context["submit"] = _("Preview")
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    facts = form.cleaned_data
    meant = actions.units_meant(plan, units=facts["units"], kinds=facts["kinds"], day=today)
    known = set(plan.sent_to.values_list("unit_id", flat=True))
    fresh = [unit for unit in meant if unit.pk not in known]
    if fresh and facts["seen"] != len(fresh):
        form.show(len(fresh))
        context |= {"fresh": fresh, "known": len(known & {u.pk for u in meant}), "submit": _("Send down")}
        return render(request, FORM, context)
    try:
        rows = actions.send_down(
            plan=plan, by=request.user, units=facts["units"], kinds=facts["kinds"], due_on=facts["due_on"], today=today
        )
    except ActionRefused as refusal:
        return refused(request, FORM, context | {"submit": _("Preview")}, refusal)
    done(
        request,
        ngettext("The plan is sent down to %(n)d unit.", "The plan is sent down to %(n)d units.", len(rows))
        % {"n": len(rows)},
    )
    return redirect("plans:cascade", plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_pilot(request: Request, pk: int) -> HttpResponse:
    """Ask every unit of a kind for pilots."""
    plan = _managed(request, pk)
    form = SlotForm(posted(request), plan=plan)
    context = _form_context(plan, _("Ask for a pilot"), form) | {"view": "pilots"}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        add_slot(by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The units are asked for it on their page now."))
    return redirect(f"{reverse('plans:cascade', args=[plan.pk])}?view=pilots")


@require_http_methods(["GET", "HEAD", "POST"])
def compiled(request: Request, pk: int, schedule_pk: int) -> HttpResponse:
    """Say into which report a report of the plan goes."""
    plan = _managed(request, pk)
    rows = Schedule.objects.select_related("solution__plan", "compiled_into")
    part = get_object_or_404(rows.filter(solution__plan=plan), pk=schedule_pk)
    initial = {"whole": part.compiled_into_id, "seen": part.compiled_into_id}
    form = CompiledForm(posted(request), offered=reports_for(part), initial=initial)
    context = _form_context(plan, _("What the report goes into"), form)
    context |= {"lead": str(part.solution), "cancel": f"{context['cancel']}?view=reports"}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        compile_into(part=part, whole=form.chosen(), by=request.user, seen=form.cleaned_data["seen"])
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The reports hang together now."))
    return redirect(f"{reverse('plans:cascade', args=[plan.pk])}?view=reports")


def _part(request: Request, plan: Plan, view: str, items: list[Item]) -> dict[str, Any]:
    """Return what one view of the page needs, nothing more."""
    user, today = request.user, clock.today()
    rows = PlanRecipient.objects.visible_to(user).filter(plan=plan)
    if view == "items":
        return {"levels": level_items(plan, items, user=user)}
    if view == "reports":
        return {"reports": report_views(plan, Deadline.objects.visible_to(user).filter(plan=plan))}
    if view == "pilots":
        slots = list(PilotSlot.objects.filter(solution__plan=plan).select_related("solution", "kind"))
        of_kinds = rows.filter(unit__kind__in=[s.kind_id for s in slots])
        page = CappedPaginator(of_kinds.select_related("unit__kind"), PER_PAGE).get_page(request.GET.get("page"))
        flagged = flagged_pilots(of_kinds, slots)
        return {
            "slots": [(slot, *flagged[slot.pk]) for slot in slots],
            "page": page,
            "rows": pilot_rows(list(page.object_list), slots),
        }
    form = UnitsForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = narrowed(counted(rows, [item.digest for item in items]), chosen.get("show", ""), plan)
    if chosen.get("q"):
        found = found.matching(chosen["q"])
    if form.is_bound and not form.is_valid():
        found = found.none()
    page = CappedPaginator(found.select_related("unit__kind", "own_plan").order_by("unit_path"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = unit_rows(list(page.object_list), user=user, items=items, today=today)
    return {"form": form, "page": page, "rows": shown}


def _published(request: Request, pk: int) -> Plan:
    plan = visible_plan(request, pk)
    require(plan.status != PlanStatus.DRAFT)
    return plan


def _managed(request: Request, pk: int) -> Plan:
    """Return a published plan that the person runs; else 404."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.PUBLISHED)
    return plan


def _form_context(plan: Plan, title: str, form: Any) -> dict[str, Any]:
    own = reverse("plans:cascade", args=[plan.pk])
    crumbs = [
        (_("Plans"), reverse("plans:plans")),
        (plan.symbol or plan.title[:60], plan.get_absolute_url()),
        (_("Sent down"), own),
        (title, None),
    ]
    return {"plan": plan, "title": title, "lead": plan.title, "form": form, "crumbs": crumbs, "cancel": own}
