"""What solutions answer: the reader's proposals confirmed or removed in one click, links chosen by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plans.actions import answers as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.cures import SolutionsForm
from plans.gap_kinds import shortcomings_of
from plans.models import Plan, PriorityTask, Shortcoming, SolutionShortcoming, SolutionTask
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, back, done, refused
from units.access import require

#: What a link leads to, by its name in addresses: the record, the table, the page that shows the links.
KINDS: dict[str, tuple[type[Model], type[actions.Link], str]] = {
    "shortcoming": (Shortcoming, SolutionShortcoming, "plans:coverage"),
    "task": (PriorityTask, SolutionTask, "plans:tasks"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Choose which solutions of a plan answer a shortcoming or task."""
    plan = _managed(request, pk)
    require(plan.status != PlanStatus.CLOSED)
    target: Any = _target(request, plan, kind, record_pk)
    linked = sorted(target.solutions.values_list("pk", flat=True))
    form = SolutionsForm(posted(request), plan=plan, linked=linked)
    page = reverse(KINDS[kind][2], args=[plan.pk])
    context = {
        "title": _("Solutions that answer it"),
        "form": form,
        "lead": str(target),
        "said": "" if isinstance(target, Shortcoming) and target.is_personal else target.text,
        "cancel": page,
        "crumbs": [(plan.symbol or plan.title[:60], plan.get_absolute_url()), (_("Solutions that answer it"), None)],
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "plans/links.html", context, status=200 if request.method != "POST" else 422)
    data = form.cleaned_data
    try:
        actions.set_solutions(target=target, solutions=data["solutions"], by=request.user, expected=data["seen"])
    except ActionRefused as why:
        return refused(request, "plans/links.html", context, why)
    done(request, _("The solutions that answer it are saved."))
    return redirect(page)


@require_POST
def link(request: Request, pk: int, kind: str, link_pk: int) -> HttpResponse:
    """Confirm or remove one link."""
    plan = _managed(request, pk)
    if kind not in KINDS:
        raise Http404
    _model, table, page = KINDS[kind]
    address = reverse(page, args=[plan.pk])
    found: Any = table.objects.filter(pk=link_pk, solution__plan=plan).select_related("solution__plan").first()
    try:
        if found is None:
            messages.warning(request, _("This link is not there any more: somebody removed it."))
        elif request.POST.get("act") == "remove":
            actions.remove_link(link=found, by=request.user)
            done(request, _("The link is removed."))
        elif request.POST.get("act") == "confirm":
            actions.confirm_link(link=found, by=request.user)
            done(request, _("The link is confirmed."))
        else:
            messages.warning(request, _("Choose whether to confirm or to remove the link."))
    except ActionRefused as why:
        messages.warning(request, str(why.message))
    return back(request, address)


@require_POST
def confirm_all(request: Request, pk: int) -> HttpResponse:
    """Confirm every proposal of a plan at once."""
    plan = _managed(request, pk)
    try:
        count = actions.confirm_links(plan=plan, by=request.user)
        done(request, _("Links confirmed: %(count)s.") % {"count": count})
    except ActionRefused as why:
        messages.warning(request, str(why.message))
    return back(request, plan.get_absolute_url())


def _target(request: Request, plan: Plan, kind: str, pk: int) -> Model:
    if kind not in KINDS:
        raise Http404
    rows: Any = shortcomings_of(plan, request.user) if kind == "shortcoming" else plan.priority_tasks.all()
    target: Model = get_object_or_404(rows, pk=pk)
    return target


def _managed(request: Request, pk: int) -> Plan:
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan))
    return plan
