"""A file kept with a record: stored under a random name, whole, and known by its hash."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from doantracker.lib.text import nfc


class StoredFile(models.Model):
    """What every file of this app has in common; the class that keeps it says where (`file`)."""

    original_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name in normal form."""
        self.original_name = nfc(self.original_name)
        super().save(*args, **kwargs)
