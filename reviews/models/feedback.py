"""Criticism and self-criticism: rounds of feedback (đợt góp ý), whom they are about, and who is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Plan, Schedule
from plans.validators import limited_text, sane_day, sane_year
from reviews.enums import BODY_CHOICES, FeedbackStep, InvitationKind
from reviews.feedback_steps import DAYS
from reviews.models.made import Made
from reviews.models.meeting import Meeting
from reviews.models.stored_file import StoredFile
from reviews.querysets import (
    FeedbackFileQuerySet,
    FeedbackInvitationQuerySet,
    FeedbackRoundQuerySet,
    FeedbackTargetQuerySet,
)
from reviews.titles import BODIES
from units.models import Unit


class FeedbackRound(Made):
    """One round: who is asked for contributions about whom, by when, and what becomes of them.

    In an anonymous round nothing says who gave which contribution: see docs/architecture.md, "Feedback rounds".
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="feedback_rounds", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("about the year"), validators=sane_year)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback_rounds",
        verbose_name=_("plan it carries out"),
    )  # fmt: skip
    anonymous = models.BooleanField(_("anonymous"), default=True)
    names_to_targets = models.BooleanField(_("those spoken of see who said it"), default=False)
    consolidated_by = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("consolidated by")
    )
    contributions_by = models.DateField(_("contributions by"), validators=[sane_day])
    report_by = models.DateField(_("self-review reports by"), validators=[sane_day])
    meeting_on = models.DateField(_("review meeting on"), validators=[sane_day])
    reply_by = models.DateField(_("result and reply by"), validators=[sane_day])
    step = models.CharField(_("step"), max_length=20, choices=FeedbackStep, default=FeedbackStep.DRAFT)
    result = models.TextField(_("result of the review"), blank=True, validators=[limited_text])
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="feedback_round"
    )
    contribution_work = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    report_work = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    reply_work = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = FeedbackRoundQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-contributions_by", "-pk")
        verbose_name = _("feedback round")
        verbose_name_plural = _("feedback rounds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="feedback_days_in_order",
                condition=Q(contributions_by__lte=F("report_by"))
                & Q(report_by__lte=F("meeting_on"))
                & Q(meeting_on__lte=F("reply_by")),
                violation_error_message=_("The days must follow each other in this order."),
            ),
            models.CheckConstraint(
                name="feedback_names_only_where_known",
                condition=Q(anonymous=False) | Q(names_to_targets=False),
                violation_error_message=_("An anonymous round shows names to nobody."),
            ),
            models.CheckConstraint(
                name="feedback_open_has_work",
                condition=Q(step="feedback_draft") | Q(report_work__isnull=False, reply_work__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title, self.result = nfc(self.title), nfc(self.result)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the round's page."""
        return reverse("reviews:feedback_round", args=[self.pk])

    @property
    def days(self) -> list[tuple[FeedbackStep, dt.date]]:
        """Return the steps with the day of each, in order."""
        return [(step, getattr(self, column)) for step, column in DAYS.items()]

    def day_of(self, step: FeedbackStep) -> dt.date:
        """Return the day of a step that has one; the review meeting stands where it was moved to. Needs its event."""
        moved = self.meeting.planned_on if step == FeedbackStep.REVIEWING and self.meeting else None
        planned: dt.date = getattr(self, DAYS[step])
        return moved or planned

    def accepts_on(self, day: dt.date) -> bool:
        """Return whether contributions are taken on `day`."""
        return self.step == FeedbackStep.CONTRIBUTING and day <= self.contributions_by


class FeedbackTarget(models.Model):
    """Whom a round is about: a collective (a body of a unit) or a person, with the own report on the self-review."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="targets")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    post_title = models.CharField(_("post"), max_length=120, blank=True)
    report = models.TextField(_("self-review report"), blank=True, validators=[limited_text])
    report_given_on = models.DateField(null=True, blank=True, editable=False)
    report_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = FeedbackTargetQuerySet.as_manager()

    class Meta:
        ordering = ("round", "ordinal", "pk")
        verbose_name = _("target of a feedback round")
        verbose_name_plural = _("targets of feedback rounds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("round", "person"), condition=Q(person__isnull=False), name="feedback_person_once"
            ),
            models.UniqueConstraint(
                fields=("round", "unit", "body"), condition=Q(person__isnull=True), name="feedback_collective_once"
            ),
            models.CheckConstraint(
                name="feedback_person_or_body", condition=Q(person__isnull=True) | Q(person__isnull=False, body="")
            ),
            models.CheckConstraint(
                name="feedback_report_given_whole",
                condition=Q(report_given_on__isnull=True, report_given_by__isnull=True, report="")
                | Q(report_given_on__isnull=False, report_given_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Return the name that pages show; it names a person, so the log never takes it."""
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.report = nfc(self.report)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """Return whom it is about; needs the unit and the person."""
        if self.person is not None:
            return f"{self.person.full_name} – {self.post_title}" if self.post_title else self.person.full_name
        return f"{BODIES[self.body]} {self.unit.label}" if self.body else str(self.unit.name)


class FeedbackTopic(models.Model):
    """One group of questions that contributions answer."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="topics")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.CharField(_("topic"), max_length=500)

    class Meta:
        ordering = ("round", "ordinal", "pk")
        verbose_name = _("topic of a feedback round")
        verbose_name_plural = _("topics of feedback rounds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("round", "text"), name="feedback_topic_once"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text = nfc(self.text)
        super().save(*args, **kwargs)


class FeedbackInvitation(models.Model):
    """Who is asked to contribute: once, whoever hands it in.

    A guest without a log-in (a former member, a body outside the Union) has a link for this round alone: 256 random
    bits, of which the hash is kept. `handed_in` is all that is known of a contribution to an anonymous round.
    """

    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(_("kind"), max_length=10, choices=InvitationKind)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=200, blank=True)
    key_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    handed_in = models.BooleanField(_("handed in"), default=False, editable=False)

    objects = FeedbackInvitationQuerySet.as_manager()

    class Meta:
        ordering = ("round", "kind", "name", "pk")
        verbose_name = _("invitation to contribute")
        verbose_name_plural = _("invitations to contribute")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="feedback_invited_whole",
                condition=Q(kind="unit", unit__isnull=False, body="", person__isnull=True, name="")
                | (Q(kind="body", unit__isnull=False, person__isnull=True, name="") & ~Q(body=""))
                | Q(kind="person", unit__isnull=True, body="", person__isnull=False, name="")
                | (Q(kind="guest", unit__isnull=True, body="", person__isnull=True) & ~Q(name="")),
            ),
            models.CheckConstraint(name="feedback_link_of_guests", condition=Q(kind="guest") | Q(key_hash="")),
            models.UniqueConstraint(fields=("key_hash",), condition=~Q(key_hash=""), name="feedback_link_once"),
            models.UniqueConstraint(
                fields=("round", "unit", "body"), condition=Q(unit__isnull=False), name="feedback_unit_invited_once"
            ),
            models.UniqueConstraint(
                fields=("round", "person"), condition=Q(person__isnull=False), name="feedback_person_invited_once"
            ),
            models.UniqueConstraint(
                fields=("round", "name"), condition=~Q(name=""), name="feedback_guest_invited_once"
            ),
        ]

    def __str__(self) -> str:
        """Return the name that pages show; the log never takes it."""
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """Return who is asked; needs the unit and the person."""
        if self.unit is not None:
            return f"{BODIES[self.body]} {self.unit.label}" if self.body else str(self.unit.name)
        return self.person.full_name if self.person is not None else self.name


class FeedbackFile(StoredFile):
    """A file of the self-review report of a target."""

    target = models.ForeignKey(FeedbackTarget, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="feedback/%Y/%m", max_length=200)

    objects = FeedbackFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("file of a self-review report")
        verbose_name_plural = _("files of self-review reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("target", "sha256"), name="feedback_file_once"),
        ]
