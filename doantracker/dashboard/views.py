"""The unit pages: one page for every level, and the tree."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doantracker.dashboard import queries
from doantracker.dashboard.peers import peers_of
from doantracker.dashboard.trend import trend_of
from doantracker.lib import clock
from plans.chat_texts import unit_text
from plans.forms.chat import UnitTextForm
from plans.models import Deadline
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.chat import Of, chat_page, days_asked
from plans.views.shared import Request
from units.access import get_visible_or_404
from units.filters import UnitFilter
from units.models import Unit
from units.permissions import Permission


@require_safe
def unit(request: Request, pk: int) -> HttpResponse:
    """Show a unit: its own work, its children, the plans it owes work in. Province, district and commune alike."""
    today = clock.today()
    found: Unit = get_visible_or_404(Unit.objects.select_related("kind"), request.user, pk)
    figures = queries.unit_figures(found, request.user, today, request.GET.get("page"))
    trend = trend_of(found, request.user, today)
    context = {
        "unit": found,
        "crumbs": queries.crumbs_of(found, request.user),
        "actions": [
            {"href": f"{reverse('overview:overview')}?unit={found.pk}", "label": _("Overview"), "icon": "target"},
            {"href": f"{reverse('plans:figures')}?unit={found.pk}", "label": _("Statistics")},
            *_papers_of(request, found),
            {"href": reverse("units:unit_chat", args=[found.pk]), "label": _("Text to share"), "icon": "send"},
        ],
        "posts": queries.posts_of(found, today),
        "own": queries.cells_of(figures.own, {"unit": found.pk, "own": "on"}),
        "figures": figures,
        "page": figures.page,
        "peers": peers_of(found, request.user, today),
        "trend": trend,
        "whole_cells": queries.cells_of(figures.whole, {"unit": found.pk}),
        "whole_rate": figures.whole.rate_text,
        "own_rate": figures.own.rate_text,
        "labels": queries.labels(),
        "plans": queries.plan_rows(found, request.user, today),
        "plans_shown": queries.PLANS_SHOWN,
        "today": today,
    }
    return render(request, "units/unit.html", context)


def _papers_of(request: Request, found: Unit) -> list[dict[str, str]]:
    """Return the way to the list that hands a unit over, for who runs its plans."""
    if not request.user.may(Permission.MANAGE_PLANS, found):
        return []
    return [{"href": f"{reverse('papers:prepare', args=['handover'])}?unit={found.pk}", "label": _("Hand over")}]


@require_safe
def unit_chat(request: Request, pk: int) -> HttpResponse:
    """Put what a unit has overdue and owes soon into a text for its chat group."""
    today = clock.today()
    found: Unit = get_visible_or_404(Unit.objects.all(), request.user, pk)
    form = UnitTextForm(request.GET or None)
    below = form.is_valid() and form.cleaned_data["below"]
    rows = Deadline.objects.visible_to(request.user)
    text = unit_text(found, rows, today=today, days=days_asked(form), below=below)
    return chat_page(request, text, Of(found.label, found.get_absolute_url()), form)


@require_safe
def units(request: Request) -> HttpResponse:
    """Show the tree of units that the person sees as a table, searched and a page at a time."""
    visible = Unit.objects.visible_to(request.user).select_related("kind")
    chosen = UnitFilter(request.GET or None, queryset=visible)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(found, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "rows": queries.tree_rows(page.object_list, request.user),
        "total": paginator.label,
        "actions": _acts_on_units(request),
        "searched": bool(request.GET.get("q") or request.GET.get("kind")),
    }
    template = "units/units.html#results" if request.htmx else "units/units.html"
    return render(request, template, context)


def _acts_on_units(request: Request) -> list[dict[str, str]]:
    """Return the buttons above the list of units."""
    if not request.user.may(Permission.CONFIGURE):
        return []
    return [{"href": reverse("imports:kind", args=["units"]), "label": _("Import from Excel"), "icon": "file-upload"}]
