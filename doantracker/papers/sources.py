"""Of what each kind of paper is made: how its subject is written down, who may, and the code that gathers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _

from doantracker.papers.enums import PaperKind
from doantracker.papers.gather.chasing import chasing
from doantracker.papers.gather.commendation import commendation
from doantracker.papers.gather.compiled import OfPeriod, compiled
from doantracker.papers.gather.conclusions import conclusions
from doantracker.papers.gather.content import Content
from doantracker.papers.gather.evaluation import EvaluatedYear, evaluation
from doantracker.papers.gather.feedback import feedback
from doantracker.papers.gather.handover import handover
from doantracker.papers.gather.inspection import inspection_report
from doantracker.papers.gather.minutes import minutes_paper
from doantracker.papers.gather.plan import plan_paper
from doantracker.papers.gather.plan_reports import plan_reports
from doantracker.papers.gather.programme import programme_paper
from doantracker.papers.gather.progress import progress
from doantracker.papers.gather.remediation import remediation
from doantracker.papers.gather.statistics import statistics
from doantracker.papers.gather.survey import survey_report
from doantracker.papers.gather.trips import Ledger, trips_ledger
from plans.enums import Deliverable, PlanStatus
from plans.figures_page import Scope
from plans.forms.figures import FiguresForm
from plans.models import ChasingLetter, Plan, Schedule
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.enums import InspectionState
from reviews.evaluation_scores import KEPT
from reviews.forms.trip_quotas import CoverageForm
from reviews.models import (
    CommendationProposal,
    EvaluationRound,
    FeedbackRound,
    FieldTripQuota,
    Inspection,
    InspectionProgramme,
    Meeting,
    ReportKind,
    ReportYear,
    Survey,
)
from reviews.querysets import READ_IN
from reviews.report_matrix import columns_of
from reviews.rights import may_ask_reports
from reviews.titles import BODIES
from units.access import get_visible_or_404, require
from units.models import Unit, User

LONGEST_SUBJECT: Final = 500


class TooEarlyError(Http404):
    """What a paper is about is there and has not come so far, with what to do. Its pages offer no such paper: 404."""

    def __init__(self, unit: Unit, words: str) -> None:
        super().__init__(words)
        self.unit, self.words = unit, words


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of paper: `find` reads its subject for a person (404 for what they don't see), `gather` its content.

    `words` are those a subject of this kind has, `filled` what it means by leaving some out.
    """

    words: tuple[str, ...]
    find: Callable[[User, QueryDict, dt.date], Any]
    gather: Callable[[Any, User, dt.date], Content]
    filled: Callable[[Any], dict[str, Any]] = lambda _found: {}


def gathered(kind: str, subject: str, by: User, today: dt.date) -> Content:
    """Return the content of a paper as `by` sees it, in the language of papers; 404 for what does not exist.

    It carries the subject as it is kept: in one way of writing it, since papers about one thing are found by it, and
    whole, so that whoever gathers it again, with wider rights, gathers the same.
    """
    if kind not in SOURCES or len(subject) > LONGEST_SUBJECT:
        raise Http404
    source, asked = SOURCES[kind], QueryDict(subject)
    found = source.find(by, asked, today)
    meant = {name: _plain(asked[name]) for name in source.words if asked.get(name)} | source.filled(found)
    words = {name: meant[name] for name in source.words if name in meant}  # in their own order
    with translation.override(settings.LANGUAGE_CODE):
        return replace(source.gather(found, by, today), subject=urlencode(words))


def _plain(value: str) -> str:
    """Return a key or year without leading zeros; other words as they are."""
    return str(int(value)) if value.isascii() and value.isdigit() else value


def _year_of(ledger: Ledger) -> dict[str, str]:
    """Return the year of a ledger, which is this one where none is named."""
    return {"year": str(ledger.year)}


def _plan(by: User, asked: QueryDict, _today: dt.date) -> Plan:
    plan: Plan = get_visible_or_404(Plan.objects.select_related("issuing_unit"), by, key_in(asked, "plan"))
    if plan.status == PlanStatus.DRAFT:
        words = _("This is not possible now: the plan is “%(state)s”. Look at it as it is now.")
        raise TooEarlyError(plan.issuing_unit, words % {"state": plan.get_status_display()})
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


# --- reports compiled, evaluations of members, feedback ---


def _reports(by: User, asked: QueryDict, today: dt.date) -> OfPeriod | Schedule:
    """Return the period of a kind of report that its page shows compiled, or a written report owed in a plan."""
    if "plan" in asked:
        owed = Schedule.objects.filter(solution__deliverable=Deliverable.REPORT)
        owed = owed.filter(solution__plan=_plan(by, asked, today)).select_related("solution__plan__issuing_unit")
        schedule: Schedule = get_object_or_404(owed, pk=key_in(asked, "schedule"))
        return schedule
    kinds = ReportKind.objects.visible_to(by)
    rows = ReportYear.objects.select_related("kind__unit", "schedule").filter(kind__in=kinds)
    year = get_object_or_404(rows, pk=key_in(asked, "year"))
    require(may_ask_reports(by, year.kind.unit))
    for column in columns_of(year):
        if column.occurrence == asked.get("occurrence"):
            return OfPeriod(year, column)
    raise Http404


