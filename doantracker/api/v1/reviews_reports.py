"""Periodic reports: kinds, who has sent, filled, written, sent, compiled. And the emulation score sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.db.models import F
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.reviews_shared import (
    AskedId,
    AskedYear,
    Body,
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
    named,
    number_in,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    uploads,
    wrong,
)
from doantracker.api.v1.types import Day, Id, Pk, Sent, Switch, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.enums import Status
from plans.models import Deadline
from plans.rights import units_serving
from plans.workflow import may
from reviews.actions import emulation, periodic_reports, report_kinds
from reviews.actions.emulation import Content
from reviews.compiling import compiled
from reviews.emulation import sent_state
from reviews.emulation_page import Points, scored_units, sheet_rows
from reviews.enums import DueMonth, EmulationCriterionKind, ReportPeriod, SectionSource
from reviews.enums import Sent as SentState
from reviews.models import (
    EmulationCriterion,
    EmulationDispute,
    EmulationScore,
    EmulationSheet,
    PeriodicReport,
    ReportKind,
    ReportYear,
)
from reviews.report_fill import digest_of, filled_texts
from reviews.report_matrix import columns_of
from reviews.report_periods import MOST_GRACE
from reviews.rights import asking_units, may_ask_reports, may_compile, may_give_own_points, may_score
from reviews.views.periodic_reports import visible_report
from reviews.views.report_kinds import reports_above, visible_kind, visible_year
from units.access import covers, get_visible_or_404, require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction
from units.permissions import Permission

router = Router(tags=["periodic reports and emulation"])
NO_FILES: Final[list[UploadedFile]] = []
MOST_SECTIONS: Final = 20
MOST_BANDS: Final = 20
RELATED_OF_REPORT: Final = ("kind", "deadline__unit")
RELATED_OF_DISPUTE: Final = ("score__unit", "score__criterion__sheet__unit")
Occurrence = Annotated[str, Field(min_length=1, max_length=12)]
Mark = Annotated[Decimal, Field(ge=0, le=1000, max_digits=5, decimal_places=1)]
Failed = Annotated[int, Field(ge=0, le=99, strict=True)]
Seen = Annotated[int, Field(ge=0, lt=10**9, strict=True)]


class ReportKindOut(Schema):
    """A kind of report that a unit is owed."""

    id: int
    version: int
    unit: UnitRef
    body: str
    via_unit: UnitRef | None
    name: str
    period: ReportPeriod
    day: int | None
    month: DueMonth
    grace: int
    due_on: dt.date | None
    active_from: dt.date
    active_until: dt.date | None
    goes_into: int | None
    page: str = Field(description="The address of its page, for people.")


class ReportSectionOut(Schema):
    """One section of the form of a report."""

    id: int
    heading: str
    source: SectionSource


class YearRef(Schema):
    """A year for which reports are asked."""

    id: int
    year: int


class WholeReportKindOut(ReportKindOut):
    """A kind with its form, and the years it is asked for."""

    sections: list[ReportSectionOut]
    years: list[YearRef]


class ReportPeriodOut(Schema):
    """A period of a year: its occurrence in the register, its name, its last day."""

    occurrence: str
    label: str
    due_on: dt.date


class ReportPeriodsOut(Schema):
    """The periods of a year of a kind in order."""

    id: int
    kind: int
    year: int
    periods: list[ReportPeriodOut]


class SentReportOut(Schema):
    """One report of one unit: whether it was sent."""

    id: int = Field(description="The deadline.")
    unit: UnitRef
    occurrence: str
    due_on: dt.date | None
    reported_on: dt.date | None
    status: Status
    state: SentState
    report: int | None


class PeriodicReportOut(Schema):
    """What a unit writes for one deadline. Its time and state are those of the deadline."""

    id: int
    version: int
    kind: int
    deadline: int
    unit: UnitRef
    occurrence: str
    due_on: dt.date | None
    reported_on: dt.date | None
    status: Status
    state: SentState
    page: str = Field(description="The address of its page, for people.")


class ReportPartOut(Schema):
    """One section: the text as it was filled from the records, and as the unit wrote it."""

    id: int
    heading: str
    filled: str
    text: str


class WholePeriodicReportOut(PeriodicReportOut):
    """One report with its sections."""

    parts: list[ReportPartOut]


class NewTextOut(Schema):
    """What the records say now for one section."""

    part: int
    filled: str


class RefillOut(Schema):
    """What the records say now; `digest` is sent along to take it."""

    report: int
    version: int
    digest: str
    texts: list[NewTextOut]


class CompiledPartOut(Schema):
    """What one unit wrote."""

    unit: str
    text: str


class CompiledSectionOut(Schema):
    """One section with the parts of all units that sent it."""

    heading: str
    parts: list[CompiledPartOut]


class CompiledReportsOut(Schema):
    """The reports of one period compiled."""

    year: int
    occurrence: str
    introduction: str
    version: int = Field(description="Of the introduction; 0: none yet.")
    sections: list[CompiledSectionOut]
    sent: list[str]
    not_sent: list[str]


class EmulationSheetOut(Schema):
    """A score sheet of units for a year."""

    id: int
    version: int
    unit: UnitRef
    year: int
    title: str
    page: str = Field(description="The address of its page, for people.")


class EmulationCriterionOut(Schema):
    """One criterion of a sheet."""

    id: int
    name: str
    kind: EmulationCriterionKind
    most: Decimal


class EmulationPointsOut(Schema):
    """The points of one unit under one criterion; null while nobody gave any."""

    criterion: int
    points: Decimal | None
    computed: Decimal | None
    own: Decimal | None
    proof: str
    checked: Decimal | None
    note: str
    settled: Decimal | None
    disputed: bool
    version: int = Field(description="Of what was entered by hand; 0: nothing yet.")


class ScoredOut(Schema):
    """One unit of a sheet; `place` is null for who does not see all units."""

    unit: UnitRef
    total: Decimal
    place: int | None
    points: list[EmulationPointsOut]


class WholeEmulationSheetOut(EmulationSheetOut):
    """A sheet with its criteria and the units you see, the highest total first."""

    criteria: list[EmulationCriterionOut]
    rows: list[ScoredOut]


class ObjectionOut(Schema):
    """An objection of a unit to its points."""

    id: int
    sheet: int
    criterion: int
    unit: UnitRef
    text: str
    raised_at: dt.datetime
    points: Decimal | None
    reason: str
    settled_at: dt.datetime | None


class ReportKindQuery(PageQuery):
    """Which kinds."""

    unit: AskedId = None


class SentReportQuery(PageQuery):
    """Which reports of a year."""

    occurrence: Annotated[str | None, Field(max_length=12)] = None
    unit: AskedId = None


class PeriodicReportQuery(PageQuery):
    """Which reports."""

    kind: AskedId = None
    unit: AskedId = None


class CompiledQuery(Schema):
    """Which period."""

    occurrence: Occurrence


class EmulationSheetQuery(PageQuery):
    """Which sheets."""

    year: AskedYear = None


class ObjectionQuery(PageQuery):
    """Which objections."""

    sheet: AskedId = None
    open: Annotated[bool, Field(description="Only those not settled.")] = False


class ReportKindFacts(Sent):
    """What may change of a kind at any time."""

    name: Title
    active_until: Day | None = None
    goes_into: Id | None = None

    def plain(self, unit: Unit) -> dict[str, Any]:
        """Return what the acts take of it."""
        higher = one_of(reports_above(unit), self.goes_into, "goes_into")
        return {"name": self.name.strip(), "active_until": self.active_until, "goes_into": higher}


class NewSection(Sent):
    """One section of the form, and what it is filled from."""

    heading: Title
    source: SectionSource = SectionSource.FREE


class NewReportKind(ReportKindFacts):
    """A kind of report: a thematic one is due on one day (`due_on`), any other on a `day` of a month."""

    unit: Id
    body: Body
    via_unit: Id | None = None
    period: ReportPeriod
    day: Annotated[int | None, Field(ge=1, le=31, strict=True)] = None
    month: DueMonth = DueMonth.LAST
    grace: Annotated[int, Field(ge=0, le=MOST_GRACE, strict=True)] = 0
    due_on: Day | None = None
    owner_kinds: Ids = Field(default_factory=list)
    owner_units: Ids = Field(default_factory=list)
    active_from: Day
    sections: Annotated[list[NewSection], Field(min_length=1, max_length=MOST_SECTIONS)]

    def facts(self, unit: Unit) -> dict[str, Any]:
        """Return what the act takes: kinds and units below, a department of the unit."""
        thematic = self.period == ReportPeriod.ONCE
        if (self.due_on if thematic else self.day) is None:
            raise wrong("due_on" if thematic else "day")
        if not (self.owner_kinds or self.owner_units):
            raise wrong("owner_kinds")
        today = clock.today()
        departments = units_serving(unit, today).filter(kind__has_subtree=False)
        units = Unit.objects.below(unit).in_force(today)
        plain = ("period", "month", "grace", "body", "active_from")
        return self.plain(unit) | {
            **{name: getattr(self, name) for name in plain},
            "month": self.month.value,
            "day": None if thematic else self.day,
            "due_on": self.due_on if thematic else None,
            "via_unit": one_of(departments, self.via_unit, "via_unit"),
            "owner_kinds": all_of(_kinds_below(unit), self.owner_kinds, "owner_kinds"),
            "owner_units": all_of(units, self.owner_units, "owner_units"),
        }


class AskFor(Sent):
    """The year."""

    year: Year


class GivenPart(Sent):
    """The text of one section."""

    part: Id
    text: Words


Parts = Annotated[list[GivenPart], Field(max_length=MOST_SECTIONS)]


class ReportWritten(Sent):
    """What the unit wrote; sections that are not named stay."""

    parts: Annotated[Parts, Field(min_length=1)]


class ReportPaper(Sent):
    """The number of the paper, or attach it. What the sections say is saved before."""

    document_number: PaperNumber = ""


class NewTextsTaken(Sent):
    """Which sections take the new text; the others keep what the unit wrote. `digest` of the texts seen."""

    take: Ids = Field(default_factory=list)
    digest: Annotated[Text, Field(min_length=1, max_length=128)]


class ReportIntroduction(Sent):
    """What stands over the reports of one period, in the version seen."""

    occurrence: Annotated[Text, Field(min_length=1, max_length=12)]
    text: SomeWords
    version: Seen = 0


class EmulationBandIn(Sent):
    """The points for at most so many reports of each period that were not sent in time."""

    points: Mark
    month: Failed = 0
    quarter: Failed = 0
    half_year: Failed = 0
    year: Failed = 0


class EmulationJudgedIn(Sent):
    """A judged criterion: own points, then checked."""

    name: Annotated[Text, Field(min_length=1, max_length=300)]
    most: Annotated[Mark, Field(gt=0)]


class SheetFacts(Sent):
    """What a sheet scores: bands of the reports (none: no such criterion) and judged criteria."""

    title: Title
    year: Year
    unit_kinds: Annotated[Ids, Field(min_length=1)]
    reports: Annotated[Text, Field(max_length=300)] = ""
    late_counts: Switch = True
    bands: Annotated[list[EmulationBandIn], Field(max_length=MOST_BANDS)] = Field(default_factory=list)
    judged: Annotated[list[EmulationJudgedIn], Field(max_length=MOST_SECTIONS)] = Field(default_factory=list)

    def content(self, unit: Unit) -> Content:
        """Return what the acts take."""
        return Content(
            title=self.title,
            year=self.year,
            unit_kinds=all_of(_kinds_below(unit), self.unit_kinds, "unit_kinds"),
            reports=self.reports,
            late_counts=self.late_counts,
            bands=[(b.points, b.month, b.quarter, b.half_year, b.year) for b in self.bands],
            judged=[(c.name, c.most) for c in self.judged],
        )


class NewSheet(SheetFacts):
    """A sheet to set up."""

    unit: Id


class OwnPoints(Sent):
    """What a unit gives itself, with the document that proves it, in the version seen."""

    criterion: Id
    unit: Id
    points: Mark
    proof: Annotated[Text, Field(min_length=1, max_length=300)]
    version: Seen = 0


class CheckedPoints(Sent):
    """The points after checking, in the version seen."""

    criterion: Id
    unit: Id
    points: Mark
    note: Annotated[Text, Field(max_length=300)] = ""
    version: Seen = 0


class Objection(Sent):
    """What is wrong with the points of a unit."""

    criterion: Id
    unit: Id
    text: SomeWords


class ObjectionSettled(Sent):
    """The points that stand from now on, null: the figure stays; and why."""

    points: Mark | None = None
    reason: SomeWords


# --- kinds and years ---


@router.get("/report-kinds", response=reads(page_of(ReportKindOut, "ReportKindPage")), summary="Kinds of reports")
def kind_list(request: Call, asked: Query[ReportKindQuery]) -> Any:
    """List the kinds of reports of units you see, and those that your units owe."""
    rows = ReportKind.objects.visible_to(request.user).select_related("unit", "via_unit")
    rows = rows.filter(unit=asked.unit) if asked.unit else rows
    return page(request, rows, asked, ReportKindOut, lambda found: [_kind_line(row) for row in found])


@router.get("/report-kinds/{pk}", response=reads_one(WholeReportKindOut), summary="One kind of report")
def kind(request: Call, pk: Pk) -> Any:
    """Show a kind with its form and its years."""
    return _kind(request, pk)


@creates(router, "/report-kinds", WholeReportKindOut, "Ask for a periodic report")
def create_kind(request: Call, sent: NewReportKind) -> Any:
    """Set up a kind of report and ask for what falls due in its first year."""
    unit = offered_or_404(asking_units(request.user, clock.today()), sent.unit)
    made: list[ReportKind] = []

    def act() -> None:
        sections = [(section.heading, section.source.value) for section in sent.sections]
        facts: dict[str, Any] = {"values": sent.facts(unit), "sections": sections}
        made.append(report_kinds.create_kind(unit=unit, by=request.user, **facts))

    return acted(request, act, lambda: _kind(request, made[0].pk, 201))


@changes(router, "/report-kinds/{pk}/change", WholeReportKindOut, "Change a kind of report")
def change_kind(request: Call, pk: Pk, sent: ReportKindFacts) -> Any:
    """Change the name of a kind, until when it is asked for, and where it goes."""

    def act(row: ReportKind) -> None:
        version = seen_number(request, row.version)
        report_kinds.change_kind(kind=row, values=sent.plain(row.unit), by=request.user, version=version)

    return _on_kind(request, pk, act)


@changes(router, "/report-kinds/{pk}/ask", WholeReportKindOut, "Ask for another year")
def ask_for_year(request: Call, pk: Pk, sent: AskFor) -> Any:
    """Ask for the reports of a kind that fall due in another year."""

    def act(row: ReportKind) -> None:
        as_seen(request, row)
        report_kinds.ask_for_year(kind=row, year=sent.year, by=request.user)

    return _on_kind(request, pk, act)


@router.get("/report-years/{pk}", response=reads_one(ReportPeriodsOut), summary="Periods of a year")
def report_year(request: Call, pk: Pk) -> Any:
    """Show the periods for which reports of a kind are owed in a year."""
    row = visible_year(request.user, pk)
    periods = [{n: getattr(c, n) for n in ("occurrence", "label", "due_on")} for c in columns_of(row)]
    return one(
        request, ReportPeriodsOut, plain_of(row, ("year",)) | {"kind": row.kind_id, "periods": periods}, row.year
    )


@router.get(
    "/report-years/{pk}/reports",
    response=reads(page_of(SentReportOut, "SentReportPage")),
    summary="Who has sent and who has not",
)
def matrix(request: Call, pk: Pk, asked: Query[SentReportQuery]) -> Any:
    """List the reports owed in a year by the units you see: sent, late, missing."""
    year = visible_year(request.user, pk)
    rows = Deadline.objects.visible_to(request.user).filter(schedule=year.schedule_id).select_related("unit")
    rows = rows.filter(occurrence=asked.occurrence) if asked.occurrence else rows
    rows = rows.filter(unit=asked.unit) if asked.unit else rows
    return page(request, rows.annotate(report_id=F("periodic_report__pk")), asked, SentReportOut, _cells)


@router.get(
    "/report-years/{pk}/compiled", response=reads_one(CompiledReportsOut), summary="Reports of a period compiled"
)
def compilation(request: Call, pk: Pk, asked: Query[CompiledQuery]) -> Any:
    """Show what units wrote for one period, section by section, to who compiles it or sees the unit it goes to."""
    return _compiled(request, pk, asked.occurrence)


@creates(router, "/report-years/{pk}/introduction", CompiledReportsOut, "Write the introduction", 200)
def introduce(request: Call, pk: Pk, sent: ReportIntroduction) -> Any:
    """Write what stands over the compiled reports of one period."""

    def act() -> None:
        year = visible_year(request.user, pk)
        require(may_compile(request.user, year.kind))
        if sent.occurrence not in {column.occurrence for column in columns_of(year)}:
            raise wrong("occurrence")
        facts: dict[str, Any] = {"occurrence": sent.occurrence, "text": sent.text, "version": sent.version}
        periodic_reports.introduce(year=year, by=request.user, **facts)

    return acted(request, act, lambda: _compiled(request, pk, sent.occurrence))


# --- reports ---


@router.get(
    "/periodic-reports", response=reads(page_of(PeriodicReportOut, "PeriodicReportPage")), summary="Periodic reports"
)
def report_list(request: Call, asked: Query[PeriodicReportQuery]) -> Any:
    """List the reports that were opened, of the units you see."""
    rows = PeriodicReport.objects.visible_to(request.user).select_related(*RELATED_OF_REPORT)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(deadline__unit=asked.unit) if asked.unit else rows
    return page(request, rows, asked, PeriodicReportOut, lambda found: [_report_line(row) for row in found])


@router.get("/periodic-reports/{pk}", response=reads_one(WholePeriodicReportOut), summary="One periodic report")
def report(request: Call, pk: Pk) -> Any:
    """Show one report with its sections."""
    return _report(request, pk)


@creates(router, "/deadlines/{pk}/periodic-report", WholePeriodicReportOut, "Open a periodic report", 200)
def open_report(request: Call, pk: Pk) -> Any:
    """Open the report that a deadline asks for, filled from the records of its period; once opened, it is found."""
    made: list[PeriodicReport] = []

    def act() -> None:
        row = visible(request.user, pk)
        require(may(request.user, AuditAction.REPORTED, row))
        made.append(periodic_reports.open_report(deadline=row, by=request.user))

    return acted(request, act, lambda: _report(request, made[0].pk))


@changes(router, "/periodic-reports/{pk}/save", WholePeriodicReportOut, "Save a report")
def save_report(request: Call, pk: Pk, sent: ReportWritten) -> Any:
    """Keep what the unit wrote; nothing is sent yet."""

    def act(row: PeriodicReport, version: int) -> None:
        texts = {part.pk: part.text for part in row.parts.all()}
        given = {part.part: part.text for part in sent.parts}
        if not set(given) <= set(texts):
            raise wrong("parts")
        periodic_reports.save_report(report=row, texts=texts | given, by=request.user, version=version)

    return _on_report(request, pk, act)


@changes(router, "/periodic-reports/{pk}/send", WholePeriodicReportOut, "Send a report")
def send_report(request: Call, pk: Pk, sent: Form[ReportPaper], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Send what is saved: the deadline is reported done on this day. As multipart/form-data, with number or file."""

    def act(row: PeriodicReport, version: int) -> None:
        number = number_in(sent.document_number)
        proof = Proof(files=uploads(files), document_numbers=(number,) if number else ())
        texts = {part.pk: part.text for part in row.parts.all()}
        facts: dict[str, Any] = {"texts": texts, "version": version, "proof": proof}
        periodic_reports.send_report(report=row, by=request.user, **facts)

    return _on_report(request, pk, act)


