"""Requests for a later day (gia hạn): what a unit asked for, and what the level that confirms decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import Decision
from plans.models.deadline import Deadline
from plans.querysets import ExtensionQuerySet


class Extension(models.Model):
    """One request to move the day of a deadline, and its decision. At most one waits per deadline.

    `due_on` is the day in force when it was asked. `claims_objective` is what the unit says about the cause,
    `objective` what the level above confirmed.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    due_on = models.DateField(_("due"))
    asked_day = models.DateField(_("day asked for"))
    reason = models.TextField(_("reason"), max_length=1000)
    claims_objective = models.BooleanField(_("an objective cause"), default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(_("status"), max_length=10, choices=Decision, default=Decision.ASKED)
    granted_day = models.DateField(_("day granted"), null=True, blank=True)
    objective = models.BooleanField(_("objective cause confirmed"), default=False)
    words = models.TextField(_("words of the decision"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    search = models.TextField(editable=False, default="")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        verbose_name = _("request for a later day")
        verbose_name_plural = _("requests for a later day")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("asked_at", "id"), name="extension_waiting", condition=Q(status="asked")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("deadline",), condition=Q(status="asked"), name="extension_one_open"),
            models.CheckConstraint(name="extension_asks_for_later", condition=Q(asked_day__gt=F("due_on"))),
            models.CheckConstraint(
                name="extension_granted_a_later_day",
                condition=Q(status="granted", granted_day__gt=F("due_on"))
                | (~Q(status="granted") & Q(granted_day__isnull=True, objective=False)),
            ),
            models.CheckConstraint(
                name="extension_decided_at_and_by",
                condition=Q(status="asked", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="asked") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(name="extension_refused_with_words", condition=~Q(status="refused") | ~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.asked_day:%d/%m/%Y}: {shortened(self.reason)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form and the search column in step."""
        self.reason = nfc(self.reason)
        self.search = search_key(self.reason)
        super().save(*args, **kwargs)

    @property
    def waits(self) -> bool:
        """Return whether it waits for a decision."""
        return self.status == Decision.ASKED

    @property
    def state(self) -> str:
        """Return where the request stands, as whoever decides about it must have seen it."""
        return self.status
