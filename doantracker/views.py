"""Pages of the frame itself."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from doantracker.lib import clock
from units.models import AuditEvent
from units.models.audit import AuditAction

log = logging.getLogger(__name__)

SWEEP_LATE: Final = dt.timedelta(hours=3)  # beat starts one every hour
BROKER_SECONDS: Final = 2


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say in words without details whether this web process can work: 200, or 503 without database or broker.

    A late sweep is named but no reason to take the web process away: beat and worker have checks of their own.
    """
    parts = {"database": "ok", "broker": "ok", "sweep": "ok"}
    try:
        parts["sweep"] = _sweep()
    except DatabaseError:
        log.exception("The database does not answer")
        parts |= {"database": "failed", "sweep": "unknown"}
    if not _broker_answers():
        parts["broker"] = "failed"
    well = "failed" not in parts.values()
    return JsonResponse({"status": "ok" if well else "failed", **parts}, status=200 if well else 503)


def _sweep() -> str:
    last = AuditEvent.objects.filter(action=AuditAction.CHECKED).order_by("-pk").values_list("at", flat=True).first()
    if last is None:
        return "none yet"
    return "ok" if clock.now() - last <= SWEEP_LATE else "late"


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        log.exception("The broker does not answer")
        return False
    return True
