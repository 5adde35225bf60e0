"""Which bodies of a unit meet, and who sits in them.

A unit without a standing committee holds the meetings asked of one as meetings of its executive committee.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.translation import gettext as _

from plans.errors import ActionRefused
from reviews.enums import MEETING_BODIES
from units.models import Appointment, Post, Unit, User

_STANDING, _PERMANENT, _EXECUTIVE = MEETING_BODIES
#: Whose posts sit in a body: who is in the narrower one is in the wider one too.
SITTING: Final[dict[str, tuple[str, ...]]] = {
    _PERMANENT: (_PERMANENT,),
    _STANDING: (_STANDING, _PERMANENT),
    _EXECUTIVE: (_EXECUTIVE, _STANDING, _PERMANENT),
}


def bodies_of(unit: Unit, today: dt.date) -> list[Post.Body]:
    """Return the bodies of `unit` that meet, the usual one first; one query.

    A standing committee, and the permanent members, where somebody holds a post of it; every unit has an executive
    committee.
    """
    held = Appointment.objects.in_force(today).filter(post__unit=unit, post__body__in=MEETING_BODIES).order_by()
    found = set(held.values_list("post__body", flat=True))
    return [body for body in MEETING_BODIES if body == _EXECUTIVE or body in found]


def require_body(unit: Unit, body: str, today: dt.date) -> None:
    """Refuse a meeting of a body that the unit does not have, and say which one meets instead."""
    if body in bodies_of(unit, today):
        return
    if body == _STANDING:
        raise ActionRefused(
            _("%(unit)s has no standing committee: its executive committee (BCH) holds this meeting. Choose that one.")
            % {"unit": unit.label}
        )
    raise ActionRefused(_("%(unit)s has no such body. Choose another one.") % {"unit": unit.label})


def members_of(unit: Unit, body: str, day: dt.date) -> list[User]:
    """Return who sits in a body on `day`, the first in rank first; one query."""
    held = Appointment.objects.in_force(day).filter(post__unit=unit, post__body__in=SITTING[body])
    people = held.select_related("user").order_by("post__rank", "user__sort_key", "pk")
    return list({row.user_id: row.user for row in people}.values())


def heading_body(unit: Unit, today: dt.date) -> Post.Body:
    """Return the body of `unit` whose members head inspections: the permanent members, else the next wider one."""
    found = bodies_of(unit, today)
    return next(body for body in (_PERMANENT, _STANDING, _EXECUTIVE) if body in found)


def following_body(unit: Unit, today: dt.date) -> Post.Body:
    """Return the body of `unit` whose members follow conclusions: the standing committee, else the executive one."""
    return _EXECUTIVE if heading_body(unit, today) == _EXECUTIVE else _STANDING


def sits_in(user: User, unit: Unit, body: str, day: dt.date) -> bool:
    """Return whether `user` sits in a body on `day`; one query."""
    held = Appointment.objects.in_force(day).filter(user=user, post__unit=unit, post__body__in=SITTING[body])
    return bool(held.exists())
