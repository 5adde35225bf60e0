"""The statistics of a unit and all below it, with the appendix of overdue work."""

from __future__ import annotations

import datetime as dt

from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import counted_lines, figures_sentence, figures_table, work_table
from doantracker.papers.paper import Block, Heading, Level, Text, count_word, long_day
from plans.figures_page import Scope, by_unit
from units.models import User


def statistics(scope: Scope, _by: User, today: dt.date) -> Content:
    """Gather the statistics that the page shows for the same scope, which knows for whom."""
    table = by_unit(scope, every=True)
    period = _period(scope)
    blocks: list[Block] = [
        Text(
            f"{scope.unit.name} tổng hợp kết quả thực hiện các nội dung được giao {period}, số liệu tính đến "
            f"{long_day(scope.day)}, như sau:",
            "opening",
        ),
        Heading(Level.SECTION, "I. Tình hình chung"),
        Text(f"{figures_sentence(table.figures)} {counted_lines(table)}", "whole"),
        figures_table(
            "Bảng thống kê theo đơn vị",
            "Đơn vị",
            [(line.name or scope.unit.name, line.figures) for line in table.lines],
            table.figures,
        ),
    ]
    overdue = scope.rows().overdue(today) if not scope.past else None
    if overdue is not None and table.figures.overdue:
        blocks.append(Heading(Level.SECTION, "II. Nội dung quá hạn"))
        blocks.append(
            Text(
                f"Có {count_word(table.figures.overdue)} nội dung quá hạn, danh sách tại phụ lục kèm theo.", "overdue"
            )
        )
        rows = overdue.order_by("unit_path", "due_on", "pk")
        blocks.append(work_table("Phụ lục. Nội dung quá hạn chưa hoàn thành", rows, today=today))
    abstract = f"Thống kê kết quả thực hiện nội dung được giao {period}"
    return Content(scope.unit, "BC", abstract, tuple(blocks), plan=scope.plan, landscape=True, as_of=scope.day)


def _period(scope: Scope) -> str:
    if scope.first and scope.last:
        return f"từ {long_day(scope.first)} đến {long_day(scope.last)}"
    if scope.last:
        return f"đến {long_day(scope.last)}"
    return f"từ {long_day(scope.first)}" if scope.first else "của tất cả các kỳ"
