"""Reading what is sensitive leaves its mark in the log."""

from __future__ import annotations

from collections.abc import Iterable

from plans.models import Plan, Shortcoming
from units import audit
from units.models import User
from units.models.audit import AuditAction

MOST_NAMED = 200  # keys of one row of the log


def log_reading(*, by: User, rows: Iterable[int], plan: Plan | None = None) -> None:
    """Write down that `by` read the shortcomings of persons with these keys: one row a request, none for nothing."""
    read = sorted(set(rows))
    if not read:
        return
    audit.record(
        AuditAction.READ_SENSITIVE,
        by=by,
        obj=plan,
        plan_id=plan.pk if plan else None,
        unit_id=plan.issuing_unit_id if plan else None,
        data={"shortcomings": read[:MOST_NAMED]},
    )


def log_reading_of_plan(*, by: User, plan: Plan) -> None:
    """The same for a page that shows all of a plan; one query."""
    personal = Shortcoming.objects.visible_to(by).filter(plan=plan).personal()
    log_reading(by=by, rows=personal.order_by().values_list("pk", flat=True), plan=plan)
