"""Rights in one place: grants of a person, and the fetch-and-check helpers every view uses.

Hidden and missing look the same: whatever a person may not see answers 404.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from units.permissions import Permission
from units.roles import ROLES, Role

if TYPE_CHECKING:
    from units.models import User

M = TypeVar("M", bound=Model)

STEP = 4  # characters of path per level, as in Unit.steplen


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission over the unit at `path` and everything below it."""

    permission: Permission
    path: str


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post a person holds, with what rights and pages need of it."""

    title: str
    unit: str
    role: Role
    path: str
    unit_id: int

    def __str__(self) -> str:
        return f"{self.title} – {self.unit}"


def posts_held(user: User, day: dt.date) -> tuple[HeldPost, ...]:
    """Return the posts `user` holds on `day`, the first in rank first; one query."""
    unit = ("post__unit__short_name", "post__unit__name", "post__role", "post__unit__path", "post__unit_id")
    rows = user.appointments.in_force(day).order_by("post__rank", "pk").values_list("post__title", *unit)
    return tuple(HeldPost(title, short or name, Role(role), path, pk) for title, short, name, role, path, pk in rows)


def load_posts(users: Collection[User], day: dt.date) -> None:
    """Read the posts that `users` hold on `day` at once: their `posts` and `grants` then cost no query."""
    from units.models import Appointment  # noqa: PLC0415  # models import this module

    unit = ("post__unit__short_name", "post__unit__name", "post__role", "post__unit__path", "post__unit_id")
    rows = Appointment.objects.in_force(day).filter(user__in=users).order_by("post__rank", "pk")
    held: dict[int, list[HeldPost]] = {user.pk: [] for user in users}
    for pk, title, short, name, role, path, unit_pk in rows.values_list("user_id", "post__title", *unit):
        held[pk].append(HeldPost(title, short or name, Role(role), path, unit_pk))
    for user in users:
        user.posts = tuple(held[user.pk])


def grants_of(posts: tuple[HeldPost, ...]) -> tuple[Grant, ...]:
    """Return what holding `posts` allows."""
    found: set[Grant] = set()
    for post in posts:
        grants = ROLES[post.role]
        found |= {Grant(p, post.path) for p in grants.own}
        found |= {Grant(p, post.path[:-STEP] or post.path) for p in grants.above}
    return tuple(sorted(found, key=lambda g: (g.permission, g.path)))


def paths_with(user: User, permission: Permission) -> list[str]:
    """Return the tops of the subtrees over which `user` has `permission`, none inside another."""
    paths = sorted({g.path for g in user.grants if g.permission == permission})
    return [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]


def covers(user: User, permission: Permission, path: str) -> bool:
    """Return whether `user` has `permission` over the unit at `path`; the same rule as `within` of `paths_with`."""
    return any(g.permission == permission and path.startswith(g.path) for g in user.grants)


def within(field: str, paths: list[str]) -> Q:
    """Return a filter: the path column `field` lies in one of the subtrees at `paths`; nothing for no path.

    A range, not LIKE: it uses the index on every database.
    """
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__range": (path, path + "Z" * STEP)})
    return condition


def get_visible_or_404(queryset: QuerySet[M], user: User, pk: int) -> M:
    """Return one object of a model with `visible_to`, or answer 404 for hidden and missing alike."""
    visible: QuerySet[M] = queryset.visible_to(user)  # type: ignore[attr-defined]  # every queryset of ours has it
    return get_object_or_404(visible, pk=pk)


def require(allowed: bool) -> None:  # noqa: FBT001  # reads as a sentence: require(user.may(...))
    """Answer 404 unless `allowed`: a person without the right does not learn that the act exists."""
    if not allowed:
        raise Http404
