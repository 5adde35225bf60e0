"""Visits: one visit as the team sees it and as its unit does, the checklist on a phone, requests and answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from reviews.actions import visits as actions
from reviews.actions.inspections import move_visit
from reviews.enums import AT_WORK, InspectionState
from reviews.forms.visits import AnswerForm, CheckForm, RequestForm, VisitDayForm, VisitedForm
from reviews.inspection_page import by_head, visit_rows
from reviews.models import InspectionVisit, VisitRequest
from reviews.rights import may_ask_team, may_run, may_work_in
from reviews.views.shared import INSPECTION_FORM, formed, inspecting, inspection_crumbs, visible_visit
from units.access import get_visible_or_404, require

CHECK = "reviews/visit_check.html"
ASKABLE = (*AT_WORK, InspectionState.REPORT_OWED)


@require_safe
def visit(request: Request, pk: int) -> HttpResponse:
    """Show a visit: to the team whole, to the unit what it prepares, what will be looked at, what was concluded."""
    row, user, today = visible_visit(request.user, pk), request.user, clock.today()
    whole = inspecting(user, row.inspection)
    (found,) = visit_rows([row], user=user, today=today)
    items = list(row.items.all())
    works, at_work = may_work_in(user, row.inspection), row.inspection.state in AT_WORK
    context: dict[str, Any] = {
        "visit": row,
        "inspection": row.inspection,
        "row": found,
        "crumbs": _crumbs(row) if whole else None,
        "groups": by_head(items),
        "issued": [c for c in found.conclusions if c.state is not None],
        "may_ask": may_ask_team(user, row) and not works and row.inspection.state in ASKABLE,
        "may_answer": works,
        "may_check": works and at_work and row.day is not None and row.day <= today,
        "may_end": works and at_work and row.visited_on is None,
        "may_move": may_run(user, row.inspection.unit)
        and row.visited_on is None
        and row.inspection.state in {InspectionState.PLANNED, *AT_WORK},
    }
    return render(request, "reviews/visit.html" if whole else "reviews/visit_of_unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, pk: int) -> HttpResponse:
    """Fill in the checklist: a finding and a note for each item, and the notes of the team."""
    row = _worked_in(request, pk)
    items = list(row.items.all())
    form = CheckForm(posted(request), visit=row, items=items)
    context = {
        "form": form,
        "visit": row,
        "inspection": row.inspection,
        "crumbs": _crumbs(row, _("Checklist")),
        "done": sum(bool(item.finding) for item in items),
        "total": len(items),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, CHECK, context, status=200 if request.method != "POST" else 422)
    try:
        actions.record_visit(visit=row, by=request.user, **form.facts())
    except ActionRefused as refusal:
        if isinstance(refusal, Stale):
            row.refresh_from_db()
            context["now"] = now = list(row.items.all())
            form.show_newest(row, now)
        return refused(request, CHECK, context, refusal)
    done(request, _("What you found is saved."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def visited(request: Request, pk: int) -> HttpResponse:
    """Record that the visit took place."""
    row = _worked_in(request, pk)
    require(row.visited_on is None)
    today = clock.today()
    form = VisitedForm(posted(request), initial={"on": row.day if row.day and row.day <= today else today})
    context = _form_context(row, form, _("The visit took place"))
    return formed(
        request,
        context,
        lambda: actions.end_visit(visit=row, by=request.user, **form.cleaned_data),
        words=_("The visit is recorded."),
        to=row.inspection.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: Request, pk: int) -> HttpResponse:
    """Give a visit its day, or another one."""
    row = visible_visit(request.user, pk)
    states = {InspectionState.PLANNED, *AT_WORK}
    require(may_run(request.user, row.inspection.unit) and row.visited_on is None and row.inspection.state in states)
    form = VisitDayForm(posted(request), initial={"day": row.day})
    context = _form_context(row, form, _("Day of the visit"))
    return formed(
        request,
        context,
        lambda: move_visit(visit=row, by=request.user, **form.cleaned_data),
        words=_("The visit has its day; what the unit prepares moves along."),
        to=row.inspection.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, pk: int) -> HttpResponse:
    """Send the team a request of the unit that is visited."""
    row = visible_visit(request.user, pk)
    require(may_ask_team(request.user, row) and row.plan_id is not None and row.inspection.state in ASKABLE)
    form = RequestForm(posted(request))
    context = _form_context(row, form, _("Request to the team")) | {"submit": _("Send")}
    context |= {"crumbs": None, "form_key": key_for_form(request)}
    return formed(
        request,
        context,
        lambda: actions.ask_team(visit=row, by=request.user, key=key_of(request), **form.cleaned_data),
        words=_("The request is with the team."),
        to=row.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer a request, once."""
    related = ("visit__inspection__programme__unit", "visit__inspection__head", "visit__unit")
    found: VisitRequest = get_visible_or_404(VisitRequest.objects.select_related(*related), request.user, pk)
    row = found.visit
    require(may_work_in(request.user, row.inspection))
    form = AnswerForm(posted(request))
    context = _form_context(row, form, _("Answer the request")) | {"submit": _("Send"), "quoted": found.text}
    return formed(
        request,
        context,
        lambda: actions.answer_request(request=found, by=request.user, **form.cleaned_data),
        words=_("The answer stands on the unit's page."),
        to=row.get_absolute_url(),
        template=INSPECTION_FORM,
    )


def _worked_in(request: Request, pk: int) -> InspectionVisit:
    """Return a visit in which the person may record now; else 404."""
    row = visible_visit(request.user, pk)
    require(may_work_in(request.user, row.inspection) and row.inspection.state in AT_WORK)
    return row


def _crumbs(row: InspectionVisit, *more: str) -> list[tuple[str, str | None]]:
    own = (str(row.unit.label), row.get_absolute_url() if more else None)
    return inspection_crumbs(row.inspection, own, *((word, None) for word in more))


def _form_context(row: InspectionVisit, form: Any, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "title": title,
        "lead": f"{row.unit.label} – {row.inspection.title}",
        "crumbs": _crumbs(row, title),
        "cancel": row.get_absolute_url(),
    }
