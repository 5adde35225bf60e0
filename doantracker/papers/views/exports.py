"""Taking the list of deadlines along as .xlsx: asked for, watched, downloaded."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from doantracker.papers.actions import exports as actions
from doantracker.papers.enums import ExportKind, ExportState
from doantracker.papers.jobs import write_exports
from doantracker.papers.models import Export
from plans.errors import ActionRefused
from plans.listings import deadlines_that_fit
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, as_download
from units.access import get_visible_or_404, require

SECONDS_TO_LOOK_AGAIN = "3"
MOST_YEARS = 10
#: What the files are called where people keep them.
NAMES = {
    ExportKind.DEADLINES: "noi-dung-theo-doi",
    ExportKind.ARCHIVE: "luu-tru-ke-hoach",
    ExportKind.PAPER: "van-ban",
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """Say how many rows fit; POST has them written."""
    query = request.GET.urlencode()
    found = deadlines_that_fit(request.GET, user=request.user, today=clock.today())
    context = {"count": found.rows.count(), "query": query}
    return _asked(request, ExportKind.DEADLINES, query, "papers/export_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_archive(request: Request, pk: int) -> HttpResponse:
    """Say what the archive of a plan holds; POST has it written, of one year or of all."""
    plan, _year = actions.plan_of(f"plan={pk}", by=request.user)
    first = (plan.period_start or plan.created_at).year
    last = min((plan.period_end or clock.today()).year, first + MOST_YEARS)
    years = [str(year) for year in range(first, last + 1)]
    year = request.POST.get("year", "")
    require(year in {"", *years})
    context = {"plan": plan, "years": years}
    return _asked(request, ExportKind.ARCHIVE, f"plan={plan.pk}&year={year}", "papers/archive_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_paper(request: Request, pk: int, form: str) -> HttpResponse:
    """Say that a long paper takes a while; POST has it written."""
    query = f"paper={pk}&form={form}"
    row, _form = actions.paper_of(query, by=request.user)
    context = {"row": row, "count": number_format(row.rows_told)}
    return _asked(request, ExportKind.PAPER, query, "papers/export_paper.html", context)


def _asked(request: Request, kind: ExportKind, query: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show what a file would hold; POST has it written, or says why not."""
    context |= {"key": key_for_form(request), "refusal": ""}
    if request.method != "POST":
        return render(request, template, context)
    try:
        made = actions.ask_export(query=query, by=request.user, key=key_of(request), kind=kind)
    except ActionRefused as refusal:
        return render(request, template, context | {"refusal": refusal.message}, status=refusal.status)
    transaction.on_commit(write_exports.delay)
    return redirect(made)


@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    """Show how far the file is; the page looks again by itself until it is ready, without any script."""
    row = _visible(request, pk)
    waits = row.state in {ExportState.WAITING, ExportState.RUNNING}
    answer = render(request, "papers/export.html", {"row": row, "waits": waits, "title": row.get_kind_display()})
    if waits:
        answer["Refresh"] = SECONDS_TO_LOOK_AGAIN
    return answer


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    """Send the file while it is kept."""
    row = _visible(request, pk)
    if row.state != ExportState.READY or not row.file.storage.exists(row.file.name or ""):
        raise Http404
    actions.require_still_seen(export=row, by=request.user)
    if request.method == "GET":  # HEAD takes nothing along
        actions.note_export_download(export=row, by=request.user)
    return as_download(row.file.open("rb"), export_name(row))


def export_name(row: Export) -> str:
    """Return what the file is called: nothing that people typed stands in it."""
    ending = (row.file.name or "").rpartition(".")[2]
    return f"{NAMES[ExportKind(row.kind)]}-{timezone.localdate(row.created_at):%Y-%m-%d}-{row.pk}.{ending}"


def _visible(request: Request, pk: int) -> Export:
    found: Export = get_visible_or_404(Export.objects.all(), request.user, pk)
    return found
