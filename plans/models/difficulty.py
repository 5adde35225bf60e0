"""Difficulties (khó khăn, kiến nghị): what a unit asks the level above, which owes an answer by a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import AnswerState
from plans.models.deadline import Deadline
from plans.models.solution import Schedule
from plans.querysets import DifficultyQuerySet


class Difficulty(models.Model):
    """One difficulty on a deadline and its answer. The issuer of the plan answers by `answer_due_on`.

    `commitment` is the work the answering side took on with its answer, if any.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="difficulties")
    text = models.TextField(_("difficulty"), max_length=2000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField(_("raised on"))
    raised_at = models.DateTimeField()
    answer_due_on = models.DateField(_("answer due"))
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    commitment = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("commitment")
    )
    search = models.TextField(editable=False, default="")

    objects = DifficultyQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_at", "-pk")
        verbose_name = _("difficulty")
        verbose_name_plural = _("difficulties")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("answer_due_on", "id"), name="difficulty_open", condition=Q(answered_on__isnull=True)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="difficulty_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="difficulty_answered_on_by_and_words",
                condition=Q(answered_on__isnull=True, answered_by__isnull=True, answer="", commitment__isnull=True)
                | (Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return shortened(self.text)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form and the search column in step."""
        self.text = nfc(self.text)
        self.search = search_key(self.text)
        super().save(*args, **kwargs)

    @property
    def state(self) -> str:
        """Return where the request stands, as whoever answers it must have seen it."""
        return (AnswerState.AWAITED if self.answered_on is None else AnswerState.IN_TIME).value
