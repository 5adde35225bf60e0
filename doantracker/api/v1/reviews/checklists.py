"""Checklists of inspections, by kind of unit."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import creates, kinds_below, lists, made, named, offered_or_404, plain_of
from doantracker.api.v1.answers import PageQuery, one, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Id, Sent, Text, UnitRef, unit_ref
from doantracker.lib import clock
from reviews.actions.checklists import MOST_ITEMS, save_checklist
from reviews.checklist_lines import Line
from reviews.models import Checklist
from reviews.models.checklist import LONGEST_HEAD, LONGEST_ITEM
from reviews.rights import inspecting_units

router = Router(tags=["inspections"])


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
    unit_kind: UnitKindRef = Field(description="For units of which kind.")
    items: list[ChecklistLineOut]


class NewChecklistLine(Sent):
    """One thing to look at, under a heading or none."""

    head: Annotated[Text, Field(max_length=LONGEST_HEAD)] = ""
    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_ITEM)]


class NewChecklist(Sent):
    """The checklist for units of a kind; `version` of the one seen, 0: none yet."""

    unit: Id
    unit_kind: Id = Field(description="The id of a kind that units below have.")
    items: Annotated[list[NewChecklistLine], Field(min_length=1, max_length=MOST_ITEMS)]
    version: Annotated[int, Field(ge=0, lt=30_000, strict=True)] = 0


@lists(router, "/checklists", ChecklistOut, "ChecklistPage", "List checklists")
def checklist_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List the checklists in force of the units whose inspections you run."""
    units = inspecting_units(request.user, clock.today())
    rows = Checklist.objects.in_force().filter(unit__in=units.order_by().values("pk"))
    rows = rows.select_related("unit", "unit_kind").prefetch_related("items")
    return page(request, rows, asked, ChecklistOut, lambda found: [_line(row) for row in found])


@creates(router, "/checklists", ChecklistOut, "Write a checklist")
def write_checklist(request: Call, sent: NewChecklist) -> Any:
    """Write the checklist for units of a kind as its next version."""
    unit = offered_or_404(inspecting_units(request.user, clock.today()), sent.unit)
    kind = named(kinds_below(unit), sent.unit_kind, "unit_kind")

    def make() -> Checklist:
        lines = [Line(line.head, line.text) for line in sent.items]
        facts: dict[str, Any] = {"unit": unit, "unit_kind": kind, "lines": lines, "version": sent.version}
        return save_checklist(by=request.user, **facts)

    return made(request, make, lambda row: one(request, ChecklistOut, _line(row), row.version, 201))


def _line(row: Checklist) -> dict[str, Any]:
    return {
        **plain_of(row, ("version",)),
        "unit": unit_ref(row.unit),
        "unit_kind": {"id": row.unit_kind_id, "name": str(row.unit_kind)},
        "items": [{"head": item.head, "text": item.text} for item in row.items.all()],
    }
