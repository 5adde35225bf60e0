"""Who may do what to one object: predicates over the person's grants, used by actions and by templates' flags."""

import datetime as dt

from django.db.models import Q

from plans.models import Deadline, Difficulty, Extension, Plan
from units.access import own_paths
from units.models import Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_manage(user: User, plan: Plan) -> bool:
    """Return whether `user` edits, publishes, closes and cancels in this plan."""
    return user.may(Permission.MANAGE_PLANS, plan.issuing_unit)


def may_report(user: User, deadline: Deadline) -> bool:
    """Return whether `user` reports for the unit that owes this deadline: its own people and the levels above it."""
    return user.may(Permission.REPORT, deadline.unit)


def may_confirm(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms or returns this result: the issuer's people, never who reported it."""
    return user.may(Permission.CONFIRM, deadline.plan.issuing_unit) and deadline.reported_by_id != user.pk


def may_decide(user: User, extension: Extension) -> bool:
    """Return whether `user` grants or refuses a later day: the issuer's people, never who asked for it."""
    return user.may(Permission.CONFIRM, extension.deadline.plan.issuing_unit) and extension.asked_by_id != user.pk


def may_excuse(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms an objective cause: who may confirm the result itself."""
    return may_confirm(user, deadline)


def may_answer(user: User, difficulty: Difficulty) -> bool:
    """Return whether `user` answers a difficulty: the level that owes it and those above, never who raised it."""
    return answering_side(user, difficulty) is not None and difficulty.raised_by_id != user.pk


def answering_side(user: User, difficulty: Difficulty) -> Unit | None:
    """Return the unit for which `user` would answer: the issuer, who always can, else the level that owes it."""
    for unit in (difficulty.deadline.plan.issuing_unit, difficulty.answering_unit):
        if user.may(Permission.CONFIRM, unit):
            return unit
    return None


def may_pass_on(user: User, difficulty: Difficulty) -> bool:
    """Return whether `user` hands a difficulty on: the people of the very level that owes it, below the issuer."""
    issuer, level = difficulty.deadline.plan.issuing_unit, difficulty.answering_unit
    is_below = issuer.covers(level) and level.pk != issuer.pk
    return is_below and str(level.path) in own_paths(user, Permission.CONFIRM) and may_answer(user, difficulty)


def units_serving(unit: Unit, today: dt.date) -> UnitQuerySet:
    """Return `unit` and its departments: who can take on a commitment with an answer, and who drafts for it."""
    own = Q(pk=unit.pk) | Q(kind__has_subtree=False, depth=unit.depth + 1)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(own, path__range=(unit.path, unit.path_end))
    return found


def may_issue_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and imports plans that `unit` issues."""
    return user.may(Permission.MANAGE_PLANS, unit)
