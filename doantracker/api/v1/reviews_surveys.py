"""Surveys: prepared, started, answered, finished, reported on. And proposals of commendations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.conf import settings
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.reviews_shared import (
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
    named,
    number_in,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    uploads,
    wrong,
)
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Figure,
    Id,
    PersonRef,
    Pk,
    Sent,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.enums import Outlook
from plans.models import Indicator, Plan
from plans.rights import units_serving
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions import commendations, survey_answers, surveys
from reviews.actions.survey_answers import GREATEST_COUNT, Said, UnitSaid
from reviews.actions.surveys import MOST_QUESTIONS, MOST_WORKING_DAYS, report_of
from reviews.enums import ProposalState, SurveyState
from reviews.filters import CommendationFilter, SurveyFilter
from reviews.levels import levels_of
from reviews.models import CommendationProposal, Survey, SurveyUnit
from reviews.models.survey import LONGEST_NOTE
from reviews.rights import conducts, may_have_judged, may_propose, may_survey, meeting_units
from reviews.survey_page import idea_counts, question_rows, questions_of
from reviews.views.surveys import visible_survey
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["surveys and commendations"])
NO_FILES: Final[list[UploadedFile]] = []
RELATED_OF_PROPOSAL: Final = ("unit", "proposing_unit", "level", "at", "decided_by")
MOST_ROWS: Final = 500
AnyId = Annotated[int, Field(ge=1, le=GREATEST)]  # a form sends texts


class SurveyOut(Schema):
    """A survey by a unit among units below it."""

    id: int
    version: int
    unit: UnitRef
    title: str
    purpose: str
    period_start: dt.date
    period_end: dt.date
    answer_by: dt.date
    plan: int | None = Field(description="Null too for a plan you do not see.")
    lead_unit: UnitRef
    state: SurveyState
    started_on: dt.date | None
    finished_on: dt.date | None
    page: str = Field(description="The address of its page, for people.")


class OutlooksOut(Schema):
    """How many units expect what."""

    will_reach: int
    will_miss: int
    unknown: int
    unanswered: int


class SurveyQuestionOut(Schema):
    """What is asked about, and how the units you see stand with it."""

    id: int
    ordinal: int
    indicator: int | None
    text: str
    measure: str
    outlooks: OutlooksOut
    told: int


class IdeasOut(Schema):
    """The two counts over the units you see. Null where nobody gave one, which is not zero."""

    units: int
    complete: int
    supported: int | None
    commended: int | None


class WholeSurveyOut(SurveyOut):
    """One survey with what it asks and how the units you see stand."""

    questions: list[SurveyQuestionOut]
    ideas: IdeasOut
    report_due: dt.date | None
    report_version: int | None = Field(description="Of the deadline of the report.")


class SurveyAnswerOut(Schema):
    """What a unit said of one indicator."""

    question: int
    completion: Decimal | None
    outlook: Outlook | None
    note: str


class UnitAnswersOut(Schema):
    """What one unit said."""

    id: int
    unit: UnitRef
    version: int
    complete: bool
    ideas_supported: int | None
    ideas_commended: int | None
    answered_at: dt.datetime | None
    answers: list[SurveyAnswerOut]


class SavedOut(Schema):
    """How many units were changed."""

    changed: int


class CommendationOut(Schema):
    """A proposal to commend a unit, or a person in it."""

    id: int
    version: int
    year: int
    proposing_unit: UnitRef
    unit: UnitRef
    person: str
    award: str
    merits: str
    level: UnitRef
    at: UnitRef = Field(description="The level it lies with.")
    file: str = Field(description="The name of the paper attached; it is read on the page.")
    state: ProposalState
    reason: str
    decision_number: str
    decision_day: dt.date | None
    decided_at: dt.datetime | None
    decided_by: PersonRef | None
    page: str = Field(description="The address of its page, for people.")


class SurveyQuery(PageQuery):
    """Which surveys: the filters of their page."""

    unit: AskedUnit = None
    state: SurveyState | None = None
    year: AskedYear = None


class CommendationQuery(PageQuery):
    """Which proposals: the filters of their page."""

    year: AskedYear = None
    unit: AskedUnit = None
    state: ProposalState | None = None
    award: Annotated[Text | None, Field(max_length=120)] = None


class SurveyFacts(Sent):
    """A survey as it is prepared: about which plan's indicators, who conducts it, which units are asked by when."""

    title: Annotated[Text, Field(min_length=1, max_length=300)]
    purpose: Words = ""
    period_start: Day
    period_end: Day
    answer_by: Day
    lead_unit: Id
    plan: Id | None = None
    units: Annotated[Ids, Field(min_length=1)]

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
    measure: Annotated[Text, Field(max_length=60)] = ""


