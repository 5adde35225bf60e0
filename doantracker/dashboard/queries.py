"""What the unit pages show, counted in a fixed number of queries and ready to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from plans.enums import Status, TimeState
from plans.models import Deadline, Plan
from plans.statistics import Figures, figures_below, figures_by
from units.access import STEP
from units.models import Appointment, Post, Unit, User

PLANS_SHOWN = 20
PART = "quiet"  # a figure that only parts another one
NO_RATE = 101.0  # sorts units without anything due after those with the best rate

#: Columns of the table of children: the figure, and what the list of deadlines is filtered by to show the same rows.
#: Each row stands in the total and in exactly one of the others; the last tells a part of what is done once more.
COLUMNS: tuple[tuple[str, dict[str, str]], ...] = (
    ("total", {"figure": "total"}),
    ("done_on_time", {"state": TimeState.ON_TIME}),
    ("done_late", {"state": TimeState.LATE}),
    ("done_no_date", {"figure": "done_no_date"}),
    ("on_schedule", {"state": TimeState.ON_SCHEDULE}),
    ("due_soon", {"state": TimeState.DUE_SOON}),
    ("overdue", {"state": TimeState.OVERDUE}),
    ("no_date", {"figure": "no_date"}),
    ("on_hold", {"status": Status.ON_HOLD}),
    ("waiting", {"status": Status.SUBMITTED}),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure and the list that shows its rows; no address where there is nothing to see."""

    label: str
    css: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of a table of figures."""

    name: str
    href: str
    cells: list[Cell]
    rate: str
    figures: Figures
    kind: str = ""


def labels() -> dict[str, str]:
    """Return the headings of the columns."""
    return {
        "total": _("Total"),
        "done_on_time": _("Done on time"),
        "done_late": _("Done late"),
        "done_no_date": _("Done, no date"),
        "on_schedule": _("On schedule"),
        "due_soon": _("Due soon"),
        "overdue": _("Overdue"),
        "no_date": _("Not done, no date"),
        "on_hold": _("On hold"),
        "waiting": _("of the done: waiting for confirmation"),
    }


def cells_of(figures: Figures, query: dict[str, Any]) -> list[Cell]:
    """Return the figures as cells which link to the list of deadlines narrowed by `query`."""
    deadlines, names = reverse("plans:deadlines"), labels()
    cells = []
    for name, chosen in COLUMNS:
        number = getattr(figures, name)
        css = f"t-{chosen['state']}" if number and "state" in chosen else PART if name == "waiting" else ""
        href = f"{deadlines}?{urlencode(query | chosen)}" if number else ""
        cells.append(Cell(names[name], css, number_format(number) if number else "–", href))
    return cells


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Everything counted for one unit: its own work, each child with all below it, and both together."""

    own: Figures
    whole: Figures
    children: list[StatusRow]


def unit_figures(unit: Unit, user: User, today: dt.date) -> UnitFigures:
    """Count the work of `unit` and below it; two queries whatever the number of children."""
    counted = figures_below(Deadline.objects.visible_to(user), unit, today=today)
    children = Unit.objects.visible_to(user).select_related("kind").filter(depth=unit.depth + 1).below(unit)
    found = [(child, counted.get(str(child.path), Figures())) for child in children]
    whole = Figures()
    for figures in counted.values():
        whole = whole + figures
    rows = [_child_row(child, figures) for child, figures in sorted(found, key=_worst_first)]
    return UnitFigures(own=counted.get(str(unit.path), Figures()), whole=whole, children=rows)


def plan_rows(unit: Unit, user: User, today: dt.date) -> list[StatusRow]:
    """Return the plans in which `unit` or a unit below it owes work, the newest first; two queries."""
    counted = figures_by(Deadline.objects.visible_to(user).below(unit), "plan_id", today=today)
    newest = (F("issued_on").desc(nulls_last=True), "-pk")
    plans = Plan.objects.visible_to(user).filter(pk__in=list(counted)).order_by(*newest)[:PLANS_SHOWN]
    return [
        StatusRow(
            name=str(plan),
            href=reverse("plans:plan", args=[plan.pk]),
            cells=cells_of(counted[plan.pk], {"unit": unit.pk, "plan": plan.pk}),
            rate=counted[plan.pk].rate_text,
            figures=counted[plan.pk],
        )
        for plan in plans
    ]


def posts_of(unit: Unit, today: dt.date) -> list[tuple[str, list[str]]]:
    """Return the posts of a unit with the people who hold them today; two queries."""
    held = Prefetch("appointments", Appointment.objects.in_force(today).select_related("user"), to_attr="held")
    posts = Post.objects.filter(unit=unit).prefetch_related(held).order_by("rank", "title")
    return [(post.title, [a.user.full_name for a in post.held]) for post in posts]


def crumbs_of(unit: Unit, user: User) -> list[tuple[str, str | None]]:
    """Return the way from the top that `user` sees down to `unit`; one query."""
    above = Unit.objects.visible_to(user).filter(path__in=paths_above(str(unit.path)))
    return [(u.label, u.get_absolute_url()) for u in above] + [(unit.label, None)]


def paths_above(path: str) -> list[str]:
    """Return the paths of the units above `path`, from the top."""
    return [path[:end] for end in range(STEP, len(path), STEP)]


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree of units."""

    name: str
    href: str
    kind: str
    code: str
    depth: int
    below: int
    above: str


def tree_rows(units: Iterable[Unit], user: User) -> list[TreeRow]:
    """Return lines for a page of units with the names above each, as far as `user` sees them; one query more."""
    page = list(units)
    wanted = {above for u in page for above in paths_above(str(u.path))}
    names = {str(u.path): u.label for u in Unit.objects.visible_to(user).filter(path__in=wanted)}
    rows = []
    for u in page:
        above = [names[p] for p in paths_above(str(u.path)) if p in names]
        rows.append(
            TreeRow(u.name, u.get_absolute_url(), u.kind.name, u.code, len(above), u.numchild, " › ".join(above))
        )
    return rows


def _child_row(child: Unit, figures: Figures) -> StatusRow:
    return StatusRow(
        name=child.label,
        href=child.get_absolute_url(),
        cells=cells_of(figures, {"unit": child.pk}),
        rate=figures.rate_text,
        figures=figures,
        kind=child.kind.name,
    )


def _worst_first(found: tuple[Unit, Figures]) -> tuple[int, float, int, str]:
    unit, figures = found
    rate = NO_RATE if figures.rate is None else figures.rate
    return -figures.overdue, rate, -figures.total, str(unit.path)
