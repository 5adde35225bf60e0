"""From the outbox to the other system: a batch claimed, each message signed and sent, and marked with how it went."""

from __future__ import annotations

from doantracker.api.actions import deliveries
from doantracker.api.enums import Trouble
from doantracker.api.hooks import signing, transport
from doantracker.api.models import WebhookDelivery
from doantracker.lib import clock
from doantracker.lib.sealed import CantOpenError, unseal


def deliver_batch() -> int:
    """Send what is due, a batch of it; return how many messages were taken.

    Once a webhook has failed, its other messages of the batch wait: a server that hangs holds nobody else up.
    """
    failed: set[int] = set()
    taken = 0
    for row in deliveries.claim():
        if row.endpoint_id in failed:
            deliveries.put_back(row)
            continue
        outcome = attempt(row)
        deliveries.mark(row, outcome)
        if outcome.trouble:
            failed.add(row.endpoint_id)
        else:
            taken += 1
    return taken


def attempt(row: WebhookDelivery) -> transport.Outcome:
    """Sign a message and send it once; say how it went."""
    try:
        secret = unseal(row.endpoint.sealed)
    except CantOpenError:
        return transport.Outcome(trouble=Trouble.SECRET)
    body = row.body.encode()
    sent = signing.headers(secret, int(clock.now().timestamp()), body, str(row.key))
    return transport.call(row.endpoint.url, body, sent)
