"""What hangs on a meeting in the demo province: three steps in order, counted back from a day that nobody gave yet."""

from __future__ import annotations

import itertools

from plans.actions.events import change_event
from plans.actions.records import change_record
from plans.enums import Chain, EventKind, Kind
from plans.models import Plan, Schedule
from units.models import Unit, User


def chain_steps(plan: Plan, *, keeper: Unit, by: User) -> None:
    """Hang each step that the text binds to the next one on that one, and say who keeps the meeting of the last."""
    bound = Schedule.objects.filter(solution__plan=plan, kind=Kind.RELATIVE).select_related("event__unit")
    steps = list(bound.order_by("solution__ordinal"))
    for step, following in itertools.pairwise(steps):
        values = {"event": None, "hangs_on": following, "chain": Chain.LAST_DAY, "in_order": True, "anchor": ""}
        change_record(record=step, values=values, by=by)
    if steps and steps[-1].event:
        meeting = steps[-1].event
        change_event(event=meeting, name=meeting.name, kind=EventKind.MEETING, keeper=keeper, by=by)
