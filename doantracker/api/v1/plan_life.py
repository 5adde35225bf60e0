"""The life of a plan: drafted, published, closed, opened again, copied into a later year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from django.db.models import Q
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, done, page, page_of, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import Reason
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.plans import PlanOut, plan_answer
from doantracker.api.v1.plans import router as plans_router
from doantracker.api.v1.problems import STALE, ProblemError
from doantracker.api.v1.shared import Gone, facts, filled, plan_led, plan_run, plan_seen, require_status
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, person_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import closing, plans
from plans.actions.next_year import copy_to_next_year
from plans.enums import OpenWork, PlanKind, PlanStatus
from plans.forms.life import CloseForm
from plans.gaps import gaps_of
from plans.models import Deadline, Plan, RecordVersion
from plans.rights import may_issue_for, may_manage
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.access import require
from units.models import Unit, User
from units.permissions import Permission

router = Router(tags=["plans"])


class NewPlan(Sent):
    """A draft to make."""

    issuing_unit: Id = Field(description="The id of a unit for which you draft plans.")
    title: Annotated[Text, Field(min_length=1, max_length=500)]
    kind: PlanKind = PlanKind.OTHER
    period_start: Day | None = None
    period_end: Day | None = Field(default=None, description="Null: open end.")
    skeleton: Switch = Field(default=False, description="Lay out the headings and the usual work of its kind.")


class Publish(Sent):
    """What a draft is published in spite of."""

    despite_gaps: Switch = Field(default=False, description="Publish it although something is missing.")
    without_sign_off: Annotated[
        Text, Field(max_length=500, description="Why it is published without the agreement that was asked for.")
    ] = ""


class GapOut(Schema):
    """What is missing in a draft."""

    code: str = Field(description="The kind of gap, such as no_lead.")
    message: str = Field(description="What is missing and what to do, for people.")
    record_kind: str = Field(description="The kind of the record it is about, such as solution.")
    record: int | None = Field(description="Its id.")
    blocks: bool = Field(description="Publishing needs `despite_gaps`.")


class Preview(Schema):
    """What publishing would make."""

    deadlines: int = Field(description="How many it would make.")
    units: int = Field(description="How many units would owe them.")
    overdue: int = Field(description="How many would be overdue at once.")
    gaps: list[GapOut]


class Close(Sent):
    """The final report as one of three, and what becomes of open work."""

    document_number: Annotated[Text, Field(max_length=60, description="Number and symbol of the final report.")] = ""
    document_day: Day | None = Field(default=None, description="The day of that document.")
    link: Annotated[Text, Field(max_length=500, description="Where the final report is found.")] = ""
    open_work: OpenWork | None = Field(default=None, description="Needed where work is open.")
    reason: Annotated[Text, Field(max_length=500, description="Why open work is called off.")] = ""


class LaterYear(Sent):
    """For which year a plan is copied."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
    again: Switch = Field(default=False, description="Although there is a copy for this year.")


class VersionOut(Schema):
    """What one act changed in a record of a published plan."""

    id: int
    kind: str = Field(description="The kind of the record, such as solution.")
    record: int = Field(description="Its id.")
    label: str = Field(description="Its name, for people.")
    before: dict[str, Any] = Field(description="Values before, by their names; none: it was added.")
    after: dict[str, Any] = Field(description="Values after; none: it was dropped.")
    reason: str
    amendment: int | None = Field(description="The amendment under which it was changed.")
    by: PersonRef
    at: dt.datetime


@plans_router.post("/plans", response=writes(PlanOut, 201), openapi_extra=KEYED, summary="Make a draft of a plan")
def create(request: Call, sent: NewPlan) -> Any:
    """Make a draft of a unit for which you draft plans, empty or with the usual work of its kind."""

    def run() -> Any:
        issuer = _issuer(request.user, sent.issuing_unit)
        given = sent.model_dump(exclude={"issuing_unit"})
        made = plans.create_plan(issuing_unit=issuer, by=request.user, **given)
        return plan_answer(request, made.pk, 201)

    return once(request, run)


@router.get("/plans/{pk}/publishing", response=reads(Preview), summary="Tell what publishing a draft would make")
def publishing(request: Call, pk: Pk) -> Any:
    """Tell what publishing a draft would make, and what is missing in it."""
    plan = plan_run(request.user, pk, PlanStatus.DRAFT)
    made = plans.preview_publishing(plan=plan)
    gaps = [
        {
            "code": gap.code,
            "message": str(gap.message),
            "record_kind": gap.record_kind,
            "record": gap.record_id,
            "blocks": gap.blocks,
        }
        for gap in gaps_of(plan, request.user)
    ]
    return done({"deadlines": made.deadlines, "units": made.units, "overdue": made.overdue, "gaps": gaps}, Preview)


@router.post(
    "/plans/{pk}/publish", response=writes(PlanOut), openapi_extra=VERSIONED, summary="Publish the draft of a plan"
)
def publish(request: Call, pk: Pk, sent: Publish) -> Any:
    """Publish a draft: every commitment becomes a deadline of each unit that owes it. If-Match: its ETag."""

    def act(plan: Plan) -> object:
        return plans.publish_plan(plan=plan, by=request.user, **sent.model_dump())

    return _act(request, pk, PlanStatus.DRAFT, act)


