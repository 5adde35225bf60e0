"""Surveys: prepared, started, finished, reported on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import (
    NO_FILES,
    AskedUnit,
    AskedYear,
    Ids,
    PaperNumber,
    SomeWords,
    Words,
    acted,
    all_of,
    as_seen,
    changes,
    creates,
    lists,
    made,
    named,
    number_in,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    shows,
    uploads,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import Day, Id, Pk, Sent, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.models import Indicator, Plan
from plans.rights import units_serving
from reviews.actions import surveys
from reviews.actions.surveys import MOST_QUESTIONS, MOST_WORKING_DAYS, report_of
from reviews.enums import SurveyState
from reviews.filters import SurveyFilter
from reviews.models import Survey, SurveyUnit
from reviews.rights import conducts, may_survey, meeting_units
from reviews.survey_page import idea_counts, question_rows, questions_of
from reviews.views.surveys import visible_survey
from units.access import require
from units.models import Unit, User

router = Router(tags=["surveys and commendations"])


class SurveyOut(Schema):
    """A survey by a unit among units below it."""

    id: int
    version: int
    unit: UnitRef
    title: str
    purpose: str
    period_start: dt.date
    period_end: dt.date
    answer_by: dt.date = Field(description="The last day for answers.")
    plan: int | None = Field(description="Null too for a plan you do not see.")
    lead_unit: UnitRef = Field(description="The unit that conducts it.")
    state: SurveyState
    started_on: dt.date | None
    finished_on: dt.date | None
    page: str = Field(description="The address of its page, for people.")


class OutlooksOut(Schema):
    """How many units expect what."""

    will_reach: int = Field(description="Units that will reach the target.")
    will_miss: int = Field(description="Units that will miss it.")
    unknown: int = Field(description="Units that can't tell yet.")
    unanswered: int = Field(description="Units that said nothing of it.")


class SurveyQuestionOut(Schema):
    """What is asked about, and how the units you see stand with it."""

    id: int
    ordinal: int
    indicator: int | None = Field(description="The indicator of the plan; null: in words of its own.")
    text: str
    measure: str = Field(description="In what completion is told.")
    outlooks: OutlooksOut
    told: int = Field(description="How many units said something of it.")


class IdeasOut(Schema):
    """The two counts over the units you see. Null where nobody gave one, which is not zero."""

    units: int = Field(description="How many units are surveyed.")
    complete: int = Field(description="How many of them have answered everything.")
    supported: int | None = Field(description="Ideas of young people that were supported.")
    commended: int | None = Field(description="Ideas that were commended.")


class WholeSurveyOut(SurveyOut):
    """One survey with what it asks and how the units you see stand."""

    questions: list[SurveyQuestionOut]
    ideas: IdeasOut
    report_due: dt.date | None = Field(description="The last day of the report; null before the survey is finished.")
    report_version: int | None = Field(description="Of the deadline of the report.")


class SurveyQuery(PageQuery):
    """Which surveys: the filters of their page."""

    unit: AskedUnit = None
    state: SurveyState | None = None
    year: AskedYear = None


class SurveyFacts(Sent):
    """A survey as it is prepared: about which plan's indicators, who conducts it, which units are asked by when."""

    title: Annotated[Text, Field(min_length=1, max_length=300)]
    purpose: Words = ""
    period_start: Day
    period_end: Day
    answer_by: Day = Field(description="The last day for answers.")
    lead_unit: Id = Field(description="The id of the unit that conducts it.")
    plan: Id | None = Field(default=None, description="The id of the plan about whose indicators is asked.")
    units: Annotated[Ids, Field(min_length=1)] = Field(description="Ids of the units that are asked.")

    def facts(self, user: User, unit: Unit) -> dict[str, Any]:
        """Return what the acts take: units below, a plan that the person sees."""
        if self.period_end < self.period_start:
            raise wrong("period_end")
        today = clock.today()
        below = Unit.objects.below(unit).in_force(today).exclude(pk=unit.pk)
        plain = ("title", "purpose", "period_start", "period_end", "answer_by")
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        values["lead_unit"] = named(units_serving(unit, today), self.lead_unit, "lead_unit")
        values["plan"] = one_of(Plan.objects.visible_to(user), self.plan, "plan")
        return {"values": values, "units": all_of(below, self.units, "units")}


class NewSurvey(SurveyFacts):
    """A survey to prepare."""

    unit: Id


class FreeQuestion(Sent):
    """An indicator in free words, and in what completion is told."""

    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    measure: Annotated[Text, Field(max_length=60)] = Field(
        default="", description="In what completion is told; empty: %."
    )


class SurveyQuestions(Sent):
    """What is asked: indicators of the survey's plan, and others."""

    indicators: Ids = Field(default_factory=list, description="Ids of indicators of the survey's plan.")
    free: Annotated[list[FreeQuestion], Field(max_length=MOST_QUESTIONS)] = Field(default_factory=list)


class SurveyFinished(Sent):
    """By when the report is owed: a day, or so many working days."""

    due: Day | None = None
    working_days: Annotated[int | None, Field(ge=1, le=MOST_WORKING_DAYS, strict=True)] = Field(
        default=None, description="So many working days from today. One of the two."
    )


class SurveyReport(Sent):
    """The thematic report: in short, and the number of the paper; or attach it."""

    text: SomeWords
    document_number: PaperNumber = Field(default="", description="Number and symbol of the paper; or attach it.")


