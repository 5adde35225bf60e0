"""A report names the report that is compiled from it: the branch's, the district's, the province's hang together."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.actions.moving import locked_plan
from plans.cascade_lineage import plans_above
from plans.enums import Deliverable
from plans.errors import ActionRefused, Stale
from plans.labels import step_label
from plans.models import Schedule
from units import audit
from units.models import User
from units.models.audit import AuditAction


def compile_into(*, part: Schedule, whole: Schedule | None, by: User, seen: int | None = None) -> Schedule:
    """Say into which report of this plan or one above `part` goes; None: into none. `seen`: where it went."""
    with transaction.atomic():
        plan = locked_plan(part.solution.plan_id, by)
        rows = Schedule.objects.select_for_update(of=("self",)).select_related("solution", "compiled_into__solution")
        row: Schedule = rows.get(pk=part.pk)
        if row.compiled_into_id != seen:
            raise Stale(_("Somebody chose another report meanwhile. Look at it, then choose again."))
        if whole is not None and not reports_for(row).filter(pk=whole.pk).exists():
            raise ActionRefused(
                _("A report goes into another written report of this plan or of a plan above it. Choose one of those.")
            )
        before = row.compiled_into
        row.compiled_into = whole
        row.save(update_fields=["compiled_into"])
        data: dict[str, Any] = {"compiled_into": [step_label(s) if s else None for s in (before, whole)]}
        audit.record(AuditAction.CHANGED, by=by, obj=row, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=data)
    return row


def reports_for(part: Schedule) -> QuerySet[Schedule]:
    """Return the reports that `part` may go into: not itself, nor one that goes into it by whatever way."""
    plan = part.solution.plan
    plans = [plan.pk, *plans_above(plan)]
    found: QuerySet[Schedule] = Schedule.objects.filter(
        solution__plan__in=plans, solution__deliverable=Deliverable.REPORT, continued_by__isnull=True
    )
    return found.exclude(pk__in=_parts_of(part))


def _parts_of(whole: Schedule) -> set[int]:
    """Return the report and all that goes into it, straight or through others: one query a level."""
    found, level = {whole.pk}, {whole.pk}
    while level:
        level = set(Schedule.objects.filter(compiled_into__in=level).values_list("pk", flat=True)) - found
        found |= level
    return found
