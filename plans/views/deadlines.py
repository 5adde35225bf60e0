"""The list of deadlines, one deadline, and the acts on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import deadlines as actions
from plans.changes import moved_days
from plans.conflicts import conflict_of
from plans.deadline_acts import offers_of
from plans.desks import Desk, deadline_desks
from plans.enums import OPEN, Decision, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.event_page import anchor_of, asks_executive
from plans.evidence_rows import evidence_of
from plans.forms.progress import DateForm, HoldForm, ReasonForm, ReportForm, ResumeForm, WithdrawForm
from plans.forms.seen import MISSING, VersionForm
from plans.labels import day_label, left_label, period_label
from plans.listings import asks, deadlines_that_fit
from plans.models import Deadline, SavedView
from plans.openings import openings_of
from plans.origins import origins_of
from plans.paging import PER_PAGE, CappedPaginator
from plans.reminder_log import reminders_of
from plans.request_rows import requests_of
from plans.rights import may_confirm, may_report
from plans.rows import Row, rows_of
from plans.standing import standing_plans
from plans.time_state import time_state
from plans.views.acting import Try, acted, conflicted, posted
from plans.views.bulk_bar import bulk_bar
from plans.views.evidence import given_already_words
from plans.views.saved_views import views_of
from plans.views.shared import Request, back, done, refused, visible_deadline
from plans.workflow import offered
from plans.workflow import refusal as refusal_of
from units.access import require
from units.models import AuditEvent
from units.models.audit import AuditAction
from units.permissions import Permission

HISTORY_SHOWN = 50
#: Acts offered on the deadline's page; those about requests are asked in `plans.request_rows`.
OFFERED = (
    AuditAction.REPORTED,
    AuditAction.WITHDRAWN,
    AuditAction.CONFIRMED,
    AuditAction.HELD,
    AuditAction.RESUMED,
    AuditAction.CANCELLED,
    AuditAction.DATED,
    AuditAction.RESCHEDULED,
)


@require_safe
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
        "narrowed": found.filter.narrowed,
        "undated": request.GET.get("figure") == "no_date",
        "saved_views": views,
        "may_import": request.user.may(Permission.MANAGE_PLANS),
        **bulk_bar(request, SavedView.Listing.DEADLINES, paginator),
    }
    template = "plans/deadlines.html#results" if request.htmx and not request.htmx.boosted else "plans/deadlines.html"
    return render(request, template, context)


@require_safe
def deadline(request: Request, pk: int) -> HttpResponse:
    """Show one deadline: what is owed, what was said, what may be done now."""
    return render(request, "plans/deadline.html", deadline_context(request, visible_deadline(request.user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Report: one click opens the choices, the next one reports; also as a fragment in the row of a table."""
    row = visible_deadline(request.user, pk)
    require(may_report(request.user, row))
    if request.method != "POST" and row.plan.status != PlanStatus.PUBLISHED:
        why = refusal_of(AuditAction.REPORTED, row)
        messages.warning(request, str(why.message) if why else "")
        return redirect(row)
    form = ReportForm(posted(request), request.FILES or None, deadline=row, by=request.user)
    context = {"deadline": row, "form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    context["executive_committee"] = asks_executive(row, today=clock.today())
    template = "plans/report.html"
    if request.htmx:
        template, context["r"] = "plans/deadline_rows.html#panel", _one_row(request, pk)
    if request.method == "POST" and request.POST.get("act") not in {"done", "progress"}:
        form.add_error(None, _("Press “Done” or “In progress”."))
    if request.method != "POST" or not form.is_valid():
        form.show(row.version)
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    act = _report_act(request, row, form, template)
    try:
        act.run(form.cleaned_data)
    except Stale as stale:
        return conflicted(request, context, stale, act)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    if request.htmx:
        return render(request, "plans/deadline_rows.html#saved", {"r": _one_row(request, pk), "words": act.words})
    done(request, act.words)
    return back(request, row.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm a result: the button on the deadline's page posts the version that it shows."""
    row = visible_deadline(request.user, pk)
    require(may_confirm(request.user, row))
    if request.method != "POST":
        return redirect(row)
    form = VersionForm(request.POST, deadline=row)
    if not form.is_valid():
        return _page_with(request, row, ActionRefused(MISSING))
    try:
        actions.confirm(deadline=row, by=request.user, version=form.cleaned_data["version"])
    except ActionRefused as refusal:
        return _page_with(request, row, refusal, form.cleaned_data["version"])
    done(request, _("The result is confirmed."))
    return back(request, row.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a report back that nobody confirmed yet."""
    context = {"title": _("Take the report back"), "submit": _("Take the report back")}
    words = _("The report is taken back. Report again when the work is done.")
    return _form_act(request, pk, WithdrawForm, (AuditAction.WITHDRAWN, actions.withdraw, words), context)


@require_http_methods(["GET", "HEAD", "POST"])
def return_result(request: Request, pk: int) -> HttpResponse:
    """Send a result back with a reason."""
    context = {"title": _("Return the result"), "submit": _("Return")}
    words = _("The result is returned to the unit.")
    return _form_act(request, pk, ReasonForm, (AuditAction.RETURNED, actions.return_result, words), context)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: Request, pk: int) -> HttpResponse:
    """Put work on hold with a reason."""
    context = {"title": _("Put on hold"), "submit": _("Put on hold")}
    words = _("The deadline is on hold. Nobody is reminded of it.")
    return _form_act(request, pk, HoldForm, (AuditAction.HELD, actions.hold, words), context)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: Request, pk: int) -> HttpResponse:
    """Take work off hold, with a new day if need be."""
    context = {"title": _("Take off hold"), "submit": _("Take off hold"), "show_hold": True}
    words = _("The work goes on; the reminders begin anew.")
    return _form_act(request, pk, ResumeForm, (AuditAction.RESUMED, actions.resume, words), context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call work off with a reason."""
    context = {"title": _("Cancel this deadline"), "submit": _("Cancel the deadline"), "danger": True}
    words = _("The deadline is cancelled.")
    return _form_act(request, pk, ReasonForm, (AuditAction.CANCELLED, actions.cancel, words), context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_date(request: Request, pk: int) -> HttpResponse:
    """Give a day to work that has none."""
    context = {"title": _("Give a date"), "submit": _("Save the date")}
    act = AuditAction.DATED, actions.give_date, _("The date is set.")
    return _form_act(request, pk, DateForm, act, context)


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
    log = AuditEvent.objects.visible_to(user, plans=standing_plans(user)).filter(
        object_type="deadline", object_id=row.pk
    )
    history = list(log.select_related("actor")[:HISTORY_SHOWN])
    requests = requests_of(row, user=user, today=today)
    may = {action.value: offered(user, action, row) for action in OFFERED}
    return {
        "deadline": row,
        "time": state.value,
        "due": day_label(row.due_on),
        "left": left_label(row.due_on, today) if row.status in OPEN else "",
        "period": period_label(row.occurrence),
        "reports": list(reports),
        "reminders": reminders_of(row, user),
        **requests,
        "anchor": anchor_of(row, user, today=today),
        "origins": origins_of(row.solution, user),
        "openings": openings_of(row, user),
        **evidence_of(row, user=user),
        "history": history,
        "moved": moved_days(history),
        "desk": _desks(row, requests, history, today),
        "offers": offers_of(row, may, requests["may_ask"], requests["to_decide"]),
    }


def _desks(row: Deadline, requests: dict[str, Any], history: list[AuditEvent], today: dt.date) -> Desk | None:
    """Return on whose desk the deadline lies, and note the same on each request that waits."""
    waiting = [e for e in requests["extensions"] if e.status == Decision.ASKED]
    waiting += [d["row"] for d in requests["difficulties"] if d["row"].answered_on is None]
    own, *others = deadline_desks(row, waiting, history=history, today=today)
    for request, desk in zip(waiting, others, strict=True):
        request.desk = desk
    return own


def _report_act(request: Request, row: Deadline, form: ReportForm, template: str) -> Try:
    """Return the act of the button that was pressed."""
    facts = form.facts()
    again = given_already_words(row, facts["proof"])

    def progress(data: dict[str, Any]) -> object:
        return actions.report_progress(deadline=row, by=request.user, percent=int(data["percent"]), **facts)

    def submit(_data: dict[str, Any]) -> object:
        return actions.submit(deadline=row, by=request.user, **facts)

    if request.POST.get("act") == "progress":
        return Try(AuditAction.REPORTED, progress, _("Progress is reported.") + again, template)
    return Try(AuditAction.SUBMITTED, submit, _("The result is sent and waits for confirmation.") + again, template)


def _form_act(
    request: Request,
    pk: int,
    form_class: type[VersionForm],
    act: tuple[AuditAction, Callable[..., Deadline], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Show or run a form with one act on a deadline behind it: its name, what does it, the words when it is done."""
    row = visible_deadline(request.user, pk)
    action, change, words = act

    def run(data: dict[str, Any]) -> object:
        return change(deadline=row, by=request.user, **data)

    form = form_class(posted(request), deadline=row)
    return acted(request, row, form, Try(action, run, words, context=context))


def _one_row(request: Request, pk: int) -> Row:
    """Return the row of a table for one deadline."""
    return rows_of(Deadline.objects.visible_to(request.user).filter(pk=pk), user=request.user, today=clock.today())[0]


def _page_with(request: Request, row: Deadline, refusal: ActionRefused, seen: int = 0) -> HttpResponse:
    """Show the deadline as it is now, with the refusal above it and what others did since version `seen`."""
    now = visible_deadline(request.user, row.pk)
    context = {**deadline_context(request, now), "refusal": refusal.message}
    if isinstance(refusal, Stale):
        context["conflict"] = conflict_of(now, AuditAction.CONFIRMED, user=request.user, seen=seen)
        context["stale"] = refusal.message
    return render(request, "plans/deadline.html", context, status=refusal.status)
