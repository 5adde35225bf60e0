"""Units a plan names that were not found in the tree, until a person says which they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.models.plan import DOUBT_LENGTH, Plan
from plans.models.shortcoming import Shortcoming
from plans.models.solution import Schedule, Solution, SolutionGroup


class NameRole(models.TextChoices):
    """What the named unit is to the record."""

    LEAD = "lead", _("leads")
    SUPPORT = "support", _("supports")
    OWNER = "owner", _("owes it")
    NAMED = "named", _("is named")


class UnmatchedName(models.Model):
    """A name in the text that means no unit, or several. `doubt` is the sentence it left in the doubt of its record.

    It is open as long as that record is in doubt: who accepts or edits the record has decided.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="unmatched")
    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=250, editable=False)  # folded: the same words mean the same unit
    role = models.CharField(max_length=10, choices=NameRole)
    doubt = models.CharField(max_length=DOUBT_LENGTH, blank=True)
    shortcoming = models.ForeignKey(Shortcoming, on_delete=models.CASCADE, null=True, related_name="unmatched")
    group = models.ForeignKey(SolutionGroup, on_delete=models.CASCADE, null=True, related_name="unmatched")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, null=True, related_name="unmatched")
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, null=True, related_name="unmatched")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("unit not found")
        verbose_name_plural = _("units not found")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("plan", "key"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="unmatched_name_of_one_record",
                condition=Q(shortcoming__isnull=False, group=None, solution=None, schedule=None)
                | Q(shortcoming=None, group__isnull=False, solution=None, schedule=None)
                | Q(shortcoming=None, group=None, solution__isnull=False, schedule=None)
                | Q(shortcoming=None, group=None, solution=None, schedule__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> Shortcoming | SolutionGroup | Solution | Schedule:
        """Return the record whose value the unit should be."""
        return next(r for r in (self.shortcoming, self.group, self.solution, self.schedule) if r)
