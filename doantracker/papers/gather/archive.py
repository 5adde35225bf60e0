"""What the archive of a plan and year holds: its document, its papers, evidence, and the log."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.utils import timezone

from doantracker.papers.archive import Entry, as_cell
from doantracker.papers.enums import Form
from doantracker.papers.models import OfficialPaper
from doantracker.papers.renderings import file_name, rendered
from plans.ledger_page import hidden_from
from plans.models import Deadline, Evidence, Plan, PlanDocument
from units.models import AuditEvent, User


def archive_entries(plan: Plan, year: int | None, by: User) -> Iterator[Entry]:
    """Yield the files of a plan as `by` sees them; with a year: evidence of what was due in it, and its log."""
    documents = PlanDocument.objects.filter(plan=plan)
    for document in documents if not hidden_from(by, plan) else ():
        with document.file.open("rb") as file:
            yield Entry("01-ke-hoach", document.original_name, file, str(plan), document.sha256)
    for row in OfficialPaper.objects.visible_to(by).filter(subject=f"plan={plan.pk}"):
        content = io.BytesIO(rendered(row, Form.DOCX))
        yield Entry("02-van-ban", file_name(row, Form.DOCX), content, row.title, row.sha256)
    yield from _evidence(plan, year, by)
    yield Entry("04-nhat-ky", "nhat-ky.csv", io.BytesIO(_log(plan, year, by)), "Nhật ký")


def _evidence(plan: Plan, year: int | None, by: User) -> Iterator[Entry]:
    deadlines = Deadline.objects.visible_to(by).filter(plan=plan)
    if year:
        deadlines = deadlines.filter(due_on__year=year)
    found = Evidence.objects.visible_to(by).filter(deadline__in=deadlines.order_by().values("pk")).exclude(file="")
    for piece in found.select_related("deadline__unit", "deadline__solution").order_by("pk").iterator(chunk_size=500):
        owed = piece.deadline
        if not piece.file.storage.exists(piece.file.name or ""):
            yield Entry("03-minh-chung", f"THIEU-{piece.original_name}.txt", io.BytesIO(b""), str(owed), piece.sha256)
            continue
        about = f"{owed.unit} – {owed.solution.text[:120]} – {owed.due_on or ''}"
        with piece.file.open("rb") as file:
            yield Entry(f"03-minh-chung/{owed.pk}", piece.original_name, file, about, piece.sha256)


def _log(plan: Plan, year: int | None, by: User) -> bytes:
    rows = AuditEvent.objects.visible_to(by).filter(plan_id=plan.pk)
    if year:
        first = timezone.make_aware(dt.datetime(year, 1, 1))  # noqa: DTZ001  # made aware here
        rows = rows.filter(at__gte=first, at__lt=timezone.make_aware(dt.datetime(year + 1, 1, 1)))  # noqa: DTZ001
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Thời điểm", "Người", "Việc", "Đối tượng", "Mã băm"))
    for row in rows.order_by("pk").select_related("actor").iterator(chunk_size=1000):
        writer.writerow(_line(row))
    return out.getvalue().encode("utf-8-sig")


def _line(row: AuditEvent) -> tuple[str, ...]:
    day = f"{timezone.localtime(row.at):%d/%m/%Y %H:%M:%S}"
    return tuple(map(as_cell, (day, row.actor, row.get_action_display(), row.object_label, row.hash)))
