"""The year's report on the remediation of shortcomings: the ledger's equation, each shortcoming, what answers it."""

from __future__ import annotations

import datetime as dt

from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import cited, counted, done_of, ranges, without_empty
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from plans.citing import kind_of
from plans.enums import Origin, ShortcomingState, Subject
from plans.ledger import Equation
from plans.ledger_page import LedgerRow, equation_of_plan, ledger_rows
from plans.models import Plan, Shortcoming
from units.models import User

STATES = {
    ShortcomingState.OPEN: "Chưa khắc phục",
    ShortcomingState.PARTLY: "Khắc phục một phần",
    ShortcomingState.REMEDIED: "Đã khắc phục",
}
CONCLUDED = "Kết luận tại"
ORIGINS = {Origin.NEW: "Mới", Origin.CARRIED_OVER: "Chuyển tiếp"}


def remediation(plan: Plan, by: User, today: dt.date) -> Content:
    """Gather the ledger of a plan as of `today`; eight queries. Shortcomings of persons are counted, never told."""
    rows = ledger_rows(Shortcoming.objects.listed_for(by).filter(plan=plan).listed(), user=by, today=today)
    told = [line for line in rows if line.row.subject == Subject.COLLECTIVE]
    equation = equation_of_plan(plan)
    blocks: list[Block] = [
        Text(f"Thực hiện {cited(plan)}, kết quả khắc phục khuyết điểm đến {long_day(today)} như sau:", "opening"),
        Heading(Level.SECTION, "I. Tổng hợp"),
        Text(equation_sentence(equation, equation.listed - len(told))),
        Text(_states_sentence(rows), "whole"),
        Heading(Level.SECTION, "II. Kết quả khắc phục từng khuyết điểm"),
        *([_table(told)] if told else []),
        *_of_persons(len(rows) - len(told)),
        *_left(rows),
    ]
    which = f"số {plan.symbol}" if plan.symbol else f"“{plan.title}”"
    abstract = f"Kết quả khắc phục khuyết điểm theo {kind_of(plan.symbol_kind, plan.title)} {which}"
    return Content(plan.issuing_unit, "BC", abstract, tuple(blocks), plan=plan, as_of=today)


def _left(rows: list[LedgerRow]) -> list[Block]:
    """Return what is still to be done about shortcomings."""
    if all(line.row.state == ShortcomingState.REMEDIED for line in rows):
        return [
            Heading(Level.SECTION, "III. Nhiệm vụ thời gian tới"),
            Text("Duy trì kết quả khắc phục, không để khuyết điểm tái diễn.", "next"),
        ]
    return [
        Heading(Level.SECTION, "III. Nguyên nhân và nhiệm vụ thời gian tới"),
        Text("Nguyên nhân của các khuyết điểm chưa khắc phục xong: ……", "cause"),
        Text("Tiếp tục khắc phục các khuyết điểm còn lại; nội dung chưa xong đưa vào kế hoạch năm sau.", "next"),
    ]


def equation_sentence(equation: Equation, apart: int = 0) -> str:
    """Return the equation of the ledger, in words and figures; `apart`: shortcomings of persons, which it counts."""
    new, carried, merged = map(count_word, (equation.new, equation.carried_over, equation.merged))
    left = f"{new} + {carried}" + (f" − {merged}" if equation.merged else "")
    sign = "=" if equation.holds else "≠"
    gone = f", trừ {merged} khuyết điểm trùng đã gộp" if equation.merged else ""
    persons = f"; trong đó {count_word(apart)} khuyết điểm của cá nhân có báo cáo riêng" if apart else ""
    return (
        f"Tổng số {count_word(equation.listed)} khuyết điểm phải khắc phục, gồm {new} khuyết điểm mới và {carried} "
        f"khuyết điểm chuyển tiếp{gone} ({left} {sign} {count_word(equation.listed)}){persons}."
    )


def _states_sentence(rows: list[LedgerRow]) -> str:
    states = [line.row.state for line in rows]
    words = counted(*((name.lower(), states.count(state)) for state, name in reversed(STATES.items())))
    return f"Trong {count_word(len(rows))} khuyết điểm: {', '.join(words)}." if rows else "Chưa có khuyết điểm nào."


def _of_persons(count: int) -> list[Block]:
    words = f"Ngoài ra có {count_word(count)} khuyết điểm của cá nhân được theo dõi riêng."
    return [Text(words)] if count else []


def _table(told: list[LedgerRow]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Khuyết điểm", 7),
        Column("Nguồn gốc", 2),
        Column("Giải pháp", 2),
        Column("Nội dung đã hoàn thành", 3, right=True),
        Column("Trạng thái", 3),
        Column(CONCLUDED, 4),
    )
    table = Table("Kết quả khắc phục", columns, tuple(_row(n, line) for n, line in enumerate(told, start=1)))
    return without_empty(table, CONCLUDED)


def _row(number: int, line: LedgerRow) -> tuple[Cell, ...]:
    row, figures, review = line.row, line.figures, line.review
    origin = ORIGINS.get(Origin(row.origin), "") if row.origin else ""
    answers = ranges(answer.ordinal for answer in line.answers)
    said = f"{review.review} ({review.day:%d/%m/%Y})" if review else ""
    return (number, row.text, origin, answers, done_of(figures) or "0/0", STATES[ShortcomingState(row.state)], said)
