"""Files without a row: what a process left that was killed between storing a file and its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

from doantracker.lib import clock

MERCY = dt.timedelta(hours=1)  # longer than any upload takes
BATCH = 500


def remove_orphans() -> int:
    """Remove stored files older than an hour that no row names; return how many."""
    removed = 0
    batch: list[Path] = []
    for file in _old_files():
        batch.append(file)
        if len(batch) == BATCH:
            removed += _remove_unnamed(batch)
            batch = []
    return removed + _remove_unnamed(batch)


def file_fields() -> list[models.FileField]:
    """Return the columns of all models that name stored files."""
    found = (field for model in apps.get_models() for field in model._meta.get_fields())  # noqa: SLF001  # Django documents it
    return [field for field in found if isinstance(field, models.FileField)]


def _old_files() -> Iterator[Path]:
    oldest = (clock.now() - MERCY).timestamp()
    for folder in {str(field.upload_to).partition("/")[0] for field in file_fields()}:
        for file in (Path(settings.MEDIA_ROOT) / folder).rglob("*"):
            if file.is_file() and file.stat().st_mtime < oldest:
                yield file


def _remove_unnamed(files: list[Path]) -> int:
    names = {file.relative_to(settings.MEDIA_ROOT).as_posix(): file for file in files}
    named: set[str] = set()
    for field in file_fields():
        rows = field.model._base_manager.filter(**{f"{field.name}__in": names})  # noqa: SLF001  # Django documents it
        named |= set(rows.values_list(field.name, flat=True))
    unnamed = [file for name, file in names.items() if name not in named]
    for file in unnamed:
        file.unlink(missing_ok=True)
    return len(unnamed)
