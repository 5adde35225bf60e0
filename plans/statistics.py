"""The statistics table leaders expect (design rule 3): counted in one grouped query, told in one way everywhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left, TruncDate
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.enums import DONE, OPEN, Decision, Status
from plans.models import Deadline, Difficulty, Extension
from plans.workflow import ACTS
from units.access import STEP
from units.models import AuditEvent, Unit
from units.models.audit import AuditAction

#: The rate by its name and meaning, for texts that are Vietnamese whatever the language of the page.
RATE_MEANS: Final = "Tỷ lệ hoàn thành (số đã hoàn thành trên tổng số đã hoàn thành và quá hạn)"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of deadlines; cancelled ones are in none of them.

    `done_*` by the day the unit reported, whether confirmed yet (`waiting` of them are not). `rate` is done ÷ (done +
    overdue) in percent, work done before its day included, None while nothing is done or overdue.
    `done_late` and `overdue` are told against the day in force, `late_original` (done or not) against the day first
    set. `excused` of them all have an objective cause that the level above confirmed.
    """

    total: int = 0
    done_on_time: int = 0
    done_late: int = 0
    done_no_date: int = 0
    waiting: int = 0
    on_schedule: int = 0
    due_soon: int = 0
    overdue: int = 0
    no_date: int = 0
    on_hold: int = 0
    late_original: int = 0
    excused: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    @property
    def done(self) -> int:
        """Return what units reported done."""
        return self.done_on_time + self.done_late + self.done_no_date

    @property
    def late(self) -> int:
        """Return what is late against the day in force, done or not."""
        return self.done_late + self.overdue

    @property
    def in_time(self) -> int:
        """Return what is not done, has a date and is not overdue; what is on hold counts here."""
        return self.on_schedule + self.due_soon + self.on_hold

    @property
    def open_in_time(self) -> int:
        """Return what is open and not overdue, dated or not."""
        return self.in_time + self.no_date

    @property
    def fallen_due(self) -> int:
        """Return what the rate is taken of: done + overdue."""
        return self.done + self.overdue

    @property
    def rate(self) -> float | None:
        """Return done ÷ (done + overdue) in percent."""
        return 100 * self.done / self.fallen_due if self.fallen_due else None

    @property
    def rate_text(self) -> str:
        """Return the rate with one digit, rounded half up from the exact fraction: "98,6 %"; a dash without one."""
        return percent_text(self.done, self.fallen_due)

    @property
    def overdue_rate_text(self) -> str:
        """Return the rest of the rate, rounded the same way."""
        return percent_text(self.overdue, self.fallen_due)


def percent_text(part: int, whole: int) -> str:
    """Return part ÷ whole in percent with one digit, rounded half up; a dash for part of nothing."""
    if not whole:
        return "–"
    percent = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{number_format(percent, 1)} %"


