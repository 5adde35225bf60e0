"""The life of a plan: drafted, put before a leader, published, closed, opened again, copied into a later year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

from django.db.models import Q
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import (
    KEYED,
    VERSIONED,
    PageQuery,
    done,
    one,
    page,
    page_of,
    reads,
    reads_one,
    writes,
)
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, Reason, plan_ref
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.plans import PlanOut, plan_answer
from doantracker.api.v1.plans import router as plans_router
from doantracker.api.v1.problems import STALE, ProblemError
from doantracker.api.v1.shared import Gone, facts, filled, plan_led, plan_run, plan_seen, require_status
from doantracker.api.v1.types import GREATEST, Day, Id, PersonRef, Pk, Sent, Switch, Text, person_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import closing, plans, sign_offs
from plans.actions.next_year import copy_to_next_year
from plans.enums import OpenWork, PlanKind, PlanStatus, SignState
from plans.forms.life import CloseForm
from plans.gaps import gaps_of
from plans.models import Deadline, Plan, RecordVersion, SignOff
from plans.plan_digest import digest_of
from plans.rights import may_issue_for, may_manage
from plans.sign_offs import may_sign
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.access import get_visible_or_404, require
from units.models import Unit, User
from units.permissions import Permission

router = Router(tags=["plans"])
RELATED: Final = ("plan", "asked_by", "asked_of", "decided_by")


class NewPlan(Sent):
    """A draft to make."""

    issuing_unit: Id
    title: Annotated[Text, Field(min_length=1, max_length=500)]
    kind: PlanKind = PlanKind.OTHER
    period_start: Day | None = None
    period_end: Day | None = None
    skeleton: Switch = Field(default=False, description="Lay out the headings and the usual work of its kind.")


class Publish(Sent):
    """What a draft is published in spite of."""

    despite_gaps: Switch = False
    without_sign_off: Annotated[Text, Field(max_length=500)] = ""


class GapOut(Schema):
    """What is missing in a draft."""

    code: str
    message: str
    record_kind: str
    record: int | None
    blocks: bool = Field(description="Publishing needs `despite_gaps`.")


class Preview(Schema):
    """What publishing would make."""

    deadlines: int
    units: int
    overdue: int
    gaps: list[GapOut]


class Close(Sent):
    """The final report as one of three, and what becomes of open work."""

    document_number: Annotated[Text, Field(max_length=60)] = ""
    document_day: Day | None = None
    link: Annotated[Text, Field(max_length=500)] = ""
    open_work: OpenWork | None = Field(default=None, description="Needed where work is open.")
    reason: Annotated[Text, Field(max_length=500)] = ""


class LaterYear(Sent):
    """For which year a plan is copied."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
    again: Switch = Field(default=False, description="Although there is a copy for this year.")


class SignOffOut(Schema):
    """A draft put before a leader, and what was said. The ETag stands for the records as they are now."""

    id: int
    plan: PlanRef
    state: SignState
    asked_by: PersonRef
    asked_of: PersonRef | None = Field(description="Null: any leader of the issuer.")
    asked_at: dt.datetime
    note: str
    reason: str
    decided_by: PersonRef | None
    decided_at: dt.datetime | None


class SignOffQuery(PageQuery):
    """Which requests for agreement."""

    plan: Annotated[int | None, Field(ge=1, le=GREATEST)] = None
    waiting: Annotated[bool, Field(description="Only what waits for you.")] = False


class Ask(Sent):
    """Before whom a draft is put."""

    asked_of: Id | None = None
    note: Annotated[Text, Field(max_length=500)] = ""


class VersionOut(Schema):
    """What one act changed in a record of a published plan."""

    id: int
    kind: str
    record: int
    label: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    amendment: int | None
    by: PersonRef
    at: dt.datetime


@plans_router.post("/plans", response=writes(PlanOut, 201), openapi_extra=KEYED, summary="Make a draft")
def create(request: Call, sent: NewPlan) -> Any:
    """Make a draft of a unit for which you draft plans, empty or with the usual work of its kind."""

    def run() -> Any:
        issuer = _issuer(request.user, sent.issuing_unit)
        given = sent.model_dump(exclude={"issuing_unit"})
        made = plans.create_plan(issuing_unit=issuer, by=request.user, **given)
        return plan_answer(request, made.pk, 201)

    return once(request, run)


@router.get("/plans/{pk}/publishing", response=reads(Preview), summary="What publishing would make")
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


@router.post("/plans/{pk}/publish", response=writes(PlanOut), openapi_extra=VERSIONED, summary="Publish a draft")
def publish(request: Call, pk: Pk, sent: Publish) -> Any:
    """Publish a draft: every commitment becomes a deadline of each unit that owes it. If-Match: its ETag."""

    def act(plan: Plan) -> object:
        return plans.publish_plan(plan=plan, by=request.user, **sent.model_dump())

    return _act(request, pk, PlanStatus.DRAFT, act)


