"""Surveys (khảo sát): how far units are with indicators, what they expect, and how many ideas they gathered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, shortened
from plans.models import Indicator, Plan, Schedule
from plans.validators import limited_text, sane_day
from reviews.enums import SAID_OUTLOOK, SurveyState
from reviews.models.made import Made
from reviews.querysets import SurveyQuerySet, SurveyUnitQuerySet
from units.models import Unit

LONGEST_NOTE = 1000  # characters
_SAID = [outlook.value for outlook in SAID_OUTLOOK]


class Survey(Made):
    """A survey by a unit among units below it. What units owe (`answering`) and the report (`report`) are deadlines.

    The report stands in the register from the day on which the survey is finished.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=300)
    purpose = models.TextField(_("purpose"), blank=True, validators=[limited_text])
    period_start = models.DateField(_("from"), validators=[sane_day])
    period_end = models.DateField(_("to"), validators=[sane_day])
    answer_by = models.DateField(_("units answer by"), validators=[sane_day])
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys",
        verbose_name=_("plan whose indicators are asked about"),
    )  # fmt: skip
    lead_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="led_surveys", verbose_name=_("conducted by")
    )
    started_on = models.DateField(_("started on"), null=True, blank=True, editable=False)
    finished_on = models.DateField(_("finished on"), null=True, blank=True, editable=False)
    answering = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_survey", editable=False
    )
    report = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="reported_survey", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = SurveyQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-period_start", "-pk")
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(
                name="survey_start_before_end",
                condition=Q(period_start__lte=F("period_end")),
                violation_error_message=_("The last day lies before the first. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="survey_steps_in_order",
                condition=Q(started_on__isnull=True, answering__isnull=True, finished_on__isnull=True)
                | Q(started_on__isnull=False, answering__isnull=False),
            ),
            models.CheckConstraint(
                name="survey_finished_owes_report",
                condition=Q(finished_on__isnull=True, report__isnull=True)
                | Q(finished_on__isnull=False, report__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title, self.purpose = nfc(self.title), nfc(self.purpose)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the survey's page."""
        return reverse("reviews:survey", args=[self.pk])

    @property
    def state(self) -> SurveyState:
        """Return where the survey stands; needs `reported` of the queryset (`with_report`) once it is finished."""
        if self.finished_on is not None:
            return SurveyState.REPORTED if getattr(self, "reported", False) else SurveyState.FINISHED
        return SurveyState.RUNNING if self.started_on else SurveyState.PLANNED


class SurveyIndicator(models.Model):
    """What is asked about: an indicator of the plan, or one in free words. `measure`: in what completion is told."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="surveyed")
    text = models.TextField(_("indicator"), validators=[limited_text])
    measure = models.CharField(_("unit of measure"), max_length=60, default="%")

    class Meta:
        ordering = ("survey", "ordinal")
        verbose_name = _("indicator surveyed")
        verbose_name_plural = _("indicators surveyed")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("survey", "ordinal"), name="survey_ordinal_once"),
            models.UniqueConstraint(fields=("survey", "indicator"), name="survey_indicator_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {shortened(self.text)}"


class SurveyUnit(models.Model):
    """One unit surveyed, and the ideas of its young people: how many it helped to carry out, how many it commended.

    Counts without a number have not been given, which is not zero.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    ideas_supported = models.PositiveIntegerField(_("ideas supported"), null=True, blank=True)
    ideas_commended = models.PositiveIntegerField(_("ideas commended"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    complete = models.BooleanField(_("answered whole"), default=False, editable=False)
    version = models.PositiveIntegerField(default=0)

    objects = SurveyUnitQuerySet.as_manager()

    class Meta:
        ordering = ("survey", "unit__path")
        verbose_name = _("unit surveyed")
        verbose_name_plural = _("units surveyed")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("survey", "unit"), name="survey_unit_once"),
            models.CheckConstraint(
                name="survey_complete_has_counts",
                condition=Q(complete=False)
                | Q(ideas_supported__isnull=False, ideas_commended__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="survey_answered_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} – {self.unit.label}"

    def get_absolute_url(self) -> str:
        """Return the page on which the unit answers."""
        return reverse("reviews:survey_unit", args=[self.survey_id, self.unit_id])


class SurveyAnswer(models.Model):
    """What one unit said of one indicator: how far it is, what it expects, a note."""

    surveyed = models.ForeignKey(SurveyUnit, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(SurveyIndicator, on_delete=models.CASCADE, related_name="answers")
    completion = models.DecimalField(
        _("completion"), max_digits=16, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    outlook = models.CharField(
        _("outlook"), max_length=20, blank=True, choices=[(o.value, o.label) for o in SAID_OUTLOOK]
    )
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ("surveyed", "question__ordinal")
        verbose_name = _("answer of a survey")
        verbose_name_plural = _("answers of surveys")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("surveyed", "question"), name="survey_answer_once"),
            models.CheckConstraint(
                name="survey_answer_says_something",
                condition=Q(completion__isnull=False) | ~Q(outlook="") | ~Q(note=""),
            ),
            models.CheckConstraint(name="survey_outlook_known", condition=Q(outlook="") | Q(outlook__in=_SAID)),
            models.CheckConstraint(
                name="survey_completion_not_negative", condition=Q(completion__isnull=True) | Q(completion__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.surveyed} – {self.question}"
