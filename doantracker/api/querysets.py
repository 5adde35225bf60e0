"""What a person may see of tokens and webhooks: their own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from units.models import User


class ApiTokenQuerySet(models.QuerySet[Any]):
    """Tokens: each belongs to its person alone."""

    def visible_to(self, user: User) -> ApiTokenQuerySet:
        """Return the tokens of `user`; nobody sees another's."""
        return self.filter(person=user)

    def in_force(self, today: dt.date) -> ApiTokenQuerySet:
        """Return the tokens that open something: not revoked, not ended, of an active account."""
        return self.filter(revoked_at__isnull=True, expires_on__gte=today, person__is_active=True)


class KeptAnswerQuerySet(models.QuerySet[Any]):
    """Answers kept for a call that comes again."""

    def visible_to(self, user: User) -> KeptAnswerQuerySet:
        """Return the answers given to `user`."""
        return self.filter(person=user)


class WebhookEndpointQuerySet(models.QuerySet[Any]):
    """Webhooks: each belongs to its person alone."""

    def visible_to(self, user: User) -> WebhookEndpointQuerySet:
        """Return the webhooks of `user`; nobody sees another's."""
        return self.filter(owner=user)

    def in_force(self) -> WebhookEndpointQuerySet:
        """Return the webhooks that are told of something: switched on, of an active account."""
        return self.filter(active=True, owner__is_active=True)


class WebhookDeliveryQuerySet(models.QuerySet[Any]):
    """Messages to webhooks."""

    def visible_to(self, user: User) -> WebhookDeliveryQuerySet:
        """Return the messages to the webhooks of `user`."""
        return self.filter(endpoint__owner=user)

    def due(self, now: dt.datetime) -> WebhookDeliveryQuerySet:
        """Return what is to be sent now: what waits, and what a sender that died had claimed."""
        waits = Q(state="hook_waiting", next_at__lte=now)
        left = Q(state="hook_sending", lease_until__lt=now)
        return self.filter(waits | left, endpoint__active=True, endpoint__owner__is_active=True)
