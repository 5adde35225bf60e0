"""Amending a published plan: open an amendment, change records under it, issue it with its document.

Each change takes effect at once, is told to its units and stands in the history with the values before and after;
issuing gives all of them their document. What moves deadlines is shown first: the preview makes it and takes it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.moving import (
    cancel_rows,
    compare,
    locked_plan,
    move_what_hangs_on,
    remove_rows,
    require_reason,
)
from plans.actions.ordinals import place_for
from plans.actions.records import give
from plans.actions.sent import made_before, remember
from plans.actions.series import hand_over
from plans.actions.versions import effects_of, keep_solution, keep_version
from plans.changes import Change, Line, begun, line, with_history
from plans.enums import OPEN, Kind, NoticeKind, Status, VersionOf
from plans.errors import ActionRefused, Stale
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Plan, PlanAmendment, Solution
from plans.record_values import facts, fingerprint
from plans.reminders.changed_work import tell_units
from units import audit
from units.models import User
from units.models.audit import AuditAction


def open_amendment(*, plan: Plan, by: User, title: str, reason: str, key: str = "") -> PlanAmendment:
    """Open an amendment of a published plan; only one is open at a time. With the `key` of a sent form: the same."""
    if not title.strip():
        raise ActionRefused(_("Say what the amendment is about."))
    require_reason(reason)
    with transaction.atomic():
        locked = locked_plan(plan.pk, by)
        made = made_before(key, by=by, plan=locked)
        if made is not None and (known := locked.amendments.filter(pk=made).first()):
            return known
        if locked.amendments.filter(issued_at__isnull=True).exists():
            raise Stale(_("An amendment of this plan is open already. Go on with that one."))
        ordinal = (locked.amendments.aggregate(last=Max("ordinal"))["last"] or 0) + 1
        facts_of = {"title": title.strip(), "reason": reason.strip(), "made_by": by, "made_at": clock.now()}
        row = PlanAmendment.objects.create(plan=locked, ordinal=ordinal, **facts_of)
        remember(key, by=by, plan=locked, record_id=row.pk)
        _log(AuditAction.CREATED, row, by, {"reason": row.reason})
    return row


def discard_amendment(*, amendment: PlanAmendment, by: User) -> None:
    """Throw away an open amendment under which nothing was changed."""
    with transaction.atomic():
        row = _open(amendment, by)
        if row.versions.exists():
            raise ActionRefused(_("Changes were made under this amendment already. Issue it with its document."))
        label, plan = str(row), row.plan
        row.delete()
        audit.record(AuditAction.DROPPED, by=by, label=label, plan_id=plan.pk, unit_id=plan.issuing_unit_id)


def issue_amendment(
    *, amendment: PlanAmendment, by: User, symbol: str, issued_on: dt.date, today: dt.date | None = None
) -> PlanAmendment:
    """Give an amendment its document: from now on nothing more is changed under it."""
    if not symbol.strip():
        raise ActionRefused(_("Write the number and symbol under which it is issued."))
    if issued_on > (today or clock.today()):
        raise ActionRefused(_("The day of issue lies ahead. Record the issue on its day or later."))
    with transaction.atomic():
        row = _open(amendment, by)
        if not row.versions.exists():
            raise ActionRefused(_("Nothing was changed under this amendment yet. Make the changes first."))
        if row.plan.issued_on and issued_on < row.plan.issued_on:
            raise ActionRefused(_("The plan itself was issued later. Check the day of the amendment."))
        row.symbol, row.issued_on = symbol.strip(), issued_on
        row.issued_at, row.issued_by = clock.now(), by
        row.save()
        _log(AuditAction.ISSUED, row, by, {"symbol": row.symbol, "changes": row.versions.count()})
    return row


# --- solutions ---


def amend_solution(
    *,
    solution: Solution,
    by: User,
    amendment: PlanAmendment,
    values: Mapping[str, Any],
    reason: str,
    expected: str | None = None,
    today: dt.date | None = None,
) -> Change:
    """Give a solution of a published plan another text, lead, support or deliverable; its units are told.

    What the former lead owed goes over to the new one, unless it has begun.
    """
    require_reason(reason)
    return _made(
        lambda day: _amend_solution(solution, by=by, amendment=amendment, values=values, reason=reason, today=day),
        expected,
        today,
    )


def preview_amended_solution(
    *,
    solution: Solution,
    by: User,
    amendment: PlanAmendment,
    values: Mapping[str, Any],
    today: dt.date | None = None,
) -> Change:
    """Return what `amend_solution` would do. Nothing stays."""
    return _shown(
        lambda day: _amend_solution(solution, by=by, amendment=amendment, values=values, reason="", today=day), today
    )


def add_solution(
    *, plan: Plan, by: User, amendment: PlanAmendment, values: Mapping[str, Any], reason: str, key: str = ""
) -> Solution:
    """Add a solution to a published plan; its commitments are added to it afterwards."""
    require_reason(reason)
    try:
        with transaction.atomic():
            return _add_solution(plan, by=by, amendment=amendment, values=values, reason=reason.strip(), key=key)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(key, by=by, plan=plan)
        if made is None:
            raise
        return Solution.objects.get(pk=made)


def drop_solution(
    *,
    solution: Solution,
    by: User,
    amendment: PlanAmendment,
    reason: str,
    expected: str | None = None,
    today: dt.date | None = None,
) -> Change:
    """Drop a solution of a published plan: what is open is called off, what was reported stays."""
    require_reason(reason)
    return _made(
        lambda day: _drop_solution(solution, by=by, amendment=amendment, reason=reason.strip(), today=day),
        expected,
        today,
    )


def preview_dropped_solution(
    *, solution: Solution, by: User, amendment: PlanAmendment, today: dt.date | None = None
) -> Change:
    """Return what `drop_solution` would do. Nothing stays."""
    return _shown(lambda day: _drop_solution(solution, by=by, amendment=amendment, reason="", today=day), today)


# --- the period ---


def amend_period(
    *,
    plan: Plan,
    by: User,
    amendment: PlanAmendment,
    period_end: dt.date | None,
    reason: str,
    expected: str | None = None,
    today: dt.date | None = None,
) -> Change:
    """Let a published plan end on another day, or leave its end open; recurring work follows."""
    require_reason(reason)
    return _made(
        lambda day: _amend_period(plan, by=by, amendment=amendment, end=period_end, reason=reason.strip(), today=day),
        expected,
        today,
    )


def preview_amended_period(
    *, plan: Plan, by: User, amendment: PlanAmendment, period_end: dt.date | None, today: dt.date | None = None
) -> Change:
    """Return what `amend_period` would do. Nothing stays."""
    return _shown(
        lambda day: _amend_period(plan, by=by, amendment=amendment, end=period_end, reason="", today=day), today
    )


# --- what the acts share ---


def _made(act: Callable[[dt.date], Change], expected: str | None, today: dt.date | None) -> Change:
    """Make a change that was shown; refuse it where it is another one by now."""
    with transaction.atomic():
        change = act(today or clock.today())
        compare(change, expected)
    return change


def _shown(act: Callable[[dt.date], Change], today: dt.date | None) -> Change:
    """Make a change and take it back."""
    with transaction.atomic():
        change = act(today or clock.today())
        transaction.set_rollback(True)
    return change


def _open(amendment: PlanAmendment, by: User) -> PlanAmendment:
    """Return an amendment that is still open, with its plan locked."""
    plan = locked_plan(amendment.plan_id, by)
    row = PlanAmendment.objects.filter(pk=amendment.pk).first()
    if row is None:
        raise Stale(_("This amendment is not there any more: somebody has thrown it away."))
    if not row.is_open:
        raise Stale(_("This amendment is issued already. Open another one for further changes."))
    row.plan = plan
    return row


def _again(solution: Solution, plan: Plan) -> Solution:
    """Return a solution of the plan as it stands now; refuse one that was dropped."""
    rows = Solution.objects.select_related("plan__issuing_unit", "lead_unit", "group__lead_unit")
    row: Solution | None = rows.filter(pk=solution.pk, plan=plan).first()
    if row is None or row.dropped_at:
        raise Stale(_("This solution was dropped meanwhile."))
    return row


def _amend_solution(
    solution: Solution, *, by: User, amendment: PlanAmendment, values: Mapping[str, Any], reason: str, today: dt.date
) -> Change:
    row = _open(amendment, by)
    fresh = _again(solution, row.plan)
    before, lead, change = facts(fresh), fresh.lead, Change(extra=fingerprint(fresh))
    give(fresh, values, row.plan, by=by)
    fresh = _again(solution, row.plan)
    after = facts(fresh)
    change.extra += fingerprint(fresh)
    if before == after:
        raise ActionRefused(_("Nothing was changed. Change a value, or go back."))
    if fresh.lead != lead:
        hand_over(fresh, change, plan=row.plan, by=by, reason=reason, today=today)
    keep_solution(fresh, row.plan, before=before, after=after, by=by, reason=reason, amendment=row, change=change)
    _tell_of_words(fresh, by, today)
    _log_solution(AuditAction.CHANGED, fresh, row, by, {**audit.changes(before, after), "reason": reason})
    return change


def _tell_of_words(solution: Solution, by: User, today: dt.date) -> None:
    """Tell the units that owe work under a solution that it says something else now."""
    rows = Deadline.objects.filter(solution=solution, status__in=OPEN).select_related("unit")
    tell_units(list(rows), NoticeKind.AMENDED, by=by, today=today)


def _add_solution(
    plan: Plan, *, by: User, amendment: PlanAmendment, values: Mapping[str, Any], reason: str, key: str
) -> Solution:
    row = _open(amendment, by)
    made = made_before(key, by=by, plan=row.plan)
    if made is not None:
        return Solution.objects.get(pk=made)
    if row.plan.pk != plan.pk:
        raise ActionRefused(_("This amendment belongs to another plan, or was thrown away."))
    solution = Solution(plan=row.plan)
    solution.ordinal = place_for(solution, {})  # at the end: numbers that were printed stay
    give(solution, values, row.plan, by=by)
    said = {name: value for name, value in facts(solution).items() if value}
    keep_solution(solution, row.plan, before={}, after=said, by=by, reason=reason, amendment=row)
    remember(key, by=by, plan=row.plan, record_id=solution.pk)
    _log_solution(AuditAction.CREATED, solution, row, by, {"reason": reason})
    return solution


def _drop_solution(solution: Solution, *, by: User, amendment: PlanAmendment, reason: str, today: dt.date) -> Change:
    row = _open(amendment, by)
    fresh, change = _again(solution, row.plan), Change()
    change.extra = f"drop {fingerprint(fresh)}"
    rows = _rows(Deadline.objects.filter(solution=fresh).exclude(status=Status.CANCELLED))
    undone = [r for r in rows if r.status in (*OPEN, Status.ON_HOLD)]
    change.kept += [line(r, r.due_on, str(r.get_status_display())) for r in rows if r not in undone]
    fresh.dropped_at, fresh.dropped_reason = clock.now(), reason[:500]
    fresh.save(update_fields=["dropped_at", "dropped_reason"])
    fresh.schedules.update(next_from=None)
    entries = cancel_rows(undone, change, by=by, reason=reason, today=today)
    entries += move_what_hangs_on(undone, change, by=by, today=today)
    said = {name: value for name, value in facts(fresh).items() if value}
    keep_solution(fresh, row.plan, before=said, after={}, by=by, reason=reason, amendment=row, change=change)
    audit.record_many(entries)
    _log_solution(AuditAction.DROPPED, fresh, row, by, {"cancelled": len(undone), "reason": reason})
    return change


def _amend_period(
    plan: Plan, *, by: User, amendment: PlanAmendment, end: dt.date | None, reason: str, today: dt.date
) -> Change:
    row = _open(amendment, by)
    fresh = row.plan
    if fresh.pk != plan.pk:
        raise ActionRefused(_("This amendment belongs to another plan, or was thrown away."))
    before = fresh.period_end
    if end == before:
        raise ActionRefused(_("Nothing was changed. Change a value, or go back."))
    if end and end < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    if end and fresh.period_start and end < fresh.period_start:
        raise ActionRefused(_("The period ends before it begins. Correct one of the two days."))
    change = Change(extra=f"{before} {end}")
    fresh.period_end = end
    fresh.save(update_fields=["period_end"])
    series = with_owners().filter(solution__plan=fresh, kind=Kind.RECURRING, due__isnull=True).exclude(rule="")
    entries = _beyond(series.values("pk"), end, change, by=by, reason=reason, today=today)
    _write_longer(list(series), change, by=by, today=today)
    keep_version(
        plan=fresh,
        kind=VersionOf.PLAN,
        record_id=fresh.pk,
        label=str(fresh),
        before={"period_end": before},
        after={"period_end": end},
        by=by,
        reason=reason,
        amendment=row,
        change=change,
    )
    audit.record_many(entries)
    data = {"period_end": [before, end], "amendment": row.pk, "reason": reason, **effects_of(change)}
    audit.record(AuditAction.CHANGED, by=by, obj=fresh, plan_id=fresh.pk, unit_id=fresh.issuing_unit_id, data=data)
    return change


def _beyond(
    series: Any,  # a queryset of ids
    end: dt.date | None,
    change: Change,
    *,
    by: User,
    reason: str,
    today: dt.date,
) -> list[audit.Entry]:
    """Take away what recurs after the new end; what was begun stays, and units are told what they knew of."""
    if end is None:
        return []
    rows = _rows(Deadline.objects.filter(schedule__in=series, period_start__gt=end).exclude(status=Status.CANCELLED))
    change.kept += [line(r, r.due_on, str(r.get_status_display())) for r in rows if begun(r)]
    left = [r for r in rows if not begun(r)]
    told = [r for r in left if r.told]  # type: ignore[attr-defined]  # annotated by with_history
    entries = cancel_rows(told, change, by=by, reason=reason, today=today)
    return entries + remove_rows([r for r in left if r not in told], change, by=by, reason=reason)


def _write_longer(series: list[Any], change: Change, *, by: User, today: dt.date) -> None:
    """Write out what recurs up to the new end, and tell the units."""
    last = Deadline.objects.aggregate(last=Max("pk"))["last"] or 0  # ids grow
    write_out(series, today=today)
    made = Deadline.objects.filter(schedule__in=[s.pk for s in series], pk__gt=last).select_related("unit")
    rows = list(made.order_by("unit_path", "due_on", "pk"))
    change.new += [Line(row.pk, row.version, row.unit.label, row.occurrence, None, row.due_on) for row in rows]
    tell_units(rows, NoticeKind.ASSIGNED, by=by, today=today)


def _rows(found: Any) -> list[Deadline]:  # a queryset of deadlines
    rows = with_history(found.select_for_update(of=("self",)))
    return list(rows.order_by("unit_path", "due_on", "pk"))


def _log(action: AuditAction, row: PlanAmendment, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.plan_id, unit_id=row.plan.issuing_unit_id, data=data)


def _log_solution(action: AuditAction, solution: Solution, row: PlanAmendment, by: User, data: dict[str, Any]) -> None:
    data = {**data, "amendment": row.pk}
    audit.record(action, by=by, obj=solution, plan_id=row.plan_id, unit_id=row.plan.issuing_unit_id, data=data)
