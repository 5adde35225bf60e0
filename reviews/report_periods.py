"""From the due rule of a report to its periods and days, and back from a day to the period. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dateutil.relativedelta import relativedelta

from doantracker.lib.working_days import WorkingCalendar

MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ROMAN: Final = ("", "I", "II", "III", "IV")
MOST_GRACE: Final = 5  # working days: never so many that two periods fall due on one day
_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class DueRule:
    """A report of each `period` is due on `day` of the month `offset` months from the period's last one.

    Day 31 is the last of a shorter month. `grace` are working days after it within which a report still is on time.
    """

    period: str
    day: int
    offset: int = 0
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its first and last day, and its key, as occurrences name it ("2026-03", "2026-Q1")."""

    first: dt.date
    last: dt.date
    key: str


def owed_between(
    rule: DueRule, first: dt.date, last: dt.date, calendar: WorkingCalendar
) -> list[tuple[Period, dt.date]]:
    """Return the periods whose report falls due from `first` to `last`, each with its last day, grace included."""
    found = []
    for period in _periods(rule, first.year - 1, last.year + 1):
        due = with_grace(named_day(rule, period), rule.grace, calendar)
        if first <= due <= last:
            found.append((period, due))
    return found


def period_due(rule: DueRule, due: dt.date) -> Period:
    """Return the period whose report is due on `due`: the last one whose named day has come by then.

    It needs no calendar: a holiday entered afterwards makes no report one of another period.
    """
    return [p for p in _periods(rule, due.year - 2, due.year + 1) if named_day(rule, p) <= due][-1]


def named_day(rule: DueRule, period: Period) -> dt.date:
    """Return the day that the rule names for a period, without grace."""
    month = period.last.replace(day=1) + relativedelta(months=rule.offset)
    return month + relativedelta(day=rule.day)  # the last day of a shorter month


def with_grace(day: dt.date, grace: int, calendar: WorkingCalendar) -> dt.date:
    """Return the `grace`-th working day after `day`; the day itself for none."""
    for _day in range(grace):
        day = calendar.working_day(day + dt.timedelta(days=1))
    return day


def period_words(period: Period) -> str:
    """Return how a paper names a period: "tháng 3/2026", "quý I/2026", "6 tháng đầu năm 2026", "năm 2026"."""
    year, _, part = period.key.partition("-")
    if not part:
        return f"năm {year}" if period.key.isdecimal() else f"đến ngày {period.last:%d/%m/%Y}"
    if part.startswith("Q"):
        return f"quý {ROMAN[int(part[1:])]}/{year}"
    if part.startswith("H"):
        return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
    return f"tháng {int(part)}/{year}"


def rule_words(rule: DueRule) -> str:
    """Return a due rule as a plan would word it: "chậm nhất ngày 25 hằng tháng"."""
    grace = f", gia hạn {rule.grace} ngày làm việc" if rule.grace else ""
    return f"chậm nhất ngày {rule.day:02} {_month_words(rule)}{grace}"


def _month_words(rule: DueRule) -> str:
    if rule.period == "year":
        month = _A_YEAR + rule.offset
        return f"tháng {month} hằng năm" if month <= _A_YEAR else f"tháng {month - _A_YEAR} năm sau"
    if rule.period == "month":
        return {-1: "của tháng trước", 0: "hằng tháng", 1: "của tháng sau"}[rule.offset]
    name = {"quarter": "quý", "half_year": "kỳ 6 tháng"}[rule.period]
    where = {-1: "tháng liền trước tháng cuối", 0: "tháng cuối", 1: "tháng đầu sau khi hết"}[rule.offset]
    return f"của {where} {name}"


def _periods(rule: DueRule, first: int, last: int) -> Iterator[Period]:
    """Yield the calendar periods of the years from `first` to `last`, in order."""
    months = MONTHS[rule.period]
    for year in range(first, last + 1):
        for number in range(_A_YEAR // months):
            start = dt.date(year, number * months + 1, 1)
            end = start + relativedelta(months=months, days=-1)
            part = {1: f"-{start:%m}", 3: f"-Q{number + 1}", 6: f"-H{number + 1}", 12: ""}[months]
            yield Period(start, end, f"{year}{part}")
