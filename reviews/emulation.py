"""Points of an emulation score sheet from reports complete and on time. Pure: no models, no clock, no query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from reviews.enums import Sent

#: Periods whose reports are counted; a thematic one is in no band.
COUNTED: Final = ("month", "quarter", "half_year", "year")
#: The bands that a scoring sheet of 2015 has: points, then how many monthly, quarterly, half-yearly and yearly fail.
STANDARD_BANDS: Final = ((8, 0, 0, 0, 0), (6, 2, 0, 0, 0), (4, 3, 0, 0, 0), (4, 0, 1, 0, 0))
#: Statuses in which a report has been handed in, and those in which it is not owed now.
_DONE: Final = frozenset({"submitted", "completed"})
_STOPPED: Final = frozenset({"on_hold", "cancelled"})


@dataclass(frozen=True, slots=True)
class Band:
    """So many points where no more reports of each period fail than `allowed` says; unnamed periods allow none."""

    points: Decimal
    allowed: Mapping[str, int] = field(default_factory=dict)

    def covers(self, failed: Mapping[str, int]) -> bool:
        """Return whether what failed lies within the band."""
        return all(number <= self.allowed.get(period, 0) for period, number in failed.items())


@dataclass(frozen=True, slots=True)
class Tally:
    """How the reports of one unit stand, by period."""

    on_time: Mapping[str, int]
    late: Mapping[str, int]
    missing: Mapping[str, int]

    def failed(self, *, late_counts: bool) -> dict[str, int]:
        """Return how many reports of each period failed: missing, and late ones where they count."""
        parts = (self.missing, self.late) if late_counts else (self.missing,)
        return {period: sum(part.get(period, 0) for part in parts) for period in COUNTED}


def sent_state(
    *,
    status: str,
    due_on: dt.date | None,
    reported_on: dt.date | None,
    excused_until: dt.date | None,
    today: dt.date,
) -> Sent:
    """Return how one report stands on `today`: the register's days decide, an objective cause excuses."""
    if status in _STOPPED or due_on is None:
        return Sent.STOPPED
    if status in _DONE and reported_on is not None:
        if reported_on <= due_on:
            return Sent.ON_TIME
        return Sent.EXCUSED if excused_until is not None and reported_on <= excused_until else Sent.LATE
    if today > due_on:
        return Sent.MISSING
    return Sent.RETURNED if status == "returned" else Sent.AWAITED


def report_points(bands: Iterable[Band], failed: Mapping[str, int], most: Decimal) -> Decimal:
    """Return the points for what failed: those of the best band that covers it, none beyond all bands.

    Never below 0 nor above `most`, whatever the bands say.
    """
    best = max((band.points for band in bands if band.covers(failed)), default=Decimal(0))
    return min(max(best, Decimal(0)), most)


def standing_points(
    *, computed: Decimal | None, checked: Decimal | None, settled: Decimal | None, most: Decimal
) -> Decimal | None:
    """Return the points that stand: as settled by hand, else as computed or checked; None while nobody gave any."""
    found = next((points for points in (settled, computed, checked) if points is not None), None)
    return None if found is None else min(max(found, Decimal(0)), most)


def ranks(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """Return the place of each unit: the highest total first, equal totals share a place."""
    return {unit: 1 + sum(other > total for other in totals.values()) for unit, total in totals.items()}
