"""For which unit a person sets something up, where several are open to them."""

from __future__ import annotations

from plans.views.shared import Request
from reviews.forms.agenda import DIGITS
from units.access import require
from units.models import Unit
from units.querysets import UnitQuerySet

OFFERED = 40


def unit_of(request: Request, units: UnitQuerySet) -> tuple[Unit, list[Unit]]:
    """Return the unit that the address names, else the highest, and which else may be chosen; 404 for none."""
    ordered = units.order_by("depth", "path")
    asked = request.GET.get("unit", "")
    named = asked.isascii() and asked.isdecimal() and len(asked) <= DIGITS
    chosen = (ordered.filter(pk=int(asked)) if named else ordered.none() if asked else ordered).first()
    require(chosen is not None)
    assert chosen is not None  # noqa: S101  # for the type checker
    return chosen, list(ordered.filter(depth__lte=chosen.depth + 1)[:OFFERED])
