"""Difficulties and requests for a later day: read, raised, answered, decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import VERSIONED, PageQuery, one, page, page_of, reads, reads_one, seen_number, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts
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
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import difficulties as difficulty_actions
from plans.actions import extensions as extension_actions
from plans.enums import AnswerState, Decision
from plans.filters import DifficultyFilter, ExtensionFilter
from plans.models import Difficulty, Extension
from plans.rights import answering_side, units_serving
from plans.time_state import answer_state
from plans.workflow import may
from units.access import get_visible_or_404, require
from units.models.audit import AuditAction

router = Router(tags=["requests"])
RELATED_OF_DIFFICULTY: Final = ("answering_unit", "raised_by", "answered_by", "deadline__unit")
RELATED_OF_EXTENSION: Final = ("asked_by", "decided_by", "deadline__unit")


class DifficultyOut(Schema):
    """What is in the way of a unit, and the answer of the level above."""

    id: int
    deadline: int = Field(description="The id of the deadline it is about.")
    unit: UnitRef = Field(description="The unit that has it.")
    text: str
    raised_by: PersonRef
    raised_on: dt.date
    answering_unit: UnitRef = Field(description="The level that owes the answer.")
    answer_due_on: dt.date
    state: AnswerState = Field(description="Whether it is answered, and in time.")
    answer: str
    answered_on: dt.date | None
    answered_by: PersonRef | None


class ExtensionOut(Schema):
    """A request for a later day, and its decision."""

    id: int
    deadline: int = Field(description="The id of the deadline it is about.")
    unit: UnitRef
    due_on: dt.date = Field(description="The day in force when it was asked.")
    asked_day: dt.date = Field(description="The day asked for.")
    reason: str
    claims_objective: bool = Field(description="The unit names an objective cause.")
    asked_by: PersonRef
    asked_at: dt.datetime
    status: Decision
    granted_day: dt.date | None = Field(description="Null: not granted.")
    objective: bool = Field(
        description="The objective cause was confirmed: lateness is excused up to the day granted."
    )
    words: str = Field(description="What was said with the decision.")
    decided_by: PersonRef | None
    decided_at: dt.datetime | None


class RequestQuery(PageQuery):
    """Which requests: the filters of their pages."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of it, of the unit or the plan.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    plan: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a plan.")] = None
    mine: Annotated[bool | None, Field(description="Only what waits for you.")] = None


class DifficultyQuery(RequestQuery):
    """Which difficulties."""

    state: AnswerState | None = None


class ExtensionQuery(RequestQuery):
    """Which requests for a later day."""

    status: Decision | None = None


