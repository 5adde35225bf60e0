"""What the records say for a report: one query a section, whatever the number of rows.

The texts go into a paper, which is Vietnamese whatever the language of the page.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import override

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import DONE, OPEN
from plans.models import Deadline, Difficulty, IndicatorResult, ProgressReport
from plans.querysets import DeadlineQuerySet
from plans.result_words import worded
from plans.statistics import RATE_MEANS, figures_of
from reviews.enums import SectionSource
from reviews.models import Meeting, PeriodicReport, ReportPart, ReportSection
from reviews.report_periods import Period, period_words
from units.models import User

MOST_LINES: Final = 60  # of one section: a report is read by people
LINE_SHOWN: Final = 240
NONE: Final = "Không có."
NOTHING_DUE: Final = "Trong kỳ không có việc đến hạn."
#: With which a section is filled that has nothing to tell.
EMPTY: Final = frozenset({NONE, NOTHING_DUE})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose records of which days are asked for; `user` reads them, so nothing is filled in that one may not see."""

    report: PeriodicReport
    period: Period
    user: User
    today: dt.date

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Return the first and the last day."""
        return self.period.first, self.period.last

    def work(self) -> DeadlineQuerySet:
        """Return the work of the unit and all below it, without the report itself."""
        deadline = self.report.deadline
        found: DeadlineQuerySet = Deadline.objects.visible_to(self.user).below(deadline.unit).exclude(pk=deadline.pk)
        return found

    def own_work(self) -> DeadlineQuerySet:
        """Return the work of the very unit."""
        found: DeadlineQuerySet = self.work().filter(unit=self.report.deadline.unit_id)
        return found


def filled_texts(report: PeriodicReport, *, user: User, today: dt.date) -> dict[ReportSection, str]:
    """Return the text of each section as the records of the period have it now, in order."""
    asked = Asked(report, report.kind.period_of(report.deadline.occurrence), user, today)
    with override("vi"):
        return {
            section: nfc(_FILLS[SectionSource(section.source)](asked, section).strip())
            for section in report.kind.sections.all()
        }


def digest_of(texts: Iterable[str]) -> str:
    """Return what a page remembers of the texts that it showed."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()


def _figures(asked: Asked, _section: ReportSection) -> str:
    f = figures_of(asked.work().filter(due_on__range=asked.days), today=asked.today)
    if not f.total:
        return NOTHING_DUE
    return (
        f"Việc đến hạn trong kỳ (của đơn vị và các đơn vị trực thuộc): {f.total}. "
        f"Hoàn thành đúng hạn: {f.done_on_time}; hoàn thành trễ hạn: {f.done_late}; quá hạn: {f.overdue}; "
        f"đang thực hiện trong hạn: {f.in_time}. {RATE_MEANS}: {f.rate_text}."
    )


def _completed(asked: Asked, _section: ReportSection) -> str:
    rows = asked.own_work().filter(status__in=DONE, reported_on__range=asked.days).order_by("reported_on", "pk")
    return _lines(
        f"{_bare(text)} (báo cáo ngày {on:%d/%m/%Y})" for text, on in rows.values_list("solution__text", "reported_on")
    )


def _overdue(asked: Asked, _section: ReportSection) -> str:
    """Return what is overdue now and fell due by the end of the period, and what was handed in late in it."""
    said = ProgressReport.objects.filter(deadline=OuterRef("pk")).exclude(difficulty="").order_by("-at")
    first, last = asked.days
    overdue = Q(status__in=OPEN, due_on__lte=last, due_on__lt=asked.today)
    late = Q(status__in=DONE, reported_on__range=(first, last), due_on__lt=F("reported_on"))
    rows = asked.own_work().filter(overdue | late).annotate(said=Subquery(said.values("difficulty")[:1]))
    columns = ("solution__text", "due_on", "reported_on", "excuse", "said")
    return _lines(
        f"{_bare(text)} (hạn {due:%d/%m/%Y}{f', báo cáo {on:%d/%m/%Y}' if on else ''}){_reason(excuse or words or '')}"
        for text, due, on, excuse, words in rows.order_by("due_on", "pk").values_list(*columns)
    )


def _bare(text: str) -> str:
    """Return what is to be done without its full stop: something in brackets follows."""
    return text.rstrip(" .;,")


def _reason(words: str) -> str:
    """Return why something is late, where anybody said so."""
    return f". Nguyên nhân: {shortened(words, LINE_SHOWN)}" if words else ""


