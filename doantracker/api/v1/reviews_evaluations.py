"""Monthly evaluations: score cards, rounds, scores, opinions, decisions, the year.

Whoever reads an evaluation of somebody else is logged, as on the pages. Acts answer what they were about and nothing
of what was said: an answer is kept for calls that come again, and no score may lie there. Webhooks hear of nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews_shared import (
    Body,
    Kept,
    SomeWords,
    Words,
    Year,
    acted,
    as_seen,
    changes,
    creates,
    named,
    offered_or_404,
    plain_of,
    wrong,
)
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Id,
    PersonRef,
    Pk,
    Sent,
    Switch,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.models import Deadline, Shortcoming
from reviews.actions import evaluation_words as words_actions
from reviews.actions import evaluations as actions
from reviews.actions import score_cards
from reviews.actions.evaluation_words import MOST_NAMED, TEXT_LENGTH
from reviews.actions.evaluations import note_reading
from reviews.actions.ratings import rate_year
from reviews.actions.score_cards import Wanted
from reviews.enums import BODY_CHOICES, CriterionKind, RatingLevel, Recognised, RoundState
from reviews.evaluation_register import month_end
from reviews.evaluation_scores import KEPT, Sheet, opinions_of, sheets_of
from reviews.models import (
    Evaluation,
    EvaluationOpinion,
    EvaluationRound,
    Meeting,
    MonthShortcoming,
    ScoreCard,
    YearRating,
)
from reviews.ratings import YearLine, year_lines
from reviews.rights import (
    evaluation_units,
    may_decide_evaluations,
    may_run_evaluations,
    may_see_evaluations,
    may_settle,
)
from reviews.views.evaluation_shared import visible_evaluation, visible_round
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["evaluations"])
RELATED_OF_CARD: Final = ("unit", "approved_by")
RELATED_OF_ROUND: Final = ("unit", "card", "meeting", "locked_by")
BODIES: Final = dict(BODY_CHOICES)
MOST_CRITERIA: Final = 30
MOST_MEMBERS: Final = 200

Mark = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Weight = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]
Named = Annotated[Text, Field(min_length=1, max_length=TEXT_LENGTH)]
Shortcomings = Annotated[list[Named], Field(max_length=MOST_NAMED)]


class ScoreCriterionOut(Schema):
    """One weighted criterion of a card."""

    id: int
    ordinal: int
    name: str
    weight: Decimal
    kind: CriterionKind


class ScoreCardOut(Schema):
    """A score card: by what the members of a body are scored from a month on."""

    id: int
    version: int
    unit: UnitRef
    body: str
    month: dt.date
    names_shown: bool = Field(description="The person rated sees who gave an opinion.")
    approved_at: dt.datetime | None
    approved_by: PersonRef | None
    criteria: list[ScoreCriterionOut]


class EvaluationRoundOut(Schema):
    """The evaluation of a body for a month: how far it is. DecidedScores are told by reading the evaluations."""

    id: int
    version: int
    unit: UnitRef
    body: str
    month: dt.date
    card: int | None = Field(description="Null for who sees the own part only.")
    self_by: dt.date
    state: RoundState
    meeting: int | None
    locked_at: dt.datetime | None
    own: int | None = Field(description="Your own evaluation in it.")


class ScoreTermOut(Schema):
    """One piece of work behind a computed criterion."""

    text: str
    due_on: dt.date | None
    done: bool
    delays: int
    returns: int
    excused: bool


class ScoreLineOut(Schema):
    """What a criterion earned; null points: it does not count this month."""

    criterion: int
    name: str
    weight: Decimal
    points: Decimal | None
    mark: Decimal | None
    self_mark: Decimal | None
    colleagues: list[Decimal] = Field(description="By size: the order tells nothing.")
    terms: list[ScoreTermOut]


class OpinionOut(Schema):
    """An opinion; `author` is empty where the reader does not see names."""

    words: str
    author: str


class MonthShortcomingOut(Schema):
    """A shortcoming that was recognised or named in a month."""

    id: int | None = Field(description="Null of what was named of you: ids tell who was first.")
    source: Recognised
    text: str
    answer: str
    remedied: bool | None
    deadline: int | None
    shortcoming: int | None


class EvaluationOut(Schema):
    """One member in one month, with the sum behind the score."""

    id: int
    version: int
    round: int
    person: PersonRef
    post: str
    self_at: dt.datetime | None
    total: Decimal | None
    proposed: Decimal | None
    decided: Decimal | None
    reason: str
    lines: list[ScoreLineOut]


class WholeEvaluationOut(EvaluationOut):
    """One member in one month, with what was said."""

    self_words: str
    opinions: list[OpinionOut]
    shortcomings: list[MonthShortcomingOut]
    last_month: list[MonthShortcomingOut]


class ScoresOut(Schema):
    """The members of a round with their scores."""

    round: int
    version: int
    items: list[EvaluationOut]


class ColleagueOut(Schema):
    """A colleague on whom you may speak; nothing of the score."""

    evaluation: int
    person: PersonRef
    post: str
    given: bool


class ColleaguesOut(Schema):
    """The colleagues of a round."""

    round: int
    version: int
    items: list[ColleagueOut]


class MonthScoreOut(Schema):
    """The decided score of a month."""

    month: int
    score: Decimal


class EvaluationYearLineOut(Schema):
    """One member in a year: the locked months, what the rules propose, what was decided."""

    person: PersonRef
    months: list[MonthScoreOut]
    mean: Decimal | None
    proposed: RatingLevel | None
    level: RatingLevel | None
    reason: str
    version: int = Field(description="Of the rating; 0: none yet.")


class EvaluationYearOut(Schema):
    """The members of a body in a year."""

    unit: int
    body: str
    year: int
    items: list[EvaluationYearLineOut]


class ScoreCardQuery(PageQuery):
    """Which score cards."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST)] = None


