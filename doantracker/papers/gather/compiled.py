"""The reports of one period compiled: who sent, what the units wrote by section, their work, who has not sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import (
    counted_lines,
    figures_sentence,
    figures_table,
    in_sentence,
    paragraphs,
    roman,
)
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from plans.figures_page import Scope, by_unit
from reviews.compiling import Compiled, CompiledSection, Owing
from reviews.compiling import compiled as compiled_for
from reviews.models import ReportYear
from reviews.report_fill import EMPTY
from reviews.report_matrix import Column as PeriodColumn
from reviews.report_periods import Period, period_words
from reviews.titles import BODIES
from units.models import User


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """What is compiled: one period of a year of a kind of report."""

    year: ReportYear
    column: PeriodColumn


def compiled(asked: OfPeriod, by: User, today: dt.date) -> Content:
    """Gather what the page of the compiled reports shows, and the statistics of the period; a few queries."""
    kind, unit = asked.year.kind, asked.year.kind.unit
    found = compiled_for(asked.year, asked.column.occurrence, user=by, today=today)
    period = kind.period_of(asked.column.occurrence)
    name = f"{kind.name[:1].lower()}{kind.name[1:]}"
    blocks: list[Block] = [
        Text(f"{unit.name} tổng hợp {name} của các ban, đơn vị, {period_words(period)}, như sau:", "opening"),
        *_introduction(found),
        Heading(Level.SECTION, "I. Tình hình gửi báo cáo"),
        Text(_sentence(found, asked.column.due_on), "sent"),
        _table("Phụ lục 1. Tình hình gửi báo cáo", [*found.sent, *found.not_sent]),
    ]
    for n, section in enumerate(found.sections, start=2):
        blocks += _section(n, section)
    last = len(found.sections) + 2
    blocks += [
        Heading(Level.SECTION, f"{roman(last)}. Kết quả thực hiện các nội dung đến hạn trong kỳ"),
        *_figures(asked, period, by, today),
        Heading(Level.SECTION, f"{roman(last + 1)}. Đơn vị chưa gửi báo cáo"),
        *missing([(one.unit, one.cell.words) for one in found.not_sent]),
    ]
    abstract = f"Tổng hợp {name} của các ban, đơn vị, {period_words(period)}"
    recipients = (f"{BODIES[kind.body]} {unit.label} (để báo cáo)", "Các ban, đơn vị (để biết)")
    return Content(unit, "BC", abstract, tuple(blocks), recipients=recipients, as_of=today)


def _introduction(found: Compiled) -> list[Text]:
    """Return what the receiving side wrote, one paragraph a line, each to be worded anew."""
    lines = paragraphs(found.introduction.introduction) if found.introduction else []
    return [Text(line.text, f"introduction{n}") for n, line in enumerate(lines, start=1)]


def _sentence(found: Compiled, due: dt.date) -> str:
    """Return how many have sent and how; the counts of the page."""
    states = Counter(one.cell.words for one in (*found.sent, *found.not_sent))
    each = ", ".join(f"{words[:1].lower()}{words[1:]} {count_word(n)}" for words, n in states.items())
    total = len(found.sent) + len(found.not_sent)
    return (
        f"Tổng số {count_word(total)} đơn vị (thời hạn {long_day(due)}); đã gửi {count_word(len(found.sent))}, "
        f"chưa gửi {count_word(len(found.not_sent))}{f' ({each})' if each else ''}. Chi tiết tại Phụ lục 1."
    )


def _table(name: str, rows: list[Owing]) -> Table:
    columns = (Column("TT", 1, right=True), Column("Đơn vị", 6), Column("Ngày gửi", 2), Column("Tình trạng", 3))
    return Table(name, columns, tuple(_row(n, one) for n, one in enumerate(rows, start=1)))


def _row(number: int, one: Owing) -> tuple[Cell, ...]:
    return (number, one.unit, one.reported_on if one.sent else None, one.cell.words)


def _section(number: int, section: CompiledSection) -> Iterator[Block]:
    """Yield one section of the kind: a paragraph that sums it up, then the words of the units that have any."""
    yield Heading(Level.SECTION, f"{roman(number)}. {section.heading}")
    told = [part for part in section.parts if part.text.strip() not in EMPTY]
    yield Text(_told(len(told), len(section.parts)), f"section{number}")
    for n, part in enumerate(told, start=1):
        yield Heading(Level.ITEM, f"{n}. {part.unit}")
        yield from paragraphs(part.text)


def _told(count: int, sent: int) -> str:
    """Return how many have something to tell, and once for all the others that they have nothing."""
    if not count:
        return "Các đơn vị đã gửi báo cáo không có nội dung này." if sent else "Không có báo cáo."
    others = f", {count_word(sent - count)} đơn vị báo cáo không có" if sent > count else ""
    return f"Có {count_word(count)} đơn vị báo cáo nội dung này{others}, cụ thể như sau:"


def _figures(asked: OfPeriod, period: Period, by: User, today: dt.date) -> list[Block]:
    days = f"từ {long_day(period.first)} đến {long_day(period.last)}"
    opening = f"Các nội dung đến hạn {days} và nội dung không có thời hạn, tính đến {long_day(today)}"
    return figures_of(Scope(by, asked.year.kind.unit, None, period.first, period.last, today, today), opening)


def figures_of(scope: Scope, opening: str) -> list[Block]:
    """Return the statistics that the page of the figures shows for the same scope."""
    table = by_unit(scope, every=True)
    if not table.figures.total:
        return [Text("Không có nội dung đến hạn.", "figures")]
    lines = [(line.name, line.figures) for line in table.lines if line.figures.total]
    return [
        Text(
            f"{opening}: {in_sentence(figures_sentence(table.figures))} Thống kê theo đơn vị tại Phụ lục 2. "
            f"{counted_lines(table)}",
            "figures",
        ),
        figures_table("Phụ lục 2. Thống kê theo đơn vị", "Đơn vị", lines, table.figures),
    ]


def missing(units: list[tuple[str, str]]) -> list[Block]:
    """Return who has not sent, each with how that stands."""
    if not units:
        return [Text("Các đơn vị đã gửi đầy đủ.", "missing")]
    columns = (Column("TT", 1, right=True), Column("Đơn vị", 6), Column("Tình trạng", 3))
    lines = tuple((n, *unit) for n, unit in enumerate(units, start=1))
    return [
        Text(f"Còn {count_word(len(units))} báo cáo chưa gửi:", "missing"),
        Table("Đơn vị chưa gửi báo cáo", columns, lines),
    ]
