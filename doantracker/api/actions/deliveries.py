"""Acts on messages to webhooks: claimed by one sender, marked with how it went, given up aloud, thrown away when old.

Whoever sends a message has claimed it until `lease_until`. A mark counts only while that claim stands: a webhook
deleted meanwhile takes its messages with it, and a sender that was too slow leaves the message to who claimed it next.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, transaction

from doantracker.api.enums import DeliveryState
from doantracker.api.hooks import transport
from doantracker.api.hooks.words import mail_owner
from doantracker.api.models import WebhookDelivery, WebhookEndpoint
from doantracker.lib import clock
from units import audit
from units.actions import home_unit
from units.models.audit import AuditAction

log = logging.getLogger(__name__)

BATCH: Final = 20
LEASE: Final = dt.timedelta(seconds=BATCH * transport.DEADLINE + 60)
KEPT_FOR: Final = dt.timedelta(days=30)
#: How long after each failed attempt the next one follows; after the last the message is given up (about two days).
DELAYS: Final = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))


def claim() -> Sequence[WebhookDelivery]:
    """Take a batch of messages that are due; a claim that outlives its lease is taken by another sender."""
    skip: dict[str, Any] = {"skip_locked": True} if connection.features.has_select_for_update_skip_locked else {}
    now = clock.now()
    with transaction.atomic():
        due = WebhookDelivery.objects.due(now).select_for_update(of=("self",), **skip)
        rows = list(due.select_related("endpoint__owner").order_by("next_at", "pk")[:BATCH])
        for row in rows:
            row.state, row.lease_until = DeliveryState.SENDING, now + LEASE
        WebhookDelivery.objects.bulk_update(rows, ["state", "lease_until"])
    return rows


def put_back(row: WebhookDelivery) -> None:
    """Let a claimed message wait without an attempt."""
    _mark(row, state=DeliveryState.WAITING, next_at=clock.now() + DELAYS[0])


def mark(row: WebhookDelivery, outcome: transport.Outcome) -> None:
    """Write down how an attempt went: taken, to be tried again later, or given up."""
    tried = _tried(row, outcome)
    if not outcome.trouble:
        _mark(row, state=DeliveryState.DELIVERED, delivered_at=clock.now(), **tried)
    elif tried["attempts"] <= len(DELAYS):
        _mark(row, state=DeliveryState.WAITING, next_at=clock.now() + DELAYS[tried["attempts"] - 1], **tried)
    else:
        _give_up(row, tried)


def mark_trial(row: WebhookDelivery, outcome: transport.Outcome) -> None:
    """Write down how the only attempt of a message went that tells of nothing; failing, it stops nothing."""
    state = DeliveryState.GIVEN_UP if outcome.trouble else DeliveryState.DELIVERED
    _mark(row, state=state, delivered_at=None if outcome.trouble else clock.now(), **_tried(row, outcome))


def forget_old() -> int:
    """Throw away messages that were dealt with long ago; return how many."""
    over = (DeliveryState.DELIVERED, DeliveryState.GIVEN_UP)
    return WebhookDelivery.objects.filter(state__in=over, created_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _tried(row: WebhookDelivery, outcome: transport.Outcome) -> dict[str, Any]:
    return {"attempts": row.attempts + 1, "status": outcome.status, "trouble": outcome.trouble}


def _mark(row: WebhookDelivery, **facts: Any) -> bool:
    """End the claim with `facts`; return whether it still stood."""
    facts["lease_until"] = None
    claimed = WebhookDelivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, lease_until=row.lease_until)
    if not claimed.update(**facts):
        return False
    for name, value in facts.items():
        setattr(row, name, value)
    return True


def _give_up(row: WebhookDelivery, tried: dict[str, Any]) -> None:
    """Stop trying, stop the webhook, and say so: on its page, in the log, by mail."""
    with transaction.atomic():
        rows = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("owner")
        endpoint: WebhookEndpoint | None = rows.filter(pk=row.endpoint_id).first()
        if endpoint is None or not _mark(row, state=DeliveryState.GIVEN_UP, **tried):
            return
        endpoint.active, endpoint.stopped_at, endpoint.trouble = False, clock.now(), row.trouble
        endpoint.save(update_fields=["active", "stopped_at", "trouble"])
        data = {"active": [True, False], "reason": row.trouble, "attempts": row.attempts}
        audit.record(AuditAction.CHANGED, by=None, obj=endpoint, unit_id=home_unit(endpoint.owner), data=data)
    log.warning("Webhook %s given up after %s attempts: %s", endpoint.pk, row.attempts, row.trouble)
    mail_owner(endpoint)
