"""A form that is sent twice makes one thing: what it made carries the key of the form and its words."""

from __future__ import annotations

from typing import TypeVar

from reviews.models import Made
from units.models import User

M = TypeVar("M", bound=Made)


def made_before(model: type[M], key: str, *, by: User) -> M | None:
    """Return what the same form made before; None: nothing."""
    if not key:
        return None
    found: M | None = model._base_manager.filter(created_by=by, form_key=key).first()  # noqa: SLF001  # Django documents it
    return found