@router.get("/periodic-reports/{pk}/fill", response=reads_one(RefillOut), summary="What the records say now")
def refill_preview(request: Call, pk: Pk) -> Any:
    """Show what the records say now for each section, to who writes the report."""
    row = visible_report(request.user, pk)
    require(may(request.user, AuditAction.REPORTED, row.deadline))
    texts = filled_texts(row, user=request.user, today=clock.today())
    by_section = {section.pk: text for section, text in texts.items()}
    shown = [{"part": part.pk, "filled": by_section[part.section_id]} for part in row.parts.all()]
    facts: dict[str, Any] = {
        "report": row.pk,
        "version": row.version,
        "digest": digest_of(texts.values()),
        "texts": shown,
    }
    return one(request, RefillOut, facts, row.version)


@changes(router, "/periodic-reports/{pk}/fill", WholePeriodicReportOut, "Fill a report anew")
def refill(request: Call, pk: Pk, sent: NewTextsTaken) -> Any:
    """Fill a report anew: the sections named get the new text."""

    def act(row: PeriodicReport, version: int) -> None:
        facts: dict[str, Any] = {"take": sent.take, "seen": sent.digest, "version": version}
        periodic_reports.refill_report(report=row, by=request.user, **facts)

    return _on_report(request, pk, act)


