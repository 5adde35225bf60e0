"""Objections of units to their points."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import AskedId, SomeWords, acted, creates, lists, plain_of
from doantracker.api.v1.answers import PageQuery, done, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.emulation_sheets import Mark
from doantracker.api.v1.types import Pk, Sent, UnitRef, unit_ref
from reviews.actions import emulation
from reviews.models import EmulationDispute
from reviews.rights import may_score
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["periodic reports and emulation"])
RELATED: Final = ("score__unit", "score__criterion__sheet__unit")


class ObjectionOut(Schema):
    """An objection of a unit to its points."""

    id: int
    sheet: int
    criterion: int
    unit: UnitRef
    text: str
    raised_at: dt.datetime
    points: Decimal | None = Field(description="What stands after it; null: the figure stayed, or it is not settled.")
    reason: str = Field(description="Why it was settled so.")
    settled_at: dt.datetime | None = Field(description="Null: it waits.")


class ObjectionQuery(PageQuery):
    """Which objections."""

    sheet: AskedId = None
    open: Annotated[bool, Field(description="Only those not settled.")] = False


class ObjectionSettled(Sent):
    """The points that stand from now on, null: the figure stays; and why."""

    points: Mark | None = None
    reason: SomeWords


@lists(router, "/emulation-objections", ObjectionOut, "ObjectionPage", "List objections to points")
def dispute_list(request: Call, asked: Query[ObjectionQuery]) -> Any:
    """List the objections of the units you see."""
    rows = EmulationDispute.objects.visible_to(request.user).select_related(*RELATED)
    rows = rows.filter(score__criterion__sheet=asked.sheet) if asked.sheet else rows
    rows = rows.filter(settled_at__isnull=True) if asked.open else rows
    return page(request, rows, asked, ObjectionOut, lambda found: [_line(row) for row in found])


@creates(router, "/emulation-objections/{pk}/settle", ObjectionOut, "Settle an objection to points", 200)
def settle_dispute(request: Call, pk: Pk, sent: ObjectionSettled) -> Any:
    """Settle an objection by hand, once, with a reason; never by who raised it."""

    def act() -> None:
        row = _visible(request.user, pk)
        require(may_score(request.user, row.score.criterion.sheet))
        emulation.settle_dispute(dispute=row, points=sent.points, reason=sent.reason, by=request.user)

    return acted(request, act, lambda: done(_line(_visible(request.user, pk)), ObjectionOut))


def _visible(user: User, pk: int) -> EmulationDispute:
    found: EmulationDispute = get_visible_or_404(EmulationDispute.objects.select_related(*RELATED), user, pk)
    return found


def _line(row: EmulationDispute) -> dict[str, Any]:
    plain = ("text", "raised_at", "points", "reason", "settled_at")
    criterion = row.score.criterion
    own = {"sheet": criterion.sheet_id, "criterion": criterion.pk, "unit": unit_ref(row.score.unit)}
    return plain_of(row, plain) | own
