"""Coverage of a plan and of a year: shortcomings × solutions × deadlines × evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans.coverage import answers_to, counted, coverage_rows
from plans.enums import PlanStatus
from plans.filters import YEARS, in_year
from plans.gap_kinds import shortcomings_of
from plans.models import Deadline, Plan, Shortcoming, SolutionShortcoming
from plans.paging import PER_PAGE, CappedPaginator
from plans.rights import may_manage
from plans.statistics import due_between
from plans.views.plans import visible_plan
from plans.views.shared import Request

UNANSWERED = "unanswered"


@require_safe
def coverage(request: Request, pk: int) -> HttpResponse:
    """Show what covers each shortcoming of a plan."""
    plan = visible_plan(request, pk)
    found = counted(Deadline.objects.visible_to(request.user).filter(plan=plan), today=clock.today())
    linked = set(SolutionShortcoming.objects.filter(solution__plan=plan).values_list("solution_id", flat=True))
    context = _page(request, shortcomings_of(plan, request.user))
    context |= {
        "plan": plan,
        "current": "coverage",
        "may_manage": may_manage(request.user, plan),
        "may_link": may_manage(request.user, plan) and plan.status != PlanStatus.CLOSED,
        "rows": coverage_rows(context["shown"], answers_to(context["shown"]), found),
        "answering": found.of(linked, plan=plan.pk, answering=1),
        "others": found.of(set(found.figures) - linked, plan=plan.pk, answering=0),
    }
    return render(request, "plans/coverage.html", context)


@require_safe
def year_coverage(request: Request) -> HttpResponse:
    """Show the same for every followed-up plan a person sees whose period touches a year; deadlines of that year."""
    year = _year(request.GET.get("year", ""), clock.today())
    plans = in_year(Plan.objects.visible_to(request.user).exclude(status=PlanStatus.DRAFT), year)
    context = _page(request, shortcomings_of(plans, request.user))
    answers = answers_to(context["shown"])
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = Deadline.objects.visible_to(request.user).filter(due_between(due_from=first, due_to=last, undated=True))
    days = {"due_from": f"{first:%d/%m/%Y}", "due_to": f"{last:%d/%m/%Y}", "undated": "1"}
    solutions = {a.solution_id for found in answers.values() for a in found}
    found = counted(rows.filter(solution__in=solutions), today=clock.today(), **days)
    context |= {
        "year": year,
        "last_year": year - 1,
        "next_year": year + 1,
        "rows": coverage_rows(context["shown"], answers, found),
    }
    return render(request, "plans/coverage_year.html", context)


def _page(request: Request, every: QuerySet[Shortcoming]) -> dict[str, Any]:
    """Return a page of shortcomings, and how many there are, answered or not; three queries."""
    unanswered = every.filter(~Exists(SolutionShortcoming.objects.filter(shortcoming=OuterRef("pk"))))
    only = UNANSWERED if request.GET.get("only") == UNANSWERED else ""
    rows = (unanswered if only else every).select_related("plan", "field")
    page = CappedPaginator(rows.order_by("-plan__issued_on", "-plan", "ordinal"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = {"total": every.order_by().count(), "unanswered": unanswered.order_by().count()}
    return {"page": page, "shown": list(page.object_list), "only": only, **counts}


def _year(asked: str, today: dt.date) -> int:
    """Return the year asked for; this year for nonsense."""
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in YEARS else today.year  # noqa: PLR2004  # digits
