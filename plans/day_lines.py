"""Days of the working calendar as a clerk writes them: "31/08/2026 nghỉ bù Quốc khánh". Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from doantracker.lib.text import nfc, search_key
from doantracker.lib.working_days import SATURDAY

OFF, WORKING = "off", "working"  # as `CalendarDay.Kind`
LONGEST_NAME = 120
LONGEST_RANGE = 31  # days of one line: Tết is nine at most
MOST_LINES = 100
_DAY = r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:-|–|đến|to)\s*{_DAY})?\s*[:,;–-]?\s*(.*)")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One special day: `kind` is "off" or "working" (a weekend day worked in exchange), with the name it has."""

    day: dt.date
    kind: str
    name: str


class BadLine(ValueError):  # noqa: N818  # it is an answer, not a fault
    """A line that can't be read: its number from 1, and its words."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(f"{number}: {words}")
        self.number, self.words = number, words[:80]


def read_day_lines(text: str, *, off: str, worked: str) -> list[DayLine]:
    """Return the days of a text, one or a range a line; `off` and `worked` name those without a name of their own.

    "làm", "đi làm" make a day worked in exchange, "nghỉ" a day off; without such a word a weekend day is worked.
    Raises `BadLine` for the first line that is no day.
    """
    found: dict[dt.date, DayLine] = {}
    for number, line in enumerate(nfc(text).splitlines(), start=1):
        words = " ".join(line.split())
        if not words:
            continue
        match = _LINE.fullmatch(words)
        days = _days(match) if match else []
        if match is None or not days or number > MOST_LINES:
            raise BadLine(number, words)
        for day in days:
            kind = _kind(match[7], day)
            name = match[7].strip() or (off if kind == OFF else worked)
            found[day] = DayLine(day, kind, name[:LONGEST_NAME])
    return list(found.values())


def _days(match: re.Match[str]) -> list[dt.date]:
    """Return the days from the first to the last one named; none where one is no day or the range is a slip."""
    try:
        first = dt.date(int(match[3]), int(match[2]), int(match[1]))
        last = dt.date(int(match[6]), int(match[5]), int(match[4])) if match[6] else first
    except ValueError:
        return []
    span = (last - first).days + 1
    return [first + dt.timedelta(days=n) for n in range(span)] if 1 <= span <= LONGEST_RANGE else []


def _kind(words: str, day: dt.date) -> str:
    folded = search_key(words)
    if re.match(r"(?:di )?lam\b|work", folded):
        return WORKING
    if re.match(r"nghi\b|off\b|holiday", folded):
        return OFF
    return WORKING if day.weekday() >= SATURDAY and not words else OFF
