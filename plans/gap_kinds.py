"""The kinds of gaps a plan may have: one definition each, as a query over any number of plans, with its cure.

The page of gaps counts and lists them, publishing shows them, the list of deadlines filters by the same conditions.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import shortened
from plans.enums import DATED_KINDS, DONE, OPEN, Deliverable, IndicatorKind, Kind, PlanStatus
from plans.models import (
    Deadline,
    Evidence,
    Indicator,
    IndicatorLevel,
    Plan,
    ProgressReport,
    Schedule,
    Shortcoming,
    Solution,
    SolutionShortcoming,
)
from units.models import Unit, User

#: Open work nobody has said a word about for so many days counts as a gap.
NO_UPDATE_DAYS: Final = 30
#: A report due earlier than so many days before the period ends is not the one about the plan as a whole.
REPORT_WINDOW_DAYS: Final = 92
#: What is handed in besides a word: without evidence it is missing.
PROOF_OWED: Final = (Deliverable.REPORT, Deliverable.FILE)
#: How many commitments before one are followed to the event whose day dates them all.
CHAIN_READ: Final = 2
ANCHORS: Final = tuple("hangs_on__" * n + "event" for n in range(CHAIN_READ + 1))

Plans = QuerySet[Plan]
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing. `url` leads to what cures it; `record_kind` and `record_id` name the record concerned.

    `label` is the record in short, `detail` what else tells it from others, `plan` the plan where several are listed.
    """

    code: str
    message: str | Promise
    record_kind: str
    record_id: int | None
    blocks: bool
    label: str = ""
    url: str = ""
    detail: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class GapKind:
    """One kind: as a heading, as what is said of one record, as what was checked, the words of its cure; its rows.

    `rows` takes plans, the person (None: a command on the server) and the day, and returns records with their plan;
    `cure` the address for one of them; `filter`: the rows are deadlines that the list of deadlines shows by `gap=`.
    """

    code: str
    title: str | Promise
    message: str | Promise
    checked: str | Promise
    cure_words: str | Promise
    record_kind: str
    rows: Callable[[Plans, User | None, dt.date], Rows]
    cure: Callable[[Any, Plan], str]
    detail: Callable[[Any], str] = lambda _row: ""
    blocks: bool = False
    filter: bool = False

    def gap_of(self, row: Any) -> Gap:
        """Return the gap that a record is."""
        plan = plan_of(row)
        blocks = self.blocks and getattr(row, "unowned", True)
        return Gap(
            code=self.code,
            message=self.message,
            record_kind=self.record_kind,
            record_id=row.pk,
            blocks=blocks,
            label=_label(row),
            url=self.cure(row, plan),
            detail=self.detail(row),
            plan=plan.symbol or shortened(plan.title),
        )


def plan_of(row: Any) -> Plan:
    """Return the plan of a record, already read with it."""
    if isinstance(row, Plan):
        return row
    found: Plan = row.solution.plan if isinstance(row, Schedule) else row.plan
    return found


def shortcomings_of(plans: Plan | Plans, user: User | None) -> QuerySet[Shortcoming]:
    """Return the shortcomings of a plan, or of plans, as `user` may read them; None: a command on the server.

    Everything on coverage and gaps asks here. Of a person's shortcoming these pages show that it is there, to nobody
    what it says: its own page does, to whom may read it.
    """
    rows = Shortcoming.objects.listed() if user is None else Shortcoming.objects.listed_for(user).listed()
    return rows.filter(plan=plans) if isinstance(plans, Plan) else rows.filter(plan__in=plans)


# --- conditions on deadlines, used by the list of deadlines too ---


def proof_missing() -> Q:
    """Return a filter on deadlines: done, proof is owed, and none is there."""
    proofs = Evidence.objects.current().filter(deadline=OuterRef("pk"))
    report = Q(solution__deliverable=Deliverable.REPORT) & ~Exists(proofs)
    file = Q(solution__deliverable=Deliverable.FILE) & ~Exists(proofs.exclude(file=""))
    return Q(report | file, status__in=DONE)


