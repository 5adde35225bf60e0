"""What members say: of themselves, of colleagues, and whether last month's shortcomings were remedied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Shortcoming
from reviews.actions.evaluations import locked_round
from reviews.bodies import sits_in
from reviews.enums import CriterionKind, Recognised, RoundState
from reviews.evaluation_register import month_before
from reviews.models import (
    Evaluation,
    EvaluationOpinion,
    EvaluationRound,
    MonthShortcoming,
    OpinionMark,
    ScoreCriterion,
    SelfMark,
)
from reviews.rights import may_settle
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

MOST_NAMED = 10  # shortcomings that one person names at once
TEXT_LENGTH = 500


def score_self(
    *,
    evaluation: Evaluation,
    marks: Mapping[int, Decimal],
    by: User,
    version: int,
    words: str = "",
    shortcomings: Sequence[str] = (),
    answers: Mapping[int, str] | None = None,
    today: dt.date | None = None,
) -> Evaluation:
    """Score oneself by every judged criterion (its key), and say which shortcomings one recognises in the month.

    `answers` say of those of last month (their keys) what was done. It may be done again until opinions are asked.
    """
    require(by.pk == evaluation.person_id)
    with locked_round(evaluation.round) as row:
        require(sits_in(by, row.unit, row.body, today or clock.today()))
        _require(row, RoundState.SELF, _("The time for self scores is over."))
        fresh = _again(evaluation, version)
        judged = _judged(row)
        if set(marks) != {c.pk for c in judged}:
            raise ActionRefused(_("Give yourself a mark by every criterion."))
        _check(marks.values())
        fresh.self_at, fresh.self_words = clock.now(), words.strip()
        fresh.version += 1
        fresh.save()
        fresh.self_marks.all().delete()
        SelfMark.objects.bulk_create(SelfMark(evaluation=fresh, criterion=c, mark=marks[c.pk]) for c in judged)
        _name(fresh, shortcomings, by, Recognised.SELF)
        _answer(row, by, answers or {})
        audit.record(AuditAction.SELF_SCORED, by=by, obj=row, unit_id=row.unit_id)
    return fresh


def give_opinion(
    *,
    evaluation: Evaluation,
    by: User,
    marks: Mapping[int, Decimal] | None = None,
    words: str = "",
    shortcomings: Sequence[str] = (),
    today: dt.date | None = None,
) -> EvaluationOpinion:
    """Say something of a colleague: marks by judged criteria, words, shortcomings. Said anew, it replaces that."""
    marks = marks or {}
    require(by.pk != evaluation.person_id)
    with locked_round(evaluation.round) as row:
        require(row.evaluations.filter(person=by).exists() and sits_in(by, row.unit, row.body, today or clock.today()))
        _require(row, RoundState.OPINIONS, _("This is not the time for opinions."))
        if not (marks or words.strip() or any(text.strip() for text in shortcomings)):
            raise ActionRefused(_("Give a mark, write an opinion, or name a shortcoming."))
        _check(marks.values())
        known = {c.pk: c for c in _judged(row)}
        said, _new = EvaluationOpinion.objects.update_or_create(
            evaluation=evaluation, author=by, defaults={"words": words.strip(), "at": clock.now()}
        )
        said.marks.all().delete()
        given = [OpinionMark(opinion=said, criterion=known[pk], mark=m) for pk, m in marks.items() if pk in known]
        OpinionMark.objects.bulk_create(given)
        _name(evaluation, shortcomings, by, Recognised.COLLEAGUE)
        audit.record(AuditAction.COLLEAGUE_OPINION, by=by, obj=row, unit_id=row.unit_id)
    return said


def settle(
    *,
    note: MonthShortcoming,
    by: User,
    remedied: bool | None = None,
    deadline: Deadline | None = None,
    shortcoming: Shortcoming | None = None,
) -> MonthShortcoming:
    """Say whether a shortcoming of last month is remedied, or link it to the work or the ledger that will tell.

    It counts in the month after, so it can be settled until that month went to its meeting.
    """
    evaluation = note.evaluation
    require(may_settle(by, evaluation.round.unit, evaluation.person_id))
    if sum(way is not None for way in (remedied, deadline, shortcoming)) != 1:
        raise ActionRefused(
            _("Say in one way how it stands: remedied or not, a deadline, or a shortcoming of the ledger.")
        )
    if shortcoming is not None and shortcoming.person_id != evaluation.person_id:
        raise ActionRefused(_("This shortcoming is not one of that person."))
    with locked_round(evaluation.round):
        if _counted_already(note):
            raise ActionRefused(_("The month in which it counts went to its meeting already: it stays as it was."))
        fresh: MonthShortcoming = MonthShortcoming.objects.select_for_update().get(pk=note.pk)
        fresh.remedied, fresh.deadline, fresh.shortcoming, fresh.settled_by = remedied, deadline, shortcoming, by
        fresh.save()
        row = evaluation.round
        audit.record(AuditAction.REMEDY_SETTLED, by=by, obj=row, unit_id=row.unit_id)
    return fresh


def last_month(row: EvaluationRound, person: int) -> Iterable[MonthShortcoming]:
    """Return what was recognised of a member in the month before the round's."""
    return MonthShortcoming.objects.filter(
        evaluation__round__unit=row.unit_id,
        evaluation__round__body=row.body,
        evaluation__round__month=month_before(row.month),
        evaluation__person=person,
    ).select_related("evaluation__round", "deadline__solution", "shortcoming", "author")


def _counted_already(note: MonthShortcoming) -> bool:
    own = note.evaluation.round
    later = EvaluationRound.objects.filter(unit=own.unit_id, body=own.body, month__gt=own.month)
    first = later.order_by("month").first()
    return first is not None and first.state in {RoundState.DECISION, RoundState.LOCKED}


def _require(row: EvaluationRound, state: RoundState, words: str) -> None:
    if row.state != state:
        raise ActionRefused(
            _("%(words)s The evaluation stands at “%(state)s”.") % {"words": words, "state": row.get_state_display()}
        )


def _again(evaluation: Evaluation, version: int) -> Evaluation:
    fresh: Evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if fresh.version != version:
        raise Stale(_("You have scored yourself in another window meanwhile. Compare, then send it again."))
    return fresh


def _judged(row: EvaluationRound) -> list[ScoreCriterion]:
    return list(row.card.criteria.filter(kind=CriterionKind.JUDGED))


def _check(marks: Iterable[Decimal]) -> None:
    if any(not 0 <= mark <= 100 for mark in marks):  # noqa: PLR2004  # a mark is a percentage
        raise ActionRefused(_("A mark is a number from 0 to 100."))


def _name(evaluation: Evaluation, texts: Sequence[str], by: User, source: Recognised) -> None:
    """Enter the shortcomings that `by` names, in place of those named before."""
    kept = [" ".join(text.split())[:TEXT_LENGTH] for text in texts if text.strip()]
    if len(kept) > MOST_NAMED:
        raise ActionRefused(_("Name at most %(most)d shortcomings, the gravest.") % {"most": MOST_NAMED})
    evaluation.shortcomings.filter(author=by, source=source).delete()
    MonthShortcoming.objects.bulk_create(
        MonthShortcoming(evaluation=evaluation, source=source, author=by, text=text) for text in kept
    )


def _answer(row: EvaluationRound, by: User, answers: Mapping[int, str]) -> None:
    notes = list(last_month(row, by.pk))
    for note in notes:
        note.answer = " ".join(answers.get(note.pk, note.answer).split())[:TEXT_LENGTH]
    MonthShortcoming.objects.bulk_update(notes, ["answer"])
