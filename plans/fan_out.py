"""Who owes a schedule, and the deadlines that follow: written in bulk, each once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from doantracker.lib.working_days import WorkingCalendar
from plans.anchored import give_known_days
from plans.calendars import working_calendar
from plans.models import Deadline, LadderStep, Plan, ReminderLadder, Schedule
from plans.occurrences import Occurrence, occurrences
from plans.reminders.rules import Ladder, first_reminder
from units.models import Unit

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Ladders:
    """Every ladder as values, and the default one."""

    by_id: dict[int, Ladder]
    default: Ladder = field(default_factory=Ladder)

    @property
    def by_plan_ladder(self) -> dict[int | None, Ladder]:
        """Return the ladder by what stands in a plan; None: the default one."""
        found: dict[int | None, Ladder] = dict(self.by_id.items())
        found[None] = self.default
        return found

    def of(self, plan: Plan) -> Ladder:
        """Return the ladder a plan uses."""
        return self.by_id.get(plan.ladder_id or 0, self.default)


def load_ladders() -> Ladders:
    """Return all ladders in one query; the built-in 7, 3, 1, 0 and weekly where none is set up."""
    rows = ReminderLadder.objects.prefetch_related(Prefetch("steps", LadderStep.objects.order_by("-days_before")))
    values = {r.pk: (r.is_default, _ladder(r)) for r in rows}
    default = next((ladder for is_default, ladder in values.values() if is_default), Ladder())
    return Ladders({pk: ladder for pk, (_, ladder) in values.items()}, default)


def _ladder(row: ReminderLadder) -> Ladder:
    """Return a stored ladder as a value."""
    levels = (row.escalate_first, row.escalate_second)
    return Ladder(
        days_before=tuple(step.days_before for step in row.steps.all()),
        overdue_every=row.overdue_every,
        escalate_after=tuple(days for days in levels if days is not None),
    )


def with_owners() -> QuerySet[Schedule]:
    """Return schedules with all that `write_out` reads, in a fixed number of queries; none of a dropped solution."""
    return (
        Schedule.objects.filter(solution__dropped_at__isnull=True)
        .select_related("solution__plan__issuing_unit", "solution__lead_unit", "solution__group__lead_unit")
        .prefetch_related("owner_units", "owner_kinds")
    )


def write_out(
    schedules: Sequence[Schedule],
    *,
    today: dt.date,
    only: Collection[Unit] | None = None,
    until: dt.date | None = None,
) -> int:
    """Write the deadlines of `schedules` whose period begins within the horizon; return how many are new.

    `until` takes the place of the horizon where units are to see all they owe at once.

    `only` narrows to some units, newly founded: they owe nothing that fell due before they existed.
    Idempotent: one row per schedule, unit and occurrence stands in the database however often this runs.
    """
    if not schedules:
        return 0
    until = until or today + dt.timedelta(days=settings.HORIZON_DAYS)
    classes = units_of_classes(schedules, today)
    ladders = load_ladders()
    moving = any(s.solution.plan.days_off_move for s in schedules)
    calendar = working_calendar() if moving else None
    rows: list[Deadline] = []
    for schedule in schedules:
        found, schedule.next_from = schedule_occurrences(schedule, until, calendar)
        ladder = ladders.of(schedule.solution.plan)
        for unit in owing_units(schedule, classes):
            if only is None or unit in only:
                rows += [_row(schedule, unit, o, ladder, today) for o in found if not _before(o, unit)]
    rows = _not_owed_before(rows)
    before = Deadline.objects.filter(schedule__in=[s.pk for s in schedules]).count()
    Deadline.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    Schedule.objects.bulk_update(schedules, ["next_from"], batch_size=BATCH)
    give_known_days(schedules, today=today, ladders=ladders)
    return Deadline.objects.filter(schedule__in=[s.pk for s in schedules]).count() - before


def schedule_occurrences(
    schedule: Schedule, until: dt.date, calendar: WorkingCalendar | None = None
) -> tuple[list[Occurrence], dt.date | None]:
    """Return the occurrences of a stored schedule that begin by `until`, and when the next one begins.

    `calendar` is used where the plan moves days off.
    """
    plan = schedule.solution.plan
    return occurrences(
        kind=schedule.kind,
        start=schedule.start,
        due=schedule.due,
        rule=schedule.rule,
        period_start=plan.period_start,
        period_end=plan.period_end,
        not_before=plan.issued_on,
        until=until,
        calendar=calendar if plan.days_off_move else None,
    )


def owing_units(schedule: Schedule, classes: dict[tuple[int, int], list[Unit]]) -> list[Unit]:
    """Return who owes a schedule: named units and classes; without either, the lead."""
    owners = {u.pk: u for u in schedule.owner_units.all()}
    kinds = list(schedule.owner_kinds.all())
    for kind in kinds:
        owners |= {u.pk: u for u in classes[schedule.solution.plan_id, kind.pk]}
    if not owners and not kinds and schedule.solution.lead:
        owners = {schedule.solution.lead.pk: schedule.solution.lead}
    return list(owners.values())


def units_of_classes(schedules: Sequence[Schedule], today: dt.date) -> dict[tuple[int, int], list[Unit]]:
    """Return the units in force per (plan, kind) that the schedules' classes mean, in one query."""
    wanted = {(s.solution.plan, k.pk) for s in schedules for k in s.owner_kinds.all()}
    found: dict[tuple[int, int], list[Unit]] = defaultdict(list)
    if not wanted:
        return found
    condition = Q(pk__in=[])
    for plan, kind in wanted:
        condition |= Q(kind=kind, path__range=(plan.issuing_unit.path, plan.issuing_unit.path_end))
    units = list(Unit.objects.in_force(today).filter(condition))
    for plan, kind in wanted:
        found[plan.pk, kind] = [u for u in units if u.kind_id == kind and plan.issuing_unit.covers(u)]
    return found


def _not_owed_before(rows: list[Deadline]) -> list[Deadline]:
    """Leave out what a commitment already owed before it was changed: the year that began under the former rule."""
    if not any(row.schedule.continues_id for row in rows):
        return rows
    links = Schedule.objects.filter(solution__in={row.solution_id for row in rows}).values_list("pk", "continues_id")
    before: dict[int, int | None] = {}
    before.update(links)
    owed = set(Deadline.objects.filter(schedule__in=before).values_list("schedule_id", "unit_id", "occurrence"))
    return [
        row
        for row in rows
        if not any((pk, row.unit_id, row.occurrence) in owed for pk in _former(row.schedule_id, before))
    ]


def _former(schedule: int, before: dict[int, int | None]) -> Iterator[int]:
    """Yield the commitments that a commitment goes on with, the latest first."""
    former = before.get(schedule)
    while former is not None:
        yield former
        former = before.get(former)


def _before(occurrence: Occurrence, unit: Unit) -> bool:
    """Return whether an occurrence fell due before the unit came into force."""
    return bool(occurrence.due and unit.valid_from and occurrence.due < unit.valid_from)


def _row(schedule: Schedule, unit: Unit, occurrence: Occurrence, ladder: Ladder, today: dt.date) -> Deadline:
    return Deadline(
        schedule=schedule,
        solution=schedule.solution,
        plan=schedule.solution.plan,
        unit=unit,
        unit_path=unit.path,
        occurrence=occurrence.key,
        period_start=occurrence.start,
        due_on=occurrence.due,
        original_due_on=occurrence.due,
        remind_on=first_reminder(occurrence.due, today, ladder),
    )
