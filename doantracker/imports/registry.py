"""All kinds of import, in the order in which an office needs them."""

from __future__ import annotations

from typing import Final

from doantracker.imports.kinds.base import Kind
from doantracker.imports.kinds.deadlines import DEADLINES
from doantracker.imports.kinds.people import PEOPLE
from doantracker.imports.kinds.posts import POSTS
from doantracker.imports.kinds.results import RESULTS
from doantracker.imports.kinds.units import UNITS
from plans.models import Plan
from units.access import require
from units.models import User

KINDS: Final[dict[str, Kind]] = {kind.slug: kind for kind in (UNITS, PEOPLE, POSTS, DEADLINES, RESULTS)}


def kinds_of(user: User) -> list[Kind]:
    """Return the kinds that `user` may import."""
    return [kind for kind in KINDS.values() if kind.allowed(user)]


def kind_or_404(user: User, slug: str) -> Kind:
    """Return a kind that `user` may import."""
    found = KINDS.get(slug)
    require(found is not None and found.allowed(user))
    assert found is not None  # noqa: S101  # asked just before
    return found


def plan_of(kind: Kind, user: User, pk: int) -> Plan:
    """Return a plan into which `user` may import files of this kind; 404 for any other."""
    found: Plan | None = kind.plans(user).select_related("issuing_unit").filter(pk=pk).first() if kind.plans else None
    require(found is not None)
    assert found is not None  # noqa: S101  # asked just before
    return found
