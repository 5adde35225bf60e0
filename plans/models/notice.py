"""What is said about deadlines: the outbox of notices, who wants which by mail, and chasing letters."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.enums import ESCALATIONS, Failure, NoticeKind, NoticeState
from plans.models.deadline import Deadline
from plans.models.plan import Plan
from plans.querysets import ChasingLetterQuerySet, NoticeQuerySet, OwnQuerySet, QuietDaysQuerySet
from plans.reminders.quiet import EVERY_DAY
from units.models import Unit


class Outgoing(models.Model):
    """How one notice goes out by one channel: `pending` → `sending` (claimed until `lease_until`) → `sent`.

    What was claimed together shares `claim_key`, which stays through every further attempt: the Message-ID of a mail
    is made of it and of the recipient.
    """

    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.PENDING)
    claim_key = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=10, choices=Failure, blank=True, default="", db_default="")

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="%(class)s_sending_has_key_and_lease",
                condition=~Q(state="sending") | Q(claim_key__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(name="%(class)s_sent_at", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
            models.CheckConstraint(name="%(class)s_failed_says_why", condition=Q(state="failed") | Q(failure="")),
        ]


class Notice(Outgoing):
    """One person is told one thing about one deadline on one day, once. The row itself carries the way of its mail."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    day = models.DateField(_("day"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

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
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(fields=("recipient", "kind", "deadline", "day"), name="notice_once"),
            models.UniqueConstraint(
                fields=("recipient", "kind", "deadline"),
                condition=Q(kind__in=ESCALATIONS),
                name="notice_escalated_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.deadline_id}"

    @property
    def told(self) -> Notice:
        """Return what is told: as for every other way out."""
        return self


class ChatDelivery(Outgoing):
    """One notice on its way to the chat address of its recipient. Made by the sender, once a notice."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="chat")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("message by chat")
        verbose_name_plural = _("messages by chat")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("recipient", "sent_at"), name="chat_sent"),
            models.Index(
                fields=("state", "recipient"), name="chat_outbox", condition=Q(state__in=("pending", "sending"))
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [*Outgoing.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.notice_id}"

    @property
    def told(self) -> Notice:
        """Return what is told."""
        return self.notice


class ChatAddress(models.Model):
    """Where a person gets chat messages. The address holds the password of a bot: kept sealed, never shown again.

    It stands here only after a test message went through. `hint`: its last characters, so that its owner knows it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_address")
    scheme = models.CharField(max_length=10)
    sealed = models.TextField()
    hint = models.CharField(max_length=4)
    added_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat address")
        verbose_name_plural = _("chat addresses")

    def __str__(self) -> str:
        return f"{self.user}: {self.scheme}"


class QuietDays(models.Model):
    """Days on which a person gets no mail and no chat message: one stretch (leave), and days of the week.

    `weekdays` has one bit a day, Monday the lowest. What waits goes out, in one digest, on the first day after.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_days")
    start = models.DateField(_("away from"), null=True, blank=True)
    end = models.DateField(_("to"), null=True, blank=True)
    weekdays = models.PositiveSmallIntegerField(default=0)

    objects = QuietDaysQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiet days")
        verbose_name_plural = _("quiet days")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="quiet_days_both_or_none_in_order",
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gte=F("start")),
            ),
            models.CheckConstraint(name="quiet_days_leave_one_day", condition=Q(weekdays__lt=EVERY_DAY)),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ReminderPreference(models.Model):
    """By which channels a person wants a kind of notice too. No row: by all. The page shows every kind in any case."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    by_mail = models.BooleanField(_("by mail"), default=True)
    by_chat = models.BooleanField(_("by chat"), default=True)

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
