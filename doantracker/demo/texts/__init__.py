"""The plans of the demo province as they were issued, written for it alone.

Marks in braces become dates: `{ngay:-9}` nine days before today, `{ngay:0-30}` thirty days before the plan was issued,
`{ngay:0}` the day of issue in words, `{thang:+2}` the month after next, `{nam:0-1}` the year before that of issue,
`{nam:+60}` the year in sixty days.
"""

import datetime as dt
import re
from pathlib import Path

from dateutil.relativedelta import relativedelta

_MARK = re.compile(r"\{(ngay|thang|nam):(0?)([+-]\d+)?\}")
_FIRST_MONTHS_WITH_ZERO = 2  # as the Union writes dates: "09 tháng 02", but "09 tháng 3"


def fill(name: str, *, today: dt.date, issued_on: dt.date) -> str:
    """Return the text `name` with its marks filled in."""

    def value(mark: re.Match[str]) -> str:
        what, from_issue, shift = mark[1], bool(mark[2]), int(mark[3] or 0)
        base = issued_on if from_issue else today
        if what == "thang":
            return f"{base + relativedelta(months=shift):%m/%Y}"
        if what == "nam":
            return str(base.year + shift if from_issue else (base + dt.timedelta(days=shift)).year)
        if from_issue and not shift:
            return in_words(base)
        day = base + dt.timedelta(days=shift)
        return f"ngày {day:%d/%m/%Y}"

    return _MARK.sub(value, (Path(__file__).parent / name).read_text(encoding="utf-8"))


def in_words(day: dt.date) -> str:
    """Return a date as it stands at the head of a document."""
    month = f"{day.month:02}" if day.month <= _FIRST_MONTHS_WITH_ZERO else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
