"""The registers of reviews, as the page that leads to them shows them: who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.rights import evaluates
from units.models import User
from units.permissions import Permission


def _viewing(user: User) -> bool:
    return user.may(Permission.VIEW)


def _writing_papers(user: User) -> bool:
    """Return whether `user` makes papers, signs them, or sets up their templates and terms."""
    return any(user.may(right) for right in (Permission.MANAGE_PLANS, Permission.SIGN_OFF, Permission.CONFIGURE))


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
        _("Periodic reports"),
        _("What units report by month, quarter and year: who has sent it, who has not, and all of it compiled."),
        "reviews:report_kinds",
        "file-text",
    ),
    Register(
        _("Emulation score sheets"),
        _("Points of units for the year: counted from their reports or checked, with objections settled by hand."),
        "reviews:emulation",
        "list-check",
    ),
    Register(
        _("Surveys"),
        _("How far units are with indicators and what they expect, and the report that is owed afterwards."),
        "reviews:surveys",
        "list-check",
    ),
    Register(
        _("Commendation proposals"),
        _("Which units and persons are proposed for commendation in a year, and what was decided."),
        "reviews:commendations",
        "flag",
    ),
    Register(
        _("Field trips"),
        _("Trips to the grassroots: registered, approved, prepared and reported on; days against the quota."),
        "reviews:trips_mine",
        "flag",
    ),
    Register(
        _("Inspection and supervision"),
        _("The programme of a year, each inspection up to its conclusions, and visits to own units."),
        "reviews:inspections",
        "search",
    ),
    Register(
        _("Follow-up of conclusions"),
        _("What inspections concluded and meetings decided: who owes it, who follows it, what is still open."),
        "reviews:conclusions",
        "list-check",
    ),
    Register(
        _("Monthly evaluations"),
        _("Members of a body score themselves, colleagues give opinions, the meeting decides; the year is rated."),
        "reviews:evaluations",
        "list-check",
        evaluates,
    ),
    Register(
        _("Feedback, self-criticism and criticism"),
        _("What you are asked to say about others, what was said and what became of it."),
        "reviews:feedback",
        "inbox",
    ),
    Register(
        _("Official papers"),
        _("Reports, letters and tables prepared from what is recorded here, with their numbers, and their templates."),
        "papers:papers",
        "file-text",
        _writing_papers,
    ),
)


def registers_of(user: User) -> list[Register]:
    """Return the registers that `user` may open."""
    return [register for register in REGISTERS if register.allowed(user)]
