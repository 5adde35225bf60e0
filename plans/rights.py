"""Who may do what to one object: predicates over the person's grants, used by actions and by templates' flags."""

import datetime as dt

from django.db.models import Q

from plans.models import Deadline, Difficulty, Extension, Plan
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


def may_remind(user: User, deadline: Deadline) -> bool:
    """Return whether `user` chases this work: the issuer's people, and who confirms at the unit or above it."""
    issuer = user.may(Permission.CONFIRM, deadline.plan.issuing_unit)
    return issuer or may_manage(user, deadline.plan) or user.may(Permission.CONFIRM, deadline.unit)


def may_decide(user: User, extension: Extension) -> bool:
    """Return whether `user` grants or refuses a later day: the issuer's people, never who asked for it."""
    return user.may(Permission.CONFIRM, extension.deadline.plan.issuing_unit) and extension.asked_by_id != user.pk


def may_excuse(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms an objective cause: who may confirm the result itself."""
    return may_confirm(user, deadline)


def may_answer(user: User, difficulty: Difficulty) -> bool:
    """Return whether `user` answers a difficulty: the issuer's people, never who raised it."""
    return user.may(Permission.CONFIRM, difficulty.deadline.plan.issuing_unit) and difficulty.raised_by_id != user.pk


def answering_units(plan: Plan, today: dt.date) -> UnitQuerySet:
    """Return who can take on a commitment of the answering side: the issuer and its departments."""
    issuer = plan.issuing_unit
    own = Q(pk=issuer.pk) | Q(kind__has_subtree=False, depth=issuer.depth + 1)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(own, path__range=(issuer.path, issuer.path_end))
    return found


def may_issue_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and imports plans that `unit` issues."""
    return user.may(Permission.MANAGE_PLANS, unit)
