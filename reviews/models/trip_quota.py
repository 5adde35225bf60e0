"""Quotas of days at the grassroots, as data: how many, by when, for whom, what counts."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.validators import sane_day, sane_year
from reviews.enums import QuotaMeasure, QuotaScope, TripKind
from reviews.models.made import Made
from reviews.querysets import FieldTripQuotaQuerySet
from reviews.quota import Quota
from units.models import Post, Unit

DAYS_OF_MONTH: Final = 30
#: What holds where a unit has no quota for the year: days for registering ahead, days for the report.
REGISTER_AHEAD, REPORT_DAYS = 1, 5
MOST_DAYS: Final = 366


class FieldTripQuota(Made):
    """So many days at the grassroots in a year, of each person or of a group jointly.

    `kinds` are the kinds of trip that count, none: all. `until` is the last day that counts: "trước ngày 15/12" is
    14/12. It also says by when trips of a quarter are registered and when the report is owed.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="trip_quotas", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    name = models.CharField(_("name"), max_length=200)
    amount = models.PositiveSmallIntegerField(
        _("amount"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    measure = models.CharField(_("measured in"), max_length=10, choices=QuotaMeasure, default=QuotaMeasure.DAYS)
    until = models.DateField(_("last day that counts"), validators=[sane_day])
    joint = models.BooleanField(_("owed jointly"), default=False)
    scope = models.CharField(_("holds for"), max_length=10, choices=QuotaScope, default=QuotaScope.STAFF)
    body = models.CharField(_("body"), max_length=30, choices=Post.Body, blank=True)
    full_time = models.BooleanField(_("full-time posts only"), default=False)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("persons"))
    kinds = models.JSONField(_("kinds of trip that count"), default=list, blank=True)
    register_ahead = models.PositiveSmallIntegerField(
        _("registered so many days before the quarter"), default=REGISTER_AHEAD, validators=[MaxValueValidator(90)]
    )
    report_days = models.PositiveSmallIntegerField(
        _("report owed so many days after the trip"), default=REPORT_DAYS, validators=[MaxValueValidator(90)]
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FieldTripQuotaQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-year", "unit__path", "name")
        verbose_name = _("quota of days at the grassroots")
        verbose_name_plural = _("quotas of days at the grassroots")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(
                fields=("unit", "year", "name"),
                name="trip_quota_once",
                violation_error_message=_("The unit has a quota of this name in this year. Choose another name."),
            ),
            models.CheckConstraint(name="trip_quota_some_days", condition=Q(amount__gte=1)),
            models.CheckConstraint(
                name="trip_quota_body_of_scope",
                condition=(Q(scope="body") & ~Q(body="")) | (~Q(scope="body") & Q(body="")),
                violation_error_message=_("Name the body whose members the quota holds for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page on which the quota is held against the trips."""
        return reverse("reviews:trip_quota", args=[self.pk])

    @property
    def days(self) -> int:
        """Return the quota in days."""
        return int(self.amount) * (DAYS_OF_MONTH if self.measure == QuotaMeasure.MONTHS else 1)

    @property
    def counting(self) -> list[str]:
        """Return the kinds of trip that count."""
        return [kind for kind in TripKind.values if not self.kinds or kind in self.kinds]

    @property
    def value(self) -> Quota:
        """Return the quota as the pure rules take it."""
        return Quota(self.days, dt.date(self.year, 1, 1), self.until)

    @property
    def counting_words(self) -> list[str]:
        """Return the kinds that count in words; empty: all."""
        return [str(TripKind(kind).label) for kind in self.counting] if self.kinds else []
