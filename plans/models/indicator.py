"""Numbers a plan wants reached (chỉ tiêu), what each unit reached, and the periods that are closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, shortened
from plans.enums import Comparator, Frequency, IndicatorKind, RollUp
from plans.models.plan import Plan, Sourced
from plans.models.solution import Schedule, Solution, SolutionGroup
from plans.querysets import IndicatorQuerySet, IndicatorResultQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit, UnitKind

LONGEST_CONDITION, LONGEST_LEVEL = 300, 100  # characters
_NOT_NEGATIVE = [MinValueValidator(Decimal(0))]
_DIGITS: dict[str, Any] = {"max_digits": 16, "decimal_places": 3}


class Indicator(Sourced):
    """A target (chỉ tiêu): what is measured, how far it must come, who gives results and how they add up.

    `value` is in `unit_of_measure`; of a ratio in percent. Results are given for each period of `frequency` from
    `start` to `due` (empty: the period of the plan), by `owner_units` and every unit in force of `owner_kinds` below
    the issuer; none named: by the issuing unit. `audience` says which persons are counted; where it has `conditions`,
    the same person must fulfil all of them. `fed_by` is the commitment whose deadlines give the results: those done of
    those owed. `cumulative` says that the periods together have to come to `value`, not each of them.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="indicators")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    group = models.ForeignKey(
        SolutionGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("group"),
    )
    solution = models.ForeignKey(
        Solution,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("solution"),
    )
    text = models.TextField(_("text"), validators=[limited_text])
    kind = models.CharField(_("what is measured"), max_length=10, choices=IndicatorKind, default=IndicatorKind.NUMBER)
    comparator = models.CharField(_("comparison"), max_length=2, choices=Comparator, default=Comparator.GE)
    value = models.DecimalField(_("target"), null=True, blank=True, validators=_NOT_NEGATIVE, **_DIGITS)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=60, blank=True)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency, default=Frequency.ONCE)
    start = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        validators=[sane_day],
        help_text=_("Empty: the first day of the plan."),
    )
    due = models.DateField(
        _("last day"), null=True, blank=True, validators=[sane_day], help_text=_("Empty: the last day of the plan.")
    )
    owner_units = models.ManyToManyField(
        Unit, blank=True, related_name="owed_indicators", verbose_name=_("units that give results")
    )
    owner_kinds = models.ManyToManyField(
        UnitKind, blank=True, related_name="owed_indicators", verbose_name=_("every unit of these kinds")
    )
    audience = models.CharField(_("persons or things counted"), max_length=300, blank=True)
    roll_up = models.CharField(_("how results add up"), max_length=12, choices=RollUp, default=RollUp.SUM)
    fed_by = models.ForeignKey(
        Schedule,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fed_indicators",
        verbose_name=_("counted from the commitment"),
    )
    cumulative = models.BooleanField(
        _("the target is for all periods together"),
        default=False,
        help_text=_("Off: the target holds for each period by itself."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ("plan", "ordinal")
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=("plan", "ordinal"), name="indicator_ordinal_once"),
            models.CheckConstraint(
                name="indicator_start_before_due",
                condition=Q(start__isnull=True) | Q(due__isnull=True) | Q(start__lte=F("due")),
                violation_error_message=_("The last day lies before the first. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="indicator_value_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
                violation_error_message=_("A target is 0 or more."),
            ),
            models.CheckConstraint(
                name="indicator_level_has_no_value",
                condition=~Q(kind="level") | Q(value__isnull=True),
                violation_error_message=_(
                    "A target in levels has no number. Empty the target, and mark the levels that reach it."
                ),
            ),
            models.CheckConstraint(
                name="indicator_roll_up_fits_kind",
                condition=(Q(kind="number") & ~Q(roll_up="weighted"))
                | (Q(kind="ratio") & ~Q(roll_up="sum"))
                | Q(kind="level", roll_up__in=("count_units", "latest", "none")),
                violation_error_message=_(
                    "Results of this kind don't add up that way: numbers have no denominators, shares can't be "
                    "summed, levels can only be counted. Choose another way."
                ),
            ),
            models.CheckConstraint(
                name="indicator_fed_is_ratio",
                condition=Q(fed_by__isnull=True) | Q(kind="ratio"),
                violation_error_message=_(
                    "Only a share can be counted from deadlines: those done of those owed. Choose the kind “Share”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {shortened(self.text)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form."""
        self.text, self.audience = nfc(self.text), nfc(self.audience)
        super().save(*args, **kwargs)


class IndicatorCondition(models.Model):
    """One of the conditions that the same person or thing must fulfil to be counted."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="conditions")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.CharField(_("condition"), max_length=LONGEST_CONDITION)

    class Meta:
        ordering = ("indicator", "ordinal")
        verbose_name = _("condition of an indicator")
        verbose_name_plural = _("conditions of indicators")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("indicator", "ordinal"), name="condition_ordinal_once"),
            models.CheckConstraint(name="condition_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class IndicatorLevel(models.Model):
    """One level of an indicator in words (tốt, khá …), the best first; `reaches` says that it fulfils the target."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="levels")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    name = models.CharField(_("name of the level"), max_length=LONGEST_LEVEL)
    reaches = models.BooleanField(_("reaches the target"), default=False)

    class Meta:
        ordering = ("indicator", "ordinal")
        verbose_name = _("level of an indicator")
        verbose_name_plural = _("levels of indicators")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("indicator", "ordinal"), name="level_ordinal_once"),
            models.UniqueConstraint(
                fields=("indicator", "name"),
                name="level_name_once",
                violation_error_message=_("This level is named twice."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IndicatorResult(models.Model):
    """What one unit reached in one period. No row: nothing was given, which is not zero.

    Of a number `value`; of a ratio `numerator` and `denominator` (0 of 0: the unit has nobody to count), never the
    percent; of a qualitative target `level`. A result is final while a `PeriodLock` of its period is in force.
    Its proof is a link or the number of a document: files belong to deadlines. `unit_path` is a copy, kept in step
    like that of a deadline.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="indicator_results", verbose_name=_("unit"))
    unit_path = models.CharField(max_length=255)
    period_start = models.DateField(_("first day"))
    period_end = models.DateField(_("last day"))
    numerator = models.DecimalField(
        _("reached (numerator)"), null=True, blank=True, validators=_NOT_NEGATIVE, **_DIGITS
    )
    denominator = models.DecimalField(
        _("of (denominator)"), null=True, blank=True, validators=_NOT_NEGATIVE, **_DIGITS
    )
    value = models.DecimalField(_("figure"), null=True, blank=True, **_DIGITS)
    level = models.ForeignKey(
        IndicatorLevel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="results",
        verbose_name=_("level reached"),
    )
    note = models.CharField(_("note"), max_length=1000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = IndicatorResultQuerySet.as_manager()

    class Meta:
        ordering = ("indicator", "period_start", "unit_path")
        verbose_name = _("result of an indicator")
        verbose_name_plural = _("results of indicators")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("unit_path", "indicator"), name="result_subtree"),
            models.Index(fields=("indicator", "period_start", "unit_path"), name="result_period"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("indicator", "unit", "period_start"), name="result_once_a_period"),
            models.CheckConstraint(name="result_period_in_order", condition=Q(period_start__lte=F("period_end"))),
            models.CheckConstraint(
                name="result_exactly_one",
                condition=Q(value__isnull=False, level__isnull=True, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, level__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, level__isnull=True, numerator__isnull=False, denominator__isnull=False),
                violation_error_message=_("Give a figure, a level, or both terms of a share."),
            ),
            models.CheckConstraint(
                name="result_terms_not_negative",
                condition=Q(numerator__isnull=True) | Q(numerator__gte=0, denominator__gte=0),
                violation_error_message=_("Both terms of a share are 0 or more."),
            ),
            models.CheckConstraint(
                name="result_share_of_something",
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0) | Q(numerator=0),
                violation_error_message=_("Of nobody, nobody can have reached it. Correct one of the two terms."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label}: {self.shown}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the copy of the path in step with the unit."""
        if not self.unit_path:
            self.unit_path = str(self.unit.path)
        super().save(*args, **kwargs)

    @property
    def shown(self) -> str:
        """Return what was given, as given."""
        if self.level_id:
            return str(self.level)
        return f"{self.numerator}/{self.denominator}" if self.value is None else str(self.value)


class PeriodLock(models.Model):
    """The results of one period of an indicator are final, until somebody reopens it with a reason.

    Rows stay: each closing and reopening can be read afterwards. At most one of a period is in force.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="locks")
    period_start = models.DateField()
    period_end = models.DateField()
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField()
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("why it was reopened"), max_length=500, blank=True)

    class Meta:
        ordering = ("indicator", "period_start", "pk")
        verbose_name = _("closed period of an indicator")
        verbose_name_plural = _("closed periods of indicators")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("indicator", "period_start"),
                name="period_locked_once",
                condition=Q(reopened_at__isnull=True),
                violation_error_message=_("This period is closed already."),
            ),
            models.CheckConstraint(
                name="lock_reopened_by_at_and_why",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Say why the period is reopened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_start:%d/%m/%Y}"
