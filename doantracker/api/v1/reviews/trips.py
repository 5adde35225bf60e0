"""Field trips: registered, approved, prepared, gone, reported on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedId,
    AskedUnit,
    AskedYear,
    FileOut,
    Ids,
    SomeWords,
    Words,
    acted,
    all_of,
    changes,
    creates,
    file_lines,
    lists,
    made,
    named,
    offered_or_404,
    page_at,
    plain_of,
    shows,
    uploads,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from reviews.actions import trip_papers, trips
from reviews.enums import TripKind, TripPaper, TripState
from reviews.filters import TripFilter
from reviews.models import FieldTrip
from reviews.rights import may_carry, may_read_papers, trip_unions
from reviews.staff import staff_of
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["field trips"])
RELATED: Final = ("unit", "leader")


class TripOut(Schema):
    """One trip: the days registered stay beside the days it really took."""

    id: int
    version: int
    unit: UnitRef
    kind: TripKind
    year: int
    quarter: int = Field(description="1 to 4.")
    planned_from: dt.date
    planned_to: dt.date
    actual_from: dt.date | None
    actual_to: dt.date | None
    days: int = Field(description="The days it took, or is to take, both ends counted.")
    leader: PersonRef
    party: list[PersonRef]
    units: list[UnitRef]
    purpose: str
    state: TripState
    register_by: dt.date = Field(description="The last day for registering it.")
    registered_late: bool = Field(description="It was registered after that day.")
    decided_on: dt.date | None
    page: str = Field(description="The address of its page, for people.")


class TripFileOut(FileOut):
    """A file of the brief or of the report."""

    paper: TripPaper


class WholeTripOut(TripOut):
    """One trip with its papers; for who sees it only as the side visited they are empty."""

    brief: str
    briefed_on: dt.date | None
    briefed_late: bool = Field(description="The brief was entered after the first day.")
    report: str
    reported_on: dt.date | None
    cancel_reason: str
    files: list[TripFileOut]


class TripQuery(PageQuery):
    """Which trips: the filters of their page."""

    unit: AskedUnit = None
    state: TripState | None = None
    kind: TripKind | None = None
    year: AskedYear = None
    quarter: Annotated[int | None, Field(ge=1, le=4)] = None
    person: AskedId = Field(default=None, description="The id of a person who goes along.")
    quota: AskedId = Field(default=None, description="The id of a quota: trips that count for it.")
    visited: AskedId = Field(default=None, description="The id of a unit visited.")


class TripFacts(Sent):
    """When, where, who, what for. The leader goes along whether named in the party or not."""

    planned_from: Day
    planned_to: Day
    kind: TripKind = TripKind.GRASSROOTS
    units: Annotated[Ids, Field(min_length=1)] = Field(description="Ids of the units visited.")
    purpose: SomeWords
    leader: Id = Field(description="The id of a person: staff of the union.")
    party: Ids = Field(default_factory=list, description="Ids of the others who go.")

    def facts(self, union: Unit, former: Sequence[User] = ()) -> dict[str, Any]:
        """Return what the acts take: staff of the union, units below it."""
        if self.planned_to < self.planned_from:
            raise wrong("planned_to")
        today = clock.today()
        people = [*staff_of(union, today), *former]
        values: dict[str, Any] = {n: getattr(self, n) for n in ("planned_from", "planned_to", "kind", "purpose")}
        values["leader"] = named(people, self.leader, "leader")
        units = all_of(Unit.objects.below(union).in_force(today), self.units, "units")
        return {"values": values, "party": all_of(people, self.party, "party"), "units": units}


class NewTrip(TripFacts):
    """A trip to register for the staff of a union."""

    unit: Id


class TripPaperIn(Sent):
    """The words of a paper."""

    text: Words = ""


class TripGone(Sent):
    """The days on which it took place, both counted."""

    actual_from: Day
    actual_to: Day


class TripCancelled(Sent):
    """Why."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


@lists(router, "/trips", TripOut, "TripPage", "List field trips")
def trip_list(request: Call, asked: Query[TripQuery]) -> Any:
    """List the trips you see: of unions you see, your own, and those to units you see."""
    rows = narrowed(TripFilter, asked, FieldTrip.objects.visible_to(request.user), request)
    rows = rows.select_related(*RELATED).prefetch_related("members__person", "units")
    return page(request, rows, asked, TripOut, lambda found: [_line(row) for row in found])


@shows(router, "/trips/{pk}", WholeTripOut, "Show a field trip")
def trip(request: Call, pk: Pk) -> Any:
    """Show one trip; its papers to the travellers and to who sees the union."""
    return _told(request, pk)


@creates(router, "/trips", WholeTripOut, "Register a trip")
def register_trip(request: Call, sent: NewTrip) -> Any:
    """Register a trip: your own, or of others for who runs the plans."""
    union = offered_or_404(trip_unions(request.user, clock.today()), sent.unit)

    def make() -> FieldTrip:
        return trips.register_trip(unit=union, by=request.user, **sent.facts(union))

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/trips/{pk}/change", WholeTripOut, "Change the registration of a trip")
def change_trip(request: Call, pk: Pk, sent: TripFacts) -> Any:
    """Change what is registered, until it is approved."""

    def act(row: FieldTrip, version: int) -> None:
        require(may_carry(request.user, row))
        facts = sent.facts(row.unit, [member.person for member in row.members.all()])
        trips.change_trip(trip=row, by=request.user, version=version, **facts)

    return _act(request, pk, act)


