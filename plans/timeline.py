"""The timeline (Gantt) of a plan: solutions with their commitments over a year, a quarter or a month.

Two queries whatever the size of the plan: its commitments, and their deadlines grouped by occurrence. Places are
percentages of the width, so the drawing needs no script and fits every screen and paper.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.enums import TimeState
from plans.labels import ROMAN, day_label, period_label
from plans.models import Deadline, Plan, Schedule
from plans.plan_page import SCHEDULE_COLUMNS
from plans.sentences import understood
from plans.statistics import condition_of

ZOOMS: Final = ("year", "quarter", "month")
MONTHS: Final = {"year": 12, "quarter": 3, "month": 1}
A_YEAR: Final = 12
#: How the rows of an occurrence stand, the worst first: the figure that counts them and its state.
PARTS: Final[tuple[tuple[str, TimeState], ...]] = (
    ("overdue", TimeState.OVERDUE),
    ("done_late", TimeState.LATE),
    ("in_time", TimeState.ON_SCHEDULE),
    ("no_date", TimeState.NO_DATE),
    ("done_on_time", TimeState.ON_TIME),
    ("done_no_date", TimeState.NO_DATE),
)
#: From left to right in a bar: what is done, then what is not.
ALONG: Final = ("done_on_time", "done_late", "in_time", "overdue")
SHORTEST: Final = 0.6  # percent of the width: a bar of one day in a year stays visible
MOST_SAID: Final = 6  # bars of a row told one by one
FIRST_YEAR, LAST_YEAR = 1976, 2099


@dataclass(frozen=True, slots=True)
class Window:
    """The days shown, ends included, and the marks along the top."""

    zoom: str
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """Return how many days are shown."""
        return (self.last - self.first).days + 1

    def place(self, day: dt.date) -> float:
        """Return where a day begins, in percent of the width, cut at both ends."""
        return round(min(max(100 * (day - self.first).days / self.days, 0), 100), 2)

    def holds(self, first: dt.date, last: dt.date) -> bool:
        """Return whether any day from `first` to `last` is shown."""
        return first <= self.last and last >= self.first

    def marks(self) -> list[tuple[float, float, str]]:
        """Return the months, or the weeks of a month, as (place, middle, word)."""
        if self.zoom == "month":
            starts = [self.first.replace(day=d) for d in range(1, self.days + 1, 7)]
            words = [f"{d:%d/%m}" for d in starts]
        else:
            starts = [_months_on(self.first, n) for n in range(MONTHS[self.zoom])]
            words = [f"{d.month}" if self.zoom == "year" else f"{d:%m/%Y}" for d in starts]
        ends = [*(self.place(d) for d in starts[1:]), 100.0]
        return [(self.place(d), (self.place(d) + end) / 2, w) for d, end, w in zip(starts, ends, words, strict=True)]

    def neighbours(self) -> tuple[dt.date, dt.date]:
        """Return the first day of the window before, and of the next."""
        return _months_on(self.first, -MONTHS[self.zoom]), _months_on(self.first, MONTHS[self.zoom])

    @property
    def heading(self) -> str:
        """Return what is shown in words."""
        if self.zoom == "year":
            return _("Year %(year)s") % {"year": self.first.year}
        if self.zoom == "quarter":
            quarter = ROMAN[(self.first.month - 1) // 3 + 1]
            return _("Quarter %(roman)s/%(year)s") % {"roman": quarter, "year": self.first.year}
        return _("Month %(number)s/%(year)s") % {"number": self.first.month, "year": self.first.year}


def window_of(zoom: str, day: dt.date) -> Window:
    """Return the year, quarter or month around a day."""
    months = MONTHS[zoom]
    first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
    return Window(zoom, first, _months_on(first, months) - dt.timedelta(days=1))


def usual_day(plan: Plan, today: dt.date) -> dt.date:
    """Return where a timeline begins: today while the plan runs, else its last or first day."""
    if plan.period_end and today > plan.period_end:
        return plan.period_end
    return max(today, plan.period_start) if plan.period_start else today


def day_of(text: str) -> dt.date | None:
    """Return the day in an address; None for nonsense and for years no plan has."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that stand alike: state for colour and sign, words, how many, their list."""

    figure: str
    state: str
    words: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a bar, in percent of the width."""

    x: str
    width: str
    figure: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One occurrence in the window: its pieces, its last day as a mark of the worst state, what it says."""

    pieces: list[Piece]
    due: str  # place of the mark; empty where the last day lies beyond
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence as the table tells it."""

    period: str
    start: str
    due: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One commitment: its bars in the window and `words` for them, each occurrence, and how all of it stands."""

    sentence: str
    bars: list[Bar]
    entries: list[Entry]
    parts: list[Part]
    words: str


