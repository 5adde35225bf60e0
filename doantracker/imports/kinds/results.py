"""Results of the indicators of a plan: by the number of the indicator, the code of the unit and the period."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from doantracker.imports.kinds.base import Check, Codes, Kind, Scope, by_name, twice
from doantracker.imports.kinds.units import MOST_CODES
from doantracker.imports.outcome import Outcome, RowsRefused, Step, differing
from doantracker.imports.sheet import NUMBER, TEXT, Cell
from doantracker.imports.table import LANGUAGES, Column, Row, code, number, parted, shown, text, whole
from doantracker.lib.text import search_key, shortened
from plans.actions import indicator_results as actions
from plans.actions.indicator_results import Given, enter_many, fault_of
from plans.enums import IndicatorKind, PlanStatus
from plans.indicator_figures import periods_of
from plans.indicator_page import with_owners
from plans.indicator_periods import Period, begun, to_enter
from plans.indicator_rights import entered_by, may_enter_any
from plans.indicators_to_enter import owes_result
from plans.models import Indicator, IndicatorResult, PeriodLock, Plan
from plans.pasting import fault_of_text, number_of
from plans.querysets import PlanQuerySet
from units.models import Unit, User

MOST_TO_FILL: Final = 4_000  # rows that a template begins with
FIGURES: Final = ("value", "numerator", "denominator")
PROOF: Final = ("note", "document_number")
KEY: Final = ("indicator", "unit", "period")  # what a row is about
_ROMANS: Final = ("i", "ii", "iii", "iv")
_ROMAN: Final = re.compile(r"\b(i{1,3}|iv)\b")
_ZEROS: Final = re.compile(r"\b0+(?=\d)")
Place = tuple[int, int, dt.date]  # indicator, unit, first day of the period


def figure(_column: Column, cell: Cell) -> Decimal | str:
    """Read a number, or the name of a level: which of both is asked for depends on the indicator."""
    if cell.kind == NUMBER:
        return number(_column, cell)
    said = text(_column, cell)
    found = number_of(said) if cell.kind == TEXT else None
    return said if found is None else found


def period(_column: Column, cell: Cell) -> str:
    """Read a period, folded: its name ("quy i/2026", "quy 1/2026"), its year, or one of its days."""
    return _plain(shown(cell))


def columns(_scope: Scope) -> tuple[Column, ...]:
    """Return the columns."""
    return (
        Column(
            "indicator", gettext_lazy("Number of the indicator"), gettext_lazy("Its number in the plan."), "1", whole,
            required=True,
        ),
        Column(
            "unit", gettext_lazy("Code of the unit"), gettext_lazy("The unit that gives the result."), "TD-PTN-01",
            code, required=True, length=40,
        ),
        Column(
            "unit_name", gettext_lazy("Name of the unit"), gettext_lazy("For whoever fills it in; it is not read."),
            "Đoàn phường Tân Lập", text,
        ),
        Column(
            "period", gettext_lazy("Reporting period"),
            gettext_lazy("Its name, such as Quý I/2026, or one of its days. Empty: the only period there is."),
            "Quý I/2026", period,
        ),
        Column(
            "value", gettext_lazy("Figure"),
            gettext_lazy("The number reached, or the name of the level; of a share leave it empty."), "1.250", figure,
        ),
        Column(
            "numerator", gettext_lazy("Reached"), gettext_lazy("Of a share: how many reached it."), "46", number
        ),
        Column("denominator", gettext_lazy("Of how many"), gettext_lazy("Of a share: of how many."), "50", number),
        Column(
            "note", gettext_lazy("Note"), gettext_lazy("What explains the figure."), "", text, length=1_000,
            clears=True,
        ),
        Column(
            "document_number", gettext_lazy("Document number"), gettext_lazy("The paper that proves it."),
            "12-BC/ĐTN", text, length=60, clears=True,
        ),
    )  # fmt: skip


def check(rows: Sequence[Row], scope: Scope) -> Outcome:
    """Say what the rows would do; a fixed number of queries."""
    return _Check.of(rows, scope).outcome_of(rows)


def hold(scope: Scope) -> None:
    """Let one file at a time be imported into the plan; results entered on the page refer to it meanwhile."""
    list(Plan.objects.select_for_update(no_key=True).filter(pk=scope.of.pk))


def codes(scope: Scope) -> Iterable[Codes]:
    """Return the indicators of the plan, the units the person enters for, and the names of periods."""
    indicators = list(_indicators(scope.of))
    yield Codes("indicator", [(str(one.ordinal), shortened(one.text)) for one in indicators])
    units = Unit.objects.in_force(scope.today).filter(entered_by(scope.by))[:MOST_CODES]
    yield Codes("unit", [(unit.code, unit.name) for unit in units])
    labels = {p.label: f"{p.start:%d/%m/%Y} – {p.end:%d/%m/%Y}" for i in indicators for p in _periods(i, scope)}
    yield Codes("period", [(label, days if label != days else "") for label, days in labels.items()])


def rows_to_fill(scope: Scope) -> list[dict[str, str]]:
    """Return a row for each unit and indicator: of the period asked for first, those not closed and not given yet.

    A fixed number of queries.
    """
    units = list(Unit.objects.in_force(scope.today).filter(entered_by(scope.by)))
    results = IndicatorResult.objects.filter(indicator__plan=scope.of)
    given = set(results.values_list("indicator_id", "unit_id", "period_start"))
    locks = PeriodLock.objects.filter(indicator__plan=scope.of, reopened_at__isnull=True)
    closed = set(locks.values_list("indicator_id", "period_start"))
    found: list[dict[str, str]] = []
    for one in _indicators(scope.of):
        at = to_enter(periods_of(one, scope.today), scope.today)
        if at is None or (one.pk, at.start) in closed:
            continue
        found += [
            {"indicator": str(one.ordinal), "unit": unit.code, "unit_name": unit.name, "period": at.label}
            for unit in units
            if (one.pk, unit.pk, at.start) not in given and owes_result(one, unit)
        ]
    return found[:MOST_TO_FILL]


def plans(user: User) -> PlanQuerySet:
    """Return the plans with indicators to which somebody gives results."""
    given = Indicator.objects.filter(plan=OuterRef("pk"), fed_by__isnull=True)
    found: PlanQuerySet = Plan.objects.visible_to(user).filter(Exists(given), status=PlanStatus.PUBLISHED)
    return found


def _indicators(plan: Plan) -> Any:  # a queryset of indicators
    return with_owners().filter(plan=plan, fed_by__isnull=True).order_by("ordinal")


def _periods(indicator: Indicator, scope: Scope) -> list[Period]:
    return begun(periods_of(indicator, scope.today), scope.today)


@dataclass(slots=True)
class _Check(Check):
    """What was read beforehand."""

    indicators: dict[int, Indicator]
    units: dict[str, Unit]
    stored: dict[Place, IndicatorResult]
    closed: frozenset[tuple[int, dt.date]]
    asked: dict[int, tuple[dict[str, Period], list[Period]]] = field(default_factory=dict)
    given: dict[tuple[int, dt.date], list[tuple[Row, Given]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, rows: Sequence[Row], scope: Scope) -> _Check:
        """Read what the rows name: a fixed number of queries."""
        indicators = {one.ordinal: one for one in _indicators(scope.of)}
        own = Unit.objects.filter(entered_by(scope.by), code__in={row["unit"] for row in rows})
        units = {unit.code: unit for unit in own}
        results = IndicatorResult.objects.filter(indicator__plan=scope.of, unit__in=units.values())
        stored = {(r.indicator_id, r.unit_id, r.period_start): r for r in results.select_related("level")}
        locks = PeriodLock.objects.filter(indicator__plan=scope.of, reopened_at__isnull=True)
        closed = frozenset(locks.values_list("indicator_id", "period_start"))
        return cls(scope, by_name(columns(scope)), indicators, units, stored, closed)

    def outcome_of(self, rows: Sequence[Row]) -> Outcome:
        """Check row by row; the results of one indicator and period are entered by one act."""
        doubles = twice(rows, lambda row: tuple(row[name] for name in KEY), *KEY)
        for row in rows:
            if earlier := doubles.get(row.number):
                self.refuse_double(row, "unit", _("This result stands twice."), earlier)
            else:
                self.look_at(row)
        for (indicator, start), group in self.given.items():
            step = partial(self.enter, indicator, start, group)
            self.outcome.steps.append(Step(tuple(row.number for row, _given in group), step))
        return self.outcome

    def look_at(self, row: Row) -> None:
        """Check one row as far as it names an indicator and a unit that are there."""
        indicator, unit = self.indicators.get(row["indicator"]), self.units.get(row["unit"])
        if indicator is None:
            wrong = _("The plan has no indicator of this number to which results are entered.")
            self.refuse(row, "indicator", wrong, _("Look at the list of codes in the template."))
        if unit is None:
            wrong = _("No unit has this code.")
            self.refuse(row, "unit", wrong, _("Write the code of a unit for which you enter results."))
        if indicator and unit:
            self.take(row, indicator, unit)
        elif indicator and any(name in row.values for name in FIGURES):
            self.period_of(row, indicator)
            self.figures_of(row, indicator)

    def take(self, row: Row, indicator: Indicator, unit: Unit) -> None:
        """Check one row about an indicator and a unit that are there."""
        without_figure = row.sound(*FIGURES) and not any(name in row.values for name in FIGURES)
        if without_figure and not any(name in row.values for name in ("period", *PROOF)):
            self.outcome.stands(row)
            return
        at = self.period_of(row, indicator)
        if at is None:
            if not without_figure:
                self.figures_of(row, indicator)
            return
        stored = self.stored.get((indicator.pk, unit.pk, at.start))
        if without_figure and not (stored and any(name in row.values for name in PROOF)):
            self.bare(row)
            return
        is_open = self.may_be_given(row, indicator, unit, at, stored)
        given = self.given_by(row, indicator, unit, stored)
        if given is None:
            return
        if why := fault_of(indicator, given, {level.pk for level in indicator.levels.all()}):
            self.refuse(row, _at_fault(indicator, given), *parted(why))
        if why or not is_open:
            return
        found = differing(self.columns.values(), *_values_of(row, indicator, stored))
        label = f"{indicator.ordinal}. {unit.label} – {at.label}"
        if self.outcome.take(row, label, found, new=stored is None):
            self.given[indicator.ordinal, at.start].append((row, given))

    def bare(self, row: Row) -> None:
        """Check a row without a figure: as it came in the template, or with words about a figure that is not there."""
        if any(row[name] for name in PROOF):
            wrong = _("There is no figure yet to which this could be kept.")
            self.refuse(
                row, next(name for name in PROOF if row[name]), wrong, _("Write the figure too, or empty this cell.")
            )
        else:
            self.outcome.stands(row)

    def period_of(self, row: Row, indicator: Indicator) -> Period | None:
        """Return the period a row names; refuse one that is not asked for."""
        if not row.sound("period"):
            return None
        names, asked = self.asked_of(indicator)
        word = row["period"]
        if word is None and len(asked) == 1:
            return asked[0]
        if word is not None:
            day = _day_of(word)
            found = names.get(word) or next((p for p in asked if day and p.start <= day <= p.end), None)
            if found:
                return found
        wrong = _("This indicator asks nothing for this period.") if word else _("The period is missing.")
        known = "; ".join(p.label for p in asked[-4:]) or _("none has begun")
        self.refuse(row, "period", wrong, _("Write one of its periods, such as: %(periods)s.") % {"periods": known})
        return None

    def asked_of(self, indicator: Indicator) -> tuple[dict[str, Period], list[Period]]:
        """Return the periods of an indicator that have begun, by their folded names and in order."""
        if indicator.pk not in self.asked:
            found = _periods(indicator, self.scope)
            names: dict[str, Period] = {}
            for language in LANGUAGES:
                with override(language):
                    labels = [p.label for p in _periods(indicator, self.scope)]
                names |= {_plain(label): p for label, p in zip(labels, found, strict=True)}
            names |= {str(p.start.year): p for p in found if _is_year(p)}
            self.asked[indicator.pk] = names, found
        return self.asked[indicator.pk]

    def may_be_given(
        self, row: Row, indicator: Indicator, unit: Unit, at: Period, stored: IndicatorResult | None
    ) -> bool:
        """Return whether the unit gives a result for the period, which is open; refuse it otherwise."""
        if (indicator.pk, at.start) in self.closed:
            wrong = _("This period is closed.")
            self.refuse(row, "period", wrong, _("Ask the issuing unit to reopen it, with the reason."))
            return False
        began = unit.valid_from is None or unit.valid_from <= at.end
        ended = unit.valid_to is not None and unit.valid_to < at.end
        if stored is None and not (began and not ended and owes_result(indicator, unit)):
            wrong = _("This unit gives no results for this target in that period.")
            self.refuse(row, "unit", wrong, _("Leave the row out."))
            return False
        return True

    def given_by(self, row: Row, indicator: Indicator, unit: Unit, stored: IndicatorResult | None) -> Given | None:
        """Return what a row gives; refuse figures of another kind than the indicator's."""
        if stored and not any(name in row.values for name in FIGURES):  # the figure stays, what explains it changes
            figures: dict[str, Any] | None = {name: getattr(stored, name) for name in (*FIGURES, "level_id")}
        else:
            figures = self.figures_of(row, indicator)
        if figures is None:
            return None
        version = stored.version if stored else 0
        return Given(unit=unit, version=version, **figures, **row.given(*PROOF))

    def figures_of(self, row: Row, indicator: Indicator) -> dict[str, Any] | None:
        """Return the figures of a row by the kind of the indicator."""
        value, share = row["value"], row.given("numerator", "denominator")
        if indicator.kind == IndicatorKind.RATIO:
            if value is None:
                return share
            cure = _("Write both figures of the share in their own columns.")
            self.refuse(row, "value", _("This target is a share."), cure)
        elif share:
            wrong, cure = _("This target is no share."), _("Write the result into the column “Figure”.")
            self.refuse(row, next(iter(share)), wrong, cure)
        elif indicator.kind == IndicatorKind.LEVEL:
            return self.level_of(row, indicator)
        elif isinstance(value, str):
            self.refuse(row, "value", *parted(fault_of_text(value)))
        else:
            return {"value": value}
        return None

    def level_of(self, row: Row, indicator: Indicator) -> dict[str, Any] | None:
        """Return the level a row names."""
        levels = {search_key(level.name): level.pk for level in indicator.levels.all()}
        found = levels.get(search_key(str(row["value"])))
        if found is not None:
            return {"level_id": found}
        known = "; ".join(level.name for level in indicator.levels.all())
        cure = _("Choose one of: %(choices)s.") % {"choices": known}
        self.refuse(row, "value", _("This is no level of the indicator."), cure)
        return None

    def enter(self, ordinal: int, start: dt.date, group: Sequence[tuple[Row, Given]]) -> None:
        """Enter the results of one indicator for one period."""
        by_unit = {given.unit.pk: row.number for row, given in group}
        rows = [given for _row, given in group]
        indicator, by, today = self.indicators[ordinal], self.scope.by, self.scope.today
        try:
            enter_many(indicator=indicator, period_start=start, by=by, rows=rows, today=today)
        except actions.RowsRefused as refusal:
            raise RowsRefused({by_unit[unit]: words for unit, words in refusal.rows.items()}) from refusal


