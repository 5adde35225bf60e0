"""New rows in bulk: what imports, copies and templates share."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

BATCH = 1000


def insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Save new rows in bulk."""
    model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001  # Django's documented generic manager


def link(through: type[models.Model], pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Fill a many-to-many table: its first foreign key is the record, its second what it is linked to."""
    left, right = (f for f in through._meta.concrete_fields if f.is_relation and not f.null)  # noqa: SLF001  # documented API
    insert(through, [through(**{left.attname: a.pk, right.attname: b.pk}) for a, b in dict.fromkeys(pairs)])
