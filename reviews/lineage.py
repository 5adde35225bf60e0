"""From work in the register back to the meeting or the feedback round it comes from."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.models import Solution
from plans.origins import Origin
from reviews.models import FeedbackInvitation, FeedbackRound, Meeting
from units.models import User


def meeting_of(solution: Solution, user: User) -> Origin | None:
    """Return the meeting that decided this work, or that the paper is for; one query."""
    decided = Q(decisions__solution=solution) | Q(items__paper__solution=solution)
    found = Meeting.objects.visible_to(user).filter(decided).order_by("pk").first()
    return Origin(_("Meeting"), found.title, found.get_absolute_url()) if found else None


def round_of(solution: Solution, user: User) -> Origin | None:
    """Return the feedback round this work is owed for: its page for who sees it, else where `user` contributes."""
    works = ("contribution_work", "report_work", "reply_work")
    owed = Q(pk__in=[])
    for work in works:
        owed |= Q(**{f"{work}__solution": solution})
    feedback = FeedbackRound.objects.filter(owed).first()
    if feedback is None:
        return None
    if FeedbackRound.objects.visible_to(user).filter(pk=feedback.pk).exists():
        return Origin(_("Feedback round"), feedback.title, feedback.get_absolute_url())
    mine = FeedbackInvitation.objects.visible_to(user, clock.today()).filter(round=feedback).order_by("pk").first()
    if mine is None:
        return None
    return Origin(_("Feedback round"), feedback.title, reverse("reviews:feedback_contribute", args=[mine.pk]))
