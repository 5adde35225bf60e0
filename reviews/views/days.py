"""The day of a meeting, and calling it off: what would move is shown first, then one confirmation does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from doantracker.lib import clock
from plans.actions.events import Moved
from plans.errors import ActionRefused
from plans.event_preview import preview_of
from plans.forms.events import CancelEventForm, EventDayForm, TicksForm
from plans.views.acting import posted
from plans.views.shared import Request, done
from reviews.actions import meetings as actions
from reviews.enums import MeetingState
from reviews.models import Meeting
from reviews.rights import may_plan
from reviews.views.shared import crumbs_of, visible_meeting
from units.access import require

DAY = "plans/event_day.html"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A meeting as the page of an event's day reads it: "Cancel" leads back to the meeting."""

    name: str
    day: dt.date | None
    get_absolute_url: str


@require_http_methods(["GET", "HEAD", "POST"])
def give_day(request: Request, pk: int) -> HttpResponse:
    """Give or move the day: a day typed shows what would happen, the confirmation does it."""
    row = _planned(request, pk)
    sent = request.POST if request.method == "POST" else request.GET if "day" in request.GET else None
    form = EventDayForm(sent)
    first = row.event.day is None
    title = _("Give the meeting its day") if first else _("Move the meeting to another day")
    context = {"form": form, "title": title, "crumbs": crumbs_of(row, title), "first": first}
    if sent is None or not form.is_valid():
        return _shown(request, row, context, status=200 if sent is None else 422)
    day = form.cleaned_data["day"]
    return _previewed(
        request,
        row,
        context,
        day,
        lambda also: actions.move_meeting(
            meeting=row, day=day, by=request.user, also=also, expected=form.cleaned_data["digest"]
        ),
        words=_("The meeting is on %(day)s.") % {"day": date_format(day, "SHORT_DATE_FORMAT")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call a meeting off: what would lose its day is shown beside the reason."""
    row = _planned(request, pk)
    form = CancelEventForm(posted(request))
    title = _("Call the meeting off")
    context = {"form": form, "title": title, "crumbs": crumbs_of(row, title), "off": True}
    if request.method != "POST" or not form.is_valid():
        context["preview"] = preview_of(row.event, None, user=request.user, today=clock.today())
        return _shown(request, row, context, status=200 if request.method != "POST" else 422)
    data = form.cleaned_data
    return _previewed(
        request,
        row,
        context,
        None,
        lambda _also: actions.cancel_meeting(
            meeting=row, reason=data["reason"], by=request.user, expected=data["digest"]
        ),
        words=_("The meeting is called off."),
    )


def _planned(request: Request, pk: int) -> Meeting:
    """Return a meeting that is still to come and that the person moves; else 404."""
    row = visible_meeting(request.user, pk)
    require(may_plan(request.user, row.unit) and row.state == MeetingState.PLANNED)
    return row


def _previewed(
    request: Request,
    row: Meeting,
    context: dict[str, Any],
    day: dt.date | None,
    act: Callable[[set[int]], Moved],
    *,
    words: str,
) -> HttpResponse:
    """Show what would happen, or do it once the person has seen that; a list that changed meanwhile is shown again."""
    form: TicksForm = context["form"]
    status = 200
    if request.POST.get("act") == "confirm":
        try:
            moved = act(form.ticked)
        except ActionRefused as refusal:
            context["refusal"], status = refusal.message, refusal.status
            row.event.refresh_from_db()
        else:
            done(request, f"{words} {_told(moved)}")
            return redirect(row)
    preview = preview_of(row.event, day, user=request.user, today=clock.today(), ticked=form.ticked)
    return _shown(request, row, context | {"preview": preview, "day": day}, status=status)


def _shown(request: Request, row: Meeting, context: dict[str, Any], *, status: int) -> HttpResponse:
    event = _Shown(row.title, row.event.day, row.get_absolute_url())
    return render(request, DAY, context | {"event": event}, status=status)


def _told(moved: Moved) -> str:
    count = len(moved.deadlines)
    return ngettext("%(count)d deadline moved.", "%(count)d deadlines moved.", count) % {"count": count}
