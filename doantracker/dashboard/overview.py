"""The overview of a unit and all below it: units × plans, the rate, each number with the list of its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.safestring import SafeString

from doantracker.dashboard.charts import cell, link
from plans.enums import Outcome
from plans.models import Deadline, Plan
from plans.parts import Parts, parts_below, parts_by, together
from plans.querysets import DeadlineQuerySet
from plans.statistics import FIGURES, due_between
from units.access import STEP
from units.models import Unit, User

UNITS_A_PAGE = 20
PLANS_A_PAGE = 8
TITLE_SHOWN = 60
NO_RATE = 2.0  # sorts units without anything due after those with the best rate


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: a unit with all below it, a period (work without a date belongs to every one), kind, field."""

    user: User
    unit: Unit
    first: dt.date | None
    last: dt.date | None
    kind: str
    field: int | None
    today: dt.date

    def rows(self) -> DeadlineQuerySet:
        """Return the deadlines counted."""
        found: DeadlineQuerySet = Deadline.objects.visible_to(self.user).below(self.unit)
        found = found.filter(due_between(due_from=self.first, due_to=self.last, undated=True))
        if self.kind:
            found = found.filter(plan__kind=self.kind)
        return found.in_field(self.field) if self.field else found

    def list_url(self, **more: Any) -> str:
        """Return the list of exactly these rows, up to the name of the figure."""
        dated = bool(self.first or self.last)
        query: dict[str, Any] = {
            "unit": self.unit.pk,
            "due_from": f"{self.first:%d/%m/%Y}" if self.first else "",
            "due_to": f"{self.last:%d/%m/%Y}" if self.last else "",
            "undated": "true" if dated else "",
            "kind": self.kind,
            "field": self.field or "",
        }
        chosen = {name: value for name, value in (query | more).items() if value}
        return f"{reverse('plans:deadlines')}?{urlencode(chosen)}&figure="


