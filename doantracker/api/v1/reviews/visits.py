"""Visits of inspections: checklists filled in, days, requests of the units to the team."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedId,
    AskedYear,
    Words,
    acted,
    as_seen,
    changes,
    creates,
    lists,
    made,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, one, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from reviews.actions import inspections, visits
from reviews.actions.checklists import MOST_ITEMS
from reviews.actions.visits import NOTE_LENGTH, Found
from reviews.enums import Finding
from reviews.inspection_page import by_head
from reviews.models import InspectionVisit, VisitRequest
from reviews.rights import may_ask_team, may_run, may_work_in
from reviews.views.shared import inspecting, visible_visit
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["inspections"])
RELATED: Final = ("inspection__programme__unit", "unit", "event")


class VisitOut(Schema):
    """The visit of a team to one unit. Its ETag holds the version of the inspection too."""

    id: int
    version: str
    inspection: int
    title: str
    unit: UnitRef
    day: dt.date | None = Field(description="The planned day; null: not known yet.")
    visited_on: dt.date | None = Field(description="The day it took place; null: not yet.")
    page: str = Field(description="The address of its page, for people.")


class ChecklistHeadOut(Schema):
    """A heading of the checklist, and how many things are looked at under it."""

    head: str
    items: int


class VisitItemOut(Schema):
    """One thing looked at, and what the team found."""

    id: int
    ordinal: int
    head: str = Field(description="The heading it stands under.")
    text: str
    finding: Finding | None = Field(description="Null: nothing found yet.")
    note: str
    version: int


class VisitRequestOut(Schema):
    """What the unit asks the team for, and the answer."""

    id: int
    visit: int
    text: str
    answer: str
    answered_on: dt.date | None


class WholeVisitOut(VisitOut):
    """One visit. Items, findings and notes are the team's: who is visited sees the headings."""

    team_head: PersonRef
    content: str
    period_start: dt.date | None
    period_end: dt.date | None
    preparation: str
    heads: list[ChecklistHeadOut]
    items: list[VisitItemOut]
    notes: str = Field(description="Notes of the team.")
    notes_version: int
    requests: list[VisitRequestOut]


class VisitQuery(PageQuery):
    """Which visits."""

    year: AskedYear = None
    inspection: AskedId = None
    unit: AskedId = None


class FoundItem(Sent):
    """What the team found about an item, in the version of it that was seen."""

    item: Id = Field(description="The id of an item of the visit.")
    finding: Finding | None = Field(default=None, description="Null: nothing found yet.")
    note: Annotated[Text, Field(max_length=NOTE_LENGTH)] = ""
    version: Annotated[int, Field(ge=1, lt=10**9, strict=True)]


class VisitCheck(Sent):
    """What the team found. With `notes`, the version of them that was seen."""

    items: Annotated[list[FoundItem], Field(max_length=MOST_ITEMS)] = Field(default_factory=list)
    notes: Words | None = Field(default=None, description="Null: the notes stay.")
    notes_version: Annotated[int, Field(ge=1, lt=10**9, strict=True)] | None = Field(
        default=None, description="The version of the notes you saw."
    )


class VisitedOn(Sent):
    """The day on which the visit took place."""

    on: Day


class NewVisitDay(Sent):
    """The day of the visit."""

    day: Day


