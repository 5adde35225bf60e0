"""Who may do what in reviews."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import may_decide_for
from reviews.enums import MeetingState
from reviews.models import Evaluation, Meeting, Pledge
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


# --- monthly evaluations ---


def may_see_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` sees every evaluation of `unit`."""
    return user.may(Permission.VIEW_EVALUATIONS, unit)


def may_run_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` writes score cards, opens rounds and takes them on: the office, which sees them all."""
    return user.may(Permission.VIEW_EVALUATIONS, unit) and user.may(Permission.MANAGE_PLANS, unit)


def may_decide_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` approves cards and records what the meeting decided."""
    return user.may(Permission.DECIDE_EVALUATIONS, unit)


def may_depart(user: User, unit: Unit, person: int) -> bool:
    """Return whether `user` may record another score or rating of `person` than the proposed one: never about oneself.

    Nor with a post of that person in which they stand in.
    """
    return user.may(Permission.DECIDE_EVALUATIONS, unit, asker=person)


def may_settle(user: User, unit: Unit, person: int) -> bool:
    """Return whether `user` says how far shortcomings of `person` are remedied: who sees evaluations, not oneself."""
    return user.may(Permission.VIEW_EVALUATIONS, unit, asker=person)


def evaluation_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose monthly evaluations `user` runs."""
    seen, managed = (paths_with(user, p) for p in (Permission.VIEW_EVALUATIONS, Permission.MANAGE_PLANS))
    paths = within("path", seen) & within("path", managed)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(paths, kind__has_subtree=True)
    return found


def evaluates(user: User) -> bool:
    """Return whether monthly evaluations concern `user`: by right, or as a member who was ever evaluated."""
    return user.may(Permission.VIEW_EVALUATIONS) or Evaluation.objects.filter(person=user).exists()
