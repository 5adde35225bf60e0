"""A score sheet as pages show it: rows of units with their points, and the facts behind one unit's; few queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from plans.enums import DONE, OPEN
from plans.labels import period_label
from plans.models import Deadline
from reviews.emulation import COUNTED, Band, Tally, ranks, report_points, standing_points
from reviews.enums import EmulationCriterionKind
from reviews.models import EmulationCriterion, EmulationDispute, EmulationScore, EmulationSheet
from reviews.report_matrix import Cell, cell_of
from units.models import Unit, User
from units.permissions import Permission


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one unit under one criterion; `points` is None while nobody gave any."""

    criterion: EmulationCriterion
    points: Decimal | None
    computed: Decimal | None
    score: EmulationScore | None
    settled: Decimal | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One unit of a sheet; `place` is None for who does not see all units, and where nothing gave the unit points."""

    unit: Unit
    points: list[Points]
    total: Decimal
    place: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One report behind a computed figure."""

    kind: str
    period: str
    due_on: dt.date
    reported_on: dt.date | None
    papers: str
    cell: Cell


def sees_all(user: User, sheet: EmulationSheet) -> bool:
    """Return whether `user` sees every unit of the sheet."""
    return user.may(Permission.VIEW, sheet.unit)


def scored_units(sheet: EmulationSheet, user: User, today: dt.date) -> QuerySet[Unit]:
    """Return the units that the sheet scores and `user` sees, in force at the end of its year or today."""
    day = min(today, dt.date(sheet.year, 12, 31))
    kinds = sheet.unit_kinds.order_by().values("pk")
    found: QuerySet[Unit] = Unit.objects.visible_to(user).in_force(day).below(sheet.unit).filter(kind__in=kinds)
    return found.exclude(pk=sheet.unit_id)


def sheet_rows(sheet: EmulationSheet, *, user: User, today: dt.date) -> list[SheetRow]:
    """Return the rows, the highest total first; a fixed number of queries for any number of units."""
    units = list(scored_units(sheet, user, today).select_related("kind"))
    criteria = list(sheet.criteria.prefetch_related("bands"))
    tallies = tallies_of(sheet, [unit.pk for unit in units], user=user, today=today)
    scores = _scores(sheet, units, user)
    rows = [
        (unit, [_points(c, tallies.get(unit.pk), scores.get((c.pk, unit.pk))) for c in criteria]) for unit in units
    ]
    totals = {unit.pk: sum((p.points or Decimal(0) for p in points), Decimal(0)) for unit, points in rows}
    scored = {unit.pk: totals[unit.pk] for unit, points in rows if any(p.points is not None for p in points)}
    places: Mapping[int, int] = ranks(scored) if sees_all(user, sheet) else {}
    found = [SheetRow(unit, points, totals[unit.pk], places.get(unit.pk)) for unit, points in rows]
    return sorted(found, key=lambda row: (-row.total, str(row.unit.path)))


def unit_points(
    sheet: EmulationSheet, unit: Unit, criterion: EmulationCriterion, *, user: User, today: dt.date
) -> Points:
    """Return the points of one unit under one criterion."""
    tally = tallies_of(sheet, [unit.pk], user=user, today=today).get(unit.pk)
    return _points(criterion, tally, _scores(sheet, [unit], user).get((criterion.pk, unit.pk)))


def tallies_of(sheet: EmulationSheet, units: Iterable[int], *, user: User, today: dt.date) -> dict[int, Tally]:
    """Return how the reports of each unit stand; one grouped query that counts as `emulation.sent_state` tells."""
    done = Q(status__in=DONE)
    excused = Q(reported_on__lte=F("excused_until"))
    figures = {
        "on_time": done & (Q(reported_on__lte=F("due_on")) | excused),
        "late": done & Q(reported_on__gt=F("due_on")) & (Q(excused_until__isnull=True) | ~excused),
        "missing": Q(status__in=OPEN, due_on__lt=today),
    }
    grouped = _owed(sheet, user).filter(unit__in=list(units)).order_by().values(
        "unit_id", period=F("schedule__report_year__kind__period")
    )  # fmt: skip
    counted: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: {name: {} for name in figures})
    for row in grouped.annotate(**{name: Count("pk", filter=condition) for name, condition in figures.items()}):
        for name in figures:
            counted[row["unit_id"]][name][row["period"]] = row[name]
    return {unit: Tally(**parts) for unit, parts in counted.items()}


def facts_of(sheet: EmulationSheet, unit: Unit, *, user: User, today: dt.date) -> list[Fact]:
    """Return the reports of one unit that count in the sheet, by their days; two queries."""
    rows = _owed(sheet, user).filter(unit=unit).select_related("schedule__report_year__kind", "periodic_report")
    found = []
    for row in rows.prefetch_related("evidence").order_by("due_on", "pk"):
        kind = row.schedule.report_year.kind
        report = getattr(row, "periodic_report", None)
        values = {name: getattr(row, name) for name in ("pk", "status", "due_on", "reported_on", "excused_until")}
        cell = cell_of({**values, "report": report.pk if report else None}, today)
        papers = ", ".join(str(e) for e in row.evidence.all() if e.replaced_at is None)
        label = period_label(kind.period_of(row.occurrence).key)
        found.append(Fact(str(kind), label, row.due_on, row.reported_on, papers, cell))
    return found


def _owed(sheet: EmulationSheet, user: User) -> Any:  # a queryset of deadlines
    """Return the reports that count: owed to the unit that scores, due in the year, of a period that has bands."""
    return Deadline.objects.visible_to(user).filter(
        schedule__report_year__kind__unit=sheet.unit_id,
        schedule__report_year__year=sheet.year,
        schedule__report_year__kind__period__in=COUNTED,
        due_on__isnull=False,
    )


def _scores(sheet: EmulationSheet, units: list[Unit], user: User) -> dict[tuple[int, int], EmulationScore]:
    """Return what was entered by hand, each with the points last settled and whether an objection waits; one query."""
    own = EmulationDispute.objects.filter(score=OuterRef("pk")).order_by("-settled_at", "-pk")
    settled = own.filter(points__isnull=False).values("points")[:1]
    waiting = Exists(own.filter(settled_at__isnull=True).order_by())
    rows = EmulationScore.objects.visible_to(user).filter(criterion__sheet=sheet, unit__in=[u.pk for u in units])
    found = rows.annotate(settled=Subquery(settled), disputed=waiting)
    return {(row.criterion_id, row.unit_id): row for row in found}


def _points(criterion: EmulationCriterion, tally: Tally | None, score: EmulationScore | None) -> Points:
    computed = None
    if (
        criterion.kind == EmulationCriterionKind.REPORTS and tally is not None
    ):  # who owed no report gets no points for them
        bands = [Band(band.points, {name: getattr(band, name) for name in COUNTED}) for band in criterion.bands.all()]
        failed = tally.failed(late_counts=criterion.late_counts)
        computed = report_points(bands, failed, criterion.most)
    settled: Decimal | None = getattr(score, "settled", None)
    checked = score.checked_points if score else None
    points = standing_points(computed=computed, checked=checked, settled=settled, most=criterion.most)
    return Points(criterion, points, computed, score, settled, bool(getattr(score, "disputed", False)))
