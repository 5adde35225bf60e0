"""Difficulties (khó khăn, kiến nghị): what a unit asks the level above, which owes an answer by a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import AnswerState
from plans.models.deadline import Deadline
from plans.models.solution import Schedule
from plans.querysets import DifficultyQuerySet
from units.models import Unit


class Difficulty(models.Model):
    """One difficulty on a deadline and its answer. `answering_unit` owes it by `answer_due_on`.

    That is the nearest level above the unit, up to the issuer of the plan; each level may pass it on upwards
    (`passes`). `commitment` is the work the answering side took on with its answer, if any.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="difficulties")
    text = models.TextField(_("difficulty"), max_length=2000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField(_("raised on"))
    raised_at = models.DateTimeField()
    answering_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="owed_answers", verbose_name=_("unit that owes the answer")
    )
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
    def waits(self) -> bool:
        """Return whether it waits for an answer."""
        return self.answered_on is None

    @property
    def state(self) -> str:
        """Return where it stands, as whoever answers it must have seen it."""
        return (AnswerState.AWAITED if self.waits else AnswerState.IN_TIME).value


class DifficultyPass(models.Model):
    """A level handed a difficulty on to the level above it, with a word. `due_on` was its own last day to answer."""

    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="passes")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("words"), max_length=1000)
    due_on = models.DateField()
    passed_on = models.DateField()
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("difficulty passed on")
        verbose_name_plural = _("difficulties passed on")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("difficulty", "from_unit"), name="difficulty_passed_once_a_level"),
            models.CheckConstraint(name="difficulty_passed_with_words", condition=~Q(words="")),
            models.CheckConstraint(name="difficulty_passed_upwards", condition=~Q(from_unit=F("to_unit"))),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit.label} → {self.to_unit.label}"

    @property
    def late(self) -> bool:
        """Return whether the level handed it on after its own last day."""
        return self.passed_on > self.due_on
