"""Kinds of periodic reports: what is asked of whom, for which years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedId,
    Body,
    BodyOut,
    Ids,
    Title,
    Year,
    acted,
    all_of,
    as_seen,
    changes,
    creates,
    kinds_below,
    lists,
    made,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    shows,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Day, Id, Pk, Sent, UnitRef, unit_ref
from doantracker.lib import clock
from plans.rights import units_serving
from reviews.actions import report_kinds
from reviews.enums import DueMonth, ReportPeriod, SectionSource
from reviews.models import ReportKind
from reviews.report_periods import MOST_GRACE
from reviews.rights import asking_units, may_ask_reports
from reviews.views.report_kinds import reports_above, visible_kind
from units.access import require
from units.models import Unit

router = Router(tags=["periodic reports and emulation"])
MOST_SECTIONS: Final = 20


class ReportKindOut(Schema):
    """A kind of report that a unit is owed."""

    id: int
    version: int
    unit: UnitRef
    body: BodyOut
    via_unit: UnitRef | None = Field(description="The department through which the reports go.")
    name: str
    period: ReportPeriod
    day: int | None = Field(description="The day of the month, 1 to 31; 31: its last. Null: a thematic report.")
    month: DueMonth = Field(
        description="In which month it is due: 0 the last of the period, -1 the one before that, 1 the one after it."
    )
    grace: int = Field(description="So many working days after the day it is still on time.")
    due_on: dt.date | None = Field(description="The day a thematic report is due.")
    active_from: dt.date = Field(description="From which day on reports fall due.")
    active_until: dt.date | None = Field(description="The last day on which reports fall due; null: no end.")
    goes_into: int | None = Field(description="The kind of a unit above into which these reports go.")
    page: str = Field(description="The address of its page, for people.")


class ReportSectionOut(Schema):
    """One section of the form of a report."""

    id: int
    heading: str
    source: SectionSource = Field(description="From which records it is filled.")


class YearRef(Schema):
    """A year for which reports are asked."""

    id: int
    year: int = Field(description="The calendar year.")


class WholeReportKindOut(ReportKindOut):
    """A kind with its form, and the years it is asked for."""

    sections: list[ReportSectionOut]
    years: list[YearRef]


class ReportKindQuery(PageQuery):
    """Which kinds."""

    unit: AskedId = None


class ReportKindFacts(Sent):
    """What may change of a kind at any time."""

    name: Title
    active_until: Day | None = Field(default=None, description="The last day on which reports fall due; null: no end.")
    goes_into: Id | None = Field(
        default=None, description="The id of a kind of a unit above into which these reports go."
    )

    def plain(self, unit: Unit) -> dict[str, Any]:
        """Return what the acts take of it."""
        higher = one_of(reports_above(unit), self.goes_into, "goes_into")
        return {"name": self.name.strip(), "active_until": self.active_until, "goes_into": higher}


class NewSection(Sent):
    """One section of the form, and what it is filled from."""

    heading: Title
    source: SectionSource = Field(default=SectionSource.FREE, description="From which records it is filled.")


class NewReportKind(ReportKindFacts):
    """A kind of report: a thematic one is due on one day (`due_on`), any other on a `day` of a month."""

    unit: Id
    body: Body
    via_unit: Id | None = Field(default=None, description="The id of the department through which the reports go.")
    period: ReportPeriod
    day: Annotated[int | None, Field(ge=1, le=31, strict=True)] = Field(
        default=None, description="The day of the month, 1 to 31; 31: its last. Not of a thematic report."
    )
    month: DueMonth = Field(
        default=DueMonth.LAST,
        description="In which month it is due: 0 the last of the period, -1 the one before that, 1 the one after it.",
    )
    grace: Annotated[int, Field(ge=0, le=MOST_GRACE, strict=True)] = Field(
        default=0, description="So many working days after the day it is still on time."
    )
    due_on: Day | None = Field(default=None, description="The day a thematic report is due.")
    owner_kinds: Ids = Field(default_factory=list, description="Ids of kinds of units that owe it.")
    owner_units: Ids = Field(default_factory=list, description="Ids of units that owe it.")
    active_from: Day = Field(description="From which day on reports fall due.")
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
            "owner_kinds": all_of(kinds_below(unit), self.owner_kinds, "owner_kinds"),
            "owner_units": all_of(units, self.owner_units, "owner_units"),
        }


class AskFor(Sent):
    """The year."""

    year: Year


@lists(router, "/report-kinds", ReportKindOut, "ReportKindPage", "List kinds of reports")
def kind_list(request: Call, asked: Query[ReportKindQuery]) -> Any:
    """List the kinds of reports of units you see, and those that your units owe."""
    rows = ReportKind.objects.visible_to(request.user).select_related("unit", "via_unit")
    rows = rows.filter(unit=asked.unit) if asked.unit else rows
    return page(request, rows, asked, ReportKindOut, lambda found: [_line(row) for row in found])


@shows(router, "/report-kinds/{pk}", WholeReportKindOut, "Show a kind of report")
def kind(request: Call, pk: Pk) -> Any:
    """Show a kind with its form and its years."""
    return _told(request, pk)


@creates(router, "/report-kinds", WholeReportKindOut, "Set up a kind of report")
def create_kind(request: Call, sent: NewReportKind) -> Any:
    """Set up a kind of report and ask for what falls due in its first year."""
    unit = offered_or_404(asking_units(request.user, clock.today()), sent.unit)

    def make() -> ReportKind:
        sections = [(section.heading, section.source.value) for section in sent.sections]
        facts: dict[str, Any] = {"values": sent.facts(unit), "sections": sections}
        return report_kinds.create_kind(unit=unit, by=request.user, **facts)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/report-kinds/{pk}/change", WholeReportKindOut, "Change a kind of report")
def change_kind(request: Call, pk: Pk, sent: ReportKindFacts) -> Any:
    """Change the name of a kind, until when it is asked for, and where it goes."""

    def act(row: ReportKind) -> None:
        version = seen_number(request, row.version)
        report_kinds.change_kind(kind=row, values=sent.plain(row.unit), by=request.user, version=version)

    return _on_kind(request, pk, act)


@changes(router, "/report-kinds/{pk}/ask", WholeReportKindOut, "Ask for the reports of another year")
def ask_for_year(request: Call, pk: Pk, sent: AskFor) -> Any:
    """Ask for the reports of a kind that fall due in another year."""

    def act(row: ReportKind) -> None:
        as_seen(request, row)
        report_kinds.ask_for_year(kind=row, year=sent.year, by=request.user)

    return _on_kind(request, pk, act)


def _on_kind(request: Call, pk: int, act: Callable[[ReportKind], None]) -> Any:
    def run() -> None:
        row = visible_kind(request.user, pk)
        require(may_ask_reports(request.user, row.unit))
        act(row)

    return acted(request, run, lambda: _told(request, pk))


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_kind(request.user, pk)
    facts = _line(row) | {
        "sections": [plain_of(section, ("heading", "source")) for section in row.sections.all()],
        "years": [plain_of(year, ("year",)) for year in row.years.order_by("year")],
    }
    return one(request, WholeReportKindOut, facts, row.version, status)


def _line(row: ReportKind) -> dict[str, Any]:
    plain = ("version", "body", "name", "period", "day", "month", "grace", "due_on", "active_from", "active_until")
    return {
        **plain_of(row, plain),
        "unit": unit_ref(row.unit),
        "via_unit": unit_ref(row.via_unit) if row.via_unit else None,
        "goes_into": row.goes_into_id,
        "page": page_at(row),
    }
