"""Which level owes the answer to a difficulty: the nearest above the unit that can decide, up to the plan's issuer."""

from __future__ import annotations

import datetime as dt

from plans.models import Deadline
from units.access import STEP
from units.models import Appointment, Unit, User
from units.permissions import Permission
from units.roles import roles_with


def next_level(below: Unit, deadline: Deadline, *, raised_by: User, today: dt.date) -> Unit:
    """Return the nearest level above `below` where somebody in office may answer, the issuer of the plan at the end.

    A level whose only person in office raised the difficulty is passed over: nobody answers their own. Where the
    issuer itself has nobody in office, the levels above it are asked; where nobody is, the issuer owes the answer.
    Two queries.
    """
    issuer = deadline.plan.issuing_unit
    path = str(below.path) if issuer.covers(below) else str(issuer.path)
    lowest = len(path) - STEP if path != str(issuer.path) else len(path)
    line = [path[:end] for end in range(lowest, 0, -STEP)]
    staffed = set(
        Appointment.objects.in_force(today)
        .filter(post__unit__path__in=line, post__role__in=roles_with(Permission.CONFIRM), user__is_active=True)
        .exclude(user=raised_by)
        .order_by()
        .values_list("post__unit__path", flat=True)
    )
    chosen = next((level for level in line if level in staffed), str(issuer.path))
    return issuer if chosen == str(issuer.path) else Unit.objects.get(path=chosen)
