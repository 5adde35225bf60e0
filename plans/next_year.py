"""A plan's days, rules and words a year, or several, on. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import replace

from plans.rules import parse_rule

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def moved_day(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years on; the last day of a month stays the last day of that month."""
    year = day.year + years
    longest = calendar.monthrange(year, day.month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, day.month, longest if is_last else day.day)


def moved_or_none(day: dt.date | None, years: int) -> dt.date | None:
    """Return the day so many years on, nothing for none."""
    return moved_day(day, years) if day else None


def whole_years(first: dt.date, last: dt.date) -> int:
    """Return how many whole years lie from a first to a last day, both counted."""
    after = last + dt.timedelta(days=1)
    return after.year - first.year - ((after.month, after.day) < (first.month, first.day))


def moved_rule(rule: str, years: int) -> str:
    """Return a stored rule with its last days, left out days and added days so many years on; the series stays."""
    if not rule:
        return ""
    parsed = parse_rule(rule)
    lines = tuple(replace(line, until=moved_or_none(line.until, years)) for line in parsed.lines)
    without, besides = (tuple(moved_day(d, years) for d in days) for days in (parsed.without, parsed.besides))
    return str(replace(parsed, lines=lines, without=without, besides=besides))


def years_named(text: str, *, before: int) -> list[int]:
    """Return the years before `before` that a text names, each once, in order."""
    return sorted({int(found) for found in _YEAR.findall(text) if int(found) < before})


def with_years(text: str, *, first: int, last: int, years: int) -> str:
    """Return a text whose years from `first` to `last` are so many years on; others stay as they are."""

    def later(found: re.Match[str]) -> str:
        year = int(found[0])
        return str(year + years) if first <= year <= last else found[0]

    return _YEAR.sub(later, text)
