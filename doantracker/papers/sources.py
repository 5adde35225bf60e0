"""Of what each kind of paper is made: how its subject is written down, who may, and the code that gathers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils import translation

from doantracker.papers.enums import PaperKind
from doantracker.papers.gather.chasing import chasing
from doantracker.papers.gather.commendation import commendation
from doantracker.papers.gather.conclusions import conclusions
from doantracker.papers.gather.content import Content
from doantracker.papers.gather.handover import handover
from doantracker.papers.gather.inspection import inspection_report
from doantracker.papers.gather.minutes import minutes_paper
from doantracker.papers.gather.plan import plan_paper
from doantracker.papers.gather.programme import programme_paper
from doantracker.papers.gather.progress import progress
from doantracker.papers.gather.remediation import remediation
from doantracker.papers.gather.statistics import statistics
from doantracker.papers.gather.survey import survey_report
from doantracker.papers.gather.trips import Ledger, trips_ledger
from plans.enums import PlanStatus
from plans.figures_page import Scope
from plans.forms.figures import FiguresForm
from plans.models import ChasingLetter, Plan
from reviews.enums import InspectionState
from reviews.forms.trip_quotas import CoverageForm
from reviews.models import CommendationProposal, FieldTripQuota, Inspection, InspectionProgramme, Meeting, Survey
from units.access import get_visible_or_404
from units.models import Unit, User

LONGEST_SUBJECT: Final = 500


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of paper: `find` reads its subject for a person (404 for what they don't see), `gather` its content."""

    find: Callable[[User, QueryDict, dt.date], Any]
    gather: Callable[[Any, User, dt.date], Content]


def gathered(kind: str, subject: str, by: User, today: dt.date) -> Content:
    """Return the content of a paper as `by` sees it, in the language of papers; 404 for what does not exist."""
    if kind not in SOURCES or len(subject) > LONGEST_SUBJECT:
        raise Http404
    source = SOURCES[kind]
    found = source.find(by, QueryDict(subject), today)
    with translation.override(settings.LANGUAGE_CODE):
        return source.gather(found, by, today)


def _plan(by: User, asked: QueryDict, _today: dt.date) -> Plan:
    plan: Plan = get_visible_or_404(
        Plan.objects.exclude(status=PlanStatus.DRAFT).select_related("issuing_unit"), by, key_in(asked, "plan")
    )
    return plan


def _letter(by: User, asked: QueryDict, _today: dt.date) -> ChasingLetter:
    rows = ChasingLetter.objects.select_related("plan__issuing_unit", "unit")
    letter: ChasingLetter = get_visible_or_404(rows, by, key_in(asked, "letter"))
    return letter


def _unit(by: User, asked: QueryDict, _today: dt.date) -> Unit:
    unit: Unit = get_visible_or_404(Unit.objects.all(), by, key_in(asked, "unit"))
    return unit


def _scope(by: User, asked: QueryDict, today: dt.date) -> Scope:
    """Return what the statistics page counts for the same words."""
    scope = FiguresForm(asked, user=by, today=today).scope()
    if scope is None:
        raise Http404
    return scope


def key_in(asked: QueryDict, name: str) -> int:
    """Return the key that a subject names; 404 for nonsense."""
    value = asked.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 19):  # noqa: PLR2004  # what the database holds
        raise Http404
    return int(value)


#: From when on an inspection has something to report, and to conclude.
VISITED: Final = (InspectionState.VISITING, InspectionState.REPORT_OWED)
REPORTED: Final = (InspectionState.REPORTED, InspectionState.CONCLUDED, InspectionState.CLOSED)


def _inspection(*states: InspectionState) -> Callable[[User, QueryDict, dt.date], Inspection]:
    """Return what finds an inspection that has come so far."""

    def find(by: User, asked: QueryDict, _today: dt.date) -> Inspection:
        related = ("programme__unit", "head", "report_unit")
        rows = Inspection.objects.filter(state__in=states).select_related(*related)
        found: Inspection = get_visible_or_404(rows, by, key_in(asked, "inspection"))
        return found

    return find


def _ledger(by: User, asked: QueryDict, today: dt.date) -> Ledger:
    """Return the ledger of a quota, or of what the page of units visited shows, with the union's first quota."""
    quotas = FieldTripQuota.objects.select_related("unit")
    if "quota" in asked:
        quota: FieldTripQuota = get_visible_or_404(quotas, by, key_in(asked, "quota"))
        return Ledger(quota.unit, quota.year, quota)
    unions = Unit.objects.in_force(today).filter(kind__has_subtree=True)
    union: Unit = get_visible_or_404(unions, by, key_in(asked, "unit"))
    year, kind = CoverageForm(asked, today=today).chosen
    return Ledger(union, year, quotas.visible_to(by).filter(unit=union, year=year).order_by("pk").first(), kind)


def _meeting(by: User, asked: QueryDict, _today: dt.date) -> Meeting:
    """Return a meeting that was held."""
    rows = Meeting.objects.filter(held_on__isnull=False).select_related("unit", "event", "chair", "secretary")
    found: Meeting = get_visible_or_404(rows, by, key_in(asked, "meeting"))
    return found


def _programme(by: User, asked: QueryDict, _today: dt.date) -> InspectionProgramme:
    """Return a programme of a unit that `by` sees."""
    seen = InspectionProgramme.objects.filter(unit__in=Unit.objects.visible_to(by))
    found = seen.select_related("unit").filter(pk=key_in(asked, "programme")).first()
    if found is None:
        raise Http404
    return found


def _survey(by: User, asked: QueryDict, _today: dt.date) -> Survey:
    """Return a survey that has started."""
    rows = Survey.objects.filter(started_on__isnull=False).select_related("unit", "lead_unit", "report")
    found: Survey = get_visible_or_404(rows, by, key_in(asked, "survey"))
    return found


def _commendation(by: User, asked: QueryDict, _today: dt.date) -> CommendationProposal:
    rows = CommendationProposal.objects.select_related("proposing_unit", "unit", "level")
    found: CommendationProposal = get_visible_or_404(rows, by, key_in(asked, "commendation"))
    return found


SOURCES: Final[dict[str, Source]] = {
    PaperKind.PROGRESS: Source(_plan, progress),
    PaperKind.REMEDIATION: Source(_plan, remediation),
    PaperKind.STATISTICS: Source(_scope, statistics),
    PaperKind.CHASING: Source(_letter, chasing),
    PaperKind.PLAN: Source(_plan, plan_paper),
    PaperKind.HANDOVER: Source(_unit, handover),
    PaperKind.INSPECTION: Source(_inspection(*VISITED, *REPORTED), inspection_report),
    PaperKind.CONCLUSIONS: Source(_inspection(*REPORTED), conclusions),
    PaperKind.TRIPS: Source(_ledger, trips_ledger),
    PaperKind.MINUTES: Source(_meeting, minutes_paper),
    PaperKind.PROGRAMME: Source(_programme, programme_paper),
    PaperKind.SURVEY: Source(_survey, survey_report),
    PaperKind.COMMENDATION: Source(_commendation, commendation),
}
