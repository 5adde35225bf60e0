"""Provincial activities (hoạt động cấp tỉnh): none is issued before the standing body has given its opinion."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.enums import ActivityState, Opinion
from plans.models.paper import Paper
from plans.models.plan import Plan
from plans.querysets import ActivityQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit


class Activity(Paper):
    """An activity a union holds: drafted, commented on by the departments, agreed by the standing body, issued.

    `opinion…` is what the standing body said last; a changed draft has none. Earlier opinions stand in the log.
    """

    issuing_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="activities", verbose_name=_("issuing unit")
    )
    drafting_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="drafted_activities", verbose_name=_("drafted by")
    )
    host_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_activities",
        verbose_name=_("host unit"),
    )  # fmt: skip
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("plan")
    )
    text = models.TextField(_("content"), validators=[limited_text])
    held_on = models.DateField(_("held on"), null=True, blank=True, validators=[sane_day])
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion, blank=True)
    opinion_text = models.TextField(_("words of the opinion"), max_length=4000, blank=True)
    opinion_symbol = models.CharField(_("number of its document"), max_length=60, blank=True)
    opinion_on = models.DateField(_("given on"), null=True, blank=True, validators=[sane_day])
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("provincial activity")
        verbose_name_plural = _("provincial activities")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("issuing_unit", "issued_on", "id"), name="activity_of_issuer"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="activity_opinion_whole",
                condition=Q(
                    opinion="", opinion_text="", opinion_symbol="", opinion_on__isnull=True, opinion_by__isnull=True
                )
                | (~Q(opinion="") & ~Q(opinion_text="") & Q(opinion_on__isnull=False, opinion_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="activity_opinion_not_of_the_drafter",
                condition=Q(opinion_by__isnull=True) | ~Q(opinion_by=F("created_by")),
            ),
            models.CheckConstraint(
                name="activity_issued_after_the_opinion",
                condition=Q(issued_on__isnull=True)
                | Q(opinion=Opinion.AGREED, opinion_on__isnull=False, issued_on__gte=F("opinion_on")),
                violation_error_message=_("The standing body has to agree before the plan of an activity is issued."),
            ),
            models.CheckConstraint(
                name="activity_issued_whole",
                condition=Q(issued_on__isnull=True, issued_by__isnull=True, symbol="")
                | (Q(issued_on__isnull=False, issued_by__isnull=False, host_unit__isnull=False) & ~Q(symbol="")),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form too."""
        self.text = nfc(self.text)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the activity's page."""
        return reverse("plans:activity", args=[self.pk])

    @property
    def state(self) -> ActivityState:
        """Return where it stands on its way to being issued."""
        if self.issued_on:
            return ActivityState.ISSUED
        said = {Opinion.AGREED: ActivityState.AGREED, Opinion.REVISE: ActivityState.REVISE}
        return said[Opinion(self.opinion)] if self.opinion else ActivityState.AWAITED


class ActivityComment(models.Model):
    """What a department says about a draft."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="comments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("department"))
    text = models.TextField(_("comment"), max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("comment on an activity")
        verbose_name_plural = _("comments on activities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="activity_comment_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return gettext("Comment of %(unit)s") % {"unit": self.unit}
