"""Commendation proposals of this year in the demo province: one granted, one passed on, one just made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from doantracker.demo.plans import moment
from doantracker.lib import clock
from reviews.actions.commendations import grant, pass_on, propose
from reviews.models import CommendationProposal
from units.models import Unit, User


def propose_commendations(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play three proposals: of a district, of a commune and for a person of a commune."""
    since = today - dt.timedelta(days=25)
    district, commune, province = units["LG-SB"], units["LG-SB-AH"], units["LG"]
    best = {"award": "Bằng khen", "merits": "Hoàn thành sớm các chỉ tiêu công trình thanh niên; có hai mô hình hay."}
    first = _proposed(district, logins["bithu"], on=since, unit=district, level=province, **best)
    with clock.stopped_at(moment(since + dt.timedelta(days=10), 10)):
        signed = since + dt.timedelta(days=9)
        grant(proposal=first, by=logins["lanhdao"], version=1, number="41-QĐ/TĐTN-VP", day=signed)
    steady = {"award": "Giấy khen", "merits": "Duy trì sinh hoạt chi đoàn đúng định kỳ, kết nạp nhiều đoàn viên mới."}
    second = _proposed(commune, logins["xa"], on=since, unit=commune, level=province, **steady)
    with clock.stopped_at(moment(since + dt.timedelta(days=5), 9)):
        pass_on(proposal=second, by=logins["bithu"], version=1)
    person = {"award": "Biểu dương", "merits": "Nhiều năm phụ trách câu lạc bộ tình nguyện.", "person": "Đặng Thị Lúa"}
    _proposed(commune, logins["xa"], on=today - dt.timedelta(days=3), unit=commune, level=district, **person)


def _proposed(proposing: Unit, by: User, *, on: dt.date, **values: Any) -> CommendationProposal:
    with clock.stopped_at(moment(on, 9)):
        return propose(unit=proposing, values={"year": on.year, "person": "", **values}, by=by)
