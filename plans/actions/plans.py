"""Acts on a plan as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.dilutions import judge_own_plan
from plans.actions.sent import made_before, remember
from plans.actions.sign_offs import require_signed
from plans.actions.skeletons import lay_out
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.fan_out import with_owners, write_out
from plans.gaps import blocking, gaps_of
from plans.models import Deadline, Plan
from plans.reminders.new_work import tell_of_new_work
from plans.rights import may_issue_for, may_manage
from plans.symbols import parse_symbol
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


def create_plan(
    *, issuing_unit: Unit, title: str, by: User | None, key: str = "", skeleton: bool = False, **facts: Any
) -> Plan:
    """Create a draft. `facts` are further fields of the plan; the symbol is parsed into its parts.

    With `skeleton` it holds what a plan of its kind usually does (`plans.templates_of_kinds`).

    With the `key` of a form that was sent before, the draft it made then is returned.
    """
    require(by is None or may_issue_for(by, issuing_unit))
    try:
        return _plan_made_before(key, by) or _created(issuing_unit, title, by, key, facts, skeleton=skeleton)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = _plan_made_before(key, by)
        if made is None:
            raise
        return made


def _plan_made_before(key: str, by: User | None) -> Plan | None:
    made = made_before(key, by=by)
    return None if made is None else Plan.objects.filter(pk=made).first()


def _created(
    issuing_unit: Unit, title: str, by: User | None, key: str, facts: dict[str, Any], *, skeleton: bool
) -> Plan:
    with transaction.atomic():
        plan = Plan(issuing_unit=issuing_unit, title=title, created_by=by, **facts)
        set_symbol_parts(plan)
        plan.full_clean(exclude=["search"])
        plan.save()
        remember(key, by=by, plan=plan, record_id=plan.pk)
        data = {"from_template": lay_out(plan)} if skeleton else {}
        audit.record(AuditAction.CREATED, by=by, obj=plan, plan_id=plan.pk, unit_id=issuing_unit.pk, data=data)
    return plan


def locked_as_is(plan: Plan) -> Plan:
    """Return the plan as it is now, locked; refuse where somebody has thrown it away."""
    locked: Plan | None = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if locked is None:
        raise ActionRefused(_("This draft is not there any more: somebody has thrown it away."))
    return locked


def publish_plan(
    *,
    plan: Plan,
    by: User | None,
    today: dt.date | None = None,
    despite_gaps: bool = False,
    without_sign_off: str = "",
) -> int:
    """Publish a draft: every commitment becomes a deadline of each unit that owes it. Return how many.

    Gaps block unless `despite_gaps`, which the log remembers with the gaps. A draft that was put before a leader needs
    the agreement, or why it goes out without (`without_sign_off`), which the log remembers too.
    """
    require(by is None or may_manage(by, plan))
    today = today or clock.today()
    with transaction.atomic():
        locked = locked_as_is(plan)
        if locked.status != PlanStatus.DRAFT:
            raise ActionRefused(_("This plan is published already. Open its page to follow it up."))
        gaps = blocking(gaps_of(locked))
        if gaps and not despite_gaps:
            raise ActionRefused(_("The plan still has gaps. Fill them, or publish in spite of them."))
        signed = require_signed(locked, without=without_sign_off)
        locked.status, locked.published_at, locked.published_by = PlanStatus.PUBLISHED, clock.now(), by
        locked.save(update_fields=["status", "published_at", "published_by"])
        made = write_out(list(with_owners().filter(solution__plan=locked)), today=today)
        tell_of_new_work(locked, today=today)
        judge_own_plan(locked)
        audit.record(
            AuditAction.PUBLISHED_WITH_GAPS if gaps else AuditAction.PUBLISHED,
            by=by,
            obj=locked,
            plan_id=locked.pk,
            unit_id=locked.issuing_unit_id,
            data={"deadlines": made, "gaps": [str(g.message) for g in gaps], **signed},
        )
    plan.refresh_from_db()
    return made


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would make: deadlines, units that owe them, and how many of them are over already."""

    deadlines: int
    units: int
    overdue: int


def preview_publishing(*, plan: Plan, today: dt.date | None = None) -> Preview:
    """Return what publishing would make. Nothing stays."""
    today = today or clock.today()
    with transaction.atomic():
        made = write_out(list(with_owners().filter(solution__plan=plan)), today=today)
        rows = Deadline.objects.filter(plan=plan)
        found = Preview(made, rows.values("unit").distinct().count(), rows.filter(due_on__lt=today).count())
        transaction.set_rollback(True)
    return found


def discard_plan(*, plan: Plan, by: User) -> None:
    """Throw a draft away with its records and its file."""
    require(may_manage(by, plan))
    with transaction.atomic():
        locked = locked_as_is(plan)
        if locked.status != PlanStatus.DRAFT:
            raise ActionRefused(_("A published plan stays. Cancel its deadlines or close it instead."))
        _require_nothing_leans_on(locked)
        label, unit_id, document = str(locked), locked.issuing_unit_id, getattr(locked, "document", None)
        if document:
            transaction.on_commit(lambda: document.file.delete(save=False))
        locked.delete()
        audit.record(AuditAction.DROPPED, by=by, label=label, unit_id=unit_id)


def _require_nothing_leans_on(draft: Plan) -> None:
    """Refuse to throw away a draft that another plan goes on with or stands under."""
    carried = Plan.objects.exclude(pk=draft.pk).filter(shortcomings__carried_over_from__plan=draft).order_by("pk")
    if other := carried.first():
        words = _("Shortcomings of “%(plan)s” are carried over from this draft. Take these links back there first.")
        raise ActionRefused(words % {"plan": other})
    if other := draft.children.order_by("pk").first():
        words = _("“%(plan)s” names this draft as the plan above it. Choose another plan above there first.")
        raise ActionRefused(words % {"plan": other})


def set_symbol_parts(plan: Plan) -> None:
    """Take the number, kind, body and department out of the symbol as printed."""
    parts = parse_symbol(plan.symbol)
    plan.number, plan.symbol_kind = parts.number, parts.kind
    plan.symbol_body, plan.symbol_department = parts.body, parts.department
