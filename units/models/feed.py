"""The private calendar address of a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from units.models.person import User
from units.querysets import FEED_LIFETIME, FeedTokenQuerySet


class FeedToken(models.Model):
    """Lets a calendar program read one person's own deadlines without a log-in. Only the hash of the key is kept.

    The key has 256 random bits: nobody guesses it, and a plain hash is enough to look it up by. It ends after
    FEED_LIFETIME.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="feed_token", verbose_name=_("person"))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def ends_at(self) -> dt.datetime:
        """Return when the address stops working."""
        return self.created_at + FEED_LIFETIME

    @property
    def ended(self) -> bool:
        """Return whether it has stopped working by its age."""
        return self.ends_at <= clock.now()


def new_key() -> str:
    """Return a fresh key for an address."""
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
