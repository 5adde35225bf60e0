"""The rank of a unit among its peers: the units of its kind directly below the same unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from doantracker.dashboard.charts import cell
from doantracker.dashboard.ranking import ranks
from plans.models import Deadline
from plans.parts import Parts, parts_below
from units.access import STEP, covers
from units.models import Unit, User
from units.permissions import Permission

BEST, AROUND = 3, 2  # how many of a long table are shown: the best, and the neighbours of the unit


@dataclass(frozen=True, slots=True)
class Peer:
    """One unit of the table: its place ("" where it has no rate), its figures; `own`: the page is its own."""

    place: str
    name: str
    href: str
    own: bool
    bar: SafeString
    rate: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Peers:
    """The place of the unit, of how many that have one, and the lines shown; the rest is on the page above."""

    place: int | None
    ranked: int
    kind: str
    above: str
    above_href: str
    lines: list[Peer]
    hidden: int


def peers_of(unit: Unit, user: User, today: dt.date) -> Peers | None:
    """Return the peers of `unit`; two queries, or three where the parent is read. None where they may not be seen.

    Only who sees all peers learns a rank: a place among others tells how those others stand.
    """
    path = str(unit.path)
    above = path[:-STEP]
    if not above or not covers(user, Permission.VIEW, above):
        return None
    parent = Unit.objects.visible_to(user).get(path=above)
    below = Unit.objects.visible_to(user).below(parent).filter(depth=unit.depth, kind=unit.kind_id).in_force(today)
    peers = list(below.values_list("path", "pk", "name", "short_name"))
    if not any(other != path for other, *_names in peers):
        return None
    counted = parts_below(Deadline.objects.visible_to(user), parent, today=today)
    parts = {other: counted.get(other, Parts()) for other, *_names in peers}
    places = ranks({other: (found.done, found.fallen_due) for other, found in parts.items()})
    order = sorted(peers, key=lambda peer: (places.get(peer[0], len(peers) + 1), peer[0]))
    kept = _kept([peer[0] for peer in order], path)
    lines, last = [], -1
    for number in kept:
        other, pk, name, short = order[number]
        found = parts[other]
        url = f"{reverse('plans:deadlines')}?{urlencode({'unit': pk})}&figure="
        lines.append(
            Peer(
                place=str(places.get(other, "")),
                name=short or name,
                href=reverse("units:unit", args=[pk]),
                own=other == path,
                bar=cell(found, url),
                rate=found.rate_text,
                skipped=number > last + 1,
            )
        )
        last = number
    return Peers(
        place=places.get(path),
        ranked=len(places),
        kind=unit.kind.name,
        above=parent.label,
        above_href=parent.get_absolute_url(),
        lines=lines,
        hidden=len(order) - len(kept),
    )


def _kept(order: list[str], path: str) -> list[int]:
    """Return which lines of a long table are shown: the best, and the unit with its neighbours."""
    if path not in order:
        return list(range(min(BEST, len(order))))
    here = order.index(path)
    around = range(max(here - AROUND, 0), min(here + AROUND + 1, len(order)))
    return sorted({*range(min(BEST, len(order))), *around})
