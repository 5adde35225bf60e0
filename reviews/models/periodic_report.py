"""Periodic reports of units, and what a receiving unit says over those it compiles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Deadline
from plans.validators import LONGEST_TEXT, limited_text
from reviews.models.made import Made
from reviews.models.report_kind import ReportKind, ReportSection, ReportYear
from reviews.querysets import CompilationQuerySet, PeriodicReportQuerySet


class PeriodicReport(Made):
    """What a unit writes for one deadline of a kind of report.

    Unit, period, last day, day sent and state are the deadline's: they stand nowhere else.
    """

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="periodic_report")
    kind = models.ForeignKey(ReportKind, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField(default=1)

    objects = PeriodicReportQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-deadline__due_on", "deadline__unit_path", "pk")
        verbose_name = _("periodic report")
        verbose_name_plural = _("periodic reports")

    def __str__(self) -> str:
        return f"{self.deadline.unit.label}: {self.kind}"

    def get_absolute_url(self) -> str:
        """Return the report's page."""
        return reverse("reviews:report", args=[self.pk])


class ReportPart(models.Model):
    """One section of one report: the text as it was filled from the records, and as the unit edited it."""

    report = models.ForeignKey(PeriodicReport, on_delete=models.CASCADE, related_name="parts")
    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="parts")
    filled = models.TextField(_("text as filled"), blank=True)
    text = models.TextField(_("text"), blank=True, validators=[limited_text])

    class Meta:
        ordering = ("report", "section__ordinal")
        verbose_name = _("part of a report")
        verbose_name_plural = _("parts of reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("report", "section"), name="report_part_once"),
        ]

    def __str__(self) -> str:
        return str(self.section)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.filled, self.text = nfc(self.filled), nfc(self.text)
        super().save(*args, **kwargs)


class Compilation(Made):
    """What the receiving side says first over the reports of one period; the parts stay in the reports."""

    year = models.ForeignKey(ReportYear, on_delete=models.PROTECT, related_name="compilations")
    occurrence = models.CharField(max_length=12)
    introduction = models.TextField(_("introduction"), max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(default=1)

    objects = CompilationQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("year", "-occurrence")
        verbose_name = _("compilation of reports")
        verbose_name_plural = _("compilations of reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(fields=("year", "occurrence"), name="compilation_once"),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.introduction = nfc(self.introduction)
        super().save(*args, **kwargs)
