"""Score cards of the monthly evaluation, and the rules by which a year is rated: data, no code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from reviews.enums import BODY_CHOICES, CriterionKind, RatingLevel
from reviews.models.made import Made
from reviews.querysets import ScoreCardQuerySet
from reviews.scoring import WHOLE
from units.models import Unit

PERCENT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(WHOLE)))


class ScoreCard(Made):
    """A card: the weighted criteria by which members of a body are scored from a month on.

    It may be changed until it is approved; after that a new card begins with a later month. `names_shown`: the person
    rated reads who gave an opinion.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    month = models.DateField(_("in force from (month)"))
    names_shown = models.BooleanField(_("the person rated sees who gave an opinion"), default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ScoreCardQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("unit__path", "body", "-month")
        verbose_name = _("score card")
        verbose_name_plural = _("score cards")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(
                fields=("unit", "body", "month"),
                name="score_card_once_a_month",
                violation_error_message=_(
                    "A score card of this body begins with this month already. Choose a later month."
                ),
            ),
            models.CheckConstraint(name="score_card_from_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="score_card_approved_whole",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}, {self.month:%m/%Y}"

    def get_absolute_url(self) -> str:
        """Return the card's page."""
        return reverse("reviews:score_card", args=[self.pk])


class ScoreCriterion(models.Model):
    """One criterion of a card with its weight; those of a card are 100 in all, which the acts see to."""

    card = models.ForeignKey(ScoreCard, on_delete=models.CASCADE, related_name="criteria")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    name = models.CharField(_("criterion"), max_length=200)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2, validators=PERCENT)
    kind = models.CharField(_("how it is scored"), max_length=12, choices=CriterionKind)

    class Meta:
        ordering = ("card", "ordinal")
        verbose_name = _("criterion of a score card")
        verbose_name_plural = _("criteria of score cards")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("card", "ordinal"), name="criterion_ordinal_once"),
            models.UniqueConstraint(
                fields=("card", "kind"), condition=~Q(kind="judged"), name="criterion_computed_once"
            ),
            models.CheckConstraint(name="criterion_weight_0_100", condition=Q(weight__gt=0, weight__lte=WHOLE)),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    @property
    def computed(self) -> bool:
        """Return whether the register gives the points."""
        return self.kind != CriterionKind.JUDGED


def _share(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label, max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT,
        help_text=_("In percent; empty: not asked for."),
    )  # fmt: skip


class RatingRule(models.Model):
    """What one level of a year's rating asks for; administrators change it. `cap` is a share that only warns."""

    level = models.CharField(_("level"), max_length=15, choices=RatingLevel, unique=True)
    least = models.DecimalField(_("least mean score"), max_digits=5, decimal_places=2, validators=PERCENT)
    least_done = _share(_("least share of assigned work done"))
    least_on_time = _share(_("least share of assigned work done on time"))
    least_beyond = _share(_("least share done beyond what was asked"))
    least_remedied = _share(_("least share of shortcomings remedied"))
    without_discipline = models.BooleanField(_("nobody disciplined"), default=False)
    cap = models.DecimalField(
        _("at most, of those rated one level lower"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=PERCENT, help_text=_("In percent. More are warned of and never refused."),
    )  # fmt: skip

    class Meta:
        ordering = ("-least", "pk")
        verbose_name = _("rule of rating")
        verbose_name_plural = _("rules of rating")

    def __str__(self) -> str:
        return str(self.get_level_display())
