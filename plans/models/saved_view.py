"""What people keep of the lists: a filter with its order under a name, and the runs of acts on many rows."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.querysets import BulkRunQuerySet, SavedViewQuerySet
from units.models import Unit


class SavedView(models.Model):
    """The filter and order of a list under a name. It carries a query, never rows.

    Whoever opens it sees only what they may see: the query is read again through the list's own form. Shared with a
    unit, it is offered to whoever holds a post there or below.
    """

    class Listing(models.TextChoices):
        DEADLINES = "deadlines", _("Deadlines")
        CONFIRMATIONS = "confirmations", _("Confirmations")
        PLANS = "plans", _("Plans")
        CALENDAR = "calendar", _("Calendar")
        FIGURES = "figures", _("Statistics")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    listing = models.CharField(_("list"), max_length=15, choices=Listing)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    shared_with = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("shared with")
    )
    is_start = models.BooleanField(_("start view of the list"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("listing", "name", "pk")
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("owner", "listing", "name"), name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=("owner", "listing"), condition=Q(is_start=True), name="saved_view_one_start_a_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the address that opens the list with this query."""
        return reverse("plans:saved_view", args=[self.listing, self.pk])


class BulkRun(models.Model):
    """One act on many rows: `key` comes with the form, so that a second submit finds the first run.

    `outcome` is {"done": [ids], "refused": {id: why}, "letters": [ids of chasing letters made], "facts": what the form
    said, "back": address}; none while the run is on its way, or if the machine stopped in the middle of it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=20)
    asked = models.PositiveSmallIntegerField()
    outcome = models.JSONField(null=True)
    started_at = models.DateTimeField()

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("act on many rows")
        verbose_name_plural = _("acts on many rows")

    def __str__(self) -> str:
        return f"{self.act}: {self.asked}"

    def get_absolute_url(self) -> str:
        """Return the page of what became of it."""
        return reverse("plans:bulk_done", args=[self.key])
