"""The list of plans and the page of one plan."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import plans as actions
from plans.actions.sensitive import log_reading, log_reading_of_plan
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.filters import PlanFilter
from plans.gaps import blocking, by_kind, doubts_of, gaps_of
from plans.labels import plan_period_label
from plans.ledger_page import hidden_from
from plans.listings import PLAN_SORTS, asks
from plans.masking import masked_paragraphs
from plans.matrix import matrix_of
from plans.models import Deadline, Difficulty, Extension, Plan, SavedView, Shortcoming
from plans.paging import PER_PAGE, CappedPaginator
from plans.plan_page import figures_of_solutions, shortcoming_views, solution_views
from plans.rights import may_manage, may_read_papers
from plans.sign_offs import standing_of
from plans.standing import standing_plans
from plans.statistics import difficulty_figures, extension_figures, figures_by
from plans.views.saved_views import views_of
from plans.views.shared import Request, as_download, done
from plans.views.timeline import timeline_part
from units import audit
from units.access import get_visible_or_404, paths_with, require
from units.models import AuditEvent
from units.models.audit import AuditAction
from units.permissions import Permission

VIEWS = ("solutions", "matrix", "timeline", "document", "history")
UNITS_A_PAGE = 50
HISTORY_A_PAGE = 50
LONGEST_REASON = 500


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """List the plans a person sees, each with how far it is."""
    views = views_of(request, SavedView.Listing.PLANS)
    if started := views.start_page(request):
        return started
    today = clock.today()
    visible = Plan.objects.visible_to(request.user)
    asked = request.GET if asks(request.GET) else None
    chosen = PlanFilter(asked, queryset=visible, user=request.user, today=today)
    sort = request.GET.get("sort", "") if request.GET.get("sort", "") in PLAN_SORTS else "-issued"
    found = chosen.qs if asked is None or chosen.is_valid() else visible.none()
    if asked is None:  # at first sight what was issued as a plan
        found = found.filter(is_programme=False)
    paginator = CappedPaginator(found.select_related("issuing_unit").order_by(PLAN_SORTS[sort], "-pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    plans = list(page.object_list)
    mine = Deadline.objects.visible_to(request.user).filter(plan__in=[p.pk for p in plans])
    figures = figures_by(mine, "plan_id", today=today)
    context = {
        "filter": chosen,
        "sort": sort,
        "page": page,
        "total": paginator.label,
        "rows": [
            {"plan": p, "figures": figures.get(p.pk), "period": plan_period_label(p.period_start, p.period_end)}
            for p in plans
        ],
        "saved_views": views,
        "may_import": request.user.may(Permission.MANAGE_PLANS),
    }
    template = "plans/plans.html#results" if request.htmx and not request.htmx.boosted else "plans/plans.html"
    return render(request, template, context)


@require_safe
def plan(request: Request, pk: int) -> HttpResponse:
    """Show a published plan: solutions, units × commitments, document or history. A draft stands on its check page."""
    found = visible_plan(request, pk)
    if found.status == PlanStatus.DRAFT:
        return redirect("plans:check", found.pk)
    view = request.GET.get("view", VIEWS[0])
    if view not in VIEWS:
        raise Http404
    mine = Deadline.objects.visible_to(request.user).filter(plan=found)
    today = clock.today()
    by_solution, figures = figures_of_solutions(mine, today=today)
    difficulties = Difficulty.objects.visible_to(request.user)
    extensions = Extension.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "plan": found,
        "period": plan_period_label(found.period_start, found.period_end),
        "view": view,
        "figures": figures,
        "difficulties": difficulty_figures(difficulties.filter(deadline__plan=found), today=today),
        "extensions": extension_figures(extensions.filter(deadline__plan=found)),
        "may_manage": may_manage(request.user, found),
        "may_read_papers": may_read_papers(request.user, found),
        **_part(request, found, view, mine),
    }
    if view == VIEWS[0]:
        context["solutions"] = solution_views(found, by_solution)
    template = "plans/plan.html#part" if request.htmx and not request.htmx.boosted else "plans/plan.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, pk: int) -> HttpResponse:
    """Show the gaps, then publish; gaps that block need a tick which the log remembers."""
    found = visible_plan(request, pk)
    require(may_manage(request.user, found))
    if found.status != PlanStatus.DRAFT:
        return redirect(found)
    gaps = gaps_of(found, request.user)
    context = {
        "plan": found,
        "gaps": gaps,
        "kinds": by_kind(gaps),
        "blocked": bool(blocking(gaps)),
        "error": "",
        "doubts": doubts_of(found),
        "standing": standing_of(found),
        "without": request.POST.get("without_sign_off", ""),
    }
    if request.method != "POST":
        context["made"] = actions.preview_publishing(plan=found)
        return render(request, "plans/publish.html", context)
    try:
        made = actions.publish_plan(
            plan=found,
            by=request.user,
            despite_gaps="despite_gaps" in request.POST,
            without_sign_off=request.POST.get("without_sign_off", "")[:LONGEST_REASON],
        )
    except ActionRefused as refusal:
        return render(request, "plans/publish.html", {**context, "error": refusal.message}, status=refusal.status)
    done(request, _("The plan is published: %(count)s deadlines are given out.") % {"count": made})
    return redirect("plans:plan", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Ask once, then throw a draft away."""
    found = visible_plan(request, pk)
    require(may_manage(request.user, found) and found.status == PlanStatus.DRAFT)
    if request.method != "POST":
        return render(request, "plans/discard.html", {"plan": found})
    try:
        actions.discard_plan(plan=found, by=request.user)
    except ActionRefused as refusal:
        return render(request, "plans/discard.html", {"plan": found, "error": refusal.message}, status=refusal.status)
    done(request, _("The draft is gone."))
    return redirect("plans:plans")


