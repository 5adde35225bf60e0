"""Inspections and supervision: programmes, checklists, visits, reports, conclusions, and the register of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import File, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.reviews_shared import (
    AskedId,
    AskedUnit,
    AskedYear,
    FileOut,
    Ids,
    PaperNumber,
    SomeWords,
    Title,
    Words,
    Year,
    acted,
    all_of,
    as_seen,
    changes,
    creates,
    file_lines,
    named,
    number_in,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    uploads,
)
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import LIVE
from plans.models import Deadline
from plans.resolving import UnitNames
from reviews.actions import conclusions, inspection_reports, inspections, visits
from reviews.actions.checklists import MOST_ITEMS, save_checklist
from reviews.actions.inspections import MOST_VISITS
from reviews.actions.visits import NOTE_LENGTH, Found
from reviews.bodies import following_body, members_of
from reviews.checklist_lines import Line
from reviews.enums import Finding, InspectionKind, InspectionState, ResultSource, ResultState
from reviews.filters import InspectionFilter, ResultFilter
from reviews.forms.inspections import InspectionForm
from reviews.inspection_page import by_head
from reviews.models import (
    Checklist,
    Conclusion,
    Inspection,
    InspectionProgramme,
    InspectionVisit,
    VisitRequest,
)
from reviews.models.checklist import LONGEST_HEAD, LONGEST_ITEM
from reviews.models.inspection import MOST_PREPARATION_DAYS
from reviews.results import RELATED as RELATED_OF_RESULT
from reviews.results import lines_of, results_of
from reviews.rights import inspecting_units, may_ask_team, may_close, may_conclude, may_run, may_work_in
from reviews.views.shared import inspecting, visible_conclusion, visible_inspection, visible_visit
from units.access import get_visible_or_404, require
from units.models import Unit, UnitKind, User

router = Router(tags=["inspections"])
RELATED: Final = ("programme__unit", "head", "report_unit", "report_meeting")
RELATED_OF_VISIT: Final = ("inspection__programme__unit", "unit", "event")
RELATED_OF_CONCLUSION: Final = ("visit__inspection__programme__unit", "visit__unit", "follower")


class InspectionOut(Schema):
    """One inspection of the programme of a year."""

    id: int
    version: int
    unit: UnitRef
    year: int
    kind: InspectionKind
    title: str
    content: str
    period_start: dt.date | None
    period_end: dt.date | None
    head: PersonRef
    report_unit: UnitRef
    state: InspectionState
    preparation: str
    preparation_days: int
    ended_on: dt.date | None
    report_meeting: int | None
    reported_on: dt.date | None
    report_symbol: str
    concluded_on: dt.date | None
    conclusion_symbol: str
    cancel_reason: str
    page: str = Field(description="The address of its page, for people.")


class WholeInspectionOut(InspectionOut):
    """One inspection with its team, the visits, and the report."""

    members: list[PersonRef]
    visits: list[int]
    report: str
    files: list[FileOut]


class VisitOut(Schema):
    """The visit of a team to one unit. Its ETag holds the version of the inspection too."""

    id: int
    version: str
    inspection: int
    title: str
    unit: UnitRef
    day: dt.date | None
    visited_on: dt.date | None
    page: str = Field(description="The address of its page, for people.")


class ChecklistHeadOut(Schema):
    """A heading of the checklist, and how many things are looked at under it."""

    head: str
    items: int


class VisitItemOut(Schema):
    """One thing looked at, and what the team found."""

    id: int
    ordinal: int
    head: str
    text: str
    finding: Finding | None
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
    notes: str
    notes_version: int
    requests: list[VisitRequestOut]


class ConclusionOut(Schema):
    """A conclusion about one unit; without a state it is a draft."""

    id: int
    version: int = Field(description="That of the inspection.")
    inspection: int
    visit: int
    unit: UnitRef
    ordinal: int
    text: str
    due: dt.date
    follower: PersonRef
    solution: int | None
    state: ResultState | None
    closed_on: dt.date | None
    closing_words: str
    page: str = Field(description="The address of its page, for people.")


class RegisterLineOut(Schema):
    """A line of the register of conclusions: what an inspection concluded or a meeting decided. `id`: the solution."""

    id: int
    text: str
    source: ResultSource
    source_title: str
    unit: str
    follower: PersonRef | None
    due_on: dt.date | None
    state: ResultState
    overdue: bool


class ProgrammeOut(Schema):
    """The programme of a unit for a year."""

    id: int
    unit: UnitRef
    year: int
    symbol: str
    issued_on: dt.date | None


class UnitKindRef(Schema):
    """A kind of unit."""

    id: int
    name: str


class ChecklistLineOut(Schema):
    """One thing to look at, under a heading or none."""

    head: str
    text: str


class ChecklistOut(Schema):
    """The checklist in force for units of a kind."""

    id: int
    version: int
    unit: UnitRef
    unit_kind: UnitKindRef
    items: list[ChecklistLineOut]


class InspectionQuery(PageQuery):
    """Which inspections: the filters of their page."""

    year: AskedYear = None
    unit: AskedUnit = None
    kind: InspectionKind | None = None
    state: InspectionState | None = None


class VisitQuery(PageQuery):
    """Which visits."""

    year: AskedYear = None
    inspection: AskedId = None
    unit: AskedId = None


class ConclusionQuery(PageQuery):
    """Which conclusions."""

    inspection: AskedId = None
    visit: AskedId = None


class RegisterQuery(PageQuery):
    """Which lines of the register: the filters of its page."""

    q: Annotated[Text | None, Field(max_length=200)] = None
    unit: AskedUnit = None
    source: ResultSource | None = None
    follower: AskedId = None
    state: ResultState | None = None
    overdue: bool | None = None


class ProgrammeQuery(PageQuery):
    """Which programmes."""

    year: AskedYear = None


class NewVisit(Sent):
    """A unit to visit, and the day if it is known."""

    unit: Id
    day: Day | None = None


class InspectionFacts(Sent):
    """What an inspection is, who goes, and where. `visits` may be left out once the units have been told."""

    kind: InspectionKind = InspectionKind.REGULAR
    title: Title
    content: Words = ""
    period_start: Day | None = None
    period_end: Day | None = None
    head: Id
    members: Ids = Field(default_factory=list)
    report_unit: Id
    visits: Annotated[list[NewVisit], Field(max_length=MOST_VISITS)] | None = None

    def facts(self, unit: Unit, *, changed: Inspection | None = None) -> dict[str, Any]:
        """Return what the acts take: of people and units that the page offers too."""
        today = clock.today()
        names = UnitNames.below(unit, today)
        form = InspectionForm(unit=unit, names=names, today=today, changed=changed, initial={})
        plain = ("kind", "title", "content", "period_start", "period_end")
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        serving: QuerySet[Unit] = form.fields["report_unit"].queryset  # type: ignore[attr-defined]  # of the field
        values["report_unit"] = named(serving, self.report_unit, "report_unit")
        values["head"] = named(form.heads.values(), self.head, "head")
        members = all_of(form.people.values(), self.members, "members")
        found: dict[str, Any] = {"values": values, "members": members}
        if self.visits is not None:
            days = {visit.unit: visit.day for visit in self.visits}
            units = all_of(Unit.objects.below(unit).in_force(today), list(days), "visits")
            found["visits"] = [(one, days[one.pk]) for one in units]
        return found


class NewInspection(InspectionFacts):
    """An inspection to put into the programme of a year."""

    unit: Id
    year: Year


class InspectionAnnounced(Sent):
    """What the units prepare, one thing a line, and so many days before the visit."""

    preparation: SomeWords
    days: Annotated[int, Field(ge=0, le=MOST_PREPARATION_DAYS, strict=True)]


class InspectionCancelled(Sent):
    """Why it is not carried out."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class VisitsEnded(Sent):
    """When the report is owed: at a meeting, or by a day; neither: at the next meeting planned."""

    meeting: Id | None = None
    due: Day | None = None


