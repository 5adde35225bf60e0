"""The organiser changes a published commitment: this and later occurrences, who owes it, or adds one.

A series is split: the former commitment ends before the first occurrence concerned, a new one goes on. What stands
in the register is not written over: a row nobody has begun takes its new day and belongs to the new series; a row
that finds no place there is called off, or deleted where nobody ever saw it; work that was begun stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.moving import Move, cancel_rows, compare, entry, locked_plan, move_rows, remove_rows, require_reason
from plans.actions.records import give
from plans.actions.versions import keep_commitment
from plans.calendars import working_calendar
from plans.changes import Change, Line, begun, line, with_history
from plans.enums import Kind, NoticeKind, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import BATCH, owing_units, schedule_occurrences, units_of_classes, with_owners, write_out
from plans.models import Deadline, Plan, PlanAmendment, Schedule, Solution
from plans.occurrences import Occurrence
from plans.record_values import CHANGEABLE, facts, fingerprint, is_link, plain
from plans.reminders.changed_work import tell_units
from units import audit
from units.models import User
from units.models.audit import AuditAction

#: How far ahead a change may begin: "from next year on" is said long before its deadlines are written out.
LOOK_AHEAD = dt.timedelta(days=800)
#: Parts of a year, the longest first: months in each.
_SPANS = (12, 6, 3, 1)
Bucket = Callable[[dt.date], tuple[int, ...]]
#: Occurrences of two rules are the same piece of work when each is alone in one week, month, quarter, half-year, year.
_BUCKETS: tuple[Bucket, ...] = (
    lambda d: d.isocalendar()[:2],
    *((lambda d, n=n: (d.year, (d.month - 1) // n)) for n in reversed(_SPANS)),
)


def change_commitment(
    *,
    schedule: Schedule,
    by: User,
    values: Mapping[str, Any],
    reason: str,
    from_key: str = "",
    expected: str | None = None,
    amendment: PlanAmendment | None = None,
    today: dt.date | None = None,
) -> Change:
    """Change a commitment; a recurring one from the occurrence `from_key` on, what comes once as a whole.

    `values` as for the records of a draft (`CHANGEABLE`); what is not named stays.
    """
    require_reason(reason)
    with transaction.atomic():
        change = _change(
            schedule,
            by=by,
            values=values,
            reason=reason.strip(),
            from_key=from_key,
            today=today or clock.today(),
            amendment=amendment,
        )
        compare(change, expected)
    return change


def preview_commitment(
    *, schedule: Schedule, by: User, values: Mapping[str, Any], from_key: str = "", today: dt.date | None = None
) -> Change:
    """Return what `change_commitment` would do. Nothing stays."""
    with transaction.atomic():
        change = _change(schedule, by=by, values=values, reason="", from_key=from_key, today=today or clock.today())
        transaction.set_rollback(True)
    return change


def add_commitment(
    *,
    solution: Solution,
    by: User,
    values: Mapping[str, Any],
    reason: str,
    expected: str | None = None,
    amendment: PlanAmendment | None = None,
    today: dt.date | None = None,
) -> Change:
    """Add a commitment to a solution of a published plan: each unit that owes it gets its deadlines."""
    require_reason(reason)
    with transaction.atomic():
        change = _add(
            solution,
            by=by,
            values=values,
            reason=reason.strip(),
            today=today or clock.today(),
            amendment=amendment,
        )
        compare(change, expected)
    return change


def preview_added(*, solution: Solution, by: User, values: Mapping[str, Any], today: dt.date | None = None) -> Change:
    """Return what `add_commitment` would do. Nothing stays."""
    with transaction.atomic():
        change = _add(solution, by=by, values=values, reason="", today=today or clock.today())
        transaction.set_rollback(True)
    return change


def next_occurrences(schedule: Schedule, today: dt.date) -> list[Occurrence]:
    """Return the occurrences of a stored series that are not over yet, as far ahead as a change may begin."""
    found, _next = schedule_occurrences(schedule, today + LOOK_AHEAD, working_calendar())
    return [o for o in found if o.due and o.due >= today]


def hand_over(solution: Solution, change: Change, *, plan: Plan, by: User, reason: str, today: dt.date) -> None:
    """Give what the lead of a solution owes to the lead it has now: recurring work from the next occurrence on.

    Work that has begun, or is over, stays with the former lead. Writes its log entries; the caller's come later.
    """
    entries: list[audit.Entry] = []
    for former in with_owners().filter(solution=solution).order_by("pk"):
        if former.owner_units.all() or former.owner_kinds.all():
            continue
        rows = _rows_of(former)
        series = former.kind == Kind.RECURRING and bool(former.rule)
        key = _first_untouched(former, rows, today) if series else ""
        concerned = [row for row in rows if row.due_on is None or row.due_on >= today]
        if (series and not key) or (not series and (not concerned or any(begun(row) for row in concerned))):
            change.kept += [line(row, row.due_on, _why_begun(row)) for row in concerned if begun(row)]
            continue
        now, later = _target(former, rows, {}, plan=plan, by=by, from_key=key, today=today)
        now = with_owners().get(pk=now.pk)
        entries += _settle(now, [row for row in later if row in concerned], change, by=by, reason=reason, today=today)
        _write_new(now, change, by, today)
    audit.record_many(entries)


def _first_untouched(schedule: Schedule, rows: Sequence[Deadline], today: dt.date) -> str:
    """Return the first occurrence that is not over and that nobody has begun; empty where there is none."""
    touched = {row.occurrence for row in rows if begun(row)}
    return next((o.key for o in next_occurrences(schedule, today) if o.key not in touched), "")


# --- the change itself ---


def _add(
    solution: Solution,
    *,
    by: User,
    values: Mapping[str, Any],
    reason: str,
    today: dt.date,
    amendment: PlanAmendment | None = None,
) -> Change:
    plan = locked_plan(solution.plan_id, by)
    if Solution.objects.filter(pk=solution.pk, dropped_at__isnull=False).exists():
        raise ActionRefused(_("This solution was dropped by an amendment. Add the commitment to another one."))
    schedule = Schedule(solution=solution)
    give(schedule, _from_today(values, plan, today), plan, by=by)
    change = Change()
    _write_new(schedule, change, by, today)
    if not change:
        raise ActionRefused(_("No unit would owe it. Name units or kinds, or give the solution a lead."))
    said = {name: value for name, value in facts(schedule).items() if value}
    keep_commitment(schedule, plan, before={}, after=said, by=by, reason=reason, amendment=amendment, change=change)
    data = {"commitment": _worded(said), "deadlines": len(change.new), "reason": reason}
    _log_commitment(AuditAction.CREATED, schedule, plan, by, data)
    return change


def _change(
    schedule: Schedule,
    *,
    by: User,
    values: Mapping[str, Any],
    reason: str,
    from_key: str,
    today: dt.date,
    amendment: PlanAmendment | None = None,
) -> Change:
    plan = locked_plan(schedule.solution.plan_id, by)
    former = with_owners().filter(pk=schedule.pk).first()
    if former is None:
        raise Stale(_("This commitment is not there any more."))
    before, change = facts(former), Change(extra=fingerprint(former))
    rows = _rows_of(former)
    now, later = _target(former, rows, values, plan=plan, by=by, from_key=from_key, today=today)
    now = with_owners().get(pk=now.pk)
    after = facts(now)
    if not set(audit.changes(before, after)) - ({"start"} if now.pk != former.pk else set()):
        raise ActionRefused(_("Nothing was changed. Change a value, or go back."))
    entries = _settle(now, later, change, by=by, reason=reason, today=today)
    _write_new(now, change, by, today)
    keep_commitment(now, plan, before=before, after=after, by=by, reason=reason, amendment=amendment, change=change)
    data = {"changes": audit.changes(before, after), "from": from_key, "continues": now.continues_id, "reason": reason}
    audit.record_many(entries)
    _log_commitment(AuditAction.RULE_CHANGED, now, plan, by, data)
    return change


def _target(
    former: Schedule,
    rows: list[Deadline],
    values: Mapping[str, Any],
    *,
    plan: Plan,
    by: User,
    from_key: str,
    today: dt.date,
) -> tuple[Schedule, list[Deadline]]:
    """Return the commitment that holds the new values, and the rows it concerns.

    A series that has an occurrence before goes on as a new commitment, which begins after it; else the commitment
    itself takes the values.
    """
    if former.kind != Kind.RECURRING or not former.rule:
        give(former, values, plan, by=by)
        return former, rows
    series = _whole_series(former, today)
    at = next((n for n, o in enumerate(series) if o.key == from_key), None)
    if at is None or from_key not in {o.key for o in next_occurrences(former, today)}:
        raise ActionRefused(_("Choose from which occurrence on it changes."))
    first = series[at].start
    earlier = [o for o in series[:at] if o.start and first and o.start < first]
    end = first - dt.timedelta(days=1) if first else None
    if not earlier or first is None or end is None or (former.start and former.start > end):
        give(former, _from_today(values, plan, today, before=former.start), plan, by=by)
        return former, rows
    begins = _beginning(first, max((o.due for o in earlier if o.due and o.due < first), default=end))
    now = _successor(former, values, max(begins, today, values.get("start") or begins), plan, by)
    former.due, former.next_from = end, None
    former.save(update_fields=["due", "next_from"])
    return now, [row for row in rows if row.period_start is None or row.period_start >= first]


def _from_today(
    values: Mapping[str, Any], plan: Plan, today: dt.date, before: dt.date | None = None
) -> dict[str, Any]:
    """Return values of a series that begins today where nobody gave another first day: no unit owes what is over.

    `before` is the first day so far. A period that has begun counts as long as it is not over.
    """
    start = values.get("start")
    begun_already = (start or plan.period_start or today) < today
    if values.get("rule") and start == before and begun_already:
        return {**values, "start": today}
    return dict(values)


def _whole_series(schedule: Schedule, today: dt.date) -> list[Occurrence]:
    """Return every occurrence of a series as far ahead as a change may begin, days as the rule has them."""
    found, _next = schedule_occurrences(schedule, today + LOOK_AHEAD)
    return found


def _beginning(first: dt.date, before: dt.date) -> dt.date:
    """Return from when the new series counts: the first day of the longest part of the year after the last one due.

    So work due on the 20th that is due on the 15th from now on keeps its month.
    """
    for months in _SPANS:
        start = dt.date(first.year, (first.month - 1) // months * months + 1, 1)
        if start > before:
            return start
    monday = first - dt.timedelta(days=first.weekday())
    return monday if monday > before else first


def _successor(former: Schedule, values: Mapping[str, Any], begins: dt.date, plan: Plan, by: User) -> Schedule:
    """Return the new commitment: where no new value is given the former one; its words in the document too."""
    columns = ("phrase", "source_paragraph", "source_start", "source_end")
    now = Schedule(solution=former.solution, continues=former, **{name: getattr(former, name) for name in columns})
    kept = {
        name: list(getattr(former, name).all()) if is_link(former, name) else getattr(former, name)
        for name in CHANGEABLE[Schedule]
    }
    given = kept | dict(values)
    if given["kind"] == Kind.RECURRING:
        given["start"] = begins
    if given.get("due") and given.get("start") and given["due"] < given["start"]:
        raise ActionRefused(_("The last day lies before the first. Correct one of the two days."))
    give(now, given, plan, by=by)
    return now


def _rows_of(schedule: Schedule) -> list[Deadline]:
    rows = with_history(Deadline.objects.filter(schedule=schedule).select_for_update(of=("self",)))
    return list(rows.order_by("unit_path", "due_on", "pk"))


@dataclass(slots=True)
class _Sorted:
    """What becomes of the rows concerned."""

    move: list[Move] = field(default_factory=list)
    adopt: list[tuple[Deadline, Occurrence]] = field(default_factory=list)
    cancel: list[Deadline] = field(default_factory=list)
    remove: list[Deadline] = field(default_factory=list)


def _settle(
    now: Schedule, rows: Sequence[Deadline], change: Change, *, by: User, reason: str, today: dt.date
) -> list[audit.Entry]:
    """Give each row its place in the new series; return the log entries still to write."""
    found, _next = schedule_occurrences(now, today + dt.timedelta(days=settings.HORIZON_DAYS), working_calendar())
    owners = {unit.pk for unit in owing_units(now, units_of_classes([now], today))}
    places = _places(rows, found, owners)
    sorted_rows = _Sorted()
    days = [places[row.pk].due for row in rows if row.pk in places and not begun(row)]
    was = {row.due_on for row in rows}
    if any(day is not None and day < today and day not in was for day in days):
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    for row in rows:
        _sort(row, now, places.get(row.pk), sorted_rows, change)
    entries = [
        entry(
            AuditAction.RULE_CHANGED,
            row,
            by,
            was=[row.schedule_id, row.occurrence],
            now=[now.pk, place.key],
            reason=reason,
        )
        for row, place in sorted_rows.adopt
    ]
    for row, place in sorted_rows.adopt:
        row.schedule, row.occurrence, row.version = now, place.key, row.version + 1
    adopted = [row for row, _place in sorted_rows.adopt]
    Deadline.objects.bulk_update(adopted, ["schedule", "occurrence", "version"], batch_size=BATCH)
    entries += move_rows(sorted_rows.move, change, by=by, reason=reason, today=today)
    entries += cancel_rows(sorted_rows.cancel, change, by=by, reason=reason, today=today)
    entries += remove_rows(sorted_rows.remove, change, by=by, reason=reason)
    return entries


def _sort(row: Deadline, now: Schedule, place: Occurrence | None, into: _Sorted, change: Change) -> None:
    """Decide what becomes of one row: another day, no place any more, or its own day in the new series."""
    stays = begun(row)
    if place is not None and place.due is not None and place.due != row.due_on and not stays:
        into.move.append(Move(row, place.due, now, place))
        return
    if place is None and not stays:
        (into.cancel if row.told else into.remove).append(row)  # type: ignore[attr-defined]  # annotated
        return
    if (place is None or place.due != row.due_on) and row.status != Status.CANCELLED:
        change.kept.append(line(row, row.due_on, _why_begun(row)))
    if place and (row.schedule_id, row.occurrence) != (now.pk, place.key):
        into.adopt.append((row, place))


def _why_begun(row: Deadline) -> str:
    """Return why a row keeps its day."""
    return str(_("work has begun") if row.status == Status.ASSIGNED else row.get_status_display())


def _places(rows: Sequence[Deadline], found: Sequence[Occurrence], owners: set[int]) -> dict[int, Occurrence]:
    """Return which occurrence of the new series each row is, by the row's id.

    The same name; else the only row and the only occurrence left of that unit in one week, month, quarter, half-year
    or year.
    """
    places: dict[int, Occurrence] = {}
    for of_unit in _by_unit(rows).values():
        if of_unit[0].unit_id not in owners:
            continue
        by_key = {o.key: o for o in found}
        places |= {row.pk: by_key[row.occurrence] for row in of_unit if row.occurrence in by_key}
        taken = {places[row.pk].key for row in of_unit if row.pk in places}
        left, free = [r for r in of_unit if r.pk not in places], [o for o in found if o.key not in taken]
        for bucket in _BUCKETS:
            for row, occurrence in _pairs(left, free, bucket):
                places[row.pk] = occurrence
                left.remove(row)
                free.remove(occurrence)
    return places


def _pairs(rows: Iterable[Deadline], found: Iterable[Occurrence], bucket: Bucket) -> list[tuple[Deadline, Occurrence]]:
    """Return the rows and occurrences that are alone in one part of a year."""
    mine: dict[tuple[int, ...], list[Deadline]] = defaultdict(list)
    theirs: dict[tuple[int, ...], list[Occurrence]] = defaultdict(list)
    for row in rows:
        if row.due_on:
            mine[bucket(row.due_on)].append(row)
    for occurrence in found:
        if occurrence.due:
            theirs[bucket(occurrence.due)].append(occurrence)
    return [(mine[key][0], theirs[key][0]) for key in mine if len(mine[key]) == len(theirs.get(key, [])) == 1]


def _by_unit(rows: Iterable[Deadline]) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    return found


def _write_new(schedule: Schedule, change: Change, by: User, today: dt.date) -> None:
    """Write out what is new, and tell the units that owe it."""
    last = Deadline.objects.aggregate(last=Max("pk"))["last"] or 0  # ids grow
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    made = Deadline.objects.filter(schedule=schedule, pk__gt=last).select_related("unit")
    rows = list(made.order_by("unit_path", "due_on", "pk"))
    change.new += [Line(row.pk, row.version, row.unit.label, row.occurrence, None, row.due_on) for row in rows]
    tell_units(rows, NoticeKind.ASSIGNED, by=by, today=today)


def _log_commitment(action: AuditAction, schedule: Schedule, plan: Plan, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=schedule, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=data)


def _worded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items() if value}
