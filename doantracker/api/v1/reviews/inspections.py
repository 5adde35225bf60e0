"""Inspections and supervision: planned, announced, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
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
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.resolving import UnitNames
from reviews.actions import inspections
from reviews.actions.inspections import MOST_VISITS
from reviews.enums import InspectionKind, InspectionState
from reviews.filters import InspectionFilter
from reviews.forms.inspections import InspectionForm
from reviews.models import Inspection
from reviews.models.inspection import MOST_PREPARATION_DAYS
from reviews.rights import inspecting_units, may_run
from reviews.views.shared import visible_inspection
from units.access import require
from units.models import Unit

router = Router(tags=["inspections"])
RELATED: Final = ("programme__unit", "head", "report_unit", "report_meeting")


class InspectionOut(Schema):
    """One inspection of the programme of a year."""

    id: int
    version: int
    unit: UnitRef
    year: int = Field(description="The year of its programme.")
    kind: InspectionKind
    title: str
    content: str
    period_start: dt.date | None = Field(description="The first day of what is looked at.")
    period_end: dt.date | None = Field(description="The last day of what is looked at.")
    head: PersonRef = Field(description="Who heads the team.")
    report_unit: UnitRef = Field(description="The unit that owes the report.")
    state: InspectionState
    preparation: str = Field(description="What the units prepare, one thing a line.")
    preparation_days: int = Field(description="So many days before its visit each unit owes it.")
    ended_on: dt.date | None = Field(description="The day the visits ended.")
    report_meeting: int | None = Field(description="The meeting at which the report is owed.")
    reported_on: dt.date | None
    report_symbol: str = Field(description="Number and symbol of the report.")
    concluded_on: dt.date | None
    conclusion_symbol: str = Field(description="Number and symbol of the conclusions.")
    cancel_reason: str
    page: str = Field(description="The address of its page, for people.")


class WholeInspectionOut(InspectionOut):
    """One inspection with its team, the visits, and the report."""

    members: list[PersonRef]
    visits: list[int] = Field(description="Ids of its visits.")
    report: str
    files: list[FileOut]


class InspectionQuery(PageQuery):
    """Which inspections: the filters of their page."""

    year: AskedYear = None
    unit: AskedUnit = None
    kind: InspectionKind | None = None
    state: InspectionState | None = None


class NewVisit(Sent):
    """A unit to visit, and the day if it is known."""

    unit: Id
    day: Day | None = None


class InspectionFacts(Sent):
    """What an inspection is, who goes, and where. `visits` may be left out once the units have been told."""

    kind: InspectionKind = InspectionKind.REGULAR
    title: Title
    content: Words = ""
    period_start: Day | None = Field(default=None, description="The first day of what is looked at.")
    period_end: Day | None = Field(default=None, description="The last day of what is looked at.")
    head: Id = Field(description="The id of the person who heads the team.")
    members: Ids = Field(default_factory=list, description="Ids of the others in the team.")
    report_unit: Id = Field(
        description="The id of the unit that owes the report: the one that inspects, or a department."
    )
    visits: Annotated[list[NewVisit], Field(max_length=MOST_VISITS)] | None = Field(
        default=None, description="The units to visit. Null: they stay."
    )

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

    preparation: SomeWords = Field(description="One thing a line.")
    days: Annotated[int, Field(ge=0, le=MOST_PREPARATION_DAYS, strict=True)] = Field(
        description="So many days before its visit each unit owes it."
    )


class InspectionCancelled(Sent):
    """Why it is not carried out."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


@lists(router, "/inspections", InspectionOut, "InspectionPage", "List inspections")
def inspection_list(request: Call, asked: Query[InspectionQuery]) -> Any:
    """List the inspections of the units you see, and those in whose team you are."""
    rows = narrowed(InspectionFilter, asked, Inspection.objects.visible_to(request.user), request)
    rows = rows.filter(programme__year=asked.year) if asked.year else rows
    return page(request, rows.select_related(*RELATED), asked, InspectionOut, _lines)


@shows(router, "/inspections/{pk}", WholeInspectionOut, "Show an inspection")
def inspection(request: Call, pk: Pk) -> Any:
    """Show one inspection with its team, visits and report."""
    return told_inspection(request, pk)


@creates(router, "/inspections", WholeInspectionOut, "Plan an inspection")
def plan_inspection(request: Call, sent: NewInspection) -> Any:
    """Put an inspection into the programme of a year; the units are told when it is announced."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)

    def make() -> Inspection:
        facts: dict[str, Any] = {"visits": (), **sent.facts(unit)}
        return inspections.plan_inspection(unit=unit, year=sent.year, by=request.user, **facts)

    return made(request, make, lambda row: told_inspection(request, row.pk, 201))


@changes(router, "/inspections/{pk}/change", WholeInspectionOut, "Change an inspection")
def change_inspection(request: Call, pk: Pk, sent: InspectionFacts) -> Any:
    """Change what is said of an inspection; the units only while they are not told."""

    def act(row: Inspection, version: int) -> None:
        require(may_run(request.user, row.unit))
        facts = sent.facts(row.unit, changed=row)
        inspections.change_inspection(inspection=row, by=request.user, version=version, **facts)

    return on_inspection(request, pk, act)


@changes(router, "/inspections/{pk}/announce", WholeInspectionOut, "Announce an inspection")
def announce(request: Call, pk: Pk, sent: InspectionAnnounced) -> Any:
    """Tell the units: each owes its preparation before its visit."""

    def act(row: Inspection, version: int) -> None:
        facts = sent.model_dump()
        inspections.announce(inspection=row, by=request.user, version=version, **facts)

    return on_inspection(request, pk, act)


@changes(router, "/inspections/{pk}/cancel", WholeInspectionOut, "Call an inspection off")
def cancel_inspection(request: Call, pk: Pk, sent: InspectionCancelled) -> Any:
    """Call an inspection off, and what is still owed for it too."""

    def act(row: Inspection, version: int) -> None:
        inspections.cancel_inspection(inspection=row, reason=sent.reason, by=request.user, version=version)

    return on_inspection(request, pk, act)


def on_inspection(request: Call, pk: int, act: Callable[[Inspection, int], None]) -> Any:
    """Do an act on an inspection in the version seen; the answer is the inspection."""

    def run() -> None:
        row = visible_inspection(request.user, pk)
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: told_inspection(request, pk))


def told_inspection(request: Call, pk: int, status: int = 200) -> Any:
    """Return one inspection as told."""
    row = visible_inspection(request.user, pk)
    facts = _lines([row])[0] | {
        "members": [person_ref(person) for person in row.members.order_by("sort_key", "pk")],
        "visits": list(row.visits.order_by("pk").values_list("pk", flat=True)),
        "report": row.report,
        "files": file_lines(row.files.all()),
    }
    return one(request, WholeInspectionOut, facts, row.version, status)


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
