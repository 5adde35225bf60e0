"""All kinds of import, in the order in which an office needs them."""

from __future__ import annotations

from typing import Final

from doantracker.imports.kinds.base import Kind
from doantracker.imports.kinds.deadlines import DEADLINES
from doantracker.imports.kinds.people import PEOPLE
from doantracker.imports.kinds.posts import POSTS
from doantracker.imports.kinds.results import RESULTS
from doantracker.imports.kinds.units import UNITS
from units.models import User

KINDS: Final[dict[str, Kind]] = {kind.slug: kind for kind in (UNITS, PEOPLE, POSTS, DEADLINES, RESULTS)}


def kinds_of(user: User) -> list[Kind]:
    """Return the kinds that `user` may import."""
    return [kind for kind in KINDS.values() if kind.allowed(user)]
