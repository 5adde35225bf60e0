"""Pledges of this year in the demo province: accepted, handed in, returned; most heads have handed in none yet."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from reviews.actions.pledges import accept_pledge, hand_in_pledge, return_pledge
from units.models import Appointment, User

#: Login, what is pledged, what the leader answered: nothing yet, "" accepted, else the reason it came back with.
PLEDGES: Final = (
    ("bithu", "Mỗi tháng dự sinh hoạt với hai chi đoàn; trả lời kiến nghị của cơ sở trong năm ngày làm việc.", ""),
    ("xa", "Duy trì sinh hoạt chi đoàn đúng định kỳ; nêu gương trong học tập, rèn luyện và tu dưỡng đạo đức.", None),
    ("ban", "Đổi mới nội dung các phong trào, giảm hội họp.", "Chưa nêu việc cụ thể và thời hạn; đề nghị bổ sung."),
)  # fmt: skip


def make_pledges(*, logins: dict[str, User], today: dt.date) -> None:
    """Hand in a few pledges some weeks ago and decide about two of them."""
    since = today - dt.timedelta(days=30)  # in January: in the December before, for the year to come
    for login, text, answer in PLEDGES:
        head = Appointment.objects.in_force(today).filter(user=logins[login]).order_by("post__rank")[0]
        with clock.stopped_at(moment(since, 9)):
            made = hand_in_pledge(appointment=head, year=today.year, by=logins[login], text=text)
        if answer is None:
            continue
        with clock.stopped_at(moment(since, 15)):
            if answer:
                return_pledge(pledge=made, by=logins["lanhdao"], version=made.version, reason=answer)
            else:
                accept_pledge(pledge=made, by=logins["lanhdao"], version=made.version)
