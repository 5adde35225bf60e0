"""Plans above and below a plan, over any depth: one query a level, and no more levels than a union has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from plans.models import Plan, PlanRecipient

DEEPEST: Final = 8  # levels of a union are fewer; a chain of plans can't be longer


def plans_above(plan: Plan) -> dict[int, int]:
    """Return the plans that `plan` carries out, straight or through others, and how many levels above each stands."""
    found: dict[int, int] = {}
    level = {plan.pk}
    for depth in range(1, DEEPEST + 1):
        rows = PlanRecipient.objects.filter(own_plan__in=level).order_by()
        level = set(rows.values_list("plan_id", flat=True)) - {plan.pk, *found}
        if not level:
            break
        found |= dict.fromkeys(level, depth)
    return found


def plans_below(plans: Iterable[int]) -> dict[int, set[int]]:
    """Return for each of `plans` itself and every plan that carries it out, straight or through others."""
    roots: dict[int, set[int]] = {pk: {pk} for pk in plans}
    found = {pk: set(own) for pk, own in roots.items()}
    for _level in range(DEEPEST):
        rows = PlanRecipient.objects.filter(plan__in=roots, own_plan__isnull=False).order_by()
        lower: dict[int, set[int]] = {}
        for above, own in rows.values_list("plan_id", "own_plan_id"):
            new = {root for root in roots[above] if own is not None and own not in found[root]}
            for root in new:
                found[root].add(own)
            if new:
                lower.setdefault(own, set()).update(new)
        if not lower:
            break
        roots = lower
    return found
