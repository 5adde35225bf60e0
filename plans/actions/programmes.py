"""The work programme of a body: a published plan without a document, which grows with what the body decides.

Who decides for a union need not run its plans: leaders may add work here, which they may not in other plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.records import give
from plans.enums import Deliverable, NoticeKind, PlanStatus
from plans.errors import ActionRefused
from plans.fan_out import with_owners, write_out
from plans.models import Plan, Schedule, Solution, SolutionGroup
from plans.reminders.changed_work import tell_units
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission


def may_decide_for(user: User, unit: Unit) -> bool:
    """Return whether `user` decides for `unit`: its leaders, and who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit) or user.may(Permission.CONFIRM, unit)


def open_programme(*, unit: Unit, body: str, title: str, year: int, by: User, entitled: bool = False) -> Plan:
    """Make the published plan of a body for a year; it has no work yet. `entitled`: see `add_work`."""
    require(entitled or may_decide_for(by, unit))
    with transaction.atomic():
        plan = Plan(
            issuing_unit=unit,
            issuing_body=body,
            title=title,
            issued_on=clock.today(),
            period_start=dt.date(year, 1, 1),
            period_end=dt.date(year, 12, 31),
            status=PlanStatus.PUBLISHED,
            is_programme=True,
            published_at=clock.now(),
            published_by=by,
            created_by=by,
        )
        plan.full_clean(exclude=["search"])
        plan.save()
        audit.record(AuditAction.PUBLISHED, by=by, obj=plan, plan_id=plan.pk, unit_id=unit.pk, data={"deadlines": 0})
    return plan


def add_work(
    *,
    plan: Plan,
    by: User,
    text: str,
    group: str,
    lead_unit: Unit,
    when: Mapping[str, Any],
    supporting_units: Iterable[Unit] = (),
    overseer: User | None = None,
    deliverable: str = Deliverable.RESULT,
    entitled: bool = False,
    today: dt.date | None = None,
    until: dt.date | None = None,
) -> Schedule:
    """Add a solution with one commitment to a programme: its lead owes it. Return the commitment.

    `group` is the heading it stands under, made when it is new; `when` are the values of the commitment
    (`CHANGEABLE`). The units are told of it. Work that recurs is written out `until` a day, else up to the horizon.
    `entitled`: the act that calls this has checked a right of its own, as for a report that follows from a trip.
    """
    today = today or clock.today()
    with transaction.atomic():
        rows = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit")
        locked = rows.get(pk=plan.pk)
        require(entitled or may_decide_for(by, locked.issuing_unit))
        if locked.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("The work programme of that year is closed: nothing can be added to it any more."))
        facts = {"text": text, "group": _group(locked, group), "lead_unit": lead_unit, "overseer": overseer}
        facts |= {"supporting_units": list(supporting_units), "deliverable": deliverable}
        solution = Solution(plan=locked, ordinal=_next(locked.solutions))
        give(solution, facts, locked, by=by)
        schedule = Schedule(solution=solution)
        give(schedule, when, locked, by=by)
        _give_out(schedule, by=by, today=today, until=until)
        data = {"deadlines": schedule.deadlines.count()}
        audit.record(
            AuditAction.CREATED, by=by, obj=solution, plan_id=locked.pk, unit_id=locked.issuing_unit_id, data=data
        )
    return schedule


def _group(plan: Plan, title: str) -> SolutionGroup:
    found = plan.groups.filter(title=title).first()
    return found or SolutionGroup.objects.create(plan=plan, title=title[:500], ordinal=_next(plan.groups))


def _next(records: Any) -> int:  # a manager of numbered records
    return int(records.aggregate(last=Max("ordinal"))["last"] or 0) + 1


def _give_out(schedule: Schedule, *, by: User, today: dt.date, until: dt.date | None) -> None:
    """Write the deadlines out and tell the units."""
    write_out(list(with_owners().filter(pk=schedule.pk)), today=today, until=until)
    owed = list(schedule.deadlines.select_related("unit").order_by("due_on", "pk"))
    if not owed:
        raise ActionRefused(_("Nothing would fall due by these words. Give a day, or other words."))
    tell_units(owed, NoticeKind.ASSIGNED, by=by, today=today)
