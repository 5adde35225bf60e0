"""Scores of members as pages and acts need them: terms of the register, marks of people, what the card makes of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from doantracker.lib.text import shortened
from reviews.enums import RoundState
from reviews.evaluation_register import Term, Terms, register_terms
from reviews.models import (
    Evaluation,
    EvaluationOpinion,
    EvaluationRound,
    EvaluationTerm,
    OpinionMark,
    ScoreCriterion,
    SelfMark,
)
from reviews.scoring import Criterion, Piece, Score, rounded, score

#: The terms are kept from here on.
KEPT = (RoundState.DECISION, RoundState.LOCKED)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of one member: the terms behind it or the marks, and what it earned of its weight.

    The marks of colleagues go by size: their order tells nobody who gave which.
    """

    criterion: ScoreCriterion
    terms: list[Term]
    self_mark: Decimal | None
    colleagues: list[Decimal]
    mark: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score of one member with everything it is made of."""

    evaluation: Evaluation
    lines: list[Line]
    score: Score

    @property
    def total(self) -> Decimal | None:
        """Return the total of 100; None while nothing counts."""
        return self.score.total


def sheets_of(
    row: EvaluationRound, evaluations: Sequence[Evaluation], *, today: dt.date, with_colleagues: bool = True
) -> list[Sheet]:
    """Return the sheets of members of one round, in the order given; a fixed number of queries.

    Without colleagues their marks are left out: the person rated reads them once the round is before its meeting.
    """
    criteria = list(row.card.criteria.all())
    terms = _kept(evaluations, criteria) if row.state in KEPT else _live(row, evaluations, today)
    own, others = _self_marks(evaluations), _opinion_marks(evaluations if with_colleagues else ())
    return [_sheet(e, criteria, terms.get(e.person_id, {}), own[e.pk], others[e.pk]) for e in evaluations]


def _sheet(
    evaluation: Evaluation,
    criteria: Sequence[ScoreCriterion],
    terms: dict[str, list[Term]],
    own: dict[int, Decimal],
    others: dict[int, list[Decimal]],
) -> Sheet:
    marks = {c.pk: _mark(own.get(c.pk), others.get(c.pk, [])) for c in criteria if not c.computed}
    weighed = score([_criterion(c, terms, marks) for c in criteria])
    lines = [
        Line(
            criterion=c,
            terms=terms.get(c.kind, []) if c.computed else [],
            self_mark=own.get(c.pk),
            colleagues=sorted(others.get(c.pk, [])),
            mark=marks.get(c.pk),
            points=None if line.points is None else rounded(line.points),
        )
        for c, line in zip(criteria, weighed.lines, strict=True)
    ]
    return Sheet(evaluation, lines, weighed)


def _criterion(c: ScoreCriterion, terms: dict[str, list[Term]], marks: dict[int, Decimal | None]) -> Criterion:
    pieces = tuple(term.piece for term in terms.get(c.kind, ())) if c.computed else ()
    return Criterion(str(c.pk), c.weight, c.computed, pieces, marks.get(c.pk))


def _mark(own: Decimal | None, others: Collection[Decimal]) -> Decimal | None:
    """Return the mark that counts: the mean of the colleagues', else the person's own."""
    return sum(others, Decimal(0)) / len(others) if others else own


def _live(row: EvaluationRound, evaluations: Sequence[Evaluation], today: dt.date) -> Terms:
    return register_terms(row, [e.person_id for e in evaluations], today=today)


def _kept(evaluations: Sequence[Evaluation], criteria: Sequence[ScoreCriterion]) -> Terms:
    kinds, people = {c.pk: c.kind for c in criteria}, {e.pk: e.person_id for e in evaluations}
    found: Terms = {person: defaultdict(list) for person in people.values()}
    for term in EvaluationTerm.objects.filter(evaluation__in=people):
        piece = Piece(done=term.done, delays=term.delays, returns=term.returns)
        told = Term(term.label, piece, term.excused, term.deadline_id, term.due_on)
        found[people[term.evaluation_id]][kinds[term.criterion_id]].append(told)
    return found


def _self_marks(evaluations: Sequence[Evaluation]) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for mark in SelfMark.objects.filter(evaluation__in=evaluations):
        found[mark.evaluation_id][mark.criterion_id] = mark.mark
    return found


def _opinion_marks(evaluations: Sequence[Evaluation]) -> dict[int, dict[int, list[Decimal]]]:
    found: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    rows = OpinionMark.objects.filter(opinion__evaluation__in=evaluations).order_by("pk")
    for evaluation, criterion, mark in rows.values_list("opinion__evaluation_id", "criterion_id", "mark"):
        found[evaluation][criterion].append(mark)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a colleague said, as the page may show it: the name only where the reader may know it."""

    words: str
    author: str


def opinions_of(evaluation: Evaluation, *, names: bool) -> list[Said]:
    """Return the opinions in words on a member; without `names` in the order of the words, which tells nothing."""
    rows = EvaluationOpinion.objects.filter(evaluation=evaluation).exclude(words="").select_related("author")
    found = [Said(row.words, str(row.author) if names else "") for row in rows]
    return found if names else sorted(found, key=lambda said: shortened(said.words))
