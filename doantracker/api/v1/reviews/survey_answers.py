"""What units say in a survey."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Seen, creates, lists, made, plain_of, wrong
from doantracker.api.v1.answers import PageQuery, done, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Figure, Id, Pk, Sent, Text, UnitRef, unit_ref
from plans.enums import Outlook
from reviews.actions import survey_answers
from reviews.actions.survey_answers import GREATEST_COUNT, Said, UnitSaid
from reviews.actions.surveys import MOST_QUESTIONS
from reviews.models import SurveyUnit
from reviews.models.survey import LONGEST_NOTE
from reviews.views.surveys import visible_survey

router = Router(tags=["surveys and commendations"])
MOST_ROWS: Final = 500


class SurveyAnswerOut(Schema):
    """What a unit said of one indicator."""

    question: int
    completion: Decimal | None = Field(description="In the measure of the question; null: not told.")
    outlook: Outlook | None
    note: str


class UnitAnswersOut(Schema):
    """What one unit said."""

    id: int
    unit: UnitRef
    version: int
    complete: bool = Field(description="It has answered everything.")
    ideas_supported: int | None = Field(description="Ideas of young people that were supported; null: not given.")
    ideas_commended: int | None = Field(description="Ideas that were commended; null: not given.")
    answered_at: dt.datetime | None
    answers: list[SurveyAnswerOut]


class SavedOut(Schema):
    """How many units were changed."""

    changed: int


class SurveyAnswerIn(Sent):
    """What is said of one indicator; nothing at all takes the answer back. Without `note` the note stays."""

    question: Id
    completion: Annotated[Figure | None, Field(ge=0)] = Field(
        default=None, description="In the measure of the question."
    )
    outlook: Outlook | None = Field(default=None, description="Whether the target will be reached.")
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] | None = None


Count = Annotated[int, Field(ge=0, le=GREATEST_COUNT, strict=True)]


class SurveyIdeas(Sent):
    """Ideas of young people that were supported and commended; null: not given."""

    supported: Count | None = None
    commended: Count | None = None


class UnitAnswersIn(Sent):
    """What one unit says, in the version seen. Without `ideas` the counts stay."""

    unit: Id = Field(description="The id of the unit that answers.")
    version: Seen
    answers: Annotated[list[SurveyAnswerIn], Field(max_length=MOST_QUESTIONS)] = Field(default_factory=list)
    ideas: SurveyIdeas | None = None

    def said(self) -> UnitSaid:
        """Return it as the act takes it."""
        answers = {a.question: Said(a.completion, a.outlook or "", a.note) for a in self.answers}
        ideas = (self.ideas.supported, self.ideas.commended) if self.ideas else None
        return UnitSaid(self.unit, self.version, answers, ideas)


class SurveyAnswers(Sent):
    """What units say; all are saved or none."""

    rows: Annotated[list[UnitAnswersIn], Field(min_length=1, max_length=MOST_ROWS)]


@lists(router, "/surveys/{pk}/answers", UnitAnswersOut, "SurveyAnswersPage", "List the answers to a survey")
def answer_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what the units you see said."""
    row = visible_survey(request.user, pk)
    rows = SurveyUnit.objects.visible_to(request.user).filter(survey=row)
    rows = rows.select_related("unit").prefetch_related("answers")
    return page(request, rows, asked, UnitAnswersOut, lambda found: [_answers(unit) for unit in found])


@creates(router, "/surveys/{pk}/answers", SavedOut, "Answer a survey", 200)
def answer_survey(request: Call, pk: Pk, sent: SurveyAnswers) -> Any:
    """Save what units say, each row in the version seen, all of them or none."""
    row = visible_survey(request.user, pk)
    rows = [given.said() for given in sent.rows]
    questions = set(row.questions.values_list("pk", flat=True))
    twice = len({said.unit_id for said in rows}) < len(rows)
    if twice or not all(questions.issuperset(said.answers) for said in rows):
        raise wrong("rows")

    def make() -> list[SurveyUnit]:
        return survey_answers.answer_survey(survey=row, rows=rows, by=request.user)

    return made(request, make, lambda changed: done({"changed": len(changed)}, SavedOut))


def _answers(row: SurveyUnit) -> dict[str, Any]:
    plain = ("version", "complete", "ideas_supported", "ideas_commended", "answered_at")
    answers = [
        {"question": a.question_id, "completion": a.completion, "outlook": a.outlook or None, "note": a.note}
        for a in row.answers.all()
    ]
    return plain_of(row, plain) | {"unit": unit_ref(row.unit), "answers": answers}
