"""What follows the visits: the report, its files, the conclusions issued on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.paper_numbers import given_number
from plans.views.acting import posted
from plans.views.shared import Request, as_download
from reviews.actions import inspection_reports as actions
from reviews.actions.conclusions import issue_conclusions
from reviews.enums import AT_WORK, InspectionState
from reviews.forms.visits import EndVisitsForm, IssueForm, ReportForm
from reviews.models import Conclusion, Inspection, InspectionFile, VisitItem
from reviews.rights import may_conclude, may_run
from reviews.views.shared import INSPECTION_FORM, formed, inspection_crumbs, visible_inspection
from units.access import get_visible_or_404, require


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """End the visits and say to which meeting the report is owed; later: to another one."""
    row, today = visible_inspection(request.user, pk), clock.today()
    again = row.state == InspectionState.REPORT_OWED
    require(may_run(request.user, row.unit) if again else may_conclude(request.user, row))
    require(row.state in (*AT_WORK, InspectionState.REPORT_OWED))
    coming = actions.next_meeting(row.unit, today, today)
    initial = {"version": row.version, "meeting": coming.pk if coming else ""}
    form = EndVisitsForm(posted(request), meetings=actions.meetings_offered(row.unit, today), initial=initial)
    title = _("The report is owed otherwise") if again else _("End the visits")
    context = _form_context(row, form, title) | {"submit": _("The report is owed")}
    if not again:
        context["unticked"] = VisitItem.objects.filter(visit__inspection=row, finding="").count()
    if not form.meetings and may_run(request.user, row.unit):
        context["plan_meeting"] = f"{reverse('reviews:meeting_new')}?unit={row.unit.pk}"
    return formed(
        request,
        context,
        lambda: actions.end_visits(inspection=row, by=request.user, **form.facts()),
        words=_("The report is owed now, and proposed for the agenda of the meeting."),
        to=f"{row.get_absolute_url()}?tab=report",
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Hand in the report, or correct it before the conclusions."""
    row = visible_inspection(request.user, pk)
    require(may_conclude(request.user, row))
    require(row.state in {InspectionState.REPORT_OWED, InspectionState.REPORTED})
    given = None if row.report_symbol else given_number("inspection", row.pk, request.user)
    symbol = given.symbol if given else row.report_symbol
    initial = {"text": row.report, "symbol": symbol, "version": row.version}
    files = list(row.files.all())
    form = ReportForm(posted(request), request.FILES or None, has_files=bool(files), initial=initial)
    title = _("Correct the report") if row.reported_on else _("Hand in the report")
    context = _form_context(row, form, title) | {"submit": title, "upload": True, "files": files}
    return formed(
        request,
        context,
        lambda: actions.hand_in_report(inspection=row, by=request.user, **form.facts()),
        words=_("The report is handed in."),
        to=f"{row.get_absolute_url()}?tab=report",
        template="reviews/inspection_report_form.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue what is drafted: each conclusion becomes work of its unit."""
    row = visible_inspection(request.user, pk)
    require(may_conclude(request.user, row) and row.state == InspectionState.REPORTED)
    drafted = Conclusion.objects.filter(visit__inspection=row).exists()
    given = given_number("conclusions", row.pk, request.user)
    paper = {"symbol": given.symbol, "on": given.day} if given else {}
    initial = {"on": clock.today(), "version": row.version} | paper
    form = IssueForm(posted(request), drafted=drafted, initial=initial)
    title = _("Issue the conclusions") if drafted else _("End the inspection without conclusions")
    context = _form_context(row, form, title) | {"submit": title, "no_conclusion": not drafted}
    issued = _("The conclusions are issued: the units owe them from now on.")
    return formed(
        request,
        context,
        lambda: issue_conclusions(inspection=row, by=request.user, **form.facts()),
        words=issued if drafted else _("The inspection is over. No unit has a conclusion to carry out."),
        to=f"{row.get_absolute_url()}?tab=conclusions",
        template=INSPECTION_FORM,
    )


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """Send a file of a report: always as a download, never shown by the browser itself."""
    rows = InspectionFile.objects.select_related("inspection__programme__unit")
    found: InspectionFile = get_visible_or_404(rows, request.user, pk)
    if not found.file.storage.exists(found.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        actions.note_download(file=found, by=request.user)
    return as_download(found.file.open("rb"), found.original_name)


def _form_context(row: Inspection, form: Any, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "inspection": row,
        "title": title,
        "lead": row.title,
        "crumbs": inspection_crumbs(row, (title, None)),
        "cancel": row.get_absolute_url(),
    }
