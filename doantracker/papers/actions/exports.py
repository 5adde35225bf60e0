"""Exports: asked for on a page, written by a job a row at a time, kept for a day."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Final

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.papers.actions.reading import note_paper_reading
from doantracker.papers.archive import write_archive
from doantracker.papers.enums import ExportKind, ExportState
from doantracker.papers.gather.archive import archive_entries
from doantracker.papers.gather.deadlines import CHUNK, COLUMNS, SHEET, deadline_rows
from doantracker.papers.models import Export, OfficialPaper
from doantracker.papers.paper import Cell
from doantracker.papers.renderings import RENDERERS, rendered
from doantracker.papers.sources import key_in
from doantracker.papers.xlsx import write_xlsx
from plans.errors import ActionRefused
from plans.listings import deadlines_that_fit
from plans.models import Plan
from reviews.actions.made import made_before
from units import audit
from units.access import get_visible_or_404, reach_of, require
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

KEPT: Final = dt.timedelta(days=1)
LEASE: Final = dt.timedelta(minutes=15)  # longer than any step between two signs of life
LONGEST_QUERY: Final = 2000
MOST_WAITING: Final = 5  # files of one person that are being written


def ask_export(*, query: str, by: User, key: str = "", kind: str = ExportKind.DEADLINES) -> Export:
    """Keep what `by` wants; a job writes it. With the `key` of a form sent before: what that made."""
    made = made_before(Export, key, by=by)
    if made:
        return made
    if (
        Export.objects.filter(created_by=by, state__in=(ExportState.WAITING, ExportState.RUNNING)).count()
        >= MOST_WAITING
    ):
        raise ActionRefused(_("Several files are being written for you already. Wait until they are ready."))
    if len(query) > LONGEST_QUERY:  # cut off it would let in more than was asked for
        raise ActionRefused(_("This filter is too long. Choose fewer values, then ask for the file again."))
    now = clock.now()
    facts = {"kind": kind, "query": query, "expires_at": now + KEPT, "reach": reach_of(by)}
    try:
        with transaction.atomic():
            row = Export.objects.create(**facts, created_by=by, created_at=now, form_key=key)
            audit.record(AuditAction.CREATED, by=by, obj=row, data={"query": row.query})
    except IntegrityError:  # the same form twice at once
        made = made_before(Export, key, by=by)
        if made is None:
            raise
        return made
    return row


def to_write() -> models.QuerySet[Export]:
    """Return what waits, and what a worker began that says nothing any more."""
    silent = Q(state=ExportState.RUNNING, taken_at__lt=clock.now() - LEASE)
    return Export.objects.filter(Q(state=ExportState.WAITING) | silent)


def write_export(*, export: Export, today: dt.date | None = None) -> None:
    """Write the file; done once, by whoever comes first. Memory does not grow with the rows."""
    now = clock.now()
    if not to_write().filter(pk=export.pk).update(state=ExportState.RUNNING, taken_at=now, written=0):
        return
    export.taken_at = now
    try:
        _write(export, today or clock.today())
    except Exception:
        _ours(export).update(state=ExportState.FAILED)
        raise


def drop_expired() -> int:
    """Take away exports that are kept no longer, with their files; return how many."""
    old = list(Export.objects.filter(expires_at__lte=clock.now()))
    for row in old:
        if row.file:
            row.file.delete(save=False)
        row.delete()
    return len(old)


def require_still_seen(*, export: Export, by: User) -> None:
    """Ask again for the rights over what a file tells of: who lost them since it was written takes nothing along."""
    require(set(export.reach) <= set(reach_of(by)))
    if export.kind == ExportKind.PAPER:
        paper_of(export.query, by=by)
    if export.kind == ExportKind.ARCHIVE:
        plan_of(export.query, by=by)


def note_export_download(*, export: Export, by: User) -> None:
    """Log that the file was taken along, and the reading of a paper that tells about persons."""
    audit.record(AuditAction.DOWNLOADED, by=by, obj=export, data={"rows": export.rows})
    if export.kind == ExportKind.PAPER:
        paper, _form = paper_of(export.query, by=by)
        note_paper_reading(kind=paper.kind, subject=paper.subject, by=by)


def plan_of(query: str, *, by: User) -> tuple[Plan, int | None]:
    """Return the plan and year that an archive is asked of ("plan=3&year=2026"); 404 for what `by` doesn't run."""
    asked = QueryDict(query)
    plan: Plan = get_visible_or_404(Plan.objects.select_related("issuing_unit"), by, key_in(asked, "plan"))
    require(by.may(Permission.MANAGE_PLANS, plan.issuing_unit))
    year = asked.get("year", "")
    return plan, int(year) if re.fullmatch(r"[12]\d{3}", year, re.ASCII) else None


def paper_of(query: str, *, by: User) -> tuple[OfficialPaper, str]:
    """Return the paper and the form that are asked for ("paper=3&form=pdf"); 404 for what `by` does not see."""
    asked = QueryDict(query)
    row: OfficialPaper = get_visible_or_404(OfficialPaper.objects.select_related("unit"), by, key_in(asked, "paper"))
    form = asked.get("form", "")
    if form not in RENDERERS:
        raise Http404
    return row, form


def _ours(export: Export) -> models.QuerySet[Export]:
    """Return the row as long as this worker holds it: nobody took it up in the meantime."""
    return Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, taken_at=export.taken_at)


def _write(export: Export, today: dt.date) -> None:
    with tempfile.TemporaryFile() as file, translation.override(settings.LANGUAGE_CODE):
        ending = WRITERS[ExportKind(export.kind)](export, file, today)
        file.seek(0)
        export.file.save(f"{get_random_string(32)}.{ending}", File(file), save=False)
    facts = {"state": ExportState.READY, "file": export.file.name, "rows": export.rows, "written": export.rows}
    if not _ours(export).update(**facts):
        export.file.delete(save=False)


def _write_archive(export: Export, file: IO[bytes], today: dt.date) -> str:
    plan, year = plan_of(export.query, by=export.created_by)
    export.rows = write_archive(file, archive_entries(plan, year, export.created_by, today))
    return "zip"


def _write_paper(export: Export, file: IO[bytes], _today: dt.date) -> str:
    row, form = paper_of(export.query, by=export.created_by)
    file.write(rendered(row, form))
    export.rows = row.rows_told
    return form


def _write_deadlines(export: Export, file: IO[bytes], today: dt.date) -> str:
    found = deadlines_that_fit(QueryDict(export.query), user=export.created_by, today=today).rows
    export.rows = found.count()
    Export.objects.filter(pk=export.pk).update(rows=export.rows)
    write_xlsx(file, [(SHEET, COLUMNS, _watched(deadline_rows(found, today), export))])
    return "xlsx"


def _watched(rows: Iterator[tuple[Cell, ...]], export: Export) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows, and keep the page told how many are written."""
    for n, row in enumerate(rows, start=1):
        yield row
        if n % CHUNK == 0:
            before, export.taken_at = _ours(export), clock.now()
            before.update(written=n, taken_at=export.taken_at)


#: What writes a kind into a file and returns its ending.
WRITERS: Final[dict[ExportKind, Callable[[Export, IO[bytes], dt.date], str]]] = {
    ExportKind.DEADLINES: _write_deadlines,
    ExportKind.ARCHIVE: _write_archive,
    ExportKind.PAPER: _write_paper,
}
