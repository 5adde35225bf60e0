"""Rights in one place: grants of a person, and the fetch-and-check helpers every view uses.

Hidden and missing look the same: whatever a person may not see answers 404.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet, Value
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from doantracker.lib.statements import Statement, written
from units.permissions import Permission
from units.roles import ROLES, Role

if TYPE_CHECKING:
    from units.models import User

M = TypeVar("M", bound=Model)

STEP = 4  # characters of path per level, as in Unit.steplen


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission over the unit at `path` and everything below it.

    `holder` is the absent person whose post gives it to a substitute; 0: the person's own post.
    """

    permission: Permission
    path: str
    holder: int = 0


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post a person holds, with what rights and pages need of it. `absent`: whom the person stands in for there."""

    title: str
    unit: str
    role: Role
    path: str
    unit_id: int
    absent: str = ""
    absent_id: int = 0

    def __str__(self) -> str:
        label = f"{self.title} – {self.unit}"
        return _("%(post)s (for %(person)s)") % {"post": label, "person": self.absent} if self.absent else label


#: Columns of a post, from the appointment to it.
_POST = (
    "post__title", "post__unit__short_name", "post__unit__name", "post__role", "post__unit__path", "post__unit_id",
    "post__rank",
)  # fmt: skip


def posts_held(user: User, day: dt.date) -> tuple[HeldPost, ...]:
    """Return the posts `user` holds on `day`, and after them those of absent people whom `user` stands in for.

    The first in rank first; one query.
    """
    return _posts((user.pk,), _of_one(user.pk, day).rows())[user.pk]


def load_posts(users: Collection[User], day: dt.date) -> None:
    """Read the posts of `users` on `day` at once, one query: their `posts` and `grants` then cost none."""
    people = [user.pk for user in users]
    found = _posts(people, _rows(people, day))
    for user in users:
        user.posts = found[user.pk]


@lru_cache(maxsize=4096)  # every request of a person asks on the same day
def _of_one(person: int, day: dt.date) -> Statement:
    return written(_rows([person], day))


def _rows(people: list[int], day: dt.date) -> QuerySet[Any, Any]:
    """Return the posts held and those stood in for, as `_posts` takes them."""
    from units.models import Appointment, Substitution  # noqa: PLC0415  # models import this module

    nobody = Value(0), Value("")
    held = Appointment.objects.in_force(day).filter(user__in=people).order_by()
    own = held.values_list("user_id", *nobody, *_POST, "pk")
    stood_in = Substitution.objects.in_force(day).filter(substitute__in=people).order_by()
    absent = ("appointment__user_id", "appointment__user__full_name")
    others = stood_in.values_list(
        "substitute_id", *absent, *(f"appointment__{name}" for name in _POST), "appointment_id"
    )
    return own.union(others)


def _posts(people: Collection[int], rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[HeldPost, ...]]:
    """Return the posts of each person, the own before those of others, the first in rank first."""
    posts: dict[int, list[HeldPost]] = {pk: [] for pk in people}
    ordered = sorted(rows, key=lambda row: (bool(row[1]), row[-2], row[-1]))
    for pk, absent_id, person, title, short, name, role, path, unit, _rank, _appointment in ordered:
        posts[pk].append(HeldPost(title, short or name, Role(role), path, unit, person, absent_id))
    return {pk: tuple(found) for pk, found in posts.items()}


def grants_of(posts: tuple[HeldPost, ...]) -> tuple[Grant, ...]:
    """Return what holding `posts` allows. Whoever stands in for somebody sets nothing up."""
    found: set[Grant] = set()
    for post in posts:
        grants, withheld = ROLES[post.role], {Permission.CONFIGURE} if post.absent_id else set()
        found |= {Grant(p, post.path, post.absent_id) for p in grants.own - withheld}
        found |= {Grant(p, post.path[:-STEP] or post.path, post.absent_id) for p in grants.above - withheld}
    return tuple(sorted(found, key=lambda g: (g.permission, g.path, g.holder)))


def reach_of(user: User) -> list[str]:
    """Return what a person may do where, as words to be kept with what was told to them."""
    return sorted({f"{grant.permission}:{grant.path}" for grant in user.grants})


def paths_with(user: User, permission: Permission) -> list[str]:
    """Return the tops of the subtrees over which `user` has `permission`, none inside another."""
    paths = sorted({g.path for g in user.grants if g.permission == permission})
    return [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]


def own_paths(user: User, permission: Permission) -> list[str]:
    """Return the paths of the very units over which a post of `user` gives `permission`, without those below.

    A department's people stand here with the union it serves too, for what they may do there.
    """
    return sorted({g.path for g in user.grants if g.permission == permission})


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


def deciding(user: User, permission: Permission, *, path: str, asker: str) -> Q:
    """Return a filter: `user` has `permission` over the path column `path`, and neither asked nor acts for who asked.

    `asker` is the column of the person who asked or reported. A substitute decides about nothing that the absent
    person asked for: that would be deciding about the own request through another hand.
    """
    by_holder: dict[int, set[str]] = {}
    for grant in user.grants:
        if grant.permission == permission:
            by_holder.setdefault(grant.holder, set()).add(grant.path)
    condition = Q(pk__in=[])
    for holder, paths in by_holder.items():
        condition |= within(path, sorted(paths)) & ~Q(**{f"{asker}__in": {user.pk, holder or user.pk}})
    return condition


def decider(user: User, permission: Permission) -> Callable[[str, int | None], bool]:
    """Return `deciding` as a test of values already read: the path of the unit, and the person who asked."""
    grants = tuple((g.path, g.holder) for g in user.grants if g.permission == permission)

    def decides(path: str, asker: int | None) -> bool:
        return asker != user.pk and any(path.startswith(own) and holder != asker for own, holder in grants)

    return decides


def get_visible_or_404(queryset: QuerySet[M], user: User, pk: int) -> M:
    """Return one object of a model with `visible_to`, or answer 404 for hidden and missing alike."""
    visible: QuerySet[M] = queryset.visible_to(user)  # type: ignore[attr-defined]  # every queryset of ours has it
    return get_object_or_404(visible, pk=pk)


def require(allowed: bool) -> None:  # noqa: FBT001  # reads as a sentence: require(user.may(...))
    """Answer 404 unless `allowed`: a person without the right does not learn that the act exists."""
    if not allowed:
        raise Http404
