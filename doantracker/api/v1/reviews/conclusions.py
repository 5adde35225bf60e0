"""Conclusions of inspections: drafted, issued as work of the units, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedId,
    PaperNumber,
    SomeWords,
    acted,
    as_seen,
    changes,
    creates,
    lists,
    made,
    named,
    number_in,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.inspections import WholeInspectionOut, on_inspection, told_inspection
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import LIVE
from plans.models import Deadline
from reviews.actions import conclusions
from reviews.bodies import following_body, members_of
from reviews.enums import ResultState
from reviews.models import Conclusion, Inspection
from reviews.rights import may_close, may_conclude
from reviews.views.shared import visible_conclusion, visible_visit
from units.access import require
from units.models import User

router = Router(tags=["inspections"])
RELATED: Final = ("visit__inspection__programme__unit", "visit__unit", "follower")


class ConclusionOut(Schema):
    """A conclusion about one unit; without a state it is a draft."""

    id: int
    version: int = Field(description="That of the inspection.")
    inspection: int
    visit: int
    unit: UnitRef
    ordinal: int = Field(description="Its number among those of the visit.")
    text: str
    due: dt.date = Field(description="The last day for carrying it out.")
    follower: PersonRef
    solution: int | None = Field(description="The work it became, in the register; null: a draft.")
    state: ResultState | None = Field(description="Null: a draft.")
    closed_on: dt.date | None
    closing_words: str = Field(description="What was seen when it was closed.")
    page: str = Field(description="The address of its page, for people.")


class ConclusionQuery(PageQuery):
    """Which conclusions."""

    inspection: AskedId = None
    visit: AskedId = None


class ConclusionsIssued(Sent):
    """The day on which the conclusions are issued, and their number."""

    on: Day
    symbol: PaperNumber = ""


class ConclusionIn(Sent):
    """What is concluded, by when it is carried out, and who follows it."""

    text: SomeWords
    due: Day = Field(description="The last day for carrying it out.")
    follower: Id = Field(description="The id of a person: a member of the body that follows conclusions.")

    def values(self, row: Inspection) -> dict[str, Any]:
        """Return what the acts take; a member of the body that follows conclusions."""
        today = clock.today()
        people = members_of(row.unit, following_body(row.unit, today), today)
        return {"text": self.text, "due": self.due, "follower": named(people, self.follower, "follower")}


class ConclusionClosed(Sent):
    """What was seen."""

    words: Annotated[Text, Field(min_length=1, max_length=1000)]


@lists(router, "/conclusions", ConclusionOut, "ConclusionPage", "List conclusions of inspections")
def conclusion_list(request: Call, asked: Query[ConclusionQuery]) -> Any:
    """List the conclusions of inspections you see; once issued, those about your units and those you follow."""
    rows = Conclusion.objects.visible_to(request.user).select_related(*RELATED)
    chosen = {"visit__inspection": asked.inspection, "visit": asked.visit}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return page(request, rows, asked, ConclusionOut, _lines)


@shows(router, "/conclusions/{pk}", ConclusionOut, "Show a conclusion")
def conclusion(request: Call, pk: Pk) -> Any:
    """Show one conclusion."""
    return _told(request, pk)


@changes(router, "/inspections/{pk}/issue", WholeInspectionOut, "Issue the conclusions of an inspection")
def issue(request: Call, pk: Pk, sent: ConclusionsIssued) -> Any:
    """Issue what is drafted: each conclusion becomes work of its unit. Without any the inspection is closed."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        facts: dict[str, Any] = {"on": sent.on, "symbol": number_in(sent.symbol), "version": version}
        conclusions.issue_conclusions(inspection=row, by=request.user, **facts)

    return on_inspection(request, pk, act)


@creates(router, "/visits/{pk}/conclusions", ConclusionOut, "Draft a conclusion")
def add_conclusion(request: Call, pk: Pk, sent: ConclusionIn) -> Any:
    """Draft a conclusion about the unit of a visit; it is read there when the conclusions are issued."""

    def make() -> Conclusion:
        row = visible_visit(request.user, pk)
        require(may_conclude(request.user, row.inspection))
        values = sent.values(row.inspection)
        return conclusions.add_conclusion(visit=row, values=values, by=request.user)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/conclusions/{pk}/change", ConclusionOut, "Change the draft of a conclusion")
def change_conclusion(request: Call, pk: Pk, sent: ConclusionIn) -> Any:
    """Change a draft; what is issued stays as it was."""

    def act() -> None:
        draft = _draft(request.user, pk)
        version = seen_number(request, draft.visit.inspection.version)
        values = sent.values(draft.visit.inspection)
        conclusions.change_conclusion(conclusion=draft, values=values, by=request.user, version=version)

    return acted(request, act, lambda: _told(request, pk))


@changes(router, "/conclusions/{pk}/drop", WholeInspectionOut, "Leave the draft of a conclusion out")
def drop_conclusion(request: Call, pk: Pk) -> Any:
    """Leave a draft out; answers with the inspection."""
    of: list[int] = []

    def act() -> None:
        draft = _draft(request.user, pk)
        as_seen(request, draft.visit.inspection)
        of.append(draft.visit.inspection_id)
        conclusions.drop_conclusion(conclusion=draft, by=request.user)

    return acted(request, act, lambda: told_inspection(request, of[0]))


@changes(router, "/conclusions/{pk}/close", ConclusionOut, "Close a conclusion")
def close_conclusion(request: Call, pk: Pk, sent: ConclusionClosed) -> Any:
    """Close a conclusion that is carried out, with a word on what was seen."""

    def act() -> None:
        row = visible_conclusion(request.user, pk)
        require(may_close(request.user, row))
        as_seen(request, row.visit.inspection)
        conclusions.close_conclusion(conclusion=row, words=sent.words, by=request.user)

    return acted(request, act, lambda: _told(request, pk))


def _draft(user: User, pk: int) -> Conclusion:
    draft = visible_conclusion(user, pk)
    require(may_conclude(user, draft.visit.inspection))
    return draft


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_conclusion(request.user, pk)
    return one(request, ConclusionOut, _lines([row])[0], row.visit.inspection.version, status)


def _lines(rows: Sequence[Conclusion]) -> list[dict[str, Any]]:
    owed = Deadline.objects.filter(solution__in=[row.solution_id for row in rows if row.solution_id], status__in=LIVE)
    live = set(owed.order_by().values_list("solution_id", flat=True))
    plain = ("ordinal", "text", "due", "closed_on", "closing_words")
    return [
        {
            **plain_of(row, plain),
            "version": row.visit.inspection.version,
            "inspection": row.visit.inspection_id,
            "visit": row.visit_id,
            "unit": unit_ref(row.visit.unit),
            "follower": person_ref(row.follower),
            "solution": row.solution_id,
            "state": _state(row, live),
            "page": page_at(row),
        }
        for row in rows
    ]


def _state(row: Conclusion, live: set[int]) -> ResultState | None:
    """Return how a conclusion stands, by the rule of the register; None: a draft."""
    if row.solution_id is None:
        return None
    if row.closed_on is not None:
        return ResultState.CLOSED
    return ResultState.OPEN if row.solution_id in live else ResultState.TO_CLOSE
