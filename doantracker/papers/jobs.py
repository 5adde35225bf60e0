"""Celery jobs: thin wrappers; the table is the truth, a lost message loses nothing."""

import logging

from celery import shared_task

from doantracker.papers.actions.exports import drop_expired, write_export
from doantracker.papers.enums import ExportState
from doantracker.papers.models import Export

log = logging.getLogger(__name__)


@shared_task(name="papers.write_exports")
def write_exports() -> None:
    """Write what waits."""
    for export in Export.objects.filter(state=ExportState.WAITING).order_by("pk"):
        write_export(export=export)
    log.info("Exports dropped: %s", drop_expired())