@lists(router, "/surveys", SurveyOut, "SurveyPage", "List surveys")
def survey_list(request: Call, asked: Query[SurveyQuery]) -> Any:
    """List the surveys by units you see, and those that ask them."""
    rows = narrowed(SurveyFilter, asked, Survey.objects.visible_to(request.user).with_report(), request)
    rows = rows.select_related("unit", "lead_unit")
    return page(request, rows, asked, SurveyOut, lambda found: _lines(request.user, found))


@shows(router, "/surveys/{pk}", WholeSurveyOut, "Show a survey")
def survey(request: Call, pk: Pk) -> Any:
    """Show what a survey asks and how the units you see stand."""
    return _told(request, pk)


@creates(router, "/surveys", WholeSurveyOut, "Prepare a survey")
def prepare_survey(request: Call, sent: NewSurvey) -> Any:
    """Prepare a survey among units below; it asks about the plan's indicators at first."""
    unit = offered_or_404(meeting_units(request.user, clock.today()), sent.unit)

    def make() -> Survey:
        return surveys.prepare_survey(unit=unit, by=request.user, **sent.facts(request.user, unit))

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/surveys/{pk}/change", WholeSurveyOut, "Change a survey")
def change_survey(request: Call, pk: Pk, sent: SurveyFacts) -> Any:
    """Change a survey that has not started."""

    def act(row: Survey, version: int) -> None:
        require(may_survey(request.user, row.unit))
        facts = sent.facts(request.user, row.unit)
        surveys.change_survey(survey=row, by=request.user, version=version, **facts)

    return _on_survey(request, pk, act)


@changes(router, "/surveys/{pk}/questions", WholeSurveyOut, "Say what a survey asks")
def choose_questions(request: Call, pk: Pk, sent: SurveyQuestions) -> Any:
    """Choose what is asked, in this order."""

    def act(row: Survey, version: int) -> None:
        require(may_survey(request.user, row.unit))
        offered = Indicator.objects.filter(plan=row.plan_id)
        indicators = all_of(offered, sent.indicators, "indicators")
        free = [(asked.text, asked.measure) for asked in sent.free]
        facts: dict[str, Any] = {"indicators": indicators, "free": free, "version": version}
        surveys.choose_questions(survey=row, by=request.user, **facts)

    return _on_survey(request, pk, act)


@changes(router, "/surveys/{pk}/start", WholeSurveyOut, "Start a survey")
def start_survey(request: Call, pk: Pk) -> Any:
    """Start: every unit surveyed owes its answers."""

    def act(row: Survey, version: int) -> None:
        surveys.start_survey(survey=row, by=request.user, version=version)

    return _on_survey(request, pk, act)


@changes(router, "/surveys/{pk}/finish", WholeSurveyOut, "Finish a survey")
def finish_survey(request: Call, pk: Pk, sent: SurveyFinished) -> Any:
    """Finish: the thematic report is owed from now on."""

    def act(row: Survey, version: int) -> None:
        surveys.finish_survey(survey=row, by=request.user, version=version, **sent.model_dump())

    if (sent.due is None) == (sent.working_days is None):
        raise wrong("due")
    return _on_survey(request, pk, act)


@changes(router, "/surveys/{pk}/report", WholeSurveyOut, "Hand in the report of a survey")
def survey_report(request: Call, pk: Pk, sent: Form[SurveyReport], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Hand in the thematic report of a finished survey, as multipart/form-data, with its file or number."""

    def act(row: Survey, _version: int) -> None:
        require(conducts(request.user, row))
        number = number_in(sent.document_number)
        proof = Proof(files=uploads(files), document_numbers=(number,) if number else ())
        if not proof:
            raise wrong("document_number")
        as_seen(request, row)
        owed = report_of(row)
        surveys.hand_in_report(survey=row, by=request.user, version=owed.version, text=sent.text, proof=proof)

    return _on_survey(request, pk, act)


def _on_survey(request: Call, pk: int, act: Callable[[Survey, int], None]) -> Any:
    def run() -> None:
        row = visible_survey(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _told(request, pk))


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_survey(request.user, pk)
    rows = SurveyUnit.objects.visible_to(request.user).filter(survey=row)
    ideas = idea_counts(rows)
    owed = report_of(row) if row.report else None
    facts = _lines(request.user, [row])[0] | {
        "questions": [_question(found) for found in question_rows(questions_of(row), rows, ideas.units)],
        "ideas": {name: getattr(ideas, name) for name in ("units", "complete", "supported", "commended")},
        "report_due": owed.due_on if owed else None,
        "report_version": owed.version if owed else None,
    }
    return one(request, WholeSurveyOut, facts, row.version, status)


def _question(found: Any) -> dict[str, Any]:
    counts, asked = found.counts, found.question
    outlooks = {name: getattr(counts, name) for name in ("will_reach", "will_miss", "unknown", "unanswered")}
    told = {"indicator": asked.indicator_id, "outlooks": outlooks, "told": found.told}
    return plain_of(asked, ("ordinal", "text", "measure")) | told


def _lines(user: User, rows: Sequence[Survey]) -> list[dict[str, Any]]:
    plans = Plan.objects.visible_to(user).filter(pk__in=[row.plan_id for row in rows if row.plan_id])
    seen = set(plans.order_by().values_list("pk", flat=True))
    plain = (
        "version", "title", "purpose", "period_start", "period_end", "answer_by", "state", "started_on", "finished_on",
    )  # fmt: skip
    return [
        {
            **plain_of(row, plain),
            "unit": unit_ref(row.unit),
            "lead_unit": unit_ref(row.lead_unit),
            "plan": row.plan_id if row.plan_id in seen else None,
            "page": page_at(row),
        }
        for row in rows
    ]
