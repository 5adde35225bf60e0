"""Directives (văn bản chỉ đạo): what a level tells the units to roll out, and who of them has received it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.enums import DirectiveKind
from plans.lead_time import Lead, lead_of
from plans.models.paper import Paper
from plans.models.plan import Plan
from plans.models.solution import Solution
from plans.querysets import DirectiveQuerySet, DirectiveRecipientQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit, UnitKind


class Directive(Paper):
    """One directive, a draft until it is issued.

    `addressed_units` and `addressed_kinds` say who is meant; issuing makes one `DirectiveRecipient` of each unit.
    `earliest_roll_out` is the first day that keeps the lead time asked for on the day of issue: a plan that changes
    its rule later judges no old directive anew.
    """

    issuing_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="directives", verbose_name=_("issuing unit")
    )
    drafting_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="drafted_directives", verbose_name=_("drafted by")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DirectiveKind, default=DirectiveKind.LETTER)
    text = models.TextField(_("what units are to do"), blank=True, validators=[limited_text])
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="directives", verbose_name=_("plan")
    )
    solution = models.ForeignKey(
        Solution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("solution"),
    )
    addressed_units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("units addressed"))
    addressed_kinds = models.ManyToManyField(
        UnitKind, blank=True, related_name="+", verbose_name=_("every unit of these kinds")
    )
    agreed_with = models.CharField(_("agreed with"), max_length=1000, blank=True)
    rolls_out_on = models.DateField(_("roll-out from"), null=True, blank=True, validators=[sane_day])
    urgent = models.BooleanField(_("urgent"), default=False)
    urgent_reason = models.CharField(_("reason for urgency"), max_length=500, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    earliest_roll_out = models.DateField(null=True, blank=True, editable=False)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        ordering = (F("issued_on").desc(nulls_first=True), "-pk")
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("issuing_unit", "issued_on", "id"), name="directive_of_issuer"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="directive_urgent_with_reason",
                condition=Q(urgent=False, urgent_reason="") | (Q(urgent=True) & ~Q(urgent_reason="")),
                violation_error_message=_("Urgency needs its reason, and a reason belongs to what is urgent."),
            ),
            models.CheckConstraint(
                name="directive_issued_whole",
                condition=Q(
                    issued_at__isnull=True,
                    issued_by__isnull=True,
                    issued_on__isnull=True,
                    earliest_roll_out__isnull=True,
                )
                | (
                    Q(
                        issued_at__isnull=False,
                        issued_by__isnull=False,
                        issued_on__isnull=False,
                        rolls_out_on__isnull=False,
                        earliest_roll_out__isnull=False,
                    )
                    & ~Q(symbol="")
                ),
            ),
            models.CheckConstraint(
                name="directive_rolls_out_after_issue",
                condition=Q(issued_on__isnull=True) | Q(rolls_out_on__gte=F("issued_on")),
                violation_error_message=_("Units can't roll out before the issue. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="directive_solution_of_its_plan", condition=Q(solution__isnull=True) | Q(plan__isnull=False)
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form too."""
        self.text = nfc(self.text)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the directive's page."""
        return reverse("plans:directive", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Return whether it is not issued yet."""
        return self.issued_on is None

    @property
    def lead(self) -> Lead | None:
        """Return what the rule of lead time says of it; nothing of a draft."""
        if self.issued_on is None or self.rolls_out_on is None or self.earliest_roll_out is None:
            return None
        return lead_of(
            issued_on=self.issued_on,
            rolls_out_on=self.rolls_out_on,
            required=(self.earliest_roll_out - self.issued_on).days,
            urgent=self.urgent,
            reason=self.urgent_reason,
        )


class DirectiveRecipient(models.Model):
    """A unit that a directive was issued to, and the day it said that it has received it."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_directives")
    received_on = models.DateField(null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DirectiveRecipientQuerySet.as_manager()

    class Meta:
        ordering = ("unit__path",)
        verbose_name = _("recipient of a directive")
        verbose_name_plural = _("recipients of directives")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("unit",), name="directive_to_receive", condition=Q(received_on__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("directive", "unit"), name="directive_once_a_unit"),
            models.CheckConstraint(
                name="directive_received_on_and_by",
                condition=Q(received_on__isnull=True, received_by__isnull=True)
                | Q(received_on__isnull=False, received_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)
