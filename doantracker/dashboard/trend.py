"""How the figures of a unit went, from the figures kept each day: one row a day, one point a week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from doantracker.dashboard.charts import Spark, link, spark
from plans.models import UnitSnapshot
from plans.parts import NAMES, Parts
from plans.statistics import FIGURES
from units.models import Unit, User

WEEKS = 13
#: The columns of the table behind the lines.
COLUMNS = ("total", "done", "in_time", "overdue", "no_date")


@dataclass(frozen=True, slots=True)
class TrendDay:
    """The figures kept on one day."""

    day: dt.date
    parts: Parts
    numbers: list[tuple[str, SafeString]]
    rate: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Two lines over the days kept, the newest day first in the table."""

    rate: Spark | None
    overdue: Spark
    rate_now: str
    overdue_now: int
    labels: list[str]
    days: list[TrendDay]


def trend_of(unit: Unit, user: User, today: dt.date) -> Trend | None:
    """Return the trend of a unit with all below it, in all plans followed up; one query. None before any day."""
    first = today - dt.timedelta(weeks=WEEKS)
    kept = UnitSnapshot.objects.visible_to(user).filter(unit=unit, day__gte=first, day__lte=today).order_by("day")
    weekly = {day.isocalendar()[:2]: (day, counts) for day, *counts in kept.values_list("day", *NAMES)}  # its last day
    days = [_day(day, Parts(*counts), unit, today) for day, counts in weekly.values()]
    if not days:
        return None
    last, words = days[-1], dict(FIGURES)
    rated = [day for day in days if day.parts.fallen_due]
    return Trend(
        rate=spark(
            _("Rate"),
            [d.day for d in rated],
            [1000 * d.parts.done // d.parts.fallen_due for d in rated],
            [d.rate for d in rated],
            1000,
        )
        if rated
        else None,
        overdue=spark(
            _("Overdue"),
            [d.day for d in days],
            [d.parts.overdue for d in days],
            [str(d.parts.overdue) for d in days],
            max(d.parts.overdue for d in days),
        ),
        rate_now=last.rate,
        overdue_now=last.parts.overdue,
        labels=[str(words[name]) for name in COLUMNS],
        days=days[::-1],
    )


def _day(day: dt.date, parts: Parts, unit: Unit, today: dt.date) -> TrendDay:
    query = {"unit": unit.pk} | ({"as_of": f"{day:%d/%m/%Y}"} if day < today else {})
    url = f"{reverse('plans:deadlines')}?{urlencode(query)}&figure="
    words = dict(FIGURES)
    numbers = [(str(words[name]), link(getattr(parts, name), url + name)) for name in COLUMNS]
    return TrendDay(day, parts, numbers, parts.rate_text)
