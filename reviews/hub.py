"""The registers of reviews, as the page that leads to them shows them: who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from units.models import User
from units.permissions import Permission


def _viewing(user: User) -> bool:
    return user.may(Permission.VIEW)


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its name, what it is for, the name of its address, its icon, and who sees it."""

    label: str | Promise
    text: str | Promise
    url_name: str
    icon: str
    allowed: Callable[[User], bool] = _viewing


REGISTERS: Final = (
    Register(
        _("Pledges"),
        _("What the heads of units and their deputies pledged for the year, and whose pledge is missing."),
        "reviews:pledges",
        "pencil",
    ),
    Register(
        _("Feedback, self-criticism and criticism"),
        _("What you are asked to say about others, what was said and what became of it."),
        "reviews:feedback",
        "inbox",
    ),
)


def registers_of(user: User) -> list[Register]:
    """Return the registers that `user` may open."""
    return [register for register in REGISTERS if register.allowed(user)]
