"""What every kind of import has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from doantracker.imports.outcome import Outcome
from doantracker.imports.table import Column, Row, Words, parted
from plans.models import Plan
from plans.querysets import PlanQuerySet
from units.models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """Who imports, on which day, and into which plan where the kind asks for one."""

    by: User
    today: dt.date
    plan: Plan | None = None

    @property
    def of(self) -> Plan:
        """Return the plan of a kind that asks for one."""
        assert self.plan is not None  # noqa: S101  # the page has asked
        return self.plan


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of codes for the template: the column that takes them, and each with what it means."""

    column: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import. `plans` are the plans it may be for; None: it is for no plan.

    `hold` locks, until the end of the transaction, what the acts of the kind lock first: what was checked after it is
    what they find. `rows` begin the template where what is asked for is known: what is left is to fill in.
    """

    slug: str
    label: Words
    what: Words
    file_name: str
    allowed: Callable[[User], bool]
    columns: Callable[[Scope], tuple[Column, ...]]
    codes: Callable[[Scope], Iterable[Codes]]
    check: Callable[[Sequence[Row], Scope], Outcome]
    hold: Callable[[Scope], object]
    done: Callable[[Scope], str]
    plans: Callable[[User], PlanQuerySet] | None = None
    rows: Callable[[Scope], Sequence[Mapping[str, str]]] | None = None


@dataclass(slots=True)
class Check:
    """A check of rows: what it is for, and the outcome as it grows. Each kind adds what it has read beforehand."""

    scope: Scope
    columns: dict[str, Column]
    outcome: Outcome = field(default_factory=Outcome, kw_only=True)

    def refuse(self, row: Row, name: str, wrong: str, cure: str) -> None:
        """Enter what is wrong at a column."""
        self.outcome.refuse(row, self.columns[name], row.written(name), wrong, cure)

    def refuse_double(self, row: Row, name: str, wrong: str, earlier: int) -> None:
        """Enter that the row `earlier` names the same already."""
        cure = _("It stands in row %(row)s already. Keep one of the two.") % {"row": earlier}
        self.refuse(row, name, wrong, cure)


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """Return columns by their name."""
    return {column.name: column for column in columns}


def refuse_faults(outcome: Outcome, row: Row, columns: Iterable[Column], record: models.Model) -> bool:
    """Enter what the fields of `record` refuse of the given values, without a query; return whether anything."""
    names = by_name(columns)
    given = {f.name for f in record._meta.fields if f.name in names and not f.is_relation}  # noqa: SLF001  # Django documents it
    skipped = {f.name for f in record._meta.fields} - given  # noqa: SLF001
    try:
        record.clean_fields(exclude=skipped)
    except ValidationError as faults:
        for name, messages in faults.message_dict.items():
            outcome.refuse(row, names[name], row.written(name), *parted(" ".join(messages)))
        return True
    return False


def twice(rows: Iterable[Row], key: Callable[[Row], Any], *names: str) -> dict[int, int]:
    """Return the rows that name the same thing as an earlier one, with the number of the earlier one.

    `names` are the columns of which `key` is made: a row that holds a faulty one names nothing.
    """
    first: dict[Any, int] = {}
    found: dict[int, int] = {}
    for row in rows:
        if not row.sound(*names):
            continue
        earlier = first.setdefault(key(row), row.number)
        if earlier != row.number:
            found[row.number] = earlier
    return found
