"""Events of a plan, one event, and its day: what would move is shown first, then one confirmation moves it all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import events as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.event_page import chains_of, event_cards, plan_events
from plans.event_preview import preview_of
from plans.forms.events import CancelEventForm, ChangeEventForm, EventDayForm, NewEventForm, TicksForm
from plans.models import Event, Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.resolving import UnitNames
from plans.rights import may_date_event, may_issue_for, may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require

FORM = "plans/event_form.html"
DAY = "plans/event_day.html"


@require_safe
def event_list(request: Request, pk: int) -> HttpResponse:
    """List the events of a plan, those without a day first, each with what hangs on it; and its other chains."""
    plan = visible_plan(request, pk)
    page = CappedPaginator(plan_events(plan, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "page": page,
        "cards": event_cards(list(page.object_list), user=request.user),
        "chains": chains_of(plan, user=request.user) if page.number == 1 else [],
        "may_add": may_manage(request.user, plan) and plan.status != PlanStatus.CLOSED,
        "is_draft": plan.status == PlanStatus.DRAFT,
    }
    return render(request, "plans/event_list.html", context)


@require_safe
def event(request: Request, pk: int) -> HttpResponse:
    """Show one event."""
    found = visible_event(request, pk)
    (card,) = event_cards([found], user=request.user)
    return render(request, "plans/event.html", {"card": card, "crumbs": _crumbs(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Add an event to a plan."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status != PlanStatus.CLOSED)
    form = NewEventForm(posted(request), names=UnitNames.below(plan.issuing_unit, clock.today()))
    address = reverse("plans:plan_events", args=[plan.pk])
    context = {"title": _("Add an event"), "form": form, "lead": str(plan), "cancel": address, "submit": _("Add")}
    return _formed(
        request,
        context,
        lambda data: actions.create_event(unit=plan.issuing_unit, plan=plan, by=request.user, **data),
        _("The event is added. Hang commitments on it on the check page of a draft."),
        address,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change the name, kind or keeper of an event."""
    found = visible_event(request, pk)
    require(may_issue_for(request.user, found.unit) and not found.cancelled)
    names = UnitNames.below(found.unit, clock.today())
    form = ChangeEventForm(posted(request), names=names, initial=ChangeEventForm.shown(found))
    address = found.get_absolute_url()
    context = {"title": _("Change the event"), "form": form, "lead": found.name, "cancel": address}
    return _formed(
        request,
        context,
        lambda data: actions.change_event(event=found, by=request.user, **data),
        _("The event is changed."),
        address,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def give_day(request: Request, pk: int) -> HttpResponse:
    """Give or move the day of an event: a day typed shows what would happen, the confirmation does it."""
    found = visible_event(request, pk)
    require(may_date_event(request.user, found) and not found.cancelled)
    sent = request.POST if request.method == "POST" else request.GET if "day" in request.GET else None
    form = EventDayForm(sent)
    first = found.day is None
    context = {"event": found, "form": form, "crumbs": _crumbs(found), "first": first}
    context["title"] = _("Give the event its day") if first else _("Move the event to another day")
    if sent is None or not form.is_valid():
        return render(request, DAY, context, status=200 if sent is None else 422)
    day = form.cleaned_data["day"]
    act = actions.give_event_day if first else actions.move_event
    return _previewed(
        request,
        context,
        day,
        lambda also: act(event=found, day=day, by=request.user, also=also, expected=form.cleaned_data["digest"]),
        words=_("The event is on %(day)s.") % {"day": date_format(day, "SHORT_DATE_FORMAT")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call an event off: what would lose its day is shown beside the reason."""
    found = visible_event(request, pk)
    require(may_date_event(request.user, found) and not found.cancelled)
    form = CancelEventForm(posted(request))
    context = {"event": found, "form": form, "crumbs": _crumbs(found), "title": _("Call the event off"), "off": True}
    if request.method != "POST" or not form.is_valid():
        context["preview"] = preview_of(found, None, user=request.user, today=clock.today())
        return render(request, DAY, context, status=200 if request.method != "POST" else 422)
    data = form.cleaned_data
    return _previewed(
        request,
        context,
        None,
        lambda _also: actions.cancel_event(
            event=found, reason=data["reason"], by=request.user, expected=data["digest"]
        ),
        words=_("The event is called off."),
    )


def visible_event(request: Request, pk: int) -> Event:
    """Return an event the person sees; else 404."""
    found: Event = get_visible_or_404(Event.objects.select_related("unit", "keeper", "plan"), request.user, pk)
    return found


def _previewed(
    request: Request,
    context: dict[str, Any],
    day: dt.date | None,
    act: Callable[[set[int]], actions.Moved],
    *,
    words: str,
) -> HttpResponse:
    """Show what would happen, or do it once the person has seen that; a list that changed meanwhile is shown again."""
    form: TicksForm = context["form"]
    found: Event = context["event"]
    status = 200
    if request.POST.get("act") == "confirm":
        try:
            moved = act(form.ticked)
        except ActionRefused as refusal:
            context["refusal"], status = refusal.message, refusal.status
            found.refresh_from_db()
        else:
            done(request, f"{words} {_told(moved)}")
            return redirect(found)
    context["preview"] = preview_of(found, day, user=request.user, today=clock.today(), ticked=form.ticked)
    return render(request, DAY, context | {"day": day}, status=status)


def _told(moved: actions.Moved) -> str:
    count, left = len(moved.deadlines), sum(moved.left.values())
    words = ngettext("%(count)d deadline moved.", "%(count)d deadlines moved.", count) % {"count": count}
    if not left:
        return words
    kept = ngettext("%(count)d stayed as it was.", "%(count)d stayed as they were.", left) % {"count": left}
    return f"{words} {kept}"


def _formed(
    request: Request, context: dict[str, Any], act: Callable[[dict[str, Any]], object], words: str, address: str
) -> HttpResponse:
    """Show a form, or do what it says."""
    form = context["form"]
    if request.method != "POST" or not form.is_valid():
        if isinstance(form, ChangeEventForm) and form.is_bound and "version" not in form.cleaned_data:
            form.show(form.initial["version"])
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        act(form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, words)
    return redirect(address)


def _crumbs(found: Event) -> list[tuple[str, str | None]]:
    plan: Plan | None = found.plan
    if plan is None:
        return [(found.unit.label, None)]
    label = plan.symbol or plan.title[:60]
    events = reverse("plans:plan_events", args=[plan.pk])
    return [(label, plan.get_absolute_url()), (_("Events"), events), (found.name, None)]
