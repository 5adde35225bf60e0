"""From work in the register back to the meeting it comes from."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from plans.models import Solution
from plans.origins import Origin
from reviews.models import Meeting, Survey, SurveyUnit
from units.models import User
from units.permissions import Permission


def meeting_of(solution: Solution, user: User) -> Origin | None:
    """Return the meeting that decided this work, or that the paper is for; one query."""
    decided = Q(decisions__solution=solution) | Q(items__paper__solution=solution)
    found = Meeting.objects.visible_to(user).filter(decided).order_by("pk").first()
    return Origin(_("Meeting"), found.title, found.get_absolute_url()) if found else None


def survey_of(solution: Solution, user: User) -> Origin | None:
    """Return the survey that units answer by this work, or that it reports on; one query, or two for one's answers.

    Who owes the answer of a single unit is led to the page on which that unit answers.
    """
    owed = Q(answering__solution=solution) | Q(report__solution=solution)
    found = Survey.objects.visible_to(user).filter(owed).select_related("unit", "answering").first()
    if found is None:
        return None
    own = SurveyUnit.objects.visible_to(user).filter(survey=found).order_by("pk")[:2]
    asked = found.answering is not None and found.answering.solution_id == solution.pk
    rows = list(own) if asked and not user.may(Permission.VIEW, found.unit) else []
    href = rows[0].get_absolute_url() if len(rows) == 1 else found.get_absolute_url()
    return Origin(_("Survey"), found.title, href)
