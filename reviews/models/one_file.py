"""A record that keeps at most one paper: its file under a random name, whole, and known by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from doantracker.lib.text import nfc

if TYPE_CHECKING:
    from plans.actions.proof import Stash, Upload


class OneFile(models.Model):
    """What such records have in common; the class says where the file is kept (`file`)."""

    file: models.FileField

    original_name = models.CharField(max_length=255, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name in normal form."""
        self.original_name = nfc(self.original_name)
        super().save(*args, **kwargs)

    def attach(self, upload: Upload | None, stash: Stash) -> None:
        """Enter a newly attached file; without one the file that is there stays."""
        if upload:
            self.file.name = stash.take(upload)
            self.original_name, self.size, self.sha256 = upload.name, upload.file.size, upload.sha256


def file_has_hash(name: str) -> models.CheckConstraint:
    """Return the constraint that a file and what is known of it stand together."""
    return models.CheckConstraint(
        name=name,
        condition=Q(file="", sha256="", size__isnull=True) | (~Q(file="") & ~Q(sha256="") & Q(size__isnull=False)),
    )
