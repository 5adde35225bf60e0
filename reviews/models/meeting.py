"""Meetings (phiên họp, hội nghị) of a body of a unit."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Event
from plans.validators import LONGEST_TEXT, sane_day
from reviews.enums import BODY_CHOICES, MeetingKind, MeetingState
from reviews.models.made import Made
from reviews.models.stored_file import StoredFile
from reviews.querysets import MeetingFileQuerySet, MeetingQuerySet
from units.models import Unit

LONGEST_MINUTES = 5 * LONGEST_TEXT


class Meeting(Made):
    """One meeting. Its day is that of its `event`, on which commitments of plans hang: it stands nowhere else.

    `held_on` is set when the meeting is recorded, with the minutes and who was there.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    kind = models.CharField(_("kind"), max_length=15, choices=MeetingKind, default=MeetingKind.REGULAR)
    title = models.CharField(_("title"), max_length=300)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="meeting", verbose_name=_("event"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="chaired_meetings",
        verbose_name=_("chair"),
    )  # fmt: skip
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("secretary of the meeting"),
    )  # fmt: skip
    held_on = models.DateField(_("held on"), null=True, blank=True, validators=[sane_day], editable=False)
    minutes = models.TextField(_("minutes"), blank=True, max_length=LONGEST_MINUTES)
    minutes_symbol = models.CharField(_("number of the minutes"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-event__day", "-pk")
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("unit", "body"), name="meeting_of_body")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="meeting_held_whole",
                condition=Q(held_on__isnull=True, recorded_by__isnull=True, minutes="", minutes_symbol="")
                | Q(held_on__isnull=False, recorded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_chair_is_not_secretary",
                condition=Q(chair__isnull=True) | Q(secretary__isnull=True) | ~Q(chair=F("secretary")),
                violation_error_message=_("The chair can't keep the minutes too. Name another secretary."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title, self.minutes, self.place = nfc(self.title), nfc(self.minutes), nfc(self.place)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the meeting's page."""
        return reverse("reviews:meeting", args=[self.pk])

    @property
    def planned_on(self) -> dt.date | None:
        """Return the day the meeting is on, None while it is not known; needs the event."""
        return self.event.day

    @property
    def state(self) -> MeetingState:
        """Return where the meeting stands; needs the event."""
        if self.held_on is not None:
            return MeetingState.HELD
        return MeetingState.CANCELLED if self.event.cancelled else MeetingState.PLANNED


class Attendance(models.Model):
    """Whether a member of the body was there; the reason of who was not."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField(_("present"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("person__sort_key", "pk")
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("meeting", "person"), name="attendance_once"),
            models.CheckConstraint(
                name="attendance_reason_of_absence", condition=Q(present=False) | Q(present=True, reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class MeetingFile(StoredFile):
    """A file of the minutes of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="minutes/%Y/%m", max_length=200)

    objects = MeetingFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("file of minutes")
        verbose_name_plural = _("files of minutes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("meeting", "sha256"), name="meeting_file_once"),
        ]