class SurveyQuestions(Sent):
    """What is asked: indicators of the survey's plan, and others."""

    indicators: Ids = Field(default_factory=list)
    free: Annotated[list[FreeQuestion], Field(max_length=MOST_QUESTIONS)] = Field(default_factory=list)


class SurveyFinished(Sent):
    """By when the report is owed: a day, or so many working days."""

    due: Day | None = None
    working_days: Annotated[int | None, Field(ge=1, le=MOST_WORKING_DAYS, strict=True)] = None


class SurveyReport(Sent):
    """The thematic report: in short, and the number of the paper; or attach it."""

    text: SomeWords
    document_number: PaperNumber = ""


class SurveyAnswerIn(Sent):
    """What is said of one indicator; nothing at all takes the answer back. Without `note` the note stays."""

    question: Id
    completion: Annotated[Figure | None, Field(ge=0)] = None
    outlook: Outlook | None = None
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] | None = None


Count = Annotated[int, Field(ge=0, le=GREATEST_COUNT, strict=True)]


class SurveyIdeas(Sent):
    """Ideas of young people that were supported and commended; null: not given."""

    supported: Count | None = None
    commended: Count | None = None


class UnitAnswersIn(Sent):
    """What one unit says, in the version seen. Without `ideas` the counts stay."""

    unit: Id
    version: Annotated[int, Field(ge=0, lt=10**9, strict=True)]
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


class NewCommendation(Sent):
    """Who deserves it, for what, and which level is asked. Without a person the unit itself is commended."""

    proposing_unit: AnyId
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    unit: AnyId
    person: Annotated[Text, Field(max_length=150)] = ""
    award: Annotated[Text, Field(min_length=1, max_length=120)]
    level: AnyId
    merits: SomeWords

    def values(self, proposer: Unit) -> dict[str, Any]:
        """Return what the act takes."""
        if self.award not in settings.COMMENDATION_FORMS:
            raise wrong("award")
        units = Unit.objects.below(proposer).in_force(clock.today())
        return {
            "year": self.year,
            "unit": named(units, self.unit, "unit"),
            "person": " ".join(self.person.split()),
            "award": self.award,
            "merits": self.merits,
            "level": named(levels_of(proposer), self.level, "level"),
        }


class CommendationGranted(Sent):
    """Number and day of the decision."""

    number: Annotated[Text, Field(min_length=1, max_length=60)]
    day: Day


class Because(Sent):
    """Why."""

    reason: SomeWords


class MaybeBecause(Sent):
    """Why, if you want to say it."""

    reason: Words = ""


# --- surveys ---


@router.get("/surveys", response=reads(page_of(SurveyOut, "SurveyPage")), summary="Surveys")
def survey_list(request: Call, asked: Query[SurveyQuery]) -> Any:
    """List the surveys by units you see, and those that ask them."""
    rows = narrowed(SurveyFilter, asked, Survey.objects.visible_to(request.user).with_report(), request)
    rows = rows.select_related("unit", "lead_unit")
    return page(request, rows, asked, SurveyOut, lambda found: _lines(request.user, found))


@router.get("/surveys/{pk}", response=reads_one(WholeSurveyOut), summary="One survey")
def survey(request: Call, pk: Pk) -> Any:
    """Show what a survey asks and how the units you see stand."""
    return _survey(request, pk)


