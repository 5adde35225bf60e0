"""Field trips: registered, approved, prepared, gone, reported on; quotas of days and how people stand with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.reviews_shared import (
    AskedId,
    AskedUnit,
    AskedYear,
    FileOut,
    Ids,
    SomeWords,
    Title,
    Words,
    Year,
    acted,
    all_of,
    changes,
    creates,
    file_lines,
    named,
    offered_or_404,
    page_at,
    plain_of,
    uploads,
    wrong,
)
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import Outlook
from reviews.actions import trip_papers, trip_quotas, trips
from reviews.enums import QuotaMeasure, QuotaScope, TripKind, TripPaper, TripState
from reviews.filters import TripFilter
from reviews.models import FieldTrip, FieldTripQuota
from reviews.models.trip_quota import MOST_DAYS, REGISTER_AHEAD, REPORT_DAYS
from reviews.quota import Standing
from reviews.quota_page import table_of
from reviews.rights import may_carry, may_read_papers, may_set_quotas, quota_unions, trip_unions
from reviews.staff import staff_of
from units.access import get_visible_or_404, require
from units.models import Post, Unit, User

router = Router(tags=["field trips"])
RELATED: Final = ("unit", "leader")
MOST_AHEAD: Final = 90


class TripOut(Schema):
    """One trip: the days registered stay beside the days it really took."""

    id: int
    version: int
    unit: UnitRef
    kind: TripKind
    year: int
    quarter: int
    planned_from: dt.date
    planned_to: dt.date
    actual_from: dt.date | None
    actual_to: dt.date | None
    days: int
    leader: PersonRef
    party: list[PersonRef]
    units: list[UnitRef]
    purpose: str
    state: TripState
    register_by: dt.date
    registered_late: bool
    decided_on: dt.date | None
    page: str = Field(description="The address of its page, for people.")


class TripFileOut(FileOut):
    """A file of the brief or of the report."""

    paper: TripPaper


class WholeTripOut(TripOut):
    """One trip with its papers; for who sees it only as the side visited they are empty."""

    brief: str
    briefed_on: dt.date | None
    briefed_late: bool
    report: str
    reported_on: dt.date | None
    cancel_reason: str
    files: list[TripFileOut]


class QuotaOut(Schema):
    """So many days at the grassroots in a year, of each person or of a group jointly."""

    id: int
    version: int
    unit: UnitRef
    year: int
    name: str
    amount: int
    measure: QuotaMeasure
    days: int
    until: dt.date
    joint: bool
    scope: QuotaScope
    body: str
    full_time: bool
    kinds: list[TripKind] = Field(description="The kinds of trip that count; none: all.")
    register_ahead: int
    report_days: int
    page: str = Field(description="The address of its page, for people.")


class StandingOut(Schema):
    """How days stand with a quota today."""

    counted: int
    short: int
    pace: int | None
    planned: int
    weekly: int | None
    outlook: Outlook


class QuotaRowOut(Schema):
    """One person under a quota."""

    person: PersonRef
    trips: int
    standing: StandingOut


class WholeQuotaOut(QuotaOut):
    """One quota held against the trips; `whole`: the group's standing where the days are owed jointly."""

    people: list[PersonRef]
    rows: list[QuotaRowOut]
    whole: StandingOut | None


class TripQuery(PageQuery):
    """Which trips: the filters of their page."""

    unit: AskedUnit = None
    state: TripState | None = None
    kind: TripKind | None = None
    year: AskedYear = None
    quarter: Annotated[int | None, Field(ge=1, le=4)] = None
    person: AskedId = None
    quota: AskedId = None
    visited: AskedId = None


class QuotaQuery(PageQuery):
    """Which quotas."""

    year: AskedYear = None


class TripFacts(Sent):
    """When, where, who, what for. The leader goes along whether named in the party or not."""

    planned_from: Day
    planned_to: Day
    kind: TripKind = TripKind.GRASSROOTS
    units: Annotated[Ids, Field(min_length=1)]
    purpose: SomeWords
    leader: Id
    party: Ids = Field(default_factory=list)

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


class QuotaFacts(Sent):
    """A quota as a plan states it. `until`: the last day that counts."""

    name: Title
    year: Year
    amount: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)]
    measure: QuotaMeasure = QuotaMeasure.DAYS
    until: Day
    joint: Switch = False
    scope: QuotaScope = QuotaScope.STAFF
    body: Annotated[Text, Field(max_length=30)] = ""
    people: Ids = Field(default_factory=list)
    full_time: Switch = False
    kinds: Annotated[list[TripKind], Field(max_length=len(TripKind))] = Field(default_factory=list)
    register_ahead: Annotated[int, Field(ge=1, le=MOST_AHEAD, strict=True)] = REGISTER_AHEAD
    report_days: Annotated[int, Field(ge=0, le=MOST_AHEAD, strict=True)] = REPORT_DAYS

    def facts(self, union: Unit, former: Sequence[User] = ()) -> dict[str, Any]:
        """Return what the acts take."""
        if (self.scope == QuotaScope.BODY) != (self.body in Post.Body.values):
            raise wrong("body")
        if (self.scope == QuotaScope.PEOPLE) != bool(self.people):
            raise wrong("people")
        people = [*staff_of(union, clock.today()), *former]
        values = self.model_dump(exclude={"unit", "people"}) | {"kinds": [kind.value for kind in self.kinds]}
        return {"values": values, "people": all_of(people, self.people, "people")}


