"""Published commitments: read, changed from an occurrence on, added; and last days moved by the organiser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.shared import facts, filled, plan_run, plan_seen
from doantracker.api.v1.staging import STAGED, ChangeOut, Staged, staged
from doantracker.api.v1.types import Day, Id, Pk, Switch, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.actions import rescheduling, series
from plans.actions.calendar import FIRST_YEAR, LAST_YEAR
from plans.enums import Chain, Kind, PlanStatus
from plans.forms.series import CommitmentForm
from plans.models import Plan, PlanAmendment, Schedule, Solution
from plans.record_values import fingerprint
from plans.resolving import UnitNames
from plans.sentences import understood
from units.access import require
from units.models import User
from units.permissions import Permission

router = Router(tags=["commitments"])
RELATED = ("solution__plan__issuing_unit", "solution__lead_unit", "solution__group__lead_unit")
Short = Annotated[Text, Field(max_length=60)]
Reason = Annotated[Text, Field(min_length=1, max_length=500)]


class CommitmentOut(Schema):
    """What is owed for a solution, by when or how often, and by whom."""

    id: int
    solution: int
    kind: Kind
    sentence: str = Field(description="What it means, in words.")
    phrase: str
    start: dt.date | None
    due: dt.date | None
    rule: str = Field(description="RFC 5545, one series a line; empty: it does not recur.")
    lead_time: str
    event: int | None
    hangs_on: int | None
    compiled_into: int | None
    owner_units: list[UnitRef]
    owner_kinds: list[str]


class CommitmentFacts(Staged):
    """The fields of the page; what is not named stays. `repeat`: `FREQ=MONTHLY` and the like, or `as_read`."""

    kind: Kind | None = None
    repeat: Short = ""
    weekday: Short = ""
    month_of: Annotated[int | None, Field(ge=1, le=6, strict=True)] = None
    month_day: Annotated[int | None, Field(ge=1, le=31, strict=True)] = None
    year_dates: Short = ""
    workday: Switch = False
    raw_rule: Annotated[Text, Field(max_length=2000, description="RFC 5545, with `repeat` = `as_read`.")] = ""
    start: Day | None = None
    due: Day | None = None
    lead_amount: Annotated[int | None, Field(ge=0, le=999, strict=True)] = None
    lead_span: Literal["D", "B", "W", "M", ""] = ""
    lead_side: Literal["-", "+", ""] = ""
    anchor: Annotated[Text, Field(max_length=300)] = ""
    event: Id | None = None
    hangs_on: Id | None = None
    chain: Chain | None = None
    in_order: Switch = False
    exception: Annotated[Text, Field(max_length=300)] = ""
    owner_units: Annotated[list[Id], Field(max_length=500)] = Field(default_factory=list)
    owner_kinds: Annotated[list[Short], Field(max_length=50)] = Field(default_factory=list)
    reason: Reason


class ChangeIn(CommitmentFacts):
    """A change of a commitment; of a recurring one from the occurrence `from_key` on."""

    from_key: Short = ""


class NewCommitment(CommitmentFacts):
    """A commitment to add to a solution."""

    phrase: Annotated[Text, Field(max_length=300)] = ""


class Move(Staged):
    """A new last day for this occurrence, of one unit or of all that owe it."""

    due_on: Day
    all_units: Switch = False
    reason: Reason


class DaysOff(Staged):
    """Whether a day off moves to the next working day."""

    moves: Switch
    reason: Reason


class OffDays(Staged):
    """Why deadlines that fall on days off move."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
    reason: Reason