@dataclass(frozen=True, slots=True)
class Column:
    """One plan: how it is called in the heading, its whole name, its page."""

    pk: int
    label: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit with all below it (or the unit itself alone): its figures, and a cell for each column."""

    name: str
    href: str
    whole: SafeString
    rate: str
    on_time: str
    cells: list[SafeString]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the head of the page."""

    label: str
    css: str
    number: SafeString


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × plans as drawn: one page of units, one page of plans, and what all units make together."""

    columns: list[Column]
    lines: list[Line]
    together: Line
    whole: Parts
    figures: list[Figure]
    page: Page[Any]
    plans_page: int
    plans_pages: int
    first_plan: int
    last_plan: int
    plans_in_all: int

    @property
    def previous_plans(self) -> int:
        """Return the page of plans before this one."""
        return self.plans_page - 1

    @property
    def next_plans(self) -> int:
        """Return the page of plans after this one."""
        return self.plans_page + 1


@dataclass(frozen=True, slots=True)
class _Place:
    """One line before it is drawn: the unit directly below, or the unit itself."""

    path: str
    pk: int
    name: str
    parts: Parts
    own: bool = False


def matrix_of(scope: Scope, *, units: str, plans: str, page: str | None, plans_page: str | None) -> Matrix:
    """Return units × plans; six queries whatever the number of units, plans and rows.

    `units` and `plans` are the orders (see `OverviewForm`), `page` and `plans_page` the pages asked for.
    """
    rows = scope.rows()
    counted = parts_below(rows, scope.unit, today=scope.today)
    places = _ordered(_places(scope, counted), units)
    shown = Paginator(places, UNITS_A_PAGE).get_page(page)
    ids = _plans_in_order(scope, rows, plans)
    number = _page_number(plans_page, len(ids))
    chosen = ids[(number - 1) * PLANS_A_PAGE : number * PLANS_A_PAGE]
    columns = _columns(scope, chosen)
    length = len(str(scope.unit.path)) + STEP
    by_plan = rows.filter(plan__in=chosen).annotate(child=Left("unit_path", length))
    cells: dict[Any, Parts] = parts_by(by_plan, "child", "plan_id", today=scope.today)
    whole = together(counted.values())
    sums = {c.pk: together(parts for (_, pk), parts in cells.items() if pk == c.pk) for c in columns}
    return Matrix(
        columns=columns,
        lines=[_line(scope, place, columns, cells) for place in shown.object_list],
        together=_drawn("", "", whole, [(sums[c.pk], c.pk) for c in columns], scope.list_url()),
        whole=whole,
        figures=_figures(whole, scope),
        page=shown,
        plans_page=number,
        plans_pages=_pages(len(ids)),
        first_plan=(number - 1) * PLANS_A_PAGE + 1,
        last_plan=(number - 1) * PLANS_A_PAGE + len(columns),
        plans_in_all=len(ids),
    )


def _places(scope: Scope, counted: dict[str, Parts]) -> list[_Place]:
    """Return the lines: the units directly below, and the unit itself where it owes anything; one query."""
    unit = scope.unit
    children = Unit.objects.visible_to(scope.user).below(unit).filter(depth=unit.depth + 1).in_force(scope.today)
    more = Unit.objects.visible_to(scope.user).below(unit).filter(path__in=[p for p in counted if p != unit.path])
    names = (children | more).values_list("path", "pk", "name", "short_name")
    found = [_Place(path, pk, short or name, counted.get(path, Parts())) for path, pk, name, short in names]
    own = counted.get(str(unit.path))
    return [_Place(str(unit.path), unit.pk, unit.label, own, own=True), *found] if own else found


def _ordered(places: list[_Place], order: str) -> list[_Place]:
    if order == "tree":
        return sorted(places, key=lambda place: place.path)
    if order == "rate":
        return sorted(places, key=lambda place: (_rate(place.parts), -place.parts.overdue, place.path))
    return sorted(places, key=lambda p: (-p.parts.overdue, _rate(p.parts), -p.parts.total, p.path))


def _rate(parts: Parts) -> float:
    return parts.done / parts.fallen_due if parts.fallen_due else NO_RATE


def _plans_in_order(scope: Scope, rows: DeadlineQuerySet, order: str) -> list[int]:
    """Return the ids of all plans with such rows, those with the most overdue work, or the newest, first; two queries.

    What is overdue is read from the index of open rows, so no row that is done is looked at.
    """
    counted = rows.filter(plan=OuterRef("pk")).exclude(outcome=Outcome.CANCELLED)
    plans = Plan.objects.visible_to(scope.user).filter(Exists(counted))
    newest = list(plans.order_by(F("issued_on").desc(nulls_last=True), "-pk").values_list("pk", flat=True))
    overdue = rows.overdue(scope.today).order_by().values_list("plan_id").annotate(number=Count("pk"))
    if order == "newest":
        return newest
    pressing = dict(overdue)
    return sorted(newest, key=lambda pk: -pressing.get(pk, 0))


def _columns(scope: Scope, ids: list[int]) -> list[Column]:
    plans = Plan.objects.visible_to(scope.user).in_bulk(ids)
    return [
        Column(pk, plans[pk].symbol or plans[pk].title[:TITLE_SHOWN], str(plans[pk]), plans[pk].get_absolute_url())
        for pk in ids
    ]


def _line(scope: Scope, place: _Place, columns: list[Column], cells: dict[Any, Parts]) -> Line:
    more = {"own": "on"} if place.own else {"unit": place.pk}
    url = scope.list_url(**more)
    href = "" if place.own else reverse("units:unit", args=[place.pk])
    found = [(cells.get((place.path, c.pk)), c.pk) for c in columns]
    return _drawn(place.name, href, place.parts, found, url)


def _drawn(name: str, href: str, parts: Parts, cells: list[tuple[Parts | None, int]], url: str) -> Line:
    start, _figure = url.rsplit("&", 1)
    return Line(
        name=name,
        href=href,
        whole=cell(parts, url),
        rate=parts.rate_text,
        on_time=parts.on_time_text,
        cells=[cell(found, f"{start}&plan={pk}&figure=") for found, pk in cells],
    )


def _figures(whole: Parts, scope: Scope) -> list[Figure]:
    colours = {"done_on_time": "t-on_time", "done_late": "t-late", "overdue": "t-overdue"}
    url = scope.list_url()
    names = [(name, str(label)) for name, label in FIGURES if name != "done"]
    return [
        Figure(label, colours.get(name, ""), link(getattr(whole, name), url + name, css=colours.get(name, "")))
        for name, label in names
    ]


def _pages(count: int) -> int:
    return max(1, ceil(count / PLANS_A_PAGE))


def _page_number(asked: str | None, count: int) -> int:
    """Return the page of plans asked for, the nearest one for nonsense."""
    number = int(asked) if asked and asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004  # as for lists
    return min(max(number, 1), _pages(count))
