"""The caller's own notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, PageQuery, done, page, page_of, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.types import Id, Sent
from plans.actions.notices import mark_read
from plans.enums import NoticeKind
from plans.models import Notice

router = Router(tags=["notices"])
MOST_IDS = 500


class NoticeOut(Schema):
    """One thing you were told about one deadline."""

    id: int
    kind: NoticeKind
    deadline: int = Field(description="The deadline it is about.")
    day: dt.date = Field(description="The day for which it was written: one of a kind a day and deadline.")
    created_at: dt.datetime
    read_at: dt.datetime | None = Field(description="When you opened it; null: not yet.")


class NoticeQuery(PageQuery):
    """Which notices."""

    unread: Annotated[bool, Field(description="Only those you have not opened.")] = False


class Read(Sent):
    """Which notices you have read."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_IDS)]


class Marked(Schema):
    """How many were new."""

    marked: int = Field(description="How many of them you had not opened before.")


@router.get("/notices", response=reads(page_of(NoticeOut, "NoticePage")), summary="My notices")
def notice_list(request: Call, asked: Query[NoticeQuery]) -> Any:
    """List what you were told about deadlines you still see."""
    rows = Notice.objects.visible_to(request.user)
    return page(request, rows.unread() if asked.unread else rows, asked, NoticeOut, _lines)


@router.post("/notices/read", response=writes(Marked), openapi_extra=KEYED, summary="Mark notices as read")
def read(request: Call, sent: Read) -> Any:
    """Mark notices of yours as read; ids of others are passed over."""
    rows = Notice.objects.visible_to(request.user).filter(pk__in=sent.ids)
    return once(request, lambda: done({"marked": mark_read(by=request.user, rows=rows)}, Marked))


def _lines(rows: Sequence[Notice]) -> list[dict[str, Any]]:
    plain = ("kind", "day", "created_at", "read_at")
    return [
        {"id": row.pk, "deadline": row.deadline_id, **{name: getattr(row, name) for name in plain}} for row in rows
    ]
