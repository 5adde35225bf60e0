"""Who may do what with the results of indicators: predicates over the posts a person holds today."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from plans.models import Indicator, Plan
from plans.standing import standing_plans
from units.access import paths_with, within
from units.models import Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_enter(user: User, unit: Unit) -> bool:
    """Return whether `user` enters results of `unit`: its own people, and those above who report or confirm there."""
    return user.may(Permission.REPORT, unit) or user.may(Permission.CONFIRM, unit)


def may_enter_any(user: User) -> bool:
    """Return whether `user` enters results of any unit."""
    return user.may(Permission.REPORT) or user.may(Permission.CONFIRM)


def entered_by(user: User) -> Q:
    """Return a filter over units: those of which `user` enters results; the same rule as `may_enter`."""
    return within("path", paths_with(user, Permission.REPORT)) | within("path", paths_with(user, Permission.CONFIRM))


def may_lock(user: User, indicator: Indicator) -> bool:
    """Return whether `user` closes and reopens periods: who confirms for the issuer or runs its plans."""
    issuer = indicator.plan.issuing_unit
    return user.may(Permission.CONFIRM, issuer) or user.may(Permission.MANAGE_PLANS, issuer)


def tops_seen(user: User, plan: Plan, owners: Iterable[Unit] = ()) -> list[Unit]:
    """Return the units whose totals `user` sees, none below another: the issuer, or the own units below it.

    A total is shown only where every term of it may be read. `owners` give results wherever they stand.
    """
    issuer = plan.issuing_unit
    if user.may(Permission.VIEW, issuer) or plan.pk in standing_plans(user):
        return [issuer]
    inside = Q(path__range=(issuer.path, issuer.path_end)) | Q(path__in=[str(u.path) for u in owners])
    found: UnitQuerySet = Unit.objects.filter(inside, path__in=paths_with(user, Permission.VIEW))
    return list(found)
