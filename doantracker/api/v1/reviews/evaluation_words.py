"""What members say of themselves and of colleagues in a month, and what became of shortcomings named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Kept, Words, acted, as_seen, changes, creates, kept, named, plain_of, shows, wrong
from doantracker.api.v1.answers import one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.evaluation_scores import EvaluationOut, evaluation_line, note_reading_of
from doantracker.api.v1.reviews.evaluations import MOST_MEMBERS, Mark
from doantracker.api.v1.reviews.score_cards import MOST_CRITERIA
from doantracker.api.v1.types import Id, Pk, Sent, Switch, Text
from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.models import Deadline, Shortcoming
from reviews.actions import evaluation_words as words_actions
from reviews.actions.evaluation_words import MOST_NAMED, TEXT_LENGTH
from reviews.enums import Recognised, RoundState
from reviews.evaluation_scores import KEPT, opinions_of, sheets_of
from reviews.models import Evaluation, MonthShortcoming
from reviews.rights import may_settle
from reviews.views.evaluation_shared import visible_evaluation
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["evaluations"])
Named = Annotated[Text, Field(min_length=1, max_length=TEXT_LENGTH)]
Shortcomings = Annotated[list[Named], Field(max_length=MOST_NAMED)]


class OpinionOut(Schema):
    """An opinion; `author` is empty where the reader does not see names."""

    words: str
    author: str


class MonthShortcomingOut(Schema):
    """A shortcoming that was recognised or named in a month."""

    id: int | None = Field(description="Null of what was named of you: ids tell who was first.")
    source: Recognised
    text: str
    answer: str = Field(description="What the person says was done.")
    remedied: bool | None = Field(description="Null: not settled, or told by `deadline` or `shortcoming`.")
    deadline: int | None = Field(description="The deadline that tells whether it is remedied.")
    shortcoming: int | None = Field(description="The shortcoming of the ledger that tells it.")


class WholeEvaluationOut(EvaluationOut):
    """One member in one month, with what was said."""

    self_words: str
    opinions: list[OpinionOut]
    shortcomings: list[MonthShortcomingOut]
    last_month: list[MonthShortcomingOut]


class GivenMark(Sent):
    """The mark by a judged criterion."""

    criterion: Id = Field(description="The id of a judged criterion of the card.")
    mark: Mark = Field(description="0 to 100.")


class RemedyAnswer(Sent):
    """What was done about a shortcoming of last month."""

    shortcoming: Id = Field(description="The id of a shortcoming of last month.")
    text: Annotated[Text, Field(max_length=500)]


Marks = Annotated[list[GivenMark], Field(max_length=MOST_CRITERIA)]


class ColleagueOpinion(Sent):
    """What you say of a colleague. Said anew, it replaces what you said before."""

    marks: Marks = Field(default_factory=list, description="By judged criteria of the card; those not named get none.")
    words: Words = ""
    shortcomings: Shortcomings = Field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        marks = {given.criterion: given.mark for given in self.marks}
        return {"marks": marks, "words": self.words, "shortcomings": self.shortcomings}


class SelfScore(ColleagueOpinion):
    """What you say of yourself: a mark by each judged criterion."""

    answers: Annotated[list[RemedyAnswer], Field(max_length=MOST_MEMBERS)] = Field(default_factory=list)


class RemedySettled(Sent):
    """How it stands, in one way: remedied or not, or the deadline or shortcoming of the ledger that will tell."""

    remedied: Switch | None = None
    deadline: Id | None = Field(
        default=None, description="The id of a deadline that counts for the person in the month after."
    )
    shortcoming: Id | None = Field(
        default=None, description="The id of a shortcoming of the ledger with the person's name."
    )


@shows(router, "/evaluations/{pk}", WholeEvaluationOut, "Read the month of a member")
def evaluation(request: Call, pk: Pk) -> Any:
    """Show one member's month: your own, or with the right to see them. Reading another's is logged."""
    found, user = visible_evaluation(request.user, pk), request.user
    row = found.round
    own = found.person_id == user.pk
    hides = own and row.state not in KEPT  # what colleagues say reaches the person once they are done
    (sheet,) = sheets_of(row, [found], today=clock.today(), with_colleagues=not hides)
    note_reading_of(user, row, [found])
    names = row.card.names_shown or not own
    notes = found.shortcomings.all()
    waits = hides and row.state == RoundState.SELF and not found.self_at
    facts = evaluation_line(sheet, user) | {
        "self_words": found.self_words,
        "opinions": [] if hides else [{"words": s.words, "author": s.author} for s in opinions_of(found, names=names)],
        "shortcomings": _notes([n for n in notes if not hides or n.author_id == user.pk], numbered=not own),
        "last_month": [] if waits else _notes(words_actions.last_month(row, found.person_id)),
    }
    return one(request, WholeEvaluationOut, facts, found.version)


@changes(router, "/evaluations/{pk}/self", Kept, "Score yourself")
def score_self(request: Call, pk: Pk, sent: SelfScore) -> Any:
    """Score yourself by every judged criterion, until opinions are asked for."""

    def act() -> None:
        found = visible_evaluation(request.user, pk)
        require(found.person_id == request.user.pk)
        answers = {given.shortcoming: given.text for given in sent.answers}
        version = seen_number(request, found.version)
        words_actions.score_self(evaluation=found, by=request.user, version=version, answers=answers, **sent.facts())

    return acted(request, act, lambda: kept(request, visible_evaluation(request.user, pk)))


@creates(router, "/evaluations/{pk}/opinion", Kept, "Give an opinion on a colleague", 200)
def give_opinion(request: Call, pk: Pk, sent: ColleagueOpinion) -> Any:
    """Say something of a colleague: marks, words, shortcomings. The answer names the evaluation and no more."""
    rows = Evaluation.objects.colleagues_of(request.user).select_related("round__unit", "round__card")
    found: Evaluation = get_object_or_404(rows, pk=pk)

    def act() -> None:
        words_actions.give_opinion(evaluation=found, by=request.user, **sent.facts())

    return acted(request, act, lambda: one(request, Kept, {"id": found.pk, "version": 0}, 0))


@changes(router, "/month-shortcomings/{pk}/settle", Kept, "Say whether a shortcoming is remedied")
def settle(request: Call, pk: Pk, sent: RemedySettled) -> Any:
    """Say how a shortcoming of a month stands, in one way. If-Match: the ETag of the evaluation it was named in."""

    def act() -> None:
        related = ("evaluation__person", "evaluation__round__unit")
        note: MonthShortcoming = get_visible_or_404(
            MonthShortcoming.objects.select_related(*related), request.user, pk
        )
        found = note.evaluation
        require(may_settle(request.user, found.round.unit, found.person_id))
        versions = Evaluation.objects.filter(pk=found.pk).values_list("version", flat=True)
        as_seen(request, found.round, lambda _held: versions.get())
        words_actions.settle(note=note, by=request.user, **_way(request.user, found, sent))

    return acted(request, act, lambda: one(request, Kept, {"id": pk, "version": 0}, 0))


def _notes(rows: Iterable[MonthShortcoming], *, numbered: bool = True) -> list[dict[str, Any]]:
    """Return shortcomings in the order of their words: not by who was first."""
    plain = ("source", "text", "answer", "remedied")
    return [
        {
            **plain_of(row, plain),
            "id": row.pk if numbered else None,
            "deadline": row.deadline_id,
            "shortcoming": row.shortcoming_id,
        }
        for row in sorted(rows, key=lambda note: str(note.text))
    ]


def _way(user: User, found: Evaluation, sent: RemedySettled) -> dict[str, Any]:
    """Return how a shortcoming stands, in the one way that was said; only records that the page offers too."""
    if sum(value is not None for value in (sent.remedied, sent.deadline, sent.shortcoming)) != 1:
        raise wrong("remedied")
    if sent.deadline is not None:
        return {"deadline": named(_counting(found), sent.deadline, "deadline")}
    if sent.shortcoming is not None:
        ledger = Shortcoming.objects.visible_to(user).filter(
            person=found.person_id, plan__status=PlanStatus.PUBLISHED, merged_into__isnull=True
        )
        return {"shortcoming": named(ledger, sent.shortcoming, "shortcoming")}
    return {"remedied": sent.remedied}


def _counting(found: Evaluation) -> Any:
    """Return the deadlines that count for the person in the first month evaluated after this one."""
    later = Evaluation.objects.filter(
        person=found.person_id,
        round__unit=found.round.unit_id,
        round__body=found.round.body,
        round__month__gt=found.round.month,
    )
    following = later.select_related("round__unit", "round__card", "person").order_by("round__month").first()
    if following is None:
        return Deadline.objects.none()
    (sheet,) = sheets_of(following.round, [following], today=clock.today())
    keys = [term.deadline for line in sheet.lines for term in line.terms if term.deadline]
    return Deadline.objects.filter(pk__in=keys)