# --- emulation ---


@router.get(
    "/emulation-sheets",
    response=reads(page_of(EmulationSheetOut, "EmulationSheetPage")),
    summary="Emulation score sheets",
)
def sheet_list(request: Call, asked: Query[EmulationSheetQuery]) -> Any:
    """List the score sheets of units you see, and those that score them."""
    rows = EmulationSheet.objects.visible_to(request.user).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, EmulationSheetOut, lambda found: [_sheet_line(row) for row in found])


@router.get("/emulation-sheets/{pk}", response=reads_one(WholeEmulationSheetOut), summary="One score sheet")
def sheet(request: Call, pk: Pk) -> Any:
    """Show the points of the units you see, the highest total first."""
    return _sheet(request, pk)


@creates(router, "/emulation-sheets", WholeEmulationSheetOut, "Set up a score sheet")
def create_sheet(request: Call, sent: NewSheet) -> Any:
    """Set up a sheet that scores units of some kinds below for a year."""
    unit = offered_or_404(asking_units(request.user, clock.today()), sent.unit)
    made: list[EmulationSheet] = []

    def act() -> None:
        made.append(emulation.create_sheet(unit=unit, content=sent.content(unit), by=request.user))

    return acted(request, act, lambda: _sheet(request, made[0].pk, 201))


