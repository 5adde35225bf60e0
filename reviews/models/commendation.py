"""Commendation proposals (đề nghị khen thưởng): who deserves it, for what, and what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.validators import limited_text, sane_day, sane_year
from reviews.enums import ProposalState
from reviews.models.made import Made
from reviews.models.one_file import OneFile, file_has_hash
from reviews.querysets import CommendationQuerySet
from units.models import Unit


class CommendationProposal(Made, OneFile):
    """A proposal to commend a unit, or a person in it. It lies `at` one level after another, up to the one asked."""

    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    proposing_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="proposed_commendations", verbose_name=_("proposed by")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="commendations", verbose_name=_("unit commended")
    )
    person = models.CharField(
        _("person commended"), max_length=150, blank=True, help_text=_("Empty: the unit itself is commended.")
    )
    award = models.CharField(_("form of commendation"), max_length=120)
    merits = models.TextField(_("merits"), validators=[limited_text])
    level = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("level that is asked to commend")
    )
    at = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("lies with"))
    file = models.FileField(upload_to="commendations/%Y", max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ProposalState, default=ProposalState.PROPOSED)
    reason = models.TextField(_("reason"), blank=True, validators=[limited_text])
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    decision_day = models.DateField(_("day of the decision"), null=True, blank=True, validators=[sane_day])
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = CommendationQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-year", "-pk")
        verbose_name = _("commendation proposal")
        verbose_name_plural = _("commendation proposals")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            file_has_hash("award_file_has_hash"),
            models.CheckConstraint(
                name="award_decided_whole",
                condition=Q(state__in=("award_proposed", "award_passed_on"), decided_at__isnull=True, reason="")
                | Q(state="award_granted", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(state="award_refused", decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason=""))
                | Q(state="award_withdrawn", decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="award_decision_has_number_and_day",
                condition=(Q(state="award_granted", decision_day__isnull=False) & ~Q(decision_number=""))
                | (Q(decision_number="", decision_day__isnull=True) & ~Q(state="award_granted")),
                violation_error_message=_("Give the number and the day of the decision."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} – {self.unit.label} {self.year}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words in normal form."""
        for name in ("person", "award", "merits", "decision_number", "reason"):
            setattr(self, name, nfc(getattr(self, name)))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the proposal."""
        return reverse("reviews:commendation", args=[self.pk])

    @property
    def nominee(self) -> str:
        """Return who is to be commended."""
        return f"{self.person} – {self.unit.label}" if self.person else str(self.unit.name)
