"""The one register of follow-up: what each unit owes, by when, and how it answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import DONE, OPEN, Outcome, Status
from plans.models.plan import Plan
from plans.models.solution import Schedule, Solution
from plans.querysets import DeadlineQuerySet, EvidenceQuerySet, ProgressReportQuerySet
from units.models import Unit

OUTCOME = Case(
    When(status=Status.CANCELLED, then=Value(Outcome.CANCELLED.value)),
    When(status=Status.ON_HOLD, then=Value(Outcome.ON_HOLD.value)),
    When(status__in=DONE, due_on__isnull=True, then=Value(Outcome.DONE_NO_DATE.value)),
    When(status__in=DONE, reported_on__lte=F("due_on"), then=Value(Outcome.DONE_ON_TIME.value)),
    When(status__in=DONE, then=Value(Outcome.DONE_LATE.value)),
    When(due_on__isnull=True, then=Value(Outcome.OPEN_NO_DATE.value)),
    default=Value(Outcome.OPEN_DATED.value),
)


class Deadline(models.Model):
    """One unit's obligation under one schedule by one day, or none yet. One row per unit and occurrence.

    `anchored_on` is the last day that the event or commitment it hangs on gave it: while `due_on` equals it, the
    deadline follows its anchor; otherwise somebody gave it a day of its own.
    `occurrence` names it ("2026-03", "2026-Q1", "once"). `unit_path`, `plan` and `solution` are copies, so that lists
    and counts of a subtree never join the tree. `remind_on` is the next day the sweep
    looks at the row, `reminded_on` the last day it did. `escalated` is the level up the line of
    posts that has been told. Lateness up to `excused_until` has an objective cause (`excuse`) that the level above
    confirmed. On hold: since `held_on`, up to and including `held_until` (None: until somebody resumes it), for
    `hold_reason`; `held_status` is the status it goes back to. `resumed_on` is the day the ladder began anew.
    `outcome` is kept by the database: counts of a whole province read it from an index instead of asking every row.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="deadlines")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="deadlines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="deadlines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deadlines", verbose_name=_("unit"))
    unit_path = models.CharField(max_length=255)
    occurrence = models.CharField(max_length=12)
    period_start = models.DateField(null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    anchored_on = models.DateField(null=True, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ASSIGNED)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(
        _("reason"), max_length=500, blank=True, help_text=_("Why it was returned or cancelled.")
    )
    excused_until = models.DateField(null=True, blank=True)
    excuse = models.CharField(_("objective cause"), max_length=1000, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_on = models.DateField(_("on hold since"), null=True, blank=True)
    held_until = models.DateField(_("on hold until"), null=True, blank=True)
    held_status = models.CharField(max_length=12, choices=Status, blank=True, editable=False)
    hold_reason = models.CharField(_("why it is on hold"), max_length=500, blank=True)
    resumed_on = models.DateField(null=True, blank=True, editable=False)
    remind_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    escalated = models.PositiveSmallIntegerField(default=0, editable=False)
    escalated_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    outcome = models.GeneratedField(expression=OUTCOME, output_field=models.SmallIntegerField(), db_persist=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("remind_on",), name="deadline_remind", condition=Q(status__in=OPEN)),
            models.Index(fields=("escalated", "due_on"), name="deadline_escalate", condition=Q(status__in=OPEN)),
            models.Index(fields=("due_on", "id"), name="deadline_open", condition=Q(status__in=OPEN)),
            models.Index(fields=("unit_path", "due_on", "id"), name="deadline_subtree"),
            models.Index(fields=("unit_path", "outcome", "due_on", "plan"), name="deadline_outcome"),
            models.Index(fields=("unit", "status", "due_on"), name="deadline_unit"),
            models.Index(fields=("plan", "unit"), name="deadline_plan"),
            models.Index(fields=("status", "reported_on"), name="deadline_waiting", condition=Q(status="submitted")),
            models.Index(fields=("held_until",), name="deadline_held", condition=Q(status="on_hold")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("schedule", "unit", "occurrence"), name="deadline_once"),
            models.CheckConstraint(name="deadline_percent_0_100", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="deadline_start_before_due",
                condition=Q(period_start__isnull=True) | Q(due_on__isnull=True) | Q(period_start__lte=F("due_on")),
            ),
            models.CheckConstraint(
                name="deadline_done_is_reported",
                condition=(
                    Q(status__in=("submitted", "completed"), reported_on__isnull=False, reported_by__isnull=False)
                )
                | ~Q(status__in=("submitted", "completed")),
            ),
            models.CheckConstraint(
                name="deadline_confirmed_on_and_by",
                condition=Q(status="completed", confirmed_on__isnull=False, confirmed_by__isnull=False)
                | (~Q(status="completed") & Q(confirmed_on__isnull=True, confirmed_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="deadline_returned_with_reason",
                condition=~Q(status__in=("returned", "cancelled"), reason=""),
            ),
            models.CheckConstraint(
                name="deadline_held_since_why_and_from",
                condition=(
                    Q(status="on_hold", held_on__isnull=False, held_status__in=("assigned", "in_progress", "returned"))
                    & ~Q(hold_reason="")
                )
                | ~Q(status="on_hold")
                & Q(held_on__isnull=True, held_until__isnull=True, held_status="", hold_reason=""),
            ),
            models.CheckConstraint(
                name="deadline_held_since_before_until",
                condition=Q(held_until__isnull=True) | Q(held_until__gte=F("held_on")),
            ),
            models.CheckConstraint(
                name="deadline_excused_until_why_and_by",
                condition=Q(excused_until__isnull=True, excused_by__isnull=True, excuse="")
                | (Q(excused_until__isnull=False, excused_by__isnull=False) & ~Q(excuse="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label}: {shortened(self.solution.text)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the copy of the path in step with the unit."""
        if not self.unit_path:
            self.unit_path = str(self.unit.path)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the deadline's page."""
        return reverse("plans:deadline", args=[self.pk])


class ProgressReport(models.Model):
    """What a unit said about a deadline at one moment."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reports")
    percent = models.PositiveSmallIntegerField(_("percent"))
    text = models.TextField(_("what was done"), blank=True)
    value = models.DecimalField(_("figure"), max_digits=16, decimal_places=2, null=True, blank=True)
    difficulty = models.TextField(_("difficulty"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="progress_reports")
    at = models.DateTimeField()

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("-at", "-id"), name="report_newest")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="report_percent_0_100", condition=Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % {self.text[:60]}"


class Evidence(models.Model):
    """Proof of a result: a file, a link or the number of a document. Exactly one of them; never deleted.

    A row belongs to one deadline. A newer version is a row of its own that `replaces` the older one, which is marked
    by `replaced_at`. Evidence that serves another deadline of the unit too has a row there, `shared_from` the first
    one: both name the same stored file, and each deadline keeps the version that was handed in for it.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="evidence")
    report = models.ForeignKey(
        ProgressReport, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    file = models.FileField(upload_to="evidence/%Y/%m", max_length=200, blank=True)
    original_name = models.CharField(max_length=255, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="newer")
    replaced_at = models.DateTimeField(null=True, blank=True)
    shared_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="shares")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    search = models.TextField(editable=False, default="")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("file",), name="evidence_file", condition=~Q(file="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="evidence_exactly_one",
                condition=(~Q(file="") & Q(link="", document_number=""))
                | (Q(file="", document_number="") & ~Q(link=""))
                | (Q(file="", link="") & ~Q(document_number="")),
                violation_error_message=_("Give exactly one of file, link and document number."),
            ),
            models.CheckConstraint(
                name="evidence_file_has_hash",
                condition=Q(file="") | (Q(size__isnull=False) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="evidence_versions_count",
                condition=Q(replaces__isnull=True, version=1) | Q(replaces__isnull=False, version__gt=1),
            ),
            models.UniqueConstraint(
                fields=("deadline", "sha256"), name="evidence_file_once_a_deadline", condition=~Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or self.link or self.document_number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what it is called in normal form and the search column in step."""
        self.original_name, self.document_number = nfc(self.original_name), nfc(self.document_number)
        self.search = search_key(self.original_name, self.link, self.document_number)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page that tells of versions, checksum and readers."""
        return reverse("plans:evidence_details", args=[self.pk])
