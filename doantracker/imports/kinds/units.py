"""Units by their code: founded, changed, put under another unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from doantracker.imports.kinds.base import Check, Codes, Kind, Scope, by_name, refuse_faults, twice
from doantracker.imports.outcome import Difference, Outcome, Step, differing
from doantracker.imports.table import Column, Row, choice, code, day, parted, text, yes
from units.access import STEP
from units.actions import hold_tree, move_unit, too_deep
from units.bulk import change_units, found_units
from units.models import Unit, UnitKind, User
from units.permissions import Permission

MOST_CODES: Final = 2_000  # units listed in a template
#: Columns that are fields of a unit; the unit above is a place in the tree.
FIELDS: Final = ("name", "short_name", "aliases", "place", "is_difficult", "valid_from", "valid_to")


def columns(_scope: Scope) -> tuple[Column, ...]:
    """Return the columns, with the kinds of unit as they are set up."""
    kinds = tuple(UnitKind.objects.values_list("code", "name"))
    new = gettext_lazy("Needed for a new unit.")
    return (
        Column(
            "code", gettext_lazy("Code of the unit"),
            gettext_lazy("By it the unit is found; an unknown code makes a new unit."), "TD-PTN-01", code,
            required=True, length=40,
        ),
        Column(
            "name", gettext_lazy("Name of the unit"), gettext_lazy("The full name."), "Đoàn phường Tân Lập", text,
            required=True,
        ),
        Column("kind", gettext_lazy("Kind of unit"), new, kinds[0][1] if kinds else "", choice, choices=kinds),
        Column("parent", gettext_lazy("Code of the unit above"), new, "TD", code, length=40),
        Column(
            "short_name", gettext_lazy("Short name"), gettext_lazy("Shown in tables; empty: the name."), "Tân Lập",
            text, length=80, clears=True,
        ),
        Column(
            "aliases", gettext_lazy("Other names"),
            gettext_lazy("How plans call this unit; several are parted by semicolons."), "P. Tân Lập; Tân Lập", _names,
            length=1_000, clears=True,
        ),
        Column(
            "place", pgettext_lazy("unit", "Place"),
            gettext_lazy("Place named beside the date of its documents."), "Tân Lập", text, length=100, clears=True,
        ),
        Column(
            "is_difficult", gettext_lazy("Difficult unit"),
            gettext_lazy("A unit in a difficult area: visited first."), "Không", yes,
        ),
        Column(
            "valid_from", pgettext_lazy("unit", "In force from"), gettext_lazy("First day."), "01/07/2025", day,
            clears=True,
        ),
        Column(
            "valid_to", gettext_lazy("In force to"),
            gettext_lazy("Last day; of a new unit empty: still in force."), "", day, clears=True,
        ),
    )  # fmt: skip


def check(rows: Sequence[Row], scope: Scope) -> Outcome:
    """Say what the rows would do; a fixed number of queries."""
    return _Check.of(rows, scope).outcome_of(rows)


def codes(scope: Scope) -> Iterable[Codes]:
    """Return the units that may stand above."""
    found = _own(scope.by)[:MOST_CODES]
    yield Codes("parent", [(unit.code, unit.name) for unit in found])


def _own(by: User) -> Any:  # treebeard's querysets have no types
    return Unit.objects.visible_to(by, Permission.CONFIGURE)


def _names(column: Column, cell: Any) -> str:
    """Read names parted by semicolons as lines."""
    return "\n".join(filter(None, (name.strip() for name in text(column, cell).split(";"))))


def _lowest(units: Iterable[int]) -> dict[int, int]:
    """Return by the keys of units the depth of the lowest unit below each; one query."""
    below = Unit.objects.filter(path__range=(OuterRef("path"), Concat(OuterRef("path"), Value("Z" * STEP))))
    lowest = Subquery(below.order_by("-depth").values("depth")[:1])
    return dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", lowest))


@dataclass(slots=True)
class _Check(Check):
    """What was read beforehand."""

    known: dict[str, Unit]  # units the person sets up, by code
    taken: frozenset[str]  # codes in use, whoever sets those units up
    above: dict[str, Unit]  # the unit above each known one, by the code of the latter
    kinds: dict[str, UnitKind]
    new: dict[str, Row]  # rows that make a unit, by code
    lowest: dict[int, int]  # of units that move: the depth of the lowest unit below, by their key
    founded: list[Row] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)  # what changes of a unit, by its key
    moved: dict[int, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row], scope: Scope) -> _Check:
        """Read what the rows name: four queries, one more where units move."""
        named = {row["code"] for row in rows} | {row["parent"] for row in rows if row["parent"]}
        known = {unit.code: unit for unit in _own(scope.by).select_related("kind").filter(code__in=named)}
        taken = frozenset(Unit.objects.filter(code__in=named).order_by().values_list("code", flat=True))
        paths = {str(unit.path)[:-STEP] for unit in known.values()}
        by_path = {str(unit.path): unit for unit in Unit.objects.filter(path__in=paths - {""})}
        above = {c: by_path[path] for c, unit in known.items() if (path := str(unit.path)[:-STEP]) in by_path}
        kinds = {kind.code: kind for kind in UnitKind.objects.all()}
        new = {row["code"]: row for row in rows if row["code"] and row["code"] not in taken}
        moving = [
            known[row["code"]].pk
            for row in rows
            if row["code"] in above and row["parent"] and row["parent"] != above[row["code"]].code
        ]
        lowest = _lowest(moving) if moving else {}
        return cls(scope, by_name(columns(scope)), known, taken, above, kinds, new, lowest)

    def outcome_of(self, rows: Sequence[Row]) -> Outcome:
        """Check row by row. New units are founded first, each after the one above it; then others change and move."""
        doubles = twice(rows, lambda row: row["code"], "code")
        for row in rows:
            if earlier := doubles.get(row.number):
                self.refuse_double(row, "code", _("This unit stands twice."), earlier)
            elif not row["code"]:
                self.nameless(row)
            elif row["code"] in self.known:
                self.changing(row, self.known[row["code"]])
            elif row["code"] in self.taken:
                self.refuse(row, "code", _("This code can't be used."), _("Choose another code."))
            else:
                self.founding(row)
        self.outcome.steps = [
            Step(tuple(row.number for row in self.founded), self.found),
            Step((), self.change),
            *(Step((row.number,), partial(self.move, pk, row["parent"])) for pk, row in self.moved.items()),
        ]
        return self.outcome

    def nameless(self, row: Row) -> None:
        """Check what can be checked of a row whose unit could not be read."""
        if row["parent"] and row["parent"] not in self.known and row["parent"] not in self.new:
            self.unknown(row)
        self.refuse_days(row, Unit(**row.given("valid_from", "valid_to")))

    def founding(self, row: Row) -> None:
        """Check a row that makes a unit."""
        before = len(self.outcome.findings)
        for name in ("kind", "parent"):
            if not row[name]:
                self.refuse(row, name, _("A new unit needs this."), _("Fill it in."))
        above = row["parent"]
        if above and above not in self.known and above not in self.new:
            self.unknown(row)
        elif above and self.ends_in_itself(above, {row["code"]}):
            self.refuse(row, "parent", _("These units stand above each other."), _("Correct the code."))
        elif above:
            self.holds(row, self.depth(above) + 1)
        record = Unit(code=row["code"], **row.given(*FIELDS))
        self.refuse_days(row, record)
        if refuse_faults(self.outcome, row, self.columns.values(), record) or len(self.outcome.findings) > before:
            return
        after = {**row.values, "parent": above}
        if self.outcome.take(row, row["name"], differing(self.columns.values(), {}, after), new=True):
            self.founded.append(row)

    def changing(self, row: Row, unit: Unit) -> None:
        """Check a row about a unit that is there."""
        before = len(self.outcome.findings)
        stands = {name: getattr(unit, name) for name in ("code", *FIELDS)} | {"kind": unit.kind.code}
        facts = {name: value for name, value in row.given(*FIELDS, "kind").items() if stands[name] != value}
        found = differing(self.columns.values(), stands, facts)
        moves = self.moves(row, unit)
        for name in FIELDS:
            if name in facts:
                setattr(unit, name, facts[name])
        self.refuse_days(row, unit)
        if refuse_faults(self.outcome, row, self.columns.values(), unit) or len(self.outcome.findings) > before:
            return
        label = self.columns["parent"].heading
        here = self.above.get(unit.code)
        moved = [Difference(str(label), here.code if here else "", row["parent"])] if moves else []
        if self.outcome.take(row, stands["name"], [*found, *moved], new=False):
            self.changed |= {unit.pk: facts} if facts else {}
            self.moved |= {unit.pk: row} if moves else {}

    def moves(self, row: Row, unit: Unit) -> bool:
        """Return whether a row puts the unit under another one; refuse one that it can't stand under."""
        above, here = row["parent"], self.above.get(unit.code)
        if not above or (here and here.code == above):
            return False
        if above not in self.known and above not in self.new:
            self.unknown(row)
        elif above in self.known and unit.covers(self.known[above]):
            wrong = _("This unit lies below the one that is to move.")
            self.refuse(row, "parent", wrong, _("Choose a unit outside of it."))
        else:
            height = self.lowest[unit.pk] - unit.depth if unit.pk in self.lowest else 0
            return self.holds(row, self.depth(above) + 1 + height)
        return False

    def holds(self, row: Row, depth: int) -> bool:
        """Return whether the tree reaches down to a depth; refuse the unit above otherwise."""
        if depth <= Unit.most_levels():
            return True
        self.refuse(row, "parent", *parted(too_deep()))
        return False

    def unknown(self, row: Row) -> None:
        """Refuse a unit above that is not there, or not for this person."""
        cure = _("Write the code of a unit that you set up, or add its row to the file.")
        self.refuse(row, "parent", _("No unit has this code."), cure)

    def refuse_days(self, row: Row, unit: Unit) -> None:
        """Refuse a last day before the first."""
        if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
            wrong = _("The last day lies before the first.")
            self.refuse(row, "valid_to", wrong, _("Correct one of the two dates."))

    def ends_in_itself(self, above: str, seen: set[str]) -> bool:
        """Return whether going up through new units comes back to one of `seen`."""
        while above in self.new:
            if above in seen:
                return True
            seen.add(above)
            above = self.new[above]["parent"]
        return False

    def depth(self, code: str) -> int:
        """Return how deep a unit stands once new ones are founded; one more than there are levels: too deep."""
        steps, most = 0, Unit.most_levels()
        while code in self.new and steps <= most:  # new units that end in themselves are told elsewhere
            code, steps = self.new[code]["parent"], steps + 1
        return steps + (self.known[code].depth if code in self.known else 0)

    # --- the acts ---

    def found(self) -> None:
        """Found the new units, each after the one above it."""
        rows = sorted(self.founded, key=lambda row: self.depth(row["code"]))
        units = [Unit(code=row["code"], kind=self.kinds[row["kind"]], **row.given(*FIELDS)) for row in rows]
        found_units(units=units, above={row["code"]: row["parent"] for row in rows}, by=self.scope.by)

    def change(self) -> None:
        """Change units."""
        facts = {pk: self.with_kind(given) for pk, given in self.changed.items()}
        change_units(facts=facts, by=self.scope.by)

    def with_kind(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts with the kind itself instead of its code."""
        return facts | ({"kind": self.kinds[facts["kind"]]} if "kind" in facts else {})

    def move(self, pk: int, above: str) -> None:
        """Put the unit under another one."""
        move_unit(unit=Unit.objects.get(pk=pk), parent=Unit.objects.get(code=above), by=self.scope.by)


UNITS: Final = Kind(
    slug="units",
    label=gettext_lazy("Units"),
    what=gettext_lazy("Found units below yours, correct their names and days, put them under another unit."),
    file_name="don-vi",
    allowed=lambda user: user.may(Permission.CONFIGURE),
    columns=columns,
    codes=codes,
    check=check,
    hold=lambda _scope: hold_tree(),
    done=lambda _scope: reverse("units:units"),
)
