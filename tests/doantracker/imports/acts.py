"""A file tried and imported, as the pages do it, without the pages."""

from __future__ import annotations

from typing import Any

from doantracker.imports.actions import run_import, try_import
from doantracker.imports.kinds.base import Kind, Scope
from doantracker.imports.outcome import Outcome
from doantracker.lib import clock
from plans.actions.uploads import Upload
from plans.models import Plan
from tests.doantracker.imports.files import workbook
from units.models import User


def tried(kind: Kind, by: User, *rows: list[Any], plan: Plan | None = None) -> Outcome:
    """Return what a file with these rows, the header first, would do."""
    outcome, _digest = try_import(kind=kind, scope=Scope(by, clock.today(), plan), upload=_upload(*rows))
    return outcome


def imported(kind: Kind, by: User, *rows: list[Any], plan: Plan | None = None) -> Outcome:
    """Import a file with these rows as the person saw it."""
    scope, upload = Scope(by, clock.today(), plan), _upload(*rows)
    _outcome, digest = try_import(kind=kind, scope=scope, upload=upload)
    return run_import(kind=kind, scope=scope, upload=upload, expected=digest)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Return how many rows are new, changed, as they stand, and refused."""
    return outcome.new, outcome.changed, outcome.unchanged, outcome.refused


def wrong(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Return row, column and what is wrong of every finding."""
    return [(finding.row, finding.column, finding.wrong) for finding in outcome.findings]


def _upload(*rows: list[Any]) -> Upload:
    return Upload(workbook(*rows), "tep.xlsx")
