"""Rules of recurrence (RFC 5545), as stored and as a person states them. Pure.

A stored rule is one line, or several: each `RRULE` line a series of its own, `EXDATE` days that are left out, `RDATE`
days besides. `parse_rule` takes it apart line by line and refuses what no calendar here follows. `stated` says what a
person chose to get a rule, `rule_from` puts it together again; what no form can state stays as it is written.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import StrEnum
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
WORKDAYS: Final = "MO,TU,WE,TH,FR"
#: The last of Monday to Friday in a period.
LAST_WORKDAY: Final = f"BYDAY={WORKDAYS};BYSETPOS=-1"
MOST_DATES = 6  # dates of a year that one commitment names
MOST_LINES = 6  # series of one commitment
MOST_DAYS = 60  # days left out, or added
MOST_TIMES = 1000
LONGEST_RULE = 1000  # characters, as the column
_A_YEAR = 12
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})")
_FULL_DATE = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})")
_BETWEEN_DATES = re.compile(r"\s*(?:[,;\n]|\bvà\b|\band\b)\s*")


class Problem(StrEnum):
    """Why a rule is refused."""

    EMPTY = "empty"
    LINE = "line"
    PART = "part"
    TWICE = "twice"
    FREQUENCY = "frequency"
    VALUE = "value"
    TOGETHER = "together"
    MANY = "many"
    LONG = "long"
    NEVER = "never"


class BadRule(ValueError):  # noqa: N818  # it is an answer, not a fault
    """A rule that can't be followed: why, and the part that is wrong. `plans.sentences.why_bad` says it in words."""

    def __init__(self, problem: Problem, part: str = "") -> None:
        super().__init__(f"{problem}: {part}")
        self.problem, self.part = problem, part[:60]


# --- a stored rule ---


