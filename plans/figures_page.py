"""The statistics pages: the same rows counted by unit, by plan, by month and by day, each number with its list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from doantracker.lib.text import vi_key
from plans.enums import TimeState
from plans.models import Deadline, Plan, Schedule, Snapshot
from plans.paging import CappedPaginator
from plans.parts import parts_below, parts_by
from plans.querysets import DeadlineQuerySet
from plans.sentences import understood
from plans.snapshots import COUNTED
from plans.statistics import (
    FIGURES,
    NOW,
    THEN,
    Columns,
    Figures,
    as_of,
    condition_of,
    due_between,
    figures_below,
    figures_by,
)
from units.models import Unit, User

#: The columns of the table: each row stands in the total and in exactly one of the others.
TABLE = ("total", "done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date")
#: What the lines of the table are ordered by, upwards or with a minus sign downwards.
SORTABLE = ("name", *TABLE, "rate")
COLOURS = {"done_on_time": "t-on_time", "done_late": "t-late", "overdue": "t-overdue"}
#: The columns of the table of days.
TREND = ("total", "done", "in_time", "overdue", "no_date")
DUTIES_A_PAGE = 40
PLANS_A_PAGE = 30
MOST_MONTHS = 24
_A_YEAR = 12
#: How the rows of a cell of the months stand, the worst first.
NATURES: tuple[tuple[str, TimeState], ...] = (
    ("overdue", TimeState.OVERDUE),
    ("done_late", TimeState.LATE),
    ("in_time", TimeState.ON_SCHEDULE),
    ("done_on_time", TimeState.ON_TIME),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: a unit with all below it, one plan or all, a period, and the day as of which."""

    user: User
    unit: Unit
    plan: Plan | None
    first: dt.date | None
    last: dt.date | None
    day: dt.date
    today: dt.date

    @property
    def past(self) -> bool:
        """Return whether an earlier day is asked for."""
        return self.day < self.today

    @property
    def columns(self) -> Columns:
        """Return where the rows keep their status on that day."""
        return THEN if self.past else NOW

    def rows(self) -> DeadlineQuerySet:
        """Return the deadlines counted; work without a date belongs to every period."""
        found: DeadlineQuerySet = Deadline.objects.visible_to(self.user).below(self.unit)
        found = found.filter(due_between(due_from=self.first, due_to=self.last, undated=True))
        if self.plan:
            found = found.filter(plan=self.plan)
        return as_of(found, self.day) if self.past else found  # type: ignore[return-value]  # the same class

    def query(self, **more: Any) -> dict[str, Any]:
        """Return what an address of these pages carries to mean the same rows; an empty day is an open end."""
        given: dict[str, Any] = {
            "unit": self.unit.pk,
            "plan": self.plan.pk if self.plan else "",
            "due_from": _day(self.first),
            "due_to": _day(self.last),
            "as_of": _day(self.day) if self.past else "",
        }
        return given | more

    @property
    def as_query(self) -> str:
        """Return what an address carries to mean the same rows."""
        return urlencode(self.query())

    def url(self, page: str, **more: Any) -> str:
        """Return another view of the same rows."""
        return f"{reverse(page)}?{urlencode(self.query(**more))}"

    def list_url(self, figure: str, **more: Any) -> str:
        """Return the list of exactly the rows counted in a figure."""
        return f"{self.rows_url(**more)}&figure={figure}"

    def rows_url(self, **more: Any) -> str:
        """Return the list of all these rows: the figures of a line differ in one word only, so it is built once."""
        query = self.query(undated="true") | more
        return f"{reverse('plans:deadlines')}?{urlencode({name: value for name, value in query.items() if value})}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and the list of its rows; no address for none."""

    label: str
    css: str
    text: str
    href: str

    @property
    def drawn(self) -> SafeString:
        """Return the cell of the table: drawn here, a template takes ten times as long for hundreds of lines."""
        if not self.href:
            return format_html('<td class="num zero" data-label="{}"><span class="quiet">–</span></td>', self.label)
        return format_html(
            '<td class="num" data-label="{}"><a class="{}" href="{}">{}</a></td>',
            self.label, self.css, self.href, self.text,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    href: str
    cells: list[Cell]
    rate: str
    figures: Figures
    kind: str = ""

    @property
    def drawn(self) -> SafeString:
        """Return the cells of the table."""
        return SafeString("".join(cell.drawn for cell in self.cells))

    def order(self, column: str) -> tuple[bool, Any]:
        """Return what a column sorts this line by; a rate of nothing stands below every other."""
        return order_of(column, self.name, self.figures)


def order_of(column: str, name: str, figures: Figures) -> tuple[bool, Any]:
    """Return what a line of this name and these figures is sorted by."""
    if column == "name":
        return (True, vi_key(name))
    value = figures.rate if column == "rate" else getattr(figures, column)
    return (value is not None, value or 0)


def in_order(lines: list[Line], sort: str) -> list[Line]:
    """Return the lines sorted by a column; equal ones, and all without a column, stay as they were."""
    column = sort.removeprefix("-")
    if column not in SORTABLE:
        return lines
    return sorted(lines, key=lambda line: line.order(column), reverse=sort.startswith("-"))


def line_of(name: str, href: str, figures: Figures, scope: Scope, kind: str = "", **more: Any) -> Line:
    """Return a line whose numbers lead to the lists narrowed by `more`."""
    words, rows = dict(FIGURES), scope.rows_url(**more)
    cells = []
    for figure in TABLE:
        number = getattr(figures, figure)
        address = f"{rows}&figure={figure}" if number else ""
        text = number_format(number) if number else "–"
        cells.append(Cell(str(words[figure]), COLOURS.get(figure, "") if number else "", text, address))
    return Line(name, href, cells, figures.rate_text, figures, kind)


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The unit itself, each unit directly below with all below it, and both together."""

    lines: list[Line]
    whole: Line
    figures: Figures


def by_unit(scope: Scope, sort: str = "", *, every: bool = False) -> UnitTable:
    """Count by unit, in the order of the tree or of a column; two queries whatever the number of units.

    `every`: also the figures that overlap the columns (what waits, is on hold, is excused), which take longer.
    """
    counted = _by_path(scope, every=every)
    children = Unit.objects.visible_to(scope.user).below(scope.unit).filter(depth=scope.unit.depth + 1)
    own = counted.get(str(scope.unit.path), Figures())
    lines = [line_of(scope.unit.name, "", own, scope, own="on")] if own.total else []
    for child in children.select_related("kind").order_by("path"):
        address = scope.url("plans:figures", unit=child.pk)
        figures = counted.get(str(child.path), Figures())
        lines.append(line_of(child.label, address, figures, scope, child.kind.name, unit=child.pk))
    whole = sum(counted.values(), Figures())
    return UnitTable(in_order(lines, sort), line_of("", "", whole, scope), whole)


def by_plan(scope: Scope, sort: str = "", page: str | None = None) -> Page[Line]:
    """Count by plan, the newest first or in the order of a column; two queries. Only one page is drawn."""
    counted = _by_plan(scope)
    plans = Plan.objects.visible_to(scope.user).filter(pk__in=[pk for pk, f in counted.items() if f.total])
    newest = plans.only("symbol", "title").order_by(F("issued_on").desc(nulls_last=True), "-pk")
    column = sort.removeprefix("-")
    found = list(newest)
    if column in SORTABLE:
        found.sort(key=lambda plan: order_of(column, str(plan), counted[plan.pk]), reverse=sort.startswith("-"))
    shown = Paginator(found, PLANS_A_PAGE).get_page(page)
    shown.object_list = [
        line_of(str(plan), reverse("plans:plan", args=[plan.pk]), counted[plan.pk], scope, plan=plan.pk)
        for plan in shown.object_list
    ]
    return shown


def _by_plan(scope: Scope) -> dict[int, Figures]:
    """Return the figures by plan; as they stand now the index alone tells them."""
    if scope.past:
        return figures_by(scope.rows(), "plan_id", today=scope.day, columns=scope.columns)
    counted = parts_by(scope.rows(), "plan_id", today=scope.day)
    return {pk: parts.figures for (pk,), parts in counted.items()}


def _by_path(scope: Scope, *, every: bool) -> dict[str, Figures]:
    """Return the figures by the path of each unit directly below; as they stand now an index alone tells the table."""
    if scope.past or every:
        return figures_below(scope.rows(), scope.unit, today=scope.day, columns=scope.columns)
    counted = parts_below(scope.rows(), scope.unit, today=scope.day)
    return {path: parts.figures for path, parts in counted.items()}


@dataclass(frozen=True, slots=True)
class MonthPart:
    """The rows of one duty in one month that stand alike: how they stand, how many, and their list."""

    state: str
    words: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One commitment and its months; None where nothing falls due."""

    sentence: str
    text: str
    plan: str
    href: str
    cells: list[list[MonthPart]]


@dataclass(frozen=True, slots=True)
class Months:
    """The table duties × months as drawn."""

    months: list[dt.date]
    duties: list[Duty]
    page: Page[Any]
    cut: bool


def months_of(scope: Scope, page: str | None) -> Months:
    """Return duties × months for one page of duties; three queries."""
    months, cut = _months(scope)
    first, last = months[0], _month_end(months[-1])
    rows = scope.rows().filter(condition_of("total", scope.day, scope.columns), due_on__range=(first, last))
    order = ("plan_id", "solution__ordinal", "schedule_id")
    shown = CappedPaginator(rows.order_by(*order).values(*order).distinct(), DUTIES_A_PAGE).get_page(page)
    wanted = [row["schedule_id"] for row in shown.object_list]
    counts = {name: Count("pk", filter=condition_of(name, scope.day, scope.columns)) for name, _state in NATURES}
    counted = (
        rows.filter(schedule__in=wanted)
        .order_by()
        .annotate(month=TruncMonth("due_on"))
        .values("schedule_id", "month")
        .annotate(**counts)
    )
    cells = {(row["schedule_id"], row["month"]): _month_parts(row, scope) for row in counted}
    schedules = Schedule.objects.select_related("solution__plan").in_bulk(wanted)
    duties = [_duty(schedules[pk], [cells.get((pk, month), []) for month in months]) for pk in wanted]
    return Months(months, duties, shown, cut)


def _duty(schedule: Schedule, cells: list[list[MonthPart]]) -> Duty:
    plan = schedule.solution.plan
    return Duty(
        sentence=understood(schedule, days_off_move=plan.days_off_move),
        text=schedule.solution.text[:120],
        plan=plan.symbol or plan.title[:60],
        href=reverse("plans:plan", args=[plan.pk]),
        cells=cells,
    )


def _month_parts(row: dict[str, Any], scope: Scope) -> list[MonthPart]:
    """Return how the rows of one cell stand, the worst first; each number leads to its own rows."""
    start = max(row["month"], scope.first or row["month"])
    end = min(_month_end(row["month"]), scope.last or dt.date.max)
    more = {"schedule": row["schedule_id"], "due_from": _day(start), "due_to": _day(end), "undated": ""}
    return [
        MonthPart(state.value, str(state.label), row[name], scope.list_url(name, **more))
        for name, state in NATURES
        if row[name]
    ]


def _months(scope: Scope) -> tuple[list[dt.date], bool]:
    """Return the first day of each month of the period, and whether it had to be cut."""
    start = (scope.first or dt.date(scope.day.year, 1, 1)).replace(day=1)
    end = scope.last or dt.date(max(start.year, scope.day.year), _A_YEAR, 31)
    count = (end.year - start.year) * _A_YEAR + end.month - start.month + 1
    found = [_month(start.year, start.month + n) for n in range(max(1, min(count, MOST_MONTHS)))]
    return found, count > MOST_MONTHS


def _month(year: int, month: int) -> dt.date:
    return dt.date(year + (month - 1) // _A_YEAR, (month - 1) % _A_YEAR + 1, 1)


def _month_end(month: dt.date) -> dt.date:
    return _month(month.year, month.month + 1) - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TrendDay:
    """The figures kept on one day; each number with the rows the log tells of for that day."""

    day: dt.date
    figures: Figures
    href: str
    cells: list[Cell]


def days_in_order(days: list[TrendDay], sort: str) -> list[TrendDay]:
    """Return the days sorted by a column, the newest first without one; days without a rate stand below the others."""
    column = sort.removeprefix("-")
    if column not in {"day", "rate", *TREND}:
        return days[::-1]

    def order(row: TrendDay) -> tuple[bool, Any]:
        value = row.day if column == "day" else getattr(row.figures, column)
        return (value is not None, value or 0)

    return sorted(days, key=order, reverse=sort.startswith("-"))


def trend_of(scope: Scope) -> list[TrendDay]:
    """Return the figures kept of a unit and all below it, by day; one grouped query."""
    kept = Snapshot.objects.visible_to(scope.user).below(scope.unit)
    kept = kept.filter(plan=scope.plan) if scope.plan else kept
    kept = kept.filter(day__gte=scope.first) if scope.first else kept
    kept = kept.filter(day__lte=min(scope.last or scope.day, scope.day))
    sums = {f"n_{name}": Sum(name) for name in COUNTED}
    return [_trend_day(row, scope) for row in kept.order_by("day").values("day").annotate(**sums)]


def _trend_day(row: dict[str, Any], scope: Scope) -> TrendDay:
    counted = {name: row[f"n_{name}"] for name in COUNTED}
    counted["on_schedule"] = counted.pop("in_time")
    figures, words = Figures(**counted), dict(FIGURES)
    period = {"due_from": "", "due_to": "", "as_of": _day(row["day"]) if row["day"] < scope.today else ""}
    cells = [
        Cell(str(words[name]), "", number_format(number), scope.list_url(name, **period) if number else "")
        for name, number in ((name, getattr(figures, name)) for name in TREND)
    ]
    return TrendDay(row["day"], figures, scope.url("plans:figures", **period), cells)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def months_label(months: Iterable[dt.date]) -> list[str]:
    """Return the headings of the months."""
    return [f"{month:%m/%Y}" for month in months]
