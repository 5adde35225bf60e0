"""What the views of this app share: fetching a meeting, a form shown or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.errors import ActionRefused, Stale
from plans.forms.units import offered
from plans.views.shared import Request, done, refused
from reviews.models import AgendaItem, Meeting
from units.access import get_visible_or_404, require
from units.models import User

FORM = "reviews/meeting_form.html"


def visible_meeting(user: User, pk: int) -> Meeting:
    """Return a meeting that the person sees, with what its page reads; else 404."""
    related = ("unit__kind", "event__unit", "event__plan", "event__keeper", "chair", "secretary", "recorded_by")
    found: Meeting = get_visible_or_404(Meeting.objects.select_related(*related), user, pk)
    return found


def item_of(meeting: Meeting, pk: int) -> AgendaItem:
    """Return an item of the agenda; else 404."""
    found = meeting.items.select_related("presenter_unit", "presenter", "paper").filter(pk=pk).first()
    require(found is not None)
    item = cast("AgendaItem", found)
    item.meeting = meeting
    return item


def crumbs_of(meeting: Meeting, *more: str) -> list[tuple[str, str | None]]:
    """Return the way to a page below a meeting."""
    own = meeting.get_absolute_url() if more else None
    return [(_("Meetings"), reverse("reviews:meetings")), (meeting.title, own), *((word, None) for word in more)]


def formed(
    request: Request,
    context: dict[str, Any],
    act: Callable[[], object],
    *,
    words: str,
    to: str | Callable[[Any], str],
    template: str = FORM,
) -> HttpResponse:
    """Show a form, or do what it says and go on; what came too late can be sent again once it was looked at."""
    form: forms.Form = context["form"]
    if getattr(form, "names", None):
        context["names"] = offered(form.names)  # type: ignore[attr-defined]  # just asked for
    if request.method == "GET" or not form.is_valid():
        _show_newest(form, context, only_missing=True)
        return render(request, template, context, status=200 if request.method == "GET" else 422)
    try:
        made = act()
    except ActionRefused as refusal:
        if isinstance(refusal, Stale):
            _show_newest(form, context)
        return refused(request, template, context, refusal)
    done(request, words)
    return redirect(to if isinstance(to, str) else to(made))


def _show_newest(form: forms.Form, context: dict[str, Any], *, only_missing: bool = False) -> None:
    """Let the next click mean the record as it is now: the person has been told and can compare first."""
    row: Any = context.get("meeting") or context.get("versioned")
    if row is None or "version" not in form.fields or not form.is_bound:
        return
    if only_missing and "version" in getattr(form, "cleaned_data", {}):
        return
    data = cast("QueryDict", form.data).copy()
    data["version"] = str(type(row).objects.values_list("version", flat=True).get(pk=row.pk))
    form.data = data
