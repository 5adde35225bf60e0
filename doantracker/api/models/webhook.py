"""Webhooks of people, and what is sent to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.api.enums import DeliveryState, Trouble
from doantracker.api.querysets import WebhookDeliveryQuerySet, WebhookEndpointQuerySet
from doantracker.lib.text import nfc
from units.models import Unit

LONGEST_URL = 500


class WebhookEndpoint(models.Model):
    """An address of another system that is told of acts its owner may see.

    `events` are kinds of `hooks.events`; with `unit` only what concerns it and the units below. `cursor` is the row of
    the log up to which acts have been looked at. The secret signs each message and is kept sealed, since it has to be
    read again. A message given up stops the webhook (`stopped_at`, `trouble`) until its owner switches it on again.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=LONGEST_URL)
    sealed = models.TextField(editable=False)
    events = models.JSONField(_("what it is told of"), default=list)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="webhooks", verbose_name=_("unit"),
        help_text=_("With all units below it. Empty: everything you see."),
    )  # fmt: skip
    active = models.BooleanField(_("switched on"), default=True)
    cursor = models.BigIntegerField(default=0, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    trouble = models.CharField(max_length=15, choices=Trouble, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created"))
    form_key = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="webhook_has_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=("owner", "form_key"), condition=~Q(form_key=""), name="webhook_sent_once"),
            models.CheckConstraint(
                name="webhook_stopped_says_why",
                condition=Q(stopped_at__isnull=True, trouble="") | (Q(stopped_at__isnull=False) & ~Q(trouble="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the name in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as Django gives them


class WebhookDelivery(models.Model):
    """One message to one webhook: `hook_waiting` → `hook_sending` (claimed until `lease_until`) → `hook_delivered`.

    Every attempt sends the same `body` under the same `key`. `event_id` is the row of the log it tells of; 0: a test.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_id = models.BigIntegerField()  # no foreign key: the log refers to nothing and nothing to it
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=15, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=15, choices=Trouble, blank=True, default="")
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("next_at", "id"), name="hook_outbox", condition=Q(state__in=("hook_waiting", "hook_sending"))
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("endpoint", "event_id"), condition=~Q(event_id=0), name="hook_event_told_once"
            ),
            models.CheckConstraint(
                name="hook_sending_has_lease", condition=~Q(state="hook_sending") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="hook_delivered_at",
                condition=Q(state="hook_delivered", delivered_at__isnull=False)
                | (~Q(state="hook_delivered") & Q(delivered_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_state_display()}"