def _indicators(asked: Asked, _section: ReportSection) -> str:
    rows = IndicatorResult.objects.visible_to(asked.user).filter(
        unit=asked.report.deadline.unit_id, period_end__range=asked.days
    )
    found = rows.select_related("indicator", "level").order_by("indicator__plan", "indicator__ordinal", "period_start")
    return _lines(f"{shortened(row.indicator.text, LINE_SHOWN)} Kết quả: {worded(row)}" for row in found)


def _meetings(asked: Asked, _section: ReportSection) -> str:
    held = Meeting.objects.visible_to(asked.user).filter(unit=asked.report.deadline.unit_id, held_on__range=asked.days)
    return _lines(
        f"Ngày {on:%d/%m/%Y}: {title}{f' (biên bản số {symbol})' if symbol else ''}"
        for title, on, symbol in held.order_by("held_on", "pk").values_list("title", "held_on", "minutes_symbol")
    )


def _difficulties(asked: Asked, _section: ReportSection) -> str:
    rows = Difficulty.objects.visible_to(asked.user).filter(
        deadline__unit=asked.report.deadline.unit_id, raised_on__range=asked.days
    )
    return _lines(
        f"{text} {f'Đã được trả lời: {answer}' if answer else '(Chưa được trả lời.)'}"
        for text, answer in rows.order_by("raised_on", "pk").values_list("text", "answer")
    )


def _below(asked: Asked, section: ReportSection) -> str:
    """Return the parts of the reports that go into this one, each under the name of its unit."""
    parts = [
        part
        for part in parts_below(asked.report, asked.user)
        if search_key(part.section.heading) == search_key(section.heading) and part.text and part.text not in EMPTY
    ]
    return "\n\n".join(f"{part.report.deadline.unit.name}:\n{part.text}" for part in parts) or NONE


def parts_below(report: PeriodicReport, user: User) -> list[ReportPart]:
    """Return the parts of the sent reports that go into this one, its period within this one's; one query."""
    unit, period = report.deadline.unit, report.kind.period_of(report.deadline.occurrence)
    rows = ReportPart.objects.filter(
        report__in=PeriodicReport.objects.visible_to(user).order_by().values("pk"),
        report__deadline__schedule__compiled_into=report.deadline.schedule_id,
        report__deadline__status__in=DONE,
        report__kind__unit=unit.pk,
    )
    found = rows.select_related("section", "report__kind", "report__deadline__unit")
    ordered = found.order_by("report__deadline__unit_path", "report__deadline__due_on", "section__ordinal")
    return [part for part in ordered if _inside(part.report, period)]


@dataclass(frozen=True, slots=True)
class BelowRow:
    """One report that goes into another: whose it is, of which period, whether it was sent, where it opens."""

    unit: str
    period: str
    sent: bool
    href: str


def reports_below(report: PeriodicReport, user: User) -> list[BelowRow]:
    """Return the reports owed from below that go into this one, sent or not; one query, none for most kinds."""
    unit, period = report.deadline.unit, report.kind.period_of(report.deadline.occurrence)
    rows = Deadline.objects.visible_to(user).filter(
        schedule__compiled_into=report.deadline.schedule_id,
        schedule__report_year__kind__unit=unit.pk,
    )
    found = []
    for row in rows.select_related("unit", "schedule__report_year__kind", "periodic_report").order_by(
        "unit_path", "due_on", "pk"
    ):
        own = row.schedule.report_year.kind.period_of(row.occurrence)
        if period.first <= own.last <= period.last:
            page = getattr(row, "periodic_report", None) or row
            found.append(BelowRow(row.unit.name, period_words(own), row.status in DONE, page.get_absolute_url()))
    return found


def _inside(report: PeriodicReport, period: Period) -> bool:
    own = report.kind.period_of(report.deadline.occurrence)
    return period.first <= own.last <= period.last


def _free(_asked: Asked, _section: ReportSection) -> str:
    return ""


def _lines(found: Iterable[str]) -> str:
    lines = [f"- {' '.join(line.split())}" for line in found]
    more = len(lines) - MOST_LINES
    if more > 0:
        lines = [*lines[:MOST_LINES], f"- … và {more} việc khác."]
    return "\n".join(lines) or NONE


_FILLS: Final[dict[SectionSource, Callable[[Asked, ReportSection], str]]] = {
    SectionSource.FIGURES: _figures,
    SectionSource.COMPLETED: _completed,
    SectionSource.OVERDUE: _overdue,
    SectionSource.INDICATORS: _indicators,
    SectionSource.MEETINGS: _meetings,
    SectionSource.DIFFICULTIES: _difficulties,
    SectionSource.BELOW: _below,
    SectionSource.FREE: _free,
}
