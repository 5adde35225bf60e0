"""Plans that a person sees whole because a unit of theirs is its standing unit (bộ phận thường trực)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from plans.enums import PlanStatus
from units.access import STEP, own_paths
from units.permissions import Permission

if TYPE_CHECKING:
    from units.models import User


def standing_plans(user: User) -> tuple[int, ...]:
    """Return the ids of the published and closed plans coordinated by a unit where `user` holds a post.

    Read once a person object, as their grants are, and as a list: on the largest table `path range OR plan IN (list)`
    is two indexes, with a subquery in place of the list it would be a scan. Who sees a whole tree needs no list.
    """
    found: tuple[int, ...] | None = user.__dict__.get("standing_plans")
    if found is None:
        found = user.__dict__["standing_plans"] = _read(user)
    return found


def or_standing(condition: Q, user: User, plan: str) -> Q:
    """Return `condition`, or that the row belongs to such a plan; `plan` is the column with its id."""
    plans = standing_plans(user)
    return condition | Q(**{f"{plan}__in": plans}) if plans else condition


def _read(user: User) -> tuple[int, ...]:
    from plans.models import Plan  # noqa: PLC0415  # models import the querysets, which import this module

    whole_trees = {path for path in own_paths(user, Permission.VIEW) if len(path) == STEP}
    units = [post.unit_id for post in user.posts if post.path[:STEP] not in whole_trees]
    if not units:
        return ()
    rows = Plan.objects.filter(coordinating_unit__in=units).exclude(status=PlanStatus.DRAFT)
    return tuple(rows.order_by("pk").values_list("pk", flat=True))