@require_safe
def document(request: Request, pk: int) -> FileResponse:
    """Send the file a plan was read from, to those who may read every shortcoming in it."""
    found = visible_plan(request, pk)
    stored = getattr(found, "document", None)
    if stored is None or hidden_from(request.user, found):
        raise Http404
    try:
        file = stored.file.open("rb")
    except FileNotFoundError as error:  # gone, or going: somebody throws the draft away
        raise Http404 from error
    log_reading_of_plan(by=request.user, plan=found)
    audit.record(AuditAction.DOWNLOADED, by=request.user, obj=stored, plan_id=found.pk, unit_id=found.issuing_unit_id)
    return as_download(file, stored.original_name)


def visible_plan(request: Request, pk: int) -> Plan:
    """Return a plan the person sees, with its frame; else 404."""
    related = ("issuing_unit", "document", "parent", "coordinating_unit")
    plan_row: Plan = get_visible_or_404(Plan.objects.select_related(*related), request.user, pk)
    return plan_row


def _part(request: Request, found: Plan, view: str, mine: QuerySet[Deadline]) -> dict[str, Any]:
    """Return what one view of the page needs, nothing more."""
    if view == "matrix":
        page = CappedPaginator(
            mine.order_by("unit_path").values("unit_path", "unit_id", "unit__name").distinct(), UNITS_A_PAGE
        ).get_page(request.GET.get("page"))
        seen = paths_with(request.user, Permission.VIEW)
        return {"page": page, "matrix": matrix_of(found, mine, list(page.object_list), today=clock.today(), seen=seen)}
    if view == "timeline":
        return timeline_part(request, found, mine)
    if view == "history":
        log = AuditEvent.objects.visible_to(request.user, plans=standing_plans(request.user))
        hidden = found.shortcomings.exclude(
            pk__in=Shortcoming.objects.visible_to(request.user).order_by().values("pk")
        )
        events = (
            log.filter(plan_id=found.pk)
            .select_related("actor")
            .exclude(object_type="shortcoming", object_id__in=hidden.order_by().values("pk"))
        )
        paginator = CappedPaginator(events, HISTORY_A_PAGE)
        return {"page": paginator.get_page(request.GET.get("page")), "total": paginator.label}
    if view == "document":
        return _document_part(request, found)
    shortcomings = shortcoming_views(found, request.user)
    log_reading(by=request.user, rows=[s.pk for s in shortcomings if s.personal and not s.masked], plan=found)
    return {"shortcomings": shortcomings, "references": list(found.references.all())}


def _document_part(request: Request, found: Plan) -> dict[str, Any]:
    """Return the paragraphs the person may read; the file is offered where that is all of them."""
    if not hasattr(found, "document"):
        return {"paragraphs": []}
    hidden = hidden_from(request.user, found)
    log_reading_of_plan(by=request.user, plan=found)
    return {"paragraphs": masked_paragraphs(found.document.paragraphs, hidden), "may_download": not hidden}
