"""What the archive of a plan and year holds: what to read first, the work owed, documents, papers, evidence, log."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterator
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from doantracker.papers.archive import INDEX, SUMS, Entry, as_cell, safe_name
from doantracker.papers.enums import Form
from doantracker.papers.gather.deadlines import COLUMNS, SHEET, deadline_rows
from doantracker.papers.models import OfficialPaper
from doantracker.papers.renderings import file_name, rendered_anyhow
from doantracker.papers.xlsx import write_xlsx
from plans.ledger_page import hidden_from
from plans.models import ChasingLetter, Deadline, Evidence, Plan, PlanDocument
from units.models import AuditEvent, User

#: What a clerk reads first; lines end as Windows wants them.
READ_FIRST: Final = """HỒ SƠ LƯU TRỮ KẾ HOẠCH
{plan}
Năm: {year}
Người lập: {by}
Ngày lập: {day:%d/%m/%Y}

Trong tệp này có:
{folders}
- {index}: danh mục các tệp, dung lượng và mã SHA-256; cột Ghi chú nêu tệp khác với tệp gốc.
- {sums}: mã SHA-256 của mọi tệp khác, để kiểm tra tệp không bị sửa đổi.
Chỉ có những gì người lập được xem.
Văn bản mà {index} ghi "{ours}": mẫu đang dùng của đơn vị không điền được cho văn bản đó.

Cách kiểm tra, sau khi giải nén:
- Windows: mở Command Prompt trong thư mục đã giải nén, gõ
    certutil -hashfile "đường-dẫn-tệp" SHA256
  rồi so mã hiện ra với mã của tệp đó trong {sums} (mở bằng Notepad).
- Linux: trong thư mục đã giải nén, gõ
    sha256sum -c {sums}
  Mỗi dòng phải báo "OK" (hoặc "Thành công").
"""

#: What each folder holds; only those that are there are told of.
FOLDERS: Final = {
    "00-tong-hop": "mọi nội dung theo dõi của kế hoạch, hạn, trạng thái và kết quả (noi-dung-theo-doi.xlsx).",
    "01-ke-hoach": "văn bản kế hoạch đã nhập.",
    "02-van-ban": 'báo cáo, công văn và văn bản khác đã có số; tên có "da-huy" là văn bản đã hủy, giữ nguyên như khi '
    "cấp số.",
    "03-minh-chung": "minh chứng, mỗi thư mục là một nội dung của một đơn vị (số thứ tự giải pháp - đơn vị - mã); tệp "
    "THIEU-... là minh chứng không còn trong kho lưu trữ.",
    "04-nhat-ky": "nhật ký (nhat-ky.csv).",
    "05-ban-nhap": "bản nháp chưa có số, không phải văn bản đã ban hành.",
}

#: Said of a paper for which the template in use does not work.
IN_OURS: Final = "lập theo mẫu của hệ thống"


def archive_entries(plan: Plan, year: int | None, by: User, today: dt.date) -> Iterator[Entry]:
    """Yield the files of a plan as `by` sees them; with a year: evidence of what was due in it, and its log."""
    held: set[str] = set()
    for entry in _entries(plan, year, by, today):
        held.add(entry.folder.partition("/")[0])
        yield entry
    folders = "\n".join(f"- {name}: {words}" for name, words in FOLDERS.items() if name in held)
    words = READ_FIRST.format(
        plan=plan, year=year or "tất cả", by=by, day=today, folders=folders, index=INDEX, sums=SUMS, ours=IN_OURS
    )
    read_first = io.BytesIO(words.replace("\n", "\r\n").encode("utf-8-sig"))
    yield Entry("", "DOC-TRUOC.txt", read_first, "Hướng dẫn đọc và kiểm tra")


def _entries(plan: Plan, year: int | None, by: User, today: dt.date) -> Iterator[Entry]:
    yield from _table(plan, year, by, today)
    documents = PlanDocument.objects.filter(plan=plan)
    for document in documents if not hidden_from(by, plan) else ():
        with document.file.open("rb") as file:
            yield Entry("01-ke-hoach", document.original_name, file, str(plan), document.sha256)
    for row in _papers(plan, by):
        yield _paper(row)
    yield from _evidence(plan, year, by)
    yield Entry("04-nhat-ky", "nhat-ky.csv", io.BytesIO(_log(plan, year, by)), "Nhật ký")


def _papers(plan: Plan, by: User) -> QuerySet[OfficialPaper]:
    """Return the papers whose subject names the plan, alone or among other words, or one of its letters."""
    letters = ChasingLetter.objects.visible_to(by).filter(plan=plan).order_by().values_list("pk", flat=True)
    names_plan = Q(subject__regex=rf"(^|&)plan={plan.pk}(&|$)")
    found: QuerySet[OfficialPaper] = OfficialPaper.objects.visible_to(by).filter(
        names_plan | Q(subject__in=[f"letter={pk}" for pk in letters])
    )
    return found


def _paper(row: OfficialPaper) -> Entry:
    """Return a paper that left as it was kept with its number; a draft lies apart from these.

    A template that does not work for one of them spoils no archive: that one is in ours, and the index says so.
    """
    docx, as_usual = (row.kept_file, True) if row.file else rendered_anyhow(row)
    content, name = io.BytesIO(docx), file_name(row, Form.DOCX)
    title = row.title if as_usual else f"{row.title} ({IN_OURS})"
    if row.number or row.issued_before:
        about = f"ĐÃ HỦY ngày {row.cancelled_on:%d/%m/%Y}: {title}" if row.cancelled_on else title
        return Entry("02-van-ban", name, content, about, row.sha256)
    return Entry("05-ban-nhap", f"ban-nhap-{name}", content, f"Bản nháp, chưa có số: {title}")


def _owed(plan: Plan, year: int | None, by: User) -> QuerySet[Deadline]:
    found: QuerySet[Deadline] = Deadline.objects.visible_to(by).filter(plan=plan)
    return found.filter(due_on__year=year) if year else found


def _table(plan: Plan, year: int | None, by: User, today: dt.date) -> Iterator[Entry]:
    rows = _owed(plan, year, by).order_by("solution__ordinal", "unit_path", "due_on", "pk")
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, [(SHEET, COLUMNS, deadline_rows(rows, today))])
        file.seek(0)
        yield Entry("00-tong-hop", "noi-dung-theo-doi.xlsx", file, SHEET)


def _evidence(plan: Plan, year: int | None, by: User) -> Iterator[Entry]:
    deadlines = _owed(plan, year, by)
    found = Evidence.objects.visible_to(by).filter(deadline__in=deadlines.order_by().values("pk")).exclude(file="")
    for piece in found.select_related("deadline__unit", "deadline__solution").order_by("pk").iterator(chunk_size=500):
        owed = piece.deadline
        unit = safe_name(owed.unit.label.replace(".", " "))
        folder = f"03-minh-chung/{owed.solution.ordinal:03d}-{unit}-{owed.pk}"
        if not piece.file.storage.exists(piece.file.name or ""):
            yield Entry(folder, f"THIEU-{piece.original_name}.txt", io.BytesIO(b""), str(owed), piece.sha256)
            continue
        about = f"{owed.unit} – {owed.solution.text[:120]} – {owed.due_on or ''}"
        with piece.file.open("rb") as file:
            yield Entry(folder, piece.original_name, file, about, piece.sha256)


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
