"""Answers kept for a while, so that a call that is sent twice is done once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from doantracker.api.querysets import KeptAnswerQuerySet


class KeptAnswer(models.Model):
    """The answer to one call of a person with an Idempotency-Key. Written in the transaction of the act.

    `fingerprint` is the SHA-256 (hex) of what was sent: the same key with something else is refused.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    etag = models.CharField(max_length=120, default="")
    reach = models.JSONField(default=list)  # `units.access.reach_of` the person then
    made_at = models.DateTimeField(db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "kept answer"
        verbose_name_plural = "kept answers"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("person", "key"), name="kept_answer_once")
        ]

    def __str__(self) -> str:
        return self.key
