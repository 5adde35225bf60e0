"""Units that a draft names and the tree does not know: a person finds each by a search, once for the whole plan."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from doantracker.lib import clock
from doantracker.lib.text import search_key
from plans.actions.matching import leave_out, match_unit
from plans.check_page import base_of, open_names
from plans.errors import ActionRefused
from plans.models import Plan
from plans.resolving import UnitNames
from plans.views.check import draft_or_404
from plans.views.shared import Request, done
from units.access import get_visible_or_404
from units.models import Unit, User
from units.querysets import UnitQuerySet

MOST_SHOWN: Final = 12
LONGEST_NAME: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
def find_unit(request: Request, pk: int) -> HttpResponse:
    """Ask which unit the words mean; enter it in every record that names them."""
    plan = draft_or_404(request, pk)
    name = " ".join(request.GET.get("name", "").replace("\x00", "").split())[:LONGEST_NAME]
    context = _context(request, plan, name)
    if request.method != "POST":
        part = "#results" if request.htmx else ""
        return render(request, f"plans/check_unit.html{part}", context)
    try:
        _decide(request, plan, name)
    except ActionRefused as refusal:
        return render(request, "plans/check_unit.html", {**context, "error": refusal.message}, status=refusal.status)
    return _onwards(plan)


def _decide(request: Request, plan: Plan, name: str) -> None:
    if "leave_out" in request.POST:
        leave_out(plan=plan, name=name, by=request.user)
        done(request, _("“%(name)s” is left out.") % {"name": name})
        return
    number = request.POST.get("unit", "")
    chosen = int(number) if number.isdecimal() and len(number) < 19 else 0  # noqa: PLR2004  # what fits the column
    unit: Unit = get_visible_or_404(_candidates(plan, request.user), request.user, chosen)
    count = match_unit(plan=plan, name=name, unit=unit, by=request.user, remember="remember" in request.POST)
    words = ngettext("%(unit)s is entered in %(n)d record.", "%(unit)s is entered in %(n)d records.", count)
    done(request, words % {"unit": unit.name, "n": count})


def _onwards(plan: Plan) -> HttpResponse:
    """Go to the next unit that was not found, else back to the page."""
    left = open_names(plan, base_of(plan))
    return redirect(left[0]["find"]) if left else redirect("plans:check", plan.pk)


def _candidates(plan: Plan, user: User) -> UnitQuerySet:
    """Return the units a person may enter in a plan: those it sees below the issuer, in force today."""
    seen: UnitQuerySet = Unit.objects.visible_to(user)
    units: UnitQuerySet = seen.below(plan.issuing_unit).in_force(clock.today()).select_related("kind")
    return units


def _context(request: Request, plan: Plan, name: str) -> dict[str, Any]:
    query = request.GET.get("q", "").replace("\x00", "")[:LONGEST_NAME]
    candidates = _candidates(plan, request.user)
    names = UnitNames(candidates, home=plan.issuing_unit)
    if search_key(query):
        found = list(candidates.matching(query).order_by("depth", "path")[: MOST_SHOWN + 1])
    else:
        found = names.near(name, MOST_SHOWN)
    entries = [e for e in open_names(plan, base_of(plan)) if search_key(e["name"]) == search_key(name)]
    return {
        "plan": plan,
        "name": name,
        "query": query,
        "found": found[:MOST_SHOWN],
        "more": len(found) > MOST_SHOWN,
        "count": entries[0]["count"] if entries else 0,
        "known": bool(names.find(name).units),
    }
