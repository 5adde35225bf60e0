"""From a schedule to dated occurrences. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rruleset, rrulestr

from doantracker.lib.working_days import WorkingCalendar
from plans.enums import DATED_KINDS, Kind
from plans.rules import LAST_WORKDAY, BadRule, Line, Problem, Rule, parse_rule

PERIOD_MONTHS = {"FREQ=MONTHLY": 1, "FREQ=MONTHLY;INTERVAL=3": 3, "FREQ=MONTHLY;INTERVAL=6": 6, "FREQ=YEARLY": 12}
LIMIT = 4000  # occurrences of one schedule: more than ten years of days is a slip in the rule
MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7
SHORTEST_MONTH = 28
DAILY = "FREQ=DAILY"
_PERIOD = re.compile(r"FREQ=(WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=([1-9]\d{0,2}))?")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a commitment falls due: its name, the first day of its period, and its last day (None: no date)."""

    key: str
    start: dt.date | None
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class _Dated(Occurrence):
    """An occurrence of a series always has its days; `daily` work rests on days off, `workday` work moves back."""

    start: dt.date
    due: dt.date
    daily: bool = False
    workday: bool = False

    @property
    def named(self) -> bool:
        """Return whether it has the name of a period, not of a day."""
        return self.key != self.due.isoformat()


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
    calendar: WorkingCalendar | None = None,
) -> tuple[list[Occurrence], dt.date | None]:
    """Return the occurrences of a schedule that begin by `until`, oldest first, and when the next one begins.

    A week, month, quarter, half-year or year without a day means its last day. A series runs from the schedule's own
    start, else the plan's, to the schedule's own end, else the plan's; what would be due before `not_before` (the
    plan's day of issue) is no obligation. Kinds without a date give one occurrence without one: a person may date it
    later. With a `calendar` a last day that is a day off moves to the next working day; the occurrence keeps its name.
    Several series of one rule: see `_merged`.
    """
    if kind in DATED_KINDS:
        return [Occurrence(ONCE, start, calendar.working_day(due) if calendar and due else due)], None
    if kind != Kind.RECURRING or not rule:
        return [Occurrence(ONCE, None, None)], None
    first = start or period_start or not_before
    if first is None:
        return [Occurrence(ONCE, None, None)], None
    last = due or period_end
    found: list[Occurrence] = []
    for occurrence in _merged(parse_rule(rule), first, calendar):
        if (last and occurrence.start > last) or len(found) >= LIMIT:
            break
        if occurrence.start > until:
            return found, occurrence.start
        if (not_before is None or occurrence.due >= not_before) and not _left_out(occurrence, calendar):
            found.append(_moved(occurrence, calendar))
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
    calendar: WorkingCalendar | None = None,
) -> dict[dt.date, list[str]]:
    """Return the next `count` days on which a schedule falls due, `today` included, each with what falls due then.

    What falls due is named by its occurrences: several where periods of several series end on one day. Nothing for
    what has no day.
    """
    if kind != Kind.RECURRING:
        due = calendar.working_day(due) if calendar and due and kind in DATED_KINDS else due
        return {due: [ONCE]} if due and due >= today else {}
    first = start or period_start or not_before
    if not rule or first is None:
        return {}
    last = due or period_end
    found: dict[dt.date, list[str]] = {}
    for number, occurrence in enumerate(_merged(parse_rule(rule), first, calendar, near=today)):
        # a period that began earlier may end later: the nearest days are known once periods begin after them
        settled = len(found) >= count and occurrence.start > sorted(found)[count - 1]
        if (last and occurrence.start > last) or number >= LIMIT or settled:
            break
        day = _moved(occurrence, calendar).due
        obliges = not_before is None or occurrence.due >= not_before
        if day >= today and obliges and not _left_out(occurrence, calendar):
            found.setdefault(day, []).append(occurrence.key)
    return {day: found[day] for day in sorted(found)[:count]}


