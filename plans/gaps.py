"""What is missing in a plan before it can be followed up, each with the record that cures it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Final

from django.db.models import Max
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.gap_kinds import KINDS, Gap
from plans.models import Plan, Schedule
from units.models import User

#: A draft has nothing given out yet.
OF_DRAFTS: Final = tuple(kind for kind in KINDS if kind.record_kind != "deadline")


def blocking(gaps: list[Gap]) -> list[Gap]:
    """Return the gaps that stop publishing."""
    return [g for g in gaps if g.blocks]


def by_kind(gaps: list[Gap]) -> list[tuple[Gap, list[Gap]]]:
    """Return gaps in groups of one kind, each behind its first: what stops publishing apart from what doesn't."""
    groups = [list(found) for _key, found in groupby(gaps, key=lambda g: (g.blocks, g.code))]
    return [(found[0], found) for found in groups]


def doubts_of(plan: Plan) -> int:
    """Return how many records the reader was unsure of and nobody has looked at since; a fixed number of queries."""
    own = (plan.references, plan.shortcomings, plan.priority_tasks, plan.groups, plan.solutions, plan.indicators)
    of_schedules = Schedule.objects.filter(solution__plan=plan).exclude(doubt="").count()
    return of_schedules + sum(records.exclude(doubt="").count() for records in own)


def gaps_of(plan: Plan, user: User | None = None, *, today: dt.date | None = None) -> list[Gap]:
    """Return the gaps of a plan, blocking ones first (design rule 9). A fixed number of queries.

    `user` reads them; None: a command on the server.
    """
    today = today or clock.today()
    gaps = _of_header(plan)
    if not plan.solutions.exists():
        words = _("The plan has no solution. Add at least one.")
        url = reverse("plans:record_add", args=[plan.pk, "solution"])
        gaps.append(Gap("no_solution", words, "solution", None, blocks=True, url=url))
    plans = Plan.objects.filter(pk=plan.pk)
    led_by_nobody: set[int | None] = set()
    for kind in OF_DRAFTS if plan.status == PlanStatus.DRAFT else KINDS:
        rows = list(kind.rows(plans, user, today))
        if kind.code == "no_lead":
            led_by_nobody = {row.pk for row in rows}
        if kind.code == "no_unit":  # told of their solution already
            rows = [row for row in rows if row.solution_id not in led_by_nobody]
        gaps += map(kind.gap_of, rows)
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
    gaps = [_of_head(plan, code, message) for code, (is_gap, message) in missing.items() if is_gap]
    return [*gaps, *_same_number(plan), *_beyond_period(plan)]


def _of_head(plan: Plan, code: str, message: str | Promise, label: str = "") -> Gap:
    """Return a gap that the form of the plan's head cures."""
    url = reverse("plans:record_edit", args=[plan.pk, "header", plan.pk])
    return Gap(code, message, "header", None, blocks=False, label=label, url=url)


def _same_number(plan: Plan) -> list[Gap]:
    """Another plan of the unit with this number: most likely the same paper came in twice."""
    if not plan.symbol or plan.issued_on is None:
        return []
    others = Plan.objects.filter(issuing_unit=plan.issuing_unit, symbol=plan.symbol, issued_on=plan.issued_on)
    other = others.exclude(pk=plan.pk).order_by("pk").first()
    if other is None:
        return []
    words = _("A plan with this number and day is there already; publishing this one gives its work out twice.")
    return [_of_head(plan, "same_number", words, label=f"{other.title} ({other.get_status_display()})")]


def _beyond_period(plan: Plan) -> list[Gap]:
    """Work due after the period: then recurring work would stop too early."""
    if plan.period_end is None:
        return []
    last = Schedule.objects.filter(solution__plan=plan).aggregate(last=Max("due"))["last"]
    if last is None or last <= plan.period_end:
        return []
    words = _("A commitment is due on %(due)s, after the period of the plan ends (%(end)s). Check the period.")
    days = {"due": date_format(last, "SHORT_DATE_FORMAT"), "end": date_format(plan.period_end, "SHORT_DATE_FORMAT")}
    return [_of_head(plan, "beyond_period", words % days)]
