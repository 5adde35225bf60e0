"""Amendments of published plans: opened, changes made under them, issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.plan_life import VersionOut, version_lines
from doantracker.api.v1.problems import STALE, ProblemError
from doantracker.api.v1.shared import (
    Gone,
    Page,
    facts,
    filled,
    page_address,
    plan_run,
    plan_seen,
    require_in_force,
    require_status,
)
from doantracker.api.v1.staging import STAGED, ChangeOut, Staged, staged
from doantracker.api.v1.types import Day, Id, Number, PersonRef, Pk, Sent, Text, person_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import amendments as actions
from plans.enums import Deliverable, Level, PlanStatus
from plans.errors import ActionRefused
from plans.forms.life import AmendSolutionForm, NewSolutionForm
from plans.models import Plan, PlanAmendment, RecordVersion, Solution
from plans.resolving import UnitNames
from plans.rights import may_manage
from units.access import require
from units.models import User

router = Router(tags=["amendments"])
OPEN, ISSUED = "open", "issued"
MOST_UNITS = 500


class AmendmentOut(Schema):
    """An amendment of a published plan; open until it has its document."""

    id: int
    plan: int
    ordinal: int = Field(description="Its number among the amendments of the plan.")
    title: str
    reason: str
    symbol: str = Field(description="Number and symbol of its document; empty: it is open.")
    issued_on: dt.date | None = Field(description="The day of its document; null: it is open.")
    made_by: PersonRef
    made_at: dt.datetime
    issued_by: PersonRef | None
    issued_at: dt.datetime | None = Field(description="When it was entered as issued.")
    page: Page


class AmendmentIn(Sent):
    """What an amendment is about, and why."""

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    reason: Annotated[Text, Field(min_length=1, max_length=20_000)]


class IssueIn(Sent):
    """The document by which an amendment is issued."""

    symbol: Annotated[Number, Field(min_length=1)]
    issued_on: Day


class SolutionFacts(Staged):
    """What is changed in a solution; what is not named stays."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)] = ""
    lead_unit: Id | None = Field(default=None, description="The id of the unit that leads.")
    supporting_units: Annotated[list[Id], Field(max_length=MOST_UNITS, description="Ids of units that support.")] = (
        Field(default_factory=list)
    )
    overseer: Id | None = Field(default=None, description="The id of the person who oversees it.")
    level: Level | None = Field(default=None, description="The level that acts.")
    deliverable: Deliverable | None = Field(default=None, description="What has to be handed in.")
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class NewSolution(Sent):
    """A solution to add."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)]
    group: Id | None = Field(default=None, description="The id of the group it stands in.")
    lead_unit: Id | None = Field(default=None, description="The id of the unit that leads; null: that of the group.")
    supporting_units: Annotated[list[Id], Field(max_length=MOST_UNITS, description="Ids of units that support.")] = (
        Field(default_factory=list)
    )
    overseer: Id | None = Field(default=None, description="The id of the person who oversees it.")
    level: Level | None = Field(default=None, description="The level that acts.")
    deliverable: Deliverable | None = Field(default=None, description="What has to be handed in.")
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class Drop(Staged):
    """Why a solution is dropped."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class PeriodEnd(Staged):
    """Until when a plan runs; null: open end."""

    period_end: Day | None
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class Added(Schema):
    """The solution that was added."""

    solution: int = Field(description="Its id.")


@router.get(
    "/plans/{pk}/amendments",
    response=reads(page_of(AmendmentOut, "AmendmentPage")),
    summary="List the amendments of a plan",
)
def amendment_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the amendments of a plan; one that is open only to who runs the plan."""
    plan = plan_seen(request.user, pk)
    rows = PlanAmendment.objects.filter(plan=plan).select_related("made_by", "issued_by")
    rows = rows if may_manage(request.user, plan) else rows.filter(issued_at__isnull=False)
    return page(request, rows, asked, AmendmentOut, _lines)


@router.get("/amendments/{pk}", response=reads_one(AmendmentOut), summary="Show an amendment")
def amendment(request: Call, pk: Pk) -> Any:
    """Show one amendment."""
    return _answer(request, pk)


@router.get(
    "/amendments/{pk}/changes",
    response=reads(page_of(VersionOut, "AmendmentChangePage")),
    summary="List what an amendment changed",
)
def change_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what was changed under an amendment, with the values before and after."""
    row = _visible(request.user, pk)
    rows = RecordVersion.objects.visible_to(request.user).filter(Q(amendment=row)).select_related("by")
    return page(request, rows, asked, VersionOut, version_lines)


