"""Words planted in evaluations: `tests/test_walks.py` looks for them on every page, these tests elsewhere."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from plans.models import Deadline, Notice, Solution
from plans.reminders.sweep import check_deadlines
from reviews.actions.evaluation_words import give_opinion, score_self
from reviews.actions.evaluations import ask_opinions, decide_scores, lock_round, put_before_meeting
from reviews.actions.ratings import rate_year
from reviews.models import Evaluation, EvaluationRound, MonthShortcoming, ScoreCard
from tests.cast import Cast
from tests.conftest import Login
from tests.evaluation_scene import BODY, Committee
from tests.factories import make_meeting
from tests.once import once
from tests.planting import Planting
from tests.test_access import Scene, scene
from units.models import AuditEvent, Post, User

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["scene"]

WORDS = ("61,37", "61.37", "62,73", "62.73", "PHEBINHKIN", "TUNHANKIN", "LYDOKIN", "VIECKIN")


@pytest.fixture
def planted(cast: Cast, scene: Scene) -> Committee:
    """Plant the words."""
    return once("scores", lambda: plant(cast))


def plant(cast: Cast) -> Committee:
    """Plant the words in a locked month and an open one of the members whom the scene of all addresses has."""
    member = User.objects.get(full_name="Lê Ủy Viên")
    colleague = User.objects.get(full_name="Phan Đồng Nghiệp")
    second = User.objects.get(full_name="Đinh Lãnh Đạo Hai")
    post = Post.objects.get(appointments__user=member)
    card = ScoreCard.objects.get(approved_at__isnull=False)
    committee = Committee(cast, member, colleague, second, card, post)
    (judged,) = committee.judged
    row = committee.open(month=dt.date(2026, 1, 1))
    own = committee.of(row, member)
    marks = {judged.pk: Decimal("61.37")}
    facts = {"words": "Đã làm VIECKIN.", "shortcomings": ["Chậm TUNHANKIN"], "version": own.version}
    score_self(evaluation=own, marks=marks, by=member, **facts)  # type: ignore[arg-type]
    for other in row.evaluations.exclude(person=member).select_related("round__unit", "round__card", "person"):
        committee.score(other, "90")
    row = ask_opinions(row=row, by=cast.office_staff, version=row.version)
    give_opinion(evaluation=own, by=colleague, marks=marks, words="Còn PHEBINHKIN.", shortcomings=["Thiếu PHEBINHKIN"])
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    row = put_before_meeting(row=row, meeting=meeting, by=cast.office_staff, version=row.version)
    scores = {e.pk: (Decimal("62.73"), "Vì LYDOKIN") for e in row.evaluations.all()}
    row = decide_scores(row=row, scores=scores, by=cast.leader, version=row.version)
    lock_round(row=row, by=cast.leader, version=row.version)
    facts = {"unit": cast.province, "body": BODY, "year": 2026, "person": member}
    rate_year(level="rated_not_done", reason="Vì LYDOKIN", by=cast.leader, **facts)  # type: ignore[arg-type]
    check_deadlines(today=dt.date(2026, 3, 19))
    return committee


def planting(cast: Cast) -> Planting:
    """Plant the words; return them with every page of every evaluation, and searches."""
    plant(cast)
    decided_of_the_colleague = {"62,73", "LYDOKIN"}
    hidden: dict[str, Sequence[str]] = {
        "office_staff": (),
        "leader": (),
        "colleague": [word for word in WORDS if word not in decided_of_the_colleague],
    }
    return Planting(
        words=WORDS,
        hidden=lambda who, _address: hidden.get(who, WORDS),
        addresses=[*addresses()],
        read={"office_staff": {word for word in WORDS if "." not in word}},
    )


def addresses() -> Iterator[str]:
    """Yield every page of every evaluation, with searches."""
    for pk in EvaluationRound.objects.values_list("pk", flat=True):
        pages = ("round", "meeting", "decide", "reopen", "opinions")
        yield from (reverse(f"reviews:evaluation_{page}", args=[pk]) for page in pages)
    for pk in Evaluation.objects.values_list("pk", flat=True):
        yield from (reverse(f"reviews:evaluation{page}", args=[pk]) for page in ("", "_self", "_opinion"))
    for pk in MonthShortcoming.objects.values_list("pk", flat=True):
        yield reverse("reviews:evaluation_settle", args=[pk])
    yield from (f"{reverse('search')}?q={word.lower()}" for word in WORDS)
    for plan in Deadline.objects.filter(schedule__evaluation_round__isnull=False).values_list("plan", flat=True):
        yield from (f"{reverse('plans:plan', args=[plan])}?view={view}" for view in ("solutions", "history"))
    for pk in Deadline.objects.filter(schedule__evaluation_round__isnull=False).values_list("pk", flat=True):
        yield reverse("plans:deadline", args=[pk])
    yield reverse("admin:units_auditevent_changelist")
    yield from (
        reverse("admin:units_auditevent_change", args=[e])
        for e in AuditEvent.objects.values_list("pk", flat=True)[:60]
    )


def test_a_colleague_opens_no_evaluation_of_another(planted: Committee, login: Login) -> None:
    client = login(planted.colleague)
    others = Evaluation.objects.filter(person=planted.member)
    assert {client.get(own.get_absolute_url()).status_code for own in others} == {404}


def test_neither_log_nor_notices_nor_mails_nor_the_register_hold_a_word(planted: Committee) -> None:
    log = [(e.object_label, json.dumps(e.data, ensure_ascii=False, default=str)) for e in AuditEvent.objects.all()]
    texts = [text for pair in log for text in pair]
    texts += [message.subject + str(message.body) for message in mail.outbox]
    texts += [json.dumps(row, ensure_ascii=False, default=str) for row in Notice.objects.values()]
    texts += [*Solution.objects.values_list("text", flat=True)]
    assert [text for text in texts if any(word in text for word in WORDS)] == []
    about = AuditEvent.objects.filter(action__in=("self_scored", "colleague_opinion", "evaluation_decided"))
    assert {name for e in about for name in e.data} <= {"members"}
    named = (planted.member.full_name, planted.colleague.full_name)
    assert not any(name in text for e in about for text in (e.object_label, json.dumps(e.data)) for name in named)
