"""Acts that fill a gap of a plan where its own acts don't reach: a lead given later, the day of its report."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.moving import locked_plan
from plans.actions.records import add_record, change_record
from plans.actions.series import add_commitment
from plans.enums import Deliverable, Kind, NoticeKind, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Plan, Schedule, Solution
from plans.reminders.changed_work import tell_units
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


def give_lead(*, solution: Solution, lead: Unit, by: User, today: dt.date | None = None) -> int:
    """Give a solution of a plan that is followed up the lead it lacks; return how many deadlines follow.

    Work that names nobody is owed by the lead from now on. Who leads already stays: that would take work away.
    """
    today = today or clock.today()
    with transaction.atomic():
        plan = locked_plan(solution.plan_id, by)
        fresh = Solution.objects.select_related("group__lead_unit", "lead_unit").get(pk=solution.pk)
        if fresh.lead is not None:
            raise Stale(_("This solution has a lead by now: %(unit)s.") % {"unit": fresh.lead.label})
        if fresh.dropped_at is not None:
            raise ActionRefused(_("This solution was dropped by an amendment. Choose another one."))
        if not plan.issuing_unit.covers(lead):
            raise ActionRefused(_("A record of another plan or a unit outside the issuing unit was named."))
        fresh.lead_unit = lead
        fresh.save(update_fields=["lead_unit"])
        last = Deadline.objects.aggregate(last=Max("pk"))["last"] or 0  # ids grow
        made = write_out(list(with_owners().filter(solution=fresh)), today=today)
        new = Deadline.objects.filter(solution=fresh, pk__gt=last).select_related("unit").order_by("due_on", "pk")
        tell_units(list(new), NoticeKind.ASSIGNED, by=by, today=today)
        audit.record(
            AuditAction.LEAD_GIVEN,
            by=by,
            obj=fresh,
            plan_id=plan.pk,
            unit_id=plan.issuing_unit_id,
            data={"lead": lead.name, "deadlines": made},
        )
    return made


def give_report_day(
    *, plan: Plan, solution: Solution | None, day: dt.date, by: User, today: dt.date | None = None
) -> None:
    """Say by which day the report on the plan as a whole is due: `solution` owes it, and owes it in writing.

    Without `solution`, in a draft, one is added that says so.
    """
    require(may_manage(by, plan))
    today = today or clock.today()
    if day < (plan.period_start or day):
        raise ActionRefused(_("The report can't be due before the period of the plan begins."))
    values = {"kind": Kind.BY_DATE, "due": day}
    with transaction.atomic():
        if plan.status == PlanStatus.DRAFT:
            if solution is None:
                text = _("Report on the results of the plan.")
                added = {"text": text, "deliverable": Deliverable.REPORT}
                solution = add_record(plan=plan, model=Solution, values=added, by=by)
            elif solution.deliverable != Deliverable.REPORT:
                change_record(record=solution, values={"deliverable": Deliverable.REPORT}, by=by)
            add_record(plan=plan, model=Schedule, values=values, by=by, solution=solution)
            return
        if solution is None:
            raise ActionRefused(_("Choose the solution that owes the report."))
        if day < today:
            raise ActionRefused(_("This day has passed. Choose today or a later day."))
        locked_plan(plan.pk, by)
        Solution.objects.filter(pk=solution.pk).update(deliverable=Deliverable.REPORT)
        reason = _("The report on the plan gets its day.")
        add_commitment(solution=solution, by=by, values=values, reason=reason, today=today)
