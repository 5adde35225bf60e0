"""Score cards: by what the members of a body are evaluated each month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    Body,
    BodyOut,
    acted,
    changes,
    creates,
    lists,
    made,
    offered_or_404,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
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
from reviews.actions import score_cards
from reviews.actions.score_cards import Wanted
from reviews.enums import CriterionKind
from reviews.models import ScoreCard
from reviews.rights import evaluation_units
from units.access import get_visible_or_404
from units.models import User

router = Router(tags=["evaluations"])
RELATED: Final = ("unit", "approved_by")
MOST_CRITERIA: Final = 30
Weight = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]


class ScoreCriterionOut(Schema):
    """One weighted criterion of a card."""

    id: int
    ordinal: int
    name: str
    weight: Decimal = Field(description="Of 100.")
    kind: CriterionKind


class ScoreCardOut(Schema):
    """A score card: by what the members of a body are scored from a month on."""

    id: int
    version: int
    unit: UnitRef
    body: BodyOut
    month: dt.date = Field(description="The first day of the month from which it is in force.")
    names_shown: bool = Field(description="The person rated sees who gave an opinion.")
    approved_at: dt.datetime | None = Field(description="Null: a draft.")
    approved_by: PersonRef | None
    criteria: list[ScoreCriterionOut]


class ScoreCardQuery(PageQuery):
    """Which score cards."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST)] = None


class NewScoreCriterion(Sent):
    """One weighted criterion; a computed one takes its points from the register."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    weight: Weight = Field(description="Of 100.")
    kind: CriterionKind = Field(
        default=CriterionKind.JUDGED, description="Judged by people, or computed from the register."
    )


class ScoreCardFacts(Sent):
    """From which month (its first day) and by what members are scored; weights are 100 in all."""

    month: Day = Field(description="Any day of the month from which it is in force; the first is kept.")
    names_shown: Switch = Field(default=False, description="The person rated sees who gave an opinion.")
    criteria: Annotated[list[NewScoreCriterion], Field(min_length=1, max_length=MOST_CRITERIA)]

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        wanted = [Wanted(c.name, c.weight, c.kind) for c in self.criteria]
        return {"month": self.month.replace(day=1), "names_shown": self.names_shown, "criteria": wanted}


class NewScoreCard(ScoreCardFacts):
    """A card to write."""

    unit: Id
    body: Body


@lists(router, "/score-cards", ScoreCardOut, "ScoreCardPage", "List score cards")
def card_list(request: Call, asked: Query[ScoreCardQuery]) -> Any:
    """List the score cards of the units whose evaluations you see."""
    rows = ScoreCard.objects.visible_to(request.user).select_related(*RELATED).prefetch_related("criteria")
    return page(request, rows.filter(unit=asked.unit) if asked.unit else rows, asked, ScoreCardOut, _lines)


@shows(router, "/score-cards/{pk}", ScoreCardOut, "Show a score card")
def card(request: Call, pk: Pk) -> Any:
    """Show one score card."""
    return _told(request, pk)


@creates(router, "/score-cards", ScoreCardOut, "Write a score card")
def write_card(request: Call, sent: NewScoreCard) -> Any:
    """Write a card for a body from a month on; a leader approves it."""
    unit = offered_or_404(evaluation_units(request.user, clock.today()), sent.unit)

    def make() -> ScoreCard:
        return score_cards.write_card(unit=unit, body=sent.body, by=request.user, **sent.facts())

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/score-cards/{pk}/change", ScoreCardOut, "Change a score card")
def change_card(request: Call, pk: Pk, sent: ScoreCardFacts) -> Any:
    """Change a card that nobody has approved yet."""

    def act(row: ScoreCard) -> None:
        version = seen_number(request, row.version)
        score_cards.change_card(card=row, by=request.user, version=version, **sent.facts())

    return acted(request, lambda: act(_visible(request.user, pk)), lambda: _told(request, pk))


@changes(router, "/score-cards/{pk}/approve", ScoreCardOut, "Approve a score card")
def approve_card(request: Call, pk: Pk) -> Any:
    """Approve a card: it is in force from its month, and stays as it is."""

    def act(row: ScoreCard) -> None:
        score_cards.approve_card(card=row, by=request.user, version=seen_number(request, row.version))

    return acted(request, lambda: act(_visible(request.user, pk)), lambda: _told(request, pk))


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, ScoreCardOut, _lines([row])[0], row.version, status)


def _visible(user: User, pk: int) -> ScoreCard:
    rows = ScoreCard.objects.select_related(*RELATED, "created_by").prefetch_related("criteria")
    found: ScoreCard = get_visible_or_404(rows, user, pk)
    return found


def _lines(rows: Sequence[ScoreCard]) -> list[dict[str, Any]]:
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
