"""What is said about deadlines: the outbox of notices, who wants which by mail, and chasing letters."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.enums import ESCALATIONS, NoticeKind, NoticeState
from plans.models.deadline import Deadline
from plans.models.plan import Plan
from plans.querysets import ChasingLetterQuerySet, NoticeQuerySet
from units.models import Unit


class Notice(models.Model):
    """One person is told one thing about one deadline on one day, once.

    The mail side: `pending` → `sending` (claimed until `lease_until`, all of one mail share `mail_key`) → `sent`.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    day = models.DateField(_("day"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.PENDING)
    mail_key = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("recipient", "-created_at", "-id"), name="notice_inbox"),
            models.Index(fields=("recipient",), name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=("state", "recipient"), name="notice_outbox", condition=Q(state__in=("pending", "sending"))
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("recipient", "kind", "deadline", "day"), name="notice_once"),
            models.UniqueConstraint(
                fields=("recipient", "kind", "deadline"),
                condition=Q(kind__in=ESCALATIONS),
                name="notice_escalated_once",
            ),
            models.CheckConstraint(
                name="notice_sending_has_key_and_lease",
                condition=~Q(state="sending") | Q(mail_key__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(name="notice_sent_at", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.deadline_id}"


class ReminderPreference(models.Model):
    """Whether a person wants a kind of notice by mail too. No row: yes. The page shows every kind in any case."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    by_mail = models.BooleanField(_("by mail"), default=True)

    class Meta:
        ordering = ("user", "kind")
        verbose_name = _("reminder preference")
        verbose_name_plural = _("reminder preferences")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "kind"), name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class ChasingLetter(models.Model):
    """A chasing letter (công văn đôn đốc) as prepared: its text, for whom, about which deadlines. Never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="letters")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    answer_by = models.DateField(_("answer by"))
    text = models.TextField()
    deadlines = models.ManyToManyField(Deadline, related_name="letters")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()

    objects = ChasingLetterQuerySet.as_manager()

    class Meta:
        ordering = ("-prepared_at", "-pk")
        verbose_name = _("chasing letter")
        verbose_name_plural = _("chasing letters")

    def __str__(self) -> str:
        return f"{self.plan.symbol or self.plan.title}: {self.unit or '–'}"[:200]

    def get_absolute_url(self) -> str:
        """Return the letter's page."""
        return reverse("plans:letter", args=[self.pk])