@creates(router, "/surveys", WholeSurveyOut, "Prepare a survey")
def prepare_survey(request: Call, sent: NewSurvey) -> Any:
    """Prepare a survey among units below; it asks about the plan's indicators at first."""
    unit = offered_or_404(meeting_units(request.user, clock.today()), sent.unit)
    made: list[Survey] = []

    def act() -> None:
        made.append(surveys.prepare_survey(unit=unit, by=request.user, **sent.facts(request.user, unit)))

    return acted(request, act, lambda: _survey(request, made[0].pk, 201))


@changes(router, "/surveys/{pk}/change", WholeSurveyOut, "Change a survey")
def change_survey(request: Call, pk: Pk, sent: SurveyFacts) -> Any:
    """Change a survey that has not started."""

    def act(row: Survey, version: int) -> None:
        require(may_survey(request.user, row.unit))
        facts = sent.facts(request.user, row.unit)
        surveys.change_survey(survey=row, by=request.user, version=version, **facts)

    return _act(request, pk, act)


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

    return _act(request, pk, act)


@changes(router, "/surveys/{pk}/start", WholeSurveyOut, "Start a survey")
def start_survey(request: Call, pk: Pk) -> Any:
    """Start: every unit surveyed owes its answers."""

    def act(row: Survey, version: int) -> None:
        surveys.start_survey(survey=row, by=request.user, version=version)

    return _act(request, pk, act)


@changes(router, "/surveys/{pk}/finish", WholeSurveyOut, "Finish a survey")
def finish_survey(request: Call, pk: Pk, sent: SurveyFinished) -> Any:
    """Finish: the thematic report is owed from now on."""

    def act(row: Survey, version: int) -> None:
        surveys.finish_survey(survey=row, by=request.user, version=version, **sent.model_dump())

    if (sent.due is None) == (sent.working_days is None):
        raise wrong("due")
    return _act(request, pk, act)


