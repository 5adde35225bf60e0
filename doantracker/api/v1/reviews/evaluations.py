"""Monthly evaluations: rounds taken from step to step, colleagues to speak about, the decision.

Whoever reads an evaluation of somebody else is logged, as on the pages. Acts answer what they were about and nothing
of what was said: an answer is kept for calls that come again, and no score may lie there. Webhooks hear of nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    Body,
    BodyOut,
    Kept,
    SomeWords,
    acted,
    changes,
    creates,
    kept,
    lists,
    made,
    named,
    offered_or_404,
    plain_of,
    shows,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import GREATEST, Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from reviews.actions import evaluations as actions
from reviews.enums import RoundState
from reviews.evaluation_register import month_end
from reviews.models import Evaluation, EvaluationOpinion, EvaluationRound, Meeting
from reviews.rights import evaluation_units, may_decide_evaluations, may_run_evaluations, may_see_evaluations
from reviews.views.evaluation_shared import visible_round
from units.access import require
from units.models import User

router = Router(tags=["evaluations"])
RELATED: Final = ("unit", "card", "meeting", "locked_by")
MOST_MEMBERS: Final = 200
Mark = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class EvaluationRoundOut(Schema):
    """The evaluation of a body for a month: how far it is. Scores are told by reading the evaluations."""

    id: int
    version: int
    unit: UnitRef
    body: BodyOut
    month: dt.date = Field(description="The first day of the month.")
    card: int | None = Field(description="Null for who sees the own part only.")
    self_by: dt.date = Field(description="The last day for scoring oneself.")
    state: RoundState
    meeting: int | None = Field(description="The meeting that decides.")
    locked_at: dt.datetime | None
    own: int | None = Field(description="Your own evaluation in it.")


class ColleagueOut(Schema):
    """A colleague on whom you may speak; nothing of the score."""

    evaluation: int
    person: PersonRef
    post: str = Field(description="The title of the post held in that month.")
    given: bool = Field(description="You have given an opinion on the person.")


class ColleaguesOut(Schema):
    """The colleagues of a round."""

    round: int
    version: int
    items: list[ColleagueOut]


class EvaluationRoundQuery(PageQuery):
    """Which months."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST)] = None
    state: RoundState | None = None


class NewEvaluationRound(Sent):
    """The month (its first day) of a body, and by when members score themselves."""

    unit: Id
    body: Body
    month: Day = Field(description="Any day of the month; the first is kept.")
    self_by: Day = Field(description="The last day for scoring oneself.")


class DecidingMeeting(Sent):
    """The meeting that decides."""

    meeting: Id


class DecidedScore(Sent):
    """The score decided; where it differs from the proposed one, why."""

    evaluation: Id
    score: Mark = Field(description="0 to 100.")
    reason: Annotated[Text, Field(max_length=1000)] = Field(
        default="", description="Needed where it differs from the proposed score."
    )


class DecidedScores(Sent):
    """What the meeting decided. Who is not named stays as it is."""

    scores: Annotated[list[DecidedScore], Field(min_length=1, max_length=MOST_MEMBERS)]


class RoundReopened(Sent):
    """Why."""

    reason: SomeWords


@lists(router, "/evaluation-rounds", EvaluationRoundOut, "EvaluationRoundPage", "List monthly evaluations")
def round_list(request: Call, asked: Query[EvaluationRoundQuery]) -> Any:
    """List the months whose evaluations you see, and those in which you are evaluated. No scores."""
    rows = EvaluationRound.objects.visible_to(request.user).select_related(*RELATED)
    wanted = {name: value for name, value in (("unit", asked.unit), ("state", asked.state)) if value}
    return page(request, rows.filter(**wanted), asked, EvaluationRoundOut, lambda found: _lines(request.user, found))


@shows(router, "/evaluation-rounds/{pk}", EvaluationRoundOut, "Show how far a monthly evaluation is")
def evaluation_round(request: Call, pk: Pk) -> Any:
    """Show how far a month is; its ETag is needed to take it on."""
    row = visible_round(request.user, pk)
    return one(request, EvaluationRoundOut, _lines(request.user, [row])[0], row.version)


@shows(router, "/evaluation-rounds/{pk}/colleagues", ColleaguesOut, "List the colleagues you may speak about")
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


@creates(router, "/evaluation-rounds", Kept, "Open a monthly evaluation")
def open_round(request: Call, sent: NewEvaluationRound) -> Any:
    """Open the evaluation of a body for a month."""
    unit = offered_or_404(evaluation_units(request.user, clock.today()), sent.unit)

    def make() -> EvaluationRound:
        month = sent.month.replace(day=1)
        return actions.open_round(unit=unit, body=sent.body, month=month, self_by=sent.self_by, by=request.user)

    return made(request, make, lambda row: kept(request, row, 201))


@changes(router, "/evaluation-rounds/{pk}/ask-opinions", Kept, "End the self scores and ask for opinions")
def ask_opinions(request: Call, pk: Pk) -> Any:
    """End the self scores and let colleagues speak."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_run_evaluations(request.user, row.unit))
        actions.ask_opinions(row=row, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/put-before-meeting", Kept, "Put a monthly evaluation before its meeting")
def put_before_meeting(request: Call, pk: Pk, sent: DecidingMeeting) -> Any:
    """End the opinions: the meeting decides about the proposed scores."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_run_evaluations(request.user, row.unit))
        days = {"event__cancelled": False, "event__day__gte": month_end(row.month)}
        rows = Meeting.objects.filter(unit=row.unit, body=row.body, **days)
        meeting = named(rows.select_related("event"), sent.meeting, "meeting")
        actions.put_before_meeting(row=row, meeting=meeting, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/decide", Kept, "Record the scores decided in the meeting")
def decide(request: Call, pk: Pk, sent: DecidedScores) -> Any:
    """Record what the meeting decided of each member."""
    scores = {given.evaluation: (given.score, given.reason) for given in sent.scores}

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        if not set(scores) <= set(row.evaluations.values_list("pk", flat=True)):
            raise wrong("scores")
        actions.decide_scores(row=row, scores=scores, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/lock", Kept, "Lock a monthly evaluation")
def lock(request: Call, pk: Pk) -> Any:
    """Lock the month: nothing changes any more."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        actions.lock_round(row=row, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/evaluation-rounds/{pk}/reopen", Kept, "Open a locked month again")
def reopen(request: Call, pk: Pk, sent: RoundReopened) -> Any:
    """Open a locked month again, with a reason."""

    def act(row: EvaluationRound, version: int) -> None:
        require(may_decide_evaluations(request.user, row.unit))
        actions.reopen_round(row=row, by=request.user, version=version, reason=sent.reason)

    return _on_round(request, pk, act)


def _on_round(request: Call, pk: int, act: Callable[[EvaluationRound, int], None]) -> Any:
    def run() -> None:
        row = visible_round(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: kept(request, visible_round(request.user, pk)))


def _lines(user: User, rows: Sequence[EvaluationRound]) -> list[dict[str, Any]]:
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
