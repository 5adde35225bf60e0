"""Celery jobs: thin wrappers; the table is the truth, a lost message loses nothing."""

import logging

from celery import shared_task

from doantracker.papers.actions.exports import drop_expired, to_write, write_export

log = logging.getLogger(__name__)


@shared_task(name="papers.write_exports")
def write_exports() -> None:
    """Write what waits; one that fails does not keep the others waiting."""
    for export in to_write().select_related("created_by").order_by("pk"):
        try:
            write_export(export=export)
        except Exception:
            log.exception("Export %s failed", export.pk)
    log.info("Exports dropped: %s", drop_expired())
