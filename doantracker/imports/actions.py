"""Doing what a file says: every row by the act of its page, in one transaction, all of it or nothing."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.imports.kinds.base import Kind, Scope
from doantracker.imports.marked import marked
from doantracker.imports.outcome import Outcome, RowsRefused, general_cure
from doantracker.imports.registry import KINDS
from doantracker.imports.sheet import Sheet, read_sheet
from doantracker.imports.table import Finding, Table, header_hits, parted, read_table
from plans.actions.imports import file_name
from plans.actions.uploads import Upload
from plans.errors import ActionRefused, Stale
from units import audit
from units.access import require
from units.actions import home_unit
from units.models.audit import AuditAction


class Faulty(ActionRefused):
    """Nothing was done, because of some rows; `outcome` says what is wrong with each."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(_("Nothing was imported. Correct the rows named below in the file, then choose it again."))
        self.outcome = outcome


def try_import(*, kind: Kind, scope: Scope, upload: Upload) -> tuple[Outcome, str]:
    """Say what a file would do, and the digest of that. Nothing is done. Raises `ReadError` for a broken file."""
    _require(kind, scope)
    return _checked(kind, scope, _read(kind, scope, read_sheet(upload.data)), upload)


def mark_faults(*, kind: Kind, scope: Scope, upload: Upload) -> bytes | None:
    """Return the file with what is wrong beside each row; None where no row has a fault. Nothing is kept."""
    _require(kind, scope)
    sheet = read_sheet(upload.data)
    table = _read(kind, scope, sheet)
    outcome, _digest = _checked(kind, scope, table, upload)
    return marked(sheet, table, outcome.findings) if outcome.refused and table.header else None


def run_import(*, kind: Kind, scope: Scope, upload: Upload, expected: str) -> Outcome:
    """Do what a file says. `expected` is the digest of what was shown; another outcome by now is shown first."""
    _require(kind, scope)
    table = _read(kind, scope, read_sheet(upload.data))
    try:
        with transaction.atomic():
            kind.hold(scope)  # of two at once, the second compares with what the first has done
            outcome, digest = _checked(kind, scope, table, upload)
            if outcome.findings:
                raise Faulty(outcome)
            if digest != expected:
                raise _changed_since()
            with audit.gathered():
                _run(outcome)
                _log(kind, scope, upload, outcome)
    except IntegrityError as error:  # somebody made the same at the same moment
        raise _changed_since() from error
    return outcome


def _read(kind: Kind, scope: Scope, sheet: Sheet) -> Table:
    """Read the rows; a template of another kind gets one word that says so, not one for each column."""
    columns = kind.columns(scope)
    table = read_table(sheet, columns)
    if any(finding.row == 0 or not finding.column for finding in table.findings):
        hits = {other: header_hits(sheet, other.columns(scope)) for other in KINDS.values() if other is not kind}
        likely = max(hits, key=lambda other: hits[other])
        if hits[likely] > header_hits(sheet, columns):
            return Table(findings=[_other_template(likely)], total=table.total)
    return table


def _other_template(kind: Kind) -> Finding:
    wrong = _("This is the template of “%(kind)s”.") % {"kind": kind.label}
    return Finding(0, "", "", wrong, _("Import it there, or fill in the template of this page."))


def _checked(kind: Kind, scope: Scope, table: Table, upload: Upload) -> tuple[Outcome, str]:
    outcome = kind.check(table.rows, scope)
    outcome.findings += table.findings
    outcome.total = table.total
    return outcome.in_order(), outcome.digest(_sha256(upload))


def _run(outcome: Outcome) -> None:
    """Run the steps; what an act refuses becomes a finding of its rows."""
    try:
        outcome.run()
    except RowsRefused as refusal:
        outcome.findings += [_finding(row, words) for row, words in refusal.rows.items()]
        raise Faulty(outcome.in_order()) from refusal


def _finding(row: int, words: str) -> Finding:
    wrong, cure = parted(words)
    return Finding(row, "", "", wrong, cure or general_cure(""))


def _changed_since() -> Stale:
    return Stale(_("Something changed since you looked. Look at what the file would do now, then import it."))


def _require(kind: Kind, scope: Scope) -> None:
    """Answer 404 for who may not import this, or not into this plan."""
    require(kind.allowed(scope.by))
    if kind.plans is not None:
        require(scope.plan is not None and kind.plans(scope.by).filter(pk=scope.plan.pk).exists())


def _log(kind: Kind, scope: Scope, upload: Upload, outcome: Outcome) -> None:
    """Write the import as a whole into the log, beside each of its acts."""
    if not outcome.changes:
        return
    plan = scope.plan
    unit = plan.issuing_unit_id if plan else home_unit(scope.by)
    counts = {"new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged}
    data = {"kind": kind.slug, "file": file_name(upload.name), "sha256": _sha256(upload), **counts}
    label = f"{kind.label}: {file_name(upload.name)}"
    audit.record(
        AuditAction.IMPORTED, by=scope.by, label=label, plan_id=plan.pk if plan else None, unit_id=unit, data=data
    )


def _sha256(upload: Upload) -> str:
    return hashlib.sha256(upload.data).hexdigest()
