"""Plans with their solutions and shortcomings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, one, page, page_of, reads, reads_one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.shared import Page, facts, page_address
from doantracker.api.v1.types import GREATEST, Pk, Text, UnitRef, unit_ref
from plans.actions.sensitive import log_reading
from plans.enums import Deliverable, Level, PlanKind, PlanStatus, ShortcomingState, Subject
from plans.filters import PlanFilter
from plans.models import Plan, Shortcoming, Solution, SolutionShortcoming
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.access import get_visible_or_404

router = Router(tags=["plans"])


class PlanOut(Schema):
    """A plan as issued."""

    id: int
    kind: PlanKind
    symbol: str = Field(description="Number and symbol; empty: none yet.")
    title: str
    issued_on: dt.date | None
    issuing_unit: UnitRef
    coordinating_unit: UnitRef | None = Field(description="The department that coordinates it.")
    period_start: dt.date | None
    period_end: dt.date | None = Field(description="Null: open end.")
    standing: bool = Field(description="The yearly plan that holds the work of a body, not issued as a plan.")
    status: PlanStatus
    published_at: dt.datetime | None
    closed_at: dt.datetime | None
    page: Page


class SolutionOut(Schema):
    """A solution of a plan."""

    id: int
    plan: int
    ordinal: int = Field(description="Its number in the plan.")
    group: str = Field(description="Title of the group it stands in; empty: none.")
    text: str
    level: Level | Literal[""] = Field(description="The level that acts; empty: not said.")
    lead_unit: UnitRef | None = Field(description="The unit that leads, by itself or by its group.")
    deliverable: Deliverable
    dropped_reason: str = Field(description="Why an amendment dropped it; empty: it is in force.")


class ShortcomingOut(Schema):
    """A shortcoming. Of one you may not read (`masked`) only its place, its state and what answers it are told."""

    id: int
    plan: int
    ordinal: int = Field(description="Its number in the plan.")
    field: str = Field(description="Name of its field of work; empty: none.")
    text: str
    cause: str
    state: ShortcomingState
    personal: bool = Field(description="It is of a person.")
    masked: bool = Field(description="You may not read it: its words are empty.")
    solutions: list[int] = Field(description="Ids of what answers it.")


class PlanQuery(PageQuery):
    """Which plans: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of symbol or title.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="Issued by this unit or one below.")] = None
    status: PlanStatus | None = None
    kind: PlanKind | None = None
    standing: Annotated[
        bool | None,
        Field(description="false: without the yearly plans of bodies, as the page begins; true: only those."),
    ] = None
    year: Annotated[
        int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="The period of the plan touches this year.")
    ] = None


@router.get("/plans", response=reads(page_of(PlanOut, "PlanPage")), summary="List plans")
def plan_list(request: Call, asked: Query[PlanQuery]) -> Any:
    """List the plans you see, your own drafts among them."""
    rows = narrowed(PlanFilter, asked, Plan.objects.visible_to(request.user), request)
    rows = rows if asked.standing is None else rows.filter(is_programme=asked.standing)
    return page(request, rows.select_related("issuing_unit", "coordinating_unit"), asked, PlanOut, _plan_lines)


@router.get("/plans/{pk}", response=reads_one(PlanOut), summary="Show a plan")
def plan(request: Call, pk: Pk) -> Any:
    """Show the head of one plan."""
    return plan_answer(request, pk)


def plan_answer(request: Call, pk: int, status: int = 200) -> Any:
    """Return the head of one plan as it is now."""
    row = get_visible_or_404(Plan.objects.select_related("issuing_unit", "coordinating_unit"), request.user, pk)
    return one(request, PlanOut, _plan_lines([row])[0], row.status, status)


@router.get(
    "/plans/{pk}/solutions",
    response=reads(page_of(SolutionOut, "SolutionPage")),
    summary="List the solutions of a plan",
)
def solution_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the solutions of a plan."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Solution.objects.filter(plan=row).select_related("group__lead_unit", "lead_unit")
    return page(request, rows, asked, SolutionOut, _solution_lines)


@router.get(
    "/plans/{pk}/shortcomings",
    response=reads(page_of(ShortcomingOut, "ShortcomingPage")),
    summary="List the shortcomings of a plan",
)
def shortcoming_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the shortcomings of a plan, masked as its page masks them. That persons' were read is logged."""
    row = get_visible_or_404(Plan.objects.all(), request.user, pk)
    rows = Shortcoming.objects.listed_for(request.user).filter(plan=row).listed().with_masks(request.user)

    def lines(found: Sequence[Any]) -> list[dict[str, Any]]:
        read = [one_.pk for one_ in found if one_.is_personal and not one_.masked]
        log_reading(by=request.user, rows=read, plan=row)
        return _shortcoming_lines(found)

    return page(request, rows.select_related("field"), asked, ShortcomingOut, lines)


def _plan_lines(rows: Sequence[Plan]) -> list[dict[str, Any]]:
    plain = (
        "kind", "symbol", "title", "issued_on", "period_start", "period_end", "status", "published_at", "closed_at",
    )  # fmt: skip
    return [
        {
            **facts(row, *plain),
            "standing": row.is_programme,
            "issuing_unit": unit_ref(row.issuing_unit),
            "coordinating_unit": unit_ref(row.coordinating_unit) if row.coordinating_unit else None,
            "page": page_address(row),
        }
        for row in rows
    ]


def _solution_lines(rows: Sequence[Solution]) -> list[dict[str, Any]]:
    plain = ("ordinal", "text", "level", "deliverable", "dropped_reason")
    return [
        {
            **facts(row, *plain),
            "plan": row.plan_id,
            "group": row.group.title if row.group else "",
            "lead_unit": unit_ref(row.lead) if row.lead else None,
        }
        for row in rows
    ]


def _shortcoming_lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return shortcomings as told; one query for what answers them."""
    answers: dict[int, list[int]] = defaultdict(list)
    links = SolutionShortcoming.objects.filter(shortcoming__in=rows).order_by("solution__ordinal")
    for shortcoming, solution in links.values_list("shortcoming_id", "solution_id"):
        answers[shortcoming].append(solution)
    return [
        {
            "id": row.pk,
            "plan": row.plan_id,
            "ordinal": row.ordinal,
            "field": row.field.name if row.field else "",
            "text": "" if row.masked else row.text,
            "cause": "" if row.masked else row.cause,
            "state": row.state,
            "personal": row.subject == Subject.PERSON,
            "masked": row.masked,
            "solutions": answers[row.pk],
        }
        for row in rows
    ]
