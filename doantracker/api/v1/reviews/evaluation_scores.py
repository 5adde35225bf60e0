"""Scores of monthly evaluations, with the sum behind each. Whoever reads one of somebody else is logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    plain_of,
    shows,
)
from doantracker.api.v1.answers import one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import PersonRef, Pk, person_ref
from doantracker.lib import clock
from reviews.actions.evaluations import note_reading
from reviews.enums import RoundState
from reviews.evaluation_scores import KEPT, Sheet, sheets_of
from reviews.models import Evaluation, EvaluationRound
from reviews.rights import may_see_evaluations
from reviews.views.evaluation_shared import visible_round
from units.access import require
from units.models import User

router = Router(tags=["evaluations"])


class ScoreTermOut(Schema):
    """One piece of work behind a computed criterion."""

    text: str
    due_on: dt.date | None
    done: bool
    delays: int = Field(description="How often its day was missed without an objective cause.")
    returns: int = Field(description="How often its result was sent back.")
    excused: bool = Field(description="An objective cause is confirmed: it does not count.")


class ScoreLineOut(Schema):
    """What a criterion earned; null points: it does not count this month."""

    criterion: int
    name: str
    weight: Decimal = Field(description="Of 100.")
    points: Decimal | None = Field(description="What it earned of its weight; null: it does not count this month.")
    mark: Decimal | None = Field(
        description="The mark that counts, 0 to 100: the mean of the colleagues', else one's own."
    )
    self_mark: Decimal | None = Field(description="One's own mark, 0 to 100.")
    colleagues: list[Decimal] = Field(description="By size: the order tells nothing.")
    terms: list[ScoreTermOut]


class EvaluationOut(Schema):
    """One member in one month, with the sum behind the score."""

    id: int
    version: int
    round: int
    person: PersonRef
    post: str = Field(description="The title of the post held in that month.")
    self_at: dt.datetime | None = Field(description="When the person scored themselves; null: not yet.")
    total: Decimal | None = Field(description="The sum of the points, 0 to 100; null: nothing counts yet.")
    proposed: Decimal | None = Field(description="The score put before the meeting.")
    decided: Decimal | None = Field(description="The score decided; its person reads it once the month is locked.")
    reason: str = Field(description="Why the decided score differs from the proposed one.")
    lines: list[ScoreLineOut]


class ScoresOut(Schema):
    """The members of a round with their scores."""

    round: int
    version: int
    items: list[EvaluationOut]


@shows(router, "/evaluation-rounds/{pk}/evaluations", ScoresOut, "Read the scores of a month")
def evaluations(request: Call, pk: Pk) -> Any:
    """Show every member's score with the sum behind it, to who has the right. The reading is logged."""
    row = visible_round(request.user, pk)
    require(may_see_evaluations(request.user, row.unit))
    found = list(row.evaluations.select_related("person").order_by("pk"))
    note_reading_of(request.user, row, found)
    items = [evaluation_line(sheet, request.user) for sheet in sheets_shown(row, found, request.user)]
    return one(request, ScoresOut, {"round": row.pk, "version": row.version, "items": items}, row.version)


def sheets_shown(row: EvaluationRound, found: list[Evaluation], user: User) -> list[Sheet]:
    """Return the sheets, one's own without what colleagues say until they are done; as the page of the round does."""
    if row.state in KEPT:
        return sheets_of(row, found, today=clock.today())
    others = [e for e in found if e.person_id != user.pk]
    own = [e for e in found if e.person_id == user.pk]
    sheets = sheets_of(row, others, today=clock.today())
    sheets += sheets_of(row, own, today=clock.today(), with_colleagues=False) if own else []
    return sorted(sheets, key=lambda sheet: sheet.evaluation.pk)


def evaluation_line(sheet: Sheet, user: User) -> dict[str, Any]:
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


def note_reading_of(user: User, row: EvaluationRound, found: Sequence[Evaluation]) -> None:
    """Log that `user` read the evaluations of others among those `found`."""
    note_reading(evaluations=[(e.pk, e.person_id) for e in found], unit=row.unit, label=str(row), by=user)