@router.post(
    "/plans/{pk}/discard", response=writes(Gone), openapi_extra=VERSIONED, summary="Throw the draft of a plan away"
)
def discard(request: Call, pk: Pk) -> Any:
    """Throw a draft away with its records and its file."""

    def run() -> Any:
        plan = plan_led(request.user, pk)
        _compare(request, plan)
        require_status(plan, PlanStatus.DRAFT)
        plans.discard_plan(plan=plan, by=request.user)
        return done({"gone": pk}, Gone)

    return once(request, run)


@router.post("/plans/{pk}/close", response=writes(PlanOut), openapi_extra=VERSIONED, summary="Close a plan")
def close(request: Call, pk: Pk, sent: Close) -> Any:
    """Close a published plan with its final report: nothing more is reminded, its history stays."""

    return _act(request, pk, PlanStatus.PUBLISHED, lambda plan: _close(request.user, plan, sent, None))


@router.post(
    "/plans/{pk}/close-file",
    response=writes(PlanOut),
    openapi_extra=VERSIONED,
    summary="Close a plan, with its report as a file",
)
def close_with_file(request: Call, pk: Pk, sent: Form[Close], file: File[UploadedFile]) -> Any:
    """Close a published plan with its final report as a file, as multipart/form-data."""
    return _act(request, pk, PlanStatus.PUBLISHED, lambda plan: _close(request.user, plan, sent, file))


@router.post("/plans/{pk}/reopen", response=writes(PlanOut), openapi_extra=VERSIONED, summary="Open a plan again")
def reopen(request: Call, pk: Pk, sent: Reason) -> Any:
    """Open a closed plan again: it is followed up as before."""
    return _act(
        request,
        pk,
        PlanStatus.CLOSED,
        lambda plan: closing.reopen_plan(plan=plan, by=request.user, reason=sent.reason),
    )


@router.post(
    "/plans/{pk}/copy", response=writes(PlanOut, 201), openapi_extra=KEYED, summary="Copy a plan into a later year"
)
def copy(request: Call, pk: Pk, sent: LaterYear) -> Any:
    """Copy a plan into a later year as a draft."""

    def run() -> Any:
        plan = plan_seen(request.user, pk)
        require(may_issue_for(request.user, plan.issuing_unit))
        made = copy_to_next_year(plan=plan, by=request.user, year=sent.year, again=sent.again)
        return plan_answer(request, made.pk, 201)

    return once(request, run)


@router.get(
    "/plans/{pk}/versions",
    response=reads(page_of(VersionOut, "VersionPage")),
    summary="List what was changed in a published plan",
)
def version_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what was changed in a published plan, the records you see; with the values before and after."""
    plan = plan_seen(request.user, pk)
    rows = RecordVersion.objects.visible_to(request.user).filter(plan=plan).select_related("by")
    if not may_manage(request.user, plan):
        rows = rows.filter(Q(amendment__isnull=True) | Q(amendment__issued_at__isnull=False))
    return page(request, rows, asked, VersionOut, version_lines)


def version_lines(rows: Sequence[RecordVersion]) -> list[dict[str, Any]]:
    """Return versions as told."""
    return [
        {
            **facts(row, "kind", "label", "before", "after", "reason", "at"),
            "record": row.record_id,
            "amendment": row.amendment_id,
            "by": person_ref(row.by),
        }
        for row in rows
    ]


def _close(user: User, plan: Plan, sent: Close, file: UploadedFile | None) -> None:
    """Close a plan; what is said about open work counts only where there is some, as on the page."""
    undone = Deadline.objects.filter(plan=plan, status__in=closing.UNDONE).count()
    given = sent.model_dump() if undone else sent.model_dump(exclude={"open_work", "reason"})
    files: Any = {"upload": file} if file else None
    form = filled(lambda data: CloseForm(data, files, undone=undone), {n: v for n, v in given.items() if v})
    choices = {name: form.cleaned_data.get(name, "") for name in ("open_work", "reason")}
    closing.close_plan(plan=plan, by=user, report=form.report(), **choices)


def _issuer(user: User, pk: int) -> Unit:
    units = Unit.objects.visible_to(user, Permission.MANAGE_PLANS).in_force(clock.today())
    found: Unit | None = units.filter(pk=pk).first()
    require(found is not None)
    assert found is not None  # noqa: S101  # for the type checker
    return found


def _compare(request: Call, plan: Plan) -> None:
    """Refuse when the plan has another status than the caller saw."""
    if seen(request, plan.status) != plan.status:
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)


def _act(request: Call, pk: int, status: PlanStatus, act: Callable[[Plan], object]) -> Any:
    def run() -> Any:
        plan = plan_led(request.user, pk)
        _compare(request, plan)
        require_status(plan, status)
        act(plan)
        return plan_answer(request, pk)

    return once(request, run)
