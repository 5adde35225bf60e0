"""A unit chooses which priority tasks it takes up: one, or many at once; the latter is one act and one log entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.enums import PlanStatus, Uptake
from plans.errors import ActionRefused, Stale
from plans.models import Plan, PriorityTask, TaskUptake
from plans.uptake import may_choose, units_reached
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen about one task. `version` is that of the choice the person saw; 0: there was none."""

    task: PriorityTask
    choice: str
    version: int
    reason: str = ""
    own_plan: Plan | None = None


def choose_task(*, unit: Unit, by: User, choice: Choice) -> TaskUptake:
    """Choose about one task; what is chosen already and chosen so again stays as it is."""
    choose_tasks(plan=choice.task.plan, unit=unit, by=by, choices=[choice])
    return TaskUptake.objects.get(priority_task=choice.task, unit=unit)


def choose_tasks(*, plan: Plan, unit: Unit, by: User, choices: Sequence[Choice]) -> int:
    """Choose about several tasks of a plan, all or nothing; return how many choices are new or other than before."""
    require(may_choose(by, unit))
    with transaction.atomic():
        locked = Plan.objects.select_related("issuing_unit").get(pk=plan.pk)
        if locked.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("The plan is not being followed up: it is a draft or closed."))
        require(units_reached(locked, clock.today()).filter(pk=unit.pk).exists())
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # one person at a time chooses for a unit
        stored = {row.priority_task_id: row for row in TaskUptake.objects.filter(priority_task__plan=plan, unit=unit)}
        changed = [row for c in choices if (row := _chosen(c, stored.get(c.task.pk), locked, unit, by))]
        for row in changed:
            row.save()
        if changed:
            _log(changed, locked, unit, by)
    return len(changed)


def _chosen(choice: Choice, row: TaskUptake | None, plan: Plan, unit: Unit, by: User) -> TaskUptake | None:
    """Return the row to be saved, None where nothing changes; refuse what does not fit."""
    if (row.version if row else 0) != choice.version:
        raise Stale(_("Somebody else chose for this unit meanwhile. Look at the choices and choose again."))
    facts = _facts(choice, plan, unit)
    if row and all(getattr(row, name) == value for name, value in facts.items()):
        return None
    row = row or TaskUptake(priority_task=choice.task, unit=unit, version=0)
    for name, value in facts.items():
        setattr(row, name, value)
    row.chosen_by, row.chosen_at, row.version = by, clock.now(), row.version + 1
    return row


def _facts(choice: Choice, plan: Plan, unit: Unit) -> dict[str, Any]:
    if choice.task.plan_id != plan.pk or choice.choice not in Uptake.values:
        raise ActionRefused(_("A task of another plan was named. Choose again."))
    taken, reason = choice.choice == Uptake.TAKEN, nfc(choice.reason).strip()
    if not taken and not reason:
        words = _("Say why the unit does not take up task %(task)s.")
        raise ActionRefused(words % {"task": choice.task.ordinal})
    own = choice.own_plan if taken else None
    if own is not None and (own.issuing_unit_id != unit.pk or own.pk == plan.pk):
        raise ActionRefused(_("Link a plan that the unit itself has issued or drafts."))
    return {"choice": choice.choice, "reason": "" if taken else reason, "own_plan_id": own.pk if own else None}


def _log(rows: Sequence[TaskUptake], plan: Plan, unit: Unit, by: User) -> None:
    data = {
        "tasks": [
            {"task": str(row.priority_task), "choice": row.choice, "reason": row.reason, "own_plan": row.own_plan_id}
            for row in rows
        ]
    }
    audit.record(
        AuditAction.TASKS_CHOSEN, by=by, obj=plan, label=unit.label, plan_id=plan.pk, unit_id=unit.pk, data=data
    )
