"""Who may configure what, and the one thing configuration must never lose: an administrator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from doantracker.lib import clock
from units.access import STEP, HeldPost, grants_of, paths_with, within
from units.models import Appointment, AuditEvent, Oversight, Post, Substitution, Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission
from units.roles import ROLES, Role

#: How a record hangs on the tree: the look-up of the path of the unit it belongs to.
PATHS: dict[type[models.Model], str] = {
    Unit: "path",
    Post: "unit__path",
    Appointment: "post__unit__path",
    Substitution: "appointment__post__unit__path",
}


def administers_all(user: User) -> bool:
    """Return whether `user` configures every tree: only then what holds for all units (kinds, calendar, ladders).

    A second root is a union of its own: its administrator has no say in the first one's. One query a person object.
    """
    found: bool | None = user.__dict__.get("administers_all")
    if found is None:
        found = user.__dict__["administers_all"] = _administers_all(user)
    return found


def _administers_all(user: User) -> bool:
    own = {path for path in paths_with(user, Permission.CONFIGURE) if len(path) == STEP}
    if not own:
        return False
    ended = Q(valid_to__lt=clock.today())
    return not Unit.objects.filter(depth=1).exclude(path__in=own).exclude(ended).exists()


def configurable(rows: QuerySet[Any], user: User, today: dt.date, *, path: str = "") -> QuerySet[Any]:
    """Return those of `rows` that `user` may configure: nobody reaches above or beside the own part of the tree.

    `path`: the look-up of the unit's path, for a model of a package above this one that hangs on the tree.
    """
    paths = paths_with(user, Permission.CONFIGURE)
    model = rows.model
    if path:
        return rows.filter(within(path, paths))
    if model in PATHS:
        return rows.filter(within(PATHS[model], paths))
    if model is Oversight:
        return rows.filter(
            Q(unit__isnull=False) & within("unit__path", paths) | Q(unit__isnull=True, user__in=_people(user, today))
        )
    if model is User:
        return rows.filter(pk__in=_people(user, today).values("pk"))
    if model is AuditEvent:
        own = Q(unit_id__in=Unit.objects.filter(within("path", paths)).order_by().values("pk"))
        return rows.filter(own | Q(unit_id=None)) if administers_all(user) else rows.filter(own)
    return rows if administers_all(user) else rows.none()


def _people(user: User, today: dt.date) -> QuerySet[User]:
    """Return the people `user` may configure: no climbing by a reset password.

    None of their posts, nor of those they stand in for, lies or reaches outside what `user` configures. Who never
    held a post inside belongs to
    whoever administers all, or to the administrator who added them and is about to appoint them.
    """
    paths = paths_with(user, Permission.CONFIGURE)
    inside = within("post__unit__path", paths)
    climbing = Q(post__role__in=[role for role, grants in ROLES.items() if grants.above]) & Q(
        post__unit__path__in=[path for path in paths if len(path) > STEP]
    )
    lasting = Appointment.objects.filter(Q(end__isnull=True) | Q(end__gte=today))
    outside = lasting.exclude(inside) | lasting.filter(climbing)
    stood_in_for = Substitution.objects.lasting(today).filter(appointment__in=outside.order_by().values("pk"))
    people: QuerySet[User] = User.objects.exclude(pk__in=outside.values("user"))
    people = people.exclude(pk__in=stood_in_for.order_by().values("substitute"))
    if administers_all(user):
        return people
    added = AuditEvent.objects.filter(actor=user, action=AuditAction.CREATED, object_type="user")
    return people.filter(
        Q(pk__in=Appointment.objects.filter(inside).order_by().values("user"))
        | Q(pk__in=added.order_by().values("object_id"))
    )


def refuse_reach(by: User, unit: Unit, role: str) -> None:
    """Refuse a post whose role gives rights outside what `by` configures: nobody opens a door to the unit above."""
    own = paths_with(by, Permission.CONFIGURE)
    reached = grants_of((HeldPost("", "", Role(role), str(unit.path), unit.pk),))
    if not all(any(grant.path.startswith(path) for path in own) for grant in reached):
        raise ValidationError(
            _(
                "With the role “%(role)s” a post of “%(unit)s” also opens the unit above, which you do not"
                " administer. Choose another role, or ask the administrator of the unit above."
            )
            % {"role": Role(role).label, "unit": unit.label},
            code="reach",
        )


def unit_of(record: models.Model) -> Unit | None:
    """Return the unit a record belongs to; None for what holds for all.

    A model of a package above says it by `hangs_on`, as its admin class does by `path_of`.
    """
    if isinstance(record, Unit):
        return record
    if isinstance(record, Post | Oversight):
        return record.unit
    if isinstance(record, Substitution):
        return record.appointment.post.unit
    return record.post.unit if isinstance(record, Appointment) else getattr(record, "hangs_on", None)


def unit_id_of(record: models.Model) -> int | None:
    """Return the id of the unit a record belongs to."""
    unit = unit_of(record)
    return unit.pk if unit else None


def may_configure(user: User, record: models.Model, today: dt.date) -> bool:
    """Return whether `user` may create, change or drop `record` as it stands now."""
    if unit := unit_of(record):
        return user.may(Permission.CONFIGURE, unit)
    if isinstance(record, User | Oversight):
        person = record.pk if isinstance(record, User) else record.user_id
        return user.may(Permission.CONFIGURE) and (person is None or _people(user, today).filter(pk=person).exists())
    return administers_all(user)


# --- an administrator must stay ---


@dataclass(frozen=True, slots=True)
class Seat:
    """A person able to log in who administers today; `path` is the top of what they administer."""

    appointment: int
    user: int
    post: int
    end: dt.date | None
    path: str


def administrator_seats(today: dt.date, *, lock: bool = False) -> list[Seat]:
    """Return the administrators of `today`; `lock` makes two administrators who remove each other wait in line."""
    rows = Appointment.objects.in_force(today).filter(post__role=Role.ADMINISTRATOR, user__is_active=True)
    rows = rows.exclude(user__username=None).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    return [Seat(*r) for r in rows.values_list("pk", "user_id", "post_id", "end", "post__unit__path")]


def refuse_no_administrator(before: list[Seat], after: list[Seat]) -> None:
    """Refuse a change that takes the last administrator away, today or on the day the last appointment ends.

    Each whole tree that had one keeps one: an administrator of a part can't set up what lies above.
    """
    trees = {seat.path for seat in before if len(seat.path) == STEP}
    groups = [([s for s in before if s.path == tree], [s for s in after if s.path == tree]) for tree in trees]
    if any(_leaves_none(*group) for group in (*groups, (before, after))):
        raise ValidationError(
            _("No administrator would be left. Appoint another one without a last day first, then do this."),
            code="last_administrator",
        )


def _leaves_none(before: list[Seat], after: list[Seat]) -> bool:
    lasting = any(s.end is None for s in before)
    return bool(before) and (not after or (lasting and all(s.end is not None for s in after)))


def refers_to(record: models.Model) -> list[str]:
    """Return what refers to `record` and would lose it, in the words of the admin site; its own parts do not count."""
    found = []
    for relation in record._meta.related_objects:  # noqa: SLF001  # Django documents it
        if getattr(relation, "on_delete", None) is models.CASCADE:
            continue
        model: Any = relation.related_model
        if model._default_manager.filter(**{relation.field.name: record.pk}).exists():  # noqa: SLF001  # Django documents it
            found.append(str(model._meta.verbose_name_plural))  # noqa: SLF001  # Django documents it
    return sorted(set(found))