class InspectionReportIn(Sent):
    """The report and its number."""

    text: Words = ""
    symbol: PaperNumber = ""


class ConclusionsIssued(Sent):
    """The day on which the conclusions are issued, and their number."""

    on: Day
    symbol: PaperNumber = ""


class FoundItem(Sent):
    """What the team found about an item, in the version of it that was seen."""

    item: Id
    finding: Finding | None = None
    note: Annotated[Text, Field(max_length=NOTE_LENGTH)] = ""
    version: Annotated[int, Field(ge=1, lt=10**9, strict=True)]


class VisitCheck(Sent):
    """What the team found. With `notes`, the version of them that was seen."""

    items: Annotated[list[FoundItem], Field(max_length=MOST_ITEMS)] = Field(default_factory=list)
    notes: Words | None = None
    notes_version: Annotated[int, Field(ge=1, lt=10**9, strict=True)] | None = None


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


class ConclusionIn(Sent):
    """What is concluded, by when it is carried out, and who follows it."""

    text: SomeWords
    due: Day
    follower: Id

    def values(self, row: Inspection) -> dict[str, Any]:
        """Return what the acts take; a member of the body that follows conclusions."""
        today = clock.today()
        people = members_of(row.unit, following_body(row.unit, today), today)
        return {"text": self.text, "due": self.due, "follower": named(people, self.follower, "follower")}


