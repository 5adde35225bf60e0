"""One periodic report: opened from its deadline, written, filled anew, sent; and the reports of a period compiled."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from plans.views.acting import posted
from plans.views.shared import Request, done, refused, visible_deadline
from plans.word_diff import word_diff
from plans.workflow import may, offered
from reviews.actions import periodic_reports as actions
from reviews.compiling import compiled
from reviews.emulation import sent_state
from reviews.forms.periodic_reports import IntroductionForm, RefillForm, ReportForm
from reviews.models import PeriodicReport
from reviews.report_fill import digest_of, filled_texts, reports_below
from reviews.report_matrix import columns_of
from reviews.report_periods import period_words
from reviews.rights import may_ask_reports, may_compile
from reviews.views.report_kinds import visible_year
from units.access import covers, get_visible_or_404, require
from units.models import AuditEvent, User
from units.models.audit import AuditAction
from units.permissions import Permission

HISTORY_SHOWN = 30
_RELATED = (
    "kind__unit", "kind__via_unit", "deadline__unit", "deadline__plan__issuing_unit", "deadline__solution",
    "deadline__schedule__report_year", "deadline__schedule__compiled_into__report_year__kind",
    "deadline__reported_by", "deadline__confirmed_by",
)  # fmt: skip


@require_POST
def open_from(request: Request, pk: int) -> HttpResponse:
    """Open the report that a deadline asks for."""
    row = visible_deadline(request.user, pk)
    require(may(request.user, AuditAction.REPORTED, row))
    try:
        report = actions.open_report(deadline=row, by=request.user)
    except ActionRefused as refusal:
        context = {"title": _("This report can't be opened now."), "message": refusal.message, "deadline": row}
        return render(request, "reviews/report_refused.html", context, status=refusal.status)
    return redirect(report)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Show a report; while the unit owes it, as a form that is saved or sent: the button pressed says which."""
    row = visible_report(request.user, pk)
    if request.method != "POST":
        return render(request, "reviews/report.html", _page(request, row, None))
    require(may(request.user, AuditAction.REPORTED, row.deadline))
    form = ReportForm(posted(request), request.FILES or None, parts=_parts(row))
    context = _page(request, row, form)
    if not form.is_valid():
        return render(request, "reviews/report.html", context, status=422)
    sending = request.POST.get("act") == "send"
    facts: dict[str, Any] = {"texts": form.texts(), "by": request.user, "version": form.cleaned_data["version"]}
    try:
        if sending:
            actions.send_report(report=row, proof=form.proof(), **facts)
        else:
            actions.save_report(report=row, **facts)
    except ActionRefused as refusal:
        return _refused(request, context, refusal)
    done(request, _("The report is sent and waits to be accepted.") if sending else _("The report is saved."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def refill(request: Request, pk: int) -> HttpResponse:
    """Show what the records say now beside what was filled in, and take what is ticked."""
    row = visible_report(request.user, pk)
    require(may(request.user, AuditAction.REPORTED, row.deadline))
    if not offered(request.user, AuditAction.REPORTED, row.deadline):
        return redirect(row)
    texts = filled_texts(row, user=request.user, today=clock.today())
    initial = {"version": row.version, "digest": digest_of(texts.values())}
    form = RefillForm(posted(request), initial=initial)
    context = {"report": row, "form": form, "changes": _changes(row, texts), "crumbs": _crumbs(row, _("Fill again"))}
    template = "reviews/report_refill.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    data = form.cleaned_data
    try:
        actions.refill_report(
            report=row, take=form.ticked(), seen=data["digest"], by=request.user, version=data["version"]
        )
    except ActionRefused as refusal:
        form.show(PeriodicReport.objects.values_list("version", flat=True).get(pk=row.pk))
        shown = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        shown["digest"] = initial["digest"]
        form.data = shown
        return refused(request, template, context, refusal)
    done(request, _("The report is filled anew."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def compilation(request: Request, year_pk: int, occurrence: str) -> HttpResponse:
    """Show the reports of one period compiled; who compiles them writes an introduction."""
    user = request.user
    year = visible_year(user, year_pk)
    require(may_compile(user, year.kind) or covers(user, Permission.VIEW, str(year.kind.unit.path)))
    column = next((column for column in columns_of(year) if column.occurrence == occurrence), None)
    if column is None:
        raise Http404
    found = compiled(year, occurrence, user=user, today=clock.today())
    written = found.introduction
    initial = {"introduction": written.introduction, "version": written.version} if written else {"version": 0}
    form = IntroductionForm(posted(request), initial=initial)
    context = {
        "year": year,
        "kind": year.kind,
        "column": column,
        "period": period_words(year.kind.period_of(occurrence)),
        "compiled": found,
        "form": form,
        "may_compile": may_compile(user, year.kind),
        "may_prepare": may_ask_reports(user, year.kind.unit),
        "crumbs": [
            (_("Periodic reports"), reverse("reviews:report_kinds")),
            (year.kind.name, f"{year.kind.get_absolute_url()}?year={year.year}"),
            (column.label, None),
        ],
    }
    template = "reviews/compilation.html"
    if request.method != "POST":
        return render(request, template, context)
    require(may_compile(user, year.kind))
    if not form.is_valid():
        return render(request, template, context, status=422)
    data = form.cleaned_data
    try:
        actions.introduce(
            year=year, occurrence=occurrence, text=data["introduction"], by=user, version=data["version"]
        )
    except ActionRefused as refusal:
        form.show(written.version if written else 0)
        return refused(request, template, context, refusal)
    done(request, _("The introduction is saved."))
    return redirect(request.path)


def visible_report(user: User, pk: int) -> PeriodicReport:
    """Return a report that the person sees, with what its page reads; else 404."""
    found: PeriodicReport = get_visible_or_404(PeriodicReport.objects.select_related(*_RELATED), user, pk)
    return found


def _parts(row: PeriodicReport) -> list[Any]:
    return list(row.parts.select_related("section"))


def _page(request: Request, row: PeriodicReport, form: ReportForm | None) -> dict[str, Any]:
    """Return what the page of a report shows; a fixed number of queries."""
    user, deadline, today = request.user, row.deadline, clock.today()
    parts = form.parts if form else _parts(row)
    days = {name: getattr(deadline, name) for name in ("status", "due_on", "reported_on", "excused_until")}
    writes = offered(user, AuditAction.REPORTED, deadline)
    of_it = AuditEvent.objects.visible_to(user).filter(object_type="deadline", object_id=deadline.pk)
    return {
        "report": row,
        "deadline": deadline,
        "period": period_words(row.kind.period_of(deadline.occurrence)),
        "parts": parts,
        "form": form or ReportForm(initial={"version": row.version}, parts=parts),
        "writes": writes,
        "sent": sent_state(**days, today=today).value,
        "papers": [e for e in deadline.evidence.all() if e.replaced_at is None],
        "below": reports_below(row, user),
        "may_confirm": offered(user, AuditAction.CONFIRMED, deadline),
        "may_return": offered(user, AuditAction.RETURNED, deadline),
        "may_withdraw": offered(user, AuditAction.WITHDRAWN, deadline),
        "history": of_it.select_related("actor")[:HISTORY_SHOWN],
        "crumbs": _crumbs(row),
    }


def _crumbs(row: PeriodicReport, *more: str) -> list[tuple[str, str | None]]:
    name = f"{row.deadline.unit.label}: {period_words(row.kind.period_of(row.deadline.occurrence))}"
    kind = f"{row.kind.get_absolute_url()}?year={row.deadline.schedule.report_year.year}"
    own = row.get_absolute_url() if more else None
    return [
        (_("Periodic reports"), reverse("reviews:report_kinds")),
        (row.kind.name, kind),
        (name, own),
        *((word, None) for word in more),
    ]


def _refused(request: Request, context: dict[str, Any], refusal: ActionRefused) -> HttpResponse:
    """Show the form again; what somebody saved meanwhile stands beside what was typed, and the next click counts."""
    form, row = context["form"], context["report"]
    if isinstance(refusal, Stale):
        now = PeriodicReport.objects.get(pk=row.pk)
        form.show(now.version)
        typed = form.texts()
        fresh = {part.pk: part.text for part in now.parts.all()}
        for part in form.parts:
            part.theirs = fresh.get(part.pk, "") if fresh.get(part.pk, "") != typed.get(part.pk) else ""
    return refused(request, "reviews/report.html", context, refusal)


def _changes(row: PeriodicReport, texts: dict[Any, str]) -> list[dict[str, Any]]:
    """Return the sections whose records changed since they were filled, each with what came and went."""
    new = {section.pk: text for section, text in texts.items()}
    return [
        {
            "part": part,
            "key": str(part.pk),
            "diff": word_diff(part.filled, new[part.section_id]),
            "edited": part.text != part.filled,
        }
        for part in _parts(row)
        if part.filled != new[part.section_id]
    ]
