"""From the outbox to the other system: claimed, sent, marked; tried again, later each time, then given up aloud."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any, Final

from django.db import connection, transaction

from doantracker.api.enums import DeliveryState, Trouble
from doantracker.api.hooks import signing, transport
from doantracker.api.hooks.words import mail_owner
from doantracker.api.models import WebhookDelivery, WebhookEndpoint
from doantracker.lib import clock
from doantracker.lib.sealed import CantOpenError, unseal
from units import audit
from units.actions import home_unit
from units.models.audit import AuditAction

log = logging.getLogger(__name__)

BATCH: Final = 20
LEASE: Final = dt.timedelta(seconds=BATCH * transport.DEADLINE + 60)
KEPT_FOR: Final = dt.timedelta(days=30)
#: How long after each failed attempt the next one follows; after the last the message is given up (about two days).
DELAYS: Final = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))


def deliver_batch() -> int:
    """Send what is due, a batch of it; return how many messages were taken.

    Once a webhook has failed, its other messages of the batch wait: a server that hangs holds nobody else up.
    """
    failed: set[int] = set()
    taken = 0
    for row in _claim():
        if row.endpoint_id in failed:
            _put_back(row)
        elif deliver(row):
            taken += 1
        else:
            failed.add(row.endpoint_id)
    return taken


def deliver(row: WebhookDelivery) -> bool:
    """Make one attempt and mark how it went; return whether the message was taken."""
    outcome = _attempt(row)
    row.attempts, row.status, row.trouble, row.lease_until = row.attempts + 1, outcome.status, outcome.trouble, None
    if not outcome.trouble:
        row.state, row.delivered_at = DeliveryState.DELIVERED, clock.now()
        row.save()
        return True
    if row.attempts <= len(DELAYS):
        row.state, row.next_at = DeliveryState.WAITING, clock.now() + DELAYS[row.attempts - 1]
        row.save()
    else:
        _give_up(row)
    return False


def try_once(row: WebhookDelivery) -> None:
    """Make the only attempt of a message that tells of nothing; failing, it stops nothing."""
    outcome = _attempt(row)
    row.attempts, row.status, row.trouble, row.lease_until = 1, outcome.status, outcome.trouble, None
    row.state = DeliveryState.GIVEN_UP if outcome.trouble else DeliveryState.DELIVERED
    row.delivered_at = None if outcome.trouble else clock.now()
    row.save()


def forget_old() -> int:
    """Throw away messages that were dealt with long ago; return how many."""
    over = (DeliveryState.DELIVERED, DeliveryState.GIVEN_UP)
    return WebhookDelivery.objects.filter(state__in=over, created_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _attempt(row: WebhookDelivery) -> transport.Outcome:
    try:
        secret = unseal(row.endpoint.sealed)
    except CantOpenError:
        return transport.Outcome(trouble=Trouble.SECRET)
    body = row.body.encode()
    sent = signing.headers(secret, int(clock.now().timestamp()), body, str(row.key))
    return transport.call(row.endpoint.url, body, sent)


def _claim() -> Collection[WebhookDelivery]:
    """Take messages that are due for this process; a claim that outlives its lease is taken by another."""
    skip: dict[str, Any] = {"skip_locked": True} if connection.features.has_select_for_update_skip_locked else {}
    now = clock.now()
    with transaction.atomic():
        due = WebhookDelivery.objects.due(now).select_for_update(of=("self",), **skip)
        rows = list(due.select_related("endpoint__owner").order_by("next_at", "pk")[:BATCH])
        for row in rows:
            row.state, row.lease_until = DeliveryState.SENDING, now + LEASE
        WebhookDelivery.objects.bulk_update(rows, ["state", "lease_until"])
    return rows


def _put_back(row: WebhookDelivery) -> None:
    row.state, row.lease_until, row.next_at = DeliveryState.WAITING, None, clock.now() + DELAYS[0]
    row.save(update_fields=["state", "lease_until", "next_at"])


def _give_up(row: WebhookDelivery) -> None:
    """Stop trying, stop the webhook, and say so: on its page, in the log, by mail."""
    row.state = DeliveryState.GIVEN_UP
    with transaction.atomic():
        row.save()
        endpoint = (
            WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("owner").get(pk=row.endpoint_id)
        )
        endpoint.active, endpoint.stopped_at, endpoint.trouble = False, clock.now(), row.trouble
        endpoint.save(update_fields=["active", "stopped_at", "trouble"])
        data = {"active": [True, False], "reason": row.trouble, "attempts": row.attempts}
        audit.record(AuditAction.CHANGED, by=None, obj=endpoint, unit_id=home_unit(endpoint.owner), data=data)
    log.warning("Webhook %s given up after %s attempts: %s", endpoint.pk, row.attempts, row.trouble)
    mail_owner(endpoint)
