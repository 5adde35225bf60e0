"""What is missing in a plan before it can be followed up, each with the record that cures it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.enums import DATED_KINDS, Kind
from plans.models import Plan, Schedule, Solution


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing. `record_kind` and `record_id` name the record whose form cures it."""

    code: str
    message: str | Promise
    record_kind: str
    record_id: int | None
    blocks: bool
    label: str = ""


def blocking(gaps: list[Gap]) -> list[Gap]:
    """Return the gaps that stop publishing."""
    return [g for g in gaps if g.blocks]


def doubts_of(plan: Plan) -> int:
    """Return how many records the reader was unsure of and nobody has looked at since; a fixed number of queries."""
    own = (plan.references, plan.shortcomings, plan.priority_tasks, plan.groups, plan.solutions)
    of_schedules = Schedule.objects.filter(solution__plan=plan).exclude(doubt="").count()
    return of_schedules + sum(records.exclude(doubt="").count() for records in own)


def gaps_of(plan: Plan) -> list[Gap]:
    """Return the gaps of a plan, blocking ones first (design rule 9). A fixed number of queries."""
    solutions = list(
        plan.solutions.select_related("lead_unit", "group__lead_unit").prefetch_related(
            "schedules__owner_units", "schedules__owner_kinds"
        )
    )
    gaps = _of_header(plan)
    if not solutions:
        gaps.append(
            Gap("no_solution", _("The plan has no solution. Add at least one."), "solution", None, blocks=True)
        )
    for solution in solutions:
        gaps += _of_solution(solution)
    answered = set(plan.shortcomings.filter(solutions__isnull=False).values_list("pk", flat=True))
    gaps += [
        Gap("no_answer", _("No solution answers this shortcoming."), "shortcoming", s.pk, blocks=False, label=str(s))
        for s in plan.shortcomings.listed()
        if s.pk not in answered
    ]
    return sorted(gaps, key=lambda g: not g.blocks)


def _of_header(plan: Plan) -> list[Gap]:
    missing = {
        "no_symbol": (not plan.symbol, _("The plan has no number and symbol.")),
        "no_issue_date": (plan.issued_on is None, _("The plan has no day of issue.")),
        "no_period": (
            plan.period_start is None,
            _("The period of the plan is not known: recurring work can't be dated."),
        ),
    }
    gaps = [Gap(code, message, "header", None, blocks=False) for code, (is_gap, message) in missing.items() if is_gap]
    return [*gaps, *_same_number(plan), *_beyond_period(plan)]


def _same_number(plan: Plan) -> list[Gap]:
    """Another plan of the unit with this number: most likely the same paper came in twice."""
    if not plan.symbol or plan.issued_on is None:
        return []
    others = Plan.objects.filter(issuing_unit=plan.issuing_unit, symbol=plan.symbol, issued_on=plan.issued_on)
    other = others.exclude(pk=plan.pk).order_by("pk").first()
    if other is None:
        return []
    words = _("A plan with this number and day is there already; publishing this one gives its work out twice.")
    return [
        Gap("same_number", words, "header", None, blocks=False, label=f"{other.title} ({other.get_status_display()})")
    ]


def _beyond_period(plan: Plan) -> list[Gap]:
    """Work due after the period: then recurring work would stop too early."""
    if plan.period_end is None:
        return []
    last = Schedule.objects.filter(solution__plan=plan).aggregate(last=Max("due"))["last"]
    if last is None or last <= plan.period_end:
        return []
    words = _("A commitment is due on %(due)s, after the period of the plan ends (%(end)s). Check the period.")
    days = {"due": date_format(last, "SHORT_DATE_FORMAT"), "end": date_format(plan.period_end, "SHORT_DATE_FORMAT")}
    return [Gap("beyond_period", words % days, "header", None, blocks=False)]


def _of_solution(solution: Solution) -> list[Gap]:
    """A solution needs a commitment, and somebody for each: its lead, or whom the commitment names."""
    schedules = list(solution.schedules.all())
    unowned = not schedules or any(not s.owner_units.all() and not s.owner_kinds.all() for s in schedules)
    missing = {
        "no_commitment": (not schedules, _("The solution has no commitment: nothing would be owed.")),
        "no_lead": (
            solution.lead is None and unowned,
            _("The solution has no lead unit, neither its own nor its group's."),
        ),
    }
    gaps = [
        Gap(code, message, "solution", solution.pk, blocks=True, label=str(solution))
        for code, (is_gap, message) in missing.items()
        if is_gap
    ]
    for schedule in schedules:
        gaps += _of_schedule(schedule)
    return gaps


def _of_schedule(schedule: Schedule) -> list[Gap]:
    missing = {
        "no_date": (schedule.kind in DATED_KINDS and schedule.due is None, _("The commitment has no last day.")),
        "no_rule": (
            schedule.kind == Kind.RECURRING and not schedule.rule,
            _("How often this commitment recurs is not known."),
        ),
    }
    return [
        Gap(code, message, "schedule", schedule.pk, blocks=False, label=str(schedule))
        for code, (is_gap, message) in missing.items()
        if is_gap
    ]
