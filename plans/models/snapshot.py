"""What the figures were on a day: kept, because the register only knows how things stand now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models.plan import Plan
from plans.querysets import SnapshotQuerySet, UnitSnapshotQuerySet
from units.models import Unit


class DayFigures(models.Model):
    """Counts as of one day; `in_time` and `done_no_date` as in `plans.statistics.Figures`."""

    total = models.PositiveIntegerField()
    done_on_time = models.PositiveIntegerField()
    done_late = models.PositiveIntegerField()
    done_no_date = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    no_date = models.PositiveIntegerField()

    class Meta:
        abstract = True


class Snapshot(DayFigures):
    """The figures of one unit's own work in one plan on one day; a subtree is the sum over a range of paths.

    Taken once a day, before or while people work: the first reading of the day stays. `unit_path` is a copy, kept in
    step like that of a deadline.
    """

    day = models.DateField(_("day"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    unit_path = models.CharField(max_length=255)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+", verbose_name=_("plan"))

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("unit_path", "day"), name="snapshot_subtree"),
            models.Index(fields=("plan", "day"), name="snapshot_plan"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("day", "unit", "plan"), name="snapshot_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.unit_path}"


class UnitSnapshot(DayFigures):
    """The figures of one unit with all below it, in every plan followed up, on one day: what trends are drawn from.

    Added up once from the `Snapshot` rows of the day, so that a trend reads one row a day however large the unit is.
    A unit that moves takes its own rows along; what the units above it counted that day stays as it was.
    """

    day = models.DateField(_("day"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))

    objects = UnitSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        verbose_name = _("figures of a unit on a day")
        verbose_name_plural = _("figures of units on days")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("unit", "day"), name="unit_snapshot_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.unit}"
