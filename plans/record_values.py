"""The kinds of records of a plan, what a person may change in each, and its present values: for forms and the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import models

from plans.enums import Subject
from plans.models import (
    Indicator,
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)

Record = Plan | PlanReference | Shortcoming | PriorityTask | SolutionGroup | Solution | Schedule | Indicator
#: Records numbered 1 to n in their plan.
Numbered = Shortcoming | PriorityTask | SolutionGroup | Solution | Indicator

#: What a person may change in each kind of record. Everything else is set by the acts themselves.
CHANGEABLE: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Plan: (
        "kind", "title", "symbol", "issued_on", "place", "issuing_body", "signer_authority", "signer_title",
        "signer_name", "recipients", "period_start", "period_end", "parent", "coordinating_unit",
        "days_off_move", "directive_lead_days",
    ),
    PlanReference: ("kind", "symbol", "issued_on", "issuer", "title"),
    Shortcoming: ("text", "field", "subject", "person", "cause", "found_in", "origin_year", "named_units"),
    PriorityTask: ("list_kind", "text", "owner"),
    SolutionGroup: ("title", "lead_unit"),
    Solution: (
        "text", "group", "level", "lead_unit", "supporting_units", "overseer", "shortcomings", "priority_tasks",
        "deliverable",
    ),
    Schedule: (
        "kind", "phrase", "start", "due", "rule", "lead_time", "in_working_days", "anchor", "event", "hangs_on",
        "chain", "in_order", "exception", "exclusive", "owner_units", "owner_kinds",
    ),
    Indicator: (
        "text", "kind", "comparator", "value", "unit_of_measure", "frequency", "cumulative", "start", "due",
        "audience", "conditions", "levels", "owner_units", "owner_kinds", "roll_up", "group", "solution", "fed_by",
    ),
}  # fmt: skip


#: Values that are rows of their own, in order: texts, or of levels pairs of name and whether it reaches the target.
PARTS: Final = frozenset({"conditions", "levels"})


def parts_of(record: Indicator, name: str) -> list[Any]:
    """Return the rows of one of `PARTS` as `give` takes them."""
    if name == "levels":
        return [(level.name, level.reaches) for level in record.levels.all()]
    return [condition.text for condition in record.conditions.all()]


def fingerprint(record: Record) -> str:
    """Return a short hash of what a person may change in `record`: a form carries it, a save compares it."""
    values = {name: _stored_value(record, name) for name in CHANGEABLE[type(record)]}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:32]


def plan_of(record: Record) -> Plan:
    """Return the plan a record belongs to."""
    if isinstance(record, Plan):
        return record
    return record.solution.plan if isinstance(record, Schedule) else record.plan


#: What the log says of a value that only those with the right may read.
NOT_TOLD: Final = "…"


def told(record: models.Model, data: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Return a change {"field": [before, after]} as the log may tell it: of a person's shortcoming which fields only.

    The log is read by more people than the shortcoming. It counts as a person's if it was or becomes one.
    """
    if isinstance(record, Shortcoming) and (record.is_personal or Subject.PERSON in data.get("subject", ())):
        return {name: [NOT_TOLD, NOT_TOLD] for name in data}
    return {name: [plain(before), plain(after)] for name, (before, after) in data.items()}


def facts(record: Record) -> dict[str, Any]:
    """Return what a person may change in `record`, in words, for the log."""
    return {name: _worded(record, name) for name in CHANGEABLE[type(record)]}


def is_link(record: Record, name: str) -> bool:
    return name not in PARTS and bool(record._meta.get_field(name).many_to_many)  # noqa: SLF001  # Django's documented model API


def _stored_value(record: Record, name: str) -> Any:  # a value of any column
    if isinstance(record, Indicator) and name in PARTS:
        return parts_of(record, name)
    if is_link(record, name):
        return sorted(o.pk for o in getattr(record, name).all())
    value = getattr(record, record._meta.get_field(name).attname)  # type: ignore[union-attr]  # noqa: SLF001  # a column
    return plain(value) if isinstance(value, Decimal) else value  # as typed or as stored, it is the same number


def _worded(record: Record, name: str) -> Any:  # a value of any column
    if isinstance(record, Indicator) and name in PARTS:
        parts = parts_of(record, name)
        return [f"✓ {part[0]}" if part[1] else part[0] for part in parts] if name == "levels" else parts
    if is_link(record, name):
        return [str(o) for o in getattr(record, name).all()]
    return plain(getattr(record, name))


def plain(value: Any) -> Any:  # JSON
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date) else value
