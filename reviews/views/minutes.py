"""Recording a meeting, and the files of its minutes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.views.acting import posted
from plans.views.shared import Request, as_download
from reviews.actions import minutes as actions
from reviews.bodies import members_of
from reviews.enums import MeetingState
from reviews.forms.minutes import HoldForm
from reviews.models import MeetingFile
from reviews.rights import may_record
from reviews.views.shared import crumbs_of, formed, visible_meeting
from units.access import get_visible_or_404, require


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: Request, pk: int) -> HttpResponse:
    """Record that the meeting was held, with who was there and the minutes; later: correct that."""
    row = visible_meeting(request.user, pk)
    require(may_record(request.user, row) and row.state != MeetingState.CANCELLED)
    held = row.state == MeetingState.HELD
    people = members_of(row.unit, row.body, row.held_on or row.event.day or clock.today())
    known = {p.pk for p in people}
    people += [s.person for s in row.attendance.select_related("person") if s.person_id not in known]
    form = HoldForm(posted(request), request.FILES or None, members=people, initial=HoldForm.initial_of(row))
    title = _("Correct the minutes") if held else _("Record the meeting")
    context = {
        "form": form,
        "meeting": row,
        "title": title,
        "lead": row.title,
        "crumbs": crumbs_of(row, title),
        "cancel": row.get_absolute_url(),
        "submit": _("Save") if held else _("Record the meeting"),
        "upload": True,
        "files": list(row.files.all()),
    }
    return formed(
        request,
        context,
        lambda: actions.hold_meeting(meeting=row, by=request.user, **form.facts()),
        words=_("The meeting is recorded."),
        to=row.get_absolute_url(),
        template="reviews/meeting_hold.html",
    )


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """Send a file of the minutes: always as a download, never shown by the browser itself."""
    found: MeetingFile = get_visible_or_404(MeetingFile.objects.select_related("meeting"), request.user, pk)
    if not found.file.storage.exists(found.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        actions.note_download(file=found, by=request.user)
    return as_download(found.file.open("rb"), found.original_name)
