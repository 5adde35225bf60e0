"""Months of the standing committee of the demo province: one decided and locked, two in which members speak."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import cycle
from typing import Any, Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.calendars import working_calendar
from reviews.actions.evaluation_words import give_opinion, score_self, settle
from reviews.actions.evaluations import ask_opinions, decide_scores, lock_round, open_round, put_before_meeting
from reviews.actions.meetings import plan_meeting
from reviews.actions.score_cards import Wanted, approve_card, write_card
from reviews.enums import CriterionKind
from reviews.evaluation_register import month_before
from reviews.models import Evaluation, EvaluationRound, MonthShortcoming, ScoreCard
from units.models import Post, Unit, User

BODY: Final = Post.Body.STANDING_COMMITTEE
CRITERIA: Final = (
    Wanted("Khắc phục khuyết điểm tự nhận và được góp ý tháng trước", Decimal(40), CriterionKind.REMEDIATION),
    Wanted("Tài liệu trình phiên họp đúng hạn", Decimal(20), CriterionKind.PAPERS),
    Wanted("Hoàn thành nhiệm vụ được phân công", Decimal(20), CriterionKind.WORK),
    Wanted("Sáng kiến, đề xuất trong tháng", Decimal(20), CriterionKind.JUDGED),
)
WORDS: Final = "Tham mưu hai nội dung mới; dự sinh hoạt với ba chi đoàn."
SHORTCOMING: Final = "Trả lời kiến nghị của cơ sở còn chậm."
MARKS: Final = ("92", "85", "88", "90")
OPINION: Final = "Có nhiều cố gắng; nên đi cơ sở đều hơn."
REASON: Final = "Phiên họp ghi nhận sáng kiến được nhân rộng trong tháng."


def evaluate_members(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play a month to its lock; open the two months before this one, whose members can score themselves."""
    province, office = units["LG"], logins["vanphong"]
    last = month_before(today)
    before = month_before(last)
    first = month_before(before)
    met_on = working_calendar().working_day(before + dt.timedelta(days=9))
    with clock.stopped_at(moment(first + dt.timedelta(days=2), 9)):
        card = write_card(unit=province, body=BODY, month=month_before(first), criteria=CRITERIA, by=office)
    with clock.stopped_at(moment(first + dt.timedelta(days=3), 9)):
        card = approve_card(card=card, by=logins["lanhdao"], version=card.version)
    _locked_month(province, card, logins, month=first, met_on=met_on)
    rows = [_opened_month(province, office, month=month, today=today) for month in (before, last)]
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 9)):
        for note in MonthShortcoming.objects.select_related("evaluation__round__unit"):
            settle(note=note, by=logins["lanhdao"], remedied=True)
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 10)):
        _score(rows[0], card, logins["ban"], "90")
        for own in Evaluation.objects.filter(round__in=rows, person__username=None).select_related("person", "round"):
            _score(own.round, card, own.person, "88")  # nobody can log in as them


def _opened_month(province: Unit, by: User, *, month: dt.date, today: dt.date) -> EvaluationRound:
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 8)):
        return open_round(unit=province, body=BODY, month=month, self_by=today + dt.timedelta(days=5), by=by)


def _locked_month(
    province: Unit, card: ScoreCard, logins: dict[str, User], *, month: dt.date, met_on: dt.date
) -> None:
    """Take a month from its opening to the lock, between its end and the day of the meeting."""
    office, leader = logins["vanphong"], logins["lanhdao"]
    opened = met_on - dt.timedelta(days=8)
    with clock.stopped_at(moment(opened, 9)):
        meeting = plan_meeting(unit=province, body=BODY, day=met_on, by=office)
        row = open_round(unit=province, body=BODY, month=month, self_by=opened + dt.timedelta(days=3), by=office)
    with clock.stopped_at(moment(opened + dt.timedelta(days=1), 10)):
        for own, mark in zip(row.evaluations.select_related("person"), cycle(MARKS), strict=False):
            _score(row, card, own.person, mark, shortcoming=SHORTCOMING if own.person == logins["ban"] else "")
    with clock.stopped_at(moment(opened + dt.timedelta(days=2), 9)):
        row = ask_opinions(row=row, by=office, version=row.version)
    with clock.stopped_at(moment(opened + dt.timedelta(days=4), 9)):
        marks = {c.pk: Decimal(84) for c in card.criteria.filter(kind=CriterionKind.JUDGED)}
        give_opinion(evaluation=_of(row, logins["ban"]), by=leader, marks=marks, words=OPINION)
    with clock.stopped_at(moment(opened + dt.timedelta(days=5), 9)):
        row = put_before_meeting(row=row, meeting=meeting, by=office, version=row.version)
    with clock.stopped_at(moment(met_on, 16)):
        raised = _of(row, logins["ban"])
        scores = {e.pk: (e.proposed or Decimal(0), "") for e in row.evaluations.all()}
        scores[raised.pk] = (Decimal("91.5"), REASON)
        row = decide_scores(row=row, scores=scores, by=leader, version=row.version)
        lock_round(row=row, by=leader, version=row.version)


def _of(row: EvaluationRound, person: User) -> Evaluation:
    found: Evaluation = Evaluation.objects.select_related("round__unit", "round__card").get(round=row, person=person)
    return found


def _score(row: EvaluationRound, card: ScoreCard, person: User, mark: str, shortcoming: str = "") -> None:
    own = _of(row, person)
    marks = {c.pk: Decimal(mark) for c in card.criteria.filter(kind=CriterionKind.JUDGED)}
    facts: dict[str, Any] = {"words": WORDS, "shortcomings": [shortcoming]}
    score_self(evaluation=own, marks=marks, by=person, version=own.version, **facts)
