"""What is in a leader's charge: by field of work, by unit, by solution; red first. A fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.safestring import SafeString

from doantracker.dashboard.charts import cell, link
from doantracker.lib.text import shortened
from plans.charge import Charge, charge_of
from plans.models import Deadline, ProgressReport
from plans.parts import Parts, parts_by, together
from plans.querysets import DeadlineQuerySet
from plans.rows import Row, rows_of
from units.models import User

ROWS_SHOWN = 10
TEXT_SHOWN = 160


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One field, unit or set of solutions with its figures."""

    name: str
    under: str
    href: str
    bar: SafeString
    rate: str
    on_time: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Said:
    """One report of a unit, short."""

    unit: str
    work: str
    text: str
    percent: int
    author: str
    at: dt.datetime
    href: str


@dataclass(frozen=True, slots=True)
class ChargePage:
    """The page: what is red, then fields and units with the most overdue first, then what units said last."""

    units: list[ChargeLine]
    fields: list[ChargeLine]
    solutions: ChargeLine | None
    unknown: tuple[str, ...]
    overdue: SafeString
    overdue_count: int
    due_soon: SafeString
    rows: list[Row]
    reports: list[Said]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is in this person's charge."""
        return not (self.units or self.fields or self.solutions)


def charge_page(user: User, today: dt.date) -> ChargePage:
    """Return what `user` looks after; nine queries whatever it is."""
    charge = charge_of(user, today)
    rows = Deadline.objects.visible_to(user)
    all_of_it = rows.filter(charge.condition)
    late = all_of_it.overdue(today)
    soon = all_of_it.due_soon(today, settings.DUE_SOON_DAYS)
    url = f"{reverse('plans:deadlines')}?{urlencode({'charge': 'all'})}"
    overdue = late.count()
    return ChargePage(
        units=_by_unit(rows, charge, today),
        fields=_by_field(rows, charge, today),
        solutions=_by_solution(rows.overseen_by(user), today),
        unknown=charge.unknown,
        overdue=link(overdue, f"{url}&figure=overdue"),
        overdue_count=overdue,
        due_soon=link(soon.count(), f"{url}&state=due_soon"),
        rows=rows_of(late.order_by("due_on", "pk")[:ROWS_SHOWN], user=user, today=today),
        reports=_reports(user, all_of_it),
    )


def _by_unit(rows: DeadlineQuerySet, charge: Charge, today: dt.date) -> list[ChargeLine]:
    """Return a line for each unit with all below it; one may lie below another, so paths are added up here."""
    paths = [str(unit.path) for unit in charge.units]
    deepest = max(map(len, paths), default=1)
    below = rows.filter(Charge(charge.user, charge.units, (), ()).of_units).annotate(top=Left("unit_path", deepest))
    counted = parts_by(below, "top", today=today)
    lines = []
    for unit, path in zip(charge.units, paths, strict=True):
        parts = together(found for (top,), found in counted.items() if top.startswith(path))
        lines.append(_line(unit.name, unit.kind.name, unit.get_absolute_url(), parts, {"unit": unit.pk}))
    return _red_first(lines)


def _by_field(rows: DeadlineQuerySet, charge: Charge, today: dt.date) -> list[ChargeLine]:
    """Return a line for each field: work that answers one of its shortcomings, once however many it answers."""
    key = "solution__shortcomings__field"
    wanted = rows.filter(**{f"{key}__in": [field.pk for field in charge.fields]})
    counted = parts_by(wanted, key, today=today, distinct=True)
    return _red_first(
        [_line(f.name, f.unit.label, "", counted.get((f.pk,), Parts()), {"field": f.pk}) for f in charge.fields]
    )


def _by_solution(rows: DeadlineQuerySet, today: dt.date) -> ChargeLine | None:
    """Return the line of the solutions whose leader in charge the person is; none without such work."""
    parts = together(parts_by(rows, today=today).values())
    return _line("", "", "", parts, {"charge": "overseen"}) if parts.total else None


def _line(name: str, under: str, href: str, parts: Parts, query: dict[str, Any]) -> ChargeLine:
    url = f"{reverse('plans:deadlines')}?{urlencode(query)}&figure="
    return ChargeLine(name, under, href, cell(parts, url), parts.rate_text, parts.on_time_text, parts)


def _red_first(lines: list[ChargeLine]) -> list[ChargeLine]:
    return sorted(lines, key=lambda line: (-line.parts.overdue, -line.parts.total))


def _reports(user: User, all_of_it: DeadlineQuerySet) -> list[Said]:
    """Return what units said last about this work; the newest are looked through until there are enough."""
    about = Exists(all_of_it.filter(pk=OuterRef("deadline")))
    found = ProgressReport.objects.visible_to(user).filter(about).order_by("-at", "-pk")
    related = found.select_related("author", "deadline__unit", "deadline__solution")
    return [
        Said(
            unit=report.deadline.unit.label,
            work=shortened(report.deadline.solution.text, TEXT_SHOWN),
            text=shortened(report.text, TEXT_SHOWN),
            percent=report.percent,
            author=report.author.full_name,
            at=report.at,
            href=report.deadline.get_absolute_url(),
        )
        for report in related[:ROWS_SHOWN]
    ]
