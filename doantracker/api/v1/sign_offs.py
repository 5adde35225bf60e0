"""Drafts put before a leader, who agrees or sends them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, Reason, plan_ref
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import facts, plan_run
from doantracker.api.v1.types import GREATEST, Id, PersonRef, Pk, Sent, Text, person_ref
from doantracker.api.v1.versions import seen
from plans.actions import sign_offs
from plans.enums import PlanStatus, SignState
from plans.errors import ActionRefused
from plans.models import SignOff
from plans.plan_digest import digest_of
from plans.sign_offs import may_sign
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["plans"])
RELATED: Final = ("plan", "asked_by", "asked_of", "decided_by")


class SignOffOut(Schema):
    """A draft put before a leader, and what was said. The ETag stands for the records as they are now."""

    id: int
    plan: PlanRef
    state: SignState
    asked_by: PersonRef
    asked_of: PersonRef | None = Field(description="Null: any leader of the issuer.")
    asked_at: dt.datetime
    note: str = Field(description="What was said with the request.")
    reason: str = Field(description="What has to be changed; of a draft sent back.")
    decided_by: PersonRef | None
    decided_at: dt.datetime | None


class SignOffQuery(PageQuery):
    """Which requests for agreement."""

    plan: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a plan.")] = None
    waiting: Annotated[bool, Field(description="Only what waits for you.")] = False


class Ask(Sent):
    """Before whom a draft is put."""

    asked_of: Id | None = Field(default=None, description="The id of a leader of the issuer; null: any of them.")
    note: Annotated[Text, Field(max_length=500)] = ""


@router.get("/sign-offs", response=reads(page_of(SignOffOut, "SignOffPage")), summary="List drafts put before leaders")
def sign_off_list(request: Call, asked: Query[SignOffQuery]) -> Any:
    """List the drafts put before leaders that you may see."""
    rows = SignOff.objects.waiting_for(request.user) if asked.waiting else SignOff.objects.visible_to(request.user)
    rows = rows.filter(plan=asked.plan) if asked.plan else rows
    return page(request, rows.select_related(*RELATED), asked, SignOffOut, _sign_off_lines)


@router.get("/sign-offs/{pk}", response=reads_one(SignOffOut), summary="Show a draft put before a leader")
def sign_off(request: Call, pk: Pk) -> Any:
    """Show one request for agreement; its ETag says which records were read."""
    return _sign_off(request, pk)


@router.post(
    "/plans/{pk}/sign-offs",
    response=writes(SignOffOut, 201),
    openapi_extra=KEYED,
    summary="Put a draft before a leader",
)
def ask(request: Call, pk: Pk, sent: Ask) -> Any:
    """Put a draft before one leader of its issuer, or before any of them."""

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.DRAFT)
        people = {person.pk: person for person in sign_offs.people_to_ask(plan, request.user)}
        if sent.asked_of is not None and sent.asked_of not in people:
            raise ActionRefused(_("This person does not lead the issuing unit today. Choose another one."))
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
