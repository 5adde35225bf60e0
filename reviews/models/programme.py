"""The standing plan of a body in a year, under which its papers and decisions are owed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from reviews.enums import BODY_CHOICES
from units.models import Unit


class WorkProgramme(models.Model):
    """The work programme (chương trình công tác) of a body for a year: a published plan that grows with its meetings.

    See docs/adr/0012-decisions-in-a-standing-plan.md.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    year = models.PositiveSmallIntegerField(_("year"))
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="programme")

    class Meta:
        ordering = ("unit__path", "body", "-year")
        verbose_name = _("work programme")
        verbose_name_plural = _("work programmes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("unit", "body", "year"), name="programme_once_a_year"),
        ]

    def __str__(self) -> str:
        return str(self.plan)
