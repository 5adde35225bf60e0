"""The programme of the inspections of a unit in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from doantracker.papers.gather.content import KEPT, Content, Issued
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word
from plans.labels import day_label
from reviews.bodies import following_body
from reviews.enums import InspectionState
from reviews.models import Inspection, InspectionProgramme
from reviews.titles import BODIES
from units.models import User


def programme_paper(programme: InspectionProgramme, by: User, today: dt.date) -> Content:
    """Gather the inspections that stand in the programme, by their first visit; six queries whatever their number."""
    unit, year = programme.unit, programme.year
    body = f"{BODIES[following_body(unit, today)]} {unit.label}"
    rows = _inspections(programme, by)
    visits = sum(len(row.visits.all()) for row in rows)
    blocks: list[Block] = [
        Heading(Level.SECTION, "I. Mục đích, yêu cầu"),
        Text(
            "Nắm tình hình, kịp thời chỉ ra ưu điểm, hạn chế và giúp các đơn vị thực hiện tốt nhiệm vụ; kiểm tra, "
            "giám sát có trọng tâm, đúng Điều lệ và quy định, không gây khó khăn cho cơ sở.",
            "aim",
        ),
        Heading(Level.SECTION, "II. Nội dung, đối tượng, thời gian"),
        Text(
            f"Năm {year}, {body} tiến hành {count_word(len(rows))} đợt kiểm tra, giám sát, làm việc với "
            f"{count_word(visits)} lượt đơn vị:",
            "count",
        ),
        _table(rows),
        Heading(Level.SECTION, "III. Tổ chức thực hiện"),
        Text("1. Trưởng đoàn xây dựng kế hoạch, đề cương; thông báo cho đơn vị trước khi làm việc.", "heads"),
        Text("2. Các đơn vị được kiểm tra, giám sát chuẩn bị báo cáo và hồ sơ theo thông báo.", "units"),
        Text(
            f"3. Sau mỗi đợt, Đoàn kiểm tra báo cáo {body} ban hành kết luận; thành viên được phân công theo dõi, đôn "
            "đốc việc thực hiện kết luận.",
            "after",
        ),
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    recipients = ("Các đơn vị được kiểm tra, giám sát", "Thành viên các đoàn kiểm tra", KEPT)
    issued = Issued(programme.symbol, programme.issued_on) if programme.symbol and programme.issued_on else None
    abstract = f"Kiểm tra, giám sát năm {year}"
    return Content(unit, "CTr", abstract, kept, recipients=recipients, landscape=True, issued=issued)


def _inspections(programme: InspectionProgramme, by: User) -> list[Inspection]:
    """Return the inspections but those called off, with all that a line of the programme tells."""
    kept = Inspection.objects.visible_to(by).filter(programme=programme).exclude(state=InspectionState.CANCELLED)
    related = kept.select_related("head").prefetch_related("members", "visits__unit", "visits__event")
    return list(related.by_day())


def _table(rows: Sequence[Inspection]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Đợt kiểm tra, giám sát", 4),
        Column("Hình thức", 2),
        Column("Nội dung", 5),
        Column("Đơn vị, thời gian", 4),
        Column("Mốc từ", 1),
        Column("Mốc đến", 1),
        Column("Trưởng đoàn, thành viên", 4),
    )
    return Table("Các đợt kiểm tra, giám sát", columns, tuple(_row(n, row) for n, row in enumerate(rows, start=1)))


def _row(number: int, row: Inspection) -> tuple[Cell, ...]:
    visits = sorted(row.visits.all(), key=lambda visit: (visit.day or dt.date.max, visit.pk))
    team = [f"{row.head.full_name} (trưởng đoàn)", *(person.full_name for person in row.members.all())]
    return (
        number,
        row.title,
        str(row.get_kind_display()),
        row.content,
        "\n".join(f"{visit.unit.name}: {day_label(visit.visited_on or visit.day)}" for visit in visits),
        row.period_start,
        row.period_end,
        ", ".join(team),
    )