class EvaluationRoundQuery(PageQuery):
    """Which months."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST)] = None
    state: RoundState | None = None


class EvaluationYearQuery(Schema):
    """Whose year."""

    unit: Annotated[int, Field(ge=1, le=GREATEST)]
    body: Annotated[str, Field(max_length=30)]
    year: Annotated[int, Field(ge=1900, le=2200)]


class NewScoreCriterion(Sent):
    """One weighted criterion; a computed one takes its points from the register."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    weight: Weight
    kind: CriterionKind = CriterionKind.JUDGED


class ScoreCardFacts(Sent):
    """From which month (its first day) and by what members are scored; weights are 100 in all."""

    month: Day
    names_shown: Switch = False
    criteria: Annotated[list[NewScoreCriterion], Field(min_length=1, max_length=MOST_CRITERIA)]

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        wanted = [Wanted(c.name, c.weight, c.kind) for c in self.criteria]
        return {"month": self.month.replace(day=1), "names_shown": self.names_shown, "criteria": wanted}


class NewScoreCard(ScoreCardFacts):
    """A card to write."""

    unit: Id
    body: Body


class NewEvaluationRound(Sent):
    """The month (its first day) of a body, and by when members score themselves."""

    unit: Id
    body: Body
    month: Day
    self_by: Day


class DecidingMeeting(Sent):
    """The meeting that decides."""

    meeting: Id


class DecidedScore(Sent):
    """The score decided; where it differs from the proposed one, why."""

    evaluation: Id
    score: Mark
    reason: Annotated[Text, Field(max_length=1000)] = ""


class DecidedScores(Sent):
    """What the meeting decided. Who is not named stays as it is."""

    scores: Annotated[list[DecidedScore], Field(min_length=1, max_length=MOST_MEMBERS)]


class RoundReopened(Sent):
    """Why."""

    reason: SomeWords


class GivenMark(Sent):
    """The mark by a judged criterion."""

    criterion: Id
    mark: Mark


class RemedyAnswer(Sent):
    """What was done about a shortcoming of last month."""

    shortcoming: Id
    text: Annotated[Text, Field(max_length=500)]


Marks = Annotated[list[GivenMark], Field(max_length=MOST_CRITERIA)]


class ColleagueOpinion(Sent):
    """What you say of a colleague. Said anew, it replaces what you said before."""

    marks: Marks = Field(default_factory=list)
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
    deadline: Id | None = None
    shortcoming: Id | None = None


class NewRating(Sent):
    """The rating of a member for a year, in the version seen."""

    unit: Id
    body: Body
    year: Year
    person: Id
    level: RatingLevel
    beyond: Mark = Decimal(0)
    disciplined: Switch = False
    reason: Words = ""
    version: Annotated[int, Field(ge=0, lt=10**9, strict=True)] = 0


# --- score cards ---


@router.get("/score-cards", response=reads(page_of(ScoreCardOut, "ScoreCardPage")), summary="Score cards")
def card_list(request: Call, asked: Query[ScoreCardQuery]) -> Any:
    """List the score cards of the units whose evaluations you see."""
    rows = ScoreCard.objects.visible_to(request.user).select_related(*RELATED_OF_CARD).prefetch_related("criteria")
    return page(request, rows.filter(unit=asked.unit) if asked.unit else rows, asked, ScoreCardOut, _card_lines)


