"""Quotas of days held against the trips, as pages show them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from reviews.enums import TRIPS_GONE, QuotaScope
from reviews.models import FieldTrip, FieldTripQuota, TripMember
from reviews.quota import Standing, Trip, days_of, standing
from reviews.staff import owing
from units.models import Appointment, User
from units.models.audit import AuditEvent

FULL = 100


@dataclass(frozen=True, slots=True)
class Share:
    """The bar of a standing, in whole percent of the quota: counted, and with the registered trips."""

    counted: int
    planned: int

    @classmethod
    def of(cls, found: Standing, days: int) -> Share:
        """Return the bar; more than the quota fills it."""
        counted = min(FULL, FULL * found.counted // days)
        return cls(counted, max(counted, min(FULL, FULL * found.planned // days)))

    @property
    def added(self) -> int:
        """Return what the registered trips add."""
        return self.planned - self.counted


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One person under a quota. Where it is owed jointly, `standing` is the person's own part, without a shortfall."""

    person: User
    standing: Standing
    trips: int
    share: Share


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """All persons of a quota; `whole`: how the group stands where the days are owed jointly."""

    rows: list[QuotaRow]
    whole: Standing | None
    share: Share | None

    @property
    def reached(self) -> int:
        """Return how many persons have their days."""
        return sum(row.standing.short == 0 for row in self.rows)


def table_of(quota: FieldTripQuota, today: dt.date) -> QuotaTable:
    """Return how everybody stands with a quota; who is furthest behind first. Two queries."""
    people = owing(quota, today)
    members = TripMember.objects.filter(trip__in=FieldTrip.objects.of_quota(quota), person__in=[p.pk for p in people])
    trips = _by_person(members)
    rows = [_row(quota, person, trips.get(person.pk, []), today) for person in people]
    rows.sort(key=lambda row: row.standing.counted)
    if not quota.joint:
        return QuotaTable(rows, None, None)
    whole = standing([trip for found in trips.values() for trip in found], quota.value, today)
    return QuotaTable(rows, whole, Share.of(whole, quota.days))


def own_standings(user: User, today: dt.date) -> list[tuple[FieldTripQuota, QuotaRow]]:
    """Return how `user` stands with the quotas of this year that hold for them; a fixed number of queries.

    The joint ones are the group's: they stand on their own page.
    """
    held = list(Appointment.objects.in_force(today).filter(user=user).select_related("post__unit__kind"))
    quotas = FieldTripQuota.objects.visible_to(user).filter(year=today.year, joint=False)
    found = [q for q in quotas.select_related("unit").prefetch_related("people") if _holds_for(q, user, held)]
    members = list(_members(TripMember.objects.filter(person=user, trip__unit__in={q.unit_id for q in found})))
    rows = []
    for quota in found:
        counting = [m.trip for m in members if m.trip.unit_id == quota.unit_id and m.trip.kind in quota.counting]
        trips = [t for t in (_trip(user.pk, trip) for trip in counting) if t.end >= quota.value.start]
        rows.append((quota, _row(quota, user, [t for t in trips if t.start <= quota.until], today)))
    return rows


def history_of(quota: FieldTripQuota, user: User, most: int) -> QuerySet[AuditEvent]:
    """Return the acts on a quota that `user` sees, the newest first."""
    of_it = AuditEvent.objects.visible_to(user).filter(object_type="fieldtripquota", object_id=quota.pk)
    return of_it.select_related("actor")[:most]


def _row(quota: FieldTripQuota, person: User, trips: Sequence[Trip], today: dt.date) -> QuotaRow:
    found = standing(trips, quota.value, today)
    gone = sum(not trip.planned and bool(days_of([trip], quota.value)) for trip in trips)
    return QuotaRow(person, found, gone, Share.of(found, quota.days))


def _holds_for(quota: FieldTripQuota, user: User, held: Iterable[Appointment]) -> bool:
    """Return whether a quota holds for `user`, who holds these posts; the rule of `staff.owing` for one person."""
    if quota.scope == QuotaScope.PEOPLE:
        return user in quota.people.all()
    for row in held:
        unit = row.post.unit
        of_union = unit.pk == quota.unit_id
        department = not unit.kind.has_subtree and unit.path[: -unit.steplen] == quota.unit.path
        fits = of_union and row.post.body == quota.body if quota.scope == QuotaScope.BODY else of_union or department
        if fits and (row.full_time or not quota.full_time):
            return True
    return False


def _members(rows: QuerySet[TripMember]) -> QuerySet[TripMember]:
    """Return rows with what `_trip` reads, of trips that count or will."""
    return rows.exclude(trip__state="trip_cancelled").select_related("trip")


def _by_person(rows: QuerySet[TripMember]) -> dict[int, list[Trip]]:
    found: dict[int, list[Trip]] = defaultdict(list)
    for member in _members(rows):
        found[member.person_id].append(_trip(member.person_id, member.trip))
    return found


def _trip(person: int, trip: FieldTrip) -> Trip:
    return Trip(person, trip.starts_on, trip.ends_on, planned=trip.state not in TRIPS_GONE)