def usable_rule(text: str) -> str:
    """Return a rule as it is stored; raise `BadRule` for one that is not understood or never falls due."""
    rule = parse_rule(text)
    for line in rule.lines:
        if next(_series(line, dt.date(2024, 1, 1)), None) is None:
            raise BadRule(Problem.NEVER, str(line))
    return str(rule)


def _moved(occurrence: _Dated, calendar: WorkingCalendar | None) -> _Dated:
    """Return an occurrence with its last day on a working day, where days off move."""
    if calendar is None:
        return occurrence
    if occurrence.workday:
        end = occurrence.due + relativedelta(day=31)
        return replace(occurrence, due=calendar.working_day_before(end))
    return replace(occurrence, due=calendar.working_day(occurrence.due))


def _left_out(occurrence: _Dated, calendar: WorkingCalendar | None) -> bool:
    """Return whether daily work falls on a day off: moved, it would fall on a day that has its own already."""
    return bool(calendar and occurrence.daily and calendar.is_off(occurrence.due))


def _merged(
    rule: Rule, first: dt.date, calendar: WorkingCalendar | None, near: dt.date | None = None
) -> Iterator[_Dated]:
    """Yield the occurrences of all series of a rule by their first day.

    Two periods that end on one day are two obligations: the report of the fourth quarter is not that of the year. A
    day of its own on which a period ends, or which another series names too, is the same obligation. A day that is
    left out is meant as the rule gives it or as it moved.
    """
    series = [_ended(line, _nearer(line, first, near) if near else first) for line in rule.lines]
    besides = [_Dated(day.isoformat(), day, day) for day in rule.besides if day >= first]
    without, names, days = set(rule.without), set[str](), set[dt.date]()
    for occurrence in heapq.merge(*series, besides, key=lambda o: (o.start, not o.named, o.due)):
        if occurrence.due in without or (without and _moved(occurrence, calendar).due in without):
            continue
        if occurrence.key in names and occurrence.due not in days:  # weeks and pairs of weeks begin alike
            occurrence = replace(occurrence, key=occurrence.due.isoformat())  # noqa: PLW2901  # the same one, renamed
        if occurrence.key in names or (occurrence.due in days and not occurrence.named):
            continue
        names.add(occurrence.key)
        days.add(occurrence.due)
        yield occurrence


def _ended(line: Line, first: dt.date) -> Iterator[_Dated]:
    """Yield the occurrences of one series up to its own end."""
    found = _series(line, first)
    if line.until:
        last = line.until
        return takewhile(lambda o: o.due <= last, found)
    return islice(found, line.times) if line.times else found


