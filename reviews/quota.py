"""Days at the grassroots against a quota: each counted once, what is short, where it leads. Pure.

Plans ask for so many days in a year, finished by a day, of each person or of a group together; what exactly is data
(one plan says 60 days before 15/12, another two months a year). A day counts once, whatever trips touch it: of one
person, and where a group owes its days jointly also whoever of the group was out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from plans.enums import Outlook

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many days from `start` to `until`, the last day that counts."""

    days: int
    start: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Trip:
    """One person's trip, both days included; `planned`: registered, but not gone yet."""

    person: int
    start: dt.date
    end: dt.date
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a quota stands at the end of a day; all in days.

    `short` is what is missing, never below 0; `pace` what the days so far lead to, None while no time has passed;
    `planned` what it comes to with the registered trips; `weekly` how many days a week make up what is short from
    tomorrow on, None where no time is left for it.
    """

    counted: int
    short: int
    pace: int | None
    planned: int
    weekly: int | None
    outlook: Outlook


def days_of(trips: Iterable[Trip], quota: Quota, *, planned: bool = False) -> frozenset[dt.date]:
    """Return the days within the quota's time on which somebody was out, each once; with `planned` will be too."""
    days: set[dt.date] = set()
    for trip in trips:
        if planned or not trip.planned:
            first, last = max(trip.start, quota.start), min(trip.end, quota.until)
            days.update(first + n * DAY for n in range((last - first).days + 1))
    return frozenset(days)


def standing(trips: Collection[Trip], quota: Quota, today: dt.date) -> Standing:
    """Return how the trips of one person, or of a group that owes its days jointly, stand against the quota."""
    counted, planned = len(days_of(trips, quota)), len(days_of(trips, quota, planned=True))
    short, pace = max(0, quota.days - counted), _pace(counted, quota, today)
    outlook = _outlook(short, max(pace or 0, planned), quota, today, known=pace is not None or planned > 0)
    return Standing(counted, short, pace, planned, per_week(short, today, quota.until), outlook)


def per_week(short: int, today: dt.date, until: dt.date) -> int | None:
    """Return how many days a week are needed from tomorrow on to make up what is short; None: no time is left."""
    left = (until - today).days
    if short <= 0:
        return 0
    return ceil(7 * short / left) if left >= short else None


def _pace(counted: int, quota: Quota, today: dt.date) -> int | None:
    passed = (min(today, quota.until) - quota.start).days + 1
    if passed <= 0:
        return None
    return counted * ((quota.until - quota.start).days + 1) // passed


def _outlook(short: int, expected: int, quota: Quota, today: dt.date, *, known: bool) -> Outlook:
    if short == 0:
        return Outlook.REACHED
    if today > quota.until:
        return Outlook.MISSED
    if not known:
        return Outlook.UNKNOWN
    return Outlook.WILL_REACH if expected >= quota.days else Outlook.WILL_MISS