class ConclusionClosed(Sent):
    """What was seen."""

    words: Annotated[Text, Field(min_length=1, max_length=1000)]


class ProgrammeIssued(Sent):
    """By which document the programme of a year was issued."""

    unit: Id
    year: Year
    symbol: PaperNumber = ""
    issued_on: Day | None = None


class NewChecklistLine(Sent):
    """One thing to look at, under a heading or none."""

    head: Annotated[Text, Field(max_length=LONGEST_HEAD)] = ""
    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_ITEM)]


class NewChecklist(Sent):
    """The checklist for units of a kind; `version` of the one seen, 0: none yet."""

    unit: Id
    unit_kind: Id
    items: Annotated[list[NewChecklistLine], Field(min_length=1, max_length=MOST_ITEMS)]
    version: Annotated[int, Field(ge=0, lt=30_000, strict=True)] = 0


# --- inspections ---


@router.get("/inspections", response=reads(page_of(InspectionOut, "InspectionPage")), summary="Inspections")
def inspection_list(request: Call, asked: Query[InspectionQuery]) -> Any:
    """List the inspections of the units you see, and those in whose team you are."""
    rows = narrowed(InspectionFilter, asked, Inspection.objects.visible_to(request.user), request)
    rows = rows.filter(programme__year=asked.year) if asked.year else rows
    return page(request, rows.select_related(*RELATED), asked, InspectionOut, _lines)


@router.get("/inspections/{pk}", response=reads_one(WholeInspectionOut), summary="One inspection")
def inspection(request: Call, pk: Pk) -> Any:
    """Show one inspection with its team, visits and report."""
    return _inspection(request, pk)


