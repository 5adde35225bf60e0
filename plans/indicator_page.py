"""What pages of an indicator show: its value against the target, periods × units; each total opens to its terms.

The number of queries depends neither on the number of units nor of results.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.enums import Comparator, IndicatorKind, RollUp
from plans.forecast import Forecast, Standing, forecast
from plans.indicator_figures import Figure, Figures, figures_of, periods_of
from plans.indicator_periods import Period, begun, to_enter
from plans.models import Indicator, IndicatorResult
from plans.querysets import IndicatorQuerySet
from plans.result_words import measure, measured, shown, worded
from plans.roll_up import Part, over_periods, together
from units.models import Unit

SHOWN_PERIODS: Final = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table: what it says, its terms, who is missing, and where it opens."""

    text: str
    terms: str = ""
    missing: int = 0
    owing: int = 0
    href: str = ""
    given: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the unit itself, a unit below, or a total."""

    name: str
    cells: list[Cell]
    href: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """Where an indicator stands in the subtree of one unit."""

    period: str
    part: Part
    text: str
    target: str
    outlook: Forecast
    expected: str
    value: Decimal | None
    goal: Decimal | None

    @property
    def bar(self) -> dict[str, str] | None:
        """Return the places of a drawing 100 wide: the value, the mark of the target, the mark of what is expected."""
        if self.value is None or self.goal is None:
            return None
        ends = [n for n in (self.value, self.goal, self.outlook.expected) if n is not None]
        most = max(*ends, Decimal(1)) * Decimal("1.04")
        places = {"value": self.value, "goal": self.goal}
        if self.outlook.expected is not None and self.outlook.expected != self.value:
            places["expected"] = self.outlook.expected
        return {name: f"{number * 100 / most:.1f}" for name, number in places.items()}


def with_owners() -> IndicatorQuerySet:
    """Return indicators with all that these pages read, in a fixed number of queries."""
    rows = Indicator.objects.select_related("plan__issuing_unit", "solution", "fed_by")
    found: IndicatorQuerySet = rows.prefetch_related("owner_units", "owner_kinds", "levels", "conditions")
    return found


def asked_periods(indicator: Indicator, today: dt.date) -> list[Period]:
    """Return the periods that a standing is told from: all that have begun, or the newest few."""
    found = begun(periods_of(indicator, today), today)
    return found if indicator.cumulative else found[-SHOWN_PERIODS:]


def now_of(indicator: Indicator, figures: Figures, today: dt.date) -> Now | None:
    """Return where an indicator stands by the figures of `asked_periods`; None before its first period."""
    every = periods_of(indicator, today)
    asked = asked_periods(indicator, today)
    if not asked:
        return None
    by_period = {p: figures.at(indicator.pk, p.start) for p in asked}
    filled = [p for p in asked if by_period[p].rolled.whole.given]
    period = filled[-1] if filled else to_enter(every, today) or asked[-1]
    newest = by_period.get(period) or Figure(figures.at(indicator.pk, period.start).rolled)
    part = newest.rolled.whole
    if indicator.cumulative:
        whole = over_periods([f.rolled.whole for f in by_period.values()], RollUp(indicator.roll_up))
        part = replace(whole, owing=part.owing, given=part.given)
        start, end, label = every[0].start, every[-1].end, _("All periods up to %(period)s") % {"period": period.label}
    else:
        start, end, label = period.start, period.end, period.label
    value, goal, comparator = _measured_by(indicator, part)
    standing = Standing(
        value=value,
        start=start,
        end=end,
        as_of=_as_of(period, newest.as_of, end, today),
        grows=indicator.roll_up == RollUp.SUM,
        complete=not part.missing,
    )
    outlook = forecast(comparator, goal, standing)
    return Now(
        period=label,
        part=part,
        text=total_text(indicator, part),
        target=measured(indicator, goal, _counted(indicator)),
        outlook=outlook,
        expected=measured(indicator, outlook.expected, _counted(indicator)),
        value=value,
        goal=goal,
    )


def _as_of(period: Period, entered: dt.date | None, end: dt.date, today: dt.date) -> dt.date:
    """Return the day up to which the results tell: that of the last entry, the end of a period that is over."""
    if today > end:
        return today
    told = period.end if period.end < today else entered or today
    return min(max(told, period.start), today)


def _counted(indicator: Indicator) -> str:
    """Return the operator whose number pages tell: levels and counts of units are counts."""
    return RollUp.COUNT_UNITS if indicator.kind == IndicatorKind.LEVEL else indicator.roll_up


def _measured_by(indicator: Indicator, part: Part) -> tuple[Decimal | None, Decimal | None, str]:
    """Return the value, what it has to come to, and how they are compared. Units that are counted: all of them."""
    operator = RollUp(_counted(indicator))
    if operator == RollUp.COUNT_UNITS:
        return part.number(operator), Decimal(part.owing) if part.owing else None, Comparator.GE
    if operator == RollUp.NONE:
        return (part.total if part.valued == 1 else None), indicator.value, indicator.comparator
    return part.number(operator), indicator.value, indicator.comparator


def total_text(indicator: Indicator, part: Part) -> str:
    """Return a rolled-up number in words; nothing where there is none."""
    operator = RollUp(_counted(indicator))
    if not part.given:
        return ""
    if operator == RollUp.COUNT_UNITS:
        return _("%(reached)s of %(owing)s units") % {"reached": shown(Decimal(part.reached)), "owing": part.owing}
    if operator == RollUp.NONE:
        return measured(indicator, part.total) if part.valued == 1 else _("no total")
    return measured(indicator, part.number(operator)) or _("nobody to count")


def terms_text(indicator: Indicator, part: Part) -> str:
    """Return the terms of a share."""
    if indicator.kind != IndicatorKind.RATIO or not part.given or part.denominator <= 0:
        return ""
    return f"{shown(part.numerator)}/{shown(part.denominator)}"


def address(indicator: Indicator, page: str = "plans:indicator", **query: object) -> str:
    """Return an address of an indicator's pages."""
    given = {name: value for name, value in query.items() if value}
    return f"{reverse(page, args=[indicator.pk])}{'?' if given else ''}{urlencode(given)}"


