"""What the views of this app share: fetching a meeting, a form shown or done."""

from __future__ import annotations

import datetime as dt
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
from reviews.models import AgendaItem, Conclusion, Inspection, InspectionVisit, Meeting
from reviews.rights import meeting_units
from units.access import get_visible_or_404, require
from units.models import Unit, User

FORM = "reviews/meeting_form.html"
DIGITS = 18  # of an id
UNITS_OFFERED = 40


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
    if request.method != "POST" or not form.is_valid():
        _show_newest(form, context, only_missing=True)
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        made = act()
    except ActionRefused as refusal:
        if isinstance(refusal, Stale):
            _show_newest(form, context)
        return refused(request, template, context, refusal)
    done(request, words)
    return redirect(to if isinstance(to, str) else to(made))


def _show_newest(form: forms.Form, context: dict[str, Any], *, only_missing: bool = False) -> None:
    """Let the next click mean the record as it is now: the person has been told and can compare first.

    `record`, `meeting` or `inspection` of the context is what the form changes.
    """
    record: Any = context.get("record") or context.get("meeting") or context.get("inspection")
    if record is None or "version" not in form.fields or not form.is_bound:
        return
    if only_missing and "version" in getattr(form, "cleaned_data", {}):
        return
    data = cast("QueryDict", form.data).copy()
    data["version"] = str(type(record).objects.values_list("version", flat=True).get(pk=record.pk))
    form.data = data


def unit_asked(request: Request, today: dt.date) -> tuple[Unit, list[Unit]]:
    """Return for which unit the person plans, as the address says (`unit`), and for which it may; 404 for none.

    Without a word of the address it is the highest unit; the choice offers the first of those below.
    """
    units = meeting_units(request.user, today).order_by("depth", "path")
    asked = request.GET.get("unit", "")
    named = units.filter(pk=int(asked)) if asked.isdecimal() and len(asked) <= DIGITS else units.none()
    chosen = named.first() if asked else units.first()
    require(chosen is not None)
    assert chosen is not None  # noqa: S101  # for the type checker
    return chosen, list(units.filter(depth__lte=chosen.depth + 1)[:UNITS_OFFERED])


INSPECTION_FORM = "reviews/inspection_form.html"


def visible_inspection(user: User, pk: int) -> Inspection:
    """Return an inspection that the person sees, with what its page reads; else 404."""
    related = ("programme__unit__kind", "head", "report_unit", "report_meeting__event", "reported_by")
    found: Inspection = get_visible_or_404(Inspection.objects.select_related(*related), user, pk)
    return found


def visible_visit(user: User, pk: int) -> InspectionVisit:
    """Return a visit that the person sees, as one of the team or as the one who is visited; else 404."""
    related = ("inspection__programme__unit", "inspection__head", "unit__kind", "event", "checklist")
    found: InspectionVisit = get_visible_or_404(InspectionVisit.objects.select_related(*related), user, pk)
    return found


def visible_conclusion(user: User, pk: int) -> Conclusion:
    """Return a conclusion that the person sees; else 404."""
    related = ("visit__inspection__programme__unit", "visit__inspection__head", "visit__unit", "follower", "closed_by")
    found: Conclusion = get_visible_or_404(Conclusion.objects.select_related(*related), user, pk)
    return found


def inspecting(user: User, inspection: Inspection) -> bool:
    """Return whether the person sees the inspection whole: by the unit that inspects, or as one of the team."""
    return Inspection.objects.visible_to(user).filter(pk=inspection.pk).exists()


def inspection_crumbs(inspection: Inspection, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Return the way to a page below an inspection."""
    own = inspection.get_absolute_url() if more else None
    year = inspection.programme.year
    home = f"{reverse('reviews:inspections')}?year={year}"
    return [(_("Inspections of %(year)s") % {"year": year}, home), (inspection.title, own), *more]
