"""Programmes of inspections, one a unit and year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Query, Router, Schema

from doantracker.api.v1.acts import (
    AskedYear,
    PaperNumber,
    Year,
    creates,
    lists,
    made,
    number_in,
    offered_or_404,
    plain_of,
)
from doantracker.api.v1.answers import PageQuery, done, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Day, Id, Sent, UnitRef, unit_ref
from doantracker.lib import clock
from reviews.actions import inspections
from reviews.models import InspectionProgramme
from reviews.rights import inspecting_units

router = Router(tags=["inspections"])


class ProgrammeOut(Schema):
    """The programme of a unit for a year."""

    id: int
    unit: UnitRef
    year: int
    symbol: str
    issued_on: dt.date | None


class ProgrammeQuery(PageQuery):
    """Which programmes."""

    year: AskedYear = None


class ProgrammeIssued(Sent):
    """By which document the programme of a year was issued."""

    unit: Id
    year: Year
    symbol: PaperNumber = ""
    issued_on: Day | None = None


@lists(router, "/inspection-programmes", ProgrammeOut, "ProgrammePage", "List programmes of inspections")
def programme_list(request: Call, asked: Query[ProgrammeQuery]) -> Any:
    """List the programmes of the units whose inspections you run."""
    units = inspecting_units(request.user, clock.today())
    rows = InspectionProgramme.objects.filter(unit__in=units.order_by().values("pk")).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, ProgrammeOut, lambda found: [_line(row) for row in found])


@creates(router, "/inspection-programmes", ProgrammeOut, "Enter the document of a programme", 200)
def issue_programme(request: Call, sent: ProgrammeIssued) -> Any:
    """Enter by which document the programme of a year was issued; without one it is opened."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)

    def make() -> InspectionProgramme:
        facts: dict[str, Any] = {"year": sent.year, "symbol": number_in(sent.symbol), "issued_on": sent.issued_on}
        return inspections.issue_programme(unit=unit, by=request.user, **facts)

    return made(request, make, lambda row: done(_line(row), ProgrammeOut))


def _line(row: InspectionProgramme) -> dict[str, Any]:
    return plain_of(row, ("year", "symbol", "issued_on")) | {"unit": unit_ref(row.unit)}
