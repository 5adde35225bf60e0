"""Jobs of the installation itself."""

import datetime as dt
import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from doantracker.api.actions import deliveries, kept
from doantracker.lib import clock
from plans.orphans import remove_orphans

log = logging.getLogger(__name__)

KEEP_MESSAGES = dt.timedelta(days=1)


@shared_task(name="doantracker.housekeeping")
def housekeeping() -> None:
    """Clear ended sessions, files without a row, what the API kept, and what the file broker keeps of its messages."""
    call_command("clearsessions")
    log.info("Files without a row removed: %s", remove_orphans())
    log.info("Answers of the API forgotten: %s", kept.forget_old())
    log.info("Messages to webhooks forgotten: %s", deliveries.forget_old())
    folder = Path(settings.VAR_DIR) / "queue" / "processed"
    oldest = (clock.now() - KEEP_MESSAGES).timestamp()
    old = [f for f in folder.glob("*") if f.stat().st_mtime < oldest] if folder.is_dir() else []
    for file in old:
        file.unlink(missing_ok=True)
    log.info("Handled messages cleared: %s", len(old))
