"""From the day of an event, or the commitment before it, to the last day of what hangs on it. Pure.

Links are given with predecessors first (`in_chain_order`), so that one pass dates a whole chain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from doantracker.lib.working_days import WorkingCalendar
from plans.enums import DONE, Chain, Status

A_DAY: Final = dt.timedelta(days=1)
HOURS_A_DAY: Final = 24
_LEAD_TIME: Final = re.compile(r"([+-]?)P(\d{1,3})([DWM])")
_HOURS: Final = re.compile(r"([+-]?)PT(\d{1,3})H")


@dataclass(frozen=True, slots=True)
class Offset:
    """How long before or after its anchor work falls due. `unit` is D, W or M, or B for working days.

    `exclusive`: the day named is excluded, so before an anchor the last day is one day earlier.
    """

    amount: int = 0
    unit: str = "D"
    before: bool = False
    exclusive: bool = False


def offset_of(lead_time: str, *, in_working_days: bool = False, exclusive: bool = False) -> Offset | None:
    """Return what an ISO 8601 duration of days, weeks, months or hours says; "" is the anchor's own day.

    Work is due by days: hours count as the days they begin. Another form gives None.
    """
    if not lead_time:
        return Offset()
    hours = _HOURS.fullmatch(lead_time)
    if hours:
        return Offset(-(-int(hours[2]) // HOURS_A_DAY), "D", hours[1] == "-", exclusive)
    found = _LEAD_TIME.fullmatch(lead_time)
    if not found:
        return None
    sign, amount, unit = found.groups()
    return Offset(int(amount), "B" if in_working_days and unit == "D" else unit, sign == "-", exclusive)


def last_day(anchor: dt.date, offset: Offset, calendar: WorkingCalendar, *, days_off_move: bool = False) -> dt.date:
    """Return the last day of work that hangs on `anchor`.

    A month of fewer days ends a count of months. A working day counted is never a day off. With `days_off_move` a day
    off moves to the working day before where it lies before its anchor, so that it never passes it, else to the next.
    """
    side = -1 if offset.before else 1
    if offset.unit == "B":
        day = _working_days(anchor, offset.amount * side, calendar)
    elif offset.unit == "M":
        day = anchor + relativedelta(months=offset.amount * side)
    else:
        day = anchor + dt.timedelta(days=offset.amount * side * (7 if offset.unit == "W" else 1))
    if offset.before and offset.exclusive:
        day = _working_days(day, -1, calendar) if offset.unit == "B" else day - A_DAY
    if days_off_move and calendar.is_off(day):
        return _working_days(day, side, calendar)
    return day


def _working_days(day: dt.date, count: int, calendar: WorkingCalendar) -> dt.date:
    """Return the day `count` working days from `day`, which is not counted; negative: before it."""
    step, left = (A_DAY if count > 0 else -A_DAY), abs(count)
    while left:
        day += step
        left -= not calendar.is_off(day)
    return day


# --- chains of commitments ---


@dataclass(frozen=True, slots=True)
class Link:
    """One commitment and what it hangs on: an event, or the commitment `hangs_on` by its completion or last day."""

    pk: int
    offset: Offset
    event: int | None = None
    hangs_on: int | None = None
    chain: str = ""
    days_off_move: bool = False


def comes_before(chain: str, lead_time: str) -> bool:
    """Return whether a commitment is counted back from the one it hangs on, and so has to be done before it."""
    return bool(chain) and lead_time.startswith("-")


def cycle_of(hangs_on: Mapping[int, int | None], start: int) -> list[int]:
    """Return the commitments that lead from `start` back to itself, in order; nothing where none does."""
    path, here = [start], hangs_on.get(start)
    while here is not None and here not in path:
        path.append(here)
        here = hangs_on.get(here)
    return path if here == start else []


def in_chain_order(links: Iterable[Link], roots: Collection[int]) -> list[Link]:
    """Return `roots` and what hangs on them, however far, each behind what it hangs on."""
    by_pk = {link.pk: link for link in links}
    followers: dict[int, list[int]] = defaultdict(list)
    for link in by_pk.values():
        if link.hangs_on is not None and link.chain:
            followers[link.hangs_on].append(link.pk)
    order, level, seen = [], [pk for pk in by_pk if pk in roots], set(roots)
    while level:
        order += [by_pk[pk] for pk in level]
        level = [f for pk in level for f in followers[pk] if f not in seen]
        seen.update(level)
    return order


# --- deadlines ---


@dataclass(frozen=True, slots=True)
class Row:
    """A deadline as far as anchors move it."""

    pk: int
    schedule: int
    unit: int
    due_on: dt.date | None
    anchored_on: dt.date | None
    reported_on: dt.date | None
    status: str
    version: int = 1

    @property
    def follows(self) -> bool:
        """Return whether its day is what its anchor gave it, or it has none."""
        return self.due_on is None or self.due_on == self.anchored_on


class Fate(StrEnum):
    """What becomes of a deadline when its anchor gets another day."""

    MOVES = "moves"
    SAME = "same"
    DONE = "done"  # submitted or completed: history stays
    CANCELLED = "cancelled"
    OWN_DAY = "own_day"  # given by hand or by an extension
    BEGUN = "begun"  # its day would be taken back, but the unit works on it


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline and the day its anchor says now; `fate` says whether it gets it."""

    row: Row
    new: dt.date | None
    fate: Fate


