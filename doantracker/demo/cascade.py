"""One plan of the demo province sent down to districts and their equals, with a few answers, each on its day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.cascade import answer_all, answer_item, send_down
from plans.actions.own_plans import start_own_plan
from plans.actions.pilots import add_slot, choose_pilots
from plans.enums import ItemAnswer, Kind
from plans.models import Plan, PlanRecipient, Schedule
from units.models import Appointment, Unit, UnitKind, User

SENT_DAYS_AGO: Final = 18
ANSWERED_DAYS_AGO: Final = 9
OWN_PLAN_IN: Final = 12  # days from today by which own plans are owed
ACCEPTS, ADAPTS, LATER = "LG-TT", "LG-BL", 30


def send_plan_down(plan: Plan, *, units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> None:
    """Send `plan` down; one district accepts it all and drafts its plan, one adapts an item, the rest owe it."""
    office = logins["vanphong"]
    kinds = list(UnitKind.objects.filter(code__in=("district", "affiliated")))
    sent_on = today - dt.timedelta(days=SENT_DAYS_AGO)
    with clock.stopped_at(moment(sent_on, 10)):
        due_on = today + dt.timedelta(days=OWN_PLAN_IN)
        rows = send_down(plan=plan, by=office, kinds=kinds, due_on=due_on, today=sent_on)
        item = plan.solutions.filter(level="district").order_by("ordinal")[0]
        slot = add_slot(solution=item, words="Một đoàn cấp xã làm điểm", kind=units[ACCEPTS].kind, by=office)
    by_unit = {row.unit.code: row for row in rows}
    with clock.stopped_at(moment(today - dt.timedelta(days=ANSWERED_DAYS_AGO), 14)):
        accepting, adapting = by_unit[ACCEPTS], by_unit[ADAPTS]
        answer_all(recipient=accepting, answer=ItemAnswer.ACCEPTED, by=_head(accepting))
        start_own_plan(recipient=accepting, by=_head(accepting))
        pilot = next(u for u in units.values() if u.kind.code == "commune" and accepting.unit.covers(u))
        choose_pilots(slot=slot, recipient=accepting, chosen=[pilot], by=_head(accepting))
        _adapt_a_day(adapting)


def _adapt_a_day(row: PlanRecipient) -> None:
    """Give one dated item a later day than the plan above asks for."""
    dated = Schedule.objects.filter(solution__plan=row.plan, kind=Kind.BY_DATE).exclude(solution__level="province")
    last = dated.select_related("solution").latest("due", "pk")
    if last.due:
        later = last.due + dt.timedelta(days=LATER)
        answer_item(recipient=row, solution=last.solution, answer=ItemAnswer.ADAPTED, last_day=later, by=_head(row))


def _head(row: PlanRecipient) -> User:
    """Return who leads the unit."""
    held = Appointment.objects.in_force(clock.today()).filter(post__unit=row.unit).order_by("post__rank")
    found: User = held.select_related("user")[0].user
    return found
