"""Parts that several papers have: figures as a sentence and a table, overdue work as a table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final

from doantracker.papers.paper import Cell, Column, Table, Text, count_word
from plans.labels import period_label
from plans.models import Plan
from plans.statistics import Figures

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
#: How titles begin that say themselves that something is carried out.
DOES: Final = re.compile(r"(?:kế hoạch )?((?:tổ chức |triển khai )*(?:thực hiện|triển khai)\b)", re.IGNORECASE)
_ROMAN: Final = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def figures_sentence(figures: Figures) -> str:
    """Return how far the work is, in a sentence."""
    if not figures.total:
        return "Chưa có nội dung nào được giao."
    return (
        f"Tổng số {count_word(figures.total)} nội dung; đã hoàn thành {count_word(figures.done)} "
        f"(trong đó đúng hạn {count_word(figures.done_on_time)}, trễ hạn {count_word(figures.done_late)}); "
        f"chưa hoàn thành, còn trong hạn {count_word(figures.in_time)}; quá hạn chưa hoàn thành "
        f"{count_word(figures.overdue)}; chưa có hạn {count_word(figures.no_date)}. "
        f"Tỷ lệ hoàn thành trên số đã đến hạn: {figures.rate_text}."
    )


def figures_table(name: str, first: str, lines: Iterable[tuple[str, Figures]], whole: Figures) -> Table:
    """Return the statistics table; the last line sums it up."""
    columns = (Column(first, 2), *(Column(label, 1, right=True) for _key, label in FIGURE_COLUMNS), Column("Tỷ lệ", 1))
    rows = [_figures_row(label, figures) for label, figures in lines]
    return Table(name, columns, (*rows, _figures_row("Cộng", whole)))


def _figures_row(label: str, figures: Figures) -> tuple[Cell, ...]:
    return (label, *(getattr(figures, key) for key, _label in FIGURE_COLUMNS), figures.rate_text)


def work_table(name: str, rows: Any, *, today: dt.date) -> Table:
    """Return deadlines as a table; one query."""
    wanted = rows.values_list("unit__name", "solution__text", "occurrence", "due_on", "plan__symbol")
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 4),
        Column("Nội dung", 10),
        Column(PERIOD, 1),
        Column("Hạn", 1),
        Column("Quá hạn (ngày)", 1, right=True),
        Column("Theo văn bản", 1),
    )
    rows = tuple(
        (n, unit, text, period_label(occurrence), due, _late(due, today), symbol)
        for n, (unit, text, occurrence, due, symbol) in enumerate(wanted, start=1)
    )
    return without_empty(Table(name, columns, rows), PERIOD)


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
    return DOES.sub(r"\1", words) if DOES.match(words) else f"thực hiện {words}"


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
    """Return how a plan is cited: number, day, title."""
    number = f" số {plan.symbol}" if plan.symbol else ""
    day = f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""
    return f"Kế hoạch{number}{day} “{plan.title}”"


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: its first letter small, but for abbreviations."""
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"
