"""What a file would do, worked out before anything is done: rows that are new, changed, as they stand, or refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from doantracker.imports.table import Column, Finding, Row
from plans.errors import ActionRefused
from plans.result_words import shown as shown_number

LONGEST_SAID: Final = 120  # characters of a value in the preview
MOST_ROWS_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a row changes: what it is called, what stands there, what will."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one row does: `new` or not, what it is about, each value that differs, and what to look at twice."""

    row: int
    new: bool
    label: str
    differences: tuple[Difference, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of an act, and the rows to which its refusal is told; none: to the file as a whole."""

    rows: tuple[int, ...]
    run: Callable[[], object]


class RowsRefused(Exception):  # noqa: N818  # an answer, not a fault
    """An act refused some rows: what is wrong with each, in the words of the act."""

    def __init__(self, rows: dict[int, str]) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(slots=True)
class Outcome:
    """What a file would do. The steps are run in order, in one transaction, when nothing is wrong."""

    changes: list[Change] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchanged: int = 0
    total: int = 0

    @property
    def new(self) -> int:
        """Return how many rows make something."""
        return sum(change.new for change in self.changes)

    @property
    def changed(self) -> int:
        """Return how many rows change what stands there."""
        return len(self.changes) - self.new

    @property
    def refused(self) -> int:
        """Return how many rows are refused."""
        return len({finding.row for finding in self.findings if finding.row})

    def digest(self, sha256: str) -> str:
        """Return a hash of the file and of all it would do: a page carries it, the act compares it."""
        lines = [[c.row, c.new, c.label, [[d.label, d.before, d.after] for d in c.differences]] for c in self.changes]
        return hashlib.sha256(json.dumps([sha256, lines, len(self.findings)]).encode()).hexdigest()[:32]

    def refuse(self, row: Row | int, column: Column | None, value: Any, wrong: str, cure: str) -> None:
        """Enter what is wrong with a row; not of a cell that could not be read, which is told already."""
        if isinstance(row, Row) and column and not row.sound(column.name):
            return
        number = row if isinstance(row, int) else row.number
        heading = str(column.heading) if column else ""
        self.findings.append(Finding(number, heading, said(value), wrong, cure or general_cure(heading)))

    def stands(self, row: Row) -> None:
        """Enter a row that says what is so already."""
        self.unchanged += not row.faulty

    def take(self, row: Row, label: str, differences: Iterable[Difference], *, new: bool, warning: str = "") -> bool:
        """Enter what a row does; return whether it does anything: one with a faulty cell does not."""
        if row.faulty:
            return False
        found = tuple(differences)
        if not new and not found:
            self.unchanged += 1
            return False
        self.changes.append(Change(row.number, new, label, found, warning))
        return True

    def in_order(self) -> Outcome:
        """Return the same with rows in the order of the file."""
        self.changes.sort(key=lambda change: change.row)
        self.findings.sort(key=lambda finding: finding.row)
        return self

    def run(self) -> None:
        """Run the steps, the caller's transaction around them. Raises `RowsRefused` with the rows of the first."""
        for step in self.steps:
            try:
                step.run()
            except ValidationError as refusal:
                raise RowsRefused(dict.fromkeys(step.rows or (0,), " ".join(refusal.messages))) from refusal
            except ActionRefused as refusal:
                raise RowsRefused(dict.fromkeys(step.rows or (0,), str(refusal.message))) from refusal


@dataclass(slots=True)
class Alike:
    """Findings of one column that say the same: they are mended in one go. The cure is that of the first."""

    column: str
    wrong: str
    cure: str
    rows: list[int] = field(default_factory=list)

    @property
    def first_rows(self) -> str:
        """Return the numbers of the first rows, as many as are read at a glance."""
        shown = ", ".join(map(str, self.rows[:MOST_ROWS_NAMED]))
        return f"{shown} …" if len(self.rows) > MOST_ROWS_NAMED else shown


def alike(findings: Iterable[Finding]) -> list[Alike]:
    """Return findings of rows by column and fault, the most frequent first."""
    groups: dict[tuple[str, str], Alike] = {}
    for finding in findings:
        if finding.row:
            key = finding.column, finding.wrong
            groups.setdefault(key, Alike(*key, finding.cure)).rows.append(finding.row)
    return sorted(groups.values(), key=lambda group: -len(group.rows))


def general_cure(column: str) -> str:
    """Return what to do where the words of a refusal don't say it."""
    if column:
        return _("Correct the value in this column of the file.")
    return _("Correct this row in the file, or leave it out.")


def differing(columns: Iterable[Column], before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Return the given values (`after`) that differ from what stands there, in words, in the order of the columns."""
    return [
        Difference(str(column.heading), worded(column, before.get(column.name)), worded(column, after[column.name]))
        for column in columns
        if column.name in after and before.get(column.name) != after[column.name]
    ]


def worded(column: Column, value: Any) -> str:
    """Return a value of a column as a person reads it."""
    if column.choices and value is not None:
        return str(dict(column.choices).get(value, value))
    return said(value)


def said(value: Any) -> str:
    """Return a value as a person reads it; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return shown_number(value)
    return str(value).replace("\n", "; ")[:LONGEST_SAID]
