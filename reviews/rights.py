"""Who may do what in reviews."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import may_decide_for
from reviews.enums import MeetingState
from reviews.models import Conclusion, Inspection, InspectionVisit, Meeting, Pledge
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


def inspecting_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose inspections `user` runs: those whose meetings `user` plans."""
    return meeting_units(user, today)


def may_run(user: User, unit: Unit) -> bool:
    """Return whether `user` runs the inspections of `unit`: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def in_team(user: User, inspection: Inspection) -> bool:
    """Return whether `user` heads the inspection or belongs to its team; one query."""
    return inspection.head_id == user.pk or inspection.members.filter(pk=user.pk).exists()


def may_work_in(user: User, inspection: Inspection) -> bool:
    """Return whether `user` records visits and answers requests: the team, whatever its posts, and who runs it."""
    return may_run(user, inspection.unit) or in_team(user, inspection)


def may_conclude(user: User, inspection: Inspection) -> bool:
    """Return whether `user` ends the visits, hands in the report and words conclusions: the head, and who runs it."""
    return inspection.head_id == user.pk or may_run(user, inspection.unit)


def may_ask_team(user: User, visit: InspectionVisit) -> bool:
    """Return whether `user` sends requests to the team: who reports for the unit that is visited or runs its plans."""
    return user.may(Permission.REPORT, visit.unit) or user.may(Permission.MANAGE_PLANS, visit.unit)


def may_close(user: User, conclusion: Conclusion) -> bool:
    """Return whether `user` closes a conclusion: the member who follows it, and who runs the inspection."""
    return conclusion.follower_id == user.pk or may_run(user, conclusion.visit.inspection.unit)
