"""Who may do what in reviews."""

from __future__ import annotations

from reviews.models import Pledge
from units.models import Appointment, User
from units.permissions import Permission


def may_hand_in(user: User, appointment: Appointment) -> bool:
    """Return whether `user` hands in a pledge: their own, or as whoever runs the plans of the unit."""
    return appointment.user_id == user.pk or user.may(Permission.MANAGE_PLANS, appointment.post.unit)


def may_decide(user: User, pledge: Pledge) -> bool:
    """Return whether `user` accepts or returns it: who confirms there; nobody their own, nor what they handed in."""
    own = user.pk in {pledge.appointment.user_id, pledge.handed_in_by_id}
    return not own and user.may(Permission.CONFIRM, pledge.appointment.post.unit, asker=pledge.appointment.user_id)
