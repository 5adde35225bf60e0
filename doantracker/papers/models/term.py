"""Terms of office: numbers of papers run anew in each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from units.models import Unit


class Term(models.Model):
    """A term of office (nhiệm kỳ) of a unit, from its congress on. Source: 29-HD/TWĐTN-VP, numbers of papers."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms", verbose_name=_("unit"))
    start = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Last day; empty: still running."))
    first_number = models.PositiveIntegerField(
        _("first number"),
        default=1,
        help_text=_("Where papers of this term were numbered before by hand: the number to go on with."),
    )

    class Meta:
        ordering = ("unit", "-start")
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("unit", "start"), name="term_begins_once"),
            models.CheckConstraint(
                name="term_start_before_end",
                condition=Q(end__isnull=True) | Q(start__lte=F("end")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.start.year}–{self.end.year if self.end else ''}"
