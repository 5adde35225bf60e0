"""A standing committee that is evaluated: members, an approved card, and a month taken as far as a test needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from reviews.actions.evaluation_words import give_opinion, score_self
from reviews.actions.evaluations import ask_opinions, decide_scores, lock_round, open_round, put_before_meeting
from reviews.actions.score_cards import Wanted, approve_card, write_card
from reviews.models import Evaluation, EvaluationRound, ScoreCard, ScoreCriterion
from tests.cast import Cast
from tests.factories import AppointmentFactory, UserFactory, make_meeting, make_member, make_officer
from units.models import Post, User
from units.roles import Role

BODY = Post.Body.STANDING_COMMITTEE
MONTH = dt.date(2026, 2, 1)
CRITERIA = (
    Wanted("Khắc phục khuyết điểm tháng trước", Decimal(40), "remediation"),
    Wanted("Tài liệu trình phiên họp đúng hạn", Decimal(20), "papers"),
    Wanted("Hoàn thành nhiệm vụ được giao", Decimal(20), "work"),
    Wanted("Đề xuất, sáng kiến trong tháng", Decimal(20), "judged"),
)


@dataclass(frozen=True)
class Committee:
    """The committee: two members who are readers, and the leader of the cast. The second leader sits elsewhere."""

    cast: Cast
    member: User
    colleague: User
    second_leader: User
    card: ScoreCard
    post: Post

    @property
    def judged(self) -> list[ScoreCriterion]:
        """Return the criteria that people judge."""
        return list(self.card.criteria.filter(kind="judged"))

    def open(
        self, *, month: dt.date = MONTH, self_by: dt.date = dt.date(2026, 3, 20), key: str = ""
    ) -> EvaluationRound:
        """Open a month."""
        facts: dict[str, Any] = {"unit": self.cast.province, "body": BODY, "by": self.cast.office_staff}
        return open_round(month=month, self_by=self_by, key=key, **facts)

    def of(self, row: EvaluationRound, person: User) -> Evaluation:
        """Return the evaluation of a person."""
        rows = Evaluation.objects.select_related("round__unit", "round__card")
        found: Evaluation = rows.get(round=row, person=person)
        return found

    def score(
        self, own: Evaluation, mark: str, *, shortcomings: Sequence[str] = (), answers: dict[int, str] | None = None
    ) -> Evaluation:
        """Let the person give themself one mark by every judged criterion."""
        marks = {c.pk: Decimal(mark) for c in self.judged}
        facts: dict[str, Any] = {"shortcomings": shortcomings, "answers": answers, "version": own.version}
        return score_self(evaluation=own, marks=marks, by=own.person, **facts)

    def next_card(self) -> ScoreCard:
        """Write the card from April on, which nobody has approved."""
        facts: dict[str, Any] = {"unit": self.cast.province, "body": BODY, "criteria": CRITERIA}
        return write_card(month=dt.date(2026, 4, 1), by=self.cast.office_staff, **facts)

    def to_opinions(self, *, month: dt.date = MONTH, mark: str = "90", shortcoming: str = "") -> EvaluationRound:
        """Open a month and let everybody score themself; the member may recognise a shortcoming."""
        row = self.open(month=month)
        for own in row.evaluations.select_related("round__unit", "round__card", "person"):
            self.score(own, mark, shortcomings=[shortcoming] if own.person == self.member else ())
        return ask_opinions(row=row, by=self.cast.office_staff, version=row.version)

    def to_decision(
        self, *, month: dt.date = MONTH, day: dt.date = dt.date(2026, 3, 16), shortcoming: str = ""
    ) -> EvaluationRound:
        """Let the colleague give the member 80, and put the month before a meeting."""
        row, office = self.to_opinions(month=month, shortcoming=shortcoming), self.cast.office_staff
        marks = {c.pk: Decimal(80) for c in self.judged}
        give_opinion(evaluation=self.of(row, self.member), by=self.colleague, marks=marks, words="Cần sâu sát hơn.")
        meeting = make_meeting(self.cast.province, by=office, day=day)
        return put_before_meeting(row=row, meeting=meeting, by=office, version=row.version)

    def to_locked(self, *, month: dt.date = MONTH) -> EvaluationRound:
        """Decide as proposed, and lock."""
        row = self.to_decision(month=month)
        scores = {e.pk: (e.proposed or Decimal(0), "") for e in row.evaluations.all()}
        row = decide_scores(row=row, scores=scores, by=self.cast.leader, version=row.version)
        return lock_round(row=row, by=self.cast.leader, version=row.version)


def make_committee(cast: Cast, *, leader_sits: bool = True) -> Committee:
    """Make the committee and its card, in force from January 2026."""
    member = make_member(cast.province, full_name="Lê Ủy Viên")
    post = Post.objects.get(appointments__user=member)
    colleague: User = UserFactory(full_name="Phan Đồng Nghiệp")
    for person in (colleague, cast.leader) if leader_sits else (colleague,):
        AppointmentFactory(user=person, post=post)
    second = make_officer(cast.province, Role.LEADER, full_name="Đinh Lãnh Đạo Hai", title="Bí thư")
    facts: dict[str, Any] = {"unit": cast.province, "body": BODY, "month": dt.date(2026, 1, 1), "criteria": CRITERIA}
    card = write_card(by=cast.office_staff, **facts)
    card = approve_card(card=card, by=cast.leader, version=card.version)
    return Committee(cast, member, colleague, second, card, post)


@pytest.fixture
def committee(cast: Cast) -> Committee:
    """Make the committee with the leader of the cast in it."""
    return make_committee(cast)
