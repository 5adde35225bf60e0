"""What a meeting decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models import Solution
from reviews.models.agenda import AgendaItem
from reviews.models.made import Made
from reviews.models.meeting import Meeting


class Decision(Made):
    """A decision (kết luận) of a meeting: its words, who leads and by when stand in the solution it became."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions",
        verbose_name=_("item of the agenda"),
    )  # fmt: skip
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    solution = models.OneToOneField(Solution, on_delete=models.PROTECT, related_name="decision")

    class Meta(Made.Meta):
        ordering = ("meeting", "ordinal")
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(fields=("meeting", "ordinal"), name="decision_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.solution.text}"