def _values_of(
    row: Row, indicator: Indicator, stored: IndicatorResult | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stands there and what the row gives, by column; a level by its own name."""
    given = row.given(*FIGURES, *PROOF)
    if indicator.kind == IndicatorKind.LEVEL and "value" in given:
        names = {search_key(level.name): level.name for level in indicator.levels.all()}
        given["value"] = names[search_key(str(given["value"]))]
    if stored is None:
        return {}, given
    stands = {name: getattr(stored, name) for name in given}
    return (stands | {"value": stored.level.name} if stored.level else stands), given


def _at_fault(indicator: Indicator, given: Given) -> str:
    """Return the column at which a figure that is refused stands, or is missing."""
    if indicator.kind != IndicatorKind.RATIO:
        return "value"
    return "denominator" if given.numerator is not None and given.denominator is None else "numerator"


def _plain(words: str) -> str:
    """Return the name of a period folded, with Arabic numbers without leading zeros."""
    arabic = _ROMAN.sub(lambda found: str(_ROMANS.index(found[1]) + 1), search_key(words))
    return _ZEROS.sub("", arabic)


def _is_year(period: Period) -> bool:
    """Return whether a period is a whole year."""
    return (period.start, period.end) == (dt.date(period.start.year, 1, 1), dt.date(period.start.year, 12, 31))


def _day_of(word: str) -> dt.date | None:
    """Return the day that a folded word is, dd/mm/yyyy."""
    try:
        return dt.datetime.strptime(word, "%d/%m/%Y").date()  # noqa: DTZ007  # a day, no moment
    except ValueError:
        return None


RESULTS: Final = Kind(
    slug="results",
    label=gettext_lazy("Results of indicators"),
    what=gettext_lazy("Enter what units reached, for one or several indicators and periods of a plan at once."),
    file_name="ket-qua-chi-tieu",
    allowed=may_enter_any,
    columns=columns,
    codes=codes,
    check=check,
    hold=hold,
    done=lambda scope: reverse("plans:plan_indicators", args=[scope.of.pk]),
    plans=plans,
    rows=rows_to_fill,
)
