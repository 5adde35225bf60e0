"""Published commitments: read, changed from an occurrence on, added, compiled; last days moved by the organiser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import VERSIONED, PageQuery, one, page, page_of, reads, reads_one, seen_number, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts, filled, plan_run, plan_seen, require_in_force
from doantracker.api.v1.staging import STAGED, ChangeOut, Staged, staged
from doantracker.api.v1.types import Day, Id, Pk, Sent, Switch, Text, UnitRef, unit_ref
from doantracker.lib import clock
from plans.actions import rescheduling, series
from plans.actions.calendar import FIRST_YEAR, LAST_YEAR
from plans.actions.compiled import compile_into, reports_for
from plans.changes import Change
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
    kind: Kind = Field(description="How it binds work to time.")
    sentence: str = Field(description="What it means, in words.")
    phrase: str = Field(description="The words of the plan.")
    start: dt.date | None = Field(description="The first day of its time.")
    due: dt.date | None = Field(description="The last day of what comes once; of recurring work: of the whole.")
    rule: str = Field(description="RFC 5545, one series a line; empty: it does not recur.")
    lead_time: str = Field(
        description="How long before (-) or after its event, ISO 8601, such as -P10D; empty: on its day."
    )
    event: int | None = Field(description="The id of the event it hangs on.")
    hangs_on: int | None = Field(description="The id of the commitment it hangs on.")
    compiled_into: int | None = Field(description="The commitment whose report this one goes into.")
    owner_units: list[UnitRef] = Field(description="Units named; none and no kind: the unit that leads the solution.")
    owner_kinds: list[str] = Field(description="Codes of kinds of unit: each unit of them below the issuer owes it.")


class CommitmentFacts(Staged):
    """The fields of the page; what is not named stays. `repeat`: `FREQ=MONTHLY` and the like, or `as_read`."""

    kind: Kind | None = None
    repeat: Short = Field(
        default="", description="How often: an RFC 5545 rule such as FREQ=MONTHLY, or as_read for raw_rule."
    )
    weekday: Short = Field(default="", description="MO to SU; empty: the same day each time.")
    month_of: Annotated[
        int | None,
        Field(ge=1, le=6, strict=True, description="The month of the quarter or half-year; null: the last."),
    ] = None
    month_day: Annotated[int | None, Field(ge=1, le=31, strict=True, description="Null: the last day.")] = None
    year_dates: Short = Field(default="", description="Such as 15/6, 20/11; empty: the last day of the year.")
    workday: Switch = Field(default=False, description="On the last working day of the period.")
    repeat_2: Short = Field(default="", description="A second rule beside the first; its fields end in _2.")
    weekday_2: Short = ""
    month_of_2: Annotated[int | None, Field(ge=1, le=6, strict=True)] = None
    month_day_2: Annotated[int | None, Field(ge=1, le=31, strict=True)] = None
    year_dates_2: Short = ""
    workday_2: Switch = False
    without_days: Annotated[
        Text, Field(max_length=1000, description="Days left out, such as 30/04/2026, 01/05/2026.")
    ] = ""
    besides_days: Annotated[Text, Field(max_length=1000, description="Days added, written alike.")] = ""
    raw_rule: Annotated[Text, Field(max_length=2000, description="RFC 5545, with `repeat` = `as_read`.")] = ""
    start: Day | None = None
    due: Day | None = Field(
        default=None, description="The last day of what comes once; of recurring work: of the whole."
    )
    lead_amount: Annotated[
        int | None,
        Field(ge=0, le=999, strict=True, description="How many days, working days, weeks or months from its event."),
    ] = None
    lead_span: Literal["D", "B", "W", "M", ""] = Field(
        default="", description="D days, B working days, W weeks, M months."
    )
    lead_side: Literal["-", "+", ""] = Field(default="", description="- before, + after.")
    anchor: Annotated[Text, Field(max_length=300, description="The event it hangs on, in words.")] = ""
    event: Id | None = Field(default=None, description="The id of an event of the plan.")
    hangs_on: Id | None = Field(default=None, description="The id of another commitment of the plan.")
    chain: Chain | None = Field(default=None, description="What of that commitment dates this one.")
    in_order: Switch = Field(default=False, description="This one can't be reported before that one is done.")
    exception: Annotated[Text, Field(max_length=300, description="What the plan excepts, in words.")] = ""
    owner_units: Annotated[list[Id], Field(max_length=500, description="Ids of units that owe it.")] = Field(
        default_factory=list
    )
    owner_kinds: Annotated[
        list[Short], Field(max_length=50, description="Codes of kinds: each unit of them below the issuer owes it.")
    ] = Field(default_factory=list)
    reason: Reason = Field(description="Why; the units read it.")


class ChangeIn(CommitmentFacts):
    """A change of a commitment; of a recurring one from the occurrence `from_key` on."""

    from_key: Short = Field(
        default="", description="The first occurrence that changes, such as 2026-Q3; needed for recurring work."
    )


class NewCommitment(CommitmentFacts):
    """A commitment to add to a solution."""

    phrase: Annotated[Text, Field(max_length=300, description="The words of the plan.")] = ""


class Move(Staged):
    """A new last day for this occurrence, of one unit or of all that owe it."""

    due_on: Day
    all_units: Switch = Field(default=False, description="Move it for every unit that owes this occurrence.")
    reason: Reason


class DaysOff(Staged):
    """Whether a day off moves to the next working day."""

    moves: Switch = Field(description="Deadlines that fall on days off move to the next working day.")
    reason: Reason


class OffDays(Staged):
    """Why deadlines that fall on days off move."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True, description="Of this year's deadlines.")]
    reason: Reason


