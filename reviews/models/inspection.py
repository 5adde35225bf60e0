"""Inspections and supervision (kiểm tra, giám sát): the programme of a year, each inspection, its visits."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Event, Plan, Schedule
from plans.validators import limited_text, sane_day, sane_year
from reviews.enums import InspectionKind, InspectionState
from reviews.models.checklist import Checklist
from reviews.models.made import Made
from reviews.models.meeting import Meeting
from reviews.models.stored_file import StoredFile
from reviews.querysets import InspectionFileQuerySet, InspectionQuerySet, VisitQuerySet
from units.models import Unit

MOST_PREPARATION_DAYS = 60
TEXTS = ("title", "content", "preparation", "report", "report_symbol", "conclusion_symbol", "cancel_reason")


class InspectionProgramme(models.Model):
    """The programme (chương trình kiểm tra, giám sát) of a unit for a year.

    `plan` is a published plan that grows: the reports of the inspections are owed in it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    symbol = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="inspection_programme")

    class Meta:
        ordering = ("unit__path", "-year")
        verbose_name = _("inspection programme")
        verbose_name_plural = _("inspection programmes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("unit", "year"), name="inspection_programme_once_a_year"),
        ]

    def __str__(self) -> str:
        return str(self.plan)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.symbol = nfc(self.symbol)
        super().save(*args, **kwargs)


class Inspection(Made):
    """One inspection of a programme: who goes to which units, what is asked of them, and what was reported.

    Its report is owed by `report_unit` (the department that advises) as `report_task`; the day is that of
    `report_meeting`, or the one given where no meeting was planned.
    """

    programme = models.ForeignKey(InspectionProgramme, on_delete=models.PROTECT, related_name="inspections")
    kind = models.CharField(_("kind"), max_length=20, choices=InspectionKind, default=InspectionKind.REGULAR)
    title = models.CharField(_("title"), max_length=200)
    content = models.TextField(_("what is inspected"), blank=True, validators=[limited_text])
    period_start = models.DateField(_("period reviewed, from"), null=True, blank=True, validators=[sane_day])
    period_end = models.DateField(_("period reviewed, to"), null=True, blank=True, validators=[sane_day])
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("head of the team")
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="inspection_teams", verbose_name=_("members of the team")
    )
    report_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that owes the report")
    )
    state = models.CharField(
        _("state"), max_length=25, choices=InspectionState, default=InspectionState.PLANNED, editable=False
    )
    preparation = models.TextField(_("what the units prepare"), blank=True, validators=[limited_text])
    preparation_days = models.PositiveSmallIntegerField(
        _("days before the visit"), default=3, validators=[MaxValueValidator(MOST_PREPARATION_DAYS)]
    )
    ended_on = models.DateField(_("visits ended on"), null=True, blank=True, editable=False)
    report_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="inspection_reports"
    )
    report_task = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="inspection_report"
    )
    report = models.TextField(_("report"), blank=True, validators=[limited_text])
    report_symbol = models.CharField(_("number of the report"), max_length=60, blank=True)
    reported_on = models.DateField(_("report handed in on"), null=True, blank=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    conclusion_symbol = models.CharField(_("number of the conclusions"), max_length=60, blank=True)
    concluded_on = models.DateField(_("conclusions issued on"), null=True, blank=True, validators=[sane_day])
    cancel_reason = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InspectionQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("programme", "pk")
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("head",), name="inspection_of_head")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="inspection_period_in_order",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                violation_error_message=_("The period ends before it begins. Correct one of the days."),
            ),
            models.CheckConstraint(
                name="inspection_reported_whole",
                condition=Q(reported_on__isnull=True, reported_by__isnull=True, report="", report_symbol="")
                | Q(reported_on__isnull=False, reported_by__isnull=False, report_task__isnull=False),
            ),
            models.CheckConstraint(
                name="inspection_reason_of_cancelling",
                condition=(Q(state="inspection_cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="inspection_cancelled") & Q(cancel_reason="")),
                violation_error_message=_("Say why the inspection is not carried out."),
            ),
            models.CheckConstraint(
                name="inspection_concluded_after_report",
                condition=Q(concluded_on__isnull=True, conclusion_symbol="")
                | Q(concluded_on__isnull=False, reported_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        for name in (
            "title",
            "content",
            "preparation",
            "report",
            "report_symbol",
            "conclusion_symbol",
            "cancel_reason",
        ):
            setattr(self, name, nfc(getattr(self, name)))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the inspection's page."""
        return reverse("reviews:inspection", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """Return the unit that inspects; needs the programme."""
        return self.programme.unit

    @property
    def wanted(self) -> list[str]:
        """Return what the units prepare, one thing a line."""
        return [line.strip(" -–•\t") for line in self.preparation.splitlines() if line.strip(" -–•\t")]


class InspectionVisit(models.Model):
    """The visit of a team to one unit. Its day is that of its `event`, on which the preparation hangs.

    `plan` is the published plan in which this unit alone owes its preparation and its conclusions, so that no unit
    reads what concerns another one; it is made when the inspection is announced.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="visits")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit visited"))
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="inspection_visit")
    plan = models.OneToOneField(
        Plan, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="inspection_visit"
    )
    preparation = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="inspection_visit"
    )
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="visits"
    )
    visited_on = models.DateField(_("visited on"), null=True, blank=True, validators=[sane_day])
    notes = models.TextField(_("notes of the team"), blank=True, validators=[limited_text])
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "event__day", "pk")
        verbose_name = _("visit of an inspection")
        verbose_name_plural = _("visits of inspections")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("inspection", "unit"), name="inspection_visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.title} – {self.unit.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.notes = nfc(self.notes)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the visit's page."""
        return reverse("reviews:visit", args=[self.pk])

    @property
    def day(self) -> dt.date | None:
        """Return the day of the visit, None while it is not known; needs the event."""
        return self.event.day


class InspectionFile(StoredFile):
    """A file of the report of an inspection."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="inspections/%Y/%m", max_length=200)

    objects = InspectionFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("file of an inspection")
        verbose_name_plural = _("files of inspections")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("inspection", "sha256"), name="inspection_file_once"),
        ]
