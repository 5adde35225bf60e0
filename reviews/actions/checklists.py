"""Checklists of a unit, by kind of the units it inspects: a change makes a new version, the former ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from reviews.checklist_lines import Line
from reviews.models import Checklist, ChecklistItem
from reviews.models.checklist import LONGEST_HEAD, LONGEST_ITEM
from reviews.rights import may_run
from units import audit
from units.access import require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction

MOST_ITEMS: Final = 120


def save_checklist(*, unit: Unit, unit_kind: UnitKind, lines: Sequence[Line], by: User, version: int = 0) -> Checklist:
    """Write the checklist for units of a kind as its next version; `version` is the one seen, 0: none yet.

    What visits have copied stays as it was. The same items again make no new version.
    """
    require(may_run(by, unit))
    _check(lines)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # two at once: one waits
        rows = Checklist.objects.filter(unit=unit, unit_kind=unit_kind)
        last = rows.aggregate(last=Max("version"))["last"] or 0
        if last != version:
            raise Stale(_("Somebody changed this checklist meanwhile. Compare with it as it is now, then save again."))
        former: Checklist | None = rows.filter(version=last).first()
        if former and [Line(i.head, i.text) for i in former.items.all()] == list(lines):
            return former
        row = Checklist.objects.create(
            unit=unit, unit_kind=unit_kind, version=last + 1, created_by=by, created_at=clock.now()
        )
        ChecklistItem.objects.bulk_create(
            ChecklistItem(checklist=row, ordinal=number, head=line.head, text=line.text)
            for number, line in enumerate(lines, start=1)
        )
        data = {"version": row.version, "items": len(lines)}
        audit.record(AuditAction.CHANGED if last else AuditAction.CREATED, by=by, obj=row, unit_id=unit.pk, data=data)
    return row


def _check(lines: Sequence[Line]) -> None:
    if not lines:
        raise ActionRefused(_("Write at least one thing to look at."))
    if len(lines) > MOST_ITEMS:
        raise ActionRefused(_("A checklist has at most %(most)d items. Join some of them.") % {"most": MOST_ITEMS})
    for line in lines:
        if len(line.head) > LONGEST_HEAD or len(line.text) > LONGEST_ITEM:
            words = _("“%(text)s…” is too long: at most %(head)d characters a heading, %(item)d an item.")
            shown = (line.head if len(line.head) > LONGEST_HEAD else line.text)[:60]
            raise ActionRefused(words % {"text": shown, "head": LONGEST_HEAD, "item": LONGEST_ITEM})
