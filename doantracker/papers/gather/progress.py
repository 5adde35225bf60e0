"""The progress report of a plan: figures, each solution, difficulties, overdue work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import (
    UNANSWERED,
    carrying_out,
    cited,
    figures_sentence,
    figures_table,
    work_table,
)
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, long_day
from plans.models import Deadline, Difficulty, Plan
from plans.plan_page import SolutionView, figures_of_solutions, solution_views
from plans.statistics import Figures, figures_by
from units.models import Unit, User


def progress(plan: Plan, by: User, today: dt.date) -> Content:
    """Gather the report of a plan as of `today`; nine queries whatever its size."""
    rows = Deadline.objects.visible_to(by).filter(plan=plan)
    figures, whole = figures_of_solutions(rows, today=today)
    overdue = work_table(
        "Phụ lục 2. Nội dung quá hạn chưa hoàn thành",
        rows.overdue(today).order_by("unit_path", "due_on", "pk"),
        today=today,
    )
    blocks: list[Block] = [
        Text(
            f"Thực hiện {cited(plan)}, {plan.issuing_unit.name} báo cáo tiến độ đến {long_day(today)} như sau:",
            "opening",
        ),
        Heading(Level.SECTION, "I. Tình hình chung"),
        Text(figures_sentence(whole) + (" Kết quả theo đơn vị tại Phụ lục 1." if whole.total else ""), "whole"),
        figures_table("Phụ lục 1. Kết quả theo đơn vị", "Đơn vị", _by_unit(rows, today), whole),
        Heading(Level.SECTION, "II. Kết quả thực hiện các giải pháp"),
        _solutions(solution_views(plan, figures)),
        Heading(Level.SECTION, "III. Khó khăn, kiến nghị"),
        *_difficulties(plan, by),
        Heading(Level.SECTION, "IV. Nhiệm vụ thời gian tới"),
        Text(
            "Tiếp tục thực hiện các nội dung chưa hoàn thành, bảo đảm đúng hạn"
            f"{'; tập trung hoàn thành dứt điểm các nội dung quá hạn (Phụ lục 2)' if overdue.rows else ''}.",
            "next",
        ),
        overdue,
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    abstract = f"Tiến độ {carrying_out(plan.title)}"
    return Content(plan.issuing_unit, "BC", abstract, kept, plan=plan, as_of=today)


def _by_unit(rows: Any, today: dt.date) -> list[tuple[str, Figures]]:
    counted = figures_by(rows, "unit_id", today=today)
    units = Unit.objects.filter(pk__in=counted).order_by("path")
    return [(unit.name, counted[unit.pk]) for unit in units]


def _solutions(views: list[SolutionView]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Giải pháp", 8),
        Column("Chủ trì", 4),
        Column("Tổng số", 1, right=True),
        Column("Hoàn thành", 1, right=True),
        Column("Quá hạn", 1, right=True),
        Column("Tỷ lệ", 1),
    )
    return Table("Kết quả theo giải pháp", columns, tuple(_solution(view) for view in views if not view.dropped))


def _solution(view: SolutionView) -> tuple[Cell, ...]:
    figures = view.figures or Figures()
    return (view.ordinal, view.text, view.lead, figures.total, figures.done, figures.overdue, figures.rate_text)


def _difficulties(plan: Plan, by: User) -> list[Block]:
    """Return what units asked in the plan and what they were answered; one query."""
    found = Difficulty.objects.visible_to(by).filter(deadline__plan=plan).order_by("raised_at", "pk")
    rows = found.values_list("deadline__unit__name", "text", "answer")
    if not rows:
        return [Text("Không có.", "asked")]
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 3),
        Column("Khó khăn, kiến nghị", 5),
        Column("Trả lời", 4),
    )
    lines = tuple((n, unit, text, answer or UNANSWERED) for n, (unit, text, answer) in enumerate(rows, start=1))
    return [Table("Khó khăn, kiến nghị", columns, lines)]
