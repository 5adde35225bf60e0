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
def deliver_notices() -> None:
    """Send what waits."""
    log.info("Mails sent: %s", delivery.deliver_notices())


@shared_task(name="plans.take_snapshots")
def take_snapshots() -> None:
    """Keep the figures of the day."""
    log.info("Figures kept: %s", snapshots.take_snapshots())