@dataclass(frozen=True, slots=True)
class TimelineSolution:
    """One solution with its commitments."""

    pk: int
    ordinal: int
    text: str
    rows: list[TimelineRow]


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """Solutions under one heading."""

    title: str
    solutions: list[TimelineSolution]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One day of the plan itself."""

    place: float
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything drawn. `outside` are commitments whose days all lie beyond the window."""

    window: Window
    groups: list[TimelineGroup]
    milestones: list[Milestone]
    today: float | None
    outside: int


def timeline_of(
    plan: Plan, deadlines: QuerySet[Deadline], window: Window, *, today: dt.date, unit: int | None = None
) -> Timeline:
    """Return the timeline of `deadlines` of a plan; two queries. `unit` narrows the lists the numbers lead to."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _occurrences(deadlines, today):
        found[row["schedule_id"]].append(row)
    begin = plan.period_start or plan.issued_on
    groups: list[TimelineGroup] = []
    outside = 0
    for schedule in _schedules(plan):
        rows = found.get(schedule["pk"], [])
        shown = [row for row in rows if row["last_due"] is None or window.holds(_start(row, begin), row["last_due"])]
        if rows and not shown:
            outside += 1
            continue
        sentence = understood(SimpleNamespace(**schedule), days_off_move=plan.days_off_move)
        query: dict[str, Any] = {"schedule": schedule["pk"]} | ({"unit": unit} if unit else {})
        bars = [_bar(row, window, _start(row, begin)) for row in shown if row["last_due"]]
        drawn = TimelineRow(sentence, bars, [_entry(row, query) for row in shown], _sums(rows, query), _said(bars))
        _put(groups, schedule, drawn)
    at = window.place(today) if window.first <= today <= window.last else None
    return Timeline(window, groups, _milestones(plan, window), at, outside)


def _schedules(plan: Plan) -> list[dict[str, Any]]:
    """Return the commitments in the order of the plan, with their solution and group; one query."""
    columns = ("solution__ordinal", "solution__text", "solution__group__title")
    rows = Schedule.objects.filter(solution__plan=plan).order_by("solution__ordinal", "pk")
    return list(rows.values(*SCHEDULE_COLUMNS, *columns))


def _occurrences(deadlines: QuerySet[Deadline], today: dt.date) -> list[dict[str, Any]]:
    """Return one row an occurrence of a commitment: its days and how its deadlines stand; one grouped query."""
    counts = {name: Count("pk", filter=condition_of(name, today)) for name, _state in PARTS}
    days = {"start": Min("period_start"), "first_due": Min("due_on"), "last_due": Max("due_on")}
    rows = deadlines.filter(condition_of("total", today)).order_by().values("schedule_id", "occurrence")
    found = [dict(row) for row in rows.annotate(**days, **counts)]
    return sorted(found, key=lambda row: (row["first_due"] or dt.date.max, row["occurrence"]))


def _start(row: dict[str, Any], begin: dt.date | None) -> dt.date:
    """Return the first day of a bar: of its period, else of the plan; never after its first last day."""
    first: dt.date = min(row["start"] or begin or row["first_due"], row["first_due"])
    return first


def _entry(row: dict[str, Any], query: dict[str, Any]) -> Entry:
    """Return one occurrence as the table tells it."""
    return Entry(
        period=period_label(row["occurrence"]),
        start=day_label(row["start"]) if row["start"] else "",
        due=_days(row),
        parts=_parts(row, query | {"occurrence": row["occurrence"]}),
    )


def _sums(rows: list[dict[str, Any]], query: dict[str, Any]) -> list[Part]:
    """Return how all occurrences of a commitment stand, also those beyond the window: their list needs no days."""
    return _parts({name: sum(row[name] for row in rows) for name, _state in PARTS}, query)


def _said(bars: list[Bar]) -> str:
    """Return the drawing of a row in words."""
    if not bars:
        return _("No last day in this time.")
    if len(bars) <= MOST_SAID:
        return "; ".join(bar.words for bar in bars)
    return _("%(count)s last days; the table below tells each.") % {"count": len(bars)}


def _days(row: dict[str, Any]) -> str:
    first, last = row["first_due"], row["last_due"]
    return day_label(last) if first == last else f"{day_label(first)} – {day_label(last)}"


def _parts(counts: dict[str, Any], query: dict[str, Any]) -> list[Part]:
    base, words = reverse("plans:deadlines"), _words()
    return [
        Part(name, state.value, words[name], counts[name], f"{base}?{urlencode(query | {'figure': name})}")
        for name, state in PARTS
        if counts[name]
    ]


def _words() -> dict[str, str]:
    """Return the states in words; done work without a day says so."""
    return {name: str(state.label) for name, state in PARTS} | {"done_no_date": _("Done, no date")}


def _bar(row: dict[str, Any], window: Window, start: dt.date) -> Bar:
    """Return one occurrence drawn: the stretch from start to last day, parted by how its rows stand."""
    after = row["last_due"] + dt.timedelta(days=1)
    left, right = window.place(start), window.place(after)
    width = max(right - left, SHORTEST)
    left = min(left, 100 - width)
    total = sum(row[name] for name in ALONG)
    pieces, x = [], left
    for name in ALONG:
        if row[name]:
            share = width * row[name] / total
            pieces.append(Piece(f"{x:.2f}%", f"{share:.2f}%", name))
            x += share
    worst = next((state.value for name, state in PARTS if row[name]), TimeState.NO_DATE.value)
    shown = window.first <= row["last_due"] <= window.last
    counts = ", ".join(f"{words} {row[name]}" for name, words in _words().items() if row[name])
    period = period_label(row["occurrence"])
    words = " · ".join(part for part in (period, f"{day_label(start)} – {day_label(row['last_due'])}", counts) if part)
    return Bar(pieces, f"{(window.place(row['last_due']) + right) / 2:.2f}%" if shown else "", worst, words)


def _put(groups: list[TimelineGroup], schedule: dict[str, Any], row: TimelineRow) -> None:
    """Add a row under its solution and group, which come in order."""
    title = schedule["solution__group__title"] or ""
    if not groups or groups[-1].title != title:
        groups.append(TimelineGroup(title, []))
    solutions = groups[-1].solutions
    if not solutions or solutions[-1].pk != schedule["solution_id"]:
        text = schedule["solution__text"]
        solutions.append(TimelineSolution(schedule["solution_id"], schedule["solution__ordinal"], text, []))
    solutions[-1].rows.append(row)


def _milestones(plan: Plan, window: Window) -> list[Milestone]:
    """Return the days of the plan itself that are shown."""
    days = ((plan.issued_on, _("issued")), (plan.period_start, _("begins")), (plan.period_end, _("ends")))
    return [
        Milestone(window.place(day), f"{word} {day:%d/%m/%Y}")
        for day, word in days
        if day and window.first <= day <= window.last
    ]


def _months_on(first: dt.date, months: int) -> dt.date:
    """Return the first day of the month so many months on."""
    number = first.year * A_YEAR + first.month - 1 + months
    return dt.date(number // A_YEAR, number % A_YEAR + 1, 1)


def outside_words(count: int) -> str:
    """Return how many commitments lie beyond the window."""
    return ngettext(
        "%(count)s commitment has no day in this time.", "%(count)s commitments have no day in this time.", count
    ) % {"count": count}