@creates(router, "/inspections", WholeInspectionOut, "Plan an inspection")
def plan_inspection(request: Call, sent: NewInspection) -> Any:
    """Put an inspection into the programme of a year; the units are told when it is announced."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)
    made: list[Inspection] = []

    def act() -> None:
        facts: dict[str, Any] = {"visits": (), **sent.facts(unit)}
        made.append(inspections.plan_inspection(unit=unit, year=sent.year, by=request.user, **facts))

    return acted(request, act, lambda: _inspection(request, made[0].pk, 201))


@changes(router, "/inspections/{pk}/change", WholeInspectionOut, "Change an inspection")
def change_inspection(request: Call, pk: Pk, sent: InspectionFacts) -> Any:
    """Change what is said of an inspection; the units only while they are not told."""

    def act(row: Inspection, version: int) -> None:
        require(may_run(request.user, row.unit))
        facts = sent.facts(row.unit, changed=row)
        inspections.change_inspection(inspection=row, by=request.user, version=version, **facts)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/announce", WholeInspectionOut, "Announce an inspection")
def announce(request: Call, pk: Pk, sent: InspectionAnnounced) -> Any:
    """Tell the units: each owes its preparation before its visit."""

    def act(row: Inspection, version: int) -> None:
        facts = sent.model_dump()
        inspections.announce(inspection=row, by=request.user, version=version, **facts)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/cancel", WholeInspectionOut, "Call an inspection off")
def cancel_inspection(request: Call, pk: Pk, sent: InspectionCancelled) -> Any:
    """Call an inspection off, and what is still owed for it too."""

    def act(row: Inspection, version: int) -> None:
        inspections.cancel_inspection(inspection=row, reason=sent.reason, by=request.user, version=version)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/end-visits", WholeInspectionOut, "End the visits")
def end_visits(request: Call, pk: Pk, sent: VisitsEnded) -> Any:
    """End the visits: the report is owed. Done again before the report, it is owed otherwise."""

    def act(row: Inspection, version: int) -> None:
        again = row.state == InspectionState.REPORT_OWED
        require(may_run(request.user, row.unit) if again else may_conclude(request.user, row))
        offered = inspection_reports.meetings_offered(row.unit, clock.today())
        meeting = one_of(offered, sent.meeting, "meeting")
        facts: dict[str, Any] = {"meeting": meeting, "due": sent.due, "version": version}
        inspection_reports.end_visits(inspection=row, by=request.user, **facts)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/report", WholeInspectionOut, "Hand in the report")
def report(request: Call, pk: Pk, sent: InspectionReportIn) -> Any:
    """Hand in the report of an inspection, or correct it before the conclusions."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        facts: dict[str, Any] = {"text": sent.text, "symbol": number_in(sent.symbol), "version": version}
        inspection_reports.hand_in_report(inspection=row, by=request.user, **facts)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/report-files", WholeInspectionOut, "Hand in the report as files")
def report_with_files(request: Call, pk: Pk, files: File[list[UploadedFile]]) -> Any:
    """Hand in the report as files, or add files to it, as multipart/form-data. Text and number stay as they are."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        kept: dict[str, Any] = {"text": row.report, "symbol": row.report_symbol, "files": uploads(files)}
        inspection_reports.hand_in_report(inspection=row, by=request.user, version=version, **kept)

    return _act(request, pk, act)


@changes(router, "/inspections/{pk}/issue", WholeInspectionOut, "Issue the conclusions")
def issue(request: Call, pk: Pk, sent: ConclusionsIssued) -> Any:
    """Issue what is drafted: each conclusion becomes work of its unit. Without any the inspection is closed."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        facts: dict[str, Any] = {"on": sent.on, "symbol": number_in(sent.symbol), "version": version}
        conclusions.issue_conclusions(inspection=row, by=request.user, **facts)

    return _act(request, pk, act)


# --- visits ---


@router.get("/visits", response=reads(page_of(VisitOut, "VisitPage")), summary="Visits")
def visit_list(request: Call, asked: Query[VisitQuery]) -> Any:
    """List the visits of the inspections you see, and those announced to units you see."""
    rows = InspectionVisit.objects.visible_to(request.user).select_related(*RELATED_OF_VISIT)
    chosen = {"inspection__programme__year": asked.year, "inspection": asked.inspection, "unit": asked.unit}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return page(request, rows, asked, VisitOut, lambda found: [_visit_line(row) for row in found])


@router.get("/visits/{pk}", response=reads_one(WholeVisitOut), summary="One visit")
def visit(request: Call, pk: Pk) -> Any:
    """Show a visit: to the team whole, to the unit what it prepares and under which headings it is looked at."""
    return _visit(request, pk)


@creates(router, "/visits/{pk}/check", WholeVisitOut, "Fill in the checklist", 200)
def check(request: Call, pk: Pk, sent: VisitCheck) -> Any:
    """Write what the team found; each item in the version seen, all are saved or none."""

    def act(row: InspectionVisit) -> None:
        found = {given.item: Found(given.finding or "", given.note, given.version) for given in sent.items}
        notes: dict[str, Any] = {"notes": sent.notes, "notes_version": sent.notes_version}
        visits.record_visit(visit=row, found=found, by=request.user, **notes)

    return acted(request, lambda: act(_worked_in(request.user, pk)), lambda: _visit(request, pk))


