"""Who may do what to one object: predicates over the person's grants, used by actions and by templates' flags."""

from plans.models import Deadline, Plan
from units.models import Unit, User
from units.permissions import Permission


def may_manage(user: User, plan: Plan) -> bool:
    """Return whether `user` edits, publishes, closes and cancels in this plan."""
    return user.may(Permission.MANAGE_PLANS, plan.issuing_unit)


def may_report(user: User, deadline: Deadline) -> bool:
    """Return whether `user` reports for the unit that owes this deadline: its own people and the levels above it."""
    return user.may(Permission.REPORT, deadline.unit)


def may_confirm(user: User, deadline: Deadline) -> bool:
    """Return whether `user` confirms or returns this result: the issuer's people, never who reported it."""
    return user.may(Permission.CONFIRM, deadline.plan.issuing_unit) and deadline.reported_by_id != user.pk


def may_issue_for(user: User, unit: Unit) -> bool:
    """Return whether `user` drafts and imports plans that `unit` issues."""
    return user.may(Permission.MANAGE_PLANS, unit)
