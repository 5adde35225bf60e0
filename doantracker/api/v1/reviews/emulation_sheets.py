"""Emulation score sheets, and the points of units on them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedYear,
    Ids,
    Seen,
    SomeWords,
    Title,
    Year,
    acted,
    all_of,
    changes,
    creates,
    kinds_below,
    lists,
    made,
    named,
    offered_or_404,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.report_kinds import MOST_SECTIONS
from doantracker.api.v1.types import Id, Pk, Sent, Switch, Text, UnitRef, unit_ref
from doantracker.lib import clock
from reviews.actions import emulation
from reviews.actions.emulation import Content
from reviews.emulation_page import Points, scored_units, sheet_rows
from reviews.enums import EmulationCriterionKind
from reviews.models import EmulationCriterion, EmulationScore, EmulationSheet
from reviews.rights import asking_units, may_give_own_points, may_score
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["periodic reports and emulation"])
MOST_BANDS: Final = 20
Mark = Annotated[Decimal, Field(ge=0, le=1000, max_digits=5, decimal_places=1)]
Failed = Annotated[int, Field(ge=0, le=99, strict=True)]


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
    most: Decimal = Field(description="The most points it gives.")


class EmulationPointsOut(Schema):
    """The points of one unit under one criterion; null while nobody gave any."""

    criterion: int
    points: Decimal | None = Field(description="What counts: settled, else checked, else computed.")
    computed: Decimal | None = Field(description="Counted from the reports, for the criterion of reports.")
    own: Decimal | None = Field(description="What the unit gives itself.")
    proof: str = Field(description="The document that proves the own points.")
    checked: Decimal | None = Field(description="What the office gives after checking.")
    note: str
    settled: Decimal | None = Field(description="What stands after an objection.")
    disputed: bool = Field(description="An objection waits.")
    version: int = Field(description="Of what was entered by hand; 0: nothing yet.")


class ScoredOut(Schema):
    """One unit of a sheet; `place` is null for who does not see all units."""

    unit: UnitRef
    total: Decimal = Field(description="The sum of the points that count.")
    place: int | None
    points: list[EmulationPointsOut]


class WholeEmulationSheetOut(EmulationSheetOut):
    """A sheet with its criteria and the units you see, the highest total first."""

    criteria: list[EmulationCriterionOut]
    rows: list[ScoredOut]


class EmulationSheetQuery(PageQuery):
    """Which sheets."""

    year: AskedYear = None


class EmulationBandIn(Sent):
    """The points for at most so many reports of each period that were not sent in time."""

    points: Mark = Field(description="What the unit gets.")
    month: Failed = Field(default=0, description="At most so many monthly reports not sent in time.")
    quarter: Failed = Field(default=0, description="At most so many quarterly ones.")
    half_year: Failed = Field(default=0, description="At most so many half-yearly ones.")
    year: Failed = Field(default=0, description="At most so many yearly ones.")


class EmulationJudgedIn(Sent):
    """A judged criterion: own points, then checked."""

    name: Annotated[Text, Field(min_length=1, max_length=300)]
    most: Annotated[Mark, Field(gt=0)] = Field(description="The most points it gives.")


class SheetFacts(Sent):
    """What a sheet scores: bands of the reports (none: no such criterion) and judged criteria."""

    title: Title
    year: Year
    unit_kinds: Annotated[Ids, Field(min_length=1)] = Field(description="Ids of kinds of units that are scored.")
    reports: Annotated[Text, Field(max_length=300)] = Field(
        default="", description="What the criterion of reports is called; empty: the usual words."
    )
    late_counts: Switch = Field(default=True, description="A report sent late counts like a missing one.")
    bands: Annotated[list[EmulationBandIn], Field(max_length=MOST_BANDS)] = Field(default_factory=list)
    judged: Annotated[list[EmulationJudgedIn], Field(max_length=MOST_SECTIONS)] = Field(
        default_factory=list, description="Criteria for which units give themselves points first."
    )

    def content(self, unit: Unit) -> Content:
        """Return what the acts take."""
        return Content(
            title=self.title,
            year=self.year,
            unit_kinds=all_of(kinds_below(unit), self.unit_kinds, "unit_kinds"),
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
    unit: Id = Field(description="The id of the unit that is scored.")
    points: Mark
    proof: Annotated[Text, Field(min_length=1, max_length=300)] = Field(
        description="Number and day of the document that proves them."
    )
    version: Seen = 0


class CheckedPoints(Sent):
    """The points after checking, in the version seen."""

    criterion: Id
    unit: Id = Field(description="The id of the unit that is scored.")
    points: Mark
    note: Annotated[Text, Field(max_length=300)] = ""
    version: Seen = 0


class Objection(Sent):
    """What is wrong with the points of a unit."""

    criterion: Id
    unit: Id = Field(description="The id of the unit that is scored.")
    text: SomeWords


@lists(router, "/emulation-sheets", EmulationSheetOut, "EmulationSheetPage", "List emulation score sheets")
def sheet_list(request: Call, asked: Query[EmulationSheetQuery]) -> Any:
    """List the score sheets of units you see, and those that score them."""
    rows = EmulationSheet.objects.visible_to(request.user).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, EmulationSheetOut, lambda found: [_line(row) for row in found])


@shows(router, "/emulation-sheets/{pk}", WholeEmulationSheetOut, "Show an emulation score sheet")
def sheet(request: Call, pk: Pk) -> Any:
    """Show the points of the units you see, the highest total first."""
    return _told(request, pk)


@creates(router, "/emulation-sheets", WholeEmulationSheetOut, "Set up a score sheet")
def create_sheet(request: Call, sent: NewSheet) -> Any:
    """Set up a sheet that scores units of some kinds below for a year."""
    unit = offered_or_404(asking_units(request.user, clock.today()), sent.unit)

    def make() -> EmulationSheet:
        return emulation.create_sheet(unit=unit, content=sent.content(unit), by=request.user)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/emulation-sheets/{pk}/change", WholeEmulationSheetOut, "Change a score sheet")
def change_sheet(request: Call, pk: Pk, sent: SheetFacts) -> Any:
    """Change a sheet while nobody has entered points."""

    def act() -> None:
        row = _visible(request.user, pk)
        require(may_score(request.user, row))
        version = seen_number(request, row.version)
        emulation.change_sheet(sheet=row, content=sent.content(row.unit), by=request.user, version=version)

    return acted(request, act, lambda: _told(request, pk))


@creates(router, "/emulation-sheets/{pk}/own-points", WholeEmulationSheetOut, "Enter the own points of a unit", 200)
def give_own_points(request: Call, pk: Pk, sent: OwnPoints) -> Any:
    """Enter what a unit gives itself under a judged criterion."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_give_own_points(request.user, unit))
        facts = sent.model_dump(include={"points", "proof", "version"})
        emulation.give_own_points(criterion=criterion, unit=unit, by=request.user, **facts)

    return _on_points(request, pk, sent, act)


