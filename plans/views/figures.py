"""The statistics: a table by unit and plan, duties × months, and the trend of the days kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans import charts
from plans.figures_page import (
    TABLE,
    TREND,
    Scope,
    by_plan,
    by_unit,
    days_in_order,
    months_label,
    months_of,
    trend_of,
)
from plans.forms.figures import FiguresForm
from plans.models import Plan, SavedView
from plans.statistics import FIGURES
from plans.views.saved_views import views_of
from plans.views.shared import Request
from units.models import Unit


@require_safe
def figures(request: Request) -> HttpResponse:
    """Show the statistics table of a unit and all below it, by unit and by plan, in the order of a column."""
    views = views_of(request, SavedView.Listing.FIGURES)
    if started := views.start_page(request):
        return started
    form, scope = _asked(request)
    context = _frame(form, scope, "plans:figures") | {"saved_views": views}
    if scope:
        sort = request.GET.get("sort", "")
        page = by_plan(scope, sort, request.GET.get("page"))
        context |= {"table": by_unit(scope, sort), "plans": page.object_list, "page": page}
        context["labels"] = [(name, str(label)) for name, label in FIGURES if name in TABLE]
    return render(request, "plans/figures.html", context)


@require_safe
def months(request: Request) -> HttpResponse:
    """Show how each commitment fares month by month."""
    form, scope = _asked(request)
    context = _frame(form, scope, "plans:figures_months")
    if scope:
        found = months_of(scope, request.GET.get("page"))
        context |= {"heat": found, "page": found.page, "headings": months_label(found.months)}
        context["undated_href"] = scope.list_url("no_date")
    return render(request, "plans/figures_months.html", context)


@require_safe
def trend(request: Request) -> HttpResponse:
    """Show the figures kept day by day, drawn and as a table."""
    form, scope = _asked(request)
    context = _frame(form, scope, "plans:figures_trend")
    days = trend_of(scope) if scope else []
    if days:
        lines = [
            ("done", _("Done"), [d.figures.done for d in days]),
            ("open", _("Not done, in time"), [d.figures.in_time for d in days]),
            ("overdue", _("Overdue"), [d.figures.overdue for d in days]),
        ]
        context["labels"] = [(name, str(label)) for name, label in FIGURES if name in TREND]
        context["days"] = days_in_order(days, request.GET.get("sort", ""))
        context |= {"chart": charts.line_chart([d.day for d in days], lines)}
    return render(request, "plans/figures_trend.html", context)


def _asked(request: Request) -> tuple[FiguresForm, Scope | None]:
    """Return the form, and what it asks for; nothing while it makes no sense or the person sees no unit."""
    today = clock.today()
    form = FiguresForm(request.GET, user=request.user, today=today)
    if not form.units or not form.is_valid():
        return form, None
    chosen = form.cleaned_data
    unit: Unit = Unit.objects.visible_to(request.user).get(pk=chosen["unit"])
    plan = Plan.objects.visible_to(request.user).get(pk=chosen["plan"]) if chosen["plan"] else None
    return form, Scope(
        user=request.user,
        unit=unit,
        plan=plan,
        first=chosen["due_from"],
        last=chosen["due_to"],
        day=chosen["as_of"],
        today=today,
    )


def _frame(form: FiguresForm, scope: Scope | None, current: str) -> dict[str, Any]:
    """Return what the three views share: the form, what is counted, and the way from one view to the others."""
    views = (
        ("plans:figures", _("Table")),
        ("plans:figures_months", _("Month by month")),
        ("plans:figures_trend", _("Trend")),
    )
    tabs = [(scope.url(name) if scope else "", label, name == current) for name, label in views]
    return {"form": form, "scope": scope, "tabs": tabs if scope else [], "sees_units": bool(form.units)}
