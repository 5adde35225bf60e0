"""Points of the calendar as Vietnamese writes them: day, month, quarter, year, with parts left out. Pure.

All expressions work on text in `words.plain` form.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache

_NUMBER_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười một": 11, "mười hai": 12,
}  # fmt: skip
_MONTH_WORD = r"mười hai|mười một|mười|một|hai|ba|tư|năm(?! \d{4})|sáu|bảy|tám|chín"
_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}
YEAR = r"(?:19|20)\d{2}"
_YEAR_TAIL = rf"(?:\s?[/.-]\s?{YEAR}\b|,?\s(?:của\s)?năm\s{YEAR}\b)"
_MONTH = rf"(?:1[0-2]|0?[1-9]|{_MONTH_WORD})"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_ROMAN = r"(?:iv|i{1,3}|0?[1-4])\b"

_SHORT_YEAR = r"[1-4]\d\b(?!\s?[/.]\s?\d)"  # 30/6/25

DATE = (
    rf"(?:{_DAY}\s?[/.-]\s?(?:1[0-2]|0?[1-9])\s?[/.-]\s?{YEAR}\b|{_DAY}/(?:1[0-2]|0?[1-9])/{_SHORT_YEAR}"
    rf"|{_DAY}\stháng\s{_MONTH}\b(?:{_YEAR_TAIL})?"
    rf"|{_DAY}\s?/\s?(?:1[0-2]|0?[1-9])\b(?!\s?[/.]\s?\d)(?:,?\snăm\s{YEAR}\b)?)"
)
MONTH = rf"(?:tháng\s{_MONTH}\b(?!\s?(?:ngày|tuần)\b)(?:{_YEAR_TAIL})?)"
QUARTER = rf"(?:qu[ýí]\s{_ROMAN}(?:{_YEAR_TAIL})?)"
YEAR_POINT = rf"(?:năm\s{YEAR}\b)"
WEEKDAY = r"(?:(?:sáng|chiều|tối)\s)?(?:\(?thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])\)?,?\s|chủ nhật,?\s)?"
CLOCK = r"(?:\d{1,2}\s?(?:giờ|h|g)(?:\s?\d{1,2})?(?:\s?phút)?['’′]?)"

_DATE_NUMERIC = re.compile(
    rf"({_DAY})\s?[/.-]\s?(1[0-2]|0?[1-9])(?:\s?[/.-]\s?({YEAR})|,?\snăm\s({YEAR})|/({_SHORT_YEAR}))?"
)
_DATE_WORDS = re.compile(rf"({_DAY})\stháng\s({_MONTH})\b(?:(?:\s?[/.-]\s?|,?\s(?:của\s)?năm\s)({YEAR}))?")
_MONTH_PARTS = re.compile(rf"(?:tháng\s)?({_MONTH})\b(?:(?:\s?[/.-]\s?|,?\s(?:của\s)?năm\s)({YEAR}))?")
_QUARTER_PARTS = re.compile(rf"(?:qu[ýí]\s)?({_ROMAN})(?:(?:\s?[/.-]\s?|,?\s(?:của\s)?năm\s)({YEAR}))?")
_YEAR_PARTS = re.compile(rf"(?:năm\s)?({YEAR})")
_QUARTER_MONTHS = 3
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A day, month, quarter or year; parts the text leaves out are None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None

    @property
    def precision(self) -> str:
        """Return "day", "month", "quarter" or "year"."""
        if self.day:
            return "day"
        if self.month:
            return "month"
        return "quarter" if self.quarter else "year"

    def in_year(self, year: int | None) -> Point:
        """Return the point with `year` where it has none."""
        return self if self.year else replace(self, year=year)

    def first(self) -> dt.date | None:
        """Return the first day of the point, None if it is incomplete or no date (31/02)."""
        if not self.year:
            return None
        month = self.month or ((self.quarter - 1) * _QUARTER_MONTHS + 1 if self.quarter else 1)
        return _date(self.year, month, self.day or 1)

    def last(self) -> dt.date | None:
        """Return the last day of the point, None if it is incomplete or no date."""
        if not self.year:
            return None
        if self.day:
            return _date(self.year, self.month or 1, self.day)
        month = self.month or (self.quarter * _QUARTER_MONTHS if self.quarter else 12)
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month_number(text: str) -> int:
    return _NUMBER_WORDS.get(text) or int(text)


@lru_cache(maxsize=1024)
def read_point(text: str) -> Point | None:
    """Return the point `text` names ("ngày 5/3", "tháng 3/2025", "quý ii", "năm 2025", "2025"), None for others."""
    words = text.strip()
    if words.startswith("ngày"):
        words = words[4:].strip()
    if words.startswith("qu"):
        match = _QUARTER_PARTS.match(words)
        return Point(_int(match[2]), quarter=_QUARTER[match[1]]) if match else None
    if match := _YEAR_PARTS.fullmatch(words):
        return Point(int(match[1]))
    if match := _DATE_WORDS.match(words):
        return Point(_int(match[3]), _month_number(match[2]), int(match[1]))
    if words.startswith("tháng"):
        match = _MONTH_PARTS.match(words)
        return Point(_int(match[2]), _month_number(match[1])) if match else None
    if match := _DATE_NUMERIC.match(words):
        year = _int(match[3] or match[4]) or (2000 + int(match[5]) if match[5] else None)
        return Point(year, int(match[2]), int(match[1]))
    return None


def _int(text: str | None) -> int | None:
    return int(text) if text else None
