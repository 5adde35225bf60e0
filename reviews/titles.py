"""What meetings, work programmes and papers are called. Pure.

These names stand in official papers, which are Vietnamese whatever the language of the page.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from reviews.report_periods import Period, period_words
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


def report_text(name: str, body: str, unit: str, via: str) -> str:
    """Return what a unit owes by a kind of report: "Báo cáo tháng, gửi Ban Thường vụ … qua Văn phòng"."""
    through = f" qua {via}" if via else ""
    return f"{name}, gửi {BODIES[body]} {unit}{through}"


#: The heading in a work programme under which reports are owed.
REPORTS_GROUP: Final = "Báo cáo định kỳ"


def period_title(name: str, period: Period) -> str:
    """Return what the report of one period is called."""
    return f"{name} – {period_words(period)}"


#: What stands in the register when a unit has answered a survey.
SURVEY_ANSWERED: Final = "Đã trả lời khảo sát trên hệ thống."


def survey_answer_text(title: str) -> str:
    """Return what units surveyed owe."""
    return f"Trả lời khảo sát: {title}"


def survey_report_text(title: str) -> str:
    """Return what who conducts a survey owes once it is finished."""
    return f"Báo cáo chuyên đề kết quả khảo sát: {title}"


def trip_days(first: dt.date, last: dt.date) -> str:
    """Return the days of a trip as papers write them."""
    return f"ngày {first:%d/%m/%Y}" if first == last else f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


TRIPS_GROUP: Final = "Đi cơ sở"


def brief_text(first: dt.date, last: dt.date) -> str:
    """Return what is owed before a trip."""
    return f"Chuẩn bị nội dung chuyến đi cơ sở {trip_days(first, last)}"


def trip_report_text(first: dt.date, last: dt.date, body: str) -> str:
    """Return what is owed after a trip, to which body."""
    return f"Báo cáo {BODIES[body]} kết quả chuyến đi cơ sở {trip_days(first, last)}"


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
INSPECTION_REPORTS_GROUP: Final = "Báo cáo kết quả kiểm tra, giám sát"


def self_score_text(body: str, month: dt.date) -> str:
    """Return what the unit owes for the monthly evaluation of a body; it names nobody."""
    return f"Tự chấm điểm tháng {month.month}/{month.year} của các ủy viên {BODIES[body]}"


def evaluation_group(year: int) -> str:
    """Return under which heading of the work programme that stands."""
    return f"Đánh giá ủy viên hằng tháng năm {year}"


def contribution_text(title: str) -> str:
    """Return what a unit owes that is asked for contributions."""
    return f"Góp ý kiến theo đợt lấy ý kiến: {title}"


def self_review_text(title: str) -> str:
    """Return what is owed before the review meeting."""
    return f"Tiếp thu ý kiến, hoàn thành báo cáo kiểm điểm của tập thể, cá nhân: {title}"


def reply_text(title: str) -> str:
    """Return what is owed at the end of a feedback round."""
    return f"Báo cáo kết quả kiểm điểm, thông báo tiếp thu ý kiến góp ý: {title}"


def review_meeting_title(year: int, title: str) -> str:
    """Return what the meeting is called in which a body reviews itself after the feedback round of this title."""
    return f"Hội nghị kiểm điểm tự phê bình và phê bình năm {year} – {title}"[:300]


def until_phrase(day: dt.date) -> str:
    """Return by when something is owed, as a plan would word it."""
    return f"chậm nhất ngày {day:%d/%m/%Y}"
