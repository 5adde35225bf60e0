"""What is kept of acts on a draft: dropped records, to bring them back, and forms sent, to answer them once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models.plan import Plan


class DroppedRecord(models.Model):
    """A record of a draft that somebody dropped: its columns, its links and what went with it, as JSON."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="dropped_records")
    label = models.CharField(max_length=200)
    picture = models.JSONField()  # plans.record_pictures.picture_of
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("dropped record")
        verbose_name_plural = _("dropped records")

    def __str__(self) -> str:
        return self.label


class SentForm(models.Model):
    """A form that made something: sent once more with the same words it leads to what it made the first time."""

    key = models.CharField(max_length=64)  # of the form and what was typed into it
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    record_id = models.BigIntegerField()  # of the plan itself where the form made a plan

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("sent_by", "key"), name="form_sent_once"),
        ]

    def __str__(self) -> str:
        return self.key
