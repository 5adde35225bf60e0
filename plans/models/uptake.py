"""Which priority tasks each unit takes up."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.enums import Uptake
from plans.models.plan import Plan
from plans.models.shortcoming import PriorityTask
from plans.querysets import TaskUptakeQuerySet
from plans.validators import limited_text
from units.models import Unit


class TaskUptake(models.Model):
    """What a unit chose about one priority task: it takes it up, in a plan of its own perhaps, or not, and why not.

    No row: the unit has not chosen. `version` grows with each choice, so that nobody chooses over another unseen.
    """

    priority_task = models.ForeignKey(
        PriorityTask, on_delete=models.CASCADE, related_name="uptakes", verbose_name=_("priority task")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="task_uptakes", verbose_name=_("unit"))
    choice = models.CharField(_("choice"), max_length=10, choices=Uptake)
    reason = models.TextField(_("why not"), blank=True, validators=[limited_text])
    own_plan = models.ForeignKey(
        Plan,
        on_delete=models.SET_NULL,  # a draft may be thrown away; the choice stays
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the unit's own plan"),
    )
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = TaskUptakeQuerySet.as_manager()

    class Meta:
        ordering = ("priority_task", "pk")
        verbose_name = _("choice of a priority task")
        verbose_name_plural = _("choices of priority tasks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("priority_task", "unit"), name="task_uptake_once"),
            models.CheckConstraint(
                name="task_uptake_not_taken_with_reason",
                condition=Q(choice="taken", reason="")
                | (Q(choice="not_taken", own_plan__isnull=True) & ~Q(reason="")),
                violation_error_message=_("Say why the unit doesn't take the task up; link a plan only if it does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label}: {self.get_choice_display()}"