def moves(
    links: Sequence[Link],
    rows: Iterable[Row],
    *,
    events: Mapping[int, dt.date | None],
    calendar: WorkingCalendar,
    also: Collection[int] = (),
) -> list[Move]:
    """Return what becomes of every deadline of `links`, predecessors first. `rows` hold their predecessors' too.

    `events` are the days by event; `also` are deadlines with a day of their own that are to move all the same. Work
    hangs on its own unit's deadline of the commitment before it; where its unit owes none, on all of them: the last.
    """
    by_schedule: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_schedule[row.schedule].append(row)
    days = {row.pk: row.due_on for found in by_schedule.values() for row in found}
    found: list[Move] = []
    for link in links:
        anchors = _Anchors(link, by_schedule[link.hangs_on] if link.hangs_on is not None else [], days, events)
        for row in by_schedule[link.pk]:
            anchor = anchors.of(row.unit)
            new = last_day(anchor, link.offset, calendar, days_off_move=link.days_off_move) if anchor else None
            fate = _fate(row, new, link, also)
            if fate == Fate.MOVES:
                days[row.pk] = new
            found.append(Move(row, new, fate))
    return found


class _Anchors:
    """The day one link hangs on, for each unit."""

    def __init__(
        self,
        link: Link,
        before: Sequence[Row],
        days: Mapping[int, dt.date | None],
        events: Mapping[int, dt.date | None],
    ) -> None:
        self.event_day = events.get(link.event) if link.event is not None else None
        self.chain, self.days = link.chain, days
        self.own: dict[int, list[Row]] = defaultdict(list)
        for row in before:
            self.own[row.unit].append(row)
        self.all = self._last([row for row in before if row.status != Status.CANCELLED])

    def of(self, unit: int) -> dt.date | None:
        """Return the day that work of `unit` hangs on; None: not known yet."""
        if not self.chain:
            return self.event_day
        return self._last(self.own[unit]) if unit in self.own else self.all

    def _last(self, before: Sequence[Row]) -> dt.date | None:
        found = [self._day(row) for row in before]
        known = [day for day in found if day is not None]
        return max(known) if known and len(known) == len(found) else None

    def _day(self, row: Row) -> dt.date | None:
        if self.chain == Chain.COMPLETION:
            return row.reported_on if row.status in DONE else None
        return self.days[row.pk]


def _fate(row: Row, new: dt.date | None, link: Link, also: Collection[int]) -> Fate:
    if new == (row.anchored_on if row.due_on else None):  # the anchor says what it said before
        return Fate.SAME
    if row.status in DONE:
        return Fate.DONE
    if row.status == Status.CANCELLED:
        return Fate.CANCELLED
    if not row.follows and row.pk not in also:
        return Fate.OWN_DAY
    if new is None and link.chain == Chain.COMPLETION and row.status != Status.ASSIGNED:
        return Fate.BEGUN
    return Fate.MOVES
