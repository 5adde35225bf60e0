"""The year of the members of a body: the locked months, and the ratings."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Body, BodyOut, Kept, Seen, Words, Year, creates, kept, made, named, shows
from doantracker.api.v1.answers import one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.evaluations import Mark
from doantracker.api.v1.types import GREATEST, Id, PersonRef, Sent, Switch, person_ref
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions.evaluations import note_reading
from reviews.actions.ratings import rate_year
from reviews.enums import BODY_CHOICES, RatingLevel
from reviews.models import Evaluation, EvaluationRound, YearRating
from reviews.ratings import YearLine, year_lines
from reviews.rights import may_decide_evaluations
from units.access import require
from units.models import Unit, User

router = Router(tags=["evaluations"])
BODIES: Final = dict(BODY_CHOICES)


class MonthScoreOut(Schema):
    """The decided score of a month."""

    month: int = Field(description="1 to 12.")
    score: Decimal = Field(description="0 to 100.")


class EvaluationYearLineOut(Schema):
    """One member in a year: the locked months, what the rules propose, what was decided."""

    person: PersonRef
    months: list[MonthScoreOut]
    mean: Decimal | None = Field(description="The mean of the decided scores, 0 to 100; null: no month is locked.")
    proposed: RatingLevel | None = Field(description="What the rules come to.")
    level: RatingLevel | None = Field(description="What was decided; null: not yet.")
    reason: str = Field(description="Why it differs from the proposed level.")
    version: int = Field(description="Of the rating; 0: none yet.")


class EvaluationYearOut(Schema):
    """The members of a body in a year."""

    unit: int
    body: BodyOut
    year: int
    items: list[EvaluationYearLineOut]


class EvaluationYearQuery(Schema):
    """Whose year."""

    unit: Annotated[int, Field(ge=1, le=GREATEST)]
    body: Body
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class NewRating(Sent):
    """The rating of a member for a year, in the version seen."""

    unit: Id
    body: Body
    year: Year
    person: Id = Field(description="The id of a member who was evaluated in the year.")
    level: RatingLevel
    beyond: Mark = Field(default=Decimal(0), description="Percent done beyond what was asked, 0 to 100.")
    disciplined: Switch = Field(default=False, description="The person was disciplined in the year.")
    reason: Words = Field(default="", description="Needed where the level differs from the proposed one.")
    version: Seen = 0


@shows(router, "/evaluation-years", EvaluationYearOut, "Read the year of the members of a body")
def year(request: Call, asked: Query[EvaluationYearQuery]) -> Any:
    """Show the locked months of a body in a year, member by member. The reading is logged."""
    rounds = EvaluationRound.objects.seen_whole_by(request.user).filter(unit=asked.unit, body=asked.body)
    require(rounds.exists())
    unit = Unit.objects.get(pk=asked.unit)
    lines = year_lines(unit, asked.body, asked.year)
    _note_year(request.user, unit, asked.body, asked.year)
    facts: dict[str, Any] = {
        "unit": unit.pk,
        "body": asked.body,
        "year": asked.year,
        "items": [_line(line) for line in lines],
    }
    return one(request, EvaluationYearOut, facts, asked.year)


@creates(router, "/year-ratings", Kept, "Rate a member for a year", 200)
def rate(request: Call, sent: NewRating) -> Any:
    """Record the rating of a member; where it differs from the proposed one, why."""
    unit = get_object_or_404(Unit, pk=sent.unit)
    require(may_decide_evaluations(request.user, unit))
    evaluated = Evaluation.objects.filter(round__unit=unit, round__body=sent.body, round__month__year=sent.year)
    person = named(User.objects.filter(pk__in=evaluated.order_by().values("person")), sent.person, "person")

    def make() -> YearRating:
        facts = sent.model_dump(exclude={"unit", "person"})
        return rate_year(unit=unit, person=person, by=request.user, **facts)

    return made(request, make, lambda row: kept(request, row))


def _note_year(user: User, unit: Unit, body: str, asked: int) -> None:
    read = Evaluation.objects.filter(round__unit=unit, round__body=body, round__month__year=asked)
    label = f"{BODIES[body]}, {asked}"
    note_reading(evaluations=read.values_list("pk", "person_id"), unit=unit, label=label, by=user)


def _line(line: YearLine) -> dict[str, Any]:
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
