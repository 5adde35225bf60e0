"""Pilots: the office says what every unit of a kind has to choose, each unit chooses among the units below it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.cascade import open_recipient
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import PilotChoice, PilotSlot, Plan, PlanRecipient, Solution
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction

MOST_CHOSEN = 50


def add_slot(*, solution: Solution, words: str, kind: UnitKind, by: User, count: int = 1) -> PilotSlot:
    """Ask every unit of `kind` that the plan was sent to for `count` pilots; the same once more is the same slot."""
    require(may_manage(by, solution.plan))
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=solution.plan_id)
        if plan.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("Pilots are asked for in a published plan. Publish it first."))
        if Solution.objects.filter(pk=solution.pk, dropped_at__isnull=False).exists():
            raise ActionRefused(_("This solution was dropped by an amendment. Choose another one."))
        words = " ".join(nfc(words).split())
        known: PilotSlot | None = PilotSlot.objects.filter(solution=solution, kind=kind, words=words).first()
        if known is not None:
            return known
        slot = PilotSlot(solution=solution, words=words, kind=kind, count=count, created_by=by)
        slot.created_at = clock.now()
        try:
            slot.full_clean()
        except ValidationError as error:
            raise ActionRefused(" ".join(error.messages)) from error
        slot.save()
        data = {"kind": str(kind), "count": count, "solution": solution.ordinal}
        audit.record(AuditAction.CREATED, by=by, obj=slot, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=data)
    return slot


def choose_pilots(
    *, slot: PilotSlot, recipient: PlanRecipient, chosen: Iterable[Unit], by: User, seen: Iterable[int] | None = None
) -> list[PilotChoice]:
    """Set the pilots of a unit; `seen` are the ids of the units chosen when the page was opened.

    More or fewer than asked for are kept and flagged: a unit that can't choose one yet says so by choosing none.
    """
    with open_recipient(recipient, by) as row:
        if slot.kind_id != row.unit.kind_id or slot.solution.plan_id != row.plan_id:
            raise ActionRefused(_("This pilot is not asked of the unit."))
        units = {unit.pk: unit for unit in chosen}
        if len(units) > MOST_CHOSEN:
            raise ActionRefused(_("Choose at most %(most)d units.") % {"most": MOST_CHOSEN})
        if not all(row.unit.covers(unit) and unit.pk != row.unit_id for unit in units.values()):
            raise ActionRefused(_("A pilot is one of the units below. Choose among them."))
        now = {choice.chosen_id: choice for choice in row.pilots.filter(slot=slot)}
        if seen is not None and set(seen) != set(now):
            raise Stale(_("Somebody chose other pilots meanwhile. Look at them, then choose again."))
        gone = [choice.pk for unit, choice in now.items() if unit not in units]
        PilotChoice.objects.filter(pk__in=gone).delete()
        at = clock.now()
        PilotChoice.objects.bulk_create(
            PilotChoice(slot=slot, recipient=row, chosen=unit, chosen_by=by, chosen_at=at)
            for pk, unit in units.items()
            if pk not in now
        )
        if set(now) != set(units):
            names = dict(Unit.objects.filter(pk__in=now).values_list("pk", "name"))
            data = {"pilots": [sorted(names.values()), sorted(u.name for u in units.values())], "pilot": slot.words}
            audit.record(AuditAction.CHANGED, by=by, obj=row, plan_id=row.plan_id, unit_id=row.unit_id, data=data)
        return list(row.pilots.filter(slot=slot).select_related("chosen"))
