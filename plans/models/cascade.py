"""A plan sent down: which units it was sent to, what each answers item by item, and the pilots they choose."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.enums import Dilution, ItemAnswer
from plans.models.plan import Plan
from plans.models.solution import Solution
from plans.querysets import CascadeAnswerQuerySet, PilotSlotQuerySet, PlanRecipientQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit, UnitKind

MOST_PILOTS = 20
DIGEST_LENGTH = 32


class PlanSending(models.Model):
    """One act of sending a plan down. `kinds` go on: a unit of theirs that is founded later gets the plan too."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sendings")
    kinds = models.ManyToManyField(UnitKind, blank=True, related_name="+", verbose_name=_("every unit of these kinds"))
    due_on = models.DateField(_("own plan owed by"), null=True, blank=True, validators=[sane_day])
    sent_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("plan sent down")
        verbose_name_plural = _("plans sent down")

    def __str__(self) -> str:
        return f"{self.plan} ({self.sent_on:%d/%m/%Y})"


class PlanRecipient(models.Model):
    """A unit that a plan was sent down to. `due_on`: by when its own plan is owed; `unit_path` copies the unit's.

    `own_plan` carries the plan out at the unit; it can be sent down again, so lineage has any depth.
    """

    sending = models.ForeignKey(PlanSending, on_delete=models.PROTECT, related_name="recipients")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sent_to")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_plans", verbose_name=_("unit"))
    unit_path = models.CharField(max_length=255)
    asked_on = models.DateField()
    due_on = models.DateField(_("own plan owed by"), null=True, blank=True)
    own_plan = models.ForeignKey(
        Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="carries_out", verbose_name=_("own plan")
    )

    objects = PlanRecipientQuerySet.as_manager()

    class Meta:
        ordering = ("unit_path",)
        verbose_name = _("recipient of a plan")
        verbose_name_plural = _("recipients of plans")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("plan", "unit_path"), name="plan_recipient_path"),
            models.Index(fields=("unit_path", "id"), name="plan_recipient_subtree"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("plan", "unit"), name="plan_sent_once_a_unit"),
            models.CheckConstraint(
                name="plan_recipient_own_plan_is_another",
                condition=Q(own_plan__isnull=True) | ~Q(own_plan=F("plan")),
                violation_error_message=_("A plan doesn't carry itself out. Choose another plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label}: {self.plan}"

    def get_absolute_url(self) -> str:
        """Return the page on which the unit answers."""
        return reverse("plans:cascade_answers", args=[self.pk])


class CascadeAnswer(models.Model):
    """What a unit answers to one item (solution) of the plan above.

    `text`, `number` and `last_day` are what it adapts; empty: as above. `asked_…` is the item as it was answered, and
    `digest` tells whether it is still so; `kept_digest` is the later state of the item that the unit decided not to
    follow, for `kept_reason`. `own_solution` is the item in the unit's own plan. `dilution` is empty where it asks
    for no less.
    """

    recipient = models.ForeignKey(PlanRecipient, on_delete=models.PROTECT, related_name="answers")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="cascade_answers")
    answer = models.CharField(_("answer"), max_length=14, choices=ItemAnswer)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    text = models.TextField(_("own words"), blank=True, validators=[limited_text])
    number = models.DecimalField(_("own number"), max_digits=14, decimal_places=2, null=True, blank=True)
    last_day = models.DateField(_("own last day"), null=True, blank=True, validators=[sane_day])
    own_solution = models.ForeignKey(
        Solution, on_delete=models.SET_NULL, null=True, blank=True, related_name="answers_above"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH)
    asked_text = models.TextField()
    asked_when = models.TextField(blank=True)
    asked_number = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    asked_day = models.DateField(null=True, blank=True)
    dilution = models.CharField(_("asks for less"), max_length=14, choices=Dilution, blank=True)
    kept_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    kept_reason = models.CharField(_("why it stays as it is"), max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CascadeAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("recipient", "solution__ordinal")
        verbose_name = _("answer to an item")
        verbose_name_plural = _("answers to items")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("recipient", "solution"), name="cascade_answer_once"),
            models.CheckConstraint(
                name="cascade_not_applicable_with_reason",
                condition=~Q(answer="not_applicable", reason=""),
                violation_error_message=_("Say why it does not apply to the unit."),
            ),
            models.CheckConstraint(
                name="cascade_adapted_says_what",
                condition=~Q(answer="adapted", text="", number__isnull=True, last_day__isnull=True),
                violation_error_message=_("Say what is adapted: the words, the number or the day."),
            ),
            models.CheckConstraint(
                name="cascade_kept_with_reason",
                condition=Q(kept_digest="", kept_reason="") | (~Q(kept_digest="") & ~Q(kept_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient.unit.label}: {self.solution}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words in normal form."""
        self.text, self.reason, self.kept_reason = nfc(self.text), nfc(self.reason), nfc(self.kept_reason)
        super().save(*args, **kwargs)


class PilotSlot(models.Model):
    """Pilots that every unit of a kind must choose among the units below it: "each district picks one pilot"."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="pilot_slots")
    words = models.CharField(
        _("pilot"), max_length=300, help_text=_("What is piloted, such as: one OCOP pilot union.")
    )
    kind = models.ForeignKey(
        UnitKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("chosen by every unit of this kind")
    )
    count = models.PositiveSmallIntegerField(
        _("how many each unit chooses"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PILOTS)],
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = PilotSlotQuerySet.as_manager()

    class Meta:
        ordering = ("solution__ordinal", "pk")
        verbose_name = _("pilot to choose")
        verbose_name_plural = _("pilots to choose")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("solution", "kind", "words"), name="pilot_slot_once"),
            models.CheckConstraint(name="pilot_slot_asks_for_some", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return self.words


class PilotChoice(models.Model):
    """A unit that was chosen as a pilot by the unit that has to choose."""

    slot = models.ForeignKey(PilotSlot, on_delete=models.PROTECT, related_name="choices")
    recipient = models.ForeignKey(PlanRecipient, on_delete=models.PROTECT, related_name="pilots")
    chosen = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="chosen_as_pilot", verbose_name=_("unit chosen")
    )
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ("slot", "chosen__path")
        verbose_name = _("pilot chosen")
        verbose_name_plural = _("pilots chosen")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("slot", "recipient", "chosen"), name="pilot_chosen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slot}: {self.chosen}"
