"""What is done with a field trip: approved, prepared, gone, reported on, called off; its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.views.acting import posted
from plans.views.shared import Request, as_download, done
from reviews import rights
from reviews.actions import trip_papers, trips
from reviews.enums import TRIPS_DECIDED, TripState
from reviews.forms.trips import ApproveForm, CancelForm, EndForm, PaperForm
from reviews.models import FieldTrip, TripFile
from reviews.views.shared import formed
from reviews.views.trips import FORM, trip_context, trip_form, visible_trip
from units.access import get_visible_or_404, require

PAPER = "reviews/trip_paper.html"
_UNDER_WAY = (*TRIPS_DECIDED, TripState.GONE)


@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Decide that the trip takes place."""
    row = visible_trip(request, pk)
    require(rights.may_approve(request.user, row))
    form = ApproveForm(request.POST, initial={"version": row.version})
    if not form.is_valid():
        return render(request, "reviews/trip.html", trip_context(request, row) | {"form": form}, status=422)
    try:
        trips.approve_trip(trip=row, by=request.user, version=form.cleaned_data["version"])
    except ActionRefused as refusal:
        now = visible_trip(request, pk)
        context = trip_context(request, now) | {"refusal": refusal.message}
        return render(request, "reviews/trip.html", context, status=refusal.status)
    done(request, _("The trip is approved. Its brief is owed before the first day."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def brief(request: Request, pk: int) -> HttpResponse:
    """Enter the brief; once the trip has begun the page warns that it counts as late."""
    row = _carried(request, pk)
    if request.method != "POST" and row.state not in _UNDER_WAY:
        return redirect(row)
    late = row.briefed_on is None and row.starts_on <= clock.today()
    initial = {"version": row.version, "text": row.brief}
    form = PaperForm(posted(request), request.FILES or None, initial=initial)
    context = trip_form(row, form, _("Enter the brief"), submit=_("Save the brief"), upload=True, late=late)
    context["files"] = [file for file in row.files.all() if file.paper == "brief"]

    def act() -> FieldTrip:
        return trip_papers.brief_trip(trip=row, by=request.user, **form.facts())

    answer = formed(request, context, act, words=_("The brief is saved."), to=row.get_absolute_url(), template=PAPER)
    if late and answer.status_code == 302:  # noqa: PLR2004  # it was saved
        messages.warning(request, _("The brief came after the trip had begun: it is marked as late."))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """Record the days on which the trip took place."""
    row = _carried(request, pk)
    if request.method != "POST" and row.state not in _UNDER_WAY:
        return redirect(row)
    form = EndForm(posted(request), initial=EndForm.initial_of(row))
    title = _("Correct the days") if row.state == TripState.GONE else _("Record the trip")
    context = trip_form(row, form, title, submit=_("Save"))

    def act() -> FieldTrip:
        return trips.end_trip(trip=row, by=request.user, **form.cleaned_data)

    words = _("The days are recorded. The report on the trip is now owed.")
    return formed(request, context, act, words=words, to=row.get_absolute_url(), template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Enter the report on the trip."""
    row = _carried(request, pk)
    if request.method != "POST" and row.state != TripState.GONE:
        return redirect(row)
    form = PaperForm(posted(request), request.FILES or None, initial={"version": row.version})
    context = trip_form(row, form, _("Enter the report"), submit=_("Send the report"), upload=True)

    def act() -> FieldTrip:
        return trip_papers.report_trip(trip=row, by=request.user, **form.facts())

    words = _("The report is sent.")
    return formed(request, context, act, words=words, to=row.get_absolute_url(), template=PAPER)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call the trip off, or refuse it: with a reason."""
    row = visible_trip(request, pk)
    require(rights.may_call_off(request.user, row))
    if request.method != "POST" and not row.is_coming:
        return redirect(row)
    form = CancelForm(posted(request), initial={"version": row.version})
    context = trip_form(row, form, _("Call the trip off"), submit=_("Call the trip off"), danger=True)

    def act() -> FieldTrip:
        return trips.cancel_trip(trip=row, by=request.user, **form.cleaned_data)

    words = _("The trip is called off.")
    return formed(request, context, act, words=words, to=row.get_absolute_url(), template=FORM)


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """Send a paper of a trip: always as a download, never shown by the browser itself."""
    rows: Any = TripFile.objects.select_related("trip")
    found: TripFile = get_visible_or_404(rows, request.user, pk)
    if not found.file.storage.exists(found.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        trip_papers.note_download(file=found, by=request.user)
    return as_download(found.file.open("rb"), found.original_name)


def _carried(request: Request, pk: int) -> FieldTrip:
    """Return a trip that the person may carry out; else 404."""
    row = visible_trip(request, pk)
    require(rights.may_carry(request.user, row))
    return row
