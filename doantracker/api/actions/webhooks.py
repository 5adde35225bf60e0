"""Acts on one's own webhooks: made, changed, given a new secret, tried, a message sent again.

What a person makes this server send, a trial too, stands in the log under the key that the other system got.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.api import keys
from doantracker.api.actions import deliveries
from doantracker.api.enums import DeliveryState
from doantracker.api.hooks import delivery
from doantracker.api.hooks.collect import newest_event, trial_message
from doantracker.api.models import WebhookDelivery, WebhookEndpoint
from doantracker.lib import clock
from doantracker.lib.sealed import seal
from plans.errors import ActionRefused
from units import audit
from units.access import get_visible_or_404, require
from units.actions import home_unit
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission

MOST: Final = 5  # webhooks of one person


def make_webhook(
    *,
    by: User,
    name: str,
    url: str,
    events: Sequence[str],
    unit: Unit | None = None,
    active: bool = True,
    form_key: str = "",
) -> tuple[WebhookEndpoint, str]:
    """Make a webhook; return it and the secret that signs its messages, this once. It begins with the next act.

    The secret of the webhook that a form sent before made is not told again: "".
    """
    require(by.may(Permission.VIEW))
    secret = keys.new_secret()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time: the limit holds
        if form_key and (before := WebhookEndpoint.objects.filter(owner=by, form_key=form_key).first()):
            return before, ""
        if WebhookEndpoint.objects.visible_to(by).count() >= MOST:
            raise ActionRefused(_("You have %(most)s webhooks already. Change one of them.") % {"most": MOST})
        made = WebhookEndpoint(owner=by, sealed=seal(secret), created_at=clock.now(), form_key=form_key)
        _give(made, name, url, events, unit, active=active)
        made.cursor = newest_event()
        made.save()
        _log(AuditAction.CREATED, made, by)
    return made, secret


def change_webhook(
    *, webhook: WebhookEndpoint, by: User, name: str, url: str, events: Sequence[str], unit: Unit | None, active: bool
) -> None:
    """Change what a webhook is told of and where, switch it on or off. Switched on it begins with the next act."""
    with transaction.atomic():
        row = _own(webhook, by)
        was_active = row.active
        _give(row, name, url, events, unit, active=active)
        if active and not was_active:
            row.cursor, row.stopped_at, row.trouble = newest_event(), None, ""
        row.save()
        _log(AuditAction.CHANGED, row, by)


def renew_secret(*, webhook: WebhookEndpoint, by: User) -> str:
    """Give a webhook a new secret and return it, this once; the old one signs nothing any more."""
    secret = keys.new_secret()
    with transaction.atomic():
        row = _own(webhook, by)
        row.sealed = seal(secret)
        row.save(update_fields=["sealed"])
        _log(AuditAction.CHANGED, row, by, {"secret": ["•", "•"]})
    return secret


def delete_webhook(*, webhook: WebhookEndpoint, by: User) -> None:
    """Throw a webhook away with all that was or would have been sent to it; the log keeps that there was one."""
    with transaction.atomic():
        row = _own(webhook, by)
        _log(AuditAction.DROPPED, row, by, {"messages": row.deliveries.count()})
        row.deliveries.all().delete()
        row.delete()


def try_webhook(*, webhook: WebhookEndpoint, by: User) -> WebhookDelivery:
    """Send a message that tells of nothing, at once and only once; return how it went."""
    with transaction.atomic():
        row = trial_message(_own(webhook, by))
        row.state, row.lease_until = DeliveryState.SENDING, clock.now() + deliveries.LEASE
        row.save()
        _log(AuditAction.CHANGED, row.endpoint, by, {"tried": str(row.key)})
    deliveries.mark_trial(row, delivery.attempt(row))
    return row


def send_again(*, message: WebhookDelivery, by: User) -> None:
    """Put a message that was given up or taken into the outbox once more, under the same id."""
    with transaction.atomic():
        endpoint = _own(message.endpoint, by)
        if not endpoint.active:
            raise ActionRefused(_("The webhook is switched off. Switch it on, then send the message again."))
        locked = WebhookDelivery.objects.select_for_update(of=("self",))
        row: WebhookDelivery = get_visible_or_404(locked, by, message.pk)
        if row.state not in {DeliveryState.GIVEN_UP, DeliveryState.DELIVERED}:
            raise ActionRefused(_("This message waits to be sent already."))
        row.state, row.attempts, row.next_at, row.delivered_at = DeliveryState.WAITING, 0, clock.now(), None
        row.save()
        _log(AuditAction.CHANGED, endpoint, by, {"sent_again": str(row.key)})


def _own(webhook: WebhookEndpoint, by: User) -> WebhookEndpoint:
    """Return the locked row, which belongs to `by`; 404 for one that was deleted since it was read."""
    row: WebhookEndpoint = get_visible_or_404(WebhookEndpoint.objects.select_for_update(of=("self",)), by, webhook.pk)
    return row


def _give(
    row: WebhookEndpoint, name: str, url: str, events: Sequence[str], unit: Unit | None, *, active: bool
) -> None:
    row.name, row.url, row.events, row.unit, row.active = name.strip(), url, list(events), unit, active


def _log(action: AuditAction, row: WebhookEndpoint, by: User, data: dict[str, Any] | None = None) -> None:
    facts = data or {"events": row.events, "unit": row.unit_id, "active": row.active}
    audit.record(action, by=by, obj=row, unit_id=home_unit(by), data=facts)
