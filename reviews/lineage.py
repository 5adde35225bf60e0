"""From work in the register back to what it comes from in reviews, and on to the report that is to be written."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.enums import Deliverable
from plans.models import Deadline, Schedule, Solution
from plans.openings import Opening
from plans.origins import Origin
from plans.workflow import offered
from reviews.models import (
    FeedbackInvitation,
    FeedbackRound,
    FieldTrip,
    Inspection,
    InspectionVisit,
    Meeting,
    PeriodicReport,
    ReportKind,
    ReportYear,
    Survey,
    SurveyUnit,
)
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission


def meeting_of(solution: Solution, user: User) -> Origin | None:
    """Return the meeting that decided this work, or that the paper is for; one query."""
    decided = Q(decisions__solution=solution) | Q(items__paper__solution=solution)
    found = Meeting.objects.visible_to(user).filter(decided).order_by("pk").first()
    return Origin(_("Meeting"), found.title, found.get_absolute_url()) if found else None


def report_kind_of(solution: Solution, user: User) -> Origin | None:
    """Return the kind of report that this work is; one query, none for work that owes no written report."""
    if solution.deliverable != Deliverable.REPORT:
        return None
    found = ReportKind.objects.visible_to(user).filter(years__schedule__solution=solution).first()
    return Origin(_("Kind of report"), found.name, found.get_absolute_url()) if found else None


def report_to_open(deadline: Deadline, user: User) -> Opening | None:
    """Return the report of a deadline: the one that was written, or the way to write it; at most two queries."""
    written = PeriodicReport.objects.filter(deadline=deadline).first()
    if written is not None:
        return Opening(_("Open the report"), written.get_absolute_url(), makes=False)
    asked = offered(user, AuditAction.REPORTED, deadline) and ReportYear.objects.filter(schedule=deadline.schedule_id)
    if not (asked and asked.exists()):
        return None
    return Opening(_("Write the report"), reverse("reviews:report_open", args=[deadline.pk]), makes=True)


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


def trip_of(solution: Solution, user: User) -> Origin | None:
    """Return the field trip whose brief or report this work is; one query."""
    papers = Q(brief_work__solution=solution) | Q(report_work__solution=solution)
    found = FieldTrip.objects.visible_to(user).filter(papers).first()
    return Origin(_("Field trip"), str(found), found.get_absolute_url()) if found else None


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
