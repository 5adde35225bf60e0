"""What the list of a plan's indicators shows; a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from plans.models import Indicator
from plans.target_words import owners_words, span_words, target_words


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator as shown."""

    indicator: Indicator
    target: str
    span: str
    owners: str
    conditions: list[str]


def with_parts(rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Add who gives results, conditions, levels and what the indicator belongs to."""
    parts = ("owner_units", "owner_kinds", "conditions", "levels")
    return rows.select_related("solution", "group", "fed_by__solution").prefetch_related(*parts)


def indicator_rows(rows: Any) -> list[IndicatorRow]:  # a page of a queryset, or all of it
    """Return indicators as shown; five queries."""
    return [
        IndicatorRow(i, target_words(i), span_words(i), owners_words(i), [c.text for c in i.conditions.all()])
        for i in with_parts(rows)
    ]
