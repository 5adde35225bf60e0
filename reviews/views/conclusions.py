"""Conclusions: the register over all sources, one conclusion, drafting and closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request
from reviews.actions import conclusions as actions
from reviews.bodies import following_body, members_of
from reviews.enums import BEFORE_CONCLUSIONS
from reviews.filters import ResultFilter
from reviews.forms.visits import CloseForm, ConclusionForm
from reviews.inspection_page import conclusion_row
from reviews.models import Conclusion, Inspection
from reviews.results import counts_of, in_order, lines_of, results_of
from reviews.rights import may_close, may_conclude
from reviews.views.shared import (
    INSPECTION_FORM,
    formed,
    inspecting,
    inspection_crumbs,
    visible_conclusion,
    visible_inspection,
)
from units.access import require
from units.models import AuditEvent
from units.permissions import Permission

LIST = "reviews/results.html"
HISTORY_SHOWN = 50


@require_safe
def register(request: Request) -> HttpResponse:
    """List what was concluded by inspections and decided by meetings, open and overdue first."""
    user, today = request.user, clock.today()
    require(user.may(Permission.VIEW))
    visible = results_of(user)
    chosen = ResultFilter(request.GET or None, queryset=visible, user=user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(in_order(found), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "total": paginator.label,
        "rows": lines_of(list(page.object_list), today),
        "counts": counts_of(visible, today),
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def conclusion(request: Request, pk: int) -> HttpResponse:
    """Show one conclusion: to the unit that owes it, to who follows it, to who inspects."""
    row = visible_conclusion(request.user, pk)
    return render(request, "reviews/conclusion.html", _context(request, row, CloseForm()))


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close a conclusion that is carried out."""
    row = visible_conclusion(request.user, pk)
    require(may_close(request.user, row) and row.solution_id is not None)
    form = CloseForm(request.POST)
    return formed(
        request,
        _context(request, row, form),
        lambda: actions.close_conclusion(conclusion=row, by=request.user, **form.cleaned_data),
        words=_("The conclusion is closed."),
        to=row.get_absolute_url(),
        template="reviews/conclusion.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Draft a conclusion about one of the units visited."""
    row = visible_inspection(request.user, pk)
    require(may_conclude(request.user, row) and row.state in BEFORE_CONCLUSIONS)
    form = _form(request, row, initial={"visit": request.GET.get("visit", "")})
    context = _form_context(row, form, _("Draft a conclusion")) | {"form_key": key_for_form(request)}
    return formed(
        request,
        context,
        lambda: actions.add_conclusion(
            visit=form.chosen_visit, values=form.facts(), by=request.user, key=key_of(request)
        ),
        words=_("The conclusion is drafted. The unit reads it when the conclusions are issued."),
        to=f"{row.get_absolute_url()}?tab=conclusions",
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    draft = _draft(request, pk)
    row = draft.visit.inspection
    form = _form(request, row, changed=True, initial=ConclusionForm.initial_of(draft, row.version))
    context = _form_context(row, form, _("Change the conclusion")) | {"lead": draft.visit.unit.label}
    return formed(
        request,
        context,
        lambda: actions.change_conclusion(
            conclusion=draft, values=form.facts(), by=request.user, version=form.cleaned_data["version"]
        ),
        words=_("The conclusion is changed."),
        to=f"{row.get_absolute_url()}?tab=conclusions",
        template=INSPECTION_FORM,
    )


@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Leave a draft out."""
    draft = _draft(request, pk)
    try:
        actions.drop_conclusion(conclusion=draft, by=request.user)
    except ActionRefused as refusal:  # somebody issued it meanwhile
        messages.warning(request, str(refusal.message))
    else:
        messages.success(request, _("The conclusion is left out."))
    return redirect(f"{draft.visit.inspection.get_absolute_url()}?tab=conclusions")


def _draft(request: Request, pk: int) -> Conclusion:
    """Return a draft that the person may change; else 404."""
    draft = visible_conclusion(request.user, pk)
    require(may_conclude(request.user, draft.visit.inspection) and draft.solution_id is None)
    return draft


def _form(request: Request, row: Inspection, **kwargs: Any) -> ConclusionForm:
    today = clock.today()
    people = members_of(row.unit, following_body(row.unit, today), today)
    visits = list(row.visits.select_related("unit", "event").order_by("event__day", "pk"))
    return ConclusionForm(posted(request), visits=visits, people=people, **kwargs)


def _form_context(row: Inspection, form: Any, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "inspection": row,
        "title": title,
        "lead": row.title,
        "crumbs": inspection_crumbs(row, (title, None)),
        "cancel": f"{row.get_absolute_url()}?tab=conclusions",
    }


def _context(request: Request, row: Conclusion, form: CloseForm) -> dict[str, Any]:
    user = request.user
    found = conclusion_row(row, user=user, today=clock.today())
    whole = inspecting(user, row.visit.inspection)
    of_it = AuditEvent.objects.visible_to(user).filter(object_type="conclusion", object_id=row.pk)
    return {
        "conclusion": row,
        "row": found,
        "inspection": row.visit.inspection,
        "whole": whole,
        "sees_visit": whole or row.visit.__class__.objects.visible_to(user).filter(pk=row.visit_id).exists(),
        "may_close": found.waits and may_close(user, row),
        "form": form,
        "history": of_it.select_related("actor")[:HISTORY_SHOWN],
    }