@router.post(
    "/plans/{pk}/amendments", response=writes(AmendmentOut, 201), openapi_extra=KEYED, summary="Open an amendment"
)
def open_amendment(request: Call, pk: Pk, sent: AmendmentIn) -> Any:
    """Open an amendment of a published plan; only one is open at a time."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.PUBLISHED)
        made = actions.open_amendment(plan=plan, by=request.user, **sent.model_dump())
        return _answer(request, made.pk, 201)

    return once(request, run)


@router.post(
    "/amendments/{pk}/issue", response=writes(AmendmentOut), openapi_extra=VERSIONED, summary="Issue an amendment"
)
def issue(request: Call, pk: Pk, sent: IssueIn) -> Any:
    """Give an amendment its document: nothing more is changed under it."""

    def run() -> Any:
        row = _led(request.user, pk)
        _compare(request, row)
        actions.issue_amendment(amendment=row, by=request.user, **sent.model_dump())
        return _answer(request, pk)

    return once(request, run)


@router.post(
    "/amendments/{pk}/discard", response=writes(Gone), openapi_extra=VERSIONED, summary="Throw an amendment away"
)
def discard(request: Call, pk: Pk) -> Any:
    """Throw away an open amendment under which nothing was changed."""

    def run() -> Any:
        row = _led(request.user, pk)
        _compare(request, row)
        actions.discard_amendment(amendment=row, by=request.user)
        return done({"gone": pk}, Gone)

    return once(request, run)


@router.post(
    "/amendments/{pk}/solutions/{solution}",
    response=writes(ChangeOut),
    openapi_extra=STAGED,
    summary="Amend a solution",
)
def amend_solution(request: Call, pk: Pk, solution: Pk, sent: SolutionFacts) -> Any:
    """Give a solution of a published plan another text, lead or support; its units are told."""
    user = request.user

    def about() -> dict[str, Any]:
        row = _editable(user, pk)
        stored, known = _solution(row.plan, solution), _known(row.plan, user)
        values = sent.model_dump(exclude={"preview"}, exclude_unset=True)
        form = filled(
            lambda data: AmendSolutionForm(data, instance=_solution(row.plan, solution), **known), values, partly=True
        )
        return {"solution": stored, "by": user, "amendment": row, **form.facts()}

    return staged(
        request,
        preview=sent.preview,
        look=lambda: actions.preview_amended_solution(**about()),
        act=lambda expected: actions.amend_solution(**about(), reason=sent.reason, expected=expected),
    )


@router.post(
    "/amendments/{pk}/solutions",
    response=writes(Added, 201),
    openapi_extra=KEYED,
    summary="Add a solution by an amendment",
)
def add_solution(request: Call, pk: Pk, sent: NewSolution) -> Any:
    """Add a solution to a published plan; its commitments are added to it afterwards."""

    def run() -> Any:
        row = _editable(request.user, pk)
        known = _known(row.plan, request.user)
        form = filled(lambda data: NewSolutionForm(data, **known), sent.model_dump(exclude_unset=True), partly=True)
        about: dict[str, Any] = {"plan": row.plan, "by": request.user, "amendment": row}
        made = actions.add_solution(values=form.values(), reason=sent.reason, **about)
        return done({"solution": made.pk}, Added, 201)

    return once(request, run)


@router.post(
    "/amendments/{pk}/solutions/{solution}/drop",
    response=writes(ChangeOut),
    openapi_extra=STAGED,
    summary="Drop a solution by an amendment",
)
def drop_solution(request: Call, pk: Pk, solution: Pk, sent: Drop) -> Any:
    """Drop a solution of a published plan: what is open is called off, what was reported stays."""

    def about() -> dict[str, Any]:
        row = _editable(request.user, pk)
        return {"solution": _solution(row.plan, solution), "by": request.user, "amendment": row}

    return staged(
        request,
        preview=sent.preview,
        look=lambda: actions.preview_dropped_solution(**about()),
        act=lambda expected: actions.drop_solution(**about(), reason=sent.reason, expected=expected),
    )


@router.post(
    "/amendments/{pk}/period",
    response=writes(ChangeOut),
    openapi_extra=STAGED,
    summary="Change the end of a plan's period",
)
def amend_period(request: Call, pk: Pk, sent: PeriodEnd) -> Any:
    """Let a published plan end on another day, or leave its end open; recurring work follows."""

    def about() -> dict[str, Any]:
        row = _editable(request.user, pk)
        return {"plan": row.plan, "by": request.user, "amendment": row, "period_end": sent.period_end}

    return staged(
        request,
        preview=sent.preview,
        look=lambda: actions.preview_amended_period(**about()),
        act=lambda expected: actions.amend_period(**about(), reason=sent.reason, expected=expected),
    )


def _compare(request: Call, row: PlanAmendment) -> None:
    if seen(request, OPEN if row.is_open else ISSUED) != (OPEN if row.is_open else ISSUED):
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)
    _require_open(row)


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, AmendmentOut, _lines([row])[0], OPEN if row.is_open else ISSUED, status)


def _visible(user: User, pk: int) -> PlanAmendment:
    """Return an amendment of a plan that `user` sees; one that is open only to who runs the plan; else 404."""
    row: PlanAmendment = get_object_or_404(PlanAmendment.objects.select_related("made_by", "issued_by"), pk=pk)
    row.plan = plan_seen(user, row.plan_id)
    require(not row.is_open or may_manage(user, row.plan))
    return row


def _editable(user: User, pk: int) -> PlanAmendment:
    """Return an amendment that may still be worked on."""
    row = _led(user, pk)
    _require_open(row)
    return row


def _led(user: User, pk: int) -> PlanAmendment:
    """Return an amendment of a published plan that `user` runs."""
    row = _visible(user, pk)
    require(may_manage(user, row.plan))
    require_status(row.plan, PlanStatus.PUBLISHED)
    return row


def _require_open(row: PlanAmendment) -> None:
    if not row.is_open:
        raise ActionRefused(_("This amendment is issued already. Open another one for further changes."))


def _solution(plan: Plan, pk: int) -> Solution:
    rows = plan.solutions.select_related("lead_unit", "group__lead_unit")
    found: Solution = get_object_or_404(rows, pk=pk)
    require_in_force(found)
    return found


def _known(plan: Plan, user: User) -> dict[str, Any]:
    return {"plan": plan, "names": UnitNames.below(plan.issuing_unit, clock.today()), "by": user}


def _lines(rows: Sequence[PlanAmendment]) -> list[dict[str, Any]]:
    plain = ("ordinal", "title", "reason", "symbol", "issued_on", "made_at", "issued_at")
    return [
        {
            **facts(row, *plain),
            "plan": row.plan_id,
            "made_by": person_ref(row.made_by),
            "issued_by": person_ref(row.issued_by),
            "page": page_address(row),
        }
        for row in rows
    ]