class NewDifficulty(Sent):
    """What is in the way, and what you ask for."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]


class NewExtension(Sent):
    """The day asked for, and why."""

    day: Day
    reason: Annotated[Text, Field(min_length=1, max_length=1000)]
    claims_objective: Switch = Field(default=False, description="The cause is an objective one, such as a storm.")


class Answer(Sent):
    """The answer. With `unit` and `due` it becomes a commitment of that unit in the same plan."""

    words: Annotated[Text, Field(min_length=1, max_length=4000)]
    unit: Id | None = Field(default=None, description="The id of the answering side or a department of it.")
    due: Day | None = Field(default=None, description="The last day of the new commitment.")


class Words(Sent):
    """Why."""

    words: Annotated[Text, Field(min_length=1, max_length=1000)]


class Grant(Sent):
    """The day granted, if it is another than the one asked for, and words then."""

    day: Day | None = Field(default=None, description="Null: the day asked for.")
    words: Annotated[Text, Field(max_length=1000, description="Needed with another day than the one asked for.")] = ""
    objective: Switch = Field(
        default=False, description="Confirm the objective cause: lateness is excused up to that day."
    )


@router.get("/difficulties", response=reads(page_of(DifficultyOut, "DifficultyPage")), summary="List difficulties")
def difficulty_list(request: Call, asked: Query[DifficultyQuery]) -> Any:
    """List the difficulties of the units you see."""
    rows = narrowed(DifficultyFilter, asked, Difficulty.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED_OF_DIFFICULTY), asked, DifficultyOut, _difficulty_lines)


@router.get("/difficulties/{pk}", response=reads_one(DifficultyOut), summary="Show a difficulty")
def difficulty(request: Call, pk: Pk) -> Any:
    """Show one difficulty; its ETag is needed to answer it."""
    return _difficulty(request, pk)


@router.get(
    "/extensions", response=reads(page_of(ExtensionOut, "ExtensionPage")), summary="List requests for a later day"
)
def extension_list(request: Call, asked: Query[ExtensionQuery]) -> Any:
    """List the requests about the deadlines you see."""
    rows = narrowed(ExtensionFilter, asked, Extension.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED_OF_EXTENSION), asked, ExtensionOut, _extension_lines)


@router.get("/extensions/{pk}", response=reads_one(ExtensionOut), summary="Show a request for a later day")
def extension(request: Call, pk: Pk) -> Any:
    """Show one request; its ETag is needed to decide about it."""
    return _extension(request, pk)


@router.post(
    "/deadlines/{pk}/difficulties",
    response=writes(DifficultyOut, 201),
    openapi_extra=VERSIONED,
    summary="Raise a difficulty",
)
def raise_difficulty(request: Call, pk: Pk, sent: NewDifficulty) -> Any:
    """Tell the level above what is in the way; it owes an answer. If-Match: the ETag of the deadline."""

    def run() -> Any:
        row = visible(request.user, pk)
        version = seen_number(request, row.version)
        made = difficulty_actions.raise_difficulty(deadline=row, by=request.user, version=version, text=sent.text)
        return _difficulty(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/deadlines/{pk}/extensions",
    response=writes(ExtensionOut, 201),
    openapi_extra=VERSIONED,
    summary="Ask for a later day",
)
def ask_later_day(request: Call, pk: Pk, sent: NewExtension) -> Any:
    """Ask for a later day; the day in force stays until it is decided. If-Match: the ETag of the deadline."""

    def run() -> Any:
        row = visible(request.user, pk)
        version = seen_number(request, row.version)
        made = extension_actions.ask_later_day(deadline=row, by=request.user, version=version, **sent.model_dump())
        return _extension(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/difficulties/{pk}/answer", response=writes(DifficultyOut), openapi_extra=VERSIONED, summary="Answer a difficulty"
)
def answer_difficulty(request: Call, pk: Pk, sent: Answer) -> Any:
    """Answer a difficulty, once; the answer may become a commitment."""

    def act(row: Difficulty, state: str) -> object:
        require(may(request.user, AuditAction.DIFFICULTY_ANSWERED, row.deadline, row))
        side = answering_side(request.user, row)
        unit = named(units_serving(side, clock.today()), sent.unit, "unit") if side and sent.unit else None
        return difficulty_actions.answer(
            difficulty=row, by=request.user, state=state, words=sent.words, unit=unit, due=sent.due
        )

    return _about_difficulty(request, pk, act)


@router.post(
    "/difficulties/{pk}/pass-on",
    response=writes(DifficultyOut),
    openapi_extra=VERSIONED,
    summary="Pass a difficulty on",
)
def pass_on(request: Call, pk: Pk, sent: Words) -> Any:
    """Hand a difficulty on to the level above."""
    return _about_difficulty(
        request,
        pk,
        lambda row, state: difficulty_actions.pass_on(difficulty=row, by=request.user, state=state, words=sent.words),
    )


@router.post(
    "/extensions/{pk}/grant", response=writes(ExtensionOut), openapi_extra=VERSIONED, summary="Grant a later day"
)
def grant(request: Call, pk: Pk, sent: Grant) -> Any:
    """Grant the day asked for, or another; never by who asked."""
    return _about_extension(
        request,
        pk,
        lambda row, state: extension_actions.grant(extension=row, by=request.user, state=state, **sent.model_dump()),
    )


@router.post(
    "/extensions/{pk}/refuse", response=writes(ExtensionOut), openapi_extra=VERSIONED, summary="Refuse a later day"
)
def refuse(request: Call, pk: Pk, sent: Words) -> Any:
    """Refuse a later day, with words."""
    return _about_extension(
        request,
        pk,
        lambda row, state: extension_actions.refuse(extension=row, by=request.user, state=state, words=sent.words),
    )


def _about_difficulty(request: Call, pk: int, act: Callable[[Difficulty, str], object]) -> Any:
    def run() -> Any:
        row = _visible_difficulty(request, pk)
        act(row, seen(request, row.state))
        return _difficulty(request, pk)

    return once(request, run)


def _about_extension(request: Call, pk: int, act: Callable[[Extension, str], object]) -> Any:
    def run() -> Any:
        row = _visible_extension(request, pk)
        act(row, seen(request, row.state))
        return _extension(request, pk)

    return once(request, run)


def _difficulty(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_difficulty(request, pk)
    return one(request, DifficultyOut, _difficulty_lines([row])[0], row.state, status)


def _extension(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_extension(request, pk)
    return one(request, ExtensionOut, _extension_lines([row])[0], row.state, status)


def _visible_difficulty(request: Call, pk: int) -> Difficulty:
    found: Difficulty = get_visible_or_404(
        Difficulty.objects.select_related(*RELATED_OF_DIFFICULTY, "deadline__plan__issuing_unit"), request.user, pk
    )
    return found


def _visible_extension(request: Call, pk: int) -> Extension:
    found: Extension = get_visible_or_404(
        Extension.objects.select_related(*RELATED_OF_EXTENSION, "deadline__plan__issuing_unit"), request.user, pk
    )
    return found


def _difficulty_lines(rows: Sequence[Difficulty]) -> list[dict[str, Any]]:
    today, plain = clock.today(), ("text", "raised_on", "answer_due_on", "answer", "answered_on")
    return [
        {
            **facts(row, *plain),
            "deadline": row.deadline_id,
            "unit": unit_ref(row.deadline.unit),
            "raised_by": person_ref(row.raised_by),
            "answering_unit": unit_ref(row.answering_unit),
            "state": answer_state(answered_on=row.answered_on, due_on=row.answer_due_on, today=today),
            "answered_by": person_ref(row.answered_by),
        }
        for row in rows
    ]


def _extension_lines(rows: Sequence[Extension]) -> list[dict[str, Any]]:
    plain = (
        "due_on", "asked_day", "reason", "claims_objective", "asked_at", "status", "granted_day", "objective",
        "words", "decided_at",
    )  # fmt: skip
    return [
        {
            **facts(row, *plain),
            "deadline": row.deadline_id,
            "unit": unit_ref(row.deadline.unit),
            "asked_by": person_ref(row.asked_by),
            "decided_by": person_ref(row.decided_by),
        }
        for row in rows
    ]
