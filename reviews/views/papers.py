"""Sending the paper of a record, and the history of one."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase

from plans.views.shared import Request, as_download
from reviews.models import OneFile
from units.models import AuditEvent, User

HISTORY_SHOWN = 50


def sent_paper(request: Request, found: OneFile, note: Callable[[], None]) -> HttpResponseBase:
    """Send the paper of `found`, always as a download, and `note` in the log that somebody opened it."""
    if not found.file or not found.file.storage.exists(found.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        note()
    return as_download(found.file.open("rb"), found.original_name)


def history_of(user: User, object_type: str, pk: int) -> QuerySet[AuditEvent]:
    """Return the newest acts on a record, as far as `user` sees them."""
    found: QuerySet[AuditEvent] = AuditEvent.objects.visible_to(user).filter(object_type=object_type, object_id=pk)
    return found.select_related("actor")[:HISTORY_SHOWN]
