"""Who goes on the trips of a union, and whom a quota of days holds for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from reviews.enums import QuotaScope
from reviews.models.trip_quota import REGISTER_AHEAD, REPORT_DAYS
from units.models import Appointment, Unit, User
from units.roles import Role

if TYPE_CHECKING:
    from reviews.models import FieldTripQuota


@dataclass(frozen=True, slots=True)
class TripRules:
    """How many days before its quarter a trip is registered, and how many after it the report is owed."""

    register_ahead: int = REGISTER_AHEAD
    report_days: int = REPORT_DAYS


def rules_of(unit: Unit, year: int) -> TripRules:
    """Return the rules of the first quota of `unit` for a year, the usual ones without a quota; one query."""
    found = unit.trip_quotas.filter(year=year).order_by("pk").values_list("register_ahead", "report_days").first()
    return TripRules(*found) if found else TripRules()


def staff_of(unit: Unit, day: dt.date) -> list[User]:
    """Return who holds a post in a union or one of its departments on `day`, in order of names; one query."""
    return _people(_held(unit, day))


def owing(quota: FieldTripQuota, today: dt.date) -> list[User]:
    """Return whom a quota holds for, in order of names: as of `today`, in a past year of its last day; one query."""
    if quota.scope == QuotaScope.PEOPLE:
        return list(quota.people.order_by("sort_key", "pk"))
    day = min(max(today, quota.value.start), quota.until)
    held = _held(quota.unit, day)
    if quota.scope == QuotaScope.BODY:
        held = held.filter(post__unit=quota.unit_id, post__body=quota.body)
    return _people(held.filter(full_time=True) if quota.full_time else held)


def lead_unit(leader: User, union: Unit, day: dt.date) -> Unit:
    """Return the unit that owes brief and report: where the leader holds a post, a department first; one query.

    A leader without a post in the union is there for the union itself.
    """
    held = _held(union, day).filter(user=leader).select_related("post__unit__kind")
    found = held.order_by("post__unit__kind__has_subtree", "post__rank", "pk").first()
    return found.post.unit if found else union


def _held(unit: Unit, day: dt.date) -> QuerySet[Any]:
    """Return the appointments in a union and its departments on a day; setting up is no post of its staff."""
    departments = Q(
        post__unit__path__range=(unit.path, unit.path_end),
        post__unit__depth=unit.depth + 1,
        post__unit__kind__has_subtree=False,
    )
    rows: QuerySet[Any] = Appointment.objects.in_force(day).filter(Q(post__unit=unit) | departments)
    return rows.exclude(post__role=Role.ADMINISTRATOR)


def _people(held: QuerySet[Any]) -> list[User]:
    return list(User.objects.filter(pk__in=held.order_by().values("user"), is_active=True).order_by("sort_key", "pk"))
