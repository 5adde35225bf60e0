"""A plan as issued, what it cites, and the document it was read from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key
from plans.enums import PlanKind, PlanStatus
from plans.lead_time import LEAD_DAYS, MOST_LEAD_DAYS
from plans.models.calendar import ReminderLadder
from plans.querysets import FieldQuerySet, PlanQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit

DOUBT_LENGTH = 500


class Sourced(models.Model):
    """A record read from a document: its paragraph (from 0) and the characters of its words there.

    `doubt` says why the reader was unsure; empty once a person has looked at the record. `settled` is the doubt that
    person settled: progress counts it, and an acceptance can be taken back.
    """

    source_paragraph = models.PositiveIntegerField(null=True, blank=True, editable=False)
    source_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    source_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    doubt = models.CharField(max_length=DOUBT_LENGTH, blank=True, editable=False)
    settled = models.CharField(max_length=DOUBT_LENGTH, blank=True, editable=False, default="")

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="%(class)s_source_whole",
                condition=Q(source_paragraph__isnull=True, source_start__isnull=True, source_end__isnull=True)
                | Q(source_paragraph__isnull=False, source_start__lte=F("source_end")),
            )
        ]


class Field(models.Model):
    """A field of work (lĩnh vực) as a union names it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="fields", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)

    objects = FieldQuerySet.as_manager()

    class Meta:
        ordering = ("unit__path", "name")
        verbose_name = _("field of work")
        verbose_name_plural = _("fields of work")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("unit", "name"),
                name="field_once_a_unit",
                violation_error_message=_("This unit has a field of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A plan (kế hoạch): issued by a unit for a period, drafted, published, closed."""

    kind = models.CharField(_("kind"), max_length=30, choices=PlanKind, default=PlanKind.OTHER)
    title = models.CharField(_("title"), max_length=500)
    symbol = models.CharField(
        _("number and symbol"),
        max_length=60,
        blank=True,
        help_text=_("As printed, such as 245-KH/TĐTN-TCKT; empty if it has none yet."),
    )
    number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    symbol_kind = models.CharField(max_length=10, blank=True, editable=False)
    symbol_body = models.CharField(max_length=20, blank=True, editable=False)
    symbol_department = models.CharField(max_length=30, blank=True, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    place = models.CharField(_("place"), max_length=100, blank=True)
    issuing_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="plans", verbose_name=_("issuing unit")
    )
    issuing_body = models.CharField(_("issuing body"), max_length=200, blank=True)
    signer_authority = models.CharField(_("signed for"), max_length=200, blank=True)
    signer_title = models.CharField(_("signer's post"), max_length=120, blank=True)
    signer_name = models.CharField(_("signer"), max_length=120, blank=True)
    recipients = models.TextField(_("recipients"), blank=True, validators=[limited_text])
    period_start = models.DateField(_("period from"), null=True, blank=True, validators=[sane_day])
    period_end = models.DateField(
        _("period to"), null=True, blank=True, validators=[sane_day], help_text=_("Empty: open end.")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("plan above")
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="copies"
    )
    coordinating_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coordinated_plans",
        verbose_name=_("coordinating unit"),
    )
    ladder = models.ForeignKey(
        ReminderLadder, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("reminder ladder")
    )
    days_off_move = models.BooleanField(
        _("a day off moves to the next working day"),
        default=False,
        help_text=_("Deadlines on a weekend or public holiday are due on the next working day of the calendar."),
    )
    directive_lead_days = models.PositiveSmallIntegerField(
        _("days between issue and roll-out of directives"),
        default=LEAD_DAYS,
        validators=[MaxValueValidator(MOST_LEAD_DAYS)],
        help_text=_("Directives under this plan are issued so many days before units roll them out. Empty: 7."),
    )
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    #: Stands without a document and grows with what a body decides.
    is_programme = models.BooleanField(default=False, editable=False)
    search = models.CharField(max_length=600, editable=False, default="")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-pk")
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("status", "-issued_on", "-id")),
            models.Index(fields=("issuing_unit", "status")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="plan_period_in_order",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                violation_error_message=_("The period ends before it begins. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="plan_published_at_and_by",
                condition=Q(status="draft", published_at__isnull=True, published_by__isnull=True)
                | (~Q(status="draft") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="plan_closed_at_and_by",
                condition=(~Q(status="closed") & Q(closed_at__isnull=True, closed_by__isnull=True))
                | Q(status="closed", closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                violation_error_message=_("A plan can't stand above itself. Choose another plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} – {self.title}" if self.symbol else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form and the search column in step."""
        self.title, self.symbol = nfc(self.title), nfc(self.symbol)
        self.search = search_key(self.symbol, self.title)[:600]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the plan's page: the check page while it is a draft."""
        name = "plans:check" if self.status == PlanStatus.DRAFT else "plans:plan"
        return reverse(name, args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Return whether the plan is not published yet."""
        return self.status == PlanStatus.DRAFT


class PlanReference(Sourced):
    """A document the plan cites (căn cứ)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    symbol = models.CharField(_("number and symbol"), max_length=60)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)

    class Meta(Sourced.Meta):
        ordering = ("pk",)
        verbose_name = _("cited document")
        verbose_name_plural = _("cited documents")

    def __str__(self) -> str:
        return self.symbol


class PlanDocument(models.Model):
    """The file a plan was read from, and its paragraphs.

    `paragraphs` is a list of {"text", "line", "role", "level", "marker"} in order: spans of records count there.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="document")
    file = models.FileField(upload_to="plans/%Y", max_length=200)
    original_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    paragraphs = models.JSONField(default=list)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("document of a plan")
        verbose_name_plural = _("documents of plans")

    def __str__(self) -> str:
        return self.original_name
