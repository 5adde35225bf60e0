"""Large files to take along: made by a job, kept for a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.papers.enums import ExportKind, ExportState
from doantracker.papers.querysets import ExportQuerySet
from reviews.models import Made


class Export(Made):
    """A file about what its author sees: rows of the list of deadlines that fit a query, all of a plan and year,
    or one form of a long paper.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ExportKind)
    query = models.CharField(max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=15, choices=ExportState, default=ExportState.WAITING)
    rows = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, editable=False)  # by a worker, which says so again while it writes
    file = models.FileField(upload_to="exports/%Y/%m", max_length=200, blank=True)
    reach = models.JSONField(default=list, editable=False)  # `units.access.reach_of` its author when it was asked for
    expires_at = models.DateTimeField(_("kept until"))

    objects = ExportQuerySet.as_manager()

    class Meta(Made.Meta):
        abstract = False
        ordering = ("-created_at", "-pk")
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.CheckConstraint(name="export_ready_has_file", condition=~Q(state="export_ready") | ~Q(file="")),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page that shows how far it is."""
        return reverse("papers:export", args=[self.pk])