class NewQuota(QuotaFacts):
    """A quota of a union."""

    unit: Id


@router.get("/trips", response=reads(page_of(TripOut, "TripPage")), summary="Field trips")
def trip_list(request: Call, asked: Query[TripQuery]) -> Any:
    """List the trips you see: of unions you see, your own, and those to units you see."""
    rows = narrowed(TripFilter, asked, FieldTrip.objects.visible_to(request.user), request)
    rows = rows.select_related(*RELATED).prefetch_related("members__person", "units")
    return page(request, rows, asked, TripOut, lambda found: [_line(row) for row in found])


@router.get("/trips/{pk}", response=reads_one(WholeTripOut), summary="One field trip")
def trip(request: Call, pk: Pk) -> Any:
    """Show one trip; its papers to the travellers and to who sees the union."""
    return _trip(request, pk)


@creates(router, "/trips", WholeTripOut, "Register a trip")
def register_trip(request: Call, sent: NewTrip) -> Any:
    """Register a trip: your own, or of others for who runs the plans."""
    union = offered_or_404(trip_unions(request.user, clock.today()), sent.unit)
    made: list[FieldTrip] = []

    def act() -> None:
        made.append(trips.register_trip(unit=union, by=request.user, **sent.facts(union)))

    return acted(request, act, lambda: _trip(request, made[0].pk, 201))


@changes(router, "/trips/{pk}/change", WholeTripOut, "Change a registration")
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


@router.get("/trip-quotas", response=reads(page_of(QuotaOut, "QuotaPage")), summary="Quotas of days")
def quota_list(request: Call, asked: Query[QuotaQuery]) -> Any:
    """List the quotas of the unions you see."""
    rows = FieldTripQuota.objects.visible_to(request.user).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, QuotaOut, lambda found: [_quota_line(row) for row in found])


@router.get("/trip-quotas/{pk}", response=reads_one(WholeQuotaOut), summary="One quota")
def quota(request: Call, pk: Pk) -> Any:
    """Show how everybody stands with a quota today."""
    return _quota(request, pk)


@creates(router, "/trip-quotas", WholeQuotaOut, "Set a quota")
def add_quota(request: Call, sent: NewQuota) -> Any:
    """Set a quota of a union for a year."""
    union = offered_or_404(quota_unions(request.user, clock.today()), sent.unit)
    made: list[FieldTripQuota] = []

    def act() -> None:
        made.append(trip_quotas.add_quota(unit=union, by=request.user, **sent.facts(union)))

    return acted(request, act, lambda: _quota(request, made[0].pk, 201))


@changes(router, "/trip-quotas/{pk}/change", WholeQuotaOut, "Change a quota")
def change_quota(request: Call, pk: Pk, sent: QuotaFacts) -> Any:
    """Change a quota; sums and forecasts follow at once."""

    def act() -> None:
        row = _visible_quota(request.user, pk)
        require(may_set_quotas(request.user, row.unit))
        version = seen_number(request, row.version)
        facts = sent.facts(row.unit, list(row.people.all()))
        trip_quotas.change_quota(quota=row, by=request.user, version=version, **facts)

    return acted(request, act, lambda: _quota(request, pk))


def _act(request: Call, pk: int, act: Callable[[FieldTrip, int], None]) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _trip(request, pk))


def _enter(request: Call, pk: int, enter: Callable[..., object], text: str, files: Sequence[UploadedFile]) -> Any:
    def act(row: FieldTrip, version: int) -> None:
        require(may_carry(request.user, row))
        enter(trip=row, by=request.user, text=text, files=uploads(files), version=version)

    return _act(request, pk, act)


def _visible(user: User, pk: int) -> FieldTrip:
    rows = FieldTrip.objects.select_related(*RELATED, "created_by", "brief_work", "report_work")
    found: FieldTrip = get_visible_or_404(rows.prefetch_related("members__person", "units", "files"), user, pk)
    return found


def _visible_quota(user: User, pk: int) -> FieldTripQuota:
    found: FieldTripQuota = get_visible_or_404(FieldTripQuota.objects.select_related("unit"), user, pk)
    return found


def _trip(request: Call, pk: int, status: int = 200) -> Any:
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


def _quota(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_quota(request.user, pk)
    table = table_of(row, clock.today())
    rows = [
        {"person": person_ref(found.person), "trips": found.trips, "standing": _standing(found.standing)}
        for found in table.rows
    ]
    whole = _standing(table.whole) if table.whole else None
    people = [person_ref(person) for person in row.people.order_by("sort_key", "pk")]
    facts = _quota_line(row) | {"people": people, "rows": rows, "whole": whole}
    return one(request, WholeQuotaOut, facts, row.version, status)


def _standing(found: Standing) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("counted", "short", "pace", "planned", "weekly", "outlook")}


def _quota_line(row: FieldTripQuota) -> dict[str, Any]:
    plain = (
        "version", "year", "name", "amount", "measure", "days", "until", "joint", "scope", "body", "full_time",
        "kinds", "register_ahead", "report_days",
    )  # fmt: skip
    return plain_of(row, plain) | {"unit": unit_ref(row.unit), "page": page_at(row)}
