"""The ledger of shortcomings as arithmetic: its equation, lineage through the years, what waits for a check."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

#: Days after which somebody looks again whether what was remedied stays so.
EFFECT_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Equation:
    """New + carried over - merged = listed. `unmarked`: rows of which nobody said whether they are new."""

    new: int = 0
    carried_over: int = 0
    merged: int = 0
    listed: int = 0
    unmarked: int = 0

    @property
    def holds(self) -> bool:
        """Return whether the ledger adds up: every row has its origin, and the sum is what is listed."""
        return self.unmarked == 0 and self.sum == self.listed

    @property
    def sum(self) -> int:
        """Return new + carried over - merged."""
        return self.new + self.carried_over - self.merged

    @property
    def difference(self) -> int:
        """Return by how much more is listed than the sum gives."""
        return self.listed - self.sum

    def __str__(self) -> str:
        """Return "5 + 3 − 1 = 7", with the sign of inequality where it does not hold."""
        sign = "=" if self.holds else "≠"
        return f"{self.new} + {self.carried_over} − {self.merged} {sign} {self.listed}"


def equation_of(rows: Iterable[tuple[str, bool]]) -> Equation:
    """Return the equation, given of each row its origin ("new", "carried_over" or "") and whether it is merged."""
    found = list(rows)
    origins = [origin for origin, _merged in found]
    merged = sum(is_merged for _origin, is_merged in found)
    return Equation(
        new=origins.count("new"),
        carried_over=origins.count("carried_over"),
        merged=merged,
        listed=len(found) - merged,
        unmarked=origins.count(""),
    )


def last_unchecked_day(today: dt.date) -> dt.date:
    """Return the last day on which something remedied is due for its check of effectiveness today."""
    return today - dt.timedelta(days=EFFECT_DAYS)


def awaits_check(remedied_on: dt.date | None, checks: Iterable[dt.date], today: dt.date) -> bool:
    """Return whether what is remedied since `remedied_on` waits for its check; `checks` are the days of all checks."""
    if remedied_on is None or remedied_on > last_unchecked_day(today):
        return False
    return not any(day >= remedied_on for day in checks)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one review said, in the order of the days."""

    day: dt.date
    state: str


def standing(verdicts: Iterable[Verdict], *, remedied: str, unreviewed: str) -> tuple[str, dt.date | None]:
    """Return the state that the reviews leave, and since when it is `remedied`, if it is.

    The latest day decides; of several on one day the last in order. `unreviewed` is the state without any review.
    """
    state, since = unreviewed, None
    for verdict in sorted(verdicts, key=lambda v: v.day):
        if verdict.state != remedied:
            since = None
        elif since is None:
            since = verdict.day
        state = verdict.state
    return state, since


@dataclass(frozen=True, slots=True)
class Link:
    """How one row hangs together with others: what it was carried over from, what it was merged into."""

    pk: int
    carried_over_from: int | None
    merged_into: int | None


def ancestors(pk: int, links: Mapping[int, Link]) -> list[int]:
    """Return what a row goes back to, the nearest first: also by way of rows that were merged into it."""
    merged: dict[int, list[int]] = defaultdict(list)
    for link in links.values():
        if link.merged_into is not None:
            merged[link.merged_into].append(link.pk)

    def before(one: int) -> list[int]:
        own = [links[one].carried_over_from] if one in links else []
        through = [links[m].carried_over_from for m in merged[one]]
        return [p for p in (*own, *through) if p is not None and p in links]

    return _walk(pk, before)


def descendants(pk: int, links: Mapping[int, Link]) -> list[int]:
    """Return what became of a row in later years, the nearest first: also by way of the row it was merged into."""
    after: dict[int, list[int]] = defaultdict(list)
    for link in links.values():
        if link.carried_over_from is not None:
            after[link.carried_over_from].append(link.pk)

    def next_ones(one: int) -> list[int]:
        into = links[one].merged_into if one in links else None
        return after[one] + ([into] if into is not None and into in links else [])

    return _walk(pk, next_ones)


def _walk(pk: int, steps: Callable[[int], list[int]]) -> list[int]:
    """Return every row reached from `pk` once, level by level: a circle in the data ends the walk."""
    found: list[int] = []
    seen, level = {pk}, [pk]
    while level:
        level = [n for one in level for n in steps(one)]
        level = [n for n in dict.fromkeys(level) if n not in seen]
        seen.update(level)
        found.extend(level)
    return found
