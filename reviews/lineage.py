"""From work in the register back to the meeting it comes from."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from plans.models import Solution
from plans.origins import Origin
from reviews.models import FieldTrip, Meeting
from units.models import User


def meeting_of(solution: Solution, user: User) -> Origin | None:
    """Return the meeting that decided this work, or that the paper is for; one query."""
    decided = Q(decisions__solution=solution) | Q(items__paper__solution=solution)
    found = Meeting.objects.visible_to(user).filter(decided).order_by("pk").first()
    return Origin(_("Meeting"), found.title, found.get_absolute_url()) if found else None


def trip_of(solution: Solution, user: User) -> Origin | None:
    """Return the field trip whose brief or report this work is; one query."""
    papers = Q(brief_work__solution=solution) | Q(report_work__solution=solution)
    found = FieldTrip.objects.visible_to(user).filter(papers).first()
    return Origin(_("Field trip"), str(found), found.get_absolute_url()) if found else None
