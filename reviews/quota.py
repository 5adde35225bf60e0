"""Days at the grassroots against a quota: counted once, summed, what is short, where it leads. Pure.

Plans ask for so many days in a year, finished by a day, of each person or of a group together; what exactly is a
setting (one plan says 60 days before 15/12, another two months a year). A day counts once, whatever trips touch it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many days from `start` to `until`, the last day that counts."""

    days: int
    start: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Trip:
    """One person's trip, by the days it really took; both days count."""

    person: int
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a quota stands on a day: days counted, days short (never below 0), and how many the pace so far leads to.

    `expected` is None while nothing of the time has passed. `reached` says that nothing is short.
    """

    counted: int
    short: int
    expected: int | None

    @property
    def reached(self) -> bool:
        """Return whether the quota is fulfilled."""
        return self.short == 0


def days_of(trips: Iterable[Trip], quota: Quota) -> dict[int, frozenset[dt.date]]:
    """Return the days within the quota's time on which each person was out, each once."""
    days: dict[int, set[dt.date]] = {}
    for trip in trips:
        first, last = max(trip.start, quota.start), min(trip.end, quota.until)
        days.setdefault(trip.person, set()).update(first + n * DAY for n in range((last - first).days + 1))
    return {person: frozenset(found) for person, found in days.items()}


def standing(counted: int, quota: Quota, today: dt.date) -> Standing:
    """Return how `counted` days of one person, or of a group jointly, stand against the quota at the end of a day."""
    short = max(0, quota.days - counted)
    passed = (min(today, quota.until) - quota.start).days + 1
    if passed <= 0:
        return Standing(counted, short, None)
    whole = (quota.until - quota.start).days + 1
    return Standing(counted, short, counted * whole // passed)


def per_week(short: int, today: dt.date, until: dt.date) -> int | None:
    """Return how many days a week are needed from tomorrow on to make up what is short; None: no time is left."""
    left = (until - today).days
    if short <= 0:
        return 0
    return ceil(7 * short / left) if left >= short else None


def jointly(days: dict[int, frozenset[dt.date]]) -> int:
    """Return the days of a group that owes its quota together: the sum of what each was out."""
    return sum(len(found) for found in days.values())
