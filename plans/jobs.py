"""Celery jobs: thin wrappers; the table is the truth, a lost message loses nothing."""

import logging

from celery import shared_task

from plans import snapshots
from plans.reminders import delivery, sweep

log = logging.getLogger(__name__)


@shared_task(name="plans.check_deadlines")
def check_deadlines() -> None:
    """Run one sweep."""
    log.info("Sweep: %s", sweep.check_deadlines())


@shared_task(name="plans.deliver_notices")
def deliver_notices(channel: str = "mail") -> None:
    """Send one batch of what waits; while more waits, each batch wakes the next, so that every worker helps."""
    way = delivery.channel_named(channel)
    if way is not None:
        batch = delivery.send_batch(way, more=lambda: deliver_notices.delay(channel))
        log.info("Sent by %s: %s", channel, batch.sent)


@shared_task(name="plans.take_snapshots")
def take_snapshots() -> None:
    """Keep the figures of the day."""
    log.info("Figures kept: %s", snapshots.take_snapshots())
