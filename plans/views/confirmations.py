"""The queue of results that wait for this person's word: ticked rows go to the acts on many."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans.listings import confirmations_that_fit
from plans.models import Evidence, ProgressReport, SavedView
from plans.paging import PER_PAGE, CappedPaginator
from plans.rows import rows_of
from plans.views.bulk_bar import bulk_bar
from plans.views.saved_views import views_of
from plans.views.shared import Request
from units.access import require
from units.permissions import Permission


@require_safe
def confirmations(request: Request) -> HttpResponse:
    """List what waits, the oldest report first, with what the unit said last."""
    require(request.user.may(Permission.CONFIRM))
    views = views_of(request, SavedView.Listing.CONFIRMATIONS)
    if started := views.start_page(request):
        return started
    today = clock.today()
    found = confirmations_that_fit(request.GET, user=request.user, today=today)
    paginator = CappedPaginator(found.rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, user=request.user, today=today)
    said = _last_reports([r["pk"] for r in rows])
    context = {
        "filter": found.filter,
        "sort": found.sort,
        "page": page,
        "total": paginator.label,
        "rows": [{**r, "said": said.get(r["pk"])} for r in rows],
        "saved_views": views,
        **bulk_bar(request, SavedView.Listing.CONFIRMATIONS, paginator),
    }
    return render(request, "plans/confirmations.html", context)


def _last_reports(ids: list[int]) -> dict[int, ProgressReport]:
    """Return the last report on each deadline, with its evidence; two queries."""
    newest = Prefetch("evidence", Evidence.objects.current())
    reports = ProgressReport.objects.filter(deadline__in=ids).select_related("author").prefetch_related(newest)
    return {r.deadline_id: r for r in reports.order_by("at", "pk")}
