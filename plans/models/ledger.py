"""What reviews said of shortcomings: the only source of their state."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.enums import ShortcomingState
from plans.models.shortcoming import Shortcoming
from plans.querysets import ShortcomingReviewQuerySet
from plans.validators import limited_text, sane_day


class ShortcomingReview(models.Model):
    """One review (a meeting, a paper) that says how far a shortcoming is remedied. Written once, never changed.

    `is_effectiveness_check`: looked at again some time after it was remedied; such a check may open it again.
    """

    shortcoming = models.ForeignKey(Shortcoming, on_delete=models.PROTECT, related_name="reviews")
    day = models.DateField(_("day of the review"), validators=[sane_day])
    state = models.CharField(_("state"), max_length=10, choices=ShortcomingState)
    review = models.CharField(_("meeting or paper"), max_length=200)
    document_number = models.CharField(_("number of the paper"), max_length=60, blank=True)
    note = models.TextField(_("what it found"), blank=True, validators=[limited_text])
    is_effectiveness_check = models.BooleanField(_("check of effectiveness"), default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ShortcomingReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("review of a shortcoming")
        verbose_name_plural = _("reviews of shortcomings")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("shortcoming", "-day", "-id"), name="review_of_shortcoming"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="shortcoming_review_is_named",
                condition=~Q(review=""),
                violation_error_message=_("Name the meeting or the paper that says so."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.review}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once; a later word is another review."""
        if self.pk is not None:
            msg = "A review of a shortcoming is never changed. Record another one."
            raise TypeError(msg)
        self.review, self.note = nfc(self.review), nfc(self.note)
        super().save(*args, **kwargs)