def _compiled(asked: OfPeriod | Schedule, by: User, today: dt.date) -> Content:
    return plan_reports(asked, by, today) if isinstance(asked, Schedule) else compiled(asked, by, today)


def _evaluated(by: User, asked: QueryDict, _today: dt.date) -> EvaluationRound | EvaluatedYear:
    """Return a month that stands before its meeting or is locked, or a year in which months were evaluated."""
    rounds = EvaluationRound.objects.seen_whole_by(by)
    if "round" in asked:
        related = ("unit", "card", "meeting__event")
        row: EvaluationRound = get_object_or_404(rounds.select_related(*related), pk=key_in(asked, "round"))
        if row.state not in KEPT:
            raise TooEarlyError(row.unit, _("Put the month before its meeting first, then prepare the paper."))
        return row
    year = EvaluatedYear(get_object_or_404(Unit, pk=key_in(asked, "unit")), body_in(asked), year_in(asked))
    require(rounds.filter(unit=year.unit, body=year.body, month__year=year.year).exists())
    return year


def _feedback_round(by: User, asked: QueryDict, _today: dt.date) -> FeedbackRound:
    """Return a round whose contributions are read."""
    rows = FeedbackRound.objects.select_related("unit")
    row: FeedbackRound = get_visible_or_404(rows, by, key_in(asked, "round"))
    if row.step not in READ_IN:
        words = _("Contributions are read once the step of contributions is closed. Close it first.")
        raise TooEarlyError(row.unit, words)
    return row


def body_in(asked: QueryDict) -> str:
    """Return the body that a subject names; 404 for nonsense."""
    body: str = asked.get("body", "")
    require(body in BODIES)
    return body


def year_in(asked: QueryDict) -> int:
    """Return the year that a subject names; 404 for nonsense."""
    year: str = asked.get("year", "")
    require(year in _YEARS)
    return int(year)


_YEARS: Final = frozenset(str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))


#: From when on an inspection has something to report, and to conclude.
VISITED: Final = (InspectionState.VISITING, InspectionState.REPORT_OWED)
REPORTED: Final = (InspectionState.REPORTED, InspectionState.CONCLUDED, InspectionState.CLOSED)


def _inspection(*states: InspectionState) -> Callable[[User, QueryDict, dt.date], Inspection]:
    """Return what finds an inspection that has come so far."""

    def find(by: User, asked: QueryDict, _today: dt.date) -> Inspection:
        related = ("programme__unit", "head", "report_unit")
        rows = Inspection.objects.select_related(*related)
        found: Inspection = get_visible_or_404(rows, by, key_in(asked, "inspection"))
        if found.state not in states:
            words = _("This is not possible now: the inspection is “%(state)s”. Look at it as it is now.")
            raise TooEarlyError(found.unit, words % {"state": found.get_state_display()})
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
    rows = Meeting.objects.select_related("unit", "event", "chair", "secretary")
    found: Meeting = get_visible_or_404(rows, by, key_in(asked, "meeting"))
    if found.held_on is None:
        raise TooEarlyError(found.unit, _("Record the meeting first, then prepare its minutes."))
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
    rows = Survey.objects.select_related("unit", "lead_unit", "report")
    found: Survey = get_visible_or_404(rows, by, key_in(asked, "survey"))
    if found.started_on is None:
        raise TooEarlyError(found.unit, _("This survey has not started yet: nobody has been asked."))
    return found


def _commendation(by: User, asked: QueryDict, _today: dt.date) -> CommendationProposal:
    rows = CommendationProposal.objects.select_related("proposing_unit", "unit", "level")
    found: CommendationProposal = get_visible_or_404(rows, by, key_in(asked, "commendation"))
    return found


SOURCES: Final[dict[str, Source]] = {
    PaperKind.PROGRESS: Source(("plan",), _plan, progress),
    PaperKind.REMEDIATION: Source(("plan",), _plan, remediation),
    PaperKind.STATISTICS: Source(
        ("unit", "plan", "due_from", "due_to", "as_of"), _scope, statistics, filled=Scope.query
    ),
    PaperKind.CHASING: Source(("letter",), _letter, chasing),
    PaperKind.PLAN: Source(("plan",), _plan, plan_paper),
    PaperKind.HANDOVER: Source(("unit",), _unit, handover),
    PaperKind.COMPILED: Source(("plan", "schedule", "year", "occurrence"), _reports, _compiled),
    PaperKind.EVALUATION: Source(("round", "unit", "body", "year"), _evaluated, evaluation),
    PaperKind.FEEDBACK: Source(("round",), _feedback_round, feedback),
    PaperKind.INSPECTION: Source(("inspection",), _inspection(*VISITED, *REPORTED), inspection_report),
    PaperKind.CONCLUSIONS: Source(("inspection",), _inspection(*REPORTED), conclusions),
    PaperKind.TRIPS: Source(("quota", "unit", "year", "kind"), _ledger, trips_ledger, filled=_year_of),
    PaperKind.MINUTES: Source(("meeting",), _meeting, minutes_paper),
    PaperKind.PROGRAMME: Source(("programme",), _programme, programme_paper),
    PaperKind.SURVEY: Source(("survey",), _survey, survey_report),
    PaperKind.COMMENDATION: Source(("commendation",), _commendation, commendation),
}
