"""What is still open in a plan that is about to be closed, each count with its list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions.closing import UNDONE
from plans.enums import ShortcomingState
from plans.models import Deadline, Difficulty, Extension, Plan
from plans.statistics import difficulty_figures, extension_figures, figures_of


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One kind of thing that is not settled: its words, how many, and the page that lists them."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class OpenNow:
    """All that is not settled; `undone` deadlines are what closing has to decide about."""

    points: list[OpenPoint]
    undone: int
    total: int
    done: int
    rate: str


def what_is_open(plan: Plan, *, today: dt.date) -> OpenNow:
    """Return what is open in a plan; five queries."""
    rows = Deadline.objects.filter(plan=plan)
    figures = figures_of(rows, today=today)
    undone = rows.filter(status__in=UNDONE).count()
    extensions = extension_figures(Extension.objects.filter(deadline__plan=plan))
    difficulties = difficulty_figures(Difficulty.objects.filter(deadline__plan=plan), today=today)
    unremedied = ~Q(state=ShortcomingState.REMEDIED)
    shortcomings = plan.shortcomings.aggregate(n=Count("pk", filter=unremedied & Q(merged_into__isnull=True)))["n"]

    def listed(page: str, **query: str) -> str:
        return f"{reverse(page)}?{urlencode({'plan': plan.pk, **query})}"

    points = [
        OpenPoint(_("overdue"), figures.overdue, listed("plans:deadlines", state="overdue")),
        OpenPoint(_("not done, in time"), figures.in_time, listed("plans:deadlines", figure="in_time")),
        OpenPoint(_("not done, no date"), figures.no_date, listed("plans:deadlines", figure="no_date")),
        OpenPoint(_("waiting for confirmation"), figures.waiting, listed("plans:deadlines", status="submitted")),
        OpenPoint(_("later days to decide"), extensions.waiting, listed("plans:extensions")),
        OpenPoint(_("difficulties to answer"), difficulties.awaited, listed("plans:difficulties")),
        OpenPoint(_("shortcomings not remedied"), shortcomings, reverse("plans:plan", args=[plan.pk])),
    ]
    return OpenNow([p for p in points if p.count], undone, figures.total, figures.done, figures.rate_text)
