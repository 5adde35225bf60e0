"""What a unit hands over when it is merged, split or dissolved: open work, plans it issued, people in posts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from doantracker.papers.composing import signer_of
from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.gather.parts import UNIT, figures_sentence, work_table
from doantracker.papers.paper import Block, Column, Heading, Level, Signature, Table, Text, count_word, long_day
from plans.enums import OPEN, PlanStatus, Status
from plans.models import Deadline, Plan
from plans.statistics import figures_of
from units.models import Appointment, Unit, User


def handover(unit: Unit, by: User, today: dt.date) -> Content:
    """Gather what `unit` itself has in hand on `today`; five queries."""
    rows = Deadline.objects.visible_to(by).filter(unit=unit)
    unfinished = rows.filter(status__in=(*OPEN, Status.ON_HOLD)).order_by("due_on", "pk")  # all that is not done
    work = work_table("Công việc chưa hoàn thành", unfinished, today=today)
    annexes = _numbered(_without_unit(work), _plans(unit, by), _people(unit, today))
    blocks: list[Block] = [
        Text(
            f"Thực hiện việc sắp xếp tổ chức, {unit.name} bàn giao các nội dung sau, tính đến {long_day(today)}:",
            "opening",
        ),
        Text(f"Bên giao: {unit.name}.", "giver"),
        Text("Bên nhận: ……", "taker"),
        Heading(Level.SECTION, "I. Công việc"),
        Text(figures_sentence(figures_of(rows, today=today)), "whole"),
        Text(_attached(annexes[0], "nội dung"), "work"),
        Heading(Level.SECTION, "II. Kế hoạch đã ban hành"),
        Text(_attached(annexes[1], "kế hoạch"), "plans"),
        Heading(Level.SECTION, "III. Nhân sự"),
        Text(_attached(annexes[2], "đồng chí"), "people"),
        Text("Bên giao và bên nhận đã kiểm tra và thống nhất các nội dung trên.", "closing"),
        *(annex for annex in annexes if annex.rows),
    ]
    sides = Signature(
        "Đại diện bên nhận", "", left=("Đại diện bên giao", signer_of(unit, today)), below=("Người chứng kiến", "")
    )
    recipients = ("Bên giao, bên nhận", KEPT)
    abstract = f"Bàn giao công việc của {unit.name}"
    return Content(unit, "BB", abstract, tuple(blocks), recipients=recipients, signature=sides, as_of=today)


def _without_unit(work: Table) -> Table:
    """Return the work without the column of its unit: all of it is of the side that hands over."""
    at = next(n for n, column in enumerate(work.columns) if column.name == UNIT)
    rows = tuple((*row[:at], *row[at + 1 :]) for row in work.rows)
    return replace(work, columns=(*work.columns[:at], *work.columns[at + 1 :]), rows=rows)


def _numbered(*tables: Table) -> list[Table]:
    """Return the tables as annexes; what is empty takes no number."""
    numbers = iter(range(1, len(tables) + 1))
    return [replace(t, name=f"Phụ lục {next(numbers)}. {t.name}") if t.rows else t for t in tables]


def _attached(table: Table, what: str) -> str:
    """Return how many are handed over, and where they are listed."""
    if not table.rows:
        return "Không có."
    return f"Gồm {count_word(len(table.rows))} {what}, danh sách tại {table.annex_head[0].capitalize()} kèm theo."


def _plans(unit: Unit, by: User) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Số, ký hiệu", 3),
        Column("Trích yếu", 6),
        Column("Ngày", 2),
        Column("Trạng thái", 2),
    )
    found = Plan.objects.visible_to(by).filter(issuing_unit=unit).exclude(status=PlanStatus.DRAFT)
    states = {PlanStatus.PUBLISHED: "Đang thực hiện", PlanStatus.CLOSED: "Đã kết thúc"}
    facts = found.order_by("issued_on", "pk").values_list("symbol", "title", "issued_on", "status")
    rows = tuple(
        (n, symbol, title, day, states[PlanStatus(status)]) for n, (symbol, title, day, status) in enumerate(facts, 1)
    )
    return Table("Kế hoạch đã ban hành", columns, rows)


def _people(unit: Unit, today: dt.date) -> Table:
    columns = (Column("TT", 1, right=True), Column("Họ và tên", 4), Column("Chức vụ", 4), Column("Từ ngày", 2))
    held = Appointment.objects.in_force(today).filter(post__unit=unit).order_by("post__rank", "user__sort_key")
    facts = held.values_list("user__full_name", "post__title", "start")
    return Table("Nhân sự", columns, tuple((n, *fact) for n, fact in enumerate(facts, start=1)))
