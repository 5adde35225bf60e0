"""Two meetings of the standing committee of the demo province: one held, with two decisions, and the next one."""

from __future__ import annotations

import datetime as dt

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.calendars import working_calendar
from reviews.actions.agenda import add_item, add_proposed
from reviews.actions.decisions import decide
from reviews.actions.meetings import plan_meeting
from reviews.actions.minutes import hold_meeting
from reviews.bodies import members_of
from reviews.models import Meeting
from reviews.proposals import chosen, proposals_of
from units.models import Post, Unit, User

BODY = Post.Body.STANDING_COMMITTEE
MINUTES = (
    "Ban Thường vụ nghe Văn phòng báo cáo kết quả tháng, Ban Phong trào trình đề án mô hình thanh niên khởi nghiệp.\n"
    "Các đồng chí thảo luận, thống nhất hai nội dung giao thực hiện."
)
PICKED = 3


def hold_meetings(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play the meetings: the last one is recorded, the next one has an agenda with a paper that is owed."""
    calendar = working_calendar()
    met_on = calendar.working_day_before(today - dt.timedelta(days=20))
    next_on = calendar.working_day(today + dt.timedelta(days=10))
    last, following = (_planned(units, logins, day, on=met_on - dt.timedelta(days=15)) for day in (met_on, next_on))
    _agenda(last, units, logins, on=met_on - dt.timedelta(days=10))
    _record(last, following, units, logins, on=met_on)
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 10)):
        office = logins["vanphong"]
        values = {"title": "Đề án mô hình điểm thanh niên khởi nghiệp", "presenter_unit": units["LG-PT"]}
        add_item(meeting=following, values=values, by=office, paper_days=3)
        proposed = [p.pk for p in proposals_of(following, user=office)][:PICKED]
        words = "Xem xét đề nghị gia hạn và khó khăn, kiến nghị của các đơn vị"
        rows = chosen(following, proposed, user=office)
        add_proposed(meeting=following, deadlines=rows, requests=words, by=office)


def _planned(units: dict[str, Unit], logins: dict[str, User], day: dt.date, *, on: dt.date) -> Meeting:
    values = {"starts_at": dt.time(8), "place": "Phòng họp số 1, Tỉnh đoàn", "chair": logins["lanhdao"]}
    with clock.stopped_at(moment(on, 9)):
        return plan_meeting(unit=units["LG"], body=BODY, day=day, values=values, by=logins["vanphong"])


def _agenda(meeting: Meeting, units: dict[str, Unit], logins: dict[str, User], *, on: dt.date) -> None:
    with clock.stopped_at(moment(on, 10)):
        for title, code in (("Kết quả công tác tháng", "LG-VP"), ("Mô hình thanh niên khởi nghiệp", "LG-PT")):
            values = {"title": title, "presenter_unit": units[code]}
            add_item(meeting=meeting, values=values, by=logins["vanphong"])


def _record(
    meeting: Meeting, following: Meeting, units: dict[str, Unit], logins: dict[str, User], *, on: dt.date
) -> None:
    """Record who was there and what was decided, one decision due at the next meeting."""
    with clock.stopped_at(moment(on, 16)):
        others = [person for person in members_of(units["LG"], BODY, on) if person != meeting.chair]
        absent = {person.pk: "Dự hội nghị của Trung ương Đoàn" for person in others[:1]}
        hold_meeting(meeting=meeting, by=logins["vanphong"], absent=absent, minutes=MINUTES, symbol="03-BB/TĐTN-VP")
        first, second = meeting.items.all()
        decide(
            meeting=meeting,
            item=second,
            text="Hoàn thiện đề án mô hình điểm thanh niên khởi nghiệp, trình phiên họp Ban Thường vụ kế tiếp.",
            lead_unit=units["LG-PT"],
            supporting_units=[units["LG-VP"]],
            overseer=logins["lanhdao"],
            until=following,
            by=logins["lanhdao"],
        )
        decide(
            meeting=meeting,
            item=first,
            text="Rà soát các đơn vị gửi báo cáo chậm, tham mưu văn bản chấn chỉnh.",
            lead_unit=units["LG-VP"],
            due=on + dt.timedelta(days=45),
            by=logins["lanhdao"],
        )
