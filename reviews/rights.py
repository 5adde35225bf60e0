"""Who may do what with meetings: predicates over the posts a person holds today."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import may_decide_for
from reviews.enums import MeetingState
from reviews.models import Meeting
from units.access import paths_with, within
from units.models import Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_plan(user: User, unit: Unit) -> bool:
    """Return whether `user` plans the meetings of `unit` and their agendas: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_record(user: User, meeting: Meeting) -> bool:
    """Return whether `user` records the meeting and what it decided: its leaders too. One called off stays so."""
    return meeting.state != MeetingState.CANCELLED and may_decide_for(user, meeting.unit)


def meeting_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose meetings `user` plans; departments hold none."""
    path = within("path", paths_with(user, Permission.MANAGE_PLANS))
    found: UnitQuerySet = Unit.objects.in_force(today).filter(path, kind__has_subtree=True)
    return found
