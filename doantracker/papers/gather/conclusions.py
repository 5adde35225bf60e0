"""The conclusions of an inspection: what each unit does by when, who follows it, and how far it is carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from doantracker.papers.gather.content import KEPT, Content, Issued
from doantracker.papers.gather.inspection import body_of, day_of, programme_words, visits_of
from doantracker.papers.gather.parts import counted, in_sentence
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from plans.enums import Status, TimeState
from plans.labels import day_label
from plans.symbols import parse_symbol
from reviews.enums import ResultState
from reviews.inspection_page import ConclusionRow, VisitRow, visit_rows
from reviews.models import Inspection
from units.models import User

CONCLUSION: Final = "KL"
NOTICE: Final = "TB"  # thông báo kết luận
#: What an inspection begins with where its name needs "việc" before it.
ACTS: Final = ("kiểm tra", "giám sát")


def conclusions(inspection: Inspection, by: User, today: dt.date) -> Content:
    """Gather the conclusions, drafts too until they are issued; six queries whatever their number.

    They are a kết luận unless the number they were issued with is that of a thông báo.
    """
    visits = visits_of(inspection)
    rows = visit_rows(visits, user=by, today=today)
    found = [(row, one) for row in rows for one in row.conclusions]
    issued = issued_as(inspection)
    standing = [] if issued else _carried_out([one for _row, one in found], today)
    body = body_of(inspection, today)
    blocks: list[Block] = [
        Text(_opening(inspection, body), "opening"),
        Heading(Level.SECTION, "I. Tình hình kiểm tra"),
        Text(_visited(rows), "visited"),
        Heading(Level.SECTION, "II. Kết luận"),
        *_concluded(found),
        *standing,
        Heading(Level.SECTION, f"{'IV' if standing else 'III'}. Tổ chức thực hiện"),
        *_orders(inspection, body),
    ]
    code = NOTICE if parse_symbol(inspection.conclusion_symbol).kind == NOTICE else CONCLUSION
    units = [row.visit.unit.name for row in rows if row.conclusions]
    followers = list(dict.fromkeys(one.conclusion.follower.full_name for _row, one in found))
    return Content(
        inspection.unit,
        code,
        _abstract(inspection.title, code),
        tuple(blocks),
        recipients=(
            *(f"{name} (để thực hiện)" for name in units or [row.visit.unit.name for row in rows]),
            *(f"Đồng chí {name} (để theo dõi)" for name in followers),
            KEPT,
        ),
        issued=issued,
        as_of=today if standing else None,
    )


def issued_as(inspection: Inspection) -> Issued | None:
    """Return the number and day of conclusions that went out: their paper tells what they said then, no more."""
    number, day = inspection.conclusion_symbol, inspection.concluded_on
    return Issued(number, day) if number and day else None


def _abstract(title: str, code: str) -> str:
    """Return "Về việc kiểm tra …", of a thông báo "Kết luận kiểm tra …"."""
    name = in_sentence(title)
    if code == NOTICE:
        return f"Kết luận {name}"
    return f"Về việc {name}" if name.startswith(ACTS) else f"Về {name}"


def _opening(inspection: Inspection, body: str) -> str:
    number = f" số {inspection.report_symbol}" if inspection.report_symbol else ""
    day = f" {long_day(inspection.reported_on)}" if inspection.reported_on else ""
    return (
        f"Thực hiện {programme_words(inspection.programme)}; xét Báo cáo{number}{day} của Đoàn kiểm tra về kết quả "
        f"{in_sentence(inspection.title)}, {body} kết luận như sau:"
    )


def _visited(rows: Sequence[VisitRow]) -> str:
    units = [f"{row.visit.unit.name} ({day_label(day_of(row.visit))})" for row in rows]
    return f"Đoàn kiểm tra đã làm việc với {count_word(len(units))} đơn vị: {', '.join(units)}."


def _concluded(found: Sequence[tuple[VisitRow, ConclusionRow]]) -> list[Block]:
    if not found:
        return [Text("Không có nội dung các đơn vị phải thực hiện.", "concluded")]
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị thực hiện", 3),
        Column("Nội dung kết luận", 6),
        Column("Thời hạn", 1),
        Column("Người theo dõi, đôn đốc", 3),
    )
    lines = tuple(
        (n, row.visit.unit.name, one.conclusion.text, one.conclusion.due, one.conclusion.follower.full_name)
        for n, (row, one) in enumerate(found, start=1)
    )
    words = f"Yêu cầu các đơn vị thực hiện {count_word(len(found))} nội dung sau:"
    return [Text(words, "concluded"), Table("Nội dung kết luận và phân công thực hiện", columns, lines)]


def _carried_out(found: Sequence[ConclusionRow], today: dt.date) -> list[Block]:
    """Return how the conclusions stand, as their pages tell it; nothing before they are issued."""
    issued = [one for one in found if one.state is not None]
    if not issued:
        return []
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 3),
        Column("Hạn hiện nay", 1),
        Column("Tình hình", 3),
        Column("Kết thúc", 1),
        Column("Kết quả ghi nhận", 4),
    )
    lines = tuple(_line(n, one) for n, one in enumerate(found, start=1))
    return [
        Heading(Level.SECTION, "III. Tình hình thực hiện"),
        Text(_standing(issued, today), "standing"),
        Table("Tình hình thực hiện kết luận", columns, lines),
    ]


def _standing(issued: Sequence[ConclusionRow], today: dt.date) -> str:
    states = [one.state for one in issued]
    parts = counted(
        ("đã kết thúc theo dõi", states.count(ResultState.CLOSED)),
        ("đã thực hiện, chờ kết thúc", states.count(ResultState.TO_CLOSE)),
        ("chưa thực hiện xong", states.count(ResultState.OPEN)),
    )
    late = counted(("trong đó quá hạn", sum(one.state == ResultState.OPEN and _late(one) for one in issued)))
    return f"Đến {long_day(today)}, trong {count_word(len(issued))} kết luận: {', '.join(['; '.join(parts), *late])}."


def _late(one: ConclusionRow) -> bool:
    return one.task is not None and one.task.time == TimeState.OVERDUE


def _line(number: int, one: ConclusionRow) -> tuple[Cell, ...]:
    row, task = one.conclusion, one.task
    words = str(ResultState(one.state).label) if one.state else "Dự thảo"
    if task and one.state == ResultState.OPEN:
        words = f"{Status(task.status).label}, {in_sentence(str(TimeState(task.time).label))}"
    due = task.due_on if task else row.due
    return (number, row.visit.unit.name, due, words, row.closed_on, row.closing_words)


def _orders(inspection: Inspection, body: str) -> list[Block]:
    """Return who does what with the conclusions."""
    return [
        Text(
            "1. Các đơn vị được kiểm tra tổ chức thực hiện các nội dung kết luận đúng thời hạn, báo cáo kết quả bằng "
            f"văn bản về {body} qua {inspection.report_unit.name}.",
            "units",
        ),
        Text("2. Các đồng chí được phân công theo dõi, đôn đốc việc thực hiện và xác nhận kết quả.", "followers"),
        Text(f"3. {inspection.report_unit.name} tham mưu, tổng hợp tình hình thực hiện kết luận.", "office"),
    ]
