"""What belongs to one visit: the items looked at, what the unit asks the team for, what was concluded."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Solution
from plans.validators import limited_text, sane_day
from reviews.enums import Finding
from reviews.models.checklist import LONGEST_HEAD, LONGEST_ITEM
from reviews.models.inspection import InspectionVisit
from reviews.models.made import Made
from reviews.querysets import ConclusionQuerySet, VisitRequestQuerySet


class VisitItem(models.Model):
    """An item of the checklist as it was when the inspection was announced, with what the team found."""

    visit = models.ForeignKey(InspectionVisit, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    head = models.CharField(_("heading"), max_length=LONGEST_HEAD, blank=True)
    text = models.CharField(_("what is looked at"), max_length=LONGEST_ITEM)
    finding = models.CharField(_("finding"), max_length=25, choices=Finding, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("visit", "ordinal")
        verbose_name = _("item looked at")
        verbose_name_plural = _("items looked at")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("visit", "ordinal"), name="visit_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.note = nfc(self.note)
        super().save(*args, **kwargs)


class VisitRequest(Made):
    """What a unit asks the team for (kiến nghị, đề xuất), and the answer."""

    visit = models.ForeignKey(InspectionVisit, on_delete=models.PROTECT, related_name="requests")
    text = models.TextField(_("request"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = VisitRequestQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("visit", "pk")
        verbose_name = _("request to the team")
        verbose_name_plural = _("requests to teams")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(name="visit_request_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="visit_request_answered_whole",
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.visit)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text, self.answer = nfc(self.text), nfc(self.answer)
        super().save(*args, **kwargs)


class Conclusion(Made):
    """A conclusion (kết luận) about one unit, followed by a named member until it is closed.

    A draft until the conclusions are issued; then its `solution` is owed by the unit, and its words stand in both.
    """

    visit = models.ForeignKey(InspectionVisit, on_delete=models.PROTECT, related_name="conclusions")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.TextField(_("what is concluded"), validators=[limited_text])
    due = models.DateField(_("last day"), validators=[sane_day])
    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("followed by")
    )
    solution = models.OneToOneField(
        Solution, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="conclusion"
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    closing_words = models.CharField(_("words at closing"), max_length=1000, blank=True)

    objects = ConclusionQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("visit", "ordinal")
        verbose_name = _("conclusion of an inspection")
        verbose_name_plural = _("conclusions of inspections")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(fields=("visit", "ordinal"), name="conclusion_ordinal_once"),
            models.CheckConstraint(
                name="conclusion_closed_whole",
                condition=Q(closed_on__isnull=True, closed_by__isnull=True, closing_words="")
                | Q(closed_on__isnull=False, closed_by__isnull=False, solution__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} – {self.visit.unit.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text, self.closing_words = nfc(self.text), nfc(self.closing_words)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the conclusion's page."""
        return reverse("reviews:conclusion", args=[self.pk])
