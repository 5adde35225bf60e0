"""The items of a plan as units answer them: words, days, and a digest that tells whether they are still so."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from plans.dilution import first_goal
from plans.enums import DATED_KINDS
from plans.models import CascadeAnswer, Plan, Schedule, Solution
from plans.models.cascade import DIGEST_LENGTH
from plans.sentences import understood
from plans.tiers import is_asked

#: Columns of a commitment that say when it is due.
_TIMED = (
    "kind", "start", "due", "rule", "lead_time", "in_working_days", "anchor", "chain", "exception", "exclusive",
    "event_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands now: `when` is a line for each commitment, `last_day` the last of their days."""

    solution: Solution
    schedules: tuple[Schedule, ...]
    when: str
    last_day: dt.date | None
    digest: str

    @property
    def number(self) -> Decimal | None:
        """Return the first number to reach that the words name."""
        goal = first_goal(self.solution.text)
        return goal.value if goal else None


def items_of(solutions: QuerySet[Solution]) -> list[Item]:
    """Return the items of `solutions` in their order; two queries. A changed commitment counts as it is now."""
    found = list(solutions.select_related("group").order_by("ordinal"))
    commitments: dict[int, list[Schedule]] = defaultdict(list)
    rows = Schedule.objects.filter(solution__in=[s.pk for s in found], continued_by__isnull=True)
    for schedule in rows.select_related("event").order_by("pk"):
        commitments[schedule.solution_id].append(schedule)
    with override(settings.LANGUAGE_CODE):  # kept beside the answer: in the language of the plans, whoever answers
        return [_item(solution, tuple(commitments[solution.pk])) for solution in found]


def asked_items(plan: Plan, kind: str) -> list[Item]:
    """Return the items of `plan` that are asked of a unit of this kind code; one that was dropped is not any more."""
    return [
        item
        for item in items_of(plan.solutions.filter(dropped_at__isnull=True))
        if is_asked(item.solution.level, kind)
    ]


def remember_asked(answer: CascadeAnswer, item: Item) -> None:
    """Write into `answer` what the item says now. Saving is the caller's."""
    answer.digest, answer.asked_text, answer.asked_when = item.digest, item.solution.text, item.when
    answer.asked_number, answer.asked_day = item.number, item.last_day
    answer.kept_digest = answer.kept_reason = ""


def has_changed(answer: CascadeAnswer, item: Item) -> bool:
    """Return whether the item has changed since it was answered, and nobody has decided about it."""
    return item.digest not in {answer.digest, answer.kept_digest}


def _item(solution: Solution, schedules: tuple[Schedule, ...]) -> Item:
    days = [s.due for s in schedules if s.due and s.kind in DATED_KINDS]
    return Item(
        solution=solution,
        schedules=schedules,
        when="\n".join(understood(s) for s in schedules),
        last_day=max(days, default=None),
        digest=_digest(solution, schedules),
    )


def _digest(solution: Solution, schedules: Iterable[Schedule]) -> str:
    """Return a hash of the words and days of one item; no two items share one, so a list of them can be searched."""
    timed: list[Any] = [[getattr(s, name) for name in _TIMED] + [s.event.day if s.event else None] for s in schedules]
    said = json.dumps([solution.pk, solution.text, timed], default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:DIGEST_LENGTH]
