"""The reports of a year: who has sent, and what they say compiled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import F
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import AskedId, Seen, SomeWords, acted, creates, lists, plain_of, shows, wrong
from doantracker.api.v1.answers import PageQuery, one, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.problems import FAULTS
from doantracker.api.v1.reviews.periodic_reports import sent_state_of
from doantracker.api.v1.types import Pk, Sent, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.enums import Status
from plans.models import Deadline
from reviews.actions import periodic_reports
from reviews.compiling import compiled
from reviews.enums import Sent as SentState
from reviews.models import ReportYear
from reviews.report_matrix import columns_of
from reviews.rights import may_compile
from reviews.views.report_kinds import visible_year
from units.access import covers, require
from units.permissions import Permission

router = Router(tags=["periodic reports and emulation"])
Occurrence = Annotated[str, Field(min_length=1, max_length=12)]


class ReportPeriodOut(Schema):
    """A period of a year: its occurrence in the register, its name, its last day."""

    occurrence: str = Field(description="The period in the register.")
    label: str = Field(description="The period in words.")
    due_on: dt.date


class ReportPeriodsOut(Schema):
    """The periods of a year of a kind in order."""

    id: int
    kind: int
    year: int = Field(description="The calendar year.")
    periods: list[ReportPeriodOut]


class SentReportOut(Schema):
    """One report of one unit: whether it was sent."""

    id: int = Field(description="The deadline.")
    unit: UnitRef
    occurrence: str
    due_on: dt.date | None
    reported_on: dt.date | None
    status: Status = Field(description="That of the deadline.")
    state: SentState = Field(description="Whether it was sent, and in time.")
    report: int | None = Field(description="The report, once the unit has opened it.")


class CompiledPartOut(Schema):
    """What one unit wrote."""

    unit: str = Field(description="The name of the unit.")
    text: str


class CompiledSectionOut(Schema):
    """One section with the parts of all units that sent it."""

    heading: str
    parts: list[CompiledPartOut]


class CompiledReportsOut(Schema):
    """The reports of one period compiled."""

    year: int = Field(description="The id of the year of the kind.")
    occurrence: str = Field(description="The period, as the periods of the year tell it.")
    introduction: str = Field(description="What stands over the reports; empty: nothing yet.")
    version: int = Field(description="Of the introduction; 0: none yet.")
    sections: list[CompiledSectionOut]
    sent: list[str] = Field(description="Names of units that have sent.")
    not_sent: list[str] = Field(description="Names of units that have not.")


class SentReportQuery(PageQuery):
    """Which reports of a year."""

    occurrence: Annotated[str | None, Field(max_length=12)] = Field(
        default=None, description="A period, as the periods of the year tell it."
    )
    unit: AskedId = None


class CompiledQuery(Schema):
    """Which period."""

    occurrence: Occurrence = Field(description="A period, as the periods of the year tell it.")


class ReportIntroduction(Sent):
    """What stands over the reports of one period, in the version seen."""

    occurrence: Annotated[Text, Field(min_length=1, max_length=12)] = Field(
        description="A period, as the periods of the year tell it."
    )
    text: SomeWords
    version: Seen = 0


@shows(router, "/report-years/{pk}", ReportPeriodsOut, "Show the periods of a year of reports")
def report_year(request: Call, pk: Pk) -> Any:
    """Show the periods for which reports of a kind are owed in a year."""
    row = visible_year(request.user, pk)
    periods = [{n: getattr(c, n) for n in ("occurrence", "label", "due_on")} for c in columns_of(row)]
    return one(
        request, ReportPeriodsOut, plain_of(row, ("year",)) | {"kind": row.kind_id, "periods": periods}, row.year
    )


@lists(
    router, "/report-years/{pk}/reports", SentReportOut, "SentReportPage", "List who has sent a report and who has not"
)
def matrix(request: Call, pk: Pk, asked: Query[SentReportQuery]) -> Any:
    """List the reports owed in a year by the units you see: sent, late, missing."""
    year = visible_year(request.user, pk)
    rows = Deadline.objects.visible_to(request.user).filter(schedule=year.schedule_id).select_related("unit")
    rows = rows.filter(occurrence=asked.occurrence) if asked.occurrence else rows
    rows = rows.filter(unit=asked.unit) if asked.unit else rows
    return page(request, rows.annotate(report_id=F("periodic_report__pk")), asked, SentReportOut, _cells)


@shows(router, "/report-years/{pk}/compiled", CompiledReportsOut, "Read the reports of a period compiled")
def compilation(request: Call, pk: Pk, asked: Query[CompiledQuery]) -> Any:
    """Show what units wrote for one period, section by section, to who compiles it or sees the unit it goes to."""
    return _compiled(request, pk, asked.occurrence)


@creates(
    router, "/report-years/{pk}/introduction", CompiledReportsOut, "Write the introduction to compiled reports", 200
)
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


def _cells(rows: Sequence[Any]) -> list[dict[str, Any]]:
    plain = ("occurrence", "due_on", "reported_on", "status")
    return [
        plain_of(row, plain) | {"unit": unit_ref(row.unit), "state": sent_state_of(row), "report": row.report_id}
        for row in rows
    ]


def _compiled(request: Call, pk: int, occurrence: str) -> Any:
    year: ReportYear = visible_year(request.user, pk)
    user = request.user
    require(may_compile(user, year.kind) or covers(user, Permission.VIEW, str(year.kind.unit.path)))
    if occurrence not in {column.occurrence for column in columns_of(year)}:
        raise ValidationError({"query.occurrence": str(FAULTS["enum"])})
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
        "sent": [owner.unit for owner in found.sent],
        "not_sent": [owner.unit for owner in found.not_sent],
    }
    return one(request, CompiledReportsOut, facts, facts["version"])
