"""The queue of results that wait for this person's word: one by one or many at once."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from doantracker.lib import clock
from plans.actions import deadlines as actions
from plans.errors import ActionRefused
from plans.models import Deadline, Evidence, ProgressReport
from plans.paging import PER_PAGE, CappedPaginator
from plans.rows import rows_of
from plans.views.shared import Request
from units.access import require
from units.permissions import Permission

MANY = 500  # rows of one act


@require_http_methods(["GET", "POST"])
def confirmations(request: Request) -> HttpResponse:
    """List what waits, the oldest report first; POST confirms or returns the ticked rows."""
    require(request.user.may(Permission.CONFIRM))
    if request.method == "POST":
        return _decide(request)
    return _list(request)


def _list(
    request: Request, *, reason: str = "", error: str = "", ticked: frozenset[int] = frozenset()
) -> HttpResponse:
    waiting = Deadline.objects.to_be_confirmed_by(request.user).order_by("reported_on", "pk")
    paginator = CappedPaginator(waiting, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, user=request.user, today=clock.today())
    said = _last_reports([r["pk"] for r in rows])
    context = {
        "page": page,
        "total": paginator.label,
        "rows": [{**r, "said": said.get(r["pk"]), "ticked": r["pk"] in ticked} for r in rows],
        "reason": reason,
        "error": error,
    }
    return render(request, "plans/confirmations.html", context, status=422 if error else 200)


def _decide(request: Request) -> HttpResponse:
    """Run the act on the ticked rows that wait for this person; every other id is as if it did not exist."""
    ids = {int(i) for i in request.POST.getlist("ids") if i.isdecimal() and len(i) < 19}  # noqa: PLR2004  # bigint
    reason = request.POST.get("reason", "").strip()
    act = request.POST.get("act", "")
    if act not in {"confirm", "return"}:
        return _list(request, reason=reason, error=_("Press one of the two buttons."), ticked=frozenset(ids))
    if len(ids) > MANY:
        return _list(request, reason=reason, error=_("At most %s rows at once.") % MANY)
    if not ids:
        return _list(request, reason=reason, error=_("Tick at least one row."))
    visible = Deadline.objects.visible_to(request.user).select_related("unit", "solution")  # a refusal names both
    chosen = list(visible.filter(pk__in=ids))
    try:
        if act == "return":
            outcome = actions.return_many(deadlines=chosen, by=request.user, reason=reason)
            words = ngettext("%(count)s result returned.", "%(count)s results returned.", len(outcome.done))
        else:
            outcome = actions.confirm_many(deadlines=chosen, by=request.user)
            words = ngettext("%(count)s result confirmed.", "%(count)s results confirmed.", len(outcome.done))
    except ActionRefused as refusal:
        return _list(request, reason=reason, error=str(refusal.message), ticked=frozenset(ids))
    if outcome.done:
        messages.success(request, words % {"count": len(outcome.done)})
    labels = {d.pk: d for d in chosen}
    for pk, why in outcome.refused.items():
        messages.warning(request, f"{labels[pk].unit.label} – {labels[pk].solution.text[:60]}: {why}")
    return redirect("plans:confirmations")


def _last_reports(ids: list[int]) -> dict[int, ProgressReport]:
    """Return the last report on each deadline, with its evidence; two queries."""
    newest = Prefetch("evidence", Evidence.objects.current())
    reports = ProgressReport.objects.filter(deadline__in=ids).select_related("author").prefetch_related(newest)
    return {r.deadline_id: r for r in reports.order_by("at", "pk")}
