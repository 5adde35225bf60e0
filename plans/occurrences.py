"""From a schedule to dated occurrences. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from plans.enums import DATED_KINDS, Kind

PERIOD_MONTHS = {"FREQ=MONTHLY": 1, "FREQ=MONTHLY;INTERVAL=3": 3, "FREQ=MONTHLY;INTERVAL=6": 6, "FREQ=YEARLY": 12}
LIMIT = 4000  # occurrences of one schedule: more than ten years of days is a slip in the rule
MONTHS_A_YEAR = 12
_LATE_DAY = re.compile(r"BYMONTHDAY=(29|30|31)\b")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a commitment falls due: its name, the first day of its period, and its last day (None: no date)."""

    key: str
    start: dt.date | None
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class _Dated(Occurrence):
    """An occurrence of a series always has its days."""

    start: dt.date
    due: dt.date


ONCE = "once"


def occurrences(
    *,
    kind: str,
    start: dt.date | None,
    due: dt.date | None,
    rule: str,
    period_start: dt.date | None,
    period_end: dt.date | None,
    not_before: dt.date | None,
    until: dt.date,
) -> tuple[list[Occurrence], dt.date | None]:
    """Return the occurrences of a schedule that begin by `until`, oldest first, and when the next one begins.

    A month, quarter, half-year or year without a day means its last day. A series runs from the schedule's own start,
    else the plan's, to the schedule's own end, else the plan's; what would be due before `not_before` (the plan's day
    of issue) is no obligation. Kinds without a date give one occurrence without one: a person may date it later.
    """
    if kind in DATED_KINDS:
        return [Occurrence(ONCE, start, due)], None
    if kind != Kind.RECURRING or not rule:
        return [Occurrence(ONCE, None, None)], None
    first = start or period_start or not_before
    if first is None:
        return [Occurrence(ONCE, None, None)], None
    last = due or period_end
    found: list[Occurrence] = []
    for occurrence in _series(rule, first):
        if (last and occurrence.start > last) or len(found) >= LIMIT:
            break
        if occurrence.start > until:
            return found, occurrence.start
        if not_before is None or occurrence.due >= not_before:
            found.append(occurrence)
    return found, None


def upcoming(
    *,
    kind: str,
    start: dt.date | None,
    due: dt.date | None,
    rule: str,
    period_start: dt.date | None,
    period_end: dt.date | None,
    not_before: dt.date | None,
    today: dt.date,
    count: int = 3,
) -> list[dt.date]:
    """Return the next `count` days on which a schedule falls due, `today` included; none for what has no day."""
    if kind != Kind.RECURRING:
        return [due] if due and due >= today else []
    first = start or period_start or not_before
    if not rule or first is None:
        return []
    last, earliest = due or period_end, max(today, not_before or today)
    found: list[dt.date] = []
    for number, occurrence in enumerate(_series(rule, _nearer(rule, first, today))):
        if (last and occurrence.start > last) or number >= LIMIT or len(found) >= count:
            break
        if occurrence.due >= earliest:
            found.append(occurrence.due)
    return found


def _nearer(rule: str, first: dt.date, today: dt.date) -> dt.date:
    """Return a later first day with the same weekday, for rules of which every week holds one: counting takes less."""
    if rule.startswith(("FREQ=DAILY", "FREQ=WEEKLY")) and "INTERVAL" not in rule and first < today:
        return first + dt.timedelta(days=(today - first).days // 7 * 7)
    return first


def _series(rule: str, first: dt.date) -> Iterator[_Dated]:
    """Yield the occurrences of an endless series, from the period that holds `first`."""
    months = PERIOD_MONTHS.get(rule.removesuffix(";BYMONTHDAY=-1"))
    if months:
        yield from _calendar_periods(months, first)
        return
    for moment in rrulestr(_never_skipping(rule), dtstart=dt.datetime.combine(first, dt.time())):
        day = moment.date()
        yield _Dated(day.isoformat(), day, day)


def _never_skipping(rule: str) -> str:
    """Return a rule for day 29, 30 or 31 that takes the last day of a shorter month instead of none."""
    found = _LATE_DAY.search(rule)
    if not found or "BYSETPOS" in rule:
        return rule
    if rule.startswith("FREQ=YEARLY;BYMONTH=") and "INTERVAL" not in rule:
        rule = rule.replace("YEARLY", "MONTHLY", 1)  # the same days, but the last is sought in each month
    if not rule.startswith("FREQ=MONTHLY"):
        return rule
    days = ",".join(str(d) for d in range(28, int(found[1]) + 1))
    return f"{_LATE_DAY.sub(f'BYMONTHDAY={days}', rule)};BYSETPOS=-1"


def _calendar_periods(months: int, first: dt.date) -> Iterator[_Dated]:
    """Yield calendar months, quarters, half-years or years."""
    start = dt.date(first.year, (first.month - 1) // months * months + 1, 1)
    while True:
        following = start + relativedelta(months=months)
        yield _Dated(_key(start, months), start, following - dt.timedelta(days=1))
        start = following


def _key(start: dt.date, months: int) -> str:
    part = (start.month - 1) // months + 1
    return {1: f"{start:%Y-%m}", 3: f"{start.year}-Q{part}", 6: f"{start.year}-H{part}", 12: str(start.year)}[months]


@dataclass(frozen=True, slots=True)
class PeriodName:
    """A period as a person names it: unit is month, quarter, half_year, year, or "" for work that comes once."""

    unit: str
    year: int = 0
    number: int = 0


def period_name(key: str) -> PeriodName:
    """Return what an occurrence's key means; a day of its own ("2026-03-31") and "once" have no name."""
    year, _, part = key.partition("-")
    if not year.isdecimal() or "-" in part:
        return PeriodName("")
    unit = {"": "year", "Q": "quarter", "H": "half_year"}.get(part[:1], "month")
    return PeriodName(unit, int(year), int(part.lstrip("QH") or 0))
