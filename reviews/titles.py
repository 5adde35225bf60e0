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


def contribution_text(title: str) -> str:
    """Return what a unit owes that is asked for contributions."""
    return f"Góp ý kiến theo đợt lấy ý kiến: {title}"


def self_review_text(title: str) -> str:
    """Return what is owed before the review meeting."""
    return f"Tiếp thu ý kiến, hoàn thành báo cáo kiểm điểm của tập thể, cá nhân: {title}"


def reply_text(title: str) -> str:
    """Return what is owed at the end of a feedback round."""
    return f"Báo cáo kết quả kiểm điểm, thông báo tiếp thu ý kiến góp ý: {title}"


def review_meeting_title(year: int) -> str:
    """Return what the meeting is called in which a body reviews itself."""
    return f"Hội nghị kiểm điểm tự phê bình và phê bình năm {year}"


def until_phrase(day: dt.date) -> str:
    """Return by when something is owed, as a plan would word it."""
    return f"chậm nhất ngày {day:%d/%m/%Y}"
