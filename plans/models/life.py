"""The life of a plan beside its records: agreement to a draft, amendments, versions of records, how it was closed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.enums import OpenWork, SignState, VersionOf
from plans.models.plan import Plan
from plans.querysets import RecordVersionQuerySet, SignOffQuerySet
from plans.validators import limited_text, sane_day
from units.models import Unit


class SignOff(models.Model):
    """A leader of the issuer is asked to agree to a draft, and what the leader said.

    `asked_of` is whom it was put before; nobody: any leader of the issuer. `digest` is that of the records that were
    agreed to (`plans.plan_digest`): with another one the agreement is of no use any more.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sign_offs")
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put before"),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=SignState, default=SignState.ASKED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("agreement to a draft")
        verbose_name_plural = _("agreements to drafts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(state="sign_asked"),
                name="sign_off_waits_once",
                violation_error_message=_("This draft waits for agreement already."),
            ),
            models.CheckConstraint(
                name="sign_off_decided_whole",
                condition=Q(state="sign_asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="sign_asked") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="sign_off_not_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody agrees to what they put forward themselves."),
            ),
            models.CheckConstraint(
                name="sign_off_agreed_to_something", condition=~Q(state="sign_agreed") | ~Q(digest="")
            ),
            models.CheckConstraint(
                name="sign_off_sent_back_with_reason",
                condition=~Q(state="sign_sent_back") | ~Q(reason=""),
                violation_error_message=_("Say what has to be changed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.plan)

    def get_absolute_url(self) -> str:
        """Return the page on which a leader reads the draft and decides."""
        return reverse("plans:sign_off", args=[self.pk])


class PlanAmendment(models.Model):
    """A change of a published plan under one document: open while changes are made, then issued with its number."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="amendments")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    title = models.CharField(_("title"), max_length=500)
    reason = models.TextField(_("reason"), validators=[limited_text])
    symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=[sane_day])
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("plan", "ordinal")
        verbose_name = _("amendment of a plan")
        verbose_name_plural = _("amendments of plans")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("plan", "ordinal"), name="amendment_ordinal_once"),
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(issued_at__isnull=True),
                name="amendment_open_once",
                violation_error_message=_("An amendment of this plan is open already. Go on with that one."),
            ),
            models.CheckConstraint(
                name="amendment_issued_whole",
                condition=Q(issued_at__isnull=True, issued_by__isnull=True, issued_on__isnull=True, symbol="")
                | (Q(issued_at__isnull=False, issued_by__isnull=False, issued_on__isnull=False) & ~Q(symbol="")),
            ),
        ]

    def __str__(self) -> str:
        return self.symbol or self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.title, self.reason, self.symbol = nfc(self.title), nfc(self.reason), nfc(self.symbol)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the amendment's page: what it changes, before and after."""
        return reverse("plans:amendment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether changes can still be made under it."""
        return self.issued_at is None


class RecordVersion(models.Model):
    """What one act changed in one record of a published plan: the values before and after, in words.

    `before` is empty for a record that was added, `after` for one that was dropped. `effects` counts what became of
    deadlines; `unit` is the one unit concerned, where it is no matter of the others. Differences and "as of a day" are
    read from here; a record without rows has always been as it is.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=12, choices=VersionOf)
    record_id = models.BigIntegerField()  # no foreign key: one table for all kinds
    label = models.CharField(max_length=300)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    effects = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    amendment = models.ForeignKey(
        PlanAmendment, on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )

    objects = RecordVersionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("version of a record")
        verbose_name_plural = _("versions of records")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("plan", "at"), name="version_plan"),
            models.Index(fields=("kind", "record_id", "at"), name="version_record"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="version_with_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.label


class PlanClosing(models.Model):
    """A plan was closed with its final report, and perhaps opened again.

    The report is a file, a link, or the number and day of a document: exactly one. `open_work` is what was decided
    about the `open_count` deadlines nobody had handed in.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="closings")
    file = models.FileField(upload_to="plans/%Y", max_length=200, blank=True)
    original_name = models.CharField(max_length=255, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    document_day = models.DateField(_("day of the document"), null=True, blank=True, validators=[sane_day])
    open_work = models.CharField(max_length=10, choices=OpenWork, blank=True)
    open_count = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopen_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("closing of a plan")
        verbose_name_plural = _("closings of plans")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="closing_one_report",
                condition=(~Q(file="") & ~Q(sha256="") & Q(size__isnull=False, link="", document_number=""))
                | (~Q(link="") & Q(file="", document_number=""))
                | (~Q(document_number="") & Q(document_day__isnull=False, file="", link="")),
                violation_error_message=_("Give exactly one of file, link and document number."),
            ),
            models.CheckConstraint(
                name="closing_decides_open_work",
                condition=Q(open_count=0) | ~Q(open_work=""),
                violation_error_message=_("Say what becomes of the open work."),
            ),
            models.CheckConstraint(
                name="closing_reopened_whole",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopen_reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopen_reason="")),
            ),
            models.UniqueConstraint(
                fields=("plan",), condition=Q(reopened_at__isnull=True), name="closing_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or self.document_number or self.link
