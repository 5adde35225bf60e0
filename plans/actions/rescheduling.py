"""The organiser moves last days: of one occurrence, and where the rule about days off or the calendar changed.

Each act is made of what its preview showed: the preview makes the change and takes it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.rewriting import BATCH
from plans.actions.moving import Move, compare, locked_plan, move_rows, require_reason
from plans.actions.versions import keep_version, version_of
from plans.calendars import working_calendar
from plans.changes import MOVABLE, Change, line
from plans.enums import DATED_KINDS, PlanStatus, Status, VersionOf
from plans.errors import ActionRefused
from plans.fan_out import schedule_occurrences, with_owners
from plans.labels import period_label
from plans.models import CalendarDay, Deadline, Plan, PlanAmendment, RecordVersion, Schedule
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission


def reschedule(
    *,
    deadline: Deadline,
    by: User,
    due_on: dt.date,
    reason: str,
    all_units: bool = False,
    expected: str | None = None,
    amendment: PlanAmendment | None = None,
    today: dt.date | None = None,
) -> Change:
    """Give "this one" another last day: one unit's, or that of every unit that owes the same occurrence."""
    require_reason(reason)
    with transaction.atomic():
        change = _reschedule(
            deadline,
            by,
            due_on,
            reason.strip(),
            all_units=all_units,
            today=today or clock.today(),
            amendment=amendment,
        )
        compare(change, expected)
    return change


def preview_reschedule(
    *, deadline: Deadline, by: User, due_on: dt.date, all_units: bool = False, today: dt.date | None = None
) -> Change:
    """Return what `reschedule` would do. Nothing stays."""
    with transaction.atomic():
        change = _reschedule(deadline, by, due_on, "", all_units=all_units, today=today or clock.today())
        transaction.set_rollback(True)
    return change


def _reschedule(
    deadline: Deadline,
    by: User,
    due_on: dt.date,
    reason: str,
    *,
    all_units: bool,
    today: dt.date,
    amendment: PlanAmendment | None = None,
) -> Change:
    plan = locked_plan(deadline.plan_id, by)
    if due_on < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    scope = Deadline.objects.filter(pk=deadline.pk)
    if all_units:
        scope = Deadline.objects.filter(schedule=deadline.schedule_id, occurrence=deadline.occurrence)
    change, moves = Change(), []
    for row in _for_update(scope):
        why = _why_it_stays(row, due_on, alone=not all_units)
        if why:
            change.kept.append(line(row, row.due_on, why))
        elif row.due_on != due_on:
            moves.append(Move(row, due_on))
    if not moves:
        words = change.kept[0].why if change.kept else _("It is due on this day already.")
        raise ActionRefused(_("Nothing would move: %(why)s") % {"why": words})
    before = [move.row.due_on for move in moves]
    entries = move_rows(moves, change, by=by, reason=reason, today=today)
    keep_version(
        plan=plan,
        kind=VersionOf.OCCURRENCE,
        record_id=deadline.schedule_id,
        label=_moved_label(moves, all_units=all_units),
        before={"due": next((day for day in before if day), None)},
        after={"due": due_on},
        by=by,
        reason=reason,
        amendment=amendment,
        change=change,
        unit=None if all_units else deadline.unit,
    )
    if all_units:
        _keep_in_step(deadline.schedule, due_on)
    audit.record_many(entries)
    return change