class VisitRequestIn(Sent):
    """What the unit asks the team for."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]


class VisitAnswer(Sent):
    """The answer."""

    words: Annotated[Text, Field(min_length=1, max_length=4000)]


@lists(router, "/visits", VisitOut, "VisitPage", "List visits")
def visit_list(request: Call, asked: Query[VisitQuery]) -> Any:
    """List the visits of the inspections you see, and those announced to units you see."""
    rows = InspectionVisit.objects.visible_to(request.user).select_related(*RELATED)
    chosen = {"inspection__programme__year": asked.year, "inspection": asked.inspection, "unit": asked.unit}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return page(request, rows, asked, VisitOut, lambda found: [_line(row) for row in found])


@shows(router, "/visits/{pk}", WholeVisitOut, "Show a visit")
def visit(request: Call, pk: Pk) -> Any:
    """Show a visit: to the team whole, to the unit what it prepares and under which headings it is looked at."""
    return _told(request, pk)


@creates(router, "/visits/{pk}/check", WholeVisitOut, "Fill in the checklist of a visit", 200)
def check(request: Call, pk: Pk, sent: VisitCheck) -> Any:
    """Write what the team found; each item in the version seen, all are saved or none."""

    def act(row: InspectionVisit) -> None:
        found = {given.item: Found(given.finding or "", given.note, given.version) for given in sent.items}
        notes: dict[str, Any] = {"notes": sent.notes, "notes_version": sent.notes_version}
        visits.record_visit(visit=row, found=found, by=request.user, **notes)

    return acted(request, lambda: act(_worked_in(request.user, pk)), lambda: _told(request, pk))


@changes(router, "/visits/{pk}/visited", WholeVisitOut, "Record that a visit took place")
def visited(request: Call, pk: Pk, sent: VisitedOn) -> Any:
    """Record that the visit took place on a day."""

    def act(row: InspectionVisit) -> None:
        as_seen(request, row.inspection, lambda _held: _version(_fresh(row)))
        visits.end_visit(visit=row, on=sent.on, by=request.user)

    return acted(request, lambda: act(_worked_in(request.user, pk)), lambda: _told(request, pk))


@changes(router, "/visits/{pk}/day", WholeVisitOut, "Give a visit its day")
def move_visit(request: Call, pk: Pk, sent: NewVisitDay) -> Any:
    """Give a visit its day or another one: the preparation moves along."""

    def act(row: InspectionVisit) -> None:
        require(may_run(request.user, row.inspection.unit))
        as_seen(request, row.inspection, lambda _held: _version(_fresh(row)))
        inspections.move_visit(visit=row, day=sent.day, by=request.user)

    return acted(request, lambda: act(visible_visit(request.user, pk)), lambda: _told(request, pk))


@creates(router, "/visits/{pk}/requests", VisitRequestOut, "Send a request to the team of a visit")
def ask_team(request: Call, pk: Pk, sent: VisitRequestIn) -> Any:
    """Send the team a request of the unit that is visited."""

    def make() -> VisitRequest:
        row = visible_visit(request.user, pk)
        require(may_ask_team(request.user, row))
        return visits.ask_team(visit=row, text=sent.text, by=request.user)

    return made(request, make, lambda row: _request(request, row, 201))


@creates(router, "/visit-requests/{pk}/answer", VisitRequestOut, "Answer a request of a unit visited", 200)
def answer_request(request: Call, pk: Pk, sent: VisitAnswer) -> Any:
    """Answer a request of a unit, once."""

    def make() -> VisitRequest:
        related = ("visit__inspection__programme__unit", "visit__inspection__head", "visit__unit")
        found = get_visible_or_404(VisitRequest.objects.select_related(*related), request.user, pk)
        require(may_work_in(request.user, found.visit.inspection))
        return visits.answer_request(request=found, words=sent.words, by=request.user)

    return made(request, make, lambda row: _request(request, row))


def _worked_in(user: User, pk: int) -> InspectionVisit:
    row = visible_visit(user, pk)
    require(may_work_in(user, row.inspection))
    return row


def _told(request: Call, pk: int) -> Any:
    row = visible_visit(request.user, pk)
    whole = inspecting(request.user, row.inspection)
    items = list(row.items.all())
    plain = ("ordinal", "head", "text", "note", "version")
    told = ("content", "period_start", "period_end", "preparation")
    facts = _line(row) | {
        **{name: getattr(row.inspection, name) for name in told},
        "team_head": person_ref(row.inspection.head),
        "heads": [{"head": head, "items": len(found)} for head, found in by_head(items)],
        "items": [plain_of(item, plain) | {"finding": item.finding or None} for item in items] if whole else [],
        "notes": row.notes if whole else "",
        "notes_version": row.version,
        "requests": [_request_line(found) for found in row.requests.all()],
    }
    return one(request, WholeVisitOut, facts, _version(row))


def _request(request: Call, row: VisitRequest, status: int = 200) -> Any:
    return one(request, VisitRequestOut, _request_line(row), int(row.answered_on is not None), status)


def _fresh(row: InspectionVisit) -> InspectionVisit:
    found: InspectionVisit = InspectionVisit.objects.select_related("inspection").get(pk=row.pk)
    return found


def _version(row: InspectionVisit) -> str:
    return f"{row.inspection.version}-{row.version}"


def _line(row: InspectionVisit) -> dict[str, Any]:
    return {
        **plain_of(row, ("day", "visited_on")),
        "version": _version(row),
        "inspection": row.inspection_id,
        "title": row.inspection.title,
        "unit": unit_ref(row.unit),
        "page": page_at(row),
    }


def _request_line(row: VisitRequest) -> dict[str, Any]:
    return plain_of(row, ("text", "answer", "answered_on")) | {"visit": row.visit_id}
