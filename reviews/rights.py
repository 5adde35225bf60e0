"""Who may do what in reviews."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import may_decide_for
from reviews.enums import MeetingState
from reviews.models import FeedbackTarget, Meeting, Pledge
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


def may_run_feedback(user: User, unit: Unit) -> bool:
    """Return whether `user` runs the feedback rounds of `unit`: who runs its plans and may see its feedback."""
    return user.may(Permission.MANAGE_PLANS, unit) and user.may(Permission.VIEW_FEEDBACK, unit)


def may_review(user: User, target: FeedbackTarget) -> bool:
    """Return whether `user` hands in the self-review report of a target: the person, or who runs the round."""
    return target.person_id == user.pk or may_run_feedback(user, target.round.unit)


def sees_names(user: User, target: FeedbackTarget) -> bool:
    """Return whether `user` sees who said what about a target.

    In a named round, who may see its feedback. The person spoken of only where the round says so, whatever other
    rights the person has.
    """
    feedback = target.round
    if feedback.anonymous:
        return False
    if target.person_id == user.pk:
        return feedback.names_to_targets
    return user.may(Permission.VIEW_FEEDBACK, feedback.unit)


def feedback_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose feedback rounds `user` runs; departments hold none."""
    managed = within("path", paths_with(user, Permission.MANAGE_PLANS))
    seen = within("path", paths_with(user, Permission.VIEW_FEEDBACK))
    found: UnitQuerySet = Unit.objects.in_force(today).filter(managed, seen, kind__has_subtree=True)
    return found
