"""Which units were visited when, and who went where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Greatest

from reviews.enums import TRIPS_COMING, TRIPS_GONE
from reviews.models import FieldTrip, InspectionVisit, TripMember
from reviews.quota import Quota, Trip, days_of
from units.access import STEP
from units.models import Unit, UnitKind, User

_VISITS: Any = FieldTrip.units.through


@dataclass(slots=True)
class Travelled:
    """Where one person went in a year: how many trips, on how many days, to which units and how often."""

    person: User
    trips: int = 0
    taken: list[Trip] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    days: int = 0


def units_covered(union: Unit, *, year: int, today: dt.date, kind: UnitKind | None = None) -> QuerySet[Unit]:
    """Return the units of a union with `last`, trips in a year, `inspected` in it, `coming`; most in need first.

    `last` is the later of a trip there (`gone`) and a visit of an inspection of the union (`looked_at`). Difficult
    units come first, then those never visited, then the longest time ago. A visit below a unit is one to it.
    Without a kind: those right below the union.
    """
    below = Unit.objects.below(union).in_force(today).filter(kind__has_subtree=True).exclude(pk=union.pk)
    chosen = below.filter(kind=kind) if kind else below.filter(depth=union.depth + 1)
    inside = (OuterRef("path"), Concat(OuterRef("path"), Value("Z" * STEP)))
    there = _VISITS.objects.filter(fieldtrip__unit=union, unit__path__range=inside).order_by()
    gone = there.filter(fieldtrip__state__in=TRIPS_GONE)
    in_year = gone.filter(fieldtrip__actual_from__year=year).annotate(all=Value(1)).values("all")
    looked_at = InspectionVisit.objects.filter(
        inspection__programme__unit=union, unit__path__range=inside, visited_on__isnull=False
    ).order_by()
    looked_in_year = looked_at.filter(visited_on__year=year).annotate(all=Value(1)).values("all")
    coming = there.filter(fieldtrip__state__in=TRIPS_COMING, fieldtrip__planned_to__gte=today)
    found: QuerySet[Unit] = chosen.select_related("kind").annotate(
        gone=Subquery(gone.order_by("-fieldtrip__actual_to").values("fieldtrip__actual_to")[:1]),
        looked_at=Subquery(looked_at.order_by("-visited_on").values("visited_on")[:1]),
        last=Coalesce(Greatest("gone", "looked_at"), "gone", "looked_at"),  # SQLite: none of the two where one is
        inspected=Subquery(looked_in_year.annotate(n=Count("inspection", distinct=True)).values("n")),
        visits=Subquery(in_year.annotate(n=Count("fieldtrip", distinct=True)).values("n")),
        coming=Subquery(coming.order_by("fieldtrip__planned_from").values("fieldtrip__planned_from")[:1]),
    )
    return found.order_by("-is_difficult", F("last").asc(nulls_first=True), "path")


def who_went_where(union: Unit, year: int) -> list[Travelled]:
    """Return who went on trips of a union in a year, who was out most first; two queries."""
    gone = TripMember.objects.filter(trip__unit=union, trip__state__in=TRIPS_GONE, trip__actual_from__year=year)
    whole = Quota(1, dt.date(year, 1, 1), dt.date(year, 12, 31))
    found: dict[int, Travelled] = {}
    for member in gone.select_related("person", "trip").prefetch_related("trip__units").order_by("pk"):
        row = found.setdefault(member.person_id, Travelled(member.person))
        row.trips += 1
        row.taken.append(Trip(member.person_id, member.trip.starts_on, member.trip.ends_on))
        for unit in member.trip.units.all():
            row.places[unit.label] = row.places.get(unit.label, 0) + 1
    for row in found.values():
        row.days = len(days_of(row.taken, whole))
    return sorted(found.values(), key=lambda row: (-row.days, row.person.sort_key))
