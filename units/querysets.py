"""Base of every other queryset: who is in force, what lies below, what a person may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

from doantracker.lib import clock
from doantracker.lib.search import holds_every_word
from units.access import paths_with, within
from units.permissions import Permission
from units.roles import ROLES

if TYPE_CHECKING:
    from units.models import Unit, User


class UnitQuerySet(MP_NodeQuerySet):  # type: ignore[misc]  # treebeard ships no types
    """Filters over the tree."""

    def visible_to(self, user: User, permission: Permission = Permission.VIEW) -> UnitQuerySet:
        """Return the units over which `user` has `permission`."""
        return self.filter(within("path", paths_with(user, permission)))

    def in_force(self, day: dt.date) -> UnitQuerySet:
        """Return the units that exist on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def below(self, unit: Unit) -> UnitQuerySet:
        """Return `unit` and everything below it."""
        return self.filter(path__range=(unit.path, unit.path_end))

    def matching(self, words: str) -> UnitQuerySet:
        """Return the units whose names hold every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]  # treebeard ships no types
    """Unit.objects: tree operations of treebeard and the filters above."""

    def get_queryset(self) -> UnitQuerySet:
        """Return units in tree order."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class UserQuerySet(models.QuerySet["User"]):
    """Filters over people."""

    def visible_to(self, user: User) -> UserQuerySet:
        """Return the people with a post in a unit that `user` sees, and the person itself."""
        from units.models import Unit  # noqa: PLC0415  # models import this module

        units = Unit.objects.visible_to(user)
        return self.filter(Q(appointments__post__unit__in=units) | Q(pk=user.pk)).distinct()

    def matching(self, words: str) -> UserQuerySet:
        """Return the people whose name holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    """User.objects."""

    def create_user(self, username: str | None, full_name: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password the account can't log in."""
        user: User = self.model(username=username, full_name=full_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by user name, without regard to case."""
        found: User = self.get(username__iexact=username)
        return found


class AppointmentQuerySet(models.QuerySet[Any]):
    """Filters over appointments."""

    def in_force(self, day: dt.date) -> AppointmentQuerySet:
        """Return the appointments in force on `day`."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)


class SubstitutionQuerySet(models.QuerySet[Any]):
    """Filters over substitutions."""

    def visible_to(self, user: User) -> SubstitutionQuerySet:
        """Return those in which `user` is absent or stands in."""
        return self.filter(Q(appointment__user=user) | Q(substitute=user))

    def in_force(self, day: dt.date) -> SubstitutionQuerySet:
        """Return those that give rights on `day`: the appointment in force, both accounts active, no administrator."""
        appointed = Q(appointment__end__isnull=True) | Q(appointment__end__gte=day), Q(appointment__start__lte=day)
        active = Q(appointment__user__is_active=True, substitute__is_active=True)
        roles = [role for role, grants in ROLES.items() if Permission.CONFIGURE not in grants.own]
        return self.filter(*appointed, active, start__lte=day, end__gte=day, appointment__post__role__in=roles)

    def lasting(self, day: dt.date) -> SubstitutionQuerySet:
        """Return those that end on `day` or later."""
        return self.filter(end__gte=day)


#: A forgotten address ends by itself.
FEED_LIFETIME: Final = dt.timedelta(days=366)


class FeedTokenQuerySet(models.QuerySet[Any]):
    """Calendar addresses: each belongs to its person alone."""

    def visible_to(self, user: User) -> FeedTokenQuerySet:
        """Return the address of `user`; nobody sees another's."""
        return self.filter(user=user)

    def valid(self, key_hash: str) -> FeedTokenQuerySet:
        """Return the address whose key has this hash, while it lasts and its person's account is active."""
        return self.filter(key_hash=key_hash, user__is_active=True, created_at__gt=clock.now() - FEED_LIFETIME)


class AuditEventQuerySet(models.QuerySet[Any]):
    """Filters over the log; it can be read and appended to, nothing else."""

    def visible_to(self, user: User, *, plans: Iterable[int] = ()) -> AuditEventQuerySet:
        """Return the acts on units that `user` sees, and every act in `plans`, which the person sees whole."""
        from units.models import Unit  # noqa: PLC0415  # models import this module

        seen = Q(unit_id__in=Unit.objects.visible_to(user).order_by().values("pk"))
        whole = list(plans)
        return self.filter(seen | Q(plan_id__in=whole) if whole else seen)
