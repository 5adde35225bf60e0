"""The agenda of a meeting: what is due to it is proposed, the office picks, adds, orders; and what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.resolving import UnitNames
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import agenda as actions
from reviews.actions.decisions import decide
from reviews.bodies import members_of
from reviews.enums import MeetingState
from reviews.forms.agenda import DecisionForm, ItemForm, ticked_ids
from reviews.models import Meeting
from reviews.proposals import OpenRequests, chosen, open_requests, proposals_of, search_for
from reviews.rights import may_plan, may_record
from reviews.views.shared import crumbs_of, formed, item_of, visible_meeting
from units.access import require


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, pk: int) -> HttpResponse:
    """Show what is due to the meeting; what is ticked goes on the agenda."""
    row = _planned(request, pk)
    requests, status, refusal = open_requests(row, user=request.user), 200, ""
    if request.method == "POST":
        try:
            made = _picked(request, row, requests)
        except ActionRefused as why:
            refusal, status = str(why.message), why.status
            row = _planned(request, pk)
        else:
            words = ngettext("%(n)d item is on the agenda.", "%(n)d items are on the agenda.", len(made))
            done(request, words % {"n": len(made)})
            return redirect(f"{row.get_absolute_url()}#agenda")
    words = request.GET.get("q", "")[:200]
    context = {
        "meeting": row,
        "crumbs": crumbs_of(row, _("What is due to it")),
        "proposals": proposals_of(row, user=request.user),
        "found": search_for(row, words, user=request.user),
        "q": words,
        "requests": requests,
        "requests_listed": row.items.filter(topic="requests").exists(),
        "ticked": {str(pk) for pk in ticked_ids(request.POST)},
        "refusal": refusal,
    }
    return render(request, "reviews/agenda_propose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Add a free item."""
    row = _planned(request, pk)
    form = _item_form(request, row)
    context = _form_context(row, form, _("Add an item")) | {"form_key": key_for_form(request)}
    return formed(
        request,
        context,
        lambda: actions.add_item(meeting=row, by=request.user, key=key_of(request), **form.facts()),
        words=_("The item is on the agenda."),
        to=f"{row.get_absolute_url()}#agenda",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int, item_pk: int) -> HttpResponse:
    """Change an item, or ask for its paper."""
    row = _planned(request, pk)
    item = item_of(row, item_pk)
    form = _item_form(request, row, initial=ItemForm.initial_of(item, row.version), changed=True)
    if item.paper_id is not None:
        del form.fields["paper_days"]
    context = _form_context(row, form, _("Change the item"))
    return formed(
        request,
        context,
        lambda: actions.change_item(item=item, by=request.user, version=form.cleaned_data["version"], **form.facts()),
        words=_("The item is changed."),
        to=f"{row.get_absolute_url()}#agenda",
    )


@require_POST
def move(request: Request, pk: int, item_pk: int) -> HttpResponse:
    """Move an item one place up or down."""
    row = _planned(request, pk)
    try:
        actions.move_item(item=item_of(row, item_pk), up=request.POST.get("to") == "up", by=request.user)
    except ActionRefused as refusal:  # somebody recorded the meeting meanwhile
        messages.warning(request, str(refusal.message))
    return redirect(f"{row.get_absolute_url()}#agenda")


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: Request, pk: int, item_pk: int) -> HttpResponse:
    """Ask once, then take an item off the agenda."""
    row = _planned(request, pk)
    item = item_of(row, item_pk)
    context = {"meeting": row, "item": item, "crumbs": crumbs_of(row, _("Take off the agenda"))}
    if request.method != "POST":
        return render(request, "reviews/agenda_drop.html", context)
    try:
        actions.drop_item(item=item, by=request.user)
    except ActionRefused as refusal:
        context["refusal"] = refusal.message
        return render(request, "reviews/agenda_drop.html", context, status=refusal.status)
    done(request, _("The item is off the agenda."))
    return redirect(f"{row.get_absolute_url()}#agenda")


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: Request, pk: int) -> HttpResponse:
    """Record a decision: it becomes work with a last day."""
    row, today = visible_meeting(request.user, pk), clock.today()
    require(may_record(request.user, row) and row.state != MeetingState.CANCELLED)
    names = UnitNames.below(row.unit, today)
    initial = {"item": request.GET.get("item", "")}
    form = DecisionForm(posted(request), meeting=row, names=names, today=today, initial=initial)
    context = {
        "form": form,
        "title": _("Record a decision"),
        "lead": row.title,
        "crumbs": crumbs_of(row, _("Record a decision")),
        "submit": _("Record the decision"),
        "cancel": row.get_absolute_url(),
        "form_key": key_for_form(request),
    }
    return formed(
        request,
        context,
        lambda: decide(meeting=row, by=request.user, key=key_of(request), **form.facts()),
        words=_("The decision is recorded and given out as work with a last day."),
        to=f"{row.get_absolute_url()}#decisions",
    )


def _planned(request: Request, pk: int) -> Meeting:
    """Return a meeting whose agenda the person makes; else 404."""
    row = visible_meeting(request.user, pk)
    require(may_plan(request.user, row.unit) and row.state == MeetingState.PLANNED)
    return row


def _picked(request: Request, row: Meeting, requests: OpenRequests) -> list[Any]:
    return actions.add_proposed(
        meeting=row,
        deadlines=chosen(row, ticked_ids(request.POST), user=request.user),
        requests=requests.words if "requests" in request.POST else "",
        by=request.user,
    )


def _item_form(request: Request, row: Meeting, *, changed: bool = False, **kwargs: Any) -> ItemForm:
    today = clock.today()
    people = members_of(row.unit, row.body, row.event.day or today)
    names = UnitNames.below(row.unit, today)
    return ItemForm(posted(request), names=names, people=people, changed=changed, **kwargs)


def _form_context(row: Meeting, form: ItemForm, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "meeting": row,
        "title": title,
        "lead": row.title,
        "crumbs": crumbs_of(row, title),
        "cancel": row.get_absolute_url(),
    }