class CompiledInto(Sent):
    """Into which report a report goes; null: into none."""

    whole: Id | None


class CompiledOut(Schema):
    """Which report goes into which."""

    commitment: int
    into: int | None


@router.get(
    "/plans/{pk}/commitments",
    response=reads(page_of(CommitmentOut, "CommitmentPage")),
    summary="List the commitments of a plan",
)
def commitment_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the commitments of a plan that is or was followed up."""
    plan = _followed(request.user, pk)
    rows = Schedule.objects.filter(solution__plan=plan).select_related("event", "hangs_on__solution", "solution")
    rows = rows.prefetch_related("owner_units", "owner_kinds")
    return page(request, rows, asked, CommitmentOut, lambda found: _lines(found, plan))


@router.get("/commitments/{pk}", response=reads_one(CommitmentOut), summary="Show a commitment")
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

    def about() -> dict[str, Any]:
        stored = _stored(pk)
        known = _known(_run(request.user, stored.solution.plan_id), request.user)
        values = sent.model_dump(exclude={"preview"}, exclude_unset=True)
        form = filled(lambda data: CommitmentForm(data, instance=_stored(pk), **known), values, partly=True)
        return {"schedule": stored, "by": request.user, **form.facts()}

    def act(expected: str | None) -> Change | None:
        given = about()
        amendment = _amendment(given["schedule"].solution.plan_id)
        return series.change_commitment(**given, reason=sent.reason, expected=expected, amendment=amendment)

    return staged(request, preview=sent.preview, look=lambda: series.preview_commitment(**about()), act=act)


@router.post(
    "/solutions/{pk}/commitments", response=writes(ChangeOut), openapi_extra=STAGED, summary="Add a commitment"
)
def add(request: Call, pk: Pk, sent: NewCommitment) -> Any:
    """Add a commitment to a solution of a published plan: each unit that owes it gets its deadlines."""

    def about() -> dict[str, Any]:
        solution = _solution_run(request.user, pk)
        known = _known(solution.plan, request.user)
        values = sent.model_dump(exclude={"preview"}, exclude_unset=True)
        form = filled(lambda data: CommitmentForm(data, **known), values, partly=True)
        return {"solution": solution, "by": request.user, **form.facts()}

    def act(expected: str | None) -> Change | None:
        given = about()
        amendment = _amendment(given["solution"].plan_id)
        return series.add_commitment(**given, reason=sent.reason, expected=expected, amendment=amendment)

    return staged(request, preview=sent.preview, look=lambda: series.preview_added(**about()), act=act)


@router.post(
    "/deadlines/{pk}/move", response=writes(ChangeOut), openapi_extra=STAGED, summary="Move the last day of a deadline"
)
def move(request: Call, pk: Pk, sent: Move) -> Any:
    """Give an occurrence another last day, as who runs the plan."""

    def about() -> dict[str, Any]:
        row = visible(request.user, pk)
        _run(request.user, row.plan_id)
        return {"deadline": row, "by": request.user, **sent.model_dump(include={"due_on", "all_units"})}

    def act(expected: str | None) -> Change | None:
        given = about()
        amendment = _amendment(given["deadline"].plan_id)
        return rescheduling.reschedule(**given, reason=sent.reason, expected=expected, amendment=amendment)

    return staged(request, preview=sent.preview, look=lambda: rescheduling.preview_reschedule(**about()), act=act)


@router.post(
    "/plans/{pk}/days-off",
    response=writes(ChangeOut),
    openapi_extra=STAGED,
    summary="Say whether days off move the work of a plan",
)
def days_off(request: Call, pk: Pk, sent: DaysOff) -> Any:
    """Say of a published plan whether a day off moves to the next working day; its open deadlines follow."""

    def about() -> dict[str, Any]:
        return {"plan": _run(request.user, pk), "by": request.user, "moves": sent.moves}

    return staged(
        request,
        preview=sent.preview,
        look=lambda: rescheduling.preview_days_off_move(**about()),
        act=lambda expected: rescheduling.set_days_off_move(**about(), reason=sent.reason, expected=expected),
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


@router.post(
    "/commitments/{pk}/compiled-into",
    response=writes(CompiledOut),
    openapi_extra=VERSIONED,
    summary="Say into which report a report goes",
)
def compiled_into(request: Call, pk: Pk, sent: CompiledInto) -> Any:
    """Say into which report of this plan or one above a report goes. If-Match: the report it goes into now, or 0."""

    def run() -> Any:
        rows = Schedule.objects.select_related("solution__plan__issuing_unit", "compiled_into")
        part: Schedule = get_object_or_404(rows, pk=pk)
        plan_run(request.user, part.solution.plan_id, PlanStatus.PUBLISHED)
        whole = named(reports_for(part), sent.whole, "whole") if sent.whole else None
        was = seen_number(request, part.compiled_into_id or 0)
        made = compile_into(part=part, whole=whole, by=request.user, seen=was or None)
        return one(
            request, CompiledOut, {"commitment": made.pk, "into": made.compiled_into_id}, made.compiled_into_id or 0
        )

    return once(request, run)


def _solution_run(user: User, pk: int) -> Solution:
    """Return a solution in force of a published plan that `user` runs; 404 where another runs it."""
    found: Solution = get_object_or_404(Solution, pk=pk)
    found.plan = _run(user, found.plan_id)
    require_in_force(found)
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


def _amendment(plan: int) -> PlanAmendment | None:
    """Return the amendment of a plan that is open: what is changed now becomes part of it."""
    found: PlanAmendment | None = PlanAmendment.objects.filter(plan=plan, issued_at__isnull=True).first()
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
