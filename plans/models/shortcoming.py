"""What is wrong, and the tasks a higher body put first."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import Origin, PriorityList, ShortcomingState, Subject
from plans.models.plan import Field, Plan, Sourced
from plans.querysets import ShortcomingQuerySet
from plans.validators import limited_text, sane_year
from units.models import Unit


class Shortcoming(Sourced):
    """A shortcoming (khuyết điểm) a plan sets out to remedy.

    `state` and `remedied_on` (the day of the review since which it counts as remedied) are set by the act
    `record_review` only. One that is `merged_into` another stays in the ledger and is listed no more. `version` counts
    the acts of the ledger: a second writer is told.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shortcomings")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("field of work"),
    )
    text = models.TextField(_("text"), validators=[limited_text])
    subject = models.CharField(_("of whom"), max_length=10, choices=Subject, default=Subject.COLLECTIVE)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("person"),
        help_text=_("Whose it is, where it is a person's and the person is known here."),
    )
    cause = models.TextField(_("cause"), blank=True, validators=[limited_text])
    found_in = models.CharField(_("found in"), max_length=200, blank=True)
    origin_year = models.PositiveSmallIntegerField(_("year of origin"), null=True, blank=True, validators=sane_year)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, blank=True)
    carried_over_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_over_to",
        verbose_name=_("carried over from"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,  # a draft that is thrown away takes both with it
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    named_units = models.ManyToManyField(
        Unit, blank=True, related_name="named_in_shortcomings", verbose_name=_("units named")
    )
    state = models.CharField(_("state"), max_length=10, choices=ShortcomingState, default=ShortcomingState.OPEN)
    remedied_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.TextField(editable=False, default="")

    objects = ShortcomingQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ("plan", "ordinal")
        verbose_name = _("shortcoming")
        verbose_name_plural = _("shortcomings")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=("plan", "ordinal"),
                name="shortcoming_ordinal_once",
            ),
            models.CheckConstraint(
                name="shortcoming_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
            ),
            models.CheckConstraint(
                name="shortcoming_not_carried_from_itself",
                condition=Q(carried_over_from__isnull=True) | ~Q(carried_over_from=F("pk")),
            ),
            models.CheckConstraint(
                name="shortcoming_carried_over_says_so",
                condition=Q(carried_over_from__isnull=True) | Q(origin="carried_over"),
            ),
            models.CheckConstraint(
                name="shortcoming_person_of_a_person",
                condition=Q(person__isnull=True) | Q(subject="person"),
                violation_error_message=_(
                    "A person is named, so it is the shortcoming of a person. Choose that, or leave the person out."
                ),
            ),
        ]

    def __str__(self) -> str:
        """Return number and words; of a person the number only: this goes into logs, labels and lists of choices."""
        words = gettext("Shortcoming of a person") if self.is_personal else shortened(self.text)
        return f"{self.ordinal}. {words}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form and the search column in step; a link to an earlier plan says the origin."""
        if self.carried_over_from_id is not None:
            self.origin = Origin.CARRIED_OVER
        self.text, self.cause = nfc(self.text), nfc(self.cause)
        self.search = search_key(self.text, self.cause)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the shortcoming."""
        return reverse("plans:shortcoming", args=[self.pk])

    @property
    def is_personal(self) -> bool:
        """Return whether it is a person's: only those with the right read it."""
        return self.subject == Subject.PERSON


class PriorityTask(Sourced):
    """A task a higher body put first (nhiệm vụ trọng tâm, đột phá)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priority_tasks")
    list_kind = models.CharField(_("list"), max_length=15, choices=PriorityList, default=PriorityList.FOCUS)
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.TextField(_("text"), validators=[limited_text])
    owner = models.CharField(_("whose task"), max_length=200, blank=True)

    class Meta(Sourced.Meta):
        ordering = ("plan", "list_kind", "ordinal")
        verbose_name = _("priority task")
        verbose_name_plural = _("priority tasks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=("plan", "list_kind", "ordinal"),
                name="priority_task_ordinal_once",
            ),
        ]

    def __str__(self) -> str:
        return f"({self.ordinal}) {shortened(self.text)}"