@changes(router, "/visits/{pk}/visited", WholeVisitOut, "The visit took place")
def visited(request: Call, pk: Pk, sent: VisitedOn) -> Any:
    """Record that the visit took place on a day."""

    def act(row: InspectionVisit) -> None:
        as_seen(request, row.inspection, lambda _held: _version(_fresh_visit(row)))
        visits.end_visit(visit=row, on=sent.on, by=request.user)

    return acted(request, lambda: act(_worked_in(request.user, pk)), lambda: _visit(request, pk))


@changes(router, "/visits/{pk}/day", WholeVisitOut, "Give a visit its day")
def move_visit(request: Call, pk: Pk, sent: NewVisitDay) -> Any:
    """Give a visit its day or another one: the preparation moves along."""

    def act(row: InspectionVisit) -> None:
        require(may_run(request.user, row.inspection.unit))
        as_seen(request, row.inspection, lambda _held: _version(_fresh_visit(row)))
        inspections.move_visit(visit=row, day=sent.day, by=request.user)

    return acted(request, lambda: act(visible_visit(request.user, pk)), lambda: _visit(request, pk))


@creates(router, "/visits/{pk}/requests", VisitRequestOut, "Send the team a request")
def ask_team(request: Call, pk: Pk, sent: VisitRequestIn) -> Any:
    """Send the team a request of the unit that is visited."""
    made: list[VisitRequest] = []

    def act() -> None:
        row = visible_visit(request.user, pk)
        require(may_ask_team(request.user, row) and row.plan_id is not None)
        made.append(visits.ask_team(visit=row, text=sent.text, by=request.user))

    return acted(request, act, lambda: _request(request, made[0], 201))


@creates(router, "/visit-requests/{pk}/answer", VisitRequestOut, "Answer a request", 200)
def answer_request(request: Call, pk: Pk, sent: VisitAnswer) -> Any:
    """Answer a request of a unit, once."""
    made: list[VisitRequest] = []

    def act() -> None:
        related = ("visit__inspection__programme__unit", "visit__inspection__head", "visit__unit")
        found = get_visible_or_404(VisitRequest.objects.select_related(*related), request.user, pk)
        require(may_work_in(request.user, found.visit.inspection))
        made.append(visits.answer_request(request=found, words=sent.words, by=request.user))

    return acted(request, act, lambda: _request(request, made[0]))


# --- conclusions ---


@router.get("/conclusions", response=reads(page_of(ConclusionOut, "ConclusionPage")), summary="Conclusions")
def conclusion_list(request: Call, asked: Query[ConclusionQuery]) -> Any:
    """List the conclusions of inspections you see; once issued, those about your units and those you follow."""
    rows = Conclusion.objects.visible_to(request.user).select_related(*RELATED_OF_CONCLUSION)
    chosen = {"visit__inspection": asked.inspection, "visit": asked.visit}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return page(request, rows, asked, ConclusionOut, _conclusion_lines)


@router.get("/conclusions/{pk}", response=reads_one(ConclusionOut), summary="One conclusion")
def conclusion(request: Call, pk: Pk) -> Any:
    """Show one conclusion."""
    return _conclusion(request, pk)


@creates(router, "/visits/{pk}/conclusions", ConclusionOut, "Draft a conclusion")
def add_conclusion(request: Call, pk: Pk, sent: ConclusionIn) -> Any:
    """Draft a conclusion about the unit of a visit; it is read there when the conclusions are issued."""
    made: list[Conclusion] = []

    def act() -> None:
        row = visible_visit(request.user, pk)
        require(may_conclude(request.user, row.inspection))
        values = sent.values(row.inspection)
        made.append(conclusions.add_conclusion(visit=row, values=values, by=request.user))

    return acted(request, act, lambda: _conclusion(request, made[0].pk, 201))


