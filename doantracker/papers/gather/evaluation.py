"""Tables of the evaluation of members: of one month before or after the decision, of the locked months of a year.

A paper is kept and read by everybody with its right, also by those it tells about. So what the page keeps from a
member until the month is locked, the decided score and its reason, stands in no paper before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from doantracker.papers.gather.content import Content
from doantracker.papers.paper import Block, Cell, Column, Table, Text, count_word, long_day
from reviews.enums import RatingLevel, RoundState
from reviews.evaluation_scores import Sheet, sheets_of
from reviews.models import EvaluationRound, ScoreCriterion
from reviews.ratings import MONTHS, YearLine, year_lines
from reviews.titles import BODIES
from units.models import Unit, User
from units.permissions import Permission

ANNEXES = "Phụ lục 1 và Phụ lục 2"


@dataclass(frozen=True, slots=True)
class EvaluatedYear:
    """What a table of a year is about."""

    unit: Unit
    body: str
    year: int


def evaluation(asked: EvaluationRound | EvaluatedYear, _by: User, today: dt.date) -> Content:
    """Gather the table of a month that is before its meeting or locked, or of a year."""
    return _of_year(asked) if isinstance(asked, EvaluatedYear) else _of_month(asked, today)


def exact(number: Decimal | None) -> Decimal | None:
    """Return a score without the zeros after it, as pages show it: 91,5."""
    if number is None:
        return None
    bare = number.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare


def _of_month(row: EvaluationRound, today: dt.date) -> Content:
    """Gather a month; eight queries whatever the number of members."""
    found = list(row.evaluations.select_related("person").order_by("pk"))
    sheets = sheets_of(row, found, today=today)
    own = {sheet.evaluation.pk: sheet.total for sheet in sheets_of(row, found, today=today, with_colleagues=False)}
    month, body, locked = f"tháng {row.month.month}/{row.month.year}", BODIES[row.body], row.state == RoundState.LOCKED
    blocks: list[Block] = [
        Text(_opening(row, month), "opening"),
        _members("Phụ lục 1. Tổng hợp đánh giá", sheets, own, locked=locked),
        _criteria("Phụ lục 2. Điểm theo tiêu chí", sheets),
        Text(
            "Tiêu chí không phát sinh trong tháng để trống; điểm của các tiêu chí còn lại được quy về thang điểm 100.",
            "note",
        ),
    ]
    if locked:
        abstract = f"Kết quả đánh giá, chấm điểm {month} đối với ủy viên {body} {row.unit.label}"
    else:
        abstract = f"Đề nghị đánh giá, chấm điểm {month} đối với ủy viên {body} {row.unit.label}"
    return _content(row.unit, body, abstract, blocks)


def _opening(row: EvaluationRound, month: str) -> str:
    day = row.meeting.event.day if row.meeting else None
    meeting = f"{row.meeting.title}{f' ({long_day(day)})' if day else ''}" if row.meeting else ""
    if row.state == RoundState.LOCKED:
        return f"Kết quả đánh giá, chấm điểm {month} được quyết định tại {meeting}, chi tiết tại {ANNEXES}."
    return f"Kết quả tự chấm điểm và điểm đề nghị {month} trình {meeting} xem xét, quyết định, chi tiết tại {ANNEXES}."


def _members(name: str, sheets: Sequence[Sheet], own: dict[int, Decimal | None], *, locked: bool) -> Table:
    columns = [
        Column("TT", 1, right=True),
        Column("Họ và tên", 5),
        Column("Chức vụ", 5),
        Column("Ngày tự chấm", 3),
        Column("Điểm tự chấm", 2, right=True),
        Column("Điểm đề nghị", 2, right=True),
        Column("Điểm quyết định", 2, right=True),
        Column("Ghi chú", 5),
    ]
    return Table(name, tuple(columns), tuple(_member(n, s, own, locked=locked) for n, s in enumerate(sheets, start=1)))


def _member(number: int, sheet: Sheet, own: dict[int, Decimal | None], *, locked: bool) -> tuple[Cell, ...]:
    row = sheet.evaluation
    return (
        number,
        row.person.full_name,
        row.post,
        timezone.localtime(row.self_at).date() if row.self_at else None,
        exact(own[row.pk]) if row.self_at else None,
        exact(row.proposed),
        exact(row.decided) if locked else None,
        (row.reason if locked else "") or ("" if row.self_at else "Chưa tự chấm điểm"),
    )


def _criteria(name: str, sheets: Sequence[Sheet]) -> Table:
    criteria = [line.criterion for line in sheets[0].lines] if sheets else []
    columns = (
        Column("TT", 1, right=True),
        Column("Họ và tên", 5),
        *(Column(_head(criterion), 4, right=True) for criterion in criteria),
        Column("Điểm (thang 100)", 2, right=True),
    )
    rows = tuple(
        (n, s.evaluation.person.full_name, *(exact(line.points) for line in s.lines), exact(s.total))
        for n, s in enumerate(sheets, start=1)
    )
    return Table(name, columns, rows)


def _head(criterion: ScoreCriterion) -> str:
    return f"{criterion.name} (tối đa {exact(criterion.weight)})"


def _of_year(asked: EvaluatedYear) -> Content:
    """Gather a year: means and ratings, then the scores of its months; four queries."""
    lines, body = year_lines(asked.unit, asked.body, asked.year), BODIES[asked.body]
    blocks: list[Block] = [
        Text(
            f"{body} {asked.unit.label} tổng hợp kết quả đánh giá các tháng đã quyết định của năm {asked.year} đối "
            f"với {count_word(len(lines))} đồng chí, chi tiết tại {ANNEXES}.",
            "opening",
        ),
        _ratings(f"Phụ lục 1. Xếp loại năm {asked.year}", lines),
        _months(f"Phụ lục 2. Điểm các tháng {asked.year}", lines),
    ]
    abstract = f"Kết quả đánh giá, xếp loại năm {asked.year} đối với ủy viên {body} {asked.unit.label}"
    return _content(asked.unit, body, abstract, blocks)


def _ratings(name: str, lines: Sequence[YearLine]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Họ và tên", 5),
        Column("Số tháng được đánh giá", 2, right=True),
        Column("Điểm trung bình", 2, right=True),
        Column("Mức đề nghị theo quy định", 5),
        Column("Xếp loại", 5),
        Column("Ghi chú", 4),
    )
    return Table(name, columns, tuple(_rating(n, line) for n, line in enumerate(lines, start=1)))


def _rating(number: int, line: YearLine) -> tuple[Cell, ...]:
    return (
        number,
        line.person.full_name,
        len(line.scores),
        exact(line.mean),
        str(RatingLevel(line.proposed.code).label) if line.proposed else "",
        str(RatingLevel(line.rated.level).label) if line.rated else "",
        line.rated.reason if line.rated else "",
    )


def _months(name: str, lines: Sequence[YearLine]) -> Table:
    months = range(1, MONTHS + 1)
    columns = (
        Column("TT", 2, right=True),
        Column("Họ và tên", 9),
        *(Column(f"T{month}", 3, right=True) for month in months),
        Column("TB", 3, right=True),
    )
    rows = tuple(
        (n, line.person.full_name, *(exact(line.scores.get(month)) for month in months), exact(line.mean))
        for n, line in enumerate(lines, start=1)
    )
    return Table(name, columns, rows)


def _content(unit: Unit, body: str, abstract: str, blocks: list[Block]) -> Content:
    """Return the content: it goes to the body alone, and is seen with the right to see evaluations."""
    return Content(
        unit,
        "BC",
        abstract,
        tuple(blocks),
        recipients=(f"{body} {unit.label} (để báo cáo)",),
        right=Permission.VIEW_EVALUATIONS,
    )
