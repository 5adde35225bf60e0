"""Parts that several papers have: figures as a sentence and a table, overdue work as a table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final

from doantracker.lib.text import shortened
from doantracker.papers.paper import Cell, Column, Table, Text, count_word, long_day
from plans.citing import about, kind_of
from plans.enums import Status
from plans.figures_page import UnitTable
from plans.labels import period_label
from plans.models import Plan
from plans.statistics import RATE_MEANS, Figures

#: The columns of the statistics table (design rule 3) as papers name them.
FIGURE_COLUMNS: Final = (
    ("total", "Tổng số"),
    ("done_on_time", "Hoàn thành đúng hạn"),
    ("done_late", "Hoàn thành trễ hạn"),
    ("done_no_date", "Hoàn thành, không hạn"),
    ("in_time", "Chưa hoàn thành, trong hạn"),
    ("overdue", "Quá hạn"),
    ("no_date", "Chưa hoàn thành, không hạn"),
)
PERIOD: Final = "Kỳ"
NOTE: Final = "Ghi chú"
#: What figures of work that is done, and of work in time, hold besides.
WAITING: Final = "chờ xác nhận"
HELD: Final = "tạm hoãn"
UNIT: Final = "Đơn vị"
UNANSWERED: Final = "Chưa trả lời"
#: What `document_of` names a plan of.
PLAN: Final = ("plan__symbol", "plan__title")
PLAN_SHOWN: Final = 80  # letters of a title
SHORTEST_RUN: Final = 3
#: How titles begin that say themselves what they are.
NAMED: Final = re.compile(
    r"(?:kế hoạch|chương trình|đề án|nghị quyết|chỉ thị|kết luận|hướng dẫn|quy chế)\b", re.IGNORECASE
)
#: How titles begin that say themselves that something is carried out.
DOES: Final = re.compile(r"(?:kế hoạch )?((?:tổ chức |triển khai )*(?:thực hiện|triển khai)\b)", re.IGNORECASE)
_ROMAN: Final = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def figures_sentence(figures: Figures) -> str:
    """Return how far the work is, in a sentence."""
    if not figures.total:
        return "Chưa có nội dung nào được giao."
    how = counted(
        ("đúng hạn", figures.done_on_time),
        ("trễ hạn", figures.done_late),
        ("không quy định hạn", figures.done_no_date),
    )
    waiting = "".join(f"; {part}" for part in counted((WAITING, figures.waiting)))
    done = f"đã hoàn thành {count_word(figures.done)} (trong đó {', '.join(how)}{waiting})"
    held = "".join(f" (trong đó {part})" for part in counted((HELD, figures.on_hold)))
    open_parts = [f"{part}{held}" for part in counted(("chưa hoàn thành, còn trong hạn", figures.in_time))]
    open_parts += counted(
        ("quá hạn chưa hoàn thành", figures.overdue),
        ("chưa hoàn thành, chưa có hạn", figures.no_date),
    )
    parts = [done if figures.done else "chưa có nội dung hoàn thành", *open_parts]
    parts += [] if figures.overdue else ["không có nội dung quá hạn"]
    rate = f" {RATE_MEANS}: {figures.rate_text}." if figures.rate is not None else ""
    return f"Tổng số {count_word(figures.total)} nội dung; {'; '.join(parts)}.{rate}"


def counted_lines(table: UnitTable) -> str:
    """Return what the lines of the statistics by unit count, as their page says."""
    own = [line.name for line in table.lines if not line.href]
    if len(own) == len(table.lines):  # nothing below
        return "Không tính nội dung đã hủy."
    apart = "".join(f"; riêng dòng {name} chỉ tính nội dung của chính đơn vị này" for name in own)
    return f"Mỗi dòng của bảng tính một đơn vị cùng mọi đơn vị cấp dưới{apart}; không tính nội dung đã hủy."


def done_of(figures: Figures) -> str:
    """Return "18/25" of what is done, with how many of it wait for confirmation; "" where nothing is asked."""
    waiting = "".join(f" ({part})" for part in counted((WAITING, figures.waiting)))
    return f"{figures.done}/{figures.total}{waiting}" if figures.total else ""


def counted(*parts: tuple[str, int]) -> list[str]:
    """Return "trễ hạn 05" of each part of which there is any: no paper tells of 00."""
    return [f"{words} {count_word(number)}" for words, number in parts if number]


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers in their order, what runs on as "1–4": "1–4, 7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) >= SHORTEST_RUN else ", ".join(map(str, run)) for run in runs)


def figures_table(name: str, first: str, lines: Iterable[tuple[str, Figures]], whole: Figures) -> Table:
    """Return the statistics table; the last line sums it up."""
    columns = (Column(first, 2), *(Column(label, 1, right=True) for _key, label in FIGURE_COLUMNS), Column("Tỷ lệ", 1))
    rows = [_figures_row(label, figures) for label, figures in lines]
    return Table(name, columns, (*rows, _figures_row("Cộng", whole)))


def _figures_row(label: str, figures: Figures) -> tuple[Cell, ...]:
    return (label, *(getattr(figures, key) for key, _label in FIGURE_COLUMNS), figures.rate_text)


def work_table(name: str, rows: Any, *, today: dt.date) -> Table:
    """Return deadlines as a table; one query."""
    wanted = rows.values_list("unit__name", "solution__text", "occurrence", "due_on", "status", *PLAN)
    columns = (
        Column("TT", 1, right=True),
        Column(UNIT, 4),
        Column("Nội dung", 10),
        Column(PERIOD, 1),
        Column("Hạn", 1),
        Column("Quá hạn (ngày)", 1, right=True),
        Column("Theo văn bản", 3),
        Column(NOTE, 1),
    )
    rows = tuple(
        (n, unit, text, period_label(period), due, *_standing(status, due, document_of(*plan), today))
        for n, (unit, text, period, due, status, *plan) in enumerate(wanted, start=1)
    )
    return without_empty(Table(name, columns, rows), PERIOD, NOTE)


def document_of(symbol: str, title: str) -> str:
    """Return how a cell names a plan: by its number, without one by its title."""
    return symbol or shortened(title, PLAN_SHOWN)


def _standing(status: str, due: dt.date | None, document: str, today: dt.date) -> tuple[Cell, ...]:
    """Return how late work is, by which document it is owed, and whether it is on hold: then it is not late."""
    held = status == Status.ON_HOLD
    return (None if held else _late(due, today), document, HELD if held else "")


def without_empty(table: Table, *names: str) -> Table:
    """Return the table without those of the named columns in which nothing stands."""
    kept = [
        n for n, column in enumerate(table.columns) if column.name not in names or any(row[n] for row in table.rows)
    ]
    columns = tuple(table.columns[n] for n in kept)
    return Table(table.name, columns, tuple(tuple(row[n] for n in kept) for row in table.rows))


def carrying_out(title: str) -> str:
    """Return "thực hiện …" of what a plan is titled, which often begins with these words itself."""
    words = in_sentence(title)
    if DOES.match(words):
        return DOES.sub(r"\1", words)
    return f"thực hiện {words}" if NAMED.match(words) else f"thực hiện kế hoạch {words}"


def _late(due: dt.date | None, today: dt.date) -> int | None:
    return (today - due).days if due and due < today else None


def paragraphs(text: str) -> list[Text]:
    """Return what somebody wrote as paragraphs, none for empty lines."""
    return [Text(line.strip()) for line in text.splitlines() if line.strip()]


def roman(number: int) -> str:
    """Return the number of a section: "IV"."""
    found = ""
    for value, sign in _ROMAN:
        found += sign * (number // value)
        number %= value
    return found


def cited(plan: Plan) -> str:
    """Return how a plan is cited: kind, number, day, what it is about; a programme without a number by its name."""
    kind = kind_of(plan.symbol_kind, plan.title)
    subject = about(kind, plan.title)
    if plan.is_programme and not plan.symbol and subject != plan.title:
        return plan.title
    number = f" số {plan.symbol}" if plan.symbol else ""
    day = f" {long_day(plan.issued_on)}" if plan.issued_on and not plan.is_programme else ""
    words = in_sentence(re.sub(r"^về ", "", subject, flags=re.IGNORECASE))
    return f"{kind}{number}{day} về {words}"


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: its first letter small, but for abbreviations."""
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"
