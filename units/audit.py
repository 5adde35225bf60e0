"""Writing to the audit log, and proving that nobody changed it."""

from __future__ import annotations

import contextvars
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, models, transaction

from doantracker.lib import clock
from units.access import HeldPost
from units.models.audit import AuditAction, AuditEvent
from units.models.person import User
from units.models.unit import Unit
from units.permissions import Permission

CHAIN_LOCK = 7_201_001  # PostgreSQL advisory lock: the chain grows by one row at a time
GENESIS = "0" * 64
#: What a person does for themselves, whatever posts they hold.
OWN_ACTS = frozenset(
    {
        AuditAction.LOGGED_IN,
        AuditAction.LOGGED_OUT,
        AuditAction.PASSWORD_CHANGED,
        AuditAction.DOWNLOADED,
        AuditAction.SELF_SCORED,
        AuditAction.COLLEAGUE_OPINION,
    }
)
#: Rights to change something: who has one of them by an own post acts with it.
ACTING = (Permission.CONFIGURE, Permission.MANAGE_PLANS, Permission.CONFIRM, Permission.REPORT)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from. `token`: the key of the API token that a program used, 0: none."""

    address: str | None = None
    request_id: str = ""
    token: int = 0


origin: contextvars.ContextVar[Origin] = contextvars.ContextVar("origin", default=Origin())  # noqa: B039  # frozen

_waiting: contextvars.ContextVar[list[Entry] | None] = contextvars.ContextVar("waiting", default=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act to be logged. `data` is JSON: for a change {"field": [before, after]}."""

    action: AuditAction
    by: User | None
    obj: models.Model | None = None
    label: str = ""
    plan_id: int | None = None
    unit_id: int | None = None
    data: dict[str, Any] | None = None
    acting_for: HeldPost | None = None  # None: told from the posts of `by`


def record(
    action: AuditAction,
    *,
    by: User | None,
    obj: models.Model | None = None,
    label: str = "",
    plan_id: int | None = None,
    unit_id: int | None = None,
    data: dict[str, Any] | None = None,
    acting_for: HeldPost | None = None,
) -> None:
    """Append one act; call it last in the action's transaction, since it holds the chain until the commit.

    Whoever acts with a post in which they stand in is named together with the absent person (`acting_for`).
    """
    record_many([Entry(action, by, obj, label, plan_id, unit_id, data, acting_for)])


def record_many(entries: Iterable[Entry]) -> None:
    """Append acts in order, in the caller's transaction."""
    entries = list(entries)
    if not entries:
        return
    if (waiting := _waiting.get()) is not None:
        waiting += [replace(entry, label=entry.label or (str(entry.obj) if entry.obj else "")) for entry in entries]
        return
    with transaction.atomic():
        _lock_chain()
        previous = AuditEvent.objects.order_by("-pk").values_list("hash", flat=True).first() or GENESIS
        rows = []
        for entry in entries:
            row = _row(entry, previous)
            previous = row.hash
            rows.append(row)
        AuditEvent.objects.bulk_create(rows)


@contextmanager
def gathered() -> Iterator[None]:
    """Write the acts logged inside in one go at the end, in their order and in the caller's transaction.

    For an act made of thousands of others: it holds the chain for a moment, not for all of its time.
    """
    token = _waiting.set([])
    try:
        yield
        entries = _waiting.get()
    finally:
        _waiting.reset(token)
    record_many(entries or ())


def broken_links(rows: Iterable[AuditEvent] | None = None) -> Iterator[int]:
    """Yield the ids of rows whose hash or link to the row before is wrong, oldest first."""
    previous = GENESIS
    for row in rows if rows is not None else AuditEvent.objects.order_by("pk").iterator():
        if row.previous_hash != previous or row.hash != row.computed_hash():
            yield row.pk
        previous = row.hash


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [before, after]} for the fields that differ."""
    return {k: [before.get(k), v] for k, v in after.items() if before.get(k) != v}


def _absent(entry: Entry) -> HeldPost | None:
    """Return the post that `by` used in somebody's stead; a query only for who stands in for somebody today."""
    if entry.acting_for or entry.by is None or entry.unit_id is None or entry.action in OWN_ACTS:
        return entry.acting_for
    if not any(post.absent_id for post in entry.by.posts):
        return None
    unit = Unit.objects.filter(pk=entry.unit_id).first()
    used = [entry.by.stands_in(p, unit) for p in ACTING if unit and entry.by.may(p, unit)]
    return used[0] if used and None not in used else None


def _row(entry: Entry, previous: str) -> AuditEvent:
    source = origin.get()
    obj = entry.obj
    absent = _absent(entry)
    data = dict(entry.data or {}) | (
        {"acting_for": f"{absent.absent}, {absent.title} – {absent.unit}"} if absent else {}
    )
    if source.token:
        data["api_token"] = source.token
    row = AuditEvent(
        at=clock.now(),
        actor=entry.by,
        action=entry.action.value,
        object_type=obj._meta.model_name or "" if obj else "",  # noqa: SLF001  # Django documents _meta
        object_id=obj.pk if obj else None,
        object_label=(entry.label or (str(obj) if obj else ""))[:250],
        plan_id=entry.plan_id,
        unit_id=entry.unit_id,
        data=data,
        address=source.address,
        request_id=source.request_id,
        previous_hash=previous,
    )
    row.hash = row.computed_hash()
    return row


def _lock_chain() -> None:
    """Let one transaction at a time add to the chain (SQLite writes one at a time anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