@router.get("/score-cards/{pk}", response=reads_one(ScoreCardOut), summary="One score card")
def card(request: Call, pk: Pk) -> Any:
    """Show one score card."""
    return _card(request, pk)


@creates(router, "/score-cards", ScoreCardOut, "Write a score card")
def write_card(request: Call, sent: NewScoreCard) -> Any:
    """Write a card for a body from a month on; a leader approves it."""
    unit = offered_or_404(evaluation_units(request.user, clock.today()), sent.unit)
    made: list[ScoreCard] = []

    def act() -> None:
        made.append(score_cards.write_card(unit=unit, body=sent.body, by=request.user, **sent.facts()))

    return acted(request, act, lambda: _card(request, made[0].pk, 201))


@changes(router, "/score-cards/{pk}/change", ScoreCardOut, "Change a score card")
def change_card(request: Call, pk: Pk, sent: ScoreCardFacts) -> Any:
    """Change a card that nobody has approved yet."""

    def act(row: ScoreCard) -> None:
        version = seen_number(request, row.version)
        score_cards.change_card(card=row, by=request.user, version=version, **sent.facts())

    return acted(request, lambda: act(_visible_card(request.user, pk)), lambda: _card(request, pk))


@changes(router, "/score-cards/{pk}/approve", ScoreCardOut, "Approve a score card")
def approve_card(request: Call, pk: Pk) -> Any:
    """Approve a card: it is in force from its month, and stays as it is."""

    def act(row: ScoreCard) -> None:
        score_cards.approve_card(card=row, by=request.user, version=seen_number(request, row.version))

    return acted(request, lambda: act(_visible_card(request.user, pk)), lambda: _card(request, pk))


# --- rounds ---


@router.get(
    "/evaluation-rounds",
    response=reads(page_of(EvaluationRoundOut, "EvaluationRoundPage")),
    summary="Monthly evaluations",
)
def round_list(request: Call, asked: Query[EvaluationRoundQuery]) -> Any:
    """List the months whose evaluations you see, and those in which you are evaluated. No scores."""
    rows = EvaluationRound.objects.visible_to(request.user).select_related(*RELATED_OF_ROUND)
    wanted = {name: value for name, value in (("unit", asked.unit), ("state", asked.state)) if value}
    return page(
        request, rows.filter(**wanted), asked, EvaluationRoundOut, lambda found: _round_lines(request.user, found)
    )


@router.get("/evaluation-rounds/{pk}", response=reads_one(EvaluationRoundOut), summary="One monthly evaluation")
def evaluation_round(request: Call, pk: Pk) -> Any:
    """Show how far a month is; its ETag is needed to take it on."""
    row = visible_round(request.user, pk)
    return one(request, EvaluationRoundOut, _round_lines(request.user, [row])[0], row.version)


@router.get("/evaluation-rounds/{pk}/evaluations", response=reads_one(ScoresOut), summary="Scores of a month")
def evaluations(request: Call, pk: Pk) -> Any:
    """Show every member's score with the sum behind it, to who has the right. The reading is logged."""
    row = visible_round(request.user, pk)
    require(may_see_evaluations(request.user, row.unit))
    found = list(row.evaluations.select_related("person").order_by("pk"))
    _note(request.user, row, found)
    items = [_evaluation_line(sheet, request.user) for sheet in _sheets(row, found, request.user)]
    return one(request, ScoresOut, {"round": row.pk, "version": row.version, "items": items}, row.version)


@router.get(
    "/evaluation-rounds/{pk}/colleagues", response=reads_one(ColleaguesOut), summary="Colleagues to say something of"
)
def colleagues(request: Call, pk: Pk) -> Any:
    """Show the colleagues on whom you may give an opinion, to members of the body."""
    row = visible_round(request.user, pk)
    require(row.evaluations.filter(person=request.user).exists())
    own = EvaluationOpinion.objects.filter(evaluation__round=row, author=request.user)
    given = set(own.values_list("evaluation_id", flat=True))
    others = row.evaluations.exclude(person=request.user).select_related("person").order_by("pk")
    items = [
        {"evaluation": e.pk, "person": person_ref(e.person), "post": e.post, "given": e.pk in given} for e in others
    ]
    return one(request, ColleaguesOut, {"round": row.pk, "version": row.version, "items": items}, row.version)


