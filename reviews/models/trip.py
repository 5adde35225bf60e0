"""Field trips (chuyến đi cơ sở): who went where on which days, and the papers before and after."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Schedule
from plans.validators import limited_text, sane_day
from reviews.enums import TRIPS_COMING, TRIPS_GONE, TripKind, TripPaper, TripState
from reviews.models.made import Made
from reviews.models.stored_file import StoredFile
from reviews.querysets import FieldTripQuerySet, TripFileQuerySet
from units.models import Unit

_PERSON = settings.AUTH_USER_MODEL


def _day(label: Any, **kwargs: Any) -> models.DateField[Any, Any]:
    return models.DateField(label, validators=[sane_day], **kwargs)


def _person(label: Any, **kwargs: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=label, **kwargs)


class FieldTrip(Made):
    """One trip. `unit` is the union whose staff go; the days registered stay beside the days it really took.

    Brief and report are owed as commitments (`brief_work`, `report_work`) of the work programme.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="trips", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=TripKind, default=TripKind.GRASSROOTS)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    quarter = models.PositiveSmallIntegerField(_("quarter"), editable=False)
    register_by = models.DateField(_("to be registered by"), editable=False)
    planned_from = _day(_("registered from"))
    planned_to = _day(_("registered to"))
    actual_from = _day(_("gone from"), null=True, blank=True, editable=False)
    actual_to = _day(_("gone to"), null=True, blank=True, editable=False)
    leader = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="led_trips", verbose_name=_("leader of the party")
    )
    units = models.ManyToManyField(Unit, related_name="+", verbose_name=_("units visited"))
    purpose = models.TextField(_("purpose"), validators=[limited_text])
    state = models.CharField(
        _("state"), max_length=20, choices=TripState, default=TripState.REGISTERED, editable=False
    )
    decided_by = _person(_("decided by"), null=True, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, blank=True, editable=False)
    brief = models.TextField(_("brief"), blank=True, validators=[limited_text], editable=False)
    briefed_on = models.DateField(_("prepared on"), null=True, blank=True, editable=False)
    briefed_by = _person(_("prepared by"), null=True, blank=True, editable=False)
    report = models.TextField(_("report"), blank=True, validators=[limited_text], editable=False)
    reported_on = models.DateField(_("reported on"), null=True, blank=True, editable=False)
    reported_by = _person(_("reported by"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    brief_work = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="briefed_trip"
    )
    report_work = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="reported_trip"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FieldTripQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-planned_from", "-pk")
        verbose_name = _("field trip")
        verbose_name_plural = _("field trips")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("unit", "year", "quarter"), name="trip_of_quarter"),
            models.Index(fields=("unit", "actual_to"), name="trip_gone"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="trip_planned_in_order",
                condition=Q(planned_from__lte=F("planned_to")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            ),
            models.CheckConstraint(name="trip_quarter_of_year", condition=Q(quarter__range=(1, 4))),
            models.CheckConstraint(
                name="trip_gone_whole",
                condition=Q(state__in=TRIPS_GONE, actual_from__isnull=False, actual_from__lte=F("actual_to"))
                | (~Q(state__in=TRIPS_GONE) & Q(actual_from__isnull=True, actual_to__isnull=True)),
            ),
            models.CheckConstraint(
                name="trip_decided_whole",
                condition=Q(decided_by__isnull=False, decided_on__isnull=False)
                | Q(state__in=("trip_registered", "trip_cancelled"), decided_by__isnull=True, decided_on__isnull=True),
            ),
            models.CheckConstraint(
                name="trip_briefed_whole",
                condition=Q(briefed_on__isnull=False, briefed_by__isnull=False)
                | (~Q(state="trip_briefed") & Q(briefed_on__isnull=True, briefed_by__isnull=True, brief="")),
            ),
            models.CheckConstraint(
                name="trip_reported_whole",
                condition=Q(state="trip_reported", reported_on__isnull=False, reported_by__isnull=False)
                | (~Q(state="trip_reported") & Q(reported_on__isnull=True, reported_by__isnull=True, report="")),
            ),
            models.CheckConstraint(
                name="trip_cancelled_with_reason",
                condition=(Q(state="trip_cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="trip_cancelled") & Q(cancel_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.starts_on:%d/%m}–{self.ends_on:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.purpose, self.brief, self.report = nfc(self.purpose), nfc(self.brief), nfc(self.report)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the trip's page."""
        return reverse("reviews:trip", args=[self.pk])

    @property
    def starts_on(self) -> dt.date:
        """Return the first day: the real one once it is known."""
        day: dt.date = self.actual_from or self.planned_from
        return day

    @property
    def ends_on(self) -> dt.date:
        """Return the last day: the real one once it is known."""
        day: dt.date = self.actual_to or self.planned_to
        return day

    @property
    def days(self) -> int:
        """Return how many days the trip takes."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def registered_late(self) -> bool:
        """Return whether it was registered after the last day for its quarter."""
        return timezone.localdate(self.created_at) > self.register_by

    @property
    def briefed_late(self) -> bool:
        """Return whether the brief came after the trip had begun."""
        return self.briefed_on is not None and self.briefed_on >= self.starts_on

    @property
    def is_coming(self) -> bool:
        """Return whether the trip is still to come."""
        return self.state in TRIPS_COMING


class TripMember(models.Model):
    """One person of a party, its leader too."""

    trip = models.ForeignKey(FieldTrip, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="trip_memberships")

    class Meta:
        ordering = ("person__sort_key", "pk")
        verbose_name = _("member of a party")
        verbose_name_plural = _("members of parties")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("trip", "person"), name="trip_member_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class TripFile(StoredFile):
    """A file of the brief or of the report of a trip."""

    trip = models.ForeignKey(FieldTrip, on_delete=models.PROTECT, related_name="files")
    paper = models.CharField(max_length=10, choices=TripPaper)
    file = models.FileField(upload_to="trips/%Y/%m", max_length=200)

    objects = TripFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("file of a trip")
        verbose_name_plural = _("files of trips")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("trip", "paper", "sha256"), name="trip_file_once"),
        ]
