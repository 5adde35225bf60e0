"""Tokens with which programs of a person use the API."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.api.enums import TokenScope
from doantracker.api.querysets import ApiTokenQuerySet
from doantracker.lib.text import nfc


class ApiToken(models.Model):
    """Lets a program act as one person, with that person's rights of the day. Only the hash of the key is kept.

    The key has 256 random bits: nobody guesses it, and a plain hash is enough to look it up by. `expires_on` is its
    last day. `hint` are the last characters of the key, by which its owner knows it. Rows stay: the log names them.
    The same form sent twice (`form_key`) makes one.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("what it may do"), max_length=10, choices=TokenScope, default=TokenScope.READ)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_on = models.DateField(_("last day"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    form_key = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="api_token_has_name", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=("person", "form_key"), condition=~Q(form_key=""), name="api_token_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the name in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as Django gives them

    @property
    def may_write(self) -> bool:
        """Return whether acts are open to it."""
        return self.scope == TokenScope.WRITE

    def works(self, today: dt.date) -> bool:
        """Return whether it opens anything on `today`, as far as the token itself says."""
        return self.revoked_at is None and self.expires_on >= today