#: The figures a person meets, in the words of the table.
FIGURES: tuple[tuple[str, str | Promise], ...] = (
    ("total", _("Total")),
    ("done", _("Done")),
    ("done_on_time", _("Done on time")),
    ("done_late", _("Done late")),
    ("done_no_date", _("Done, no date")),
    ("in_time", _("Not done, in time")),
    ("overdue", _("Overdue")),
    ("no_date", _("Not done, no date")),
)
#: Every figure a list can show the rows of: also those that overlap the columns of the table.
COUNTED_FIGURES: tuple[tuple[str, str | Promise], ...] = (
    *FIGURES,
    ("undated", _("No date, done or not")),
    ("late_original", _("Late against the original day")),
    ("excused", _("Late, excused")),
)
#: Figures that are sums of others, with the conditions they sum.
SUMS: dict[str, tuple[str, ...]] = {
    "done": ("done_on_time", "done_late", "done_no_date"),
    "in_time": ("on_schedule", "due_soon", "on_hold"),
    "undated": ("done_no_date", "no_date"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a row keeps its status and the day it was reported: the columns themselves, or as they were on a day."""

    status: str = "status"
    reported_on: str = "reported_on"


NOW = Columns()
THEN = Columns("status_then", "reported_then")


def conditions(today: dt.date, columns: Columns = NOW) -> dict[str, Q]:
    """Return what a row must fulfil to be counted in each figure; the list of deadlines filters by the same."""
    soon = today + dt.timedelta(days=settings.DUE_SOON_DAYS)
    status, reported = columns.status, columns.reported_on
    is_done, is_open = Q(**{f"{status}__in": DONE}), Q(**{f"{status}__in": OPEN})
    late_original = late_against("original_due_on", today, columns)
    return {
        "total": ~Q(**{status: Status.CANCELLED}),
        "done_on_time": is_done & Q(**{f"{reported}__lte": F("due_on")}),
        "done_late": is_done & Q(**{f"{reported}__gt": F("due_on")}),
        "done_no_date": is_done & Q(due_on__isnull=True),
        "waiting": Q(**{status: Status.SUBMITTED}),
        "on_schedule": is_open & Q(due_on__gt=soon),
        "due_soon": is_open & Q(due_on__range=(today, soon)),
        "overdue": is_open & Q(due_on__lt=today),
        "no_date": is_open & Q(due_on__isnull=True),
        "on_hold": Q(**{status: Status.ON_HOLD}),
        "late_original": late_original,
        "excused": (late_original | late_against("due_on", today, columns)) & _excused(today, columns),
    }


def late_against(day: str, today: dt.date, columns: Columns = NOW) -> Q:
    """Return the condition of being late against the column `day`; the same rule as `time_state.lateness`."""
    status, reported = columns.status, columns.reported_on
    done = Q(**{f"{status}__in": DONE, f"{reported}__gt": F(day)})
    return done | Q(**{f"{status}__in": OPEN, f"{day}__lt": today})


def _excused(today: dt.date, columns: Columns) -> Q:
    """Return the condition that an objective cause covers the day of the result, or `today` while it is open."""
    status, reported = columns.status, columns.reported_on
    done = Q(**{f"{status}__in": DONE, f"{reported}__lte": F("excused_until")})
    return done | Q(**{f"{status}__in": OPEN, "excused_until__gte": today})


def condition_of(figure: str, today: dt.date, columns: Columns = NOW) -> Q:
    """Return the condition of one figure, also of one that is a sum."""
    every = conditions(today, columns)
    found = Q(pk__in=[])
    for name in SUMS.get(figure, (figure,)):
        found |= every[name]
    return found


def as_of(deadlines: QuerySet[Deadline], day: dt.date) -> QuerySet[Deadline]:
    """Return the rows that stood in the register on `day`, with `status_then` and `reported_then`.

    It stood there once its plan was published, as far ahead as recurring work is written out. The log of each row
    says what was last done with it by the end of that day, so a result that was returned later still counts as
    reported then. Due days and units are those of now.
    """
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    every_act = AuditEvent.objects.filter(object_type="deadline", object_id=OuterRef("pk"), action__in=STATUS_AFTER)
    log = every_act.filter(at__lt=end).order_by("-pk")
    last = log.values("action")[:1]
    said = log.filter(action=AuditAction.SUBMITTED).annotate(on=TruncDate("at")).values("on")[:1]
    then = [When(last_act=action, then=Value(status.value)) for action, status in STATUS_AFTER.items()]
    # a row whose acts the log does not hold (made before it, or imported) is judged by its own day of report
    reported = When(last_act__isnull=True, status__in=DONE, reported_on__lte=day, then=F("status"))
    unlogged = Q(last_act__isnull=True) & ~Exists(every_act)
    stopped = When(unlogged, status__in=(Status.CANCELLED, Status.ON_HOLD), then=F("status"))
    own_day = When(status__in=DONE, reported_on__lte=day, then=F("reported_on"))
    written = Q(period_start__isnull=True) | Q(period_start__lte=day + dt.timedelta(days=settings.HORIZON_DAYS))
    return deadlines.filter(written, plan__published_at__lt=end).annotate(
        last_act=Subquery(last),
        status_then=Case(*then, reported, stopped, default=Value(Status.ASSIGNED.value)),
        reported_then=Case(own_day, default=Subquery(said, output_field=DateField())),
    )


def due_between(*, due_from: dt.date | None = None, due_to: dt.date | None = None, undated: bool = False) -> Q:
    """Return a filter: due from one day to another, ends included; `undated` keeps what has no day besides."""
    dated = Q()
    if due_from:
        dated &= Q(due_on__gte=due_from)
    if due_to:
        dated &= Q(due_on__lte=due_to)
    return dated | Q(due_on__isnull=True) if undated and dated else dated


#: The status an act leaves behind. Work taken off hold was open before: which of the open statuses changes no figure.
STATUS_AFTER: dict[str, Status] = {
    **{action.value: act.leaves for action, act in ACTS.items() if act.leaves},
    AuditAction.RESUMED: Status.IN_PROGRESS,
}


def counts(today: dt.date, columns: Columns = NOW) -> dict[str, Count]:
    """Return the aggregates behind `Figures`, for a query over deadlines."""
    return _counted(conditions(today, columns))


def figures_of(deadlines: QuerySet[Deadline], *, today: dt.date) -> Figures:
    """Return the figures of all `deadlines`; one query."""
    return Figures(**deadlines.order_by().aggregate(**counts(today)))


def figures_by(
    deadlines: QuerySet[Deadline], key: str, *, today: dt.date, columns: Columns = NOW
) -> dict[Any, Figures]:
    """Return the figures per value of `key` (a column or an annotation); one grouped query."""
    rows = deadlines.order_by().values(key).annotate(**counts(today, columns))
    return {row.pop(key): Figures(**row) for row in rows}


def figures_below(
    deadlines: QuerySet[Deadline], unit: Unit, *, today: dt.date, columns: Columns = NOW
) -> dict[str, Figures]:
    """Return the figures of `unit` itself and of each direct child with all below it, by path; one grouped query.

    The rows are grouped by the beginning of their own copy of the path: the tree is not joined.
    """
    path = str(unit.path)
    below = deadlines.filter(unit_path__range=(path, unit.path_end))
    return figures_by(below.annotate(child=Left("unit_path", len(path) + STEP)), "child", today=today, columns=columns)


@dataclass(frozen=True, slots=True)
class ExtensionFigures:
    """Requests for a later day: all that were asked, and what became of them. `objective` of the granted excuse."""

    asked: int = 0
    granted: int = 0
    refused: int = 0
    waiting: int = 0
    objective: int = 0


@dataclass(frozen=True, slots=True)
class DifficultyFigures:
    """Difficulties: all that were raised, and how the level above answered."""

    raised: int = 0
    answered: int = 0
    answered_late: int = 0
    awaited: int = 0
    overdue: int = 0


def extension_figures(extensions: QuerySet[Extension]) -> ExtensionFigures:
    """Return the figures of `extensions`; one query."""
    figures = {
        "asked": Q(),
        "granted": Q(status=Decision.GRANTED),
        "refused": Q(status=Decision.REFUSED),
        "waiting": Q(status=Decision.ASKED),
        "objective": Q(objective=True),
    }
    return ExtensionFigures(**extensions.order_by().aggregate(**_counted(figures)))


def difficulty_figures(difficulties: QuerySet[Difficulty], *, today: dt.date) -> DifficultyFigures:
    """Return the figures of `difficulties`; one query. `answered` are all, `answered_late` some of them."""
    figures = {
        "raised": Q(),
        "answered": Q(answered_on__isnull=False),
        "answered_late": Q(answered_on__gt=F("answer_due_on")),
        "awaited": Q(answered_on__isnull=True),
        "overdue": Q(answered_on__isnull=True, answer_due_on__lt=today),
    }
    return DifficultyFigures(**difficulties.order_by().aggregate(**_counted(figures)))


def _counted(conditions: dict[str, Q]) -> dict[str, Count]:
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}
