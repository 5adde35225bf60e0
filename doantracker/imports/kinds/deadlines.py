"""Deadlines of a published plan: by the number of the solution and the code of the unit each gets its last day.

A unit that owes the solution already gets another day, or its first one; one that does not gets a commitment of its
own. What is reported or called off keeps its day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.imports.kinds.base import Check, Codes, Kind, Scope, by_name, twice
from doantracker.imports.kinds.units import MOST_CODES
from doantracker.imports.outcome import Difference, Outcome, RowsRefused, Step, differing
from doantracker.imports.sheet import Cell
from doantracker.imports.table import Column, Row, code, day, text, whole
from doantracker.lib.text import search_key, shortened
from plans.actions.deadlines import give_date
from plans.actions.moving import locked_plan
from plans.actions.rescheduling import DeadlinesStay, reschedule_each
from plans.actions.series import add_commitment
from plans.changes import MOVABLE
from plans.enums import Kind as Commitment
from plans.enums import PlanStatus, Status
from plans.labels import period_label
from plans.models import Deadline, Plan, Solution
from plans.querysets import PlanQuerySet
from units.models import Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet

LONGEST_REASON: Final = 500
LONGEST_TEXT: Final = 100  # characters of a solution in the preview
KEY: Final = ("solution", "unit", "period")  # what a row is about


def period(column: Column, cell: Cell) -> str:
    """Read the name of a period, folded: "quy i/2026", or its key "2026-q1"."""
    return search_key(text(column, cell))


def columns(_scope: Scope) -> tuple[Column, ...]:
    """Return the columns."""
    return (
        Column(
            "solution", gettext_lazy("Number of the solution"), gettext_lazy("Its number in the plan."), "3", whole,
            required=True,
        ),
        Column(
            "unit", gettext_lazy("Code of the unit"), gettext_lazy("The unit that owes the work."), "TD-PTN-01", code,
            required=True, length=40,
        ),
        Column(
            "due_on", gettext_lazy("Last day"),
            gettext_lazy("The day by which it is due. A unit that owes this solution already gets this day."),
            "30/06/2026", day, required=True,
        ),
        Column(
            "reason", gettext_lazy("Reason"),
            gettext_lazy("The units read it with the notice, and it stays in the history."),
            "Theo Công văn số 12-CV/TĐTN", text, required=True, length=LONGEST_REASON,
        ),
        Column(
            "period", gettext_lazy("Reporting period"),
            gettext_lazy("Only where the unit owes the solution several times: which of them, such as Quý II/2026."),
            "", period,
        ),
    )  # fmt: skip


def check(rows: Sequence[Row], scope: Scope) -> Outcome:
    """Say what the rows would do; four queries."""
    return _Check.of(rows, scope).outcome_of(rows)


def codes(scope: Scope) -> Iterable[Codes]:
    """Return the solutions of the plan and the units below its issuer."""
    solutions = _solutions(scope.of)
    yield Codes("solution", [(str(solution.ordinal), shortened(solution.text)) for solution in solutions])
    yield Codes("unit", [(unit.code, unit.name) for unit in _units(scope)[:MOST_CODES]])


def plans(user: User) -> PlanQuerySet:
    """Return the plans whose days `user` gives."""
    found: PlanQuerySet = Plan.objects.managed_by(user).filter(status=PlanStatus.PUBLISHED)
    return found


def _solutions(plan: Plan) -> Iterable[Solution]:
    found = plan.solutions.filter(dropped_at__isnull=True).defer("search").order_by("ordinal")
    return found.select_related("lead_unit", "group__lead_unit").prefetch_related("supporting_units")


def _units(scope: Scope) -> UnitQuerySet:
    found: UnitQuerySet = Unit.objects.below(scope.of.issuing_unit).in_force(scope.today)
    return found


@dataclass(slots=True)
class _Check(Check):
    """What was read beforehand."""

    solutions: dict[int, Solution]
    units: dict[str, Unit]
    owed: dict[tuple[int, int], list[Deadline]]  # by solution and unit
    made: dict[tuple[int, dt.date, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[int, Row] = field(default_factory=dict)  # rows by the key of the deadline that gets another day

    @classmethod
    def of(cls, rows: Sequence[Row], scope: Scope) -> _Check:
        """Read what the rows name: four queries."""
        plan = scope.of
        solutions = {solution.ordinal: solution for solution in _solutions(plan)}
        units = {unit.code: unit for unit in _units(scope).filter(code__in={row["unit"] for row in rows})}
        owed: dict[tuple[int, int], list[Deadline]] = defaultdict(list)
        for deadline in plan.deadlines.filter(unit__in=units.values()).order_by("due_on", "pk"):
            owed[deadline.solution_id, deadline.unit_id].append(deadline)
        return cls(scope, by_name(columns(scope)), solutions, units, owed)

    def outcome_of(self, rows: Sequence[Row]) -> Outcome:
        """Check row by row; rows that make the same commitment for several units make it once."""
        doubles = twice(rows, lambda row: tuple(row[name] for name in KEY), *KEY)
        for row in rows:
            if earlier := doubles.get(row.number):
                self.refuse_double(row, "unit", _("This deadline stands twice."), earlier)
            elif self.is_known(row):
                self.take(row)
            else:
                self.lies_ahead(row)
        self.outcome.steps += [
            Step(tuple(row.number for row in group), partial(self.add, group)) for group in self.made.values()
        ]
        self.outcome.steps += [Step((), self.reschedule)] if self.moved else []
        return self.outcome

    def is_known(self, row: Row) -> bool:
        """Return whether a row names a solution, unit and period that are there; refuse what is not."""
        cure = _("Look at the list of codes in the template.")
        if row["solution"] not in self.solutions:
            self.refuse(row, "solution", _("The plan has no solution of this number."), cure)
        if row["unit"] not in self.units:
            self.refuse(row, "unit", _("No unit below the issuing unit has this code."), cure)
        return row["solution"] in self.solutions and row["unit"] in self.units and row.sound(*KEY)

    def take(self, row: Row) -> None:
        """Check one row about a solution and a unit that are there."""
        solution, unit = self.solutions[row["solution"]], self.units[row["unit"]]
        owed = [one for one in self.owed[solution.pk, unit.pk] if not row["period"] or _is_of(one, row["period"])]
        if row["period"] and not owed:
            wrong = _("The unit owes this solution in no such period.")
            self.refuse(row, "period", wrong, _("Correct the period or leave it empty."))
        elif any(one.due_on == row["due_on"] and one.status != Status.CANCELLED for one in owed):
            self.outcome.stands(row)
        elif owed:
            self.move(row, [one for one in owed if one.status in MOVABLE])
        elif self.lies_ahead(row):
            told, warning = self.told(row, None), self.warning(solution, unit)
            self.outcome.take(row, self.label(row), told, new=True, warning=warning)
            self.made[solution.pk, row["due_on"], row["reason"]].append(row)

    def move(self, row: Row, owed: list[Deadline]) -> None:
        """Check a row that gives a deadline another day."""
        if not owed:
            wrong = _("This work is reported or called off: its day stays.")
            self.refuse(row, "due_on", wrong, _("Leave the row out."))
        elif len(owed) > 1:
            wrong = _("The unit owes this solution several times.")
            self.refuse(row, "period", wrong, _("Write the period that is meant."))
        elif self.lies_ahead(row):
            (found,) = owed
            self.outcome.take(row, self.label(row), self.told(row, found.due_on), new=False)
            if found.due_on is None:
                self.outcome.steps.append(Step((row.number,), partial(self.give, found, row)))
            else:
                self.moved[found.pk] = row

    def lies_ahead(self, row: Row) -> bool:
        """Return whether the new day is not over yet; refuse it otherwise."""
        if row["due_on"] is None:  # told already
            return False
        if row["due_on"] >= self.scope.today:
            return True
        self.refuse(row, "due_on", _("This day has passed."), _("Choose today or a later day."))
        return False

    def label(self, row: Row) -> str:
        """Return what a row is about."""
        text = shortened(self.solutions[row["solution"]].text, LONGEST_TEXT)
        return f"{row['solution']}. {text} – {self.units[row['unit']].name}"

    def warning(self, solution: Solution, unit: Unit) -> str:
        """Return a warning where the plan names other units for a solution than the one that is to owe it."""
        named = {lead.pk for lead in [solution.lead] if lead}
        named |= {support.pk for support in solution.supporting_units.all()}
        if not named or unit.pk in named:
            return ""
        return _("The plan does not name this unit as lead or support of the solution. Look whether it is meant.")

    def told(self, row: Row, before: dt.date | None) -> list[Difference]:
        """Return the day before and after, and why."""
        return differing(self.columns.values(), {"due_on": before}, row.given("due_on", "reason"))

    # --- the acts ---

    def give(self, deadline: Deadline, row: Row) -> None:
        """Give a deadline its first day."""
        give_date(deadline=deadline, by=self.scope.by, version=deadline.version, due_on=row["due_on"])

    def reschedule(self) -> None:
        """Give deadlines another day."""
        moves = {pk: (row["due_on"], row["reason"]) for pk, row in self.moved.items()}
        try:
            reschedule_each(plan=self.scope.of, by=self.scope.by, moves=moves, today=self.scope.today)
        except DeadlinesStay as refusal:
            raise RowsRefused({self.moved[pk].number: words for pk, words in refusal.rows.items()}) from refusal

    def add(self, rows: Sequence[Row]) -> None:
        """Add one commitment for the units of rows with the same solution, day and reason."""
        first = rows[0]
        units = [self.units[row["unit"]] for row in rows]
        values = {"kind": Commitment.BY_DATE, "due": first["due_on"], "owner_units": units}
        solution = self.solutions[first["solution"]]
        by, today = self.scope.by, self.scope.today
        add_commitment(solution=solution, by=by, values=values, reason=first["reason"], today=today)


def _is_of(deadline: Deadline, word: str) -> bool:
    """Return whether a deadline is that of a period, by its key or by its name in the language of the page."""
    return word in {search_key(deadline.occurrence), search_key(period_label(deadline.occurrence))}


DEADLINES: Final = Kind(
    slug="deadlines",
    label=gettext_lazy("Deadlines of a plan"),
    what=gettext_lazy("Give units their last days for solutions of a published plan, or move them, with a reason."),
    file_name="thoi-han",
    allowed=lambda user: user.may(Permission.MANAGE_PLANS),
    columns=columns,
    codes=codes,
    check=check,
    hold=lambda scope: locked_plan(scope.of.pk, scope.by),
    done=lambda scope: scope.of.get_absolute_url(),
    plans=plans,
)