def _nearer(line: Line, first: dt.date, today: dt.date) -> dt.date:
    """Return a later first day with the same weekday, for rules of which every week holds one: counting takes less.

    Some weeks are left for days off which move.
    """
    near = today - dt.timedelta(weeks=6)
    endless = "INTERVAL" not in line.base and not line.times
    if line.base.startswith((DAILY, "FREQ=WEEKLY")) and endless and first < near:
        return first + dt.timedelta(days=(near - first).days // DAYS_A_WEEK * DAYS_A_WEEK)
    return first


def _series(line: Line, first: dt.date) -> Iterator[_Dated]:
    """Yield the occurrences of a series without its end, from the period that holds `first`."""
    months = PERIOD_MONTHS.get(line.base.removesuffix(";BYMONTHDAY=-1"))
    period = _PERIOD.fullmatch(line.base)
    if months:
        yield from _calendar_periods(months, first)
    elif period and period[1] == "WEEKLY":
        yield from _weeks(int(period[2] or 1), first)
    elif period:
        span = int(period[2] or 1) * (MONTHS_A_YEAR if period[1] == "YEARLY" else 1)
        yield from _other_periods(span, first.replace(month=1) if period[1] == "YEARLY" else first)
    else:
        daily, workday = line.base.startswith(DAILY), line.base.endswith(LAST_WORKDAY) and "WEEKLY" not in line.base
        for day in _days(line.base, first):
            yield _Dated(day.isoformat(), day, day, daily=daily, workday=workday)


def _days(base: str, first: dt.date) -> Iterator[dt.date]:
    """Yield the days of a series that names its days; one for day 29, 30 or 31 takes the last of a shorter month."""
    start = dt.datetime.combine(first, dt.time())
    together = rruleset()
    for line in _clamped(base):
        together.rrule(rrulestr(line, dtstart=start))  # type: ignore[arg-type]  # one line gives a plain rule
    for moment in together:
        yield moment.date()


def _clamped(line: str) -> list[str]:
    """Return the lines that say what one line with late days says: one a day, for a year one a day and month."""
    parts = dict(part.split("=", 1) for part in line.split(";") if "=" in part)
    days = parts.get("BYMONTHDAY", "").split(",")
    late = [int(d) for d in days if d.isdecimal() and int(d) > SHORTEST_MONTH]
    every_month = parts.get("FREQ") == "MONTHLY"
    months = parts.get("BYMONTH", "").split(",")
    if not late or parts.keys() & {"BYDAY", "BYSETPOS"} or not (every_month or (months[0] and "FREQ" in parts)):
        return [line]
    early = [d for d in days if not (d.isdecimal() and int(d) > SHORTEST_MONTH)]
    lines = [parts | {"BYMONTHDAY": ",".join(early)}] if early else []
    for day in late:
        last = {"BYMONTHDAY": ",".join(str(d) for d in range(SHORTEST_MONTH, day + 1)), "BYSETPOS": "-1"}
        lines += [parts | last] if every_month else [parts | last | {"BYMONTH": month} for month in months]
    return [";".join(f"{name}={value}" for name, value in given.items()) for given in lines]


def _calendar_periods(months: int, first: dt.date) -> Iterator[_Dated]:
    """Yield calendar months, quarters, half-years or years."""
    start = dt.date(first.year, (first.month - 1) // months * months + 1, 1)
    while True:
        following = start + relativedelta(months=months)
        yield _Dated(_key(start, months), start, following - dt.timedelta(days=1))
        start = following


def _other_periods(months: int, first: dt.date) -> Iterator[_Dated]:
    """Yield periods of another length, such as five months, from the month of `first`; named by their last day."""
    start = first.replace(day=1)
    while True:
        following = start + relativedelta(months=months)
        last = following - dt.timedelta(days=1)
        yield _Dated(last.isoformat(), start, last)
        start = following


def _weeks(weeks: int, first: dt.date) -> Iterator[_Dated]:
    """Yield one or more weeks of ISO 8601, Monday to Sunday, named by the first: "2026-W01"."""
    start = first - dt.timedelta(days=first.weekday())
    while True:
        year, number, _weekday = start.isocalendar()
        yield _Dated(f"{year}-W{number:02}", start, start + dt.timedelta(days=DAYS_A_WEEK * weeks - 1))
        start += dt.timedelta(weeks=weeks)


def _key(start: dt.date, months: int) -> str:
    part = (start.month - 1) // months + 1
    return {1: f"{start:%Y-%m}", 3: f"{start.year}-Q{part}", 6: f"{start.year}-H{part}", 12: str(start.year)}[months]


@dataclass(frozen=True, slots=True)
class PeriodName:
    """A period as a person names it: unit is week, month, quarter, half_year, year, or "" for work that comes once."""

    unit: str
    year: int = 0
    number: int = 0


def period_name(key: str) -> PeriodName:
    """Return what an occurrence's key means; a day of its own ("2026-03-31") and "once" have no name."""
    year, _, part = key.partition("-")
    if not year.isdecimal() or "-" in part:
        return PeriodName("")
    unit = {"": "year", "Q": "quarter", "H": "half_year", "W": "week"}.get(part[:1], "month")
    return PeriodName(unit, int(year), int(part.lstrip("QHW") or 0))