@changes(router, "/conclusions/{pk}/change", ConclusionOut, "Change a draft conclusion")
def change_conclusion(request: Call, pk: Pk, sent: ConclusionIn) -> Any:
    """Change a draft; what is issued stays as it was."""

    def act() -> None:
        draft = _draft(request.user, pk)
        version = seen_number(request, draft.visit.inspection.version)
        values = sent.values(draft.visit.inspection)
        conclusions.change_conclusion(conclusion=draft, values=values, by=request.user, version=version)

    return acted(request, act, lambda: _conclusion(request, pk))


@changes(router, "/conclusions/{pk}/drop", WholeInspectionOut, "Leave a draft conclusion out")
def drop_conclusion(request: Call, pk: Pk) -> Any:
    """Leave a draft out; answers with the inspection."""
    of: list[int] = []

    def act() -> None:
        draft = _draft(request.user, pk)
        as_seen(request, draft.visit.inspection)
        of.append(draft.visit.inspection_id)
        conclusions.drop_conclusion(conclusion=draft, by=request.user)

    return acted(request, act, lambda: _inspection(request, of[0]))


@changes(router, "/conclusions/{pk}/close", ConclusionOut, "Close a conclusion")
def close_conclusion(request: Call, pk: Pk, sent: ConclusionClosed) -> Any:
    """Close a conclusion that is carried out, with a word on what was seen."""

    def act() -> None:
        row = visible_conclusion(request.user, pk)
        require(may_close(request.user, row) and row.solution_id is not None)
        as_seen(request, row.visit.inspection)
        conclusions.close_conclusion(conclusion=row, words=sent.words, by=request.user)

    return acted(request, act, lambda: _conclusion(request, pk))


@router.get("/results", response=reads(page_of(RegisterLineOut, "RegisterPage")), summary="Register of conclusions")
def result_list(request: Call, asked: Query[RegisterQuery]) -> Any:
    """List what inspections concluded and meetings decided, with its state."""
    rows = narrowed(ResultFilter, asked, results_of(request.user), request)
    return page(request, rows.select_related(*RELATED_OF_RESULT), asked, RegisterLineOut, _result_lines)


# --- programmes and checklists ---


@router.get(
    "/inspection-programmes", response=reads(page_of(ProgrammeOut, "ProgrammePage")), summary="Inspection programmes"
)
def programme_list(request: Call, asked: Query[ProgrammeQuery]) -> Any:
    """List the programmes of the units whose inspections you run."""
    units = inspecting_units(request.user, clock.today())
    rows = InspectionProgramme.objects.filter(unit__in=units.order_by().values("pk")).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, ProgrammeOut, lambda found: [_programme(row) for row in found])


@creates(router, "/inspection-programmes", ProgrammeOut, "Enter the document of a programme", 200)
def issue_programme(request: Call, sent: ProgrammeIssued) -> Any:
    """Enter by which document the programme of a year was issued; without one it is opened."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)
    made: list[InspectionProgramme] = []

    def act() -> None:
        facts: dict[str, Any] = {"year": sent.year, "symbol": number_in(sent.symbol), "issued_on": sent.issued_on}
        made.append(inspections.issue_programme(unit=unit, by=request.user, **facts))

    return acted(request, act, lambda: done(_programme(made[0]), ProgrammeOut))


@router.get("/checklists", response=reads(page_of(ChecklistOut, "ChecklistPage")), summary="Checklists")
def checklist_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List the checklists in force of the units whose inspections you run."""
    units = inspecting_units(request.user, clock.today())
    rows = Checklist.objects.in_force().filter(unit__in=units.order_by().values("pk"))
    rows = rows.select_related("unit", "unit_kind").prefetch_related("items")
    return page(request, rows, asked, ChecklistOut, lambda found: [_checklist(row) for row in found])


