"""A new draft gets the headings and the usual work of its kind, for a person to adapt."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.inserting import insert
from plans.enums import PlanKind
from plans.models import Plan, Schedule, Solution, SolutionGroup
from plans.templates_of_kinds import SKELETONS, Promise, days_of


def lay_out(plan: Plan) -> int:
    """Fill an empty draft with what a plan of its kind usually holds; return how many solutions that is.

    Call it in the transaction that makes the draft. Each record carries a doubt until a person has looked at it.
    """
    skeleton = SKELETONS.get(PlanKind(plan.kind))
    if skeleton is None:
        return 0
    doubt = _("Taken from the template of this kind of plan. Adapt the words, the days and who does it.")
    groups: list[SolutionGroup] = []
    solutions: list[Solution] = []
    schedules: list[Schedule] = []
    for number, part in enumerate(skeleton.parts, start=1):
        group = SolutionGroup(plan=plan, ordinal=number, title=part.title)
        groups.append(group)
        for work in part.works:
            solution = Solution(plan=plan, group=group, ordinal=len(solutions) + 1, text=work.text, doubt=doubt)
            solution.deliverable, solution.level = work.deliverable, work.level
            solutions.append(solution)
            schedules += [_schedule(plan, solution, promise) for promise in work.promises]
    insert(SolutionGroup, groups)
    insert(Solution, solutions)
    insert(Schedule, schedules)
    return len(solutions)


def _schedule(plan: Plan, solution: Solution, promise: Promise) -> Schedule:
    begins = plan.period_start or dt.date(clock.today().year, 1, 1)
    start, due = days_of(promise, start=begins, end=plan.period_end)
    return Schedule(
        solution=solution,
        phrase=promise.phrase,
        kind=promise.kind,
        rule=promise.rule,
        start=start,
        due=due,
        exclusive=promise.exclusive,
    )
