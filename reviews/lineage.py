"""From work in the register back to the meeting or inspection it comes from."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from plans.models import Schedule, Solution
from plans.origins import Origin
from reviews.models import Inspection, InspectionVisit, Meeting
from units.models import User


def meeting_of(solution: Solution, user: User) -> Origin | None:
    """Return the meeting that decided this work, or that the paper is for; one query."""
    decided = Q(decisions__solution=solution) | Q(items__paper__solution=solution)
    found = Meeting.objects.visible_to(user).filter(decided).order_by("pk").first()
    return Origin(_("Meeting"), found.title, found.get_absolute_url()) if found else None


def inspection_of(solution: Solution, user: User) -> Origin | None:
    """Return the visit this is prepared for or was concluded about, or the inspection it reports; mostly one query."""
    ends = ("inspection_visit", "solution__conclusion__visit", "inspection_report")
    found = Schedule.objects.filter(solution=solution).values_list(*ends).first()
    prepared, concluded, reported = found or (None, None, None)
    if visit_pk := prepared or concluded:
        rows = InspectionVisit.objects.visible_to(user).select_related("inspection", "unit")
        visit = rows.filter(pk=visit_pk).first()
        return Origin(_("Inspection"), str(visit), visit.get_absolute_url()) if visit else None
    inspection = Inspection.objects.visible_to(user).filter(pk=reported).first() if reported else None
    return Origin(_("Inspection"), inspection.title, inspection.get_absolute_url()) if inspection else None
