"""The list of deadlines, one deadline, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from doantracker.lib import clock
from plans.actions import deadlines as actions
from plans.enums import OPEN
from plans.errors import ActionRefused
from plans.forms.progress import DateForm, ReasonForm, ReportForm
from plans.labels import day_label, left_label, period_label
from plans.listings import asks, deadlines_that_fit
from plans.models import Deadline, Evidence, SavedView
from plans.paging import PER_PAGE, CappedPaginator
from plans.reminder_log import reminders_of
from plans.request_rows import requests_of
from plans.rights import may_confirm, may_manage, may_report
from plans.rows import Row, rows_of
from plans.time_state import time_state
from plans.views.bulk_bar import bulk_bar
from plans.views.saved_views import views_of
from plans.views.shared import Request, back, done, refused, visible_deadline
from units import audit
from units.access import get_visible_or_404, require
from units.models import AuditEvent
from units.models.audit import AuditAction

HISTORY_SHOWN = 50


@require_GET
def deadline_list(request: Request) -> HttpResponse:
    """List what the person sees, filtered, sorted, a page at a time; ticked rows go to the acts on many."""
    views = views_of(request, SavedView.Listing.DEADLINES)
    if started := views.start_page(request):
        return started
    today = clock.today()
    found = deadlines_that_fit(request.GET, user=request.user, today=today)
    paginator = CappedPaginator(found.rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, user=request.user, today=today, back=request.get_full_path())
    context = {
        "filter": found.filter,
        "page": page,
        "rows": rows,
        "total": paginator.label,
        "sort": found.sort,
        "live": not asks(request.GET),
        "counted": found.filter.counted,
        "undated": request.GET.get("figure") == "no_date",
        "saved_views": views,
        **bulk_bar(request, SavedView.Listing.DEADLINES, paginator),
    }
    template = "plans/deadlines.html#results" if request.htmx and not request.htmx.boosted else "plans/deadlines.html"
    return render(request, template, context)


@require_GET
def deadline(request: Request, pk: int) -> HttpResponse:
    """Show one deadline: what is owed, what was said, what may be done now."""
    return render(request, "plans/deadline.html", deadline_context(request, visible_deadline(request.user, pk)))


@require_http_methods(["GET", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Report: one click opens the choices, the next one reports; also as a fragment in the row of a table."""
    row = visible_deadline(request.user, pk)
    require(may_report(request.user, row))
    form = ReportForm(request.POST or None, request.FILES or None, deadline=row)
    context = {"deadline": row, "form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    template = "plans/report.html"
    if request.htmx:
        template, context["r"] = "plans/deadline_rows.html#panel", _one_row(request, pk)
    if request.method == "POST" and request.POST.get("act") not in {"done", "progress"}:
        form.add_error(None, _("Press “Done” or “In progress”."))
    if request.method == "GET" or not form.is_valid():
        return render(request, template, context, status=200 if request.method == "GET" else 422)
    try:
        words = _report(request, row, form)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    if request.htmx:
        return render(request, "plans/deadline_rows.html#saved", {"r": _one_row(request, pk), "words": words})
    done(request, words)
    return back(request, row.get_absolute_url())


@require_http_methods(["GET", "POST"])
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm a result: the page asks once, the button on the deadline's page posts at once."""
    row = visible_deadline(request.user, pk)
    require(may_confirm(request.user, row))
    if request.method == "GET":
        return redirect(row)
    try:
        actions.confirm(deadline=row, by=request.user, version=_version(request))
    except ActionRefused as refusal:
        return _page_with(request, row, refusal)
    done(request, _("The result is confirmed."))
    return back(request, row.get_absolute_url())


@require_http_methods(["GET", "POST"])
def return_result(request: Request, pk: int) -> HttpResponse:
    """Send a result back with a reason."""
    row = visible_deadline(request.user, pk)
    require(may_confirm(request.user, row))
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    context = {
        "form": form,
        "deadline": row,
        "title": _("Return the result"),
        "submit": _("Return"),
        "cancel": row.get_absolute_url(),
    }
    return _reasoned(request, row, context, actions.return_result, _("The result is returned to the unit."))


@require_http_methods(["GET", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call work off with a reason."""
    row = visible_deadline(request.user, pk)
    require(may_manage(request.user, row.plan))
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    context = {
        "form": form,
        "deadline": row,
        "danger": True,
        "title": _("Cancel this deadline"),
        "submit": _("Cancel the deadline"),
        "cancel": row.get_absolute_url(),
    }
    return _reasoned(request, row, context, actions.cancel, _("The deadline is cancelled."))


@require_http_methods(["GET", "POST"])
def give_date(request: Request, pk: int) -> HttpResponse:
    """Give a day to work that has none."""
    row = visible_deadline(request.user, pk)
    require(may_manage(request.user, row.plan))
    form = DateForm(request.POST or None, initial={"version": row.version})
    context = {
        "form": form,
        "deadline": row,
        "title": _("Give a date"),
        "submit": _("Save the date"),
        "cancel": row.get_absolute_url(),
    }
    return _reasoned(request, row, context, actions.give_date, _("The date is set."))


@require_GET
def evidence(request: Request, pk: int) -> FileResponse:
    """Send a file of evidence: always as a download, never shown by the browser itself."""
    proof = get_visible_or_404(Evidence.objects.select_related("deadline"), request.user, pk)
    if not proof.file or not proof.file.storage.exists(proof.file.name):
        raise Http404
    audit.record(
        AuditAction.DOWNLOADED,
        by=request.user,
        obj=proof,
        plan_id=proof.deadline.plan_id,
        unit_id=proof.deadline.unit_id,
    )
    return as_download(proof.file.open("rb"), proof.original_name)


def as_download(file: Any, name: str) -> FileResponse:
    """Return a stored file under its own name, so that no browser runs what is in it."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def deadline_context(request: Request, row: Deadline) -> dict[str, Any]:
    """Return what the page of a deadline shows; a fixed number of queries."""
    today, user = clock.today(), request.user
    state = time_state(
        status=row.status,
        due_on=row.due_on,
        reported_on=row.reported_on,
        today=today,
        soon_days=settings.DUE_SOON_DAYS,
    )
    reports = row.reports.select_related("author").prefetch_related("evidence")
    return {
        "deadline": row,
        "time": state.value,
        "due": day_label(row.due_on),
        "left": left_label(row.due_on, today) if row.status in OPEN else "",
        "period": period_label(row.occurrence),
        "reports": list(reports),
        "reminders": reminders_of(row, user),
        **requests_of(row, user=user, today=today),
        "history": AuditEvent.objects.visible_to(user)
        .filter(object_type="deadline", object_id=row.pk)
        .select_related("actor")[:HISTORY_SHOWN],
        "may": {
            "report": may_report(user, row) and row.status in actions.ALLOWED[AuditAction.REPORTED],
            "confirm": may_confirm(user, row) and row.status in actions.ALLOWED[AuditAction.CONFIRMED],
            "cancel": may_manage(user, row.plan) and row.status in actions.ALLOWED[AuditAction.CANCELLED],
            "date": may_manage(user, row.plan)
            and row.due_on is None
            and row.status in actions.ALLOWED[AuditAction.DATED],
        },
    }


def _report(request: Request, row: Deadline, form: ReportForm) -> str:
    """Do what the button pressed says; return what to tell."""
    if request.POST.get("act") == "progress":
        percent = int(form.cleaned_data["percent"])
        actions.report_progress(deadline=row, by=request.user, percent=percent, **form.facts())
        return _("Progress is reported.")
    actions.submit(deadline=row, by=request.user, **form.facts())
    return _("The result is sent and waits for confirmation.")


def _reasoned(request: Request, row: Deadline, context: dict[str, Any], act: Any, words: str) -> HttpResponse:
    """Show or run a form with one act behind it."""
    form = context["form"]
    context["lead"] = f"{row.unit.label} – {row.solution.text[:160]}"
    template = "plans/deadline_act.html"
    if request.method == "GET" or not form.is_valid():
        return render(request, template, context, status=200 if request.method == "GET" else 422)
    try:
        act(deadline=row, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, words)
    return back(request, row.get_absolute_url())


def _one_row(request: Request, pk: int) -> Row:
    """Return the row of a table for one deadline."""
    return rows_of(Deadline.objects.visible_to(request.user).filter(pk=pk), user=request.user, today=clock.today())[0]


def _page_with(request: Request, row: Deadline, refusal: ActionRefused) -> HttpResponse:
    """Show the deadline as it is now, with the refusal above it."""
    context = deadline_context(request, visible_deadline(request.user, row.pk))
    return render(request, "plans/deadline.html", {**context, "refusal": refusal.message}, status=refusal.status)


def _version(request: Request) -> int | None:
    raw = request.POST.get("version", "")
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None  # noqa: PLR2004  # what fits the column
