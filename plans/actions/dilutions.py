"""Writing down in what answers ask for less than the items above: when given, and when a plan is published."""

from __future__ import annotations

from plans.cascade_items import items_of
from plans.dilution import Asked, dilution_of
from plans.enums import CARRIED, ItemAnswer
from plans.models import CascadeAnswer, Plan, Solution

BATCH = 500


def judge(answer: CascadeAnswer) -> None:
    """Write into `answer` in what it asks for less than the item above. Saving is the caller's."""
    found = None
    if answer.answer == ItemAnswer.ADAPTED:
        own = Asked(answer.text or answer.asked_text, answer.last_day, answer.number)
        found = dilution_of(_above(answer), own)
    answer.dilution = found or ""


def judge_own_plan(plan: Plan) -> None:
    """Compare what a plan says as it is published with the items above: what was edited since may ask for less too."""
    rows = CascadeAnswer.objects.filter(own_solution__plan=plan, answer__in=CARRIED)
    answers = list(rows)
    if not answers:
        return
    own = {i.solution.pk: i for i in items_of(Solution.objects.filter(plan=plan))}
    for answer in answers:
        item = own[answer.own_solution_id or 0]
        found = dilution_of(_above(answer), Asked(item.solution.text, item.last_day, answer.number))
        answer.dilution = found or ""
    CascadeAnswer.objects.bulk_update(answers, ["dilution"], batch_size=BATCH)


def _above(answer: CascadeAnswer) -> Asked:
    return Asked(answer.asked_text, answer.asked_day, answer.asked_number)
