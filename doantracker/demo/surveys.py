"""Two surveys of the demo province: one finished and reported on, and one that units are answering."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.enums import Outlook
from plans.models import Plan
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import (
    choose_questions,
    finish_survey,
    hand_in_report,
    prepare_survey,
    report_of,
    start_survey,
)
from reviews.models import Survey
from units.models import Unit, User

FREE: Final = (("Công trình thanh niên đã hoàn thành", "công trình"), ("Chi đoàn có mô hình sáng tạo", ""))
ASKED: Final = ("LG-SB", "LG-MT", "LG-SB-AH", "LG-TT-PH")
#: What units of the finished survey said: completion, outlook, ideas supported and commended. One said nothing.
SAID: Final[tuple[tuple[str, int, Outlook, tuple[int, int]], ...]] = (
    ("LG-SB", 62, Outlook.WILL_REACH, (14, 3)),
    ("LG-MT", 38, Outlook.WILL_MISS, (5, 0)),
    ("LG-SB-AH", 51, Outlook.UNKNOWN, (2, 1)),
)
SUMMARY: Final = (
    "Đa số đơn vị đạt tiến độ; một đơn vị khó hoàn thành do thiếu nguồn lực. "
    "Đề nghị tập trung hỗ trợ ý tưởng sáng tạo ở cơ sở."
)


def hold_surveys(plan: Plan, units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play both surveys: the first ended last week, the second asks about the indicators of `plan`."""
    since = today - dt.timedelta(days=19)  # after the meeting whose decisions opened the work programme
    first = _started("Khảo sát hoạt động thúc đẩy sáng tạo trong thanh thiếu nhi", units, logins, on=since)
    with clock.stopped_at(moment(since + dt.timedelta(days=8), 10)):
        rows = [_said(first, units[code], number, outlook, ideas) for code, number, outlook, ideas in SAID]
        answer_survey(survey=first, rows=rows, by=logins["vanphong"])
    with clock.stopped_at(moment(since + dt.timedelta(days=12), 9)):
        first = finish_survey(survey=first, by=logins["vanphong"], version=first.version, working_days=10)
    with clock.stopped_at(moment(since + dt.timedelta(days=16), 15)):
        seen, proof = report_of(first).version, Proof(document_numbers=("87-BC/TĐTN-PT",))
        hand_in_report(survey=first, by=logins["ban"], version=seen, text=SUMMARY, proof=proof)
    title = "Khảo sát tiến độ thực hiện chỉ tiêu công tác Đoàn"
    second = _started(title, units, logins, on=today - dt.timedelta(days=4), plan=plan)
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 14)):
        row = _said(second, units["LG-MT"], 45, Outlook.WILL_REACH, (4, 1))
        answer_survey(survey=second, rows=[row], by=logins["vanphong"])


def _started(
    title: str, units: dict[str, Unit], logins: dict[str, User], *, on: dt.date, plan: Plan | None = None
) -> Survey:
    by = logins["vanphong"]
    values: dict[str, Any] = {
        "title": title,
        "purpose": "Đánh giá mức độ và triển vọng hoàn thành chỉ tiêu của các đơn vị.",
        "period_start": on,
        "period_end": on + dt.timedelta(days=20),
        "answer_by": on + dt.timedelta(days=11),
        "lead_unit": units["LG-PT"],
        "plan": plan,
    }
    with clock.stopped_at(moment(on, 9)):
        row = prepare_survey(unit=units["LG"], values=values, units=[units[code] for code in ASKED], by=by)
        asked = list(plan.indicators.order_by("ordinal")[:2]) if plan else []
        choose_questions(survey=row, indicators=asked, free=FREE, by=by, version=row.version)
        return start_survey(survey=row, by=by, version=row.version + 1)


def _said(survey: Survey, unit: Unit, completion: int, outlook: Outlook, ideas: tuple[int, int]) -> UnitSaid:
    answers = {q.pk: Said(Decimal(completion), outlook) for q in survey.questions.all()}
    return UnitSaid(unit.pk, 0, answers, ideas)
