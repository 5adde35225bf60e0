"""Which models name stored files: for the sweep of files without a row and the check of hashes.

An app above adds its own when it is ready, so that neither has to know it. Each has `file`, `original_name`, `sha256`.
"""

from __future__ import annotations

from typing import Any

from plans.models import Evidence, PlanDocument

#: Any: the columns are those named above.
_keepers: list[Any] = [Evidence, PlanDocument]


def keep(model: Any) -> None:
    """Add a model of an app above."""
    if model not in _keepers:
        _keepers.append(model)


def keepers() -> tuple[Any, ...]:
    """Return the models, those of plans first."""
    return tuple(_keepers)


def folder_of(model: Any) -> str:
    """Return the folder below MEDIA_ROOT in which the files of a model lie."""
    return str(model._meta.get_field("file").upload_to).split("/", 1)[0]  # noqa: SLF001  # Django documents _meta