@creates(router, "/emulation-sheets/{pk}/checked-points", WholeEmulationSheetOut, "Enter points after checking", 200)
def check_points(request: Call, pk: Pk, sent: CheckedPoints) -> Any:
    """Enter the points after checking; never by who gave the own points."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_score(request.user, criterion.sheet))
        facts = sent.model_dump(include={"points", "note", "version"})
        emulation.check_points(criterion=criterion, unit=unit, by=request.user, **facts)

    return _on_points(request, pk, sent, act)


@creates(router, "/emulation-sheets/{pk}/objections", WholeEmulationSheetOut, "Object to the points of a unit")
def raise_dispute(request: Call, pk: Pk, sent: Objection) -> Any:
    """Object to the points of a unit; the figure stays until the objection is settled."""

    def act(criterion: EmulationCriterion, unit: Unit) -> None:
        require(may_give_own_points(request.user, unit))
        emulation.raise_dispute(criterion=criterion, unit=unit, text=sent.text, by=request.user)

    return _on_points(request, pk, sent, act, status=201)


def _on_points(
    request: Call,
    pk: int,
    sent: OwnPoints | CheckedPoints | Objection,
    act: Callable[[EmulationCriterion, Unit], None],
    *,
    status: int = 200,
) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        scored = named(scored_units(row, request.user, clock.today()), sent.unit, "unit")
        act(named(row.criteria.select_related("sheet__unit"), sent.criterion, "criterion"), scored)

    return acted(request, run, lambda: _told(request, pk, status))


def _visible(user: User, pk: int) -> EmulationSheet:
    found: EmulationSheet = get_visible_or_404(EmulationSheet.objects.select_related("unit"), user, pk)
    return found


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    rows = sheet_rows(row, user=request.user, today=clock.today())
    facts = _line(row) | {
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


def _line(row: EmulationSheet) -> dict[str, Any]:
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