@router.post("/plans/{pk}/discard", response=writes(Gone), openapi_extra=VERSIONED, summary="Throw a draft plan away")
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
    summary="Close a plan, with the report as a file",
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


@router.post("/plans/{pk}/copy", response=writes(PlanOut, 201), openapi_extra=KEYED, summary="Copy into a later year")
def copy(request: Call, pk: Pk, sent: LaterYear) -> Any:
    """Copy a plan into a later year as a draft."""

    def run() -> Any:
        plan = plan_seen(request.user, pk)
        require(may_issue_for(request.user, plan.issuing_unit) and plan.status != PlanStatus.DRAFT)
        made = copy_to_next_year(plan=plan, by=request.user, year=sent.year, again=sent.again)
        return plan_answer(request, made.pk, 201)

    return once(request, run)


@router.get("/plans/{pk}/versions", response=reads(page_of(VersionOut, "VersionPage")), summary="What was changed")
def version_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what was changed in a published plan, the records you see; with the values before and after."""
    plan = plan_seen(request.user, pk)
    rows = RecordVersion.objects.visible_to(request.user).filter(plan=plan).select_related("by")
    if not may_manage(request.user, plan):
        rows = rows.filter(Q(amendment__isnull=True) | Q(amendment__issued_at__isnull=False))
    return page(request, rows, asked, VersionOut, version_lines)


@router.get("/sign-offs", response=reads(page_of(SignOffOut, "SignOffPage")), summary="Drafts before leaders")
def sign_off_list(request: Call, asked: Query[SignOffQuery]) -> Any:
    """List the drafts put before leaders that you may see."""
    rows = SignOff.objects.waiting_for(request.user) if asked.waiting else SignOff.objects.visible_to(request.user)
    rows = rows.filter(plan=asked.plan) if asked.plan else rows
    return page(request, rows.select_related(*RELATED), asked, SignOffOut, _sign_off_lines)


@router.get("/sign-offs/{pk}", response=reads_one(SignOffOut), summary="One draft before a leader")
def sign_off(request: Call, pk: Pk) -> Any:
    """Show one request for agreement; its ETag says which records were read."""
    return _sign_off(request, pk)


@router.post(
    "/plans/{pk}/sign-offs", response=writes(SignOffOut, 201), openapi_extra=KEYED, summary="Ask a leader to agree"
)
def ask(request: Call, pk: Pk, sent: Ask) -> Any:
    """Put a draft before one leader of its issuer, or before any of them."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.DRAFT)
        people = {person.pk: person for person in sign_offs.people_to_ask(plan, request.user)}
        require(sent.asked_of is None or sent.asked_of in people)
        asked_of = people[sent.asked_of] if sent.asked_of else None
        made = sign_offs.ask_sign_off(plan=plan, by=request.user, asked_of=asked_of, note=sent.note)
        return _sign_off(request, made.pk, 201)

    return once(request, run)


@router.post("/sign-offs/{pk}/agree", response=writes(SignOffOut), openapi_extra=VERSIONED, summary="Agree to a draft")
def agree(request: Call, pk: Pk) -> Any:
    """Agree to a draft as you read it."""
    return _decide(request, pk, lambda row, seen_: sign_offs.sign_off(sign_off=row, by=request.user, seen=seen_))


@router.post(
    "/sign-offs/{pk}/send-back", response=writes(SignOffOut), openapi_extra=VERSIONED, summary="Send a draft back"
)
def send_back(request: Call, pk: Pk, sent: Reason) -> Any:
    """Send a draft back with what has to be changed."""
    return _decide(
        request,
        pk,
        lambda row, seen_: sign_offs.send_back(sign_off=row, by=request.user, seen=seen_, reason=sent.reason),
    )


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


def _decide(request: Call, pk: int, act: Callable[[SignOff, str], object]) -> Any:
    def run() -> Any:
        row = _visible(request.user, pk)
        require(may_sign(request.user, row))
        act(row, seen(request, digest_of(row.plan)))
        return _sign_off(request, pk)

    return once(request, run)


def _visible(user: User, pk: int) -> SignOff:
    rows = SignOff.objects.select_related(*RELATED, "plan__issuing_unit", "plan__coordinating_unit")
    found: SignOff = get_visible_or_404(rows, user, pk)
    return found


def _sign_off(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, SignOffOut, _sign_off_lines([row])[0], digest_of(row.plan), status)


def _sign_off_lines(rows: Sequence[SignOff]) -> list[dict[str, Any]]:
    return [
        {
            **facts(row, "state", "asked_at", "note", "reason", "decided_at"),
            "plan": plan_ref(row.plan),
            "asked_by": person_ref(row.asked_by),
            "asked_of": person_ref(row.asked_of),
            "decided_by": person_ref(row.decided_by),
        }
        for row in rows
    ]
