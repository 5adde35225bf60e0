"""Kinds of periodic reports: which unit asks for them, when they are due, who owes them, and what stands in them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Deadline, Schedule
from plans.validators import sane_day, sane_year
from reviews.enums import BODY_CHOICES, DueMonth, ReportPeriod, SectionSource
from reviews.models.made import Made
from reviews.querysets import ReportKindQuerySet
from reviews.report_periods import MOST_GRACE, DueRule, Period, period_due, rule_words
from units.models import Unit, UnitKind

_DAY_OF_MONTH = [MinValueValidator(1), MaxValueValidator(31)]


class ReportKind(Made):
    """A kind of report that `unit` is owed, through `via_unit` where a department compiles it.

    What each unit owes stands in the register: each year has one commitment in the work programme of the body
    (`ReportYear`). A thematic report is due once, on `due_on`; any other by `day`, `month` and `grace`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_kinds", verbose_name=_("sent to"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    via_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="compiled_kinds",
        verbose_name=_("through the department"),
    )  # fmt: skip
    name = models.CharField(_("name of the report"), max_length=200)
    period = models.CharField(_("period"), max_length=10, choices=ReportPeriod)
    day = models.PositiveSmallIntegerField(_("due on day"), null=True, blank=True, validators=_DAY_OF_MONTH)
    month = models.SmallIntegerField(_("of which month"), choices=DueMonth, default=DueMonth.LAST)
    grace = models.PositiveSmallIntegerField(
        _("working days of grace"), default=0, validators=[MaxValueValidator(MOST_GRACE)]
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, validators=[sane_day])
    owner_kinds = models.ManyToManyField(
        UnitKind, blank=True, related_name="+", verbose_name=_("every unit of these kinds")
    )
    owner_units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("units that owe it"))
    active_from = models.DateField(_("asked for from"), validators=[sane_day])
    active_until = models.DateField(_("asked for until"), null=True, blank=True, validators=[sane_day])
    goes_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts",
        verbose_name=_("report it goes into"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    objects = ReportKindQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("unit__path", "name", "pk")
        verbose_name = _("kind of report")
        verbose_name_plural = _("kinds of reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="report_kind_due_one_way",
                condition=Q(period="once", due_on__isnull=False, day__isnull=True)
                | (~Q(period="once") & Q(due_on__isnull=True, day__isnull=False)),
                violation_error_message=_(
                    "A thematic report is due on one day; any other on a day of a month. Give the one that fits."
                ),
            ),
            models.CheckConstraint(
                name="report_kind_from_before_until",
                condition=Q(active_until__isnull=True) | Q(active_from__lte=F("active_until")),
                violation_error_message=_("The last day lies before the first. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="report_kind_not_into_itself",
                condition=Q(goes_into__isnull=True) | ~Q(goes_into=F("id")),
                violation_error_message=_("A report is not compiled from itself. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page that shows who has sent it."""
        return reverse("reviews:report_kind", args=[self.pk])

    @property
    def rule(self) -> DueRule:
        """Return the due rule as a value; not for a thematic report."""
        return DueRule(self.period, self.day or 1, self.month, self.grace)

    @property
    def due_words(self) -> str:
        """Return when it is due, as a plan would word it."""
        return f"chậm nhất ngày {self.due_on:%d/%m/%Y}" if self.due_on else rule_words(self.rule)

    def period_of(self, occurrence: str) -> Period:
        """Return the period that an occurrence of its commitments reports on; a thematic one begins with the kind."""
        if self.due_on:
            return Period(min(self.active_from, self.due_on), self.due_on, "once")
        return period_due(self.rule, dt.date.fromisoformat(occurrence))


class ReportSection(models.Model):
    """One section of the form of a report."""

    kind = models.ForeignKey(ReportKind, on_delete=models.CASCADE, related_name="sections")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    heading = models.CharField(_("heading"), max_length=200)
    source = models.CharField(_("filled from"), max_length=15, choices=SectionSource, default=SectionSource.FREE)

    class Meta:
        ordering = ("kind", "ordinal")
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("kind", "ordinal"), name="report_section_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.heading}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.heading = nfc(self.heading)
        super().save(*args, **kwargs)


class ReportYear(models.Model):
    """The commitment by which units owe the reports of a kind that fall due in one year."""

    kind = models.ForeignKey(ReportKind, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    schedule = models.OneToOneField(Schedule, on_delete=models.PROTECT, related_name="report_year")

    class Meta:
        ordering = ("kind", "-year")
        verbose_name = _("year of a report")
        verbose_name_plural = _("years of reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("kind", "year"), name="report_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"

    def deadlines(self) -> models.QuerySet[Deadline]:
        """Return what units owe in this year."""
        return Deadline.objects.filter(schedule=self.schedule_id)