@creates(router, "/checklists", ChecklistOut, "Write a checklist")
def write_checklist(request: Call, sent: NewChecklist) -> Any:
    """Write the checklist for units of a kind as its next version."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)
    below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
    kind = named(UnitKind.objects.filter(pk__in=below.values("kind")), sent.unit_kind, "unit_kind")
    made: list[Checklist] = []

    def act() -> None:
        lines = [Line(line.head, line.text) for line in sent.items]
        facts: dict[str, Any] = {"unit": unit, "unit_kind": kind, "lines": lines, "version": sent.version}
        made.append(save_checklist(by=request.user, **facts))

    def told() -> Any:
        row = get_object_or_404(Checklist.objects.select_related("unit", "unit_kind"), pk=made[0].pk)
        return one(request, ChecklistOut, _checklist(row), row.version, 201)

    return acted(request, act, told)


def _act(request: Call, pk: int, act: Callable[[Inspection, int], None]) -> Any:
    def run() -> None:
        row = visible_inspection(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _inspection(request, pk))


def _worked_in(user: User, pk: int) -> InspectionVisit:
    row = visible_visit(user, pk)
    require(may_work_in(user, row.inspection))
    return row


def _draft(user: User, pk: int) -> Conclusion:
    draft = visible_conclusion(user, pk)
    require(may_conclude(user, draft.visit.inspection) and draft.solution_id is None)
    return draft


def _inspection(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_inspection(request.user, pk)
    facts = _lines([row])[0] | {
        "members": [person_ref(person) for person in row.members.order_by("sort_key", "pk")],
        "visits": list(row.visits.order_by("pk").values_list("pk", flat=True)),
        "report": row.report,
        "files": file_lines(row.files.all()),
    }
    return one(request, WholeInspectionOut, facts, row.version, status)


def _visit(request: Call, pk: int) -> Any:
    row = visible_visit(request.user, pk)
    whole = inspecting(request.user, row.inspection)
    items = list(row.items.all())
    plain = ("ordinal", "head", "text", "note", "version")
    told = ("content", "period_start", "period_end", "preparation")
    facts = _visit_line(row) | {
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


def _conclusion(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_conclusion(request.user, pk)
    return one(request, ConclusionOut, _conclusion_lines([row])[0], row.visit.inspection.version, status)


def _fresh_visit(row: InspectionVisit) -> InspectionVisit:
    found: InspectionVisit = InspectionVisit.objects.select_related("inspection").get(pk=row.pk)
    return found


def _version(row: InspectionVisit) -> str:
    return f"{row.inspection.version}-{row.version}"


def _lines(rows: Sequence[Inspection]) -> list[dict[str, Any]]:
    plain = (
        "version", "kind", "title", "content", "period_start", "period_end", "state", "preparation",
        "preparation_days", "ended_on", "reported_on", "report_symbol", "concluded_on", "conclusion_symbol",
        "cancel_reason",
    )  # fmt: skip
    return [
        {
            **plain_of(row, plain),
            "unit": unit_ref(row.unit),
            "year": row.programme.year,
            "head": person_ref(row.head),
            "report_unit": unit_ref(row.report_unit),
            "report_meeting": row.report_meeting_id,
            "page": page_at(row),
        }
        for row in rows
    ]


def _visit_line(row: InspectionVisit) -> dict[str, Any]:
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


def _conclusion_lines(rows: Sequence[Conclusion]) -> list[dict[str, Any]]:
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


def _result_lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = lines_of(list(rows), clock.today())
    plain = ("text", "source", "unit", "due_on", "state", "overdue")
    return [
        {
            "id": row.pk,
            **{name: getattr(line, name) for name in plain},
            "source_title": line.source_label,
            "follower": person_ref(line.follower),
        }
        for row, line in zip(rows, found, strict=True)
    ]


def _programme(row: InspectionProgramme) -> dict[str, Any]:
    return plain_of(row, ("year", "symbol", "issued_on")) | {"unit": unit_ref(row.unit)}


def _checklist(row: Checklist) -> dict[str, Any]:
    return {
        **plain_of(row, ("version",)),
        "unit": unit_ref(row.unit),
        "unit_kind": {"id": row.unit_kind_id, "name": str(row.unit_kind)},
        "items": [{"head": item.head, "text": item.text} for item in row.items.all()],
    }
