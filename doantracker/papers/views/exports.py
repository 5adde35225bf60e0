"""Taking the list of deadlines along as .xlsx: asked for, watched, downloaded."""

from __future__ import annotations

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
from units.access import get_visible_or_404

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
    query, refusal = request.GET.urlencode(), None
    if request.method == "POST":
        try:
            made = actions.ask_export(query=query, by=request.user, key=key_of(request))
        except ActionRefused as error:
            refusal = error
        else:
            transaction.on_commit(write_exports.delay)
            return redirect(made)
    found = deadlines_that_fit(request.GET, user=request.user, today=clock.today())
    context = {"count": number_format(found.rows.count()), "key": key_for_form(request), "query": query}
    context["refusal"] = str(refusal or "")
    return render(request, "papers/export_new.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_archive(request: Request, pk: int) -> HttpResponse:
    """Say what the archive of a plan holds; POST has it written, of one year or of all."""
    plan, _year = actions.plan_of(f"plan={pk}", by=request.user)
    if request.method == "POST":
        query = f"plan={plan.pk}&year={request.POST.get('year', '')[:4]}"
        kind = ExportKind.ARCHIVE
        made = actions.ask_export(query=query, by=request.user, key=key_of(request), kind=kind)
        transaction.on_commit(write_exports.delay)
        return redirect(made)
    first = (plan.period_start or plan.created_at).year
    last = min((plan.period_end or clock.today()).year, first + MOST_YEARS)
    context = {"plan": plan, "years": [str(year) for year in range(first, last + 1)], "key": key_for_form(request)}
    return render(request, "papers/archive_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_paper(request: Request, pk: int, form: str) -> HttpResponse:
    """Say that a long paper takes a while; POST has it written."""
    query = f"paper={pk}&form={form}"
    row, _form = actions.paper_of(query, by=request.user)
    if request.method == "POST":
        made = actions.ask_export(query=query, by=request.user, key=key_of(request), kind=ExportKind.PAPER)
        transaction.on_commit(write_exports.delay)
        return redirect(made)
    count = number_format(row.rows_told)
    return render(request, "papers/export_paper.html", {"row": row, "count": count, "key": key_for_form(request)})


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