def not_updated(today: dt.date) -> Q:
    """Return a filter on deadlines: open, given out or begun 30 days ago, and no report since."""
    day = today - dt.timedelta(days=NO_UPDATE_DAYS)
    before = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    said = ProgressReport.objects.filter(deadline=OuterRef("pk"), at__gte=before)
    begun = Q(period_start__isnull=True) | Q(period_start__lte=day)
    return Q(begun, ~Exists(said), status__in=OPEN, created_at__lt=before)


def undated() -> Q:
    """Return a filter on deadlines: open, without a day, of work that is not ongoing."""
    return Q(status__in=OPEN, due_on__isnull=True) & ~Q(schedule__kind=Kind.ONGOING)


#: The conditions by which the list of deadlines shows the rows of kinds of gaps.
DEADLINE_GAPS: Final[dict[str, Callable[[dt.date], Q]]] = {
    "no_evidence": lambda _today: proof_missing(),
    "no_update": not_updated,
}


# --- rows of each kind ---


def _without_commitment(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    nothing = ~Exists(Schedule.objects.filter(solution=OuterRef("pk")))
    rows = Solution.objects.filter(nothing, plan__in=plans, dropped_at=None)
    return rows.select_related("plan").order_by("plan", "ordinal")


def _without_lead(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    """Solutions nobody leads. `unowned`: a commitment names nobody either, or there is none, so nothing is owed."""
    schedules = Schedule.objects.filter(solution=OuterRef("pk"))
    nobody = schedules.filter(owner_units__isnull=True, owner_kinds__isnull=True)
    rows = Solution.objects.filter(
        Q(group__isnull=True) | Q(group__lead_unit__isnull=True), plan__in=plans, lead_unit=None, dropped_at=None
    )
    found: Rows = rows.annotate(unowned=Q(Exists(nobody)) | ~Exists(schedules))
    return found.select_related("plan").order_by("plan", "ordinal")


def _without_unit(plans: Plans, _user: User | None, today: dt.date) -> Rows:
    """Commitments that no unit owes: nobody is named and nobody leads, or no unit of the kinds named is there."""
    there = Unit.objects.in_force(today).filter(
        kind__owed_schedules=OuterRef("pk"), path__startswith=OuterRef("solution__plan__issuing_unit__path")
    )
    no_lead = Q(solution__lead_unit=None) & (Q(solution__group=None) | Q(solution__group__lead_unit=None))
    empty = Q(owner_kinds__isnull=False) & ~Exists(there.order_by())
    rows = _schedules(plans).filter(Q(owner_kinds__isnull=True) & no_lead | empty, owner_units__isnull=True)
    return rows.distinct()


def _without_answer(plans: Plans, user: User | None, _today: dt.date) -> Rows:
    answers = SolutionShortcoming.objects.filter(shortcoming=OuterRef("pk"), solution__dropped_at=None)
    return shortcomings_of(plans, user).filter(~Exists(answers)).select_related("plan").order_by("plan", "ordinal")


def _without_date(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    """Commitments without a day: in a draft by their kind, once given out by the open deadlines that have none."""
    dated = Q(kind__in=DATED_KINDS, due=None)
    free = Q(event=None) | Q(event__day=None) | Q(event__cancelled=True)
    relative = Q(kind=Kind.RELATIVE, chain="") & free
    draft = Q(solution__plan__status=PlanStatus.DRAFT) & (dated | relative | Q(kind=Kind.AS_DIRECTED))
    open_ones = Deadline.objects.filter(undated(), schedule=OuterRef("pk"))
    published = Q(solution__plan__status=PlanStatus.PUBLISHED) & Exists(open_ones)
    return _schedules(plans).filter(draft | published).select_related(*ANCHORS)


def _without_rule(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    return _schedules(plans).filter(kind=Kind.RECURRING, rule="")


def _without_proof(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    return _deadlines(plans).filter(proof_missing())


def _without_update(plans: Plans, _user: User | None, today: dt.date) -> Rows:
    last = ProgressReport.objects.filter(deadline=OuterRef("pk")).order_by("-at").values("at")[:1]
    return _deadlines(plans).filter(not_updated(today)).annotate(said_at=last)


def _without_report(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    """Plans in which no written report is due near the end of the period or later; with an open end, none at all.

    Counted in Python: databases count days differently, and a person manages few plans.
    """
    ends = dict(plans.order_by().values_list("pk", "period_end"))
    reports = Schedule.objects.filter(solution__plan__in=plans, solution__deliverable=Deliverable.REPORT).order_by()
    days: dict[int, list[dt.date | None]] = defaultdict(list)
    for plan, due, rule in reports.values_list("solution__plan", "due", "rule"):
        if due or rule:
            days[plan].append(due)
    missing = [pk for pk, end in ends.items() if not any(_at_the_end(day, end) for day in days[pk])]
    return Plan.objects.filter(pk__in=missing).order_by("pk")


def _at_the_end(day: dt.date | None, end: dt.date | None) -> bool:
    """Return whether a report is due at the end of a period; one that recurs without an end is."""
    return day is None or end is None or day >= end - dt.timedelta(days=REPORT_WINDOW_DAYS)


def _without_target(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    return _indicators(plans).filter(~Q(kind=IndicatorKind.LEVEL), value=None)


def _without_level(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    reaching = IndicatorLevel.objects.filter(indicator=OuterRef("pk"), reaches=True)
    return _indicators(plans).filter(~Exists(reaching), kind=IndicatorKind.LEVEL)


def _without_results_from(plans: Plans, _user: User | None, _today: dt.date) -> Rows:
    return _indicators(plans).filter(owner_units__isnull=True, owner_kinds__isnull=True)


def _indicators(plans: Plans) -> QuerySet[Indicator]:
    return Indicator.objects.filter(plan__in=plans).select_related("plan").order_by("plan", "ordinal")


def _schedules(plans: Plans) -> QuerySet[Schedule]:
    rows = Schedule.objects.filter(solution__plan__in=plans, solution__dropped_at=None)
    return rows.select_related("solution__plan").order_by("solution__plan", "solution__ordinal", "pk")


def _deadlines(plans: Plans) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(plan__in=plans, plan__status=PlanStatus.PUBLISHED)
    return rows.select_related("plan", "unit", "solution").order_by(
        F("due_on").asc(nulls_last=True), "unit_path", "pk"
    )


# --- what a row is called, and where it is cured ---


def _label(row: Any) -> str:
    if isinstance(row, Deadline):
        return f"{row.unit.label}: {shortened(row.solution.text)}"
    if isinstance(row, Schedule):
        return f"{row} – {row.solution}"
    return str(row)


def _draft(plan: Plan) -> bool:
    return plan.status == PlanStatus.DRAFT


def _edit(kind: str, row: Any, plan: Plan) -> str:
    return reverse("plans:record_edit", args=[plan.pk, kind, row.pk])


def _cure_commitment(row: Solution, plan: Plan) -> str:
    if _draft(plan):
        return reverse("plans:record_add", args=[plan.pk, "schedule"]) + f"?solution={row.pk}"
    return reverse("plans:commitment_add", args=[plan.pk, row.pk])


def _cure_lead(row: Solution, plan: Plan) -> str:
    return _edit("solution", row, plan) if _draft(plan) else reverse("plans:solution_lead", args=[plan.pk, row.pk])


def _cure_schedule(row: Schedule, plan: Plan) -> str:
    return _edit("schedule", row, plan) if _draft(plan) else reverse("plans:commitment_change", args=[plan.pk, row.pk])


def _cure_date(row: Schedule, plan: Plan) -> str:
    """Return the day of the event it hangs on, through the commitments before it, else its own form."""
    first = row
    for _step in range(CHAIN_READ):
        first = first.hangs_on if first.chain and first.hangs_on else first
    event = first.event
    if event is not None and event.day is None and not event.cancelled:
        return reverse("plans:event_day", args=[event.pk])
    return _cure_schedule(row, plan)


def _cure_answer(row: Shortcoming, plan: Plan) -> str:
    if _draft(plan):
        return reverse("plans:record_add", args=[plan.pk, "solution"]) + f"?shortcoming={row.pk}"
    return reverse("plans:links", args=[plan.pk, "shortcoming", row.pk])


def _cure_indicator(row: Indicator, plan: Plan) -> str:
    if _draft(plan):
        return _edit("indicator", row, plan)
    return reverse("plans:indicator_change", args=[plan.pk, row.pk])


def _last_word(row: Any) -> str:  # a deadline with `said_at`
    if row.said_at:
        return gettext("last report %(day)s") % {
            "day": date_format(timezone.localdate(row.said_at), "SHORT_DATE_FORMAT")
        }
    day = date_format(timezone.localdate(row.created_at), "SHORT_DATE_FORMAT")
    return gettext("no report; given out on %(day)s") % {"day": day}


#: Every kind, the worst first.
KINDS: Final[tuple[GapKind, ...]] = (
    GapKind(
        "no_commitment",
        _("Solutions without a commitment"),
        _("The solution has no commitment: nothing would be owed."),
        _("Each solution has a commitment in time."),
        _("Add a commitment"),
        "solution",
        _without_commitment,
        _cure_commitment,
        blocks=True,
    ),
    GapKind(
        "no_lead",
        _("Solutions without a lead"),
        _("The solution has no lead unit, neither its own nor its group's."),
        _("Each solution has a lead unit, its own or its group's."),
        _("Give a lead"),
        "solution",
        _without_lead,
        _cure_lead,
        blocks=True,
    ),
    GapKind(
        "no_unit",
        _("Commitments without a unit"),
        _("No unit owes this commitment."),
        _("Each commitment is owed by at least one unit."),
        _("Name units"),
        "schedule",
        _without_unit,
        _cure_schedule,
    ),
    GapKind(
        "no_answer",
        _("Shortcomings without a solution"),
        _("No solution answers this shortcoming."),
        _("Each shortcoming is answered by a solution."),
        _("Choose solutions"),
        "shortcoming",
        _without_answer,
        _cure_answer,
    ),
    GapKind(
        "no_date",
        _("Commitments without a day"),
        _("The commitment has no last day."),
        _("Each commitment that is not ongoing has a day."),
        _("Give a day"),
        "schedule",
        _without_date,
        _cure_date,
    ),
    GapKind(
        "no_rule",
        _("Recurring work of unknown frequency"),
        _("How often this commitment recurs is not known."),
        _("Of recurring work it is known how often it recurs."),
        _("Say how often"),
        "schedule",
        _without_rule,
        _cure_schedule,
    ),
    GapKind(
        "no_value",
        _("Indicators without a target"),
        _("The indicator has no target value."),
        _("Each indicator has a target value."),
        _("Give the target"),
        "indicator",
        _without_target,
        _cure_indicator,
    ),
    GapKind(
        "no_level",
        _("Indicators in words that no level reaches"),
        _("No level of the indicator reaches its target."),
        _("Of each indicator in words it is said which levels reach the target."),
        _("Mark the levels"),
        "indicator",
        _without_level,
        _cure_indicator,
    ),
    GapKind(
        "no_results_from",
        _("Indicators nobody gives results for"),
        _("Nobody is named who gives results of the indicator; the issuing unit gives them."),
        _("Of each indicator it is said which units give results."),
        _("Name units"),
        "indicator",
        _without_results_from,
        _cure_indicator,
    ),
    GapKind(
        "no_evidence",
        _("Done without the evidence owed"),
        _("Reported done, but the report or file owed is not there."),
        _("Where a report or file is owed, work that is done has its evidence."),
        _("Hand in evidence"),
        "deadline",
        _without_proof,
        lambda row, _plan: reverse("plans:evidence_add", args=[row.pk]),
        filter=True,
    ),
    GapKind(
        "no_update",
        _("No word for 30 days"),
        _("Open work about which nothing was reported for 30 days."),
        _("About open work something was reported within the last 30 days."),
        _("Open and chase"),
        "deadline",
        _without_update,
        lambda row, _plan: reverse("plans:deadline", args=[row.pk]),
        detail=_last_word,
        filter=True,
    ),
    GapKind(
        "no_report_day",
        _("Plans without a day for the report"),
        _("No written report is due at the end of the period."),
        _("A written report is due at the end of each plan's period."),
        _("Give the report its day"),
        "plan",
        _without_report,
        lambda row, _plan: reverse("plans:report_day", args=[row.pk]),
    ),
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}
