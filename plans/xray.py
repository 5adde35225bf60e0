"""The page of gaps: every kind counted, its first rows or a page of one kind. Two queries a kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from plans.gap_kinds import KINDS, Gap, GapKind
from plans.models import Plan
from units.models import User

#: How many rows of each kind stand on the overview.
FIRST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind: how many, the rows shown, and where all of them are (as deadlines: to act on)."""

    kind: GapKind
    count: int
    gaps: list[Gap]
    deadlines: str

    @property
    def more(self) -> int:
        """Return how many rows are not shown."""
        return self.count - len(self.gaps)


def xray(plans: QuerySet[Plan], *, user: User, today: dt.date, plan: Plan | None = None) -> list[Found]:
    """Return what was looked for and what was found, the worst first; kinds without a gap have the number 0."""
    return [_found(kind, plans, user, today, plan) for kind in KINDS]


def deadlines_url(kind: GapKind, plan: Plan | None) -> str:
    """Return the list of deadlines behind a kind, where many are acted on at once; empty for records of the plan."""
    if not kind.filter:
        return ""
    query = {"gap": kind.code, "sort": "due"} | ({"plan": str(plan.pk)} if plan else {})
    return f"{reverse('plans:deadlines')}?{urlencode(query)}"


def _found(kind: GapKind, plans: QuerySet[Plan], user: User, today: dt.date, plan: Plan | None) -> Found:
    rows = kind.rows(plans, user, today)
    count = rows.order_by().count()
    return Found(kind, count, [kind.gap_of(row) for row in rows[:FIRST]], deadlines_url(kind, plan))
