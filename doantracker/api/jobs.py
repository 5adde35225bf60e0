"""Celery jobs of webhooks; the tables are the truth, a lost message of the broker loses nothing."""

import logging

from celery import shared_task

from doantracker.api.actions.deliveries import BATCH
from doantracker.api.hooks import collect, delivery

log = logging.getLogger(__name__)


@shared_task(name="api.tell_webhooks")
def tell_webhooks() -> None:
    """Write out what happened, then send one batch of what waits; while more is taken, each batch wakes the next."""
    log.info("Messages to webhooks written: %s", collect.collect())
    taken = delivery.deliver_batch()
    log.info("Messages to webhooks taken: %s", taken)
    if taken == BATCH:
        tell_webhooks.delay()
