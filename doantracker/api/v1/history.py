"""The log of a plan and of a deadline, as their pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, page, page_of, reads
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import visible
from doantracker.api.v1.shared import facts, plan_seen
from doantracker.api.v1.types import PersonRef, Pk, person_ref
from plans.models import Shortcoming
from plans.standing import standing_plans
from units.models import AuditEvent

router = Router(tags=["history"])


class ActOut(Schema):
    """One act, as the log tells it."""

    id: int
    at: dt.datetime
    actor: PersonRef | None = Field(description="Who did it; null: the system itself.")
    action: str = Field(description="The act, for programs.")
    words: str = Field(description="The act in words, in the language asked for.")
    object_type: str = Field(description="What kind of record it was done to.")
    object: int | None = Field(description="The id of that record.")
    label: str = Field(description="The record in words, as it was called then.")
    plan: int | None = Field(description="The plan it belongs to.")
    unit: int | None = Field(description="The unit it concerns.")
    data: dict[str, Any] = Field(description="What else the log kept: values before and after, the token used.")


@router.get(
    "/plans/{pk}/history", response=reads(page_of(ActOut, "PlanHistoryPage")), summary="What was done in a plan"
)
def plan_history(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the acts in a plan that you may know of, the oldest first; none on shortcomings you may not read."""
    plan = plan_seen(request.user, pk)
    seen = Shortcoming.objects.visible_to(request.user).order_by().values("pk")
    hidden = plan.shortcomings.exclude(pk__in=seen).order_by().values("pk")
    log = AuditEvent.objects.visible_to(request.user, plans=standing_plans(request.user)).filter(plan_id=plan.pk)
    rows = log.select_related("actor").exclude(object_type="shortcoming", object_id__in=hidden)
    return page(request, rows, asked, ActOut, _act_lines)


@router.get(
    "/deadlines/{pk}/history",
    response=reads(page_of(ActOut, "DeadlineHistoryPage")),
    summary="What was done about a deadline",
)
def deadline_history(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the acts on a deadline that you may know of, the oldest first."""
    row = visible(request.user, pk)
    log = AuditEvent.objects.visible_to(request.user, plans=standing_plans(request.user))
    rows = log.filter(object_type="deadline", object_id=row.pk).select_related("actor")
    return page(request, rows, asked, ActOut, _act_lines)


def _act_lines(rows: Sequence[AuditEvent]) -> list[dict[str, Any]]:
    return [
        {
            **facts(row, "at", "action", "object_type", "data"),
            "actor": person_ref(row.actor),
            "words": row.get_action_display(),
            "object": row.object_id,
            "label": row.object_label,
            "plan": row.plan_id,
            "unit": row.unit_id,
        }
        for row in rows
    ]
