"""Score sheets of emulation (bảng điểm thi đua) of units for a year: criteria, bands and points as data."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.validators import limited_text, sane_year
from reviews.enums import EmulationCriterionKind
from reviews.models.made import Made
from reviews.querysets import EmulationDisputeQuerySet, EmulationScoreQuerySet, EmulationSheetQuerySet
from units.models import Unit, UnitKind

_NOT_NEGATIVE = [MinValueValidator(0)]


def _points(label: Any, **kwargs: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=5, decimal_places=1, validators=_NOT_NEGATIVE, **kwargs)


class EmulationSheet(Made):
    """The sheet by which `unit` scores every unit of some kinds below it for a year."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="emulation_sheets", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    title = models.CharField(_("title"), max_length=200)
    unit_kinds = models.ManyToManyField(UnitKind, related_name="+", verbose_name=_("every unit of these kinds"))
    version = models.PositiveIntegerField(default=1)

    objects = EmulationSheetQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-year", "unit__path", "title", "pk")
        verbose_name = _("emulation score sheet")
        verbose_name_plural = _("emulation score sheets")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(
                fields=("unit", "year", "title"),
                name="emulation_sheet_once",
                violation_error_message=_("There is a sheet of this title for the year already. Change the title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title = nfc(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the sheet."""
        return reverse("reviews:emulation_sheet", args=[self.pk])


class EmulationCriterion(models.Model):
    """One criterion of a sheet. `late_counts`: a report sent late counts like a missing one."""

    sheet = models.ForeignKey(EmulationSheet, on_delete=models.CASCADE, related_name="criteria")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    name = models.CharField(_("criterion"), max_length=300)
    kind = models.CharField(
        _("kind"), max_length=10, choices=EmulationCriterionKind, default=EmulationCriterionKind.JUDGED
    )
    most = _points(_("most points"))
    late_counts = models.BooleanField(_("a late report counts as missing"), default=True)

    class Meta:
        ordering = ("sheet", "ordinal")
        verbose_name = _("criterion of emulation")
        verbose_name_plural = _("criteria of emulation")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("sheet", "ordinal"), name="emulation_criterion_once"),
            models.CheckConstraint(name="emulation_most_positive", condition=Q(most__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)


class EmulationBand(models.Model):
    """The points for at most so many reports of each period that were not sent in time."""

    criterion = models.ForeignKey(EmulationCriterion, on_delete=models.CASCADE, related_name="bands")
    points = _points(_("points"))
    month = models.PositiveSmallIntegerField(_("monthly"), default=0)
    quarter = models.PositiveSmallIntegerField(_("quarterly"), default=0)
    half_year = models.PositiveSmallIntegerField(_("half-yearly"), default=0)
    year = models.PositiveSmallIntegerField(_("yearly"), default=0)

    class Meta:
        ordering = ("criterion", "-points", "pk")
        verbose_name = _("band of points")
        verbose_name_plural = _("bands of points")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("criterion", "month", "quarter", "half_year", "year"), name="emulation_band_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.points)


class EmulationScore(models.Model):
    """What was entered by hand for one unit under one criterion. A computed figure stands nowhere: it is counted."""

    criterion = models.ForeignKey(EmulationCriterion, on_delete=models.PROTECT, related_name="scores")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="emulation_scores", verbose_name=_("unit"))
    own_points = _points(_("own points"), null=True, blank=True)
    proof = models.CharField(_("proof: number and date of the document"), max_length=300, blank=True)
    own_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_points = _points(_("checked points"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = EmulationScoreQuerySet.as_manager()

    class Meta:
        ordering = ("criterion", "unit__path")
        verbose_name = _("points of a unit")
        verbose_name_plural = _("points of units")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("criterion", "unit"), name="emulation_score_once"),
            models.CheckConstraint(
                name="emulation_own_whole",
                condition=Q(own_points__isnull=True, own_by__isnull=True) | Q(own_points__gte=0, own_by__isnull=False),
            ),
            models.CheckConstraint(
                name="emulation_checked_whole",
                condition=Q(checked_points__isnull=True, checked_by__isnull=True)
                | Q(checked_points__gte=0, checked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label}: {self.criterion.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.proof, self.note = nfc(self.proof), nfc(self.note)
        super().save(*args, **kwargs)


class EmulationDispute(models.Model):
    """An objection (khiếu nại) of a unit to its points, and how it was settled by hand.

    `points` stand from then on; none: the figure stays as it was.
    """

    score = models.ForeignKey(EmulationScore, on_delete=models.PROTECT, related_name="disputes")
    text = models.TextField(_("objection"), validators=[limited_text])
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    points = _points(_("points after settling"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, validators=[limited_text])
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = EmulationDisputeQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_at", "-pk")
        verbose_name = _("objection to points")
        verbose_name_plural = _("objections to points")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("score",), condition=Q(settled_at__isnull=True), name="emulation_dispute_open_once"
            ),
            models.CheckConstraint(
                name="emulation_dispute_settled_whole",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, points__isnull=True, reason="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text, self.reason = nfc(self.text), nfc(self.reason)
        super().save(*args, **kwargs)
