"""Quarters of a year, and by when trips of one are registered. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

QUARTERS: Final = (1, 2, 3, 4)
_MONTHS: Final = 3


def quarter_of(day: dt.date) -> int:
    """Return the quarter in which a day lies."""
    return (day.month + _MONTHS - 1) // _MONTHS


def first_day(year: int, quarter: int) -> dt.date:
    """Return the day on which a quarter begins."""
    return dt.date(year, _MONTHS * (quarter - 1) + 1, 1)


def following(day: dt.date) -> tuple[int, int]:
    """Return year and quarter of the quarter after that of `day`."""
    quarter = quarter_of(day)
    return (day.year + 1, 1) if quarter == QUARTERS[-1] else (day.year, quarter + 1)


def register_by(year: int, quarter: int, ahead: int) -> dt.date:
    """Return the last day for registering trips of a quarter: so many days before its first day, at least one."""
    return first_day(year, quarter) - dt.timedelta(days=max(ahead, 1))
