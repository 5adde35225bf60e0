"""From the log to the outbox: each webhook is told once of each act it chose and its owner may see.

The log is the source: it is written in the transaction of every act, in the order of its ids (one transaction at a
time adds to the chain, `units.audit`), so a webhook needs to remember only the last row it was shown. A process
killed in between loses nothing and doubles nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from doantracker.api.hooks.events import PLACES, TEST, kind_of, pairs_of
from doantracker.api.models import WebhookDelivery, WebhookEndpoint
from doantracker.lib import clock
from plans.models import Deadline, Indicator, Plan
from reviews.models import (
    CommendationProposal,
    Conclusion,
    FieldTrip,
    Inspection,
    Meeting,
    Pledge,
    ReportKind,
    Survey,
)
from units.models import AuditEvent, Unit, User

AT_ONCE: Final = 1000  # rows of the log looked at in one go
MODELS: Final[dict[str, Any]] = {
    "deadline": Deadline,
    "plan": Plan,
    "indicator": Indicator,
    "meeting": Meeting,
    "pledge": Pledge,
    "inspection": Inspection,
    "conclusion": Conclusion,
    "fieldtrip": FieldTrip,
    "survey": Survey,
    "commendationproposal": CommendationProposal,
    "reportkind": ReportKind,
}


def collect() -> int:
    """Write messages for all that happened since the last time; return how many."""
    made = 0
    for pk in WebhookEndpoint.objects.in_force().values_list("pk", flat=True):
        more = True
        while more:  # an import writes more rows in a minute than are looked at in one go
            told, more = _collect(pk)
            made += told
    return made


def newest_event() -> int:
    """Return the last row of the log: a webhook begins there."""
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def body_of(kind: str, key: uuid.UUID, at: dt.datetime, event: AuditEvent | None = None) -> str:
    """Return what is sent: what kind of act on which record, when, and where to read it. No words, no names."""
    body: dict[str, Any] = {"id": str(key), "kind": kind, "at": timezone.localtime(at).isoformat()}
    body |= dict.fromkeys(("object", "plan", "unit"))  # a trial message has the shape of all others
    if event is not None:
        read, page = (settings.SITE_URL + place.format(event.object_id) for place in PLACES[event.object_type])
        body |= {
            "object": {"type": event.object_type, "id": event.object_id, "url": read, "page": page},
            "plan": event.plan_id,
            "unit": event.unit_id,
        }
    return json.dumps(body)


def trial_message(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Return a message, not stored yet, that tells of nothing."""
    key, now = uuid.uuid4(), clock.now()
    return WebhookDelivery(
        endpoint=endpoint, key=key, event_id=0, kind=TEST, body=body_of(TEST, key, now), next_at=now, created_at=now
    )


def _collect(pk: int) -> tuple[int, bool]:
    """Look at the next rows of the log for one webhook, a fixed number of queries.

    Return how many messages that made, and whether there may be more rows.
    """
    with transaction.atomic():
        hooks = WebhookEndpoint.objects.in_force().select_for_update(of=("self",))
        endpoint: WebhookEndpoint | None = hooks.select_related("owner", "unit").filter(pk=pk).first()
        if endpoint is None:
            return 0, False
        later = AuditEvent.objects.filter(pk__gt=endpoint.cursor).order_by("pk")
        seen = list(later.values_list("pk", flat=True)[:AT_ONCE])
        if not seen:
            return 0, False
        told = _told(endpoint, seen[-1])
        made = WebhookDelivery.objects.bulk_create(
            (_message(endpoint, event) for event in told), ignore_conflicts=True
        )
        endpoint.cursor = seen[-1]
        endpoint.save(update_fields=["cursor"])
    return len(made), len(seen) == AT_ONCE


def _told(endpoint: WebhookEndpoint, last: int) -> list[AuditEvent]:
    """Return the acts up to row `last` that this webhook is told of."""
    chosen = Q(pk__in=[])
    for object_type, action in pairs_of(endpoint.events):
        chosen |= Q(object_type=object_type, action=action)
    rows = AuditEvent.objects.filter(chosen, pk__gt=endpoint.cursor, pk__lte=last).order_by("pk")
    if endpoint.unit:
        rows = rows.filter(unit_id__in=Unit.objects.below(endpoint.unit).order_by().values("pk"))
    events = list(rows)
    visible = _visible(endpoint.owner, events)
    return [event for event in events if (event.object_type, event.object_id) in visible]


def _visible(owner: User, events: Iterable[AuditEvent]) -> set[tuple[str, int]]:
    """Return which of the objects the owner may see now; one query for each type that occurs."""
    asked: dict[str, set[int]] = {}
    for event in events:
        asked.setdefault(event.object_type, set()).add(event.object_id or 0)
    return {
        (name, pk)
        for name, ids in asked.items()
        for pk in MODELS[name].objects.visible_to(owner).filter(pk__in=ids).order_by().values_list("pk", flat=True)
    }


def _message(endpoint: WebhookEndpoint, event: AuditEvent) -> WebhookDelivery:
    kind, key, now = kind_of(event.object_type, event.action), uuid.uuid4(), clock.now()
    return WebhookDelivery(
        endpoint=endpoint,
        key=key,
        event_id=event.pk,
        kind=kind,
        body=body_of(kind, key, event.at, event),
        next_at=now,
        created_at=now,
    )