def reschedule_each(*, plan: Plan, by: User, moves: Mapping[int, tuple[dt.date, str]], today: dt.date) -> None:
    """Give deadlines of a plan, by their keys, a day and a reason each: all of them or none, in few statements.

    Each is an act of its own, as `reschedule` of one unit's occurrence: it has its version, its notice and its log.
    Raises `DeadlinesStay` with the key of each deadline that stays.
    """
    with transaction.atomic():
        locked, changes = locked_plan(plan.pk, by), Change()
        rows = _for_update(Deadline.objects.filter(plan=locked, pk__in=moves))
        refused = {row.pk: why for row in rows if (why := _why_not(row, *moves[row.pk], today=today))}
        if refused or len(rows) != len(moves):
            raise DeadlinesStay(refused)
        wanted = [Move(row, moves[row.pk][0], reason=moves[row.pk][1].strip()) for row in rows]
        before = {row.pk: row.due_on for row in rows}
        entries = move_rows(wanted, changes, by=by, reason="", today=today, each=True)
        one = Change(moved=[line(row, row.due_on) for row in rows[:1]])
        versions = [
            version_of(
                plan=locked,
                kind=VersionOf.OCCURRENCE,
                record_id=move.row.schedule_id,
                label=_moved_label([move], all_units=False),
                before={"due": before[move.row.pk]},
                after={"due": move.day},
                by=by,
                reason=move.reason,
                change=one,
                unit=move.row.unit,
            )
            for move in wanted
        ]
        RecordVersion.objects.bulk_create(versions, batch_size=BATCH)
        audit.record_many(entries)


class DeadlinesStay(ActionRefused):
    """Nothing moved, because of some deadlines: `rows` tells why, by their keys."""

    def __init__(self, rows: dict[int, str]) -> None:
        super().__init__(_("Nothing moved. Look at the deadlines again: somebody changed one of them meanwhile."))
        self.rows = rows


def _why_not(row: Deadline, due_on: dt.date, reason: str, *, today: dt.date) -> str:
    """Return why a deadline does not move to a day."""
    if due_on < today:
        return _("This day has passed. Choose today or a later day.")
    if not reason.strip():
        return _("Say why: the units will read it.")
    stays = _why_it_stays(row, due_on, alone=True) or (row.due_on == due_on and _("It is due on this day already."))
    return _("Nothing would move: %(why)s") % {"why": stays} if stays else ""


def _moved_label(moves: list[Move], *, all_units: bool) -> str:
    """Return what moved in words: the unit or every unit, the period, the solution."""
    row = moves[0].row
    unit = _("every unit that owes this occurrence") if all_units else row.unit.label
    return " – ".join(filter(None, (unit, period_label(row.occurrence), str(row.solution))))


def _why_it_stays(row: Deadline, due_on: dt.date, *, alone: bool) -> str:
    """Return why a row keeps its day; empty where it moves."""
    if row.status == Status.CANCELLED:
        return _("called off")
    if row.status not in MOVABLE:
        return _("reported already")
    granted = row.due_on and row.original_due_on and row.due_on > row.original_due_on
    if granted and not alone and row.due_on and row.due_on >= due_on:
        return _("a later day was granted")
    return ""


def _keep_in_step(schedule: Schedule, due_on: dt.date) -> None:
    """Let a commitment that comes once say its new day too: units founded later owe it by then."""
    if schedule.kind in DATED_KINDS:
        start = min(schedule.start, due_on) if schedule.start else None
        Schedule.objects.filter(pk=schedule.pk).update(due=due_on, start=start, exclusive=False)


# --- days off ---


def set_days_off_move(
    *, plan: Plan, by: User, moves: bool, reason: str, expected: str | None = None, today: dt.date | None = None
) -> Change:
    """Say of a published plan whether a day off moves to the next working day; its open deadlines follow."""
    require_reason(reason)
    with transaction.atomic():
        change = _set_days_off(plan, by, moves, reason.strip(), today or clock.today())
        compare(change, expected)
    return change


def preview_days_off_move(*, plan: Plan, by: User, moves: bool, today: dt.date | None = None) -> Change:
    """Return what `set_days_off_move` would do. Nothing stays."""
    with transaction.atomic():
        change = _set_days_off(plan, by, moves, "", today or clock.today())
        transaction.set_rollback(True)
    return change


