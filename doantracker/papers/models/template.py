"""Templates of papers that the administrator put in the place of ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.papers.enums import PaperKind
from reviews.models import StoredFile


class PaperTemplate(StoredFile):
    """A .docx that was tried on a sample before it was taken. The newest one in use counts; an empty kind: all."""

    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind, blank=True, help_text=_("Empty: all kinds."))
    file = models.FileField(_("file"), upload_to="templates/%Y", max_length=200)
    in_use = models.BooleanField(_("in use"), default=False)

    class Meta:
        ordering = ("kind", "-added_at")
        verbose_name = _("template of papers")
        verbose_name_plural = _("templates of papers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("kind",), condition=Q(in_use=True), name="template_one_in_use")
        ]

    @property
    def content(self) -> bytes:
        """Return the file."""
        with self.file.open("rb") as file:
            data: bytes = file.read()
        return data
