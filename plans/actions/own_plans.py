"""A unit's own plan under a plan from above: started from what was accepted, linked, merged into, kept in step."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from plans.actions.cascade import (
    answer_open_items,
    locked_answer,
    log_answers,
    open_recipient,
    save_answer,
)
from plans.actions.dilutions import judge
from plans.actions.own_items import carry, rewrite
from plans.actions.plans import create_plan
from plans.cascade_items import asked_items, remember_asked
from plans.cascade_lineage import plans_above
from plans.enums import CARRIED, ItemAnswer, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import CascadeAnswer, Plan, PlanRecipient
from plans.querysets import PlanQuerySet
from plans.rights import may_issue_for
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

#: What the own plan takes over from the plan above.
INHERITED: Final = ("kind", "period_start", "period_end", "days_off_move", "directive_lead_days")


def start_own_plan(*, recipient: PlanRecipient, by: User, title: str = "") -> Plan:
    """Make the unit's own draft with every item it accepted or adapted, or add to its draft those not in it yet."""
    with open_recipient(recipient, by) as row:
        require(may_issue_for(by, row.unit))
        own = row.own_plan
        if own is not None and own.status != PlanStatus.DRAFT:
            raise ActionRefused(_("The unit's own plan is published. Add commitments on its page instead."))
        items = {i.solution.pk: i for i in asked_items(row.plan, row.unit.kind.code)}
        answers = row.answers.filter(answer__in=CARRIED, own_solution__isnull=True).order_by("solution__ordinal")
        pairs = [(a, items[a.solution_id]) for a in answers.select_related("solution") if a.solution_id in items]
        if not pairs:
            raise ActionRefused(_("No accepted or adapted item is left to put into the plan. Answer the items first."))
        if own is None:
            facts = {name: getattr(row.plan, name) for name in INHERITED}
            own = create_plan(
                issuing_unit=row.unit, title=title.strip() or row.plan.title, by=by, parent=row.plan, **facts
            )
            row.own_plan = own
            row.save(update_fields=["own_plan"])
        made = carry(own, row.unit, pairs)
        data = {"items": [s.ordinal for s in made], "plan_above": str(row.plan)}
        _log(AuditAction.CHANGED, own, row, by, data)
    return own


def link_plan(*, recipient: PlanRecipient, own_plan: Plan, by: User) -> PlanRecipient:
    """Name a plan the unit has already as the one that carries out the plan from above."""
    with open_recipient(recipient, by) as row:
        require(may_issue_for(by, row.unit))
        _link(row, own_plan, by)
    return row


def merge_into(*, recipient: PlanRecipient, own_plan: Plan, by: User) -> PlanRecipient:
    """Name a plan the unit has already and answer every item that has no answer yet with "merged" into it."""
    with open_recipient(recipient, by) as row:
        require(may_issue_for(by, row.unit))
        if row.own_plan_id != own_plan.pk:
            _link(row, own_plan, by)
        answer_open_items(row, ItemAnswer.MERGED, by)
    return row


def take_change(*, answer: CascadeAnswer, by: User, version: int) -> CascadeAnswer:
    """Follow an item that was changed above: it is accepted as it is now, what is merged stays merged.

    In a draft of the unit the own item gets the new words and days; a published one stays until its page changes it.
    """
    with open_recipient(answer.recipient, by) as row:
        stored, item = locked_answer(row, answer, version)
        if stored.pk is None or stored.digest == item.digest:
            raise Stale(_("The item is as it was answered: there is no change to decide on."))
        if stored.answer != ItemAnswer.MERGED:
            stored.answer, stored.reason = ItemAnswer.ACCEPTED, ""
            stored.text, stored.number, stored.last_day = "", None, None
        remember_asked(stored, item)
        judge(stored)
        save_answer(stored, by)
        own = stored.own_solution
        if stored.answer == ItemAnswer.ACCEPTED and own is not None and own.plan.status == PlanStatus.DRAFT:
            rewrite(stored, item, row.unit)
        log_answers([stored], by, {"change": "taken"})
    return stored


def own_plans_offered(recipient: PlanRecipient) -> PlanQuerySet:
    """Return the plans of the unit that can carry out the plan from above."""
    open_plans: PlanQuerySet = Plan.objects.filter(issuing_unit=recipient.unit_id).exclude(status=PlanStatus.CLOSED)
    return open_plans.exclude(pk=recipient.plan_id)


def _link(row: PlanRecipient, own_plan: Plan, by: User) -> None:
    own = Plan.objects.select_for_update().filter(pk=own_plan.pk).first()
    if own is None or own.issuing_unit_id != row.unit_id:
        raise ActionRefused(_("This is no plan of the unit. Choose one that it issues."))
    if own.status == PlanStatus.CLOSED:
        raise ActionRefused(_("This plan of the unit is closed. Choose one that is drafted or followed up."))
    if own.pk == row.plan_id or own.pk in plans_above(row.plan):
        raise ActionRefused(_("This plan stands above the one that was sent down. Choose another plan."))
    if row.answers.filter(own_solution__isnull=False).exists():
        raise ActionRefused(_("Items stand in the unit's own plan already. Drop them there before naming another."))
    before, row.own_plan = row.own_plan, own
    row.save(update_fields=["own_plan"])
    if own.parent_id is None:
        own.parent = row.plan
        own.save(update_fields=["parent"])
    _log(AuditAction.CHANGED, own, row, by, {"own_plan": [str(before) if before else None, str(own)]})


def _log(action: AuditAction, own: Plan, row: PlanRecipient, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=own, plan_id=own.pk, unit_id=row.unit_id, data=data)
