"""Rules of recurrence as a person states them: how often, on which day. Pure.

`parts_of` takes a stored rule (RFC 5545) apart, `rule_of` puts it together again; a rule that no form can state has
no parts and stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DAILY, WEEKLY, FORTNIGHTLY = "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"
MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY = (
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=3",
    "FREQ=MONTHLY;INTERVAL=6",
    "FREQ=YEARLY",
)
#: Months of a period of which one can be named.
SPAN: Final[dict[str, int]] = {QUARTERLY: 3, HALF_YEARLY: 6}
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_DATES = 6  # dates of a year that one commitment names
_A_YEAR = 12
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})")
_BETWEEN_DATES = re.compile(r"\s*(?:[,;]|\bvà\b|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Parts:
    """How often (`every`, one of the rules above) and on which day; 0 or "": the last day, or any.

    `month` counts from 1 in its quarter or half-year. `dates` are (day, month) of a year.
    """

    every: str
    weekday: str = ""
    day: int = 0
    month: int = 0
    dates: tuple[tuple[int, int], ...] = ()


def parts_of(rule: str) -> Parts | None:
    """Return what a person chose to get `rule`, None for a rule of another form."""
    lines = [line.removeprefix("RRULE:") for line in rule.split("\n") if line.strip()]
    read = [_line(line) for line in lines]
    if not read or None in read:
        return None
    parts = [p for p in read if p]
    if len(parts) == 1:
        return parts[0]
    dates = tuple(d for p in parts for d in p.dates)
    return Parts(YEARLY, dates=dates) if all(p.every == YEARLY and p.dates for p in parts) else None


def rule_of(parts: Parts) -> str:
    """Return the stored rule that says what `parts` says."""
    if parts.every in {WEEKLY, FORTNIGHTLY}:
        return f"{parts.every};BYDAY={parts.weekday}" if parts.weekday else parts.every
    if parts.every == MONTHLY:
        return f"{MONTHLY};BYMONTHDAY={parts.day}" if parts.day else MONTHLY
    if parts.every in SPAN:
        return _in_span(parts, SPAN[parts.every])
    if parts.every == YEARLY and parts.dates:
        return _on_dates(parts.dates)
    return parts.every


def read_dates(text: str) -> tuple[tuple[int, int], ...]:
    """Return the (day, month) pairs written in `text` ("15/6, 20/11"), in the order of the year.

    Raises `ValueError` with the words that are no date of a year.
    """
    dates = []
    for words in _BETWEEN_DATES.split(text.strip()):
        found = _DATE.fullmatch(words.strip())
        day, month = (int(found[1]), int(found[2])) if found else (0, 0)
        if not (1 <= month <= _A_YEAR and 1 <= day <= _LONGEST[month - 1]):
            raise ValueError(words)
        dates.append((day, month))
    return tuple(sorted(set(dates), key=lambda d: (d[1], d[0])))


def written_dates(dates: tuple[tuple[int, int], ...]) -> str:
    """Return dates of a year as a person writes them."""
    return ", ".join(f"{day}/{month}" for day, month in dates)


def _line(rule: str) -> Parts | None:
    given = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    every = ";".join(f"{name}={given.pop(name)}" for name in ("FREQ", "INTERVAL") if name in given)
    weekday, day, months = (given.pop(name, "") for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"))
    if given or not re.fullmatch(r"-1|\d{0,2}", day) or not re.fullmatch(r"[\d,]{0,40}", months):
        return None
    number = 0 if day in {"", "-1"} else int(day)
    if every in {WEEKLY, FORTNIGHTLY} and not day and not months:
        return Parts(every, weekday=weekday) if weekday in {"", *WEEKDAYS} else None
    if weekday:
        return None
    if not months:
        plain = every in {DAILY, QUARTERLY, HALF_YEARLY, YEARLY} and (not day or (day == "-1" and every != DAILY))
        return Parts(every, day=number) if plain or every == MONTHLY else None
    return _of_months(every, [int(m) for m in months.split(",") if m], number, day)


def _of_months(every: str, months: list[int], number: int, day: str) -> Parts | None:
    """Return the parts of a rule that names its months: one of each quarter or half-year, or dates of a year."""
    if not day or not months:
        return None
    for kind, span in SPAN.items():
        if every == MONTHLY and months == list(range(months[0], _A_YEAR + 1, span)) and months[0] <= span:
            return Parts(kind, day=number, month=months[0])
    if every == YEARLY and all(1 <= m <= _A_YEAR for m in months):
        return Parts(YEARLY, dates=tuple((number or _LONGEST[m - 1], m) for m in months))
    return None


def _in_span(parts: Parts, span: int) -> str:
    month = parts.month or span
    if month == span and not parts.day:
        return parts.every
    months = ",".join(str(m) for m in range(month, _A_YEAR + 1, span))
    return f"{MONTHLY};BYMONTH={months};BYMONTHDAY={parts.day or -1}"


def _on_dates(dates: tuple[tuple[int, int], ...]) -> str:
    """Return one rule for dates on one day of several months, else one line for each day of the month."""
    days = list(dict.fromkeys(day for day, _month in dates))
    lines = [f"{YEARLY};BYMONTH={','.join(str(m) for d, m in dates if d == day)};BYMONTHDAY={day}" for day in days]
    return lines[0] if len(lines) == 1 else "\n".join(f"RRULE:{line}" for line in lines)
