"""The reports of one period compiled: parts by section, who sent and who has not; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from plans.enums import DONE
from plans.models import Deadline
from reviews.models import Compilation, ReportPart, ReportYear
from reviews.report_matrix import Cell, cell_of
from units.models import User


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """What one unit wrote in one section, and where its report opens."""

    unit: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """One section with the parts of all units that sent it."""

    heading: str
    parts: list[CompiledPart] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Owing:
    """One unit that owes the report, and how it stands."""

    unit: str
    sent: bool
    reported_on: dt.date | None
    cell: Cell


@dataclass(frozen=True, slots=True)
class Compiled:
    """All of it. `introduction` is None while nobody wrote one."""

    sections: list[CompiledSection]
    sent: list[Owing]
    not_sent: list[Owing]
    introduction: Compilation | None


def compiled(year: ReportYear, occurrence: str, *, user: User, today: dt.date) -> Compiled:
    """Return what a person sees of the reports of one occurrence; four queries."""
    rows = Deadline.objects.visible_to(user).filter(schedule=year.schedule_id, occurrence=occurrence)
    names = ("pk", "unit__name", "status", "due_on", "reported_on", "excused_until")
    owing = [_owing(row, today) for row in rows.order_by("unit_path").values(*names, report=F("periodic_report__pk"))]
    parts = ReportPart.objects.filter(report__deadline__in=rows.filter(status__in=DONE).order_by().values("pk"))
    by_section: dict[int, CompiledSection] = {
        section.pk: CompiledSection(section.heading) for section in year.kind.sections.all()
    }
    for part in parts.select_related("report__deadline__unit").order_by("report__deadline__unit_path"):
        if part.text:
            unit = str(part.report.deadline.unit.name)
            made = CompiledPart(unit, part.text, part.report.get_absolute_url())
            by_section[part.section_id].parts.append(made)
    introduction = Compilation.objects.visible_to(user).filter(year=year, occurrence=occurrence).first()
    return Compiled(
        list(by_section.values()),
        [one for one in owing if one.sent],
        [one for one in owing if not one.sent],
        introduction,
    )


def _owing(row: dict[str, Any], today: dt.date) -> Owing:
    return Owing(row["unit__name"], row["status"] in DONE, row["reported_on"], cell_of(row, today))
