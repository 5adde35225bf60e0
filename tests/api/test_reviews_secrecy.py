"""Scores, criticism and contributors: planted in the database, and told by no list, error, message or kept answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from doantracker.api.hooks import collect
from doantracker.api.hooks.events import KINDS
from doantracker.api.models import ApiToken, KeptAnswer, WebhookDelivery
from reviews.actions.contributions import reply_to
from reviews.actions.self_reviews import give_report
from reviews.enums import FeedbackStep, ReplyKind
from reviews.models import Contribution, Evaluation, FeedbackRound
from tests.api.access_reviews import WHERE, call
from tests.api.calls import Program
from tests.api.test_webhooks import hook
from tests.cast import Cast
from tests.evaluation_scene import Committee, make_committee
from tests.factories import contribute_to, make_feedback_round, make_member
from tests.test_access import Scene
from units.models import AuditEvent, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")

SAID = ("LOIPHEBINHCONGKHAI", "LOIPHEBINHAN", "TRALOIKIN", "KIEMDIEMRIENG")
SCORED = ("61.37", "62.73", "PHEBINHKIN", "TUNHANKIN", "LYDOKIN")


@dataclass(frozen=True)
class Planted:
    """A named and an anonymous round, both being replied to, and the person both are about."""

    named: FeedbackRound
    hidden: FeedbackRound
    person: User


@pytest.fixture
def planted(cast: Cast) -> Planted:
    """Let a district contribute to both rounds about a person, who reports, and answer the contributions."""
    person = make_member(cast.province, full_name="Lê DONGCHIDUOCGOPY", username="duocgopy")
    rounds = []
    for anonymous, said in ((False, "LOIPHEBINHCONGKHAI"), (True, "LOIPHEBINHAN")):
        row = make_feedback_round(
            cast.province, by=cast.office_staff, person=person, anonymous=anonymous, units=[cast.district]
        )
        target = row.targets.get(person=person)
        mine = row.invitations.get(unit=cast.district)
        contribute_to(row, mine, target, f"Đồng chí {said}.", by=cast.secretary)
        FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPORTING)
        give_report(target=target, by=person, text="Xin KIEMDIEMRIENG.")
        FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPLYING)
        one = Contribution.objects.get(round=row)
        reply_to(contribution=one, kind=ReplyKind.EXPLAINED, text="Vì TRALOIKIN.", by=cast.office_staff)
        rounds.append(row)
    return Planted(rounds[0], rounds[1], person)


def in_database(*words: str) -> set[str]:
    """Return the tables and columns in which one of the words stands."""
    found, kept = set(), models.CharField | models.TextField | models.JSONField
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, kept):
                column = list(model._base_manager.values_list(field.name, flat=True))
                text = json.dumps(column, ensure_ascii=False, default=str)
                if any(word in text for word in words):
                    found.add(f"{model._meta.model_name}.{field.name}")
    return found


# --- feedback: who gave what ---


def test_an_anonymous_round_takes_no_contribution_by_a_token_and_keeps_nothing_of_it(cast: Cast) -> None:
    person = make_member(cast.province, full_name="Lê Được Góp Ý")
    row = make_feedback_round(cast.province, by=cast.office_staff, person=person, units=[cast.district])
    target, topic = row.targets.get(person=person), row.topics.order_by("pk")[0]
    mine = row.invitations.get(unit=cast.district)
    program = Program(cast.secretary)
    events = AuditEvent.objects.count()
    sent = {"texts": [{"target": target.pk, "topic": topic.pk, "text": "Loi NGUOIGOPY"}]}
    where = f"/feedback-invitations/{mine.pk}/contribute"
    answer = program.post(where, sent, idempotency_key="k-NGUOIGOPY")
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert "NGUOIGOPY" not in answer.content.decode()
    mine.refresh_from_db()
    assert (mine.handed_in, Contribution.objects.count(), KeptAnswer.objects.count()) == (False, 0, 0)
    assert AuditEvent.objects.count() == events
    assert in_database("NGUOIGOPY") == set()
    [told] = program.get("/feedback-invitations").json()["items"]
    assert (told["by_page"], told["open"], told["handed_in"]) == (True, True, False)


def test_a_named_round_takes_contributions_and_the_kept_answer_holds_no_word(cast: Cast) -> None:
    make_member(cast.province)  # there is a standing committee
    row = make_feedback_round(cast.province, by=cast.office_staff, anonymous=False, units=[cast.district])
    target, topic = row.targets.get(), row.topics.order_by("pk")[0]
    mine = row.invitations.get(unit=cast.district)
    program, where = Program(cast.secretary), f"/feedback-invitations/{mine.pk}/contribute"
    sent = {"texts": [{"target": target.pk, "topic": topic.pk, "text": "Cần LOIRIENG"}]}
    first, again = (program.post(where, sent, idempotency_key="k-1") for _n in range(2))
    assert (first.status_code, first.json()) == (200, {"id": mine.pk, "version": 0})
    assert (again["Idempotency-Replayed"], row.contributions.count()) == ("true", 1)
    assert in_database("LOIRIENG") == {"contribution.text"}


def test_reading_tells_givers_to_who_may_see_them_and_never_those_of_an_anonymous_round(
    cast: Cast, planted: Planted
) -> None:
    program = Program(cast.office_staff)
    givers = {}
    for row in (planted.named, planted.hidden):
        body = program.get(f"/feedback-rounds/{row.pk}/contributions").json()
        givers[row.pk] = [c["giver"] for item in body["items"] for c in item["contributions"]]
    assert givers == {planted.named.pk: [cast.district.name], planted.hidden.pk: [""]}
    read = AuditEvent.objects.filter(action=AuditAction.READ_FEEDBACK)
    assert {(e.actor, e.data["api_token"]) for e in read} == {(cast.office_staff, ApiToken.objects.get().pk)}
    assert read.count() == 2
    own = Program(planted.person)
    for row in (planted.named, planted.hidden):
        about = own.get(f"/feedback-targets/{row.targets.get(person=planted.person).pk}").json()["about"]
        assert [c["giver"] for c in about["contributions"]] == [""]


@pytest.mark.walk
def test_no_operation_tells_contributions_to_who_has_not_the_right(cast: Cast, planted: Planted, scene: Scene) -> None:
    paths = []
    for row in (planted.named, planted.hidden):
        paths += [f"/feedback-rounds/{row.pk}", f"/feedback-rounds/{row.pk}/contributions"]
        paths += [f"/feedback-targets/{t.pk}" for t in row.targets.all()]
    lists = [o.split(" ")[1] for o in WHERE if o.startswith("GET") and "{" not in o and o != "GET /evaluation-years"]
    for who in ("outsider", "commune_secretary", "secretary", "department_head", "administrator", "reader"):
        program = Program(getattr(cast, who))
        for path in (*paths, *lists):
            text = program.get(path).content.decode()
            assert [w for w in SAID if w in text] == [], (who, path)


def test_nothing_of_feedback_or_evaluations_is_told_to_webhooks(cast: Cast, planted: Planted) -> None:
    quiet = ("feedback", "evaluation", "scorecard", "yearrating", "emulation", "contribution")
    assert [kind for kind in KINDS if kind[0].startswith(quiet)] == []
    hook(cast.office_staff)
    row = make_feedback_round(cast.province, by=cast.office_staff, person=planted.person, units=[cast.district])
    mine, target = row.invitations.get(), row.targets.get(person=planted.person)
    contribute_to(row, mine, target, "LOIPHEBINHAN", by=cast.secretary)
    collect.collect()
    told = {json.loads(d.body)["kind"] for d in WebhookDelivery.objects.all()}
    assert told == {"meeting.planned"}  # the review meeting stands in the calendar of who sees it
    assert in_database("LOIPHEBINHAN") == {"contribution.text"}


# --- evaluations: scores and criticism ---


@pytest.fixture
def month(cast: Cast) -> Committee:
    """A committee whose month is open for self scores."""
    return make_committee(cast, leader_sits=False)


def test_a_month_is_taken_from_self_score_to_lock_and_no_answer_of_an_act_holds_a_score(
    cast: Cast, month: Committee
) -> None:
    office, leader = Program(cast.office_staff), Program(cast.leader)
    row = month.open()
    (judged,) = month.judged
    answers = []
    for own in row.evaluations.select_related("person").order_by("pk"):
        sent: dict[str, Any] = {"marks": [{"criterion": judged.pk, "mark": "61.37"}], "shortcomings": ["TUNHANKIN"]}
        path = f"/evaluations/{own.pk}"
        program = Program(own.person)
        etag = program.get(path)["ETag"]
        answers.append(program.post(f"{path}/self", sent, if_match=etag, idempotency_key="self"))
    where = f"/evaluation-rounds/{row.pk}"
    answers.append(office.post(f"{where}/ask-opinions", {}, if_match=office.get(where)["ETag"]))
    about = month.of(row, month.member)
    said = {"words": "PHEBINHKIN", "marks": [{"criterion": judged.pk, "mark": "62.73"}]}
    answers.append(Program(month.colleague).post(f"/evaluations/{about.pk}/opinion", said, idempotency_key="o"))
    hidden = Program(month.member).get(f"/evaluations/{about.pk}").json()
    assert (hidden["opinions"], hidden["lines"][-1]["colleagues"]) == ([], [])
    meeting = office.post(
        "/meetings", {"unit": cast.province.pk, "body": "standing_committee", "day": "2026-03-16"}
    ).json()["id"]
    answers.append(office.post(f"{where}/put-before-meeting", {"meeting": meeting}, if_match="*"))
    scores = [
        {"evaluation": e.pk, "score": "62.73", "reason": "LYDOKIN"} for e in Evaluation.objects.filter(round=row)
    ]
    answers.append(leader.post(f"{where}/decide", {"scores": scores}, if_match="*", idempotency_key="d"))
    answers.append(leader.post(f"{where}/lock", {}, if_match="*"))
    assert [(a.status_code, sorted(a.json())) for a in answers] == [(200, ["id", "version"])] * len(answers)
    row.refresh_from_db()
    assert row.state == "round_locked"
    shown = Program(month.member).get(f"/evaluations/{about.pk}").json()
    assert (shown["decided"], shown["reason"], shown["opinions"]) == (
        "62.73",
        "LYDOKIN",
        [{"words": "PHEBINHKIN", "author": ""}],
    )
    assert [(n["id"], n["text"]) for n in shown["shortcomings"]] == [(None, "TUNHANKIN")]
    assert not {where for where in in_database(*SCORED) if where.startswith(("keptanswer", "audit", "webhook"))}


def test_reading_evaluations_of_others_is_logged_and_of_ones_own_is_not(cast: Cast, month: Committee) -> None:
    row = month.to_decision()
    own = month.of(row, month.member)
    Program(month.member).get(f"/evaluations/{own.pk}")
    assert AuditEvent.objects.filter(action=AuditAction.EVALUATION_READ).count() == 0
    program = Program(cast.office_staff)
    for path in (
        f"/evaluations/{own.pk}",
        f"/evaluation-rounds/{row.pk}/evaluations",
        f"/evaluation-years?unit={cast.province.pk}&body=standing_committee&year=2026",
    ):
        assert program.get(path).status_code == 200
    read = AuditEvent.objects.filter(action=AuditAction.EVALUATION_READ)
    assert [e.actor for e in read] == [cast.office_staff] * 3


@pytest.mark.walk
def test_no_operation_tells_scores_or_criticism_to_who_has_not_the_right(cast: Cast, scene: Scene) -> None:
    rows = Evaluation.objects.all()
    rows.update(proposed=Decimal("61.37"), self_words="TUNHANKIN")
    paths = [f"/evaluations/{pk}" for pk in rows.values_list("pk", flat=True)]
    operations = [o for o in WHERE if o.startswith("GET")]
    for who in ("outsider", "commune_secretary", "secretary", "department_head", "administrator"):
        program = Program(getattr(cast, who))
        texts = {p: program.get(p).content.decode() for p in paths}
        texts |= {o: call(program, scene, cast, o).content.decode() for o in operations}
        found = {name for name, text in texts.items() if any(word in text for word in SCORED)}
        assert found == set(), who


def test_a_colleague_reads_nothing_of_the_score_of_whom_they_speak_about(cast: Cast, month: Committee) -> None:
    row = month.to_opinions(mark="61.37")
    body = Program(month.colleague).get(f"/evaluation-rounds/{row.pk}/colleagues")
    assert (body.status_code, "61.37" in body.content.decode()) == (200, False)
    assert {c["person"]["name"] for c in body.json()["items"]} >= {month.member.full_name}
    other = month.of(row, month.member)
    assert Program(month.colleague).get(f"/evaluations/{other.pk}").status_code == 404
