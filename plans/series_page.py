"""What the page of one commitment shows: what it means, where it comes from, and how far its occurrences are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from plans.enums import DONE, OPEN, Status
from plans.labels import period_label
from plans.models import Deadline, Schedule


@dataclass(frozen=True, slots=True)
class OccurrenceFigures:
    """One occurrence of a commitment, counted over the units that owe it; what was called off is in no figure."""

    key: str
    due: dt.date | None
    owed: int
    done: int
    late: int
    overdue: int

    @property
    def name(self) -> str:
        """Return the period as a person names it; empty for a day of its own."""
        return period_label(self.key)

    @property
    def share(self) -> Decimal | None:
        """Return the share of units that did it."""
        return share(self.done, self.owed)


def share(done: int, owed: int) -> Decimal | None:
    """Return how many percent of what is owed are done, to one digit; None where nothing is owed: not zero.

    Of a monthly branch meeting it is the share of branches that met (tỷ lệ chi đoàn sinh hoạt).
    """
    if not owed:
        return None
    return (Decimal(100 * done) / owed).quantize(Decimal("0.1"), ROUND_HALF_UP)


def occurrence_figures(rows: QuerySet[Deadline], *, today: dt.date) -> list[OccurrenceFigures]:
    """Return the figures of each occurrence of `rows`, the latest first; one query."""
    counted: dict[str, Any] = {
        "due": Min("due_on"),
        "owed": Count("pk"),
        "done": Count("pk", filter=Q(status__in=DONE)),
        "late": Count("pk", filter=Q(status__in=DONE, reported_on__gt=F("due_on"))),
        "overdue": Count("pk", filter=Q(status__in=OPEN, due_on__lt=today)),
    }
    found: Any = rows.exclude(status=Status.CANCELLED).order_by().values("occurrence").annotate(**counted)
    figures = [OccurrenceFigures(key=row.pop("occurrence"), **row) for row in found]
    return sorted(figures, key=lambda o: (o.due or dt.date.max, o.key), reverse=True)


def lineage(schedule: Schedule) -> tuple[list[Schedule], list[Schedule]]:
    """Return the commitments a commitment goes on with, and those that go on with it; one query."""
    family = {s.pk: s for s in Schedule.objects.filter(solution=schedule.solution_id)}
    before, at = [], family.get(schedule.continues_id or 0)
    while at is not None:
        before.append(at)
        at = family.get(at.continues_id or 0)
    after, wanted = [], {schedule.pk}
    for later in sorted(family.values(), key=lambda s: s.pk):
        if later.continues_id in wanted:
            after.append(later)
            wanted.add(later.pk)
    return before[::-1], after
