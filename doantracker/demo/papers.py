"""Directives and provincial activities of the demo province, in every state, each act on its day in the past."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions import activities, directives
from plans.enums import DirectiveKind, Opinion
from plans.models import Activity, Directive, DirectiveRecipient, Plan
from units.models import Unit, UnitKind, User

#: Symbol, title, who drafted it, kind, issued so many days ago, days of notice, reason of urgency. No symbol: a draft.
DIRECTIVES: Final = (
    (
        "211-CV/TĐTN-PT", "V/v ra quân Ngày Chủ nhật xanh lần thứ 2", "LG-PT", DirectiveKind.LETTER, 26, 12, "",
    ),
    (
        "64-HD/TĐTN-TCKT", "Hướng dẫn đánh giá, xếp loại tổ chức Đoàn và đoàn viên", "LG-TCKT",
        DirectiveKind.GUIDANCE, 15, 20, "",
    ),
    (
        "219-CV/TĐTN-TG", "V/v góp ý dự thảo văn kiện theo yêu cầu của Trung ương Đoàn", "LG-TG",
        DirectiveKind.LETTER, 6, 3, "Văn bản gấp theo chỉ đạo của Trung ương Đoàn.",
    ),
    (
        "223-CV/TĐTN-PT", "V/v hỗ trợ thí sinh trong kỳ thi", "LG-PT", DirectiveKind.LETTER, 3, 5, "",
    ),
    ("", "V/v chuẩn bị sơ kết sáu tháng", "LG-VP", DirectiveKind.LETTER, 0, 14, ""),
)  # fmt: skip
AGREED: Final = "Đã trao đổi, thống nhất với các ban và các huyện, thị, thành đoàn."
#: Who says on the day after that it arrived: the logins that are left out find the button.
QUICK: Final = 2


def write_papers(plan: Plan, *, units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> None:
    """Write the papers of the office under `plan`."""
    for number, facts in enumerate(DIRECTIVES):
        row = _directive(facts, plan, units=units, by=logins["vanphong"], today=today)
        if row.issued_on and number < QUICK:
            _receive(row, but=set() if number == 0 else {"LG-SB"}, today=today)
    _activities(plan, units=units, logins=logins, today=today)


def _directive(
    facts: tuple[str, str, str, DirectiveKind, int, int, str],
    plan: Plan,
    *,
    units: dict[str, Unit],
    by: User,
    today: dt.date,
) -> Directive:
    symbol, title, drafter, kind, days_ago, notice, urgent = facts
    day = today - dt.timedelta(days=days_ago or 1)
    values = {"title": title, "kind": kind, "drafting_unit": units[drafter], "plan": plan, "agreed_with": AGREED}
    roll_out = day + dt.timedelta(days=notice)
    values |= {"rolls_out_on": roll_out, "urgent": bool(urgent), "urgent_reason": urgent}
    kinds = UnitKind.objects.filter(code__in=("district", "affiliated"))
    with clock.stopped_at(moment(day - dt.timedelta(days=1), 10)):
        row = directives.draft_directive(issuing_unit=units["LG"], by=by, values=values, kinds=kinds)
    if not symbol:
        return row
    with clock.stopped_at(moment(day, 9)):
        return directives.issue_directive(
            directive=row,
            by=by,
            symbol=symbol,
            issued_on=day,
            rolls_out_on=roll_out,
            urgent=bool(urgent),
            urgent_reason=urgent,
            despite_short_notice=True,
        )


def _receive(row: Directive, *, but: set[str], today: dt.date) -> None:
    """Let every unit but some say, on the day after the issue, that the directive arrived."""
    day = min((row.issued_on or today) + dt.timedelta(days=1), today - dt.timedelta(days=1))
    for recipient in DirectiveRecipient.objects.filter(directive=row).exclude(unit__code__in=but):
        head = User.objects.filter(appointments__post__unit=recipient.unit).order_by("appointments__post__rank")[0]
        with clock.stopped_at(moment(day, 14)):
            directives.receive_directive(directive=row, by=head)


def _activities(plan: Plan, *, units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> None:
    """Draft two activities: one goes all the way, one waits for the opinion of the standing body."""
    issued = _activity(
        "Ngày hội Thanh niên với chuyển đổi số", "Một ngày, 400 đoàn viên; thi kỹ năng số, gian hàng của các huyện.",
        plan, units=units, by=logins["vanphong"], day=today - dt.timedelta(days=30),
    )  # fmt: skip
    with clock.stopped_at(moment(today - dt.timedelta(days=28), 15)):
        activities.comment_on_activity(
            activity=issued, by=logins["ban"], unit=units["LG-PT"], text="Nên giao một huyện đăng cai, còn một buổi."
        )  # fmt: skip
    said_on = today - dt.timedelta(days=25)
    with clock.stopped_at(moment(said_on, 16)):
        activities.give_opinion(
            activity=issued,
            by=logins["lanhdao"],
            opinion=Opinion.AGREED,
            words="Đồng ý; giao Huyện đoàn Suối Bạc đăng cai, Ban Phong trào chủ trì nội dung.",
            given_on=said_on,
            symbol="17-TB/TĐTN",
        )
    issued_on = today - dt.timedelta(days=22)
    with clock.stopped_at(moment(issued_on, 9)):
        activities.issue_activity(
            activity=issued,
            by=logins["vanphong"],
            symbol="140-KH/TĐTN-PT",
            issued_on=issued_on,
            host_unit=units["LG-SB"],
        )
    _activity(
        "Liên hoan các câu lạc bộ lý luận trẻ", "Hai buổi, 12 đội; dự kiến trong quý tới.",
        plan, units=units, by=logins["vanphong"], day=today - dt.timedelta(days=4),
    )  # fmt: skip


def _activity(title: str, text: str, plan: Plan, *, units: dict[str, Unit], by: User, day: dt.date) -> Activity:
    values = {"title": title, "text": text, "drafting_unit": units["LG-PT"], "plan": plan}
    with clock.stopped_at(moment(day, 10)):
        return activities.draft_activity(issuing_unit=units["LG"], by=by, values=values)
