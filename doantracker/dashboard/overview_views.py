"""The overview of a province (or of any unit and all below it), and what is in a leader's charge."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doantracker.dashboard.forms import OverviewForm
from doantracker.dashboard.mine import charge_page
from doantracker.dashboard.overview import Scope, matrix_of
from doantracker.dashboard.trend import trend_of
from doantracker.dashboard.waiting import what_waits
from doantracker.lib import clock
from plans.views.shared import Request
from units.models import Unit
from units.permissions import Permission


@require_safe
def overview(request: Request) -> HttpResponse:
    """Show units × plans, the rate, what waits where and the trend of a unit with all below it."""
    form = OverviewForm(request.GET, user=request.user, today=clock.today())
    context: dict[str, Any] = {"form": form, "tabs": _tabs("overview:overview")}
    if form.sees_units and form.is_valid():
        scope = _scope(request, form)
        matrix = matrix_of(
            scope,
            units=form.cleaned_data["units"],
            plans=form.cleaned_data["plans"],
            page=request.GET.get("page"),
            plans_page=request.GET.get("plans_page"),
        )
        context |= {
            "scope": scope,
            "matrix": matrix,
            "page": matrix.page,
            "waits": what_waits(scope.unit, request.user, scope.today),
            "trend": trend_of(scope.unit, request.user, scope.today),
            "may_import": request.user.may(Permission.MANAGE_PLANS, scope.unit),
        }
    return render(request, "overview/overview.html", context)


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the fields and units in the person's charge, red first."""
    page = charge_page(request.user, clock.today())
    return render(request, "overview/mine.html", {"mine": page, "tabs": _tabs("overview:mine")})


def _scope(request: Request, form: OverviewForm) -> Scope:
    chosen = form.cleaned_data
    first, last = form.days
    return Scope(
        user=request.user,
        unit=Unit.objects.visible_to(request.user).get(pk=chosen["unit"]),
        first=first,
        last=last,
        kind=chosen["kind"],
        field=int(chosen["field"]) if chosen["field"] else None,
        today=form.today,
    )


def _tabs(current: str) -> list[tuple[str, str, bool]]:
    pages = (("overview:overview", _("The whole")), ("overview:mine", _("In my charge")))
    return [(reverse(name), label, name == current) for name, label in pages]
