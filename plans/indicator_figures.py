"""Results of indicators rolled up by the database: a fixed number of grouped queries for any number of units.

The definitions are those of `plans.roll_up`; a test holds both against each other over random trees. An indicator that
is `fed_by` a commitment has no results of its own: its terms are counted from the deadlines, those done of those owed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DecimalField,
    F,
    Func,
    Max,
    Min,
    Q,
    Sum,
    When,
)
from django.db.models.functions import Substr
from django.utils import timezone

from plans.enums import DONE, Comparator, IndicatorKind, Status
from plans.forecast import fulfils
from plans.indicator_periods import Period, periods
from plans.models import Deadline, Indicator, IndicatorResult, Schedule
from plans.roll_up import PLACES, Part, Rolled, Term, part_of, share
from units.access import STEP
from units.models import Unit
from units.querysets import UnitQuerySet

NUMBER: Any = DecimalField(max_digits=30, decimal_places=PLACES)
#: Periods of an indicator by its id.
Asked = Mapping[int, Sequence[Period]]


@dataclass(slots=True)
class Figure:
    """What a unit and those below it gave in one period, and when the last of it was entered."""

    rolled: Rolled
    as_of: dt.date | None = None


@dataclass(slots=True)
class Figures:
    """Figures by indicator and first day of the period."""

    path: str
    found: dict[tuple[int, dt.date], Figure] = field(default_factory=dict)

    def at(self, indicator: int, start: dt.date) -> Figure:
        """Return the figure of one period, an empty one where nobody owes and nobody gave anything."""
        return self.found.setdefault((indicator, start), Figure(Rolled(self.path, Part())))

    def add(self, key: tuple[int, dt.date], place: str, part: Part) -> None:
        """Add a part to what is known of the child at `place`, or of the unit itself."""
        rolled = self.at(*key).rolled
        if place == self.path:
            self.found[key].rolled = Rolled(rolled.path, rolled.own + part, rolled.by_child)
        else:
            rolled.by_child[place] = rolled.by_child.get(place, Part()) + part


def periods_of(indicator: Indicator, today: dt.date) -> list[Period]:
    """Return the periods of an indicator whose plan has been read with it."""
    plan = (indicator.plan.period_start, indicator.plan.period_end)
    return periods(indicator.frequency, start=indicator.start, due=indicator.due, plan=plan, today=today)


def owes(indicator: Indicator, *, unit: str = "", path: str = "path") -> Q:
    """Return a filter: the unit gives results; columns of units begin with `unit`, the path stands in `path`.

    Named are units and kinds below the issuer; where none is, the issuer. Reads both lists, once where prefetched.
    """
    issuer = indicator.plan.issuing_unit
    named, kinds = bool(indicator.owner_units.all()), bool(indicator.owner_kinds.all())
    if not named and not kinds:
        return Q(**{f"{path}": issuer.path})
    units = Indicator.owner_units.through.objects.filter(indicator=indicator.pk)
    condition = Q(**{f"{unit}pk__in": units.values("unit")})
    if kinds:
        of_kinds = Indicator.owner_kinds.through.objects.filter(indicator=indicator.pk).values("unitkind")
        condition |= Q(**{f"{unit}kind__in": of_kinds, f"{path}__range": (issuer.path, issuer.path_end)})
    return condition


def owing_units(indicator: Indicator, day: dt.date) -> UnitQuerySet:
    """Return the units in force on `day` that give results."""
    found: UnitQuerySet = Unit.objects.in_force(day).filter(owes(indicator))
    return found


def figures_of(indicators: Sequence[Indicator], unit: Unit, asked: Asked) -> Figures:
    """Return what `unit` and everything below it gave to `indicators` in the periods `asked`, by direct child.

    Two queries, a third where deadlines feed an indicator (and one for the lists of owners, unless prefetched). Who
    may see the result is for the caller to ask.
    """
    found = Figures(str(unit.path))
    entered = [i for i in indicators if i.fed_by_id is None and asked.get(i.pk)]
    fed = [i for i in indicators if i.fed_by_id is not None and asked.get(i.pk)]
    if entered:
        _add_results(found, entered, unit, asked)
        _add_owing(found, entered, unit, asked)
    if fed:
        _add_deadlines(found, fed, unit, asked)
    return found


def percent() -> Case:
    """Return the value of a share in percent, rounded as `roll_up.share` does; none of nobody."""
    quotient = Func(
        F("numerator"),
        F("denominator"),
        template="ROUND(%(expressions)s, 4)",
        arg_joiner=" * 100.0 / ",
        output_field=NUMBER,
    )
    return Case(When(denominator__gt=0, then=quotient), output_field=NUMBER)


def reached() -> Q:
    """Return a filter over results with `figure`: the target is reached; the same rule as `forecast.fulfils`."""
    target, condition = F("indicator__value"), Q(level__reaches=True)
    lookups = {
        Comparator.GE: "gte",
        Comparator.GT: "gt",
        Comparator.LE: "lte",
        Comparator.LT: "lt",
        Comparator.EQ: "exact",
    }
    for comparator, lookup in lookups.items():
        condition |= Q(**{"indicator__comparator": comparator, f"figure__{lookup}": target})
    return condition


def _figure() -> Case:
    """Return the value of a result, whatever its kind."""
    return Case(When(value__isnull=False, then=F("value")), default=percent(), output_field=NUMBER)


def _add_results(found: Figures, indicators: Sequence[Indicator], unit: Unit, asked: Asked) -> None:
    """Count what was entered: one query, grouped by indicator, period and child."""
    wanted, owing = Q(pk__in=[]), Q(pk__in=[])
    for indicator in indicators:
        wanted |= Q(indicator=indicator.pk, period_start__in=[p.start for p in asked[indicator.pk]])
        owing |= Q(indicator=indicator.pk) & owes(indicator, unit="unit__", path="unit_path")
    lasted = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=F("period_end"))
    begun = Q(unit__valid_from__isnull=True) | Q(unit__valid_from__lte=F("period_end"))
    rows = (
        IndicatorResult.objects.below(unit)
        .filter(wanted)
        .order_by()
        .annotate(child=_place(found.path, "unit_path"), figure=_figure())
        .values("indicator", "period_start", "child")
        .annotate(
            given=Count("pk"),
            in_force=Count("pk", filter=owing & lasted & begun),
            valued=Count("figure"),
            reached=Count("pk", filter=reached()),
            sum=Sum("figure", output_field=NUMBER),
            above=Sum("numerator", output_field=NUMBER),
            under=Sum("denominator", output_field=NUMBER),
            least=Min("figure", output_field=NUMBER),
            most=Max("figure", output_field=NUMBER),
            entered=Max("entered_at", output_field=DateTimeField()),
        )
    )
    for row in rows:
        key = (row["indicator"], row["period_start"])
        part = Part(
            owing=row["given"] - row["in_force"],  # gave without owing: counted here, the others below
            given=row["given"],
            valued=row["valued"],
            reached=row["reached"],
            total=_exact(row["sum"]) or Decimal(0),
            numerator=_exact(row["above"]) or Decimal(0),
            denominator=_exact(row["under"]) or Decimal(0),
            least=_exact(row["least"]),
            most=_exact(row["most"]),
        )
        found.add(key, row["child"], part)
        figure, day = found.at(*key), timezone.localdate(row["entered"])
        figure.as_of = max(figure.as_of or day, day)


def _add_owing(found: Figures, indicators: Sequence[Indicator], unit: Unit, asked: Asked) -> None:
    """Count who owes a result in each period: one query, grouped by child."""
    counts: dict[str, Count] = {}
    keys: dict[str, tuple[int, dt.date]] = {}
    for indicator in indicators:
        condition = owes(indicator)
        for period in asked[indicator.pk]:
            name = f"n{len(counts)}"
            keys[name] = (indicator.pk, period.start)
            counts[name] = Count("pk", filter=condition & _in_force(period.end))
    rows = Unit.objects.below(unit).order_by().annotate(child=_place(found.path, "path")).values("child")
    for row in rows.annotate(**counts):
        for name, key in keys.items():
            if row[name]:
                found.add(key, row["child"], Part(owing=row[name]))


def _in_force(day: dt.date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _add_deadlines(found: Figures, indicators: Sequence[Indicator], unit: Unit, asked: Asked) -> None:
    """Count the deadlines that feed indicators: a unit's share is those it has done of those due in the period."""
    chains = _chains([indicator.fed_by_id for indicator in indicators if indicator.fed_by_id])
    terms: dict[tuple[int, dt.date, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in _counted(unit, {pk for chain in chains.values() for pk in chain}):
        for indicator in indicators:
            if row["schedule"] not in chains[indicator.fed_by_id or 0]:
                continue
            for period in asked[indicator.pk]:
                if period.start <= row["due_on"] <= period.end:
                    term = terms[indicator.pk, period.start, row["unit_path"]]
                    term[0] += row["done"]
                    term[1] += row["owed"]
    by_pk = {indicator.pk: indicator for indicator in indicators}
    for (pk, start, path), (done, owed) in terms.items():
        part = Part(owing=1) + part_of(fed_term(by_pk[pk], path, done, owed))
        found.add((pk, start), path if path == found.path else path[: len(found.path) + STEP], part)


def fed_term(indicator: Indicator, path: str, done: int, owed: int) -> Term:
    """Return what a unit gives by its deadlines."""
    value = share(Decimal(done), Decimal(owed))
    target = indicator.value
    kept = target is not None and fulfils(indicator.comparator, value, target)
    return Term(path, value, Decimal(done), Decimal(owed), kept)


def _counted(unit: Unit, schedules: Iterable[int]) -> Iterable[dict[str, Any]]:
    """Return how many deadlines each unit below `unit` owed and has done, by commitment and day."""
    rows = Deadline.objects.below(unit).filter(schedule__in=list(schedules), due_on__isnull=False)
    counts = {"owed": Count("pk"), "done": Count("pk", filter=Q(status__in=DONE))}
    rows = rows.exclude(status=Status.CANCELLED).order_by()
    yield from rows.values("schedule", "unit_path", "due_on").annotate(**counts)


def _chains(schedules: Sequence[int]) -> dict[int, set[int]]:
    """Return the commitments that each of `schedules` goes on with or that go on with it; one query."""
    same = Schedule.objects.filter(pk__in=schedules).order_by().values("solution")
    links = list(Schedule.objects.filter(solution__in=same).order_by().values_list("pk", "continues_id"))
    chains: dict[int, set[int]] = {}
    for pk in schedules:
        chain = {pk}
        while True:
            more = {b for a, b in links if a in chain and b} | {a for a, b in links if b in chain}
            if more <= chain:
                break
            chain |= more
        chains[pk] = chain
    return chains


def _place(path: str, column: str) -> Substr:
    """Return the path of the direct child a row lies in; of the unit itself its own."""
    return Substr(column, 1, len(path) + STEP)


def _exact(number: Decimal | None) -> Decimal | None:
    """Return a sum as it is: SQLite adds decimals as floats, whose noise lies behind the last place kept."""
    return None if number is None else round(number, PLACES)


def terms_of(results: Iterable[IndicatorResult], indicator: Indicator) -> list[Term]:
    """Return stored results as terms of `plans.roll_up`; levels and units read with them."""
    return [term_of(result, indicator) for result in results]


def term_of(result: IndicatorResult, indicator: Indicator) -> Term:
    """Return one stored result as a term."""
    value = result.value
    if result.numerator is not None and result.denominator:
        value = share(result.numerator, result.denominator)
    if indicator.kind == IndicatorKind.LEVEL:
        kept = bool(result.level and result.level.reaches)
    else:
        target = indicator.value
        kept = value is not None and target is not None and fulfils(indicator.comparator, value, target)
    return Term(result.unit_path, value, result.numerator, result.denominator, kept)
