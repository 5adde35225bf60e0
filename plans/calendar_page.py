"""The calendar of deadlines: whole weeks from Monday, each day with its most pressing rows and how many more.

Two queries for any number of rows: one ranks and counts within each day over narrow columns, one reads the rows shown.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from plans.calendars import DayMark, day_marks
from plans.enums import DONE, OPEN
from plans.models import Deadline
from plans.querysets import DeadlineQuerySet
from plans.rows import Row, rows_of
from units.models import User

FIRST_YEAR, LAST_YEAR = 1976, 2099
WEEK: Final = dt.timedelta(days=7)
VIEWS: Final = ("month", "week")
SHOWN: Final = {"month": 3, "week": 12}  # rows of a day before the others fold away


@dataclass(frozen=True, slots=True)
class Span:
    """What is shown: whole weeks from `first` to `last` around `day`; `month` is 0 in a week."""

    view: str
    day: dt.date
    first: dt.date
    last: dt.date
    month: int

    def weeks(self) -> list[list[dt.date]]:
        """Return the days, a list for each week."""
        count = (self.last - self.first).days + 1
        days = [self.first + dt.timedelta(days=n) for n in range(count)]
        return [days[n : n + 7] for n in range(0, count, 7)]

    def neighbours(self) -> tuple[dt.date, dt.date]:
        """Return a day of the month or week before, and one of the next."""
        if self.view == "week":
            return self.day - WEEK, self.day + WEEK
        first = self.day.replace(day=1)
        return (first - dt.timedelta(days=1)).replace(day=1), (first + dt.timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day as shown. `href` is the filtered list of its rows, empty where it has none."""

    date: dt.date
    outside: bool  # belongs to the month before or after
    today: bool
    mark: DayMark | None
    rows: list[Row]
    total: int
    href: str

    @property
    def more(self) -> int:
        """Return how many rows are folded away."""
        return self.total - len(self.rows)

    @property
    def quiet(self) -> bool:
        """Return whether a list by day may leave it out."""
        return not (self.total or self.today or (self.mark and self.mark.name))


def span_of(view: str, day: str, today: dt.date) -> Span:
    """Return what to show; nonsense in the address, and years without plans, mean today."""
    view = view if view in VIEWS else VIEWS[0]
    shown = _day(day) or today
    first, last, month = shown, shown, 0
    if view == "month":
        month = shown.month
        first = shown.replace(day=1)
        last = shown.replace(day=calendar.monthrange(shown.year, shown.month)[1])
    monday, sunday = first - dt.timedelta(days=first.weekday()), last + dt.timedelta(days=6 - last.weekday())
    return Span(view, shown, monday, sunday, month)


def days_of(
    rows: DeadlineQuerySet, span: Span, *, user: User, today: dt.date, chosen: dict[str, str], back: str
) -> list[list[Day]]:
    """Return the weeks of `span` with what of `rows` falls due on each day; three queries.

    `chosen` are the filters, so that the list a day leads to shows the same rows.
    """
    weeks = span.weeks()
    totals, shown = _pressing(rows, span)
    by_day: dict[dt.date, list[Row]] = {}
    order = {pk: n for n, pk in enumerate(shown)}
    found = rows_of(Deadline.objects.filter(pk__in=shown), user=user, today=today, back=back)
    for row in sorted(found, key=lambda r: order[r["pk"]]):
        by_day.setdefault(shown[row["pk"]], []).append(row)
    marks = day_marks(day for week in weeks for day in week)
    base = reverse("plans:deadlines")

    def day_of(date: dt.date) -> Day:
        only = {**chosen, "due_from": f"{date:%d/%m/%Y}", "due_to": f"{date:%d/%m/%Y}"}
        return Day(
            date=date,
            outside=bool(span.month) and date.month != span.month,
            today=date == today,
            mark=marks.get(date),
            rows=by_day.get(date, []),
            total=totals.get(date, 0),
            href=f"{base}?{urlencode(only)}" if date in totals else "",
        )

    return [[day_of(date) for date in week] for week in weeks]


def _pressing(rows: DeadlineQuerySet, span: Span) -> tuple[dict[dt.date, int], dict[int, dt.date]]:
    """Return how many rows each day has, and the first of each day in order: owed, then reported, then stopped."""
    rank = Case(
        When(status__in=OPEN, then=Value(0)),
        When(status__in=DONE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    of_a_day: dict[str, Any] = {"partition_by": "due_on"}
    ranked = (
        rows.filter(due_on__range=(span.first, span.last))
        .annotate(rank=rank)
        .annotate(
            place=Window(RowNumber(), order_by=("rank", "unit_path", "pk"), **of_a_day),
            total=Window(Count("pk"), **of_a_day),
        )
        .filter(place__lte=SHOWN[span.view])
        .order_by("due_on", "place")
        .values_list("pk", "due_on", "total")
    )
    totals, shown = {}, {}
    for pk, due_on, total in ranked:
        totals[due_on] = total
        shown[pk] = due_on
    return totals, shown


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
