"""Who has registered trips for a quarter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reviews.enums import TripState
from reviews.models import FieldTrip, TripMember
from units.models import Unit, User


@dataclass(slots=True)
class Registered:
    """One person's trips of a quarter, and how many of them were registered late."""

    person: User
    trips: list[FieldTrip] = field(default_factory=list)

    @property
    def late(self) -> int:
        """Return how many were registered after the last day for it."""
        return sum(trip.registered_late for trip in self.trips)


def registered_by_person(union: Unit, people: Iterable[User], year: int, quarter: int) -> list[Registered]:
    """Return the trips of a quarter by person, who has none first; one query."""
    rows = {person.pk: Registered(person) for person in people}
    members = TripMember.objects.filter(trip__unit=union, trip__year=year, trip__quarter=quarter, person__in=rows)
    kept = members.exclude(trip__state=TripState.CANCELLED).select_related("trip").order_by("trip__planned_from", "pk")
    for member in kept:
        rows[member.person_id].trips.append(member.trip)
    return sorted(rows.values(), key=lambda row: (bool(row.trips), row.person.sort_key))
