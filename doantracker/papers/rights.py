"""Who may do what with papers."""

from __future__ import annotations

from units.models import Unit, User
from units.permissions import Permission


def may_write(user: User, unit: Unit, right: str) -> bool:
    """Return whether `user` makes and changes papers of `unit`: runs its plans, and has the right they ask for."""
    return user.may(Permission.MANAGE_PLANS, unit) and user.may(Permission(right), unit)
