"""What a meeting speaks about, in order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Deadline, Schedule
from reviews.enums import ItemTopic
from reviews.models.made import Made
from reviews.models.meeting import Meeting
from units.models import Unit


class AgendaItem(Made):
    """One item of an agenda.

    An item about work names one `deadline` of it: every unit that owes the same occurrence is meant. `paper` is the
    commitment by which the presenting unit owes a paper before the meeting; its last day moves with the meeting.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    title = models.CharField(_("item"), max_length=500)
    topic = models.CharField(max_length=10, choices=ItemTopic, default=ItemTopic.FREE, editable=False)
    presenter_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presented by (unit)")
    )
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("presented by (person)"),
    )  # fmt: skip
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="agenda_items"
    )
    paper = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="agenda_item"
    )

    class Meta(Made.Meta):
        ordering = ("meeting", "ordinal", "pk")
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(
                fields=("meeting", "deadline"), condition=Q(deadline__isnull=False), name="agenda_deadline_once"
            ),
            models.CheckConstraint(
                name="agenda_topic_of_deadline",
                condition=Q(topic="deadline", deadline__isnull=False)
                | (~Q(topic="deadline") & Q(deadline__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title = nfc(self.title)
        super().save(*args, **kwargs)
