"""Ordinals of records: 1 to n in their plan without a gap, kept so by two set-based updates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Max

from plans.models import PriorityTask, Shortcoming, Solution
from plans.record_values import Numbered

SHIFT = 15_000  # ordinals move by way of numbers no plan reaches: the constraint holds at every moment


def siblings(record: Numbered) -> models.QuerySet[Any]:
    """Return the records numbered in one row with `record`."""
    rows: models.QuerySet[Any] = type(record)._default_manager.filter(plan_id=record.plan_id)  # noqa: SLF001  # documented
    return rows.filter(list_kind=record.list_kind) if isinstance(record, PriorityTask) else rows


def place_for(record: Numbered, values: Mapping[str, Any]) -> int:
    """Make room for a new record and return its ordinal: the end, for a solution the end of its group."""
    if isinstance(record, PriorityTask):
        record.list_kind = values.get("list_kind", record.list_kind)
    rows = siblings(record)
    end = _last(rows)
    if isinstance(record, Shortcoming) and rows.filter(merged_into__isnull=False).exists():
        listed = _last(rows.filter(merged_into__isnull=True))  # what was merged stands behind what is listed
        open_up(record, listed + 1)
        return listed + 1
    in_group = _last(rows.filter(group=values["group"])) if isinstance(record, Solution) and values.get("group") else 0
    if not in_group or in_group == end:
        return end + 1
    open_up(record, in_group + 1)
    return in_group + 1


def _last(rows: models.QuerySet[Any]) -> int:
    return rows.aggregate(last=Max("ordinal"))["last"] or 0


def open_up(record: Numbered, ordinal: int) -> None:
    """Move everything from `ordinal` on one further."""
    siblings(record).filter(ordinal__gte=ordinal).update(ordinal=F("ordinal") + SHIFT)
    siblings(record).filter(ordinal__gte=SHIFT).update(ordinal=F("ordinal") - SHIFT + 1)


def close_up(record: Numbered) -> None:
    """Move everything behind the vanished `record` one back."""
    siblings(record).filter(ordinal__gt=record.ordinal).update(ordinal=F("ordinal") + SHIFT)
    siblings(record).filter(ordinal__gte=SHIFT).update(ordinal=F("ordinal") - SHIFT - 1)


def move_to_list(task: PriorityTask, list_kind: str) -> None:
    """Take a task out of its list and put it at the end of the other one."""
    old = PriorityTask(plan_id=task.plan_id, list_kind=task.list_kind, ordinal=task.ordinal)
    task.list_kind = list_kind
    task.ordinal = _last(siblings(task)) + 1
    task.save(update_fields=["list_kind", "ordinal"])
    close_up(old)