@changes(router, "/emulation-sheets/{pk}/change", WholeEmulationSheetOut, "Change a score sheet")
def change_sheet(request: Call, pk: Pk, sent: SheetFacts) -> Any:
    """Change a sheet while nobody has entered points."""

    def act() -> None:
        row = _visible_sheet(request.user, pk)
        require(may_score(request.user, row))
        version = seen_number(request, row.version)
        emulation.change_sheet(sheet=row, content=sent.content(row.unit), by=request.user, version=version)

    return acted(request, act, lambda: _sheet(request, pk))


@creates(router, "/emulation-sheets/{pk}/own-points", WholeEmulationSheetOut, "Give own points", 200)
def give_own_points(request: Call, pk: Pk, sent: OwnPoints) -> Any:
    """Enter what a unit gives itself under a judged criterion."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_give_own_points(request.user, unit))
        facts = sent.model_dump(include={"points", "proof", "version"})
        emulation.give_own_points(criterion=criterion, unit=unit, by=request.user, **facts)

    return _on_points(request, pk, sent, act)


@creates(router, "/emulation-sheets/{pk}/checked-points", WholeEmulationSheetOut, "Check points", 200)
def check_points(request: Call, pk: Pk, sent: CheckedPoints) -> Any:
    """Enter the points after checking; never by who gave the own points."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_score(request.user, criterion.sheet))
        facts = sent.model_dump(include={"points", "note", "version"})
        emulation.check_points(criterion=criterion, unit=unit, by=request.user, **facts)

    return _on_points(request, pk, sent, act)