@router.get(
    "/plans/{pk}/commitments",
    response=reads(page_of(CommitmentOut, "CommitmentPage")),
    summary="Commitments of a plan",
)
def commitment_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the commitments of a plan that is or was followed up."""
    plan = _followed(request.user, pk)
    rows = Schedule.objects.filter(solution__plan=plan).select_related("event", "hangs_on__solution", "solution")
    rows = rows.prefetch_related("owner_units", "owner_kinds")
    return page(request, rows, asked, CommitmentOut, lambda found: _lines(found, plan))


@router.get("/commitments/{pk}", response=reads_one(CommitmentOut), summary="One commitment")
def commitment(request: Call, pk: Pk) -> Any:
    """Show one commitment."""
    row = _stored(pk)
    plan = _followed(request.user, row.solution.plan_id)
    return one(request, CommitmentOut, _lines([row], plan)[0], fingerprint(row))


@router.post(
    "/commitments/{pk}/change", response=writes(ChangeOut), openapi_extra=STAGED, summary="Change a commitment"
)
def change(request: Call, pk: Pk, sent: ChangeIn) -> Any:
    """Change a commitment of a published plan: this and later occurrences, or as a whole what comes once."""
    stored = _stored(pk)
    plan = _run(request.user, stored.solution.plan_id)
    known = _known(plan, request.user)
    values = sent.model_dump(exclude={"preview"}, exclude_unset=True)
    form = filled(lambda data: CommitmentForm(data, instance=_stored(pk), **known), values, partly=True)
    about: dict[str, Any] = {"schedule": stored, "by": request.user, **form.facts()}
    return staged(
        request,
        preview=sent.preview,
        look=lambda: series.preview_commitment(**about),
        act=lambda expected: series.change_commitment(
            **about, reason=sent.reason, expected=expected, amendment=_amendment(plan)
        ),
    )


@router.post(
    "/solutions/{pk}/commitments", response=writes(ChangeOut), openapi_extra=STAGED, summary="Add a commitment"
)
def add(request: Call, pk: Pk, sent: NewCommitment) -> Any:
    """Add a commitment to a solution of a published plan: each unit that owes it gets its deadlines."""
    solution = solution_run(request.user, pk)
    plan, known = solution.plan, _known(solution.plan, request.user)
    values = sent.model_dump(exclude={"preview"}, exclude_unset=True)
    form = filled(lambda data: CommitmentForm(data, **known), values, partly=True)
    about: dict[str, Any] = {"solution": solution, "by": request.user, **form.facts()}
    return staged(
        request,
        preview=sent.preview,
        look=lambda: series.preview_added(**about),
        act=lambda expected: series.add_commitment(
            **about, reason=sent.reason, expected=expected, amendment=_amendment(plan)
        ),
    )


@router.post("/deadlines/{pk}/move", response=writes(ChangeOut), openapi_extra=STAGED, summary="Move the last day")
def move(request: Call, pk: Pk, sent: Move) -> Any:
    """Give an occurrence another last day, as who runs the plan."""
    row = visible(request.user, pk)
    plan = _run(request.user, row.plan_id)
    about: dict[str, Any] = {"deadline": row, "by": request.user, **sent.model_dump(include={"due_on", "all_units"})}
    return staged(
        request,
        preview=sent.preview,
        look=lambda: rescheduling.preview_reschedule(**about),
        act=lambda expected: rescheduling.reschedule(
            **about, reason=sent.reason, expected=expected, amendment=_amendment(plan)
        ),
    )


@router.post(
    "/plans/{pk}/days-off", response=writes(ChangeOut), openapi_extra=STAGED, summary="Whether days off move work"
)
def days_off(request: Call, pk: Pk, sent: DaysOff) -> Any:
    """Say of a published plan whether a day off moves to the next working day; its open deadlines follow."""
    about: dict[str, Any] = {"plan": _run(request.user, pk), "by": request.user, "moves": sent.moves}
    return staged(
        request,
        preview=sent.preview,
        look=lambda: rescheduling.preview_days_off_move(**about),
        act=lambda expected: rescheduling.set_days_off_move(**about, reason=sent.reason, expected=expected),
    )


@router.post(
    "/working-days/deadlines", response=writes(ChangeOut), openapi_extra=STAGED, summary="Move work off days off"
)
def off_days(request: Call, sent: OffDays) -> Any:
    """Move the open deadlines of your plans that fall on a day off by now to the next working day."""
    require(request.user.may(Permission.MANAGE_PLANS))
    about: dict[str, Any] = {"by": request.user, "year": sent.year}
    return staged(
        request,
        preview=sent.preview,
        look=lambda: rescheduling.preview_off_days(**about),
        act=lambda expected: rescheduling.move_off_days(**about, reason=sent.reason, expected=expected),
    )


def solution_run(user: User, pk: int) -> Solution:
    """Return a solution in force of a published plan that `user` runs; else 404."""
    found: Solution = get_object_or_404(Solution.objects.filter(dropped_at__isnull=True), pk=pk)
    found.plan = _run(user, found.plan_id)
    return found


def _run(user: User, pk: int) -> Plan:
    return plan_run(user, pk, PlanStatus.PUBLISHED)


def _followed(user: User, pk: int) -> Plan:
    plan = plan_seen(user, pk)
    require(plan.status != PlanStatus.DRAFT)
    return plan


def _stored(pk: int) -> Schedule:
    rows = Schedule.objects.select_related(*RELATED, "event", "hangs_on__solution")
    found: Schedule = get_object_or_404(rows.prefetch_related("owner_units", "owner_kinds"), pk=pk)
    return found


def _known(plan: Plan, user: User) -> dict[str, Any]:
    today = clock.today()
    return {"plan": plan, "names": UnitNames.below(plan.issuing_unit, today), "by": user, "today": today}


def _amendment(plan: Plan) -> PlanAmendment | None:
    """Return the amendment that is open: what is changed now becomes part of it."""
    found: PlanAmendment | None = plan.amendments.filter(issued_at__isnull=True).first()
    return found


def _lines(rows: Sequence[Schedule], plan: Plan) -> list[dict[str, Any]]:
    plain = ("kind", "phrase", "start", "due", "rule", "lead_time")
    return [
        {
            **facts(row, *plain),
            "solution": row.solution_id,
            "sentence": str(understood(row, days_off_move=plan.days_off_move)),
            "event": row.event_id,
            "hangs_on": row.hangs_on_id,
            "compiled_into": row.compiled_into_id,
            "owner_units": [unit_ref(unit) for unit in row.owner_units.all()],
            "owner_kinds": [kind.code for kind in row.owner_kinds.all()],
        }
        for row in rows
    ]
