"""What is wrong, and the tasks a higher body put first."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import shortened
from plans.enums import PriorityList, ShortcomingState, Subject
from plans.models.plan import Field, Plan, Sourced
from plans.validators import limited_text, sane_year
from units.models import Unit


class Shortcoming(Sourced):
    """A shortcoming (khuyết điểm) a plan sets out to remedy."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shortcomings")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("field of work"),
    )
    text = models.TextField(_("text"), validators=[limited_text])
    subject = models.CharField(_("of whom"), max_length=10, choices=Subject, default=Subject.COLLECTIVE)
    found_in = models.CharField(_("found in"), max_length=200, blank=True)
    origin_year = models.PositiveSmallIntegerField(_("year of origin"), null=True, blank=True, validators=sane_year)
    carried_over_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_over_to",
        verbose_name=_("carried over from"),
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    named_units = models.ManyToManyField(
        Unit, blank=True, related_name="named_in_shortcomings", verbose_name=_("units named")
    )
    state = models.CharField(_("state"), max_length=10, choices=ShortcomingState, default=ShortcomingState.OPEN)

    class Meta(Sourced.Meta):
        ordering = ("plan", "ordinal")
        verbose_name = _("shortcoming")
        verbose_name_plural = _("shortcomings")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=("plan", "ordinal"),
                name="shortcoming_ordinal_once",
            ),
            models.CheckConstraint(
                name="shortcoming_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
            ),
            models.CheckConstraint(
                name="shortcoming_not_carried_from_itself",
                condition=Q(carried_over_from__isnull=True) | ~Q(carried_over_from=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {shortened(self.text)}"


class PriorityTask(Sourced):
    """A task a higher body put first (nhiệm vụ trọng tâm, đột phá)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priority_tasks")
    list_kind = models.CharField(_("list"), max_length=15, choices=PriorityList, default=PriorityList.FOCUS)
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.TextField(_("text"), validators=[limited_text])
    owner = models.CharField(_("whose task"), max_length=200, blank=True)

    class Meta(Sourced.Meta):
        ordering = ("plan", "list_kind", "ordinal")
        verbose_name = _("priority task")
        verbose_name_plural = _("priority tasks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=("plan", "list_kind", "ordinal"),
                name="priority_task_ordinal_once",
            ),
        ]

    def __str__(self) -> str:
        return f"({self.ordinal}) {shortened(self.text)}"
