"""Pilots: what a plan asks units of a kind for, and which units they choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import KEYED, PageQuery, done, page, page_of, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.cascade import answerable, followed, sent_to_unit
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts, kinds_named, plan_run, units_seen
from doantracker.api.v1.types import Id, Pk, Sent, Text, UnitRef, unit_ref
from plans.actions.pilots import add_slot, choose_pilots
from plans.enums import PlanStatus
from plans.models import PilotSlot, PlanRecipient

router = Router(tags=["cascade"])


class SlotOut(Schema):
    """Pilots that every unit of a kind chooses."""

    id: int
    solution: int
    words: str = Field(description="What is piloted.")
    kind: str = Field(description="Code of the kind of unit that chooses.")
    count: int = Field(description="How many pilots each unit chooses.")


class PilotsOut(Schema):
    """What one unit chose."""

    slot: int = Field(description="The id of what is asked for.")
    recipient: int = Field(description="The id of the plan as sent to the unit.")
    units: list[UnitRef]


class SlotIn(Sent):
    """Pilots to ask for."""

    solution: Id
    words: Annotated[Text, Field(min_length=1, max_length=300, description="What is piloted.")]
    kind: Annotated[Text, Field(max_length=50, description="Code of the kind of unit.")]
    count: Annotated[int, Field(ge=1, le=50, strict=True, description="How many pilots each unit chooses.")] = 1


class PilotsIn(Sent):
    """The pilots of a unit; `seen` are those you saw as chosen."""

    units: Annotated[list[Id], Field(max_length=50, description="Ids of units below the one that chooses.")]
    seen: Annotated[list[Id], Field(max_length=50)] = Field(default_factory=list)


@router.get(
    "/plans/{pk}/pilots", response=reads(page_of(SlotOut, "PilotPage")), summary="List the pilots a plan asks for"
)
def slot_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the pilots that a plan asks units for."""
    rows = PilotSlot.objects.filter(solution__plan=followed(request.user, pk)).select_related("kind")
    return page(request, rows, asked, SlotOut, _slot_lines)


@router.post(
    "/plans/{pk}/pilots", response=writes(SlotOut, 201), openapi_extra=KEYED, summary="Ask units of a kind for pilots"
)
def ask_pilots(request: Call, pk: Pk, sent: SlotIn) -> Any:
    """Ask every unit of a kind that the plan was sent to for pilots; the same once more is the same."""
    (kind,) = kinds_named([sent.kind], "kind")

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.PUBLISHED)
        solution = named(plan.solutions.all(), sent.solution, "solution")
        made = add_slot(solution=solution, words=sent.words, kind=kind, count=sent.count, by=request.user)
        return done(_slot_lines([made])[0], SlotOut, 201)

    return once(request, run)


@router.get("/cascade/{pk}/pilots/{slot}", response=reads(PilotsOut), summary="Show the pilots of a unit")
def pilots(request: Call, pk: Pk, slot: Pk) -> Any:
    """Show which units a unit chose as pilots."""
    row = sent_to_unit(request.user, pk)
    return _pilots(row, _slot(row, slot))


@router.post(
    "/cascade/{pk}/pilots/{slot}",
    response=writes(PilotsOut),
    openapi_extra=KEYED,
    summary="Choose the pilots of a unit",
)
def choose(request: Call, pk: Pk, slot: Pk, sent: PilotsIn) -> Any:
    """Set the pilots of a unit. `seen` says which were chosen when you read them, instead of If-Match."""

    def run() -> Any:
        row = answerable(request.user, pk)
        asked, units = _slot(row, slot), units_seen(request.user, sent.units)
        choose_pilots(slot=asked, recipient=row, chosen=units, by=request.user, seen=sent.seen)
        return _pilots(row, asked)

    return once(request, run)


def _slot(row: PlanRecipient, pk: int) -> PilotSlot:
    slots = PilotSlot.objects.select_related("solution", "kind")
    found: PilotSlot = get_object_or_404(slots.filter(solution__plan=row.plan_id, kind=row.unit.kind_id), pk=pk)
    return found


def _slot_lines(rows: Sequence[PilotSlot]) -> list[dict[str, Any]]:
    return [{**facts(row, "words", "count"), "solution": row.solution_id, "kind": row.kind.code} for row in rows]


def _pilots(row: PlanRecipient, slot: PilotSlot) -> Any:
    chosen = [unit_ref(choice.chosen) for choice in row.pilots.filter(slot=slot).select_related("chosen")]
    return done({"slot": slot.pk, "recipient": row.pk, "units": chosen}, PilotsOut)
