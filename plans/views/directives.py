"""Directives: the list, one directive, drafting, issuing, receiving, and how the notice given is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.db.models import F
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions import directives as actions
from plans.directive_rights import drafting_for, may_edit
from plans.directive_rows import directive_rows, lead_by_department, lead_by_month, lead_whole
from plans.errors import ActionRefused, Stale
from plans.filters import DirectiveFilter
from plans.forms.directives import DirectiveForm, DirectiveIssueForm, DraftSeenForm, PeriodForm
from plans.forms.units import offered
from plans.models import Activity, Directive, DirectiveRecipient, Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.shared import Request, back, done, refused
from units.access import get_visible_or_404, require
from units.models import AuditEvent, Unit, User
from units.permissions import Permission

FORM = "plans/directive_form.html"
HISTORY_SHOWN = 50


@require_safe
def directive_list(request: Request) -> HttpResponse:
    """List directives, drafts first, then the newest."""
    require(request.user.may(Permission.VIEW))
    visible = Directive.objects.visible_to(request.user)
    chosen = DirectiveFilter(request.GET or None, queryset=visible, user=request.user, today=clock.today())
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(found.order_by(F("issued_on").desc(nulls_first=True), "-pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "total": paginator.label,
        "rows": directive_rows(page.object_list, user=request.user),
        "may_draft": request.user.may(Permission.MANAGE_PLANS),
    }
    whole = "plans/directives.html"
    return render(request, f"{whole}#results" if request.htmx and not request.htmx.boosted else whole, context)


@require_safe
def directive(request: Request, pk: int) -> HttpResponse:
    """Show one directive: what it says, the notice it gives, who has received it."""
    return render(request, "plans/directive.html", _context(request, visible_directive(request.user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Draft a directive."""
    today = clock.today()
    issuer, issuers = issuer_of(request, today)
    initial = {"drafting_unit": issuer.pk, "plan": request.GET.get("plan", "")}
    form = DirectiveForm(posted(request), issuer=issuer, user=request.user, today=today, initial=initial)
    context = {"form": form, "issuers": issuers, "issuer": issuer, "title": _("New directive")}
    return _drafted(
        request,
        context,
        lambda: actions.draft_directive(issuing_unit=issuer, by=request.user, **form.facts()),
        _("The draft is saved. Issue it when it is agreed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    row = visible_directive(request.user, pk)
    require(may_edit(request.user, row))
    form = DirectiveForm(
        posted(request),
        issuer=row.issuing_unit,
        user=request.user,
        today=clock.today(),
        drafted=True,
        initial=DirectiveForm.initial_of(row) if request.method != "POST" else None,
    )
    context = {"form": form, "issuer": row.issuing_unit, "title": _("Change the draft"), "row": row}
    return _drafted(
        request,
        context,
        lambda: actions.change_directive(
            directive=row, by=request.user, version=form.cleaned_data["version"], **form.facts()
        ),
        _("The draft is saved."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue a draft to the units addressed."""
    row = visible_directive(request.user, pk)
    require(may_edit(request.user, row))
    known = {name: getattr(row, name) for name in ("symbol", "rolls_out_on", "urgent", "urgent_reason", "version")}
    form = DirectiveIssueForm(posted(request), initial={**known, "issued_on": clock.today()})
    context = {
        "form": form,
        "row": row,
        "title": _("Issue the directive"),
        "submit": _("Issue"),
        "required": actions.required_days(row),
    }
    return _drafted(
        request,
        context,
        lambda: actions.issue_directive(directive=row, by=request.user, **form.cleaned_data),
        _("The directive is issued. The units addressed see it now."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Ask once, then throw a draft away."""
    row = visible_directive(request.user, pk)
    require(may_edit(request.user, row))
    return discarded(
        request,
        row,
        lambda version: actions.discard_directive(directive=row, by=request.user, version=version),
        "plans:directives",
    )


@require_POST
def receive(request: Request, pk: int) -> HttpResponse:
    """Say that the person's own unit has received a directive."""
    row = visible_directive(request.user, pk)
    try:
        actions.receive_directive(directive=row, by=request.user)
    except ActionRefused as refusal:
        context = _context(request, row) | {"refusal": refusal.message}
        return render(request, "plans/directive.html", context, status=refusal.status)
    done(request, _("Your unit has received the directive."))
    return back(request, row.get_absolute_url())


@require_safe
def lead_figures(request: Request) -> HttpResponse:
    """Show how often the notice asked for was kept, by department and by month; every number opens its rows."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    usual = {"issued_from": dt.date(today.year, 1, 1), "issued_to": today}
    form = PeriodForm(request.GET if {*usual} & {*request.GET} else None, initial=usual)
    context: dict[str, Any] = {"form": form}
    if not form.is_bound or form.is_valid():
        period = form.cleaned_data if form.is_bound else usual
        first, last = period["issued_from"], period["issued_to"]
        rows = Directive.objects.visible_to(request.user)
        rows = rows.filter(issued_on__gte=first) if first else rows
        rows = rows.filter(issued_on__lte=last) if last else rows
        context |= {
            "whole": lead_whole(rows, first=first, last=last),
            "departments": lead_by_department(rows, first=first, last=last),
            "months": lead_by_month(rows, first=first, last=last),
        }
    return render(request, "plans/directive_figures.html", context)


def visible_directive(user: User, pk: int) -> Directive:
    """Return a directive that the person sees, with what its page reads; else 404."""
    related = ("issuing_unit", "drafting_unit", "plan", "solution", "created_by", "issued_by")
    found: Directive = get_visible_or_404(Directive.objects.select_related(*related), user, pk)
    return found


def issuer_of(request: Request, today: dt.date) -> tuple[Unit, list[Unit]]:
    """Return for which unit the person drafts, as the address says (`unit`), and for which it may; 404 for none."""
    units = list(drafting_for(request.user, today))
    asked = request.GET.get("unit", "")
    chosen = next((u for u in units if str(u.pk) == asked), units[0] if units and not asked else None)
    require(chosen is not None)
    assert chosen is not None  # noqa: S101  # for the type checker
    return chosen, units


def drafted(request: Request, template: str, context: dict[str, Any], *, act: Any, words: str) -> HttpResponse:
    """Show the form of a draft, or do what it says and go to its page."""
    form, row = context["form"], context.get("row")
    context |= {"cancel": row.get_absolute_url() if row else "../", "lead": str(row or context["issuer"])}
    if getattr(form, "names", None):
        context["names"] = offered(form.names)
    if request.method != "POST" or not form.is_valid():
        if row and request.method == "POST" and "version" in form.fields and "version" not in form.cleaned_data:
            _take_newest_version(form, row)
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        saved = act()
    except ActionRefused as refusal:
        if isinstance(refusal, Stale) and row:
            _take_newest_version(form, row)
        return refused(request, template, context, refusal)
    done(request, words)
    return redirect(saved)


def discarded(request: Request, row: Directive | Activity, act: Callable[[int], None], where: str) -> HttpResponse:
    """Ask once, then throw away the draft in the version that was seen, and go to its list."""
    form = DraftSeenForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    template, context = "plans/directive_discard.html", {"row": row, "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        _take_newest_version(form, row)
        return render(request, template, context | {"refusal": form.missing}, status=422)
    try:
        act(form.cleaned_data["version"])
    except ActionRefused as refusal:
        _take_newest_version(form, row)
        return render(request, template, context | {"refusal": refusal.message}, status=refusal.status)
    done(request, _("The draft is gone."))
    return redirect(where)


def _take_newest_version(form: Form, row: Directive | Activity) -> None:
    """Let a form that came too late be sent again: the person has been told and can compare first."""
    newest = type(row)._base_manager.filter(pk=row.pk).values_list("version", flat=True).first()  # noqa: SLF001  # Django documents it
    data = cast("QueryDict", form.data).copy()
    data["version"] = str(newest or "")
    form.data = data


def _drafted(request: Request, context: dict[str, Any], act: Any, words: str) -> HttpResponse:
    return drafted(request, FORM, context, act=act, words=words)


def _context(request: Request, row: Directive) -> dict[str, Any]:
    """Return what the page of a directive shows; a fixed number of queries."""
    user = request.user
    recipients = (
        DirectiveRecipient.objects.visible_to(user).filter(directive=row).select_related("unit", "received_by")
    )
    paginator = CappedPaginator(recipients.order_by(F("received_on").desc(nulls_first=True), "unit__path"), PER_PAGE)
    to_receive = DirectiveRecipient.objects.to_receive_by(user).filter(directive=row).select_related("unit")
    kinds = ", ".join(kind.name for kind in row.addressed_kinds.all())
    return {
        "row": row,
        "lead": row.lead,
        "required": actions.required_days(row),
        "addressed": ", ".join([*(u.name for u in row.addressed_units.all()), *([kinds] if kinds else [])]),
        "plan": row.plan if row.plan_id and Plan.objects.visible_to(user).filter(pk=row.plan_id).exists() else None,
        "page": paginator.get_page(request.GET.get("page")),
        "total": paginator.label,
        "issuers_people": user.may(Permission.VIEW, row.issuing_unit),
        "waiting": recipients.filter(received_on__isnull=True).count(),
        "all": recipients.count(),
        "to_receive": list(to_receive),
        "may_edit": may_edit(user, row),
        "history": AuditEvent.objects.visible_to(user)
        .filter(object_type="directive", object_id=row.pk)
        .select_related("actor")[:HISTORY_SHOWN],
    }
