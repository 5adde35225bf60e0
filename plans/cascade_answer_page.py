"""What a unit sees of a plan that was sent down to it: each item, its answer, and what changed since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.cascade_items import Item, has_changed, items_of
from plans.enums import Level
from plans.models import CascadeAnswer, PilotSlot, PlanRecipient, Solution
from plans.tiers import is_asked
from plans.word_diff import Part, word_diff


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as shown: what is asked, what was answered, and the difference where it has changed since."""

    item: Item
    level: str
    answer: CascadeAnswer | None
    changed: bool
    kept: bool
    text: list[Part]
    when: list[Part]

    @property
    def version(self) -> int:
        """Return the version of the answer that is seen; 0: none yet."""
        return self.answer.version if self.answer else 0


@dataclass(frozen=True, slots=True)
class PilotView:
    """One slot of the unit with the names of the units chosen."""

    slot: PilotSlot
    names: list[str]

    @property
    def is_flagged(self) -> bool:
        """Return whether another number is chosen than asked for."""
        return len(self.names) != self.slot.count


@dataclass(frozen=True, slots=True)
class SentRow:
    """One plan in the list of what was sent to one's units."""

    recipient: PlanRecipient
    asked: int
    answered: int
    waiting: int

    @property
    def left(self) -> int:
        """Return how many items have no answer."""
        return max(self.asked - self.answered, 0)


def item_views(row: PlanRecipient) -> list[ItemView]:
    """Return the items asked of the unit, and dropped ones that it had answered; three queries."""
    answers = {a.solution_id: a for a in row.answers.select_related("own_solution__plan", "answered_by")}
    labels = {level.value: str(level.label) for level in Level}
    views = []
    for item in items_of(row.plan.solutions.all()):
        answer, is_dropped = answers.get(item.solution.pk), item.solution.dropped_at is not None
        if not is_asked(item.solution.level, row.unit.kind.code) or (is_dropped and answer is None):
            continue
        differs = answer is not None and not is_dropped and answer.digest != item.digest
        views.append(
            ItemView(
                item=item,
                level=labels.get(item.solution.level, ""),
                answer=answer,
                changed=answer is not None and differs and has_changed(answer, item),
                kept=answer is not None and differs and answer.kept_digest == item.digest,
                text=word_diff(answer.asked_text, item.solution.text) if answer and differs else [],
                when=word_diff(answer.asked_when, item.when) if answer and differs else [],
            )
        )
    return views


def pilot_views(row: PlanRecipient) -> list[PilotView]:
    """Return the pilots the unit has to choose; two queries."""
    slots = PilotSlot.objects.filter(solution__plan=row.plan_id, kind=row.unit.kind_id).select_related("solution")
    names: dict[int, list[str]] = defaultdict(list)
    for slot, name in row.pilots.values_list("slot_id", "chosen__name"):
        names[slot].append(name)
    return [PilotView(slot, names[slot.pk]) for slot in slots]


def sent_rows(rows: Sequence[PlanRecipient]) -> list[SentRow]:
    """Return the recipients of one page with how far each is; three queries."""
    items: dict[int, list[Item]] = defaultdict(list)
    for item in items_of(Solution.objects.filter(plan__in={row.plan_id for row in rows}, dropped_at=None)):
        items[item.solution.plan_id].append(item)
    now = {item.solution.pk: item.digest for found in items.values() for item in found}
    answered: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    columns: Any = ("recipient_id", "solution_id", "digest", "kept_digest")
    answers = CascadeAnswer.objects.filter(
        recipient__in=[row.pk for row in rows], solution__dropped_at=None
    ).order_by()
    for recipient, solution, digest, kept in answers.values_list(*columns):
        answered[recipient] += 1
        waiting[recipient] += now.get(solution) not in {digest, kept}
    return [
        SentRow(
            row,
            sum(is_asked(item.solution.level, row.unit.kind.code) for item in items[row.plan_id]),
            answered[row.pk],
            waiting[row.pk],
        )
        for row in rows
    ]
