"""Work parted for a bar: counted in one grouped query, from an index, so that a whole province costs milliseconds.

The parts are those of the statistics table (`plans.statistics`): each row but a cancelled one stands in exactly one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from plans.enums import Outcome
from plans.models import Deadline
from plans.statistics import Figures, percent_text
from units.access import STEP
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Parts:
    """Counts of deadlines, cancelled ones in none of them; `undated` is what no bar can call late or in time."""

    done_on_time: int = 0
    done_late: int = 0
    done_no_date: int = 0
    in_time: int = 0
    overdue: int = 0
    no_date: int = 0

    def __add__(self, other: Parts) -> Parts:
        return Parts(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.done + self.in_time + self.overdue + self.no_date

    @property
    def done(self) -> int:
        """Return what units reported done."""
        return self.done_on_time + self.done_late + self.done_no_date

    @property
    def undated(self) -> int:
        """Return what has no day, done or not."""
        return self.done_no_date + self.no_date

    @property
    def fallen_due(self) -> int:
        """Return what the rate is taken of: done + overdue."""
        return self.done + self.overdue

    @property
    def figures(self) -> Figures:
        """Return them as figures of the statistics; whatever is in time stands under on schedule."""
        named = {name: getattr(self, name) for name in NAMES if name != "in_time"}
        return Figures(total=self.total, on_schedule=self.in_time, **named)

    @property
    def rate_text(self) -> str:
        """Return done ÷ (done + overdue), as the statistics say it; a dash while nothing is done or overdue."""
        return percent_text(self.done, self.fallen_due)

    @property
    def on_time_text(self) -> str:
        """Return the share done on time of what has a day and has fallen due or is done; a dash without any."""
        return percent_text(self.done_on_time, self.done_on_time + self.done_late + self.overdue)


NAMES = tuple(field.name for field in fields(Parts))
#: The part each outcome stands in; open work with a day is parted by today.
_PARTS = {
    Outcome.DONE_ON_TIME.value: "done_on_time",
    Outcome.DONE_LATE.value: "done_late",
    Outcome.DONE_NO_DATE.value: "done_no_date",
    Outcome.OPEN_DATED.value: "in_time",
    Outcome.OPEN_NO_DATE.value: "no_date",
    Outcome.ON_HOLD.value: "in_time",
}


def parts_by(
    deadlines: QuerySet[Deadline], *keys: str, today: dt.date, distinct: bool = False
) -> dict[tuple[Any, ...], Parts]:
    """Return the parts per values of `keys` (columns or annotations); one grouped query.

    `distinct`: the rows come through a relation that may name a deadline more than once.
    """
    return _folded(_counted(deadlines, keys, today=today, distinct=distinct))


def parts_below(deadlines: QuerySet[Deadline], unit: Unit, *, today: dt.date) -> dict[str, Parts]:
    """Return the parts of `unit` itself and of each direct child with all below it, by path; one grouped query.

    Counted by the full path first, in the order of the index, then by its beginning: three times as fast as at once.
    """
    inner = _counted(deadlines.below(unit), ("unit_path",), today=today)  # type: ignore[attr-defined]  # ours
    sql, params = inner.query.sql_with_params()
    columns = [connection.ops.quote_name(name) for name in ("unit_path", "outcome", "number", "over")]
    path, outcome, number, over = columns
    outer = (
        f"SELECT substr({path}, 1, %s), {outcome}, SUM({number}), SUM({over})"  # noqa: S608  # the names are our own
        f" FROM ({sql}) counted GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(outer, [len(str(unit.path)) + STEP, *params])
        return {key[0]: parts for key, parts in _folded(cursor.fetchall()).items()}


def _counted(
    deadlines: QuerySet[Deadline], keys: Sequence[str], *, today: dt.date, distinct: bool = False
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return rows of keys, outcome, number, and how many of those had their day before today."""
    rows = deadlines.exclude(outcome=Outcome.CANCELLED).order_by().values_list(*keys, "outcome")
    number, over = ("pk", "pk") if distinct else ("outcome", "due_on")  # columns of the index: it answers alone
    return rows.annotate(
        number=Count(number, distinct=distinct), over=Count(over, distinct=distinct, filter=Q(due_on__lt=today))
    )


def _folded(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], Parts]:
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for *key, outcome, number, over in rows:
        counts = found.setdefault(tuple(key), dict.fromkeys(NAMES, 0))
        overdue = int(over) if outcome == Outcome.OPEN_DATED else 0
        counts["overdue"] += overdue
        counts[_PARTS[outcome]] += int(number) - overdue
    return {key: Parts(**counts) for key, counts in found.items()}


def together(found: Iterable[Parts]) -> Parts:
    """Return the sum of several."""
    return sum(found, Parts())
