"""Who may do what in reviews."""

from __future__ import annotations

from reviews.models import Pledge
from units.models import Appointment, User
from units.permissions import Permission


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
