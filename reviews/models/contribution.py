"""What is said in a feedback round about somebody under one topic, and the reply to it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.validators import limited_text
from reviews.enums import ReplyKind
from reviews.models.feedback import FeedbackInvitation, FeedbackRound, FeedbackTarget, FeedbackTopic
from reviews.querysets import ContributionQuerySet


class Contribution(models.Model):
    """One contribution. Its key is random and it bears no time: neither tells in which order they came.

    In an anonymous round (`anonymous`) there is no invitation: the database itself does not know who gave it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="contributions")
    target = models.ForeignKey(FeedbackTarget, on_delete=models.PROTECT, related_name="contributions")
    topic = models.ForeignKey(FeedbackTopic, on_delete=models.PROTECT, related_name="contributions")
    text = models.TextField(_("contribution"), validators=[limited_text])
    anonymous = models.BooleanField(editable=False)
    invitation = models.ForeignKey(
        FeedbackInvitation, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions",
        editable=False,
    )  # fmt: skip

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ("target__ordinal", "topic__ordinal", "pk")
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="contribution_anonymous_has_no_giver",
                condition=Q(anonymous=True, invitation__isnull=True) | Q(anonymous=False, invitation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("invitation", "target", "topic"),
                condition=Q(invitation__isnull=False),
                name="contribution_once_a_topic",
            ),
            models.CheckConstraint(name="contribution_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text = nfc(self.text)
        super().save(*args, **kwargs)


class ContributionReply(models.Model):
    """What became of a contribution, in words for who gave it."""

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="reply")
    kind = models.CharField(_("what becomes of it"), max_length=20, choices=ReplyKind)
    text = models.TextField(_("reply"), validators=[limited_text])
    replied_at = models.DateTimeField(editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("reply to a contribution")
        verbose_name_plural = _("replies to contributions")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text = nfc(self.text)
        super().save(*args, **kwargs)
