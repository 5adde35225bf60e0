"""Who may do what in reviews."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import may_decide_for
from reviews.enums import MeetingState
from reviews.models import EmulationSheet, Meeting, Pledge, ReportKind
from units.access import paths_with, within
from units.models import Appointment, Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet


def may_hand_in(user: User, appointment: Appointment) -> bool:
    """Return whether `user` hands in a pledge: their own, or as whoever runs the plans of the unit."""
    return appointment.user_id == user.pk or user.may(Permission.MANAGE_PLANS, appointment.post.unit)


def may_decide(user: User, pledge: Pledge) -> bool:
    """Return whether `user` accepts or returns it: who confirms there; nobody their own, nor what they handed in.

    Nor does one with a post of such a person in which they stand in.
    """
    askers, path = {pledge.appointment.user_id, pledge.handed_in_by_id}, str(pledge.appointment.post.unit.path)
    return user.pk not in askers and any(
        g.permission == Permission.CONFIRM and path.startswith(g.path) and g.holder not in askers for g in user.grants
    )


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


# --- periodic reports and the emulation score sheet ---


def may_ask_reports(user: User, unit: Unit) -> bool:
    """Return whether `user` sets up which reports `unit` is owed: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_compile(user: User, kind: ReportKind) -> bool:
    """Return whether `user` compiles the reports of a kind: who asked for them, and the department they go through."""
    through = kind.via_unit is not None and user.may(Permission.REPORT, kind.via_unit)
    return through or may_ask_reports(user, kind.unit)


def asking_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units for which `user` asks for reports and scores; departments ask for none."""
    return meeting_units(user, today)


def may_score(user: User, sheet: EmulationSheet) -> bool:
    """Return whether `user` checks points and settles objections: who runs the plans of the unit that scores."""
    return user.may(Permission.MANAGE_PLANS, sheet.unit)


def may_give_own_points(user: User, unit: Unit) -> bool:
    """Return whether `user` gives the own points of `unit` and objects to its points: who reports for it."""
    return user.may(Permission.REPORT, unit)
