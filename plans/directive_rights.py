"""Who may do what with directives and provincial activities: predicates over the posts a person holds today."""

from __future__ import annotations

import datetime as dt
from typing import Final

from plans.models import Activity, Directive
from units.access import STEP, own_paths
from units.models import Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet
from units.roles import Role

#: Roles of the standing body of a union: a leader of the province, the secretaries of a union below it.
STANDING: Final = (Role.LEADER, Role.SECRETARY)


def may_draft_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and issues for `unit`: its own office, not that of a level above."""
    return str(unit.path) in own_paths(user, Permission.MANAGE_PLANS)


def drafting_for(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units in force for which `user` drafts."""
    found: UnitQuerySet = Unit.objects.in_force(today).filter(path__in=own_paths(user, Permission.MANAGE_PLANS))
    return found


def may_edit(user: User, paper: Directive | Activity) -> bool:
    """Return whether `user` changes and issues this draft; what is issued stays as it is."""
    return paper.issued_on is None and may_draft_for(user, paper.issuing_unit)


def may_give_opinion(user: User, activity: Activity) -> bool:
    """Return whether `user` records the opinion of the standing body on this draft; none once it is issued."""
    return activity.issued_on is None and speaks_for_standing_body(user, activity)


def speaks_for_standing_body(user: User, activity: Activity) -> bool:
    """Return whether `user` has the right to record an opinion: one who sits in the standing body, never the drafter.

    Nor with the post of the drafter, standing in for that person.
    """
    drafter = activity.created_by_id
    sits = any(
        post.role in STANDING and post.unit_id == activity.issuing_unit_id and post.absent_id != drafter
        for post in user.posts
    )
    return sits and drafter != user.pk


def commenting_units(user: User, activity: Activity) -> UnitQuerySet:
    """Return the departments of the issuer for which `user` may comment on this draft; none once it is issued."""
    found = departments_served(user, activity.issuing_unit)
    return found if activity.issued_on is None else found.none()


def departments_served(user: User, issuer: Unit) -> UnitQuerySet:
    """Return the departments of `issuer` for which `user` speaks."""
    path = str(issuer.path)
    served = [p for p in own_paths(user, Permission.REPORT) if p[:-STEP] == path]
    found: UnitQuerySet = Unit.objects.filter(path__in=served, kind__has_subtree=False)
    return found
