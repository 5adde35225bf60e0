"""The levels above a unit, as papers pass through them."""

from __future__ import annotations

from reviews.models import CommendationProposal
from units.access import STEP
from units.models import Unit


def levels_of(unit: Unit) -> list[Unit]:
    """Return the levels that can be asked to commend: those above `unit`, the nearest first, then `unit` itself."""
    paths = [str(unit.path)[:end] for end in range(STEP, len(str(unit.path)), STEP)]
    return [*Unit.objects.filter(path__in=paths, kind__has_subtree=True).order_by("-path"), unit]


def level_above(unit: Unit, top: Unit) -> Unit:
    """Return the next level above `unit`, at most `top`."""
    return next((u for u in levels_of(unit) if u.pk != unit.pk and top.covers(u)), top)


def first_level(row: CommendationProposal) -> Unit:
    """Return where a new proposal lies: the next level above, or the unit itself where it is asked."""
    return row.level if row.level_id == row.proposing_unit_id else level_above(row.proposing_unit, row.level)
