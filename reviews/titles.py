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


def inspection_programme_title(unit: str, year: int) -> str:
    """Return what the inspection programme of `unit` is called."""
    return f"Chương trình kiểm tra, giám sát năm {year} của {unit}"


def visit_title(inspection: str, unit: str) -> str:
    """Return what the plan is called in which a unit owes what concerns its visit."""
    return f"{inspection} – {unit}"


def visit_event(unit: str, inspection: str) -> str:
    """Return what the day of a visit is called."""
    return f"Đoàn kiểm tra làm việc với {unit}: {inspection}"[:300]


def preparation_text(inspection: str, wanted: list[str]) -> str:
    """Return what a unit that is visited owes before."""
    listed = "".join(f"\n- {line}" for line in wanted)
    return f"Chuẩn bị phục vụ {inspection}{':' if wanted else '.'}{listed}"


def preparation_phrase(days: int) -> str:
    """Return when it is owed, as a plan would word it."""
    return f"trước ngày đoàn làm việc {days} ngày" if days else "trong ngày đoàn làm việc"


def inspection_report_text(body: str, inspection: str) -> str:
    """Return what the unit that advises owes after an inspection."""
    return f"Báo cáo {BODIES[body]} kết quả {inspection}"


#: Headings under which such work stands in its plan.
PREPARATION_GROUP: Final = "Chuẩn bị làm việc với đoàn"
CONCLUSIONS_GROUP: Final = "Thực hiện kết luận"
REPORTS_GROUP: Final = "Báo cáo kết quả kiểm tra, giám sát"
