"""The texts for chat groups, one for each page that offers one: read, worded, with the address of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from doantracker.lib.text import shortened
from plans.chat_rows import followed, open_by_unit, totals_by_unit, works_of
from plans.chat_text import (
    LONGEST_WORK,
    Section,
    address_in_text,
    as_of,
    chat_text,
    name_of,
    one_line,
    open_line,
    task_lines,
    unit_line,
    when_words,
)
from plans.citing import kind_of
from plans.enums import PlanStatus
from plans.models import Deadline, Plan
from plans.plan_page import figures_of_solutions
from plans.querysets import DeadlineQuerySet
from units.models import Unit

#: Days ahead that a text may look, and those it looks by itself.
DAYS_AHEAD: Final = (7, 14, 30)
USUAL_DAYS: Final = 14
#: As the lists of deadlines are ordered.
BY_DAY: Final = ("due_on", "unit_path", "pk")
REPORT: Final = "Xem và báo cáo tại"


def unit_text(unit: Unit, rows: DeadlineQuerySet, *, today: dt.date, days: int, below: bool) -> str:
    """Return what `unit`, or it with the units below, has overdue and owes in the next `days`."""
    owed = followed(rows.below(unit) if below else rows.filter(unit=unit))
    sections = [
        _section("Quá hạn", owed.overdue(today).order_by(*BY_DAY), today, units=below),
        _section(f"Đến hạn trong {days} ngày tới", owed.due_soon(today, days).order_by(*BY_DAY), today, units=below),
    ]
    who = " của đơn vị và các đơn vị trực thuộc" if below else ""
    head = [name_of(unit.name).upper(), f"Công việc cần thực hiện{who}, {as_of(today)}"]
    if below:
        sections = [*_by_unit(owed.filter(due_on__lte=today + dt.timedelta(days)), today), *sections]
    return chat_text(head, sections, _address(unit.get_absolute_url()), call=REPORT)


def list_text(rows: QuerySet[Deadline], conditions: Sequence[str], page: str, *, today: dt.date) -> str:
    """Return a list of deadlines as it is filtered and ordered; `conditions` are the filter in words."""
    head = [f"DANH SÁCH CÔNG VIỆC, {as_of(today)}"]
    if conditions:
        head.append(name_of("; ".join(conditions)))
    sections = [*_by_unit(rows, today), _section("Tổng số", rows, today, units=True)]
    return chat_text(head, sections, _address(page))


def deadline_text(row: Deadline, *, today: dt.date) -> str:
    """Return one deadline: who owes what by which day."""
    work = works_of(Deadline.objects.filter(pk=row.pk), units=True, plans=True)[0]
    with translation.override(settings.LANGUAGE_CODE):
        handed_in = row.solution.get_deliverable_display()
    head = [
        name_of(row.unit.name).upper(),
        f"Nội dung: {shortened(one_line(work.text), LONGEST_WORK)}",
        *([f"Kỳ: {work.period}"] if work.period else []),
        f"Thời hạn: {when_words(work, today).removeprefix('hạn ')}",
        f"Sản phẩm: {handed_in}",
        f"Theo: {_plan_name(row.plan)}",
    ]
    return chat_text(head, [], _address(row.get_absolute_url()), call=REPORT)


def plan_text(plan: Plan, rows: DeadlineQuerySet, *, today: dt.date, days: int) -> str:
    """Return how far a plan is, and which units still owe what, as far as `rows` go."""
    _by_solution, figures = figures_of_solutions(rows, today=today)
    done = f"hoàn thành {figures.done}/{figures.total} việc"
    when = f"đúng hạn {figures.done_on_time}, trễ hạn {figures.done_late}"
    when += f", không quy định hạn {figures.done_no_date}" if figures.done_no_date else ""
    when += f"; chờ xác nhận {figures.waiting}" if figures.waiting else ""
    late = f"chưa hoàn thành, đã quá hạn {figures.overdue}"
    late += f"; tạm hoãn {figures.on_hold}" if figures.on_hold else ""
    head = [_plan_name(plan), f"Tiến độ {as_of(today)}: {done} ({when}); {late}."]
    sections = []
    if plan.status == PlanStatus.PUBLISHED:
        units, total = open_by_unit(rows, today=today, days=days)
        lines = [open_line(row, days) for row in units]
        sections.append(Section("Còn việc chưa hoàn thành", lines, total, "đơn vị"))
    else:
        head.append("Kế hoạch đã kết thúc.")
    return chat_text(head, sections, _address(plan.get_absolute_url()))


def _section(heading: str, rows: QuerySet[Deadline], today: dt.date, *, units: bool) -> Section:
    works = works_of(rows, units=units, plans=True)
    lines, counts = task_lines(works, today)
    return Section(heading, lines, rows.count(), counts=counts)


def _by_unit(rows: QuerySet[Deadline], today: dt.date) -> list[Section]:
    """Return how much is whose, first of all: where some unit owes several things and there are several units."""
    units, total = totals_by_unit(rows, today=today)
    if total < 2 or max(unit.total for unit in units) < 2:  # noqa: PLR2004  # several
        return []
    return [Section("Theo đơn vị", [unit_line(unit) for unit in units], total, "đơn vị")]


def _plan_name(plan: Plan) -> str:
    number = f"{kind_of(plan.symbol_kind, plan.title)} số {plan.symbol}: " if plan.symbol else ""
    return name_of(f"{number}{plan.title}")


def _address(path: str) -> str:
    return address_in_text(f"{settings.SITE_URL}{path}")