@creates(router, "/emulation-sheets/{pk}/objections", WholeEmulationSheetOut, "Object to points")
def raise_dispute(request: Call, pk: Pk, sent: Objection) -> Any:
    """Object to the points of a unit; the figure stays until the objection is settled."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_give_own_points(request.user, unit))
        emulation.raise_dispute(criterion=criterion, unit=unit, text=sent.text, by=request.user)

    return _on_points(request, pk, sent, act, status=201)


@router.get(
    "/emulation-objections", response=reads(page_of(ObjectionOut, "ObjectionPage")), summary="Objections to points"
)
def dispute_list(request: Call, asked: Query[ObjectionQuery]) -> Any:
    """List the objections of the units you see."""
    rows = EmulationDispute.objects.visible_to(request.user).select_related(*RELATED_OF_DISPUTE)
    rows = rows.filter(score__criterion__sheet=asked.sheet) if asked.sheet else rows
    rows = rows.filter(settled_at__isnull=True) if asked.open else rows
    return page(request, rows, asked, ObjectionOut, lambda found: [_dispute(row) for row in found])


@creates(router, "/emulation-objections/{pk}/settle", ObjectionOut, "Settle an objection", 200)
def settle_dispute(request: Call, pk: Pk, sent: ObjectionSettled) -> Any:
    """Settle an objection by hand, once, with a reason; never by who raised it."""

    def act() -> None:
        row = get_visible_or_404(EmulationDispute.objects.select_related(*RELATED_OF_DISPUTE), request.user, pk)
        require(may_score(request.user, row.score.criterion.sheet))
        emulation.settle_dispute(dispute=row, points=sent.points, reason=sent.reason, by=request.user)

    def told() -> Any:
        row = EmulationDispute.objects.select_related(*RELATED_OF_DISPUTE).get(pk=pk)
        return done(_dispute(row), ObjectionOut)

    return acted(request, act, told)


def _kinds_below(unit: Unit) -> Any:
    below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
    return UnitKind.objects.filter(pk__in=below.values("kind"))


def _on_kind(request: Call, pk: int, act: Callable[[ReportKind], None]) -> Any:
    def run() -> None:
        row = visible_kind(request.user, pk)
        require(may_ask_reports(request.user, row.unit))
        act(row)

    return acted(request, run, lambda: _kind(request, pk))


def _on_report(request: Call, pk: int, act: Callable[[PeriodicReport, int], None]) -> Any:
    def run() -> None:
        row = visible_report(request.user, pk)
        require(may(request.user, AuditAction.REPORTED, row.deadline))
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _report(request, pk))


def _on_points(
    request: Call,
    pk: int,
    sent: OwnPoints | CheckedPoints | Objection,
    act: Callable[[EmulationCriterion, Unit], None],
    *,
    status: int = 200,
) -> Any:
    def run() -> None:
        row = _visible_sheet(request.user, pk)
        scored = named(scored_units(row, request.user, clock.today()), sent.unit, "unit")
        act(named(row.criteria.select_related("sheet__unit"), sent.criterion, "criterion"), scored)

    return acted(request, run, lambda: _sheet(request, pk, status))


def _kind(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_kind(request.user, pk)
    facts = _kind_line(row) | {
        "sections": [plain_of(section, ("heading", "source")) for section in row.sections.all()],
        "years": [plain_of(year, ("year",)) for year in row.years.order_by("year")],
    }
    return one(request, WholeReportKindOut, facts, row.version, status)


def _kind_line(row: ReportKind) -> dict[str, Any]:
    plain = ("version", "body", "name", "period", "day", "month", "grace", "due_on", "active_from", "active_until")
    return {
        **plain_of(row, plain),
        "unit": unit_ref(row.unit),
        "via_unit": unit_ref(row.via_unit) if row.via_unit else None,
        "goes_into": row.goes_into_id,
        "page": page_at(row),
    }


def _cells(rows: Sequence[Any]) -> list[dict[str, Any]]:
    plain = ("occurrence", "due_on", "reported_on", "status")
    return [
        plain_of(row, plain) | {"unit": unit_ref(row.unit), "state": _sent(row), "report": row.report_id}
        for row in rows
    ]


def _sent(row: Deadline) -> SentState:
    days = {name: getattr(row, name) for name in ("status", "due_on", "reported_on", "excused_until")}
    return sent_state(**days, today=clock.today())


def _compiled(request: Call, pk: int, occurrence: str) -> Any:
    year: ReportYear = visible_year(request.user, pk)
    user = request.user
    require(may_compile(user, year.kind) or covers(user, Permission.VIEW, str(year.kind.unit.path)))
    require(occurrence in {column.occurrence for column in columns_of(year)})
    found = compiled(year, occurrence, user=user, today=clock.today())
    over = found.introduction
    facts: dict[str, Any] = {
        "year": year.pk,
        "occurrence": occurrence,
        "introduction": over.introduction if over else "",
        "version": over.version if over else 0,
        "sections": [
            {"heading": s.heading, "parts": [{"unit": p.unit, "text": p.text} for p in s.parts]}
            for s in found.sections
        ],
        "sent": [one.unit for one in found.sent],
        "not_sent": [one.unit for one in found.not_sent],
    }
    return one(request, CompiledReportsOut, facts, facts["version"])


def _report(request: Call, pk: int) -> Any:
    row = visible_report(request.user, pk)
    parts = [
        plain_of(part, ("filled", "text")) | {"heading": part.section.heading}
        for part in row.parts.select_related("section")
    ]
    return one(request, WholePeriodicReportOut, _report_line(row) | {"parts": parts}, row.version)


def _report_line(row: PeriodicReport) -> dict[str, Any]:
    owed = row.deadline
    return {
        **plain_of(row, ("version",)),
        **{name: getattr(owed, name) for name in ("occurrence", "due_on", "reported_on", "status")},
        "kind": row.kind_id,
        "deadline": owed.pk,
        "unit": unit_ref(owed.unit),
        "state": _sent(owed),
        "page": page_at(row),
    }


def _visible_sheet(user: User, pk: int) -> EmulationSheet:
    found: EmulationSheet = get_visible_or_404(EmulationSheet.objects.select_related("unit"), user, pk)
    return found


def _sheet(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible_sheet(request.user, pk)
    rows = sheet_rows(row, user=request.user, today=clock.today())
    facts = _sheet_line(row) | {
        "criteria": [plain_of(c, ("name", "kind", "most")) for c in row.criteria.all()],
        "rows": [
            {
                "unit": unit_ref(found.unit),
                "total": _tenths(found.total),
                "place": found.place,
                "points": [_points(points) for points in found.points],
            }
            for found in rows
        ],
    }
    return one(request, WholeEmulationSheetOut, facts, row.version, status)


def _sheet_line(row: EmulationSheet) -> dict[str, Any]:
    return plain_of(row, ("version", "year", "title")) | {"unit": unit_ref(row.unit), "page": page_at(row)}


def _points(found: Points) -> dict[str, Any]:
    score: EmulationScore | None = found.score
    return {
        "criterion": found.criterion.pk,
        **{name: _tenths(getattr(found, name)) for name in ("points", "computed", "settled")},
        "disputed": found.disputed,
        "own": score.own_points if score else None,
        "proof": score.proof if score else "",
        "checked": score.checked_points if score else None,
        "note": score.note if score else "",
        "version": score.version if score else 0,
    }


def _tenths(points: Decimal | None) -> Decimal | None:
    """Return points with one digit, as they are kept: databases differ in the zeros of what they count."""
    return None if points is None else points.quantize(Decimal("0.1"))


def _dispute(row: EmulationDispute) -> dict[str, Any]:
    plain = ("text", "raised_at", "points", "reason", "settled_at")
    criterion = row.score.criterion
    own = {"sheet": criterion.sheet_id, "criterion": criterion.pk, "unit": unit_ref(row.score.unit)}
    return plain_of(row, plain) | own
