"""Terms of office: numbers of papers run anew in each."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.papers.paper import KINDS
from units.models import Unit


class Term(models.Model):
    """A term of office (nhiệm kỳ) of a unit, from its congress on. Source: 29-HD/TWĐTN-VP, numbers of papers."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms", verbose_name=_("unit"))
    start = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Last day; empty: still running."))

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
        return f"{self.unit} {self.years}"

    @property
    def hangs_on(self) -> Unit:
        """Return the unit whose administrator sets the term up."""
        return self.unit

    @property
    def years(self) -> str:
        """Return "2022–2027", while it runs "2022 đến nay"."""
        if self.end is None:
            return gettext("%(year)s to date") % {"year": self.start.year}
        return f"{self.start.year}–{self.end.year}"


class FirstNumber(models.Model):
    """With which number a kind of paper goes on in a term whose papers were numbered before by hand."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="first_numbers")
    code = models.CharField(
        _("kind"), max_length=5, choices=[(code, f"{code} {name}".strip()) for code, name in KINDS.items()]
    )
    number = models.PositiveIntegerField(_("first number"), validators=[MinValueValidator(1)])

    class Meta:
        ordering = ("term", "code")
        verbose_name = _("first number of a kind")
        verbose_name_plural = _("first numbers, where papers of this term were numbered before by hand")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("term", "code"), name="first_number_once"),
            models.CheckConstraint(name="first_number_above_zero", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
