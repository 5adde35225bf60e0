"""What the units of a person have to enter, the most pressing first; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plans.enums import PlanStatus
from plans.forms.indicator_results import column_label, columns_of
from plans.indicator_figures import periods_of
from plans.indicator_page import address, with_owners
from plans.indicator_periods import Period, begun
from plans.models import Indicator, IndicatorResult, PeriodLock
from plans.target_words import target_words
from units.access import own_paths
from units.models import Unit, User
from units.permissions import Permission


@dataclass(frozen=True, slots=True)
class ToEnter:
    """One result that a unit has not given. `over`: its period has ended; `more` earlier ones are missing too."""

    indicator: Indicator
    unit: Unit
    period: Period
    target: str
    over: bool
    more: int
    columns: list[tuple[str, str]]
    href: str
    page: str


def to_enter_by(user: User, today: dt.date) -> list[ToEnter]:
    """Return what the very units for which `user` reports have not given, periods that are over first."""
    paths = own_paths(user, Permission.REPORT)
    units = list(Unit.objects.in_force(today).filter(path__in=paths))
    rows = with_owners().owed_in(paths) | with_owners().filter(plan__issuing_unit__in=[u.pk for u in units])
    indicators = list(rows.filter(plan__status=PlanStatus.PUBLISHED, fed_by__isnull=True).distinct())
    pks = [i.pk for i in indicators]
    given = set(
        IndicatorResult.objects.filter(indicator__in=pks, unit__in=units).values_list(
            "indicator_id", "unit_id", "period_start"
        )
    )
    locks = PeriodLock.objects.filter(indicator__in=pks, reopened_at__isnull=True)
    closed = set(locks.values_list("indicator_id", "period_start"))
    found = []
    for indicator in indicators:
        asked = [p for p in begun(periods_of(indicator, today), today) if (indicator.pk, p.start) not in closed]
        for unit in units:
            missing = [p for p in asked if (indicator.pk, unit.pk, p.start) not in given]
            missing = [p for p in missing if unit.valid_from is None or unit.valid_from <= p.end]
            if missing and owes_result(indicator, unit):
                found.append(_row(indicator, unit, missing, today))
    return sorted(found, key=lambda row: (not row.over, row.period.end, row.indicator.pk, row.unit.path))


def _row(indicator: Indicator, unit: Unit, missing: list[Period], today: dt.date) -> ToEnter:
    over = [p for p in missing if p.end < today]
    period = over[-1] if over else missing[-1]
    start = f"{period.start:%Y-%m-%d}"
    return ToEnter(
        indicator=indicator,
        unit=unit,
        period=period,
        target=target_words(indicator),
        over=bool(over),
        more=max(len(over) - 1, 0),
        columns=[(column, column_label(indicator, column)) for column in columns_of(indicator)],
        href=f"{address(indicator)}units/{unit.pk}/?period={start}",
        page=address(indicator, unit=unit.pk),
    )


def owes_result(indicator: Indicator, unit: Unit) -> bool:
    """Return whether a unit in force gives results; the same rule as `indicator_figures.owes`."""
    units, kinds = indicator.owner_units.all(), indicator.owner_kinds.all()
    issuer = indicator.plan.issuing_unit
    if not units and not kinds:
        return bool(unit.pk == issuer.pk)
    return unit in units or (any(kind.pk == unit.kind_id for kind in kinds) and issuer.covers(unit))
