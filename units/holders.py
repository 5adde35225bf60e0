"""Who holds posts that grant a right, and who stands in for them: asked by notices and by "on whose desk"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value

from units.models import Appointment, Substitution
from units.permissions import Permission
from units.roles import roles_with

#: Columns of both queries, from the appointment.
COLUMNS = (
    "post__unit_id",
    "post__unit__path",
    "post__unit__short_name",
    "post__unit__name",
    "post__rank",
    "post__title",
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in office today; `absent` names the post-holder in whose place the person acts."""

    unit_id: int
    path: str
    unit: str
    rank: int
    title: str
    user_id: int
    name: str
    absent_id: int = 0
    absent: str = ""


def in_office(units: Iterable[int] | QuerySet[Any, Any], permission: Permission, day: dt.date) -> set[tuple[int, int]]:
    """Return (unit, person) of who holds, or stands in for, a post of `units` that grants `permission`; one query."""
    held, stood_in = _both({"post__unit__in": units}, permission, day)
    rows = held.values_list("post__unit", "user").union(stood_in.values_list("appointment__post__unit", "substitute"))
    return {(unit, person) for unit, person in rows}


def holders_at(paths: set[str], permission: Permission, day: dt.date) -> list[Holder]:
    """Return who has `permission` by a post of the units at `paths`, the first in rank first; one query."""
    held, stood_in = _both({"post__unit__path__in": sorted(paths)}, permission, day)
    own = held.annotate(absent_id=Value(0), absent=Value("")).values_list(
        *COLUMNS, "user_id", "user__full_name", "absent_id", "absent"
    )
    others = stood_in.annotate(absent_id=F("appointment__user_id"), absent=F("appointment__user__full_name"))
    columns = (f"appointment__{name}" for name in COLUMNS)
    rows = own.union(others.values_list(*columns, "substitute_id", "substitute__full_name", "absent_id", "absent"))
    found = [
        Holder(unit_id, path, short or name, rank, title, person_id, person, absent_id, absent)
        for unit_id, path, short, name, rank, title, person_id, person, absent_id, absent in rows
    ]
    return sorted(found, key=lambda h: (-len(h.path), h.rank, bool(h.absent_id), h.user_id))


def _both(of_posts: dict[str, Any], permission: Permission, day: dt.date) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the appointments of some posts in force on `day`, and the substitutions for them."""
    facts = {**of_posts, "post__role__in": roles_with(permission)}
    held = Appointment.objects.in_force(day).filter(**facts, user__is_active=True).order_by()
    through = {f"appointment__{name}": value for name, value in facts.items()}
    return held, Substitution.objects.in_force(day).filter(**through).order_by()
