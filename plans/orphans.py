"""Files without a row: what a process left that was killed between storing a file and its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from doantracker.lib import clock
from plans.kept_files import folder_of, keepers

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


def _old_files() -> Iterator[Path]:
    oldest = (clock.now() - MERCY).timestamp()
    for folder in map(folder_of, keepers()):
        for file in (Path(settings.MEDIA_ROOT) / folder).rglob("*"):
            if file.is_file() and file.stat().st_mtime < oldest:
                yield file


def _remove_unnamed(files: list[Path]) -> int:
    names = {file.relative_to(settings.MEDIA_ROOT).as_posix(): file for file in files}
    named = {
        file for model in keepers() for file in model.objects.filter(file__in=names).values_list("file", flat=True)
    }
    unnamed = [file for name, file in names.items() if name not in named]
    for file in unnamed:
        file.unlink(missing_ok=True)
    return len(unnamed)
