"""Who may do what to a plan, and short questions about a deadline; the table of its acts is `plans.workflow`."""

import datetime as dt

from django.db.models import Q

from plans.models import Deadline, Plan
from plans.workflow import may
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_manage(user: User, plan: Plan) -> bool:
    """Return whether `user` edits, publishes, closes and cancels in this plan."""
    return user.may(Permission.MANAGE_PLANS, plan.issuing_unit)


def may_report(user: User, deadline: Deadline) -> bool:
    """Return whether `user` reports for the unit that owes this deadline: its own people and the levels above it."""
    return may(user, AuditAction.REPORTED, deadline)


def may_confirm(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms or returns this result: the issuer's people, never who reported it."""
    return may(user, AuditAction.CONFIRMED, deadline)


def answering_units(plan: Plan, today: dt.date) -> UnitQuerySet:
    """Return who can take on a commitment of the answering side: the issuer and its departments."""
    issuer = plan.issuing_unit
    own = Q(pk=issuer.pk) | Q(kind__has_subtree=False, depth=issuer.depth + 1)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(own, path__range=(issuer.path, issuer.path_end))
    return found


def may_issue_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and imports plans that `unit` issues."""
    return user.may(Permission.MANAGE_PLANS, unit)
