"""Pledges (bản cam kết) of heads and deputies, one a post and year."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.validators import limited_text, sane_year
from reviews.enums import PledgeState
from reviews.models.one_file import OneFile, file_has_hash
from reviews.querysets import PledgeQuerySet
from units.models import Appointment


class Pledge(OneFile):
    """What the head of a unit or a deputy pledged for a year: a text, a file or the number of the paper.

    A missing pledge has no row. One that was returned is handed in anew in the same row; the log keeps the former.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("post and person")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=sane_year)
    text = models.TextField(_("what is pledged"), blank=True, validators=[limited_text])
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    file = models.FileField(upload_to="pledges/%Y", max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=15, choices=PledgeState, default=PledgeState.HANDED_IN)
    reason = models.TextField(_("reason"), blank=True, validators=[limited_text])
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "appointment__post__unit__path", "appointment__post__rank", "pk")
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("appointment", "year"), name="pledge_once_a_year"),
            models.CheckConstraint(
                name="pledge_says_something",
                condition=~Q(text="") | ~Q(document_number="") | ~Q(file=""),
                violation_error_message=_("Write what is pledged, attach the paper, or give its number."),
            ),
            file_has_hash("pledge_file_has_hash"),
            models.CheckConstraint(
                name="pledge_decided_whole",
                condition=Q(state="pledge_given", decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (Q(state="pledge_kept", decided_at__isnull=False, decided_by__isnull=False, reason=""))
                | (Q(state="pledge_back", decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment.user} – {self.year}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words in normal form."""
        self.text, self.document_number = nfc(self.text), nfc(self.document_number)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the pledge."""
        return reverse("reviews:pledge", args=[self.pk])
