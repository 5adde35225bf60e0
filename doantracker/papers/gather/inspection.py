"""The report of an inspection: who went where, what was found in each unit, what is good and what not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from doantracker.papers.gather.content import KEPT, Content, Issued
from doantracker.papers.gather.parts import UNANSWERED, in_sentence
from doantracker.papers.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Level,
    Signature,
    Table,
    Text,
    count_word,
    long_day,
)
from plans.enums import Status
from reviews.bodies import following_body
from reviews.enums import Finding
from reviews.inspection_page import VisitRow, unsatisfied, visit_rows
from reviews.models import Inspection, InspectionProgramme, InspectionVisit, VisitItem
from reviews.titles import BODIES
from units.models import User

UNSEEN = "Chưa xem xét"


def inspection_report(inspection: Inspection, by: User, today: dt.date) -> Content:
    """Gather what the pages of an inspection show to who runs it; nine queries whatever its size."""
    visits = visits_of(inspection)
    rows = visit_rows(visits, user=by, today=today)
    items = list(VisitItem.objects.filter(visit__in=visits).order_by("visit", "ordinal"))
    wrong = unsatisfied(visits)
    blocks: list[Block] = [
        Text(_opening(inspection, visits), "opening"),
        Heading(Level.SECTION, "I. Nội dung, thời gian và thành phần kiểm tra"),
        *_facts(inspection),
        _visited(rows),
        Heading(Level.SECTION, "II. Kết quả kiểm tra tại các đơn vị"),
        *[block for n, row in enumerate(rows, start=1) for block in _of_unit(n, row, items)],
        Heading(Level.SECTION, "III. Đánh giá chung"),
        *_said(inspection),
        Heading(Level.ITEM, "1. Ưu điểm"),
        Text(_strengths(rows, items), "strengths"),
        Heading(Level.ITEM, "2. Hạn chế, khuyết điểm"),
        *_shortcomings(wrong),
        Heading(Level.SECTION, "IV. Kiến nghị"),
        *_recommended(rows),
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    return Content(
        inspection.unit,
        "BC",
        f"Kết quả {in_sentence(inspection.title)}",
        kept,
        recipients=(f"{body_of(inspection, today)} (để báo cáo)", "Thành viên Đoàn kiểm tra", KEPT),
        signature=Signature("TM. Đoàn kiểm tra", "Trưởng đoàn", inspection.head.full_name),
        issued=_issued(inspection),
    )


def _issued(inspection: Inspection) -> Issued | None:
    """Return the number and day with which the report was handed in: its paper carries them."""
    number, day = inspection.report_symbol, inspection.reported_on
    return Issued(number, day) if number and day else None


def visits_of(inspection: Inspection) -> list[InspectionVisit]:
    """Return the visits in the order of the pages; one query."""
    return list(inspection.visits.select_related("unit__kind", "event").order_by("event__day", "pk"))


def programme_words(programme: InspectionProgramme) -> str:
    """Return how the programme of the year is cited."""
    number = f" số {programme.symbol}" if programme.symbol else ""
    day = f" {long_day(programme.issued_on)}" if programme.issued_on else ""
    return f"Chương trình kiểm tra, giám sát năm {programme.year}{number}{day} của {programme.unit.name}"


def day_of(visit: InspectionVisit) -> dt.date | None:
    """Return the day on which the team was there, else the one it is planned for."""
    day: dt.date | None = visit.visited_on or visit.day
    return day


def body_of(inspection: Inspection, today: dt.date) -> str:
    """Return the body that hears the report and concludes: "Ban Thường vụ Tỉnh đoàn"; one query."""
    return f"{BODIES[following_body(inspection.unit, today)]} {inspection.unit.label}"


def _opening(inspection: Inspection, visits: Sequence[InspectionVisit]) -> str:
    return (
        f"Thực hiện {programme_words(inspection.programme)}, Đoàn kiểm tra đã tiến hành "
        f"{in_sentence(inspection.title)} tại {count_word(len(visits))} đơn vị. Kết quả như sau:"
    )


def _facts(inspection: Inspection) -> list[Block]:
    members = [person.full_name for person in inspection.members.order_by("sort_key", "pk")]
    team = f"Đoàn kiểm tra: đồng chí {inspection.head.full_name}, Trưởng đoàn"
    lines = [f"{team}; các thành viên: {', '.join(members)}." if members else f"{team}."]
    if inspection.content:
        lines.append(f"Nội dung: {' '.join(inspection.content.split())}")
    start, end = inspection.period_start, inspection.period_end
    period = [f"từ {long_day(start)}"] if start else []
    period += [f"đến {long_day(end)}"] if end else []
    if period:
        lines.append(f"Mốc thời gian kiểm tra: {' '.join(period)}.")
    return [Text(line, f"fact{n}") for n, line in enumerate(lines)]


def _visited(rows: Sequence[VisitRow]) -> Table:
    """Return the units with the figures that the page counts for each."""
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 3),
        Column("Ngày làm việc", 1),
        Column("Chuẩn bị", 2),
        *(Column(str(finding.label), 1, right=True) for finding in Finding),
        Column(UNSEEN, 1, right=True),
    )
    lines = tuple(
        (
            n,
            row.visit.unit.name,
            day_of(row.visit),
            str(Status(row.task.status).label) if row.task else "",
            *(count for _finding, count in row.counts),
            row.blank,
        )
        for n, row in enumerate(rows, start=1)
    )
    return Table("Các đơn vị được kiểm tra", columns, lines)


def _of_unit(number: int, row: VisitRow, items: Sequence[VisitItem]) -> list[Block]:
    """Return what was found in one unit: item by item, the words of the team, what the unit asked for."""
    visit = row.visit
    found = tuple(_item(item) for item in items if item.visit_id == visit.pk)
    columns = (
        Column("TT", 1, right=True),
        Column("Nhóm nội dung", 3),
        Column("Nội dung kiểm tra", 4),
        Column("Kết quả", 2),
        Column("Ghi chú", 4),
    )
    blocks: list[Block] = [
        Heading(Level.ITEM, f"{number}. {visit.unit.name}"),
        Table(f"Kết quả theo nội dung tại {visit.unit.label}", columns, found),
    ]
    if visit.notes:
        blocks.append(Text(f"Nhận xét của Đoàn kiểm tra: {visit.notes}", f"notes{number}"))
    asked = tuple((n, r.text, r.answer or UNANSWERED, r.answered_on) for n, r in enumerate(row.requests, start=1))
    blocks.append(Table(f"Kiến nghị của {visit.unit.label}", _ASKED, asked))
    return blocks


_ASKED = (
    Column("TT", 1, right=True),
    Column("Kiến nghị", 4),
    Column("Trả lời của Đoàn kiểm tra", 4),
    Column("Ngày trả lời", 1),
)


def _item(item: VisitItem) -> tuple[Cell, ...]:
    finding = str(Finding(item.finding).label) if item.finding else UNSEEN
    return (item.ordinal, item.head, item.text, finding, item.note)


def _said(inspection: Inspection) -> list[Block]:
    """Return the words in which the head reported, one paragraph each."""
    lines = [line.strip() for line in inspection.report.splitlines() if line.strip()]
    return [Text(line, f"report{n}") for n, line in enumerate(lines)]


def _strengths(rows: Sequence[VisitRow], items: Sequence[VisitItem]) -> str:
    """Return how much was satisfied, and the items that were in every unit where they were looked at."""
    met = sum(row.findings[Finding.MET.value] for row in rows)
    looked = sum(row.filled - row.findings[Finding.NOT_APPLICABLE.value] for row in rows)
    if not looked:
        return "Chưa có nội dung nào được ghi kết quả."
    by_text: dict[str, set[str]] = {}
    for item in items:
        if item.finding and item.finding != Finding.NOT_APPLICABLE:
            by_text.setdefault(item.text, set()).add(item.finding)
    whole = [in_sentence(text) for text, found in by_text.items() if found == {Finding.MET.value}]
    words = f"Đạt {count_word(met)}/{count_word(looked)} lượt nội dung được kiểm tra."
    return f"{words} Các đơn vị thực hiện tốt: {'; '.join(whole)}." if whole else words


def _shortcomings(wrong: Sequence[VisitItem]) -> list[Block]:
    """Return the items not or only partly satisfied, each unit named once."""
    if not wrong:
        return [Text("Chưa phát hiện nội dung không đạt.", "wrong")]
    by_unit: dict[str, list[str]] = {}
    for item in wrong:
        by_unit.setdefault(item.visit.unit.name, []).append(_wrong(item))
    units = [f"- {unit}: {'; '.join(found)}." for unit, found in by_unit.items()]
    return [Text(line, f"wrong{n}") for n, line in enumerate(units)]


def _wrong(item: VisitItem) -> str:
    head = f"{item.head}: " if item.head else ""
    note = f" – {in_sentence(item.note).rstrip('.')}" if item.note else ""
    return f"{head}{in_sentence(item.text)} ({_lower(item.finding)}){note}"


def _lower(finding: str) -> str:
    return in_sentence(str(Finding(finding).label))


def _recommended(rows: Sequence[VisitRow]) -> list[Block]:
    """Return what the team asks to be concluded about each unit, with the day by which it is to be done."""
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 3),
        Column("Kiến nghị kết luận", 6),
        Column("Thời hạn", 1),
    )
    found = [(row.visit.unit.name, c.conclusion.text, c.conclusion.due) for row in rows for c in row.conclusions]
    if not found:
        return [Text("Đoàn kiểm tra không có kiến nghị.", "asked")]
    return [
        Text("Đoàn kiểm tra kiến nghị yêu cầu các đơn vị thực hiện:", "asked"),
        Table("Nội dung kiến nghị", columns, tuple((n, *facts) for n, facts in enumerate(found, start=1))),
    ]
