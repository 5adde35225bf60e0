"""What every rule of the grammar shares: the frame of the document, a phrase, a rule, and how a point becomes one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from plans.reading.drafts import DraftSchedule, ScheduleKind, Span
from plans.reading.time_points import YEAR, Point, read_point
from plans.reading.words import Anchored

YEAR_INFERRED = "year taken from the period"
YEAR_OPEN = "year not stated and the plan spans several years"
NO_YEAR = "year not stated anywhere"
NO_PERIOD = "recurs, but the text does not say how often"
ROUGH = "only roughly dated: the last day of the period is assumed"
NOT_A_DATE = "no such date in the calendar"

DAILY, WEEKLY, MONTHLY, YEARLY = "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"
QUARTERLY, HALF_YEARLY = "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6"
PERIOD_RULES = {
    "ngày": DAILY, "tuần": WEEKLY, "tháng": MONTHLY, "quý": QUARTERLY, "quí": QUARTERLY, "6 tháng": HALF_YEARLY,
    "năm": YEARLY,
}  # fmt: skip
NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6}
COUNT = r"(?:\d{1,2}|một|hai|ba|bốn|sáu)"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the document says about time as a whole: years of its period and day of issue."""

    first: int | None = None
    last: int | None = None
    issued: dt.date | None = None

    def year_for(self, point: Point) -> tuple[int | None, str]:
        """Return the year a point without one belongs to, and the doubt that leaves."""
        if self.first is None:
            return (self.issued.year, YEAR_INFERRED) if self.issued else (None, NO_YEAR)
        if not self.spans_years:
            return self.first, YEAR_INFERRED
        if self.issued:
            due = point.in_year(self.issued.year).last()
            year = self.issued.year if due is None or due >= self.issued else self.issued.year + 1
            return max(self.first, min(year, self.last or year)), YEAR_OPEN
        return self.first, YEAR_OPEN

    @property
    def spans_years(self) -> bool:
        """Say whether the period of the document covers more than one year."""
        return self.first is not None and self.last is not None and self.last != self.first

    def is_past(self, day: dt.date) -> bool:
        """Say whether `day` lies before the plan, so that it can bind nobody."""
        if self.issued:
            return day < self.issued
        return self.first is not None and day < dt.date(self.first - 1, 11, 1)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One time expression: characters `start` to `end` of the text and the time it obliges to."""

    start: int
    end: int
    kind: ScheduleKind
    since: dt.date | None = None
    due: dt.date | None = None
    rule: str | None = None
    lead_time: str | None = None
    anchor: str | None = None
    exception: str | None = None
    exclusive: bool = False
    year_inferred: bool = False
    doubt: str = ""

    def drafted(self, text: str, paragraph: int = 0) -> DraftSchedule:
        """Return the commitment this expression of `text` makes, of nobody yet."""
        return DraftSchedule(
            phrase=text[self.start : self.end],
            kind=self.kind,
            span=Span(paragraph, self.start, self.end),
            start=self.since,
            due=self.due,
            rule=self.rule,
            lead_time=self.lead_time,
            anchor=self.anchor,
            exception=self.exception,
            exclusive=self.exclusive,
            year_inferred=self.year_inferred,
            doubt=self.doubt,
        )


#: What stands in every text that names a day, joins figures by a dash, or lists days.
DATED = re.compile(r"\d\s?[/.-]\s?\d|\d\stháng")
DASHED = re.compile(r"\d\s?[-–]\s?\d")
LISTED = re.compile(r"\d(?:, ?|,? (?:và )?(?:ngày )?)\d")

_INLINE_LABEL = re.compile(r"(?:thời gian|thời hạn|tiến độ)(?: \w{1,8}){0,3}: ?$")
_ANY_YEAR = re.compile(rf"(?<!khóa )\bnăm ({YEAR})\b")
_SENTENCE = 300  # characters that are looked back


@dataclass(frozen=True, slots=True)
class Context:
    """The text a rule is tried on, in `words.plain` form and as written, and what is known about it."""

    text: str
    original: str
    frame: Frame
    is_label: bool

    def in_label(self, start: int) -> bool:
        """Say whether `start` begins the value of a label, here or earlier in the line: "… Thời gian: năm 2025"."""
        return self.is_label or bool(_INLINE_LABEL.search(self.text, max(0, start - 40), start))

    def before(self, start: int, length: int = 40) -> str:
        """Return the characters before `start`, at most `length`."""
        return self.text[max(0, start - length) : start]

    def after(self, end: int, length: int = 40) -> str:
        """Return the characters after `end`, at most `length`."""
        return self.text[end : end + length]

    def words(self, start: int, end: int) -> str:
        """Return the words as written, without punctuation around them."""
        return " ".join(self.original[start:end].split()).strip(" ,.;:()")

    def clause(self, start: int) -> str:
        """Return what stands before `start` in the same sentence."""
        begin = max(self.text.rfind(mark, max(0, start - _SENTENCE), start) for mark in (". ", "; ", "\n"))
        return self.text[max(begin, 0, start - _SENTENCE) : start]

    def sentence_year(self, start: int) -> int | None:
        """Return the year named last before `start` in the same sentence."""
        years = _ANY_YEAR.findall(self.clause(start))
        return int(years[-1]) if years else None


Builder = Callable[[re.Match[str], Context], Iterable[Phrase]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what becomes of its matches. A trap takes its words and makes nothing of them."""

    pattern: re.Pattern[str] | Anchored
    build: Builder
    needs: tuple[str, ...]  # the text holds one of these, else the pattern is not tried
    is_trap: bool = False
    gate: re.Pattern[str] | None = None  # is found in every text the pattern matches

    def matches(self, text: str) -> Iterable[re.Match[str]]:
        """Return the matches in `text`, in order."""
        if self.gate is not None and self.gate.search(text) is None:
            return ()
        return self.pattern.finditer(text, 0, len(text))


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in the order in which they are tried."""

    all: list[Rule] = field(default_factory=list)

    def add(
        self, pattern: str, *needs: str, starts: re.Pattern[str] | None = None, gate: re.Pattern[str] | None = None
    ) -> Callable[[Builder], Builder]:
        """Return a decorator that adds a builder for `pattern`; of several over one the upper is tried first."""

        tried = Anchored(starts, re.compile(pattern)) if starts else re.compile(pattern)

        def add(build: Builder) -> Builder:
            place = len(self.all)
            while place and self.all[place - 1].build is build:  # the lower decorators have run already
                place -= 1
            self.all.insert(place, Rule(tried, build, needs, gate=gate))
            return build

        return add

    def trap(self, pattern: str, *needs: str) -> None:
        """Add a pattern whose words are no deadline."""
        self.all.append(Rule(re.compile(pattern), lambda _match, _context: (), needs, is_trap=True))


def phrase(match: re.Match[str], kind: ScheduleKind, **values: object) -> Phrase:
    """Return a phrase over the group "all" of `match`, or the whole of it."""
    whole = "all" in match.re.groupindex and match["all"] is not None
    start, end = match.span("all") if whole else match.span()
    return replace(Phrase(start, end, kind), **values)  # type: ignore[arg-type]  # a rule names its fields


def dated(point: Point, match: re.Match[str], context: Context) -> tuple[Point, bool, str]:
    """Return `point` with its year, whether the year was inferred, and the doubt."""
    if point.year:
        return point, False, ""
    year = context.sentence_year(match.start())
    if year and not context.frame.is_past(dt.date(year, 12, 31)):
        return point.in_year(year), False, ""
    year, doubt = context.frame.year_for(point)
    return _not_long_past(point, year, context.frame), year is not None, doubt


_HALF_YEAR = dt.timedelta(days=183)


def _not_long_past(point: Point, year: int | None, frame: Frame) -> Point:
    """Return `point` in `year`, or in the next: "trước ngày 15/01" in a plan issued in November looks ahead."""
    found = point.in_year(year)
    last = found.last()
    if year and last and frame.issued and not frame.spans_years and last < frame.issued - _HALF_YEAR:
        return point.in_year(year + 1)
    return found


def graver(year_doubt: str, doubt: str) -> str:
    """Return the one doubt to tell of two; that the year was inferred is told apart anyway."""
    return doubt if doubt and year_doubt in {"", YEAR_INFERRED} else year_doubt


_WITHIN = {
    "day": ScheduleKind.BY_DATE,
    "month": ScheduleKind.WITHIN_MONTH,
    "quarter": ScheduleKind.WITHIN_QUARTER,
    "year": ScheduleKind.WITHIN_YEAR,
}


def within(match: re.Match[str], context: Context, point: Point | None, *, doubt: str = "") -> Iterator[Phrase]:
    """Yield the phrase for work inside a day, month, quarter or year."""
    if point is None:
        return
    point, inferred, year_doubt = dated(point, match, context)
    first, last = point.first(), point.last()
    if last is None:
        yield phrase(match, _WITHIN[point.precision], doubt=year_doubt or NOT_A_DATE)
    elif not context.frame.is_past(last):
        told = graver(year_doubt, doubt)
        yield phrase(match, _WITHIN[point.precision], since=first, due=last, year_inferred=inferred, doubt=told)


def until(match: re.Match[str], context: Context, text: str, *, exclusive: bool) -> Iterator[Phrase]:
    """Yield the phrase for work done by `text`; exclusive means the day before its first day."""
    point = read_point(text)
    if point is None:
        return
    if exclusive and _recurs_yearly(point, match, context):
        yield phrase(
            match, ScheduleKind.RECURRING, rule=yearly(point, exclusive=True), exclusive=True, doubt=YEAR_OPEN
        )
        return
    point, inferred, doubt = dated(point, match, context)
    first, last = point.first(), point.last()
    kind = ScheduleKind.BY_DATE if exclusive or point.precision != "year" else ScheduleKind.BY_END_OF_YEAR
    if first is None or last is None:
        yield phrase(match, kind, exclusive=exclusive, doubt=doubt or NOT_A_DATE)
        return
    due = first - dt.timedelta(days=1) if exclusive else last
    if not context.frame.is_past(due):
        yield phrase(match, kind, due=due, exclusive=exclusive, year_inferred=inferred, doubt=doubt)


_PERIODIC_REPORT = re.compile(
    r"(?:báo cáo|sơ kết|tổng kết|số liệu|tổng hợp)[^.;]{0,80}? (?:0?6 tháng|(?<!trong )năm|quý|quí|cả năm)"
    r"(?: \w{1,10}){0,3} ?\(?$"
)


def _recurs_yearly(point: Point, match: re.Match[str], context: Context) -> bool:
    """Say whether a day without a year is that of a report each year: "báo cáo 6 tháng trước ngày 15/6"."""
    if point.year or not point.day or not context.frame.spans_years:
        return False
    return bool(_PERIODIC_REPORT.search(context.clause(match.start()))) and not context.sentence_year(match.start())


def yearly(point: Point, *, exclusive: bool = False) -> str:
    """Return the rule for the day, month or quarter `point` of every year; a month means its last day."""
    month = point.month or (point.quarter or 4) * 3
    if not point.day and not exclusive:
        return f"{YEARLY};BYMONTH={month};BYMONTHDAY=-1"
    day = Point(2001, month, point.day or 1).last() or Point(2001, month).last() or dt.date(2001, 12, 31)
    day -= dt.timedelta(days=1 if exclusive else 0)
    return f"{YEARLY};BYMONTH={day.month};BYMONTHDAY={day.day}"
