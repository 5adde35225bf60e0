"""What the unit pages show, counted in a fixed number of queries and ready to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from plans.enums import OPEN, Status, TimeState
from plans.models import Deadline, Plan
from plans.parts import Parts, parts_below, together
from plans.querysets import DeadlineQuerySet
from plans.statistics import Figures, figures_by
from units.access import STEP
from units.models import Appointment, Post, Unit, User

PLANS_SHOWN = 20
CHILDREN_A_PAGE = 50
PART = "quiet"  # a figure that only parts another one
NO_RATE = 2.0  # sorts units without anything due after those with the best rate

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
    """Everything counted for one unit: its own work, a page of children with all below each, and all together."""

    own: Figures
    whole: Figures
    children: list[StatusRow]
    page: Page[Any]


def unit_figures(unit: Unit, user: User, today: dt.date, page: str | None = None) -> UnitFigures:
    """Count the work of `unit` and below it; three queries whatever the number of children.

    All children are counted once from the index, to know the worst; what else is counted of them is counted for the
    page shown.
    """
    rows = Deadline.objects.visible_to(user)
    counted = parts_below(rows, unit, today=today)
    children = Unit.objects.visible_to(user).select_related("kind").filter(depth=unit.depth + 1).below(unit)
    found = sorted(((child, counted.get(str(child.path), Parts())) for child in children), key=_worst_first)
    shown = Paginator(found, CHILDREN_A_PAGE).get_page(page)
    waiting = _more_by_child(rows, unit, today)
    whole = _figures(together(counted.values()), _sum(waiting.values()))
    lines = [
        _child_row(child, _figures(parts, waiting.get(str(child.path), NOTHING))) for child, parts in shown.object_list
    ]
    own = _figures(counted.get(str(unit.path), Parts()), waiting.get(str(unit.path), NOTHING))
    return UnitFigures(own=own, whole=whole, children=lines, page=shown)


def plan_rows(unit: Unit, user: User, today: dt.date) -> list[StatusRow]:
    """Return the newest plans in which `unit` or a unit below it owes work; two queries."""
    rows = Deadline.objects.visible_to(user).below(unit)
    owed = rows.filter(plan=OuterRef("pk"))
    newest = (F("issued_on").desc(nulls_last=True), "-pk")
    plans = list(Plan.objects.visible_to(user).filter(Exists(owed)).order_by(*newest)[:PLANS_SHOWN])
    counted = figures_by(rows.filter(plan__in=[plan.pk for plan in plans]), "plan_id", today=today)
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


def _worst_first(found: tuple[Unit, Parts]) -> tuple[int, float, int, str]:
    unit, parts = found
    rate = parts.done / parts.fallen_due if parts.fallen_due else NO_RATE
    return -parts.overdue, rate, -parts.total, str(unit.path)


@dataclass(frozen=True, slots=True)
class _More:
    """What the columns tell apart besides the parts of a bar: small sets of rows, each with an index of its own."""

    due_soon: int = 0
    on_hold: int = 0
    waiting: int = 0


NOTHING = _More()


def _more_by_child(rows: DeadlineQuerySet, unit: Unit, today: dt.date) -> dict[str, _More]:
    """Count what is due soon, on hold and waiting by the path of each child; one query over these rows alone."""
    soon = Q(status__in=OPEN, due_on__range=(today, today + dt.timedelta(days=settings.DUE_SOON_DAYS)))
    kinds = {"due_soon": soon, "on_hold": Q(status=Status.ON_HOLD), "waiting": Q(status=Status.SUBMITTED)}
    child = Left("unit_path", len(str(unit.path)) + STEP)
    wanted = rows.below(unit).filter(soon | kinds["on_hold"] | kinds["waiting"]).order_by().annotate(child=child)
    counts = {name: Count("pk", filter=kind) for name, kind in kinds.items()}
    return {row.pop("child"): _More(**row) for row in wanted.values("child").annotate(**counts)}


def _sum(found: Iterable[_More]) -> _More:
    rows = list(found)
    return _More(sum(r.due_soon for r in rows), sum(r.on_hold for r in rows), sum(r.waiting for r in rows))


def _figures(parts: Parts, more: _More) -> Figures:
    return Figures(
        total=parts.total,
        done_on_time=parts.done_on_time,
        done_late=parts.done_late,
        done_no_date=parts.done_no_date,
        waiting=more.waiting,
        on_schedule=parts.in_time - more.due_soon - more.on_hold,
        due_soon=more.due_soon,
        overdue=parts.overdue,
        no_date=parts.no_date,
        on_hold=more.on_hold,
    )