def table_of(
    indicator: Indicator, unit: Unit, periods: Sequence[Period], figures: Figures, own: Sequence[IndicatorResult]
) -> list[Row]:
    """Return the lines of periods × units: the unit's own, each unit below, the total below, the whole. One query."""
    found = [figures.at(indicator.pk, period.start).rolled for period in periods]
    places = {place for rolled in found for place in rolled.by_child}
    children = Unit.objects.filter(path__in=places).order_by("path").only("pk", "path", "name", "short_name")
    rows = []
    if any(rolled.own.owing for rolled in found):
        said = {result.period_start: result for result in own}
        cells = [_own(indicator, r.own, said.get(p.start)) for r, p in zip(found, periods, strict=True)]
        rows.append(Row(_("%(unit)s itself") % {"unit": unit.label}, cells, kind="own"))
    for child in children:
        href = address(indicator, unit=child.pk)
        cells = [_cell(indicator, rolled.by_child.get(str(child.path), Part()), href) for rolled in found]
        rows.append(Row(child.label, cells, href))
    if places:
        below = [_cell(indicator, together(rolled.by_child.values())) for rolled in found]
        rows.append(Row(_("Units below together"), below, kind="total"))
        if rows[0].kind == "own":
            rows.append(Row(_("Own and below"), [_cell(indicator, rolled.whole) for rolled in found], kind="total"))
    return rows


def _own(indicator: Indicator, part: Part, result: IndicatorResult | None) -> Cell:
    if result is None:
        return _cell(indicator, part)
    terms = worded(result) if indicator.kind == IndicatorKind.RATIO else ""
    text = worded(result) if not terms else measured(indicator, part.total if part.valued else None) or terms
    if indicator.kind == IndicatorKind.NUMBER:
        text = f"{text} {measure(indicator)}".strip()
    return Cell(text, terms if terms != text else "", owing=1)


def _cell(indicator: Indicator, part: Part, href: str = "") -> Cell:
    if not part.owing:
        return Cell("–", given=False)
    text = total_text(indicator, part) if part.given else ""
    return Cell(text, terms_text(indicator, part), part.missing, part.owing, href, given=bool(part.given))


def standings(indicators: Sequence[Indicator], unit: Unit, today: dt.date) -> dict[int, Now | None]:
    """Return where many indicators stand in the subtree of `unit`; as many queries as for one."""
    asked = {indicator.pk: asked_periods(indicator, today) for indicator in indicators}
    figures = figures_of(indicators, unit, asked)
    return {indicator.pk: now_of(indicator, figures, today) for indicator in indicators}
