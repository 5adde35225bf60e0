"""What the list of a plan's indicators shows; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from plans.indicator_page import Now, standings
from plans.indicator_rights import tops_seen
from plans.models import Indicator, Plan
from plans.target_words import owners_words, span_words, target_words
from units.models import User


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator as shown."""

    indicator: Indicator
    target: str
    span: str
    owners: str
    conditions: list[str]
    now: Now | None = None


def with_parts(rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Add who gives results, conditions, levels and what the indicator belongs to."""
    parts = ("owner_units", "owner_kinds", "conditions", "levels")
    return rows.select_related("solution", "group", "fed_by__solution").prefetch_related(*parts)


def indicator_rows(rows: Any, plan: Plan, user: User, today: dt.date) -> list[IndicatorRow]:
    """Return indicators of a page as shown, with where they stand in the topmost unit the person sees.

    A fixed number of queries.
    """
    indicators = list(with_parts(rows))
    for indicator in indicators:
        indicator.plan = plan
    top = next(iter(tops_seen(user, plan)), None)
    now = standings(indicators, top, today) if top else {}
    return [
        IndicatorRow(
            i,
            target_words(i),
            span_words(i),
            owners_words(i),
            [c.text for c in i.conditions.all()],
            now.get(i.pk),
        )
        for i in indicators
    ]
