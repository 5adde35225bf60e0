"""A written report of a plan that units owe, compiled: who handed it in and what they said, who has not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from doantracker.lib.text import shortened
from doantracker.papers.gather.compiled import figures_of, missing
from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import carrying_out, cited, counted, paragraphs
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from plans.enums import DONE, Status
from plans.figures_page import Scope
from plans.labels import period_label
from plans.models import Deadline, ProgressReport, Schedule
from plans.time_state import time_state
from units.models import User

NAME_SHOWN = 200
_COLUMNS = ("pk", "unit__name", "occurrence", "due_on", "reported_on", "status")


def plan_reports(schedule: Schedule, by: User, today: dt.date) -> Content:
    """Gather the reports owed by one commitment of a plan; four queries. Of a recurring one: the last period due."""
    plan = schedule.solution.plan
    owed = Deadline.objects.visible_to(by).filter(schedule=schedule).exclude(status=Status.CANCELLED)
    rows = of_one_period(list(owed.order_by("due_on", "unit_path").values(*_COLUMNS)), today)
    sent = [row for row in rows if row["status"] in DONE]
    not_sent = [(str(row["unit__name"]), _state(row, today)) for row in rows if row["status"] not in DONE]
    blocks: list[Block] = [
        Text(
            f"Thực hiện {cited(plan)}, {plan.issuing_unit.name} tổng hợp báo cáo của các ban, đơn vị như sau:",
            "opening",
        ),
        Text(f"Nội dung báo cáo: {shortened(schedule.solution.text, NAME_SHOWN)}", "asked"),
        *_period(rows),
        Heading(Level.SECTION, "I. Tình hình gửi báo cáo"),
        Text(
            f"Tổng số {count_word(len(rows))} báo cáo phải gửi; "
            f"{', '.join(counted(('đã gửi', len(sent)), ('chưa gửi', len(not_sent))))}. Chi tiết tại Phụ lục 1.",
            "sent",
        ),
        _table(rows, today),
        Heading(Level.SECTION, "II. Kết quả thực hiện của các ban, đơn vị"),
        *_said(sent, by),
        Heading(Level.SECTION, "III. Kết quả thực hiện kế hoạch"),
        *figures_of(
            Scope(by, plan.issuing_unit, plan, None, None, today, today),
            f"Các nội dung của kế hoạch, tính đến {long_day(today)}",
        ),
        Heading(Level.SECTION, "IV. Đơn vị chưa gửi báo cáo"),
        *missing(not_sent),
    ]
    abstract = f"Tổng hợp báo cáo của các ban, đơn vị {carrying_out(plan.title)}"
    return Content(plan.issuing_unit, "BC", abstract, tuple(blocks), plan=plan, as_of=today)


def of_one_period(rows: list[dict[str, Any]], today: dt.date) -> list[dict[str, Any]]:
    """Return of the rows, in the order of their days, those of the last period that has fallen due, else the first."""
    due = [row["occurrence"] for row in rows if row["due_on"] and row["due_on"] <= today]
    wanted = due[-1] if due else rows[0]["occurrence"] if rows else ""
    return [row for row in rows if row["occurrence"] == wanted]


def _period(rows: list[dict[str, Any]]) -> list[Text]:
    """Return the period of a report that is owed again and again."""
    period = period_label(rows[0]["occurrence"]) if rows else ""
    return [Text(f"Kỳ báo cáo: {period[:1].lower()}{period[1:]}.", "period")] if period else []


def _state(row: dict[str, Any], today: dt.date) -> str:
    days = {name: row[name] for name in ("status", "due_on", "reported_on")}
    return str(time_state(**days, today=today, soon_days=settings.DUE_SOON_DAYS).label)


def _table(rows: list[dict[str, Any]], today: dt.date) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 6),
        Column("Thời hạn", 2),
        Column("Ngày gửi", 2),
        Column("Tình trạng", 3),
    )
    lines: list[tuple[Cell, ...]] = []
    for n, row in enumerate(rows, start=1):
        day = row["reported_on"] if row["status"] in DONE else None
        lines.append((n, str(row["unit__name"]), row["due_on"], day, _state(row, today)))
    return Table("Phụ lục 1. Tình hình gửi báo cáo", columns, tuple(lines))


def _said(sent: list[dict[str, Any]], by: User) -> list[Block]:
    """Return what each unit said last, and the difficulty it named; one query."""
    said = ProgressReport.objects.visible_to(by).filter(deadline__in=[row["pk"] for row in sent])
    last = {report.deadline_id: report for report in said.order_by("at", "pk")}
    blocks: list[Block] = []
    for n, row in enumerate(sent, start=1):
        blocks.append(Heading(Level.ITEM, f"{n}. {row['unit__name']}"))
        report = last.get(row["pk"])
        blocks += paragraphs(report.text if report else "") or [Text("Đã gửi báo cáo.")]
        if report and report.difficulty:
            blocks += paragraphs(f"Khó khăn, vướng mắc: {report.difficulty}")
    return blocks or [Text("Chưa có đơn vị gửi báo cáo.")]