@dataclass(frozen=True, slots=True)
class Line:
    """One series: what recurs (`base`, RFC 5545 without an end), and its end: so many `times`, or `until` a day."""

    base: str
    times: int = 0
    until: dt.date | None = None

    def __str__(self) -> str:
        until = f";UNTIL={self.until:%Y%m%d}" if self.until else ""
        return self.base + (f";COUNT={self.times}" if self.times else "") + until


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule: its series in order, days left out, days besides."""

    lines: tuple[Line, ...] = ()
    without: tuple[dt.date, ...] = ()
    besides: tuple[dt.date, ...] = ()

    def __str__(self) -> str:
        lines = [str(line) for line in self.lines]
        if len(lines) > 1 or self.without or self.besides:
            lines = [f"RRULE:{line}" for line in lines]
        days = (("EXDATE", self.without), ("RDATE", self.besides))
        lines += [f"{name}:{','.join(f'{d:%Y%m%d}' for d in given)}" for name, given in days if given]
        return "\n".join(lines)


def parse_rule(text: str) -> Rule:
    """Return a rule as it is stored or typed, without what says nothing; raise `BadRule` for one not understood."""
    if len(text) > LONGEST_RULE:
        raise BadRule(Problem.LONG)
    lines: list[Line] = []
    days: dict[str, set[dt.date]] = {"EXDATE": set(), "RDATE": set()}
    for written in text.upper().split("\n"):
        name, values = _head(written.strip())
        if name == "RRULE":
            lines.append(_read_line(values))
        elif name:
            days[name] |= {_read_day(day) for day in values.split(",")}
    if not lines and not days["RDATE"]:
        raise BadRule(Problem.EMPTY)
    if len(lines) > MOST_LINES or max(len(given) for given in days.values()) > MOST_DAYS:
        raise BadRule(Problem.MANY)
    return Rule(tuple(dict.fromkeys(lines)), tuple(sorted(days["EXDATE"])), tuple(sorted(days["RDATE"])))


def _head(line: str) -> tuple[str, str]:
    """Return the name of a line and what it says; a line without a name is a series."""
    if not line or line.startswith("FREQ="):
        return ("RRULE" if line else ""), line
    name, colon, values = line.partition(":")
    name = name.removesuffix(";VALUE=DATE")
    if not colon or name not in {"RRULE", "EXDATE", "RDATE"}:
        raise BadRule(Problem.LINE, line)
    return name, values


def _read_day(text: str) -> dt.date:
    found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?", text.strip())
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else dt.date.fromisoformat(text.strip())
    except ValueError:
        raise BadRule(Problem.VALUE, text) from None


def _read_line(text: str) -> Line:
    given: dict[str, str] = {}
    for part in text.strip().rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not _PARTS[name].fullmatch(value):
            raise BadRule(Problem.VALUE if name in _PARTS and name != "FREQ" else _unknown(name), part)
        if name in given:
            raise BadRule(Problem.TWICE, name)
        given[name] = value
    times, until = int(given.pop("COUNT", 0)), given.pop("UNTIL", "")
    given.pop("WKST", None)
    if given.get("INTERVAL") == "1":
        del given["INTERVAL"]
    if times and until:
        raise BadRule(Problem.TOGETHER, "COUNT, UNTIL")
    _refuse_clash(given, times)
    base = ";".join(f"{name}={given[name]}" for name in _PARTS if name in given)
    return Line(base, times, _read_day(until) if until else None)


def _unknown(name: str) -> Problem:
    return Problem.FREQUENCY if name == "FREQ" else Problem.PART


_NUMBER = r"[+-]?(?:[12]?\d{1,2}|3[0-5]\d|36[0-6])"
_MONTH_DAY = r"[+-]?(?:0?[1-9]|[12]\d|3[01])"
_WEEKDAY = r"(?:[+-]?[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)"
#: Parts of a series that are followed, in the order they are stored, and what each may hold.
_PARTS: Final = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9]\d{0,2}"),
    "BYMONTH": re.compile(r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2])){0,11}"),
    "BYMONTHDAY": re.compile(rf"{_MONTH_DAY}(?:,{_MONTH_DAY}){{0,30}}"),
    "BYDAY": re.compile(rf"{_WEEKDAY}(?:,{_WEEKDAY}){{0,13}}"),
    "BYSETPOS": re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{0,9}}"),
    "COUNT": re.compile(r"[1-9]\d{0,3}"),
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
}


def _refuse_clash(given: dict[str, str], times: int) -> None:
    """Refuse parts that do not go together, and those with which a series could look for its next day for ever."""
    if "FREQ" not in given:
        raise BadRule(Problem.FREQUENCY)
    if times > MOST_TIMES:
        raise BadRule(Problem.VALUE, f"COUNT={times}")
    often = given["FREQ"]
    numbered = re.search(r"\d", given.get("BYDAY", ""))
    clashes = {
        "BYMONTHDAY": often in {"DAILY", "WEEKLY"},
        "BYDAY": bool(numbered) and often in {"DAILY", "WEEKLY"},
        "BYSETPOS": often == "DAILY" or not given.keys() & {"BYDAY", "BYMONTHDAY"} or _beyond(given),
        "INTERVAL": often == "DAILY" and bool(given.keys() & {"BYDAY", "BYMONTH"}),
    }
    for name, clash in clashes.items():
        if name in given and clash:
            raise BadRule(Problem.TOGETHER, f"{name}={given[name]}")


def _beyond(given: dict[str, str]) -> bool:
    """Return whether a place lies beyond the days there are in a week."""
    places = [abs(int(n)) for n in given.get("BYSETPOS", "1").split(",")]
    return min(places) < 1 or (given["FREQ"] == "WEEKLY" and max(places) > len(given.get("BYDAY", "").split(",")))


# --- as a person states it ---


@dataclass(frozen=True, slots=True)
class Parts:
    """How often (`every`, one of the rules above) and on which day; 0 or "": the last day, or any.

    `month` counts from 1 in its quarter or half-year. `dates` are (day, month) of a year. `workday`: the last of
    Monday to Friday in the period instead of a day.
    """

    every: str
    weekday: str = ""
    day: int = 0
    month: int = 0
    dates: tuple[tuple[int, int], ...] = ()
    workday: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """One or two series, and the days left out or added."""

    first: Parts
    second: Parts | None = None
    without: tuple[dt.date, ...] = ()
    besides: tuple[dt.date, ...] = ()


def stated(text: str) -> Stated | None:
    """Return what a person chose to get a rule, None for a rule of another form."""
    try:
        rule = parse_rule(text)
    except BadRule:
        return None
    read = [_line_parts(line) for line in rule.lines]
    if None in read:
        return None
    parts = _dates_together([p for p in read if p])
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004  # the form asks for two
        return None
    return Stated(parts[0], parts[1] if parts[1:] else None, rule.without, rule.besides)


def rule_from(given: Stated) -> str:
    """Return the stored rule that says what `given` says."""
    lines = [line for parts in (given.first, given.second) if parts for line in _lines_of(parts)]
    rule = Rule(tuple(dict.fromkeys(Line(line) for line in lines)), given.without, given.besides)
    return str(rule)


def parts_of(rule: str) -> Parts | None:
    """Return the parts of a rule that is one series, None for another."""
    found = stated(rule)
    return found.first if found and found == Stated(found.first) else None


def rule_of(parts: Parts) -> str:
    """Return the stored rule that says what `parts` says."""
    return rule_from(Stated(parts))


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


def read_days(text: str) -> tuple[dt.date, ...]:
    """Return the days written in `text` ("30/04/2026, 1/5/2026"), each once, in order.

    Raises `ValueError` with the words that are no day.
    """
    days = set()
    for words in _BETWEEN_DATES.split(text.strip()):
        found = _FULL_DATE.fullmatch(words.strip())
        try:
            days.add(dt.date(int(found[3]), int(found[2]), int(found[1])) if found else dt.date.fromisoformat(words))
        except ValueError:
            raise ValueError(words) from None
    return tuple(sorted(days))


def written_days(days: tuple[dt.date, ...]) -> str:
    """Return days as a person writes them."""
    return ", ".join(f"{day:%d/%m/%Y}" for day in days)


def _dates_together(parts: list[Parts]) -> list[Parts]:
    """Return parts with those that name dates of a year as one: a rule needs a line for each day of the month."""
    dated = [p for p in parts if p.dates]
    if len(dated) < 2:  # noqa: PLR2004  # nothing to put together
        return parts
    together = replace(dated[0], dates=tuple(d for p in dated for d in p.dates))
    rest = [p for p in parts if not p.dates]
    return [together, *rest] if parts[0].dates else [*rest, together]


def _line_parts(line: Line) -> Parts | None:
    if line.times or line.until:
        return None
    if line.base.endswith(LAST_WORKDAY):
        return _last_workday(line.base.removesuffix(LAST_WORKDAY).rstrip(";"))
    given = dict(part.split("=", 1) for part in line.base.split(";"))
    every = ";".join(f"{name}={given.pop(name)}" for name in ("FREQ", "INTERVAL") if name in given)
    weekday, day, months = (given.pop(name, "") for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"))
    if given or not re.fullmatch(r"-1|\d{0,2}", day):
        return None
    return _on_days(every, weekday, day, months)


def _on_days(every: str, weekday: str, day: str, months: str) -> Parts | None:
    """Return the parts of a series with at most a weekday, a day of the month, and months."""
    number = 0 if day in {"", "-1"} else int(day)
    if every in {WEEKLY, FORTNIGHTLY} and not day and not months:
        return Parts(every, weekday=weekday) if weekday in {"", *WEEKDAYS} else None
    if weekday:
        return None
    if not months:
        plain = every in {DAILY, QUARTERLY, HALF_YEARLY, YEARLY} and (not day or (day == "-1" and every != DAILY))
        return Parts(every, day=number) if plain or every == MONTHLY else None
    return _of_months(every, [int(m) for m in months.split(",")], number, day)


def _last_workday(rest: str) -> Parts | None:
    """Return the parts of "the last working day" of a month, quarter, half-year or year."""
    if rest == MONTHLY:
        return Parts(MONTHLY, workday=True)
    if rest == f"{YEARLY};BYMONTH=12":
        return Parts(YEARLY, workday=True)
    for every, span in SPAN.items():
        if rest == f"{MONTHLY};BYMONTH={_months(span, span)}":
            return Parts(every, workday=True)
    return None


def _of_months(every: str, months: list[int], number: int, day: str) -> Parts | None:
    """Return the parts of a rule that names its months: one of each quarter or half-year, or dates of a year."""
    if not day:
        return None
    for kind, span in SPAN.items():
        if every == MONTHLY and months == list(range(months[0], _A_YEAR + 1, span)) and months[0] <= span:
            return Parts(kind, day=number, month=months[0])
    if every == YEARLY and all(number <= _LONGEST[m - 1] for m in months):
        return Parts(YEARLY, dates=tuple((number or _LONGEST[m - 1], m) for m in months))
    return None


def _lines_of(parts: Parts) -> list[str]:
    if parts.workday and parts.every not in {DAILY, WEEKLY, FORTNIGHTLY}:
        return [_workday_line(parts.every)]
    if parts.every in {WEEKLY, FORTNIGHTLY}:
        return [f"{parts.every};BYDAY={parts.weekday}" if parts.weekday else parts.every]
    if parts.every == MONTHLY:
        return [f"{MONTHLY};BYMONTHDAY={parts.day}" if parts.day else MONTHLY]
    if parts.every in SPAN:
        return [_in_span(parts, SPAN[parts.every])]
    if parts.every == YEARLY and parts.dates:
        return _on_dates(parts.dates)
    return [parts.every]


def _workday_line(every: str) -> str:
    if every in SPAN:
        return f"{MONTHLY};BYMONTH={_months(SPAN[every], SPAN[every])};{LAST_WORKDAY}"
    return f"{every};BYMONTH=12;{LAST_WORKDAY}" if every == YEARLY else f"{every};{LAST_WORKDAY}"


def _in_span(parts: Parts, span: int) -> str:
    month = parts.month or span
    if month == span and not parts.day:
        return parts.every
    return f"{MONTHLY};BYMONTH={_months(month, span)};BYMONTHDAY={parts.day or -1}"


def _months(first: int, span: int) -> str:
    return ",".join(str(m) for m in range(first, _A_YEAR + 1, span))


def _on_dates(dates: tuple[tuple[int, int], ...]) -> list[str]:
    """Return one line for dates on one day of several months, else one for each day of the month."""
    days = list(dict.fromkeys(day for day, _month in dates))
    return [f"{YEARLY};BYMONTH={','.join(str(m) for d, m in dates if d == day)};BYMONTHDAY={day}" for day in days]
