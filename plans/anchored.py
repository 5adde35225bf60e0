"""What hangs on an event or on a commitment before it, read from the database in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, When

from plans.anchoring import Fate, Link, Move, Row, in_chain_order, moves, offset_of
from plans.calendars import working_calendar
from plans.enums import OPEN, PlanStatus
from plans.models import Deadline, Event, Schedule
from plans.reminders.rules import first_reminder
from plans.workflow import ACTS
from units.models.audit import AuditAction

if TYPE_CHECKING:
    from plans.fan_out import Ladders  # which calls this module

BATCH = 2000
#: What gets another day: work that is owed, or held for a while.
MOVABLE = ACTS[AuditAction.RESCHEDULED].start
_CHAINED = Q(hangs_on__isnull=False) & ~Q(chain="")
_LINK = (
    "pk", "event_id", "hangs_on_id", "chain", "lead_time", "in_working_days", "exclusive",
    "solution__plan__days_off_move",
)  # fmt: skip
_ROW = ("pk", "schedule_id", "unit_id", "due_on", "anchored_on", "reported_on", "status", "version")


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on one anchor, behind what it hangs on; `events` are the days of the events it needs."""

    links: Sequence[Link]
    events: dict[int, dt.date | None] = field(default_factory=dict)

    def moves(self, *, also: Collection[int] = (), lock: bool = False) -> list[Move]:
        """Return what becomes of each deadline by the anchors' days; three queries. `lock` holds the rows."""
        if not self.links:
            return []
        rows = _rows(self.links, lock=lock)
        return moves(self.links, rows, events=self.events, calendar=working_calendar(), also=also)


def hanging_on_event(event: Event, day: dt.date | None) -> Hanging:
    """Return what hangs on an event in plans that are followed up, were it on `day`; one query."""
    followed = Schedule.objects.filter(solution__plan__status=PlanStatus.PUBLISHED)
    plans = followed.filter(event=event).order_by().values("solution__plan")
    links = _links(followed.filter(Q(event=event) | (_CHAINED & Q(solution__plan__in=plans))).values_list(*_LINK))
    roots = {link.pk for link in links if link.event == event.pk}
    return Hanging(in_chain_order(links, roots), {event.pk: day})


def hanging_on_commitment(schedule: int, plan: int) -> Hanging:
    """Return what hangs on a commitment; its own followers are held, so that two results at once see each other."""
    followers = Schedule.objects.filter(_CHAINED, hangs_on=schedule).select_for_update(of=("self",)).order_by("pk")
    roots = set(followers.values_list("pk", flat=True))
    if not roots:
        return Hanging([])
    links = _links(Schedule.objects.filter(_CHAINED, solution__plan=plan).values_list(*_LINK))
    return Hanging(in_chain_order(links, roots))


def give_known_days(schedules: Collection[Schedule], *, today: dt.date, ladders: Ladders) -> None:
    """Give deadlines just written out the days that their anchors know already; nothing asked where none hangs."""
    roots = {s.pk for s in schedules if s.event_id or (s.hangs_on_id and s.chain)}
    if not roots:
        return
    plans = {s.solution.plan_id for s in schedules}
    found = Schedule.objects.filter(Q(pk__in=roots) | (_CHAINED & Q(solution__plan__in=plans)))
    links = _links(found.values_list(*_LINK))
    wanted = {link.event for link in links if link.event is not None}
    events = dict(Event.objects.filter(pk__in=wanted, cancelled=False).values_list("pk", "day"))
    top = {link.pk for link in links if link.pk in roots and link.hangs_on not in roots}
    found_moves = Hanging(in_chain_order(links, top), events).moves()
    write_days([m for m in found_moves if m.row.due_on is None], today=today, ladders=ladders)


def write_days(found: Iterable[Move], *, today: dt.date, ladders: Ladders) -> list[Deadline]:
    """Give the deadlines that move their day, the original one too, and begin their reminders anew; return them.

    The unit is not to blame for an anchor that moved: lateness is told against the new day alone.
    """
    new = {m.row.pk: m.new for m in found if m.fate == Fate.MOVES}
    if not new:
        return []
    rows = list(Deadline.objects.filter(pk__in=new).select_related("plan", "unit", "solution"))
    for row in rows:
        row.due_on = row.original_due_on = row.anchored_on = new[row.pk]
        if row.period_start and row.due_on:
            row.period_start = min(row.period_start, row.due_on)
        if row.status in OPEN:
            row.remind_on = first_reminder(row.due_on, today, ladders.of(row.plan))
        row.version += 1
    columns = ["due_on", "original_due_on", "anchored_on", "period_start", "remind_on", "version"]
    Deadline.objects.bulk_update(rows, columns, batch_size=BATCH)
    return rows


def _links(rows: Iterable[tuple[object, ...]]) -> list[Link]:
    """Return stored schedules as links; one with a lead time of another form can't be dated by its anchor."""
    found = []
    for pk, event, hangs_on, chain, lead_time, working, exclusive, moving in rows:
        offset = offset_of(str(lead_time), in_working_days=bool(working), exclusive=bool(exclusive))
        if offset is not None:
            found.append(Link(pk, offset, event, hangs_on, str(chain), bool(moving)))  # type: ignore[arg-type]  # columns
    return found


def _rows(links: Sequence[Link], *, lock: bool) -> list[Row]:
    """Return the deadlines of the links, and those that the first of them hang on; two queries at most.

    Those of the links are held in the chain's order; those before them never: who hands one in holds it already
    and waits for the same followers.
    """
    depth = {link.pk: n for n, link in enumerate(links)}
    before = {link.hangs_on for link in links if link.hangs_on is not None} - depth.keys()
    order = Case(*(When(schedule=pk, then=n) for pk, n in depth.items()), output_field=IntegerField())
    rows = Deadline.objects.filter(schedule__in=depth).order_by(order, "pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = [Row(*values) for values in rows.values_list(*_ROW)]
    if before:
        found += [Row(*v) for v in Deadline.objects.filter(schedule__in=before).order_by("pk").values_list(*_ROW)]
    return found
