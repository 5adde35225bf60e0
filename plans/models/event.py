"""An event (sự kiện, mốc) that commitments hang on: a meeting, the end of an inspection, the issue of a document."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key
from plans.enums import EventKind
from plans.models.plan import Plan
from plans.querysets import EventQuerySet
from plans.validators import sane_day
from units.models import Unit


class Event(models.Model):
    """Something that happens on one day, which may not be known yet. `unit` is whose event it is: the issuer of plans.

    An event of one `plan` is what its text names; without a plan any plan of the unit may hang on it. `keeper` is
    who gives the day, besides those who manage the unit's plans. `key` is the folded name: equal words are one event
    of a plan.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events", verbose_name=_("unit"))
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind, default=EventKind.OTHER)
    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, editable=False)
    day = models.DateField(_("day"), null=True, blank=True, validators=[sane_day])
    keeper = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kept_events",
        verbose_name=_("who keeps it"),
    )
    cancelled = models.BooleanField(_("cancelled"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("cancelled", models.F("day").asc(nulls_first=True), "pk")
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("unit", "day"), name="event_unit_day")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("plan", "key"),
                condition=Q(plan__isnull=False, cancelled=False),
                name="event_once_a_plan",
                violation_error_message=_("This plan has an event of that name already. Hang the work on that one."),
            ),
            models.CheckConstraint(name="event_cancelled_with_reason", condition=Q(cancelled=False) | ~Q(reason="")),
            models.CheckConstraint(name="event_named", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name in normal form and its key in step."""
        self.name = " ".join(nfc(self.name).split())
        self.key = event_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the event's page."""
        return reverse("plans:event", args=[self.pk])


def event_key(name: str) -> str:
    """Return what two wordings of the same event have in common: letters without accents, single blanks."""
    return " ".join(search_key(name).split())[:300]
