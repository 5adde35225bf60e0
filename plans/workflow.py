"""Who may do what with a deadline, and when: one table.

The acts ask it before they do anything, pages ask it what to offer, statistics ask it what an act leaves behind, and
the page "Who may do what" prints it. A new act is one entry in `ACTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from plans.enums import DONE, LIVE, OPEN, PlanStatus, Status
from plans.errors import ActionRefused
from plans.models import Deadline, Difficulty, Extension
from units.access import HeldPost, own_paths
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission

Request = Extension | Difficulty


class Party(models.TextChoices):
    """On which side somebody stands."""

    UNIT = "unit", _("The unit that owes the work and the levels above it")
    DECIDERS = "deciders", _("Whoever confirms results at the issuer of the plan")
    OFFICE = "office", _("Whoever runs the plans of the issuer")
    ANSWERERS = "answerers", _("The level that owes the answer, and whoever confirms results at the issuer")
    LEVEL = "level", _("The level that owes the answer, where it stands below the issuer")


PERMISSIONS: Final = {
    Party.UNIT: Permission.REPORT,
    Party.DECIDERS: Permission.CONFIRM,
    Party.OFFICE: Permission.MANAGE_PLANS,
    Party.ANSWERERS: Permission.CONFIRM,
    Party.LEVEL: Permission.CONFIRM,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What else must be true of the deadline: as the table says it, and as a refusal does."""

    label: str | Promise
    words: str | Promise
    met: Callable[[Deadline], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `never` is the column of the person who may not do it, on the request it answers or else on the row.

    `leaves` is the status afterwards; None: it stays, or is the one from before. What `adds` overwrites nothing and
    needs not say which version was seen.
    """

    label: str | Promise
    party: Party
    start: tuple[Status, ...]
    leaves: Status | None = None
    never: str = ""
    only: Condition | None = None
    adds: bool = False


UNDATED: Final = Condition(
    _("only work without a date"), _("This deadline has a date already."), lambda row: row.due_on is None
)
DATED: Final = Condition(
    _("only work with a date"),
    _("This deadline has no date: there is nothing to move."),
    lambda row: row.due_on is not None,
)

ACTS: Final[dict[AuditAction, Act]] = {
    AuditAction.REPORTED: Act(_("Report progress"), Party.UNIT, OPEN, Status.IN_PROGRESS),
    AuditAction.SUBMITTED: Act(_("Report the work done"), Party.UNIT, OPEN, Status.SUBMITTED),
    AuditAction.WITHDRAWN: Act(_("Take the report back"), Party.UNIT, (Status.SUBMITTED,), Status.IN_PROGRESS),
    AuditAction.CONFIRMED: Act(
        _("Confirm the result"), Party.DECIDERS, (Status.SUBMITTED,), Status.COMPLETED, never="reported_by_id"
    ),
    AuditAction.RETURNED: Act(
        _("Return the result"), Party.DECIDERS, (Status.SUBMITTED,), Status.RETURNED, never="reported_by_id"
    ),
    AuditAction.HELD: Act(_("Put on hold"), Party.OFFICE, OPEN, Status.ON_HOLD),
    AuditAction.RESUMED: Act(_("Take off hold"), Party.OFFICE, (Status.ON_HOLD,)),
    AuditAction.CANCELLED: Act(_("Cancel the deadline"), Party.OFFICE, LIVE, Status.CANCELLED),
    AuditAction.DATED: Act(_("Give a date"), Party.OFFICE, (*OPEN, Status.ON_HOLD), only=UNDATED),
    AuditAction.RESCHEDULED: Act(_("Move the last day"), Party.OFFICE, (*OPEN, Status.ON_HOLD)),
    AuditAction.LATER_ASKED: Act(_("Ask for a later day"), Party.UNIT, OPEN, only=DATED),
    # asked in time and decided late: the unit must not pay
    AuditAction.LATER_GRANTED: Act(
        _("Grant a later day"), Party.DECIDERS, (*LIVE, Status.COMPLETED), never="asked_by_id"
    ),
    AuditAction.LATER_REFUSED: Act(
        _("Refuse a later day"), Party.DECIDERS, (*LIVE, Status.COMPLETED), never="asked_by_id"
    ),
    AuditAction.EXCUSED: Act(_("Confirm an objective cause"), Party.DECIDERS, DONE, never="reported_by_id"),
    AuditAction.EVIDENCE_REPLACED: Act(_("Give a newer version of evidence"), Party.UNIT, OPEN, adds=True),
    AuditAction.EVIDENCE_SHARED: Act(_("Use evidence of other work"), Party.UNIT, OPEN, adds=True),
    AuditAction.EVIDENCE_ADDED: Act(_("Hand in evidence afterwards"), Party.UNIT, DONE, adds=True),
    AuditAction.DIFFICULTY_RAISED: Act(_("Raise a difficulty"), Party.UNIT, LIVE),
    AuditAction.DIFFICULTY_ANSWERED: Act(
        _("Answer a difficulty"), Party.ANSWERERS, tuple(Status), never="raised_by_id"
    ),
    AuditAction.DIFFICULTY_PASSED: Act(
        _("Pass a difficulty on to the level above"), Party.LEVEL, tuple(Status), never="raised_by_id"
    ),
}

#: Who is left out, in words.
NEVER: Final[dict[str, str | Promise]] = {
    "reported_by_id": _("never who reported the result"),
    "asked_by_id": _("never who asked"),
    "raised_by_id": _("never who raised it"),
}


def may(user: User, action: AuditAction, row: Deadline, about: Request | None = None) -> bool:
    """Return whether `user` has the right to an act on `row`, whatever its status; `about`: the request it answers."""
    act, asker = ACTS[action], _asker(action, row, about)
    permission = PERMISSIONS[act.party]
    if act.party == Party.LEVEL and not _of_a_level_below(user, permission, row, about):
        return False
    return any(user.may(permission, unit, asker=asker) for unit in _over(act.party, row, about))


def stands_in(user: User, action: AuditAction, row: Deadline, about: Request | None = None) -> HeldPost | None:
    """Return the absent person's post by which `user` has the right to an act; None: by an own post."""
    party, asker = ACTS[action].party, _asker(action, row, about)
    permission = PERMISSIONS[party]
    units = [unit for unit in _over(party, row, about) if user.may(permission, unit, asker=asker)]
    posts = [user.stands_in(permission, unit, asker=asker) for unit in units]
    return posts[0] if posts and None not in posts else None


def refusal(action: AuditAction, row: Deadline) -> ActionRefused | None:
    """Return why an act is not possible now; None when it is."""
    act = ACTS[action]
    if row.plan.status != PlanStatus.PUBLISHED:
        return ActionRefused(now_in_words("The plan is not being followed up: it is a draft or closed."))
    if row.status not in act.start:
        words = now_in_words("This is not possible now: the deadline is “%(state)s”.")
        return ActionRefused(words % {"state": row.get_status_display()})
    if act.only and not act.only.met(row):
        return ActionRefused(act.only.words)
    return None


def offered(user: User, action: AuditAction, row: Deadline, about: Request | None = None) -> bool:
    """Return whether a page offers an act: `user` has the right and it is possible now."""
    return refusal(action, row) is None and may(user, action, row, about)


def _of_a_level_below(user: User, permission: Permission, row: Deadline, about: Request | None) -> bool:
    """Return whether `user` belongs to the very level that owes the answer, and that stands below the issuer."""
    if not isinstance(about, Difficulty):
        return False
    issuer, level = row.plan.issuing_unit, about.answering_unit
    is_below = issuer.covers(level) and level.pk != issuer.pk
    return is_below and str(level.path) in own_paths(user, permission)


def _over(party: Party, row: Deadline, about: Request | None) -> tuple[Unit, ...]:
    """Return the units over which the right is asked: over any of them is enough."""
    if party == Party.UNIT:
        return (row.unit,)
    level = (about.answering_unit,) if isinstance(about, Difficulty) else ()
    return level if party == Party.LEVEL else (row.plan.issuing_unit, *(level if party == Party.ANSWERERS else ()))


def _asker(action: AuditAction, row: Deadline, about: Request | None) -> int | None:
    never = ACTS[action].never
    if not never:
        return None
    asker: int | None = getattr(row if hasattr(row, never) else about, never)
    return asker