@creates(router, "/evaluation-rounds", Kept, "Open a month")
def open_round(request: Call, sent: NewEvaluationRound) -> Any:
    """Open the evaluation of a body for a month."""
    unit = offered_or_404(evaluation_units(request.user, clock.today()), sent.unit)
    made: list[EvaluationRound] = []

    def act() -> None:
        month = sent.month.replace(day=1)
        made.append(actions.open_round(unit=unit, body=sent.body, month=month, self_by=sent.self_by, by=request.user))

    return acted(request, act, lambda: _kept(request, made[0], 201))


@changes(router, "/evaluation-rounds/{pk}/ask-opinions", Kept, "Ask for opinions")
def ask_opinions(request: Call, pk: Pk) -> Any:
    """End the self scores and let colleagues speak."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_run_evaluations(request.user, row.unit))
        actions.ask_opinions(row=row, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/put-before-meeting", Kept, "Put a month before its meeting")
def put_before_meeting(request: Call, pk: Pk, sent: DecidingMeeting) -> Any:
    """End the opinions: the meeting decides about the proposed scores."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_run_evaluations(request.user, row.unit))
        days = {"event__cancelled": False, "event__day__gte": month_end(row.month)}
        rows = Meeting.objects.filter(unit=row.unit, body=row.body, **days)
        meeting = named(rows.select_related("event"), sent.meeting, "meeting")
        actions.put_before_meeting(row=row, meeting=meeting, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/decide", Kept, "Record decided scores")
def decide(request: Call, pk: Pk, sent: DecidedScores) -> Any:
    """Record what the meeting decided of each member."""
    scores = {given.evaluation: (given.score, given.reason) for given in sent.scores}

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        if not set(scores) <= set(row.evaluations.values_list("pk", flat=True)):
            raise wrong("scores")
        actions.decide_scores(row=row, scores=scores, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/lock", Kept, "Lock a month")
def lock(request: Call, pk: Pk) -> Any:
    """Lock the month: nothing changes any more."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        actions.lock_round(row=row, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/reopen", Kept, "Open a month again")
def reopen(request: Call, pk: Pk, sent: RoundReopened) -> Any:
    """Open a locked month again, with a reason."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        actions.reopen_round(row=row, by=request.user, version=version, reason=sent.reason)

    return _on_round(request, pk, act)


# --- one member ---


@router.get("/evaluations/{pk}", response=reads_one(WholeEvaluationOut), summary="One member's month")
def evaluation(request: Call, pk: Pk) -> Any:
    """Show one member's month: your own, or with the right to see them. Reading another's is logged."""
    found, user = visible_evaluation(request.user, pk), request.user
    row = found.round
    own = found.person_id == user.pk
    hides = own and row.state not in KEPT  # what colleagues say reaches the person once they are done
    (sheet,) = sheets_of(row, [found], today=clock.today(), with_colleagues=not hides)
    _note(user, row, [found])
    names = row.card.names_shown or not own
    notes = found.shortcomings.all()
    waits = hides and row.state == RoundState.SELF and not found.self_at
    facts = _evaluation_line(sheet, user) | {
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

    return acted(request, act, lambda: _kept(request, visible_evaluation(request.user, pk)))


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


# --- the year ---


@router.get("/evaluation-years", response=reads_one(EvaluationYearOut), summary="The year of the members")
def year(request: Call, asked: Query[EvaluationYearQuery]) -> Any:
    """Show the locked months of a body in a year, member by member. The reading is logged."""
    rounds = EvaluationRound.objects.seen_whole_by(request.user).filter(unit=asked.unit, body=asked.body)
    require(asked.body in BODIES and rounds.exists())
    unit = Unit.objects.get(pk=asked.unit)
    lines = year_lines(unit, asked.body, asked.year)
    _note_year(request.user, unit, asked.body, asked.year)
    facts: dict[str, Any] = {
        "unit": unit.pk,
        "body": asked.body,
        "year": asked.year,
        "items": [_year_line(line) for line in lines],
    }
    return one(request, EvaluationYearOut, facts, asked.year)


@creates(router, "/year-ratings", Kept, "Rate a member for a year", 200)
def rate(request: Call, sent: NewRating) -> Any:
    """Record the rating of a member; where it differs from the proposed one, why."""
    unit = get_object_or_404(Unit, pk=sent.unit)
    require(may_decide_evaluations(request.user, unit) and sent.body in BODIES)
    evaluated = Evaluation.objects.filter(round__unit=unit, round__body=sent.body, round__month__year=sent.year)
    person: User = get_object_or_404(User, pk=sent.person, pk__in=evaluated.order_by().values("person"))
    made: list[YearRating] = []

    def act() -> None:
        facts = sent.model_dump(exclude={"unit", "person"})
        made.append(rate_year(unit=unit, person=person, by=request.user, **facts))

    return acted(request, act, lambda: _kept(request, made[0]))


def _on_round(request: Call, pk: int, act: Callable[[EvaluationRound, int], None]) -> Any:
    def run() -> None:
        row = visible_round(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _kept(request, visible_round(request.user, pk)))


def _kept(request: Call, row: Any, status: int = 200) -> Any:
    return one(request, Kept, {"id": row.pk, "version": row.version}, row.version, status)


def _card(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_card(request.user, pk)
    return one(request, ScoreCardOut, _card_lines([row])[0], row.version, status)


def _visible_card(user: User, pk: int) -> ScoreCard:
    rows = ScoreCard.objects.select_related(*RELATED_OF_CARD, "created_by").prefetch_related("criteria")
    found: ScoreCard = get_visible_or_404(rows, user, pk)
    return found


def _card_lines(rows: Sequence[ScoreCard]) -> list[dict[str, Any]]:
    plain = ("version", "body", "month", "names_shown", "approved_at")
    of_criterion = ("ordinal", "name", "weight", "kind")
    return [
        {
            **plain_of(row, plain),
            "unit": unit_ref(row.unit),
            "approved_by": person_ref(row.approved_by),
            "criteria": [plain_of(criterion, of_criterion) for criterion in row.criteria.all()],
        }
        for row in rows
    ]


def _round_lines(user: User, rows: Sequence[EvaluationRound]) -> list[dict[str, Any]]:
    own = Evaluation.objects.filter(person=user, round__in=[row.pk for row in rows])
    mine = dict(own.values_list("round_id", "pk"))
    plain = ("version", "body", "month", "self_by", "state", "locked_at")
    return [
        {
            **plain_of(row, plain),
            "unit": unit_ref(row.unit),
            "card": row.card_id if may_see_evaluations(user, row.unit) else None,
            "meeting": row.meeting_id,
            "own": mine.get(row.pk),
        }
        for row in rows
    ]


def _sheets(row: EvaluationRound, found: list[Evaluation], user: User) -> list[Sheet]:
    """Return the sheets, one's own without what colleagues say until they are done; as the page of the round does."""
    if row.state in KEPT:
        return sheets_of(row, found, today=clock.today())
    others = [e for e in found if e.person_id != user.pk]
    own = [e for e in found if e.person_id == user.pk]
    sheets = sheets_of(row, others, today=clock.today())
    sheets += sheets_of(row, own, today=clock.today(), with_colleagues=False) if own else []
    return sorted(sheets, key=lambda sheet: sheet.evaluation.pk)


def _evaluation_line(sheet: Sheet, user: User) -> dict[str, Any]:
    """Return a member's score; what is decided reaches the member when the month is locked."""
    found = sheet.evaluation
    row = found.round
    shows = row.state == RoundState.LOCKED or found.person_id != user.pk
    return {
        **plain_of(found, ("version", "post", "self_at", "proposed")),
        "round": row.pk,
        "person": person_ref(found.person),
        "total": sheet.total,
        "decided": found.decided if shows else None,
        "reason": found.reason if shows else "",
        "lines": [_line(line) for line in sheet.lines],
    }


def _line(line: Any) -> dict[str, Any]:
    terms = [
        {
            "text": term.label,
            "due_on": term.due_on,
            "done": term.piece.done,
            "delays": term.piece.delays,
            "returns": term.piece.returns,
            "excused": term.excused,
        }
        for term in line.terms
    ]
    plain = ("points", "mark", "self_mark", "colleagues")
    own = {"criterion": line.criterion.pk, "name": line.criterion.name, "weight": line.criterion.weight}
    return own | {name: getattr(line, name) for name in plain} | {"terms": terms}


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


def _note(user: User, row: EvaluationRound, found: Sequence[Evaluation]) -> None:
    note_reading(evaluations=[(e.pk, e.person_id) for e in found], unit=row.unit, label=str(row), by=user)


def _note_year(user: User, unit: Unit, body: str, asked: int) -> None:
    read = Evaluation.objects.filter(round__unit=unit, round__body=body, round__month__year=asked)
    label = f"{BODIES[body]}, {asked}"
    note_reading(evaluations=read.values_list("pk", "person_id"), unit=unit, label=label, by=user)


def _year_line(line: YearLine) -> dict[str, Any]:
    rated = line.rated
    return {
        "person": person_ref(line.person),
        "months": [{"month": month, "score": score} for month, score in sorted(line.scores.items())],
        "mean": line.mean,
        "proposed": line.proposed.code if line.proposed else None,
        "level": rated.level if rated else None,
        "reason": rated.reason if rated else "",
        "version": rated.version if rated else 0,
    }


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
