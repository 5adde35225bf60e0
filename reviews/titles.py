"""What meetings, work programmes and papers are called. Pure.

These names stand in official papers, which are Vietnamese whatever the language of the page.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from units.models import Post

BODIES: Final[dict[str, str]] = {
    Post.Body.STANDING_COMMITTEE: "Ban Thường vụ",
    Post.Body.PERMANENT_MEMBERS: "Thường trực",
    Post.Body.EXECUTIVE_COMMITTEE: "Ban Chấp hành",
}
_MEETINGS: Final[dict[str, str]] = {
    Post.Body.STANDING_COMMITTEE: "Phiên họp",
    Post.Body.PERMANENT_MEMBERS: "Kỳ họp",
    Post.Body.EXECUTIVE_COMMITTEE: "Hội nghị",
}


def meeting_title(body: str, day: dt.date | None) -> str:
    """Return what a regular meeting is called: "Phiên họp Ban Thường vụ tháng 3/2026"."""
    name = f"{_MEETINGS[body]} {BODIES[body]}"
    return f"{name} tháng {day.month}/{day.year}" if day else name


def programme_title(body: str, unit: str, year: int) -> str:
    """Return what the work programme of a body of `unit` is called."""
    return f"Chương trình công tác năm {year} của {BODIES[body]} {unit}"


def paper_text(item: str, meeting: str) -> str:
    """Return what the unit that presents an item owes."""
    return f"Tài liệu trình {meeting}: {item}"


def paper_phrase(days: int) -> str:
    """Return when a paper is owed, as a plan would word it."""
    return f"trước phiên họp {days} ngày" if days else "trong ngày họp"


def self_score_text(body: str, month: dt.date) -> str:
    """Return what the unit owes for the monthly evaluation of a body; it names nobody."""
    return f"Tự chấm điểm tháng {month.month}/{month.year} của các ủy viên {BODIES[body]}"


def evaluation_group(year: int) -> str:
    """Return under which heading of the work programme that stands."""
    return f"Đánh giá ủy viên hằng tháng năm {year}"
