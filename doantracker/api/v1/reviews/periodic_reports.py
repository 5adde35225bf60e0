"""Periodic reports of units: opened, filled from the records, written, sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Final

from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import (
    NO_FILES,
    AskedId,
    Ids,
    PaperNumber,
    Words,
    acted,
    changes,
    creates,
    lists,
    made,
    number_in,
    page_at,
    plain_of,
    shows,
    uploads,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.reviews.report_kinds import MOST_SECTIONS
from doantracker.api.v1.types import Id, Pk, Sent, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.enums import Status
from plans.models import Deadline
from plans.workflow import may
from reviews.actions import periodic_reports
from reviews.emulation import sent_state
from reviews.enums import Sent as SentState
from reviews.models import PeriodicReport
from reviews.report_fill import digest_of, filled_texts
from reviews.views.periodic_reports import visible_report
from units.access import require
from units.models.audit import AuditAction

router = Router(tags=["periodic reports and emulation"])
RELATED: Final = ("kind", "deadline__unit")


class PeriodicReportOut(Schema):
    """What a unit writes for one deadline. Its time and state are those of the deadline."""

    id: int
    version: int
    kind: int
    deadline: int
    unit: UnitRef
    occurrence: str = Field(description="The period in the register.")
    due_on: dt.date | None
    reported_on: dt.date | None
    status: Status = Field(description="That of the deadline.")
    state: SentState = Field(description="Whether it was sent, and in time.")
    page: str = Field(description="The address of its page, for people.")


class ReportPartOut(Schema):
    """One section: the text as it was filled from the records, and as the unit wrote it."""

    id: int
    heading: str
    filled: str = Field(description="As it was filled from the records.")
    text: str = Field(description="As the unit wrote it.")


class WholePeriodicReportOut(PeriodicReportOut):
    """One report with its sections."""

    parts: list[ReportPartOut]


class NewTextOut(Schema):
    """What the records say now for one section."""

    part: int = Field(description="The id of the section of the report.")
    filled: str


class RefillOut(Schema):
    """What the records say now; `digest` is sent along to take it."""

    report: int
    version: int
    digest: str
    texts: list[NewTextOut]


class PeriodicReportQuery(PageQuery):
    """Which reports."""

    kind: AskedId = None
    unit: AskedId = None


class GivenPart(Sent):
    """The text of one section."""

    part: Id = Field(description="The id of the section of the report.")
    text: Words


Parts = Annotated[list[GivenPart], Field(max_length=MOST_SECTIONS)]


class ReportWritten(Sent):
    """What the unit wrote; sections that are not named stay."""

    parts: Annotated[Parts, Field(min_length=1)]


class ReportPaper(Sent):
    """The number of the paper, or attach it. What the sections say is saved before."""

    document_number: PaperNumber = Field(default="", description="Number and symbol of the paper; or attach it.")


class NewTextsTaken(Sent):
    """Which sections take the new text; the others keep what the unit wrote. `digest` of the texts seen."""

    take: Ids = Field(default_factory=list, description="Ids of sections of the report.")
    digest: Annotated[Text, Field(min_length=1, max_length=128)] = Field(
        description="That of the texts seen; when the records say something else by now, nothing is done."
    )


@lists(router, "/periodic-reports", PeriodicReportOut, "PeriodicReportPage", "List periodic reports")
def report_list(request: Call, asked: Query[PeriodicReportQuery]) -> Any:
    """List the reports that were opened, of the units you see."""
    rows = PeriodicReport.objects.visible_to(request.user).select_related(*RELATED)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(deadline__unit=asked.unit) if asked.unit else rows
    return page(request, rows, asked, PeriodicReportOut, lambda found: [_line(row) for row in found])


@shows(router, "/periodic-reports/{pk}", WholePeriodicReportOut, "Show a periodic report")
def report(request: Call, pk: Pk) -> Any:
    """Show one report with its sections."""
    return _told(request, pk)


@creates(router, "/deadlines/{pk}/periodic-report", WholePeriodicReportOut, "Open a periodic report", 200)
def open_report(request: Call, pk: Pk) -> Any:
    """Open the report that a deadline asks for, filled from the records of its period; once opened, it is found."""

    def make() -> PeriodicReport:
        row = visible(request.user, pk)
        require(may(request.user, AuditAction.REPORTED, row))
        return periodic_reports.open_report(deadline=row, by=request.user)

    return made(request, make, lambda row: _told(request, row.pk))


@changes(router, "/periodic-reports/{pk}/save", WholePeriodicReportOut, "Save a periodic report")
def save_report(request: Call, pk: Pk, sent: ReportWritten) -> Any:
    """Keep what the unit wrote; nothing is sent yet."""

    def act(row: PeriodicReport, version: int) -> None:
        texts = {part.pk: part.text for part in row.parts.all()}
        given = {part.part: part.text for part in sent.parts}
        if not set(given) <= set(texts):
            raise wrong("parts")
        periodic_reports.save_report(report=row, texts=texts | given, by=request.user, version=version)

    return _on_report(request, pk, act)


@changes(router, "/periodic-reports/{pk}/send", WholePeriodicReportOut, "Send a periodic report")
def send_report(request: Call, pk: Pk, sent: Form[ReportPaper], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Send what is saved: the deadline is reported done on this day. As multipart/form-data, with number or file."""

    def act(row: PeriodicReport, version: int) -> None:
        number = number_in(sent.document_number)
        proof = Proof(files=uploads(files), document_numbers=(number,) if number else ())
        texts = {part.pk: part.text for part in row.parts.all()}
        facts: dict[str, Any] = {"texts": texts, "version": version, "proof": proof}
        periodic_reports.send_report(report=row, by=request.user, **facts)

    return _on_report(request, pk, act)


@shows(router, "/periodic-reports/{pk}/fill", RefillOut, "Show what the records say now for a report")
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


@changes(router, "/periodic-reports/{pk}/fill", WholePeriodicReportOut, "Fill a periodic report anew")
def refill(request: Call, pk: Pk, sent: NewTextsTaken) -> Any:
    """Fill a report anew: the sections named get the new text."""

    def act(row: PeriodicReport, version: int) -> None:
        facts: dict[str, Any] = {"take": sent.take, "seen": sent.digest, "version": version}
        periodic_reports.refill_report(report=row, by=request.user, **facts)

    return _on_report(request, pk, act)


def _on_report(request: Call, pk: int, act: Callable[[PeriodicReport, int], None]) -> Any:
    def run() -> None:
        row = visible_report(request.user, pk)
        require(may(request.user, AuditAction.REPORTED, row.deadline))
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _told(request, pk))


def _told(request: Call, pk: int) -> Any:
    row = visible_report(request.user, pk)
    parts = [
        plain_of(part, ("filled", "text")) | {"heading": part.section.heading}
        for part in row.parts.select_related("section")
    ]
    return one(request, WholePeriodicReportOut, _line(row) | {"parts": parts}, row.version)


def _line(row: PeriodicReport) -> dict[str, Any]:
    owed = row.deadline
    return {
        **plain_of(row, ("version",)),
        **{name: getattr(owed, name) for name in ("occurrence", "due_on", "reported_on", "status")},
        "kind": row.kind_id,
        "deadline": owed.pk,
        "unit": unit_ref(owed.unit),
        "state": sent_state_of(owed),
        "page": page_at(row),
    }


def sent_state_of(row: Deadline) -> SentState:
    """Return how the report stands that a deadline asks for."""
    days = {name: getattr(row, name) for name in ("status", "due_on", "reported_on", "excused_until")}
    return sent_state(**days, today=clock.today())