def _set_days_off(plan: Plan, by: User, moves: bool, reason: str, today: dt.date) -> Change:  # noqa: FBT001  # the setting itself
    locked = locked_plan(plan.pk, by)
    if locked.days_off_move == moves:
        raise ActionRefused(_("The plan is set so already."))
    before, after = _days_entitled(locked), _days_entitled(locked, moves=moves)
    change = Change(extra=str(moves))
    wanted = []
    for row in _for_update(Deadline.objects.filter(plan=locked, status__in=MOVABLE, due_on__gte=today)):
        key = (row.schedule_id, row.occurrence)
        day = after.get(key)
        if day is None or day == before.get(key):
            continue
        if row.due_on == before.get(key) == row.original_due_on:
            wanted.append(Move(row, day))
        else:
            change.kept.append(line(row, row.due_on, _("it has a day of its own")))
    locked.days_off_move = moves
    locked.save(update_fields=["days_off_move"])
    entries = move_rows(wanted, change, by=by, reason=reason, today=today)
    data = {"days_off_move": [not moves, moves], "reason": reason}
    about = audit.Entry(
        AuditAction.CHANGED, by, obj=locked, plan_id=locked.pk, unit_id=locked.issuing_unit_id, data=data
    )
    audit.record_many([*entries, about])
    return change


def _days_entitled(plan: Plan, *, moves: bool | None = None) -> dict[tuple[int, str], dt.date | None]:
    """Return the last day of each occurrence by its commitment's rule; `moves` instead of the plan's own setting."""
    until = clock.today() + dt.timedelta(days=settings.HORIZON_DAYS)
    calendar = working_calendar()
    found: dict[tuple[int, str], dt.date | None] = {}
    for schedule in with_owners().filter(solution__plan=plan):
        schedule.solution.plan.days_off_move = plan.days_off_move if moves is None else moves
        occurrences, _next = schedule_occurrences(schedule, until, calendar)
        found |= {(schedule.pk, o.key): o.due for o in occurrences}
    return found


def move_off_days(*, by: User, year: int, reason: str, expected: str | None = None) -> Change:
    """Move open deadlines that fall on a day off of the calendar, where their plans say so, to the next working day.

    Only in plans that `by` manages: who keeps the calendar decides about no plan.
    """
    require_reason(reason)
    with transaction.atomic():
        change = _move_off_days(by, year, reason.strip())
        compare(change, expected)
        if not change:
            raise ActionRefused(_("No open deadline falls on a day off of this year."))
    return change


def preview_off_days(*, by: User, year: int) -> Change:
    """Return what `move_off_days` would do. Nothing stays."""
    with transaction.atomic():
        change = _move_off_days(by, year, "")
        transaction.set_rollback(True)
    return change


def on_days_off(rows: QuerySet[Deadline], *, year: int, today: dt.date) -> QuerySet[Deadline]:
    """Return the open ones of `rows` whose last day is a public holiday or swapped day of a year and should move."""
    off = CalendarDay.objects.filter(kind=CalendarDay.Kind.OFF, day__year=year, day__gte=today).values("day")
    followed = rows.filter(plan__days_off_move=True, plan__status=PlanStatus.PUBLISHED)
    return followed.filter(status__in=MOVABLE, due_on__in=off)


def _move_off_days(by: User, year: int, reason: str) -> Change:
    require(by.may(Permission.MANAGE_PLANS))
    today, calendar, change = clock.today(), working_calendar(), Change(extra=str(year))
    managed = Deadline.objects.filter(plan__in=Plan.objects.managed_by(by).values("pk"))
    rows = _for_update(on_days_off(managed, year=year, today=today))
    wanted = [Move(row, calendar.working_day(row.due_on)) for row in rows if row.due_on]
    audit.record_many(move_rows(wanted, change, by=by, reason=reason, today=today))
    return change


def _for_update(rows: QuerySet[Deadline]) -> list[Deadline]:
    """Return rows locked until the end of the transaction, in the order of the units."""
    related = ("unit", "solution", "plan__issuing_unit", "schedule")
    return list(rows.select_for_update(of=("self",)).select_related(*related).order_by("unit_path", "due_on", "pk"))