@changes(router, "/surveys/{pk}/report", WholeSurveyOut, "Hand in the report of a survey")
def survey_report(request: Call, pk: Pk, sent: Form[SurveyReport], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Hand in the thematic report of a finished survey, as multipart/form-data, with its file or number."""

    def act(row: Survey, _version: int) -> None:
        require(conducts(request.user, row) and row.report is not None)
        number = number_in(sent.document_number)
        proof = Proof(files=uploads(files), document_numbers=(number,) if number else ())
        if not proof:
            raise wrong("document_number")
        as_seen(request, row)
        owed = report_of(row)
        surveys.hand_in_report(survey=row, by=request.user, version=owed.version, text=sent.text, proof=proof)

    return _act(request, pk, act)


@router.get(
    "/surveys/{pk}/answers",
    response=reads(page_of(UnitAnswersOut, "SurveyAnswersPage")),
    summary="Answers to a survey",
)
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
    if len({said.unit_id for said in rows}) < len(rows):
        raise wrong("rows")
    made: list[int] = []

    def act() -> None:
        made.append(len(survey_answers.answer_survey(survey=row, rows=rows, by=request.user)))

    return acted(request, act, lambda: done({"changed": made[0]}, SavedOut))


# --- commendations ---


@router.get("/commendations", response=reads(page_of(CommendationOut, "CommendationPage")), summary="Commendations")
def proposal_list(request: Call, asked: Query[CommendationQuery]) -> Any:
    """List the proposals of the units you see."""
    rows = narrowed(CommendationFilter, asked, CommendationProposal.objects.visible_to(request.user), request)
    rows = rows.select_related(*RELATED_OF_PROPOSAL)
    return page(request, rows, asked, CommendationOut, lambda found: [_proposal_line(row) for row in found])


@router.get("/commendations/{pk}", response=reads_one(CommendationOut), summary="One proposal")
def proposal(request: Call, pk: Pk) -> Any:
    """Show one proposal; its ETag is needed to decide about it."""
    return _proposal(request, pk)


@creates(router, "/commendations", CommendationOut, "Propose a commendation")
def propose(request: Call, sent: Form[NewCommendation], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Propose a commendation, as multipart/form-data with at most one file."""
    proposer = offered_or_404(meeting_units(request.user, clock.today()), sent.proposing_unit)
    made: list[CommendationProposal] = []

    def act() -> None:
        papers = uploads(files)
        if len(papers) > 1:
            raise wrong("files")
        facts: dict[str, Any] = {"values": sent.values(proposer), "upload": papers[0] if papers else None}
        made.append(commendations.propose(unit=proposer, by=request.user, **facts))

    return acted(request, act, lambda: _proposal(request, made[0].pk, 201))


@changes(router, "/commendations/{pk}/pass-on", CommendationOut, "Pass a proposal on")
def pass_on(request: Call, pk: Pk) -> Any:
    """Pass a proposal on to the next level above, on its way to the one asked."""
    return _judge(request, pk, commendations.pass_on)


@changes(router, "/commendations/{pk}/grant", CommendationOut, "Enter the decision to commend")
def grant(request: Call, pk: Pk, sent: CommendationGranted) -> Any:
    """Enter the decision to commend: its number and its day."""
    facts: dict[str, Any] = {"number": number_in(sent.number), "day": sent.day}
    return _judge(request, pk, lambda **who: commendations.grant(**who, **facts))


@changes(router, "/commendations/{pk}/refuse", CommendationOut, "Refuse a commendation")
def refuse(request: Call, pk: Pk, sent: Because) -> Any:
    """Refuse a proposal with a reason."""
    return _judge(request, pk, lambda **who: commendations.refuse(**who, reason=sent.reason))


@changes(router, "/commendations/{pk}/withdraw", CommendationOut, "Take a proposal back")
def withdraw(request: Call, pk: Pk, sent: MaybeBecause) -> Any:
    """Take back a proposal that nobody has decided yet."""

    def act() -> None:
        row = _visible_proposal(request.user, pk)
        require(may_propose(request.user, row.proposing_unit))
        version = seen_number(request, row.version)
        commendations.withdraw(proposal=row, by=request.user, version=version, reason=sent.reason)

    return acted(request, act, lambda: _proposal(request, pk))


def _act(request: Call, pk: int, act: Callable[[Survey, int], None]) -> Any:
    def run() -> None:
        row = visible_survey(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _survey(request, pk))


def _judge(request: Call, pk: int, act: Callable[..., object]) -> Any:
    def run() -> None:
        row = _visible_proposal(request.user, pk)
        require(may_have_judged(request.user, row))
        act(proposal=row, by=request.user, version=seen_number(request, row.version))

    return acted(request, run, lambda: _proposal(request, pk))


def _visible_proposal(user: User, pk: int) -> CommendationProposal:
    rows = CommendationProposal.objects.select_related(*RELATED_OF_PROPOSAL, "created_by")
    found: CommendationProposal = get_visible_or_404(rows, user, pk)
    return found


def _survey(request: Call, pk: int, status: int = 200) -> Any:
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


def _answers(row: SurveyUnit) -> dict[str, Any]:
    plain = ("version", "complete", "ideas_supported", "ideas_commended", "answered_at")
    answers = [
        {"question": a.question_id, "completion": a.completion, "outlook": a.outlook or None, "note": a.note}
        for a in row.answers.all()
    ]
    return plain_of(row, plain) | {"unit": unit_ref(row.unit), "answers": answers}


def _proposal(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_proposal(request.user, pk)
    return one(request, CommendationOut, _proposal_line(row), row.version, status)


def _proposal_line(row: CommendationProposal) -> dict[str, Any]:
    plain = (
        "version", "year", "person", "award", "merits", "state", "reason", "decision_number", "decision_day",
        "decided_at",
    )  # fmt: skip
    units = ("proposing_unit", "unit", "level", "at")
    return {
        **plain_of(row, plain),
        **{name: unit_ref(getattr(row, name)) for name in units},
        "file": row.original_name,
        "decided_by": person_ref(row.decided_by),
        "page": page_at(row),
    }
