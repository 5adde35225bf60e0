"""Two feedback rounds of the demo province: an anonymous one that takes contributions, a named one that is over."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.deadlines import confirm, submit
from plans.models import Deadline, Schedule
from reviews.actions.contributions import contribute, give_result, reply_to
from reviews.actions.feedback import Asked, close_step, open_round, plan_round
from reviews.actions.minutes import hold_meeting
from reviews.actions.self_reviews import give_report
from reviews.enums import FeedbackStep, ReplyKind
from reviews.forms.feedback import USUAL_TOPICS
from reviews.models import FeedbackRound, Meeting
from units.models import Post, Unit, User

BODY: Final = Post.Body.STANDING_COMMITTEE
GUESTS: Final = ("Nguyễn Hữu Phước (nguyên Ủy viên Ban Thường vụ)", "Trịnh Ngọc Lan (nguyên Phó Bí thư)")
#: What was said about the committee, topic by topic, and what became of it.
SAID: Final = (
    ("Nội dung sinh hoạt tư tưởng còn dàn trải, chưa gắn với từng nhóm thanh niên.", ReplyKind.ACCEPTED),
    ("Việc luân chuyển cán bộ Đoàn về cơ sở còn chậm.", ReplyKind.EXPLAINED),
    ("Lịch họp thay đổi nhiều, cơ sở khó sắp xếp công việc.", ReplyKind.ACCEPTED),
)
REPLIES: Final = {
    ReplyKind.ACCEPTED: "Tiếp thu ý kiến; đưa vào chương trình công tác và giao đơn vị tham mưu thực hiện.",
    ReplyKind.EXPLAINED: "Việc này phụ thuộc biên chế được giao; sẽ phối hợp với cơ quan liên quan để tháo gỡ.",
}
RESULT: Final = "Ban Thường vụ tiếp thu hai ý kiến, giải trình một ý kiến; giao Văn phòng theo dõi việc khắc phục."


def hold_feedback(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play both rounds."""
    _over(units, logins, today)
    asked = Asked(
        targets=((units["LG"], BODY, None, ""), (units["LG"], "", logins["lanhdao"], "Phó Bí thư Thường trực")),
        topics=USUAL_TOPICS,
        units=(units["LG-SB"], units["LG-TT"], units["LG-PT"]),
        guests=GUESTS,
    )
    since = today - dt.timedelta(days=6)
    with clock.stopped_at(moment(since, 9)):
        row = _opened(units, logins["vanphong"], asked, since, (20, 35, 40, 50), anonymous=True)
    with clock.stopped_at(moment(today - dt.timedelta(days=2), 15)):
        _say(row, units["LG-PT"], logins["ban"], *(text for text, _kind in SAID[:2]))


def _over(units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> None:
    """Play the round that is over: one contributor, each contribution answered."""
    office, since = logins["vanphong"], today - dt.timedelta(days=80)
    asked = Asked(targets=((units["LG"], BODY, None, ""),), topics=USUAL_TOPICS, units=(units["LG-SB"],))
    with clock.stopped_at(moment(since, 9)):
        row = _opened(units, office, asked, since, (10, 20, 25, 30), anonymous=False)
    with clock.stopped_at(moment(row.contributions_by, 10)):
        _say(row, units["LG-SB"], logins["bithu"], *(text for text, _kind in SAID))
        _done(row.contribution_work, logins["bithu"], office)
        close_step(feedback=row, step=FeedbackStep.CONTRIBUTING, by=office)
    with clock.stopped_at(moment(row.report_by, 10)):
        give_report(target=row.targets.get(), by=office, text="Ban Thường vụ đã kiểm điểm theo các nội dung góp ý.")
        _done(row.report_work, office, logins["lanhdao"])
        close_step(feedback=row, step=FeedbackStep.REPORTING, by=office)
    with clock.stopped_at(moment(row.meeting_on, 17)):
        meeting = Meeting.objects.get(feedback_round=row)
        hold_meeting(meeting=meeting, by=office, absent={}, minutes="Ban Thường vụ kiểm điểm theo các ý kiến góp ý.")
        close_step(feedback=row, step=FeedbackStep.REVIEWING, by=office)
    with clock.stopped_at(moment(row.reply_by, 10)):
        kinds = dict(SAID)
        for one in row.contributions.all():
            reply_to(contribution=one, kind=kinds[one.text], text=REPLIES[kinds[one.text]], by=office)
        give_result(feedback=row, text=RESULT, by=office)
        _done(row.reply_work, office, logins["lanhdao"])
        close_step(feedback=row, step=FeedbackStep.REPLYING, by=office)


def _opened(
    units: dict[str, Unit], by: User, asked: Asked, since: dt.date, after: tuple[int, ...], **facts: Any
) -> FeedbackRound:
    names = ("contributions_by", "report_by", "meeting_on", "reply_by")
    days = {name: since + dt.timedelta(days=n) for name, n in zip(names, after, strict=True)}
    title = f"Góp ý kiểm điểm tự phê bình và phê bình, đợt tháng {since.month}/{since.year}"
    named = {"title": title, "body": BODY, "year": since.year, "consolidated_by": units["LG-VP"]}
    row = plan_round(unit=units["LG"], values={**named, **days, **facts}, asked=asked, by=by)
    return open_round(feedback=row, by=by)


def _say(row: FeedbackRound, unit: Unit, by: User, *texts: str) -> None:
    """Contribute about the committee in the name of a unit."""
    committee = row.targets.order_by("ordinal")[0]
    places = [(committee.pk, topic.pk) for topic in row.topics.all()]
    said = dict(zip(places, texts, strict=False))
    contribute(invitation=row.invitations.get(unit=unit), texts=said, by=by)


def _done(work: Schedule | None, by: User, confirmed_by: User) -> None:
    """Report and confirm what was owed."""
    owed = Deadline.objects.get(schedule=work)
    given = submit(deadline=owed, by=by, version=owed.version, text="Đã hoàn thành.")
    confirm(deadline=given, by=confirmed_by, version=given.version)
