"""Who may do what to a plan, and short questions about a deadline; the table of its acts is `plans.workflow`."""

import datetime as dt

from django.db.models import Q

from plans.models import Deadline, Difficulty, Event, Plan, PlanRecipient
from plans.workflow import may
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_manage(user: User, plan: Plan) -> bool:
    """Return whether `user` edits, publishes, closes and cancels in this plan."""
    return user.may(Permission.MANAGE_PLANS, plan.issuing_unit)


def may_read_papers(user: User, plan: Plan) -> bool:
    """Return whether `user` reads the official papers of this plan: who runs it prepares them, leaders sign them."""
    return may_manage(user, plan) or user.may(Permission.SIGN_OFF, plan.issuing_unit)


def may_answer(user: User, recipient: PlanRecipient) -> bool:
    """Return whether `user` answers a plan that was sent down for this unit: who runs its plans or reports for it."""
    unit = recipient.unit
    return user.may(Permission.MANAGE_PLANS, unit) or user.may(Permission.REPORT, unit)


def may_report(user: User, deadline: Deadline) -> bool:
    """Return whether `user` reports for the unit that owes this deadline: its own people and the levels above it."""
    return may(user, AuditAction.REPORTED, deadline)


def may_confirm(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms or returns this result: the issuer's people, never who reported it."""
    return may(user, AuditAction.CONFIRMED, deadline)


def answering_side(user: User, difficulty: Difficulty) -> Unit | None:
    """Return the unit for which `user` would answer: the issuer, who always can, else the level that owes it."""
    for unit in (difficulty.deadline.plan.issuing_unit, difficulty.answering_unit):
        if user.may(Permission.CONFIRM, unit):
            return unit
    return None


def may_remind(user: User, deadline: Deadline) -> bool:
    """Return whether `user` chases this work: the issuer's people, and who confirms at the unit or above it."""
    issuer = user.may(Permission.CONFIRM, deadline.plan.issuing_unit)
    return issuer or may_manage(user, deadline.plan) or user.may(Permission.CONFIRM, deadline.unit)


def units_serving(unit: Unit, today: dt.date) -> UnitQuerySet:
    """Return `unit` and its departments: who can take on a commitment with an answer, and who drafts for it."""
    own = Q(pk=unit.pk) | Q(kind__has_subtree=False, depth=unit.depth + 1)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(own, path__range=(unit.path, unit.path_end))
    return found


def may_issue_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and imports plans that `unit` issues."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_date_event(user: User, event: Event) -> bool:
    """Return whether `user` gives, moves or takes the day of an event: the issuer's people and who keeps it."""
    keeps = event.keeper is not None and user.may(Permission.REPORT, event.keeper)
    return keeps or user.may(Permission.MANAGE_PLANS, event.unit)
