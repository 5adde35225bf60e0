"""Days off and the ladder of reminders: data an administrator edits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from the week's rule: a public holiday, or a weekend day that is worked in exchange."""

    class Kind(models.TextChoices):
        OFF = "off", _("Day off")
        WORKING = "working", _("Worked in exchange")

    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("This day is in the calendar already. Edit that entry.")}
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OFF)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ("day",)
        verbose_name = _("special day")
        verbose_name_plural = _("calendar")

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class CalendarYear(models.Model):
    """A year whose public holidays were entered: it is filled once, so that what the office took out stays out."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    filled_at = models.DateTimeField()

    class Meta:
        ordering = ("year",)
        verbose_name = _("filled year")
        verbose_name_plural = _("filled years")

    def __str__(self) -> str:
        return str(self.year)


class ReminderLadder(models.Model):
    """When units are reminded of a deadline. A plan without a ladder of its own uses the default one."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Used by every plan that names no other ladder.")
    )
    overdue_every = models.PositiveSmallIntegerField(_("days between reminders once overdue"), default=7)
    escalate_first = models.PositiveSmallIntegerField(
        _("days late until the unit above is told"), null=True, blank=True, default=3, help_text=_("Empty: never.")
    )
    escalate_second = models.PositiveSmallIntegerField(
        _("days late until the leaders are told"), null=True, blank=True, default=7, help_text=_("Empty: never.")
    )
    mail_on_days_off = models.BooleanField(
        _("mail on days off"),
        default=False,
        help_text=_("Off: mails wait for the next working day; the page shows the notice at once."),
    )

    class Meta:
        ordering = ("-is_default", "name")
        verbose_name = _("reminder ladder")
        verbose_name_plural = _("reminder ladders")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("is_default",),
                condition=Q(is_default=True),
                name="ladder_one_default",
                violation_error_message=_("Another ladder is the default already. Take the mark off that one first."),
            ),
            models.CheckConstraint(
                name="ladder_overdue_at_least_daily",
                condition=Q(overdue_every__gte=1),
                violation_error_message=_("At least one day must lie between two reminders."),
            ),
            models.CheckConstraint(
                name="ladder_escalates_upwards",
                condition=(
                    Q(escalate_first__isnull=True, escalate_second__isnull=True)
                    | Q(escalate_first__isnull=False, escalate_first__gte=1, escalate_second__isnull=True)
                    | Q(escalate_first__isnull=False, escalate_first__gte=1, escalate_second__gt=F("escalate_first"))
                ),
                violation_error_message=_("The leaders are told after the unit above: give a larger number of days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LadderStep(models.Model):
    """One rung: so many days before the due day (0 = on the day)."""

    ladder = models.ForeignKey(ReminderLadder, on_delete=models.CASCADE, related_name="steps")
    days_before = models.PositiveSmallIntegerField(_("days before"), help_text=_("0 = on the due day itself."))

    class Meta:
        ordering = ("-days_before",)
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("ladder", "days_before"), name="ladder_step_once"),
            models.CheckConstraint(name="ladder_step_at_most_90", condition=Q(days_before__lte=90)),
        ]

    def __str__(self) -> str:
        return str(self.days_before)
