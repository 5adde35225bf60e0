"""Many rows written in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import models

BATCH: Final = 1_000  # rows a statement


def rewrite(rows: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Write the named fields of rows that are there, locked by the caller.

    As an insert that meets its own key: `bulk_update` takes a hundred times as long for thousands of rows, since it
    builds one condition for every value.
    """
    names = sorted(set(fields))
    if rows and names:
        manager: Any = type(rows[0])._default_manager  # noqa: SLF001  # Django documents it
        manager.bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=names, batch_size=BATCH)