@changes(router, "/trips/{pk}/approve", WholeTripOut, "Approve a trip")
def approve_trip(request: Call, pk: Pk) -> Any:
    """Decide that a trip takes place; never about your own."""

    def act(row: FieldTrip, version: int) -> None:
        trips.approve_trip(trip=row, by=request.user, version=version)

    return _act(request, pk, act)


@changes(router, "/trips/{pk}/end", WholeTripOut, "Record that a trip took place")
def end_trip(request: Call, pk: Pk, sent: TripGone) -> Any:
    """Record the days on which a trip took place: the report is now owed."""

    def act(row: FieldTrip, version: int) -> None:
        facts = sent.model_dump()
        trips.end_trip(trip=row, by=request.user, version=version, **facts)

    return _act(request, pk, act)


@changes(router, "/trips/{pk}/cancel", WholeTripOut, "Call a trip off")
def cancel_trip(request: Call, pk: Pk, sent: TripCancelled) -> Any:
    """Call a trip off, or refuse it, with a reason."""

    def act(row: FieldTrip, version: int) -> None:
        trips.cancel_trip(trip=row, by=request.user, reason=sent.reason, version=version)

    return _act(request, pk, act)


@changes(router, "/trips/{pk}/brief", WholeTripOut, "Enter the brief of a trip")
def brief(request: Call, pk: Pk, sent: TripPaperIn) -> Any:
    """Enter the brief of an approved trip; after its first day it is marked as late."""
    return _enter(request, pk, trip_papers.brief_trip, sent.text, ())


@changes(router, "/trips/{pk}/brief-files", WholeTripOut, "Enter the brief of a trip with files")
def brief_with_files(request: Call, pk: Pk, sent: Form[TripPaperIn], files: File[list[UploadedFile]]) -> Any:
    """Enter the brief with files, as multipart/form-data; the same kinds and sizes as on the page."""
    return _enter(request, pk, trip_papers.brief_trip, sent.text, files)


@changes(router, "/trips/{pk}/report", WholeTripOut, "Enter the report on a trip")
def report(request: Call, pk: Pk, sent: TripPaperIn) -> Any:
    """Enter the report of a trip that took place."""
    return _enter(request, pk, trip_papers.report_trip, sent.text, ())


@changes(router, "/trips/{pk}/report-files", WholeTripOut, "Enter the report on a trip with files")
def report_with_files(request: Call, pk: Pk, sent: Form[TripPaperIn], files: File[list[UploadedFile]]) -> Any:
    """Enter the report with files, as multipart/form-data."""
    return _enter(request, pk, trip_papers.report_trip, sent.text, files)


def _act(request: Call, pk: int, act: Callable[[FieldTrip, int], None]) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _told(request, pk))


def _enter(request: Call, pk: int, enter: Callable[..., object], text: str, files: Sequence[UploadedFile]) -> Any:
    def act(row: FieldTrip, version: int) -> None:
        require(may_carry(request.user, row))
        enter(trip=row, by=request.user, text=text, files=uploads(files), version=version)

    return _act(request, pk, act)


def _visible(user: User, pk: int) -> FieldTrip:
    rows = FieldTrip.objects.select_related(*RELATED, "created_by", "brief_work", "report_work")
    found: FieldTrip = get_visible_or_404(rows.prefetch_related("members__person", "units", "files"), user, pk)
    return found


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    facts = _line(row) | _papers(row, whole=may_read_papers(request.user, row))
    return one(request, WholeTripOut, facts, row.version, status)


def _papers(row: FieldTrip, *, whole: bool) -> dict[str, Any]:
    """Return brief, report and why it was called off; nothing of it to the side visited."""
    if not whole:
        words: dict[str, Any] = dict.fromkeys(("brief", "report", "cancel_reason"), "")
        return words | {"briefed_on": None, "briefed_late": False, "reported_on": None, "files": []}
    plain = ("brief", "briefed_on", "briefed_late", "report", "reported_on", "cancel_reason")
    files = list(row.files.all())
    told = zip(file_lines(files), files, strict=True)
    return {name: getattr(row, name) for name in plain} | {"files": [f | {"paper": kept.paper} for f, kept in told]}


def _line(row: FieldTrip) -> dict[str, Any]:
    plain = (
        "version", "kind", "year", "quarter", "planned_from", "planned_to", "actual_from", "actual_to", "days",
        "purpose", "state", "register_by", "registered_late", "decided_on",
    )  # fmt: skip
    return {
        **plain_of(row, plain),
        "unit": unit_ref(row.unit),
        "leader": person_ref(row.leader),
        "party": [person_ref(member.person) for member in row.members.all()],
        "units": [unit_ref(unit) for unit in row.units.all()],
        "page": page_at(row),
    }
