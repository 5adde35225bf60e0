"""Items of a plan from above as solutions of the unit's own draft: words, group, deliverable, level, commitments.

A commitment of a level below the unit is owed by every unit of that level below it, so that publishing gives each its
rows. Where the issuer's plan has given the work to those kinds itself, it stays there and the own item has no
commitment for it: nobody owes it twice, and the unit does not owe what others do.
A commitment bound to an event hangs on an event of the own plan of the same words: the unit's meeting is another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Max
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from doantracker.lib.text import search_key
from plans.actions.events import hang_on_events
from plans.cascade_items import Item
from plans.dilution import first_goal
from plans.enums import DATED_KINDS, Kind
from plans.models import CascadeAnswer, Plan, Schedule, Solution, SolutionGroup
from plans.tiers import TIER_KINDS, acts_below
from units.models import Unit, UnitKind

BATCH: Final = 500
COPIED: Final = (
    "kind", "phrase", "start", "due", "rule", "lead_time", "in_working_days", "anchor", "exception", "exclusive",
)  # fmt: skip
Pair = tuple[CascadeAnswer, Item]


@dataclass(frozen=True, slots=True)
class Below:
    """The kinds of unit that stand below the unit, by their code."""

    unit: Unit
    kinds: dict[str, UnitKind]

    @classmethod
    def of(cls, unit: Unit) -> Below:
        """Read them, one query."""
        units = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
        return cls(unit, {k.code: k for k in UnitKind.objects.filter(pk__in=units.values("kind"))})

    def owing(self, level: str) -> list[UnitKind]:
        """Return the kinds below that owe the work of `level`; none where the unit itself acts."""
        if not level or not acts_below(level, self.unit.kind.code):
            return []
        return [self.kinds[code] for code in TIER_KINDS[level] if code in self.kinds]

    def owes_already(self, level: str, given: Iterable[UnitKind]) -> bool:
        """Return whether the plan above has `given` the work of `level` to one of those kinds itself."""
        return not {k.pk for k in self.owing(level)}.isdisjoint(k.pk for k in given)


def carry(own: Plan, unit: Unit, pairs: Sequence[Pair]) -> list[Solution]:
    """Write the items into the draft `own` and tie the answers to them; a fixed number of statements."""
    groups = _groups(own, pairs)
    last = own.solutions.aggregate(last=Max("ordinal"))["last"] or 0
    made = [
        Solution(
            plan=own,
            group=groups.get(search_key(item.solution.group.title)) if item.solution.group else None,
            ordinal=last + number,
            text=own_text(answer, item),
            level=item.solution.level,
            lead_unit=unit,
            deliverable=item.solution.deliverable,
        )
        for number, (answer, item) in enumerate(pairs, start=1)
    ]
    Solution.objects.bulk_create(made, batch_size=BATCH)
    for (answer, _item), solution in zip(pairs, made, strict=True):
        answer.own_solution = solution
        answer.version += 1
    CascadeAnswer.objects.bulk_update([answer for answer, _item in pairs], ["own_solution", "version"])
    _commit(own, Below.of(unit), list(zip(pairs, made, strict=True)))
    return made


def rewrite(answer: CascadeAnswer, item: Item, unit: Unit) -> None:
    """Give the own item, which stands in a draft, the words and commitments of what was answered now."""
    own = answer.own_solution
    assert own is not None  # noqa: S101  # the caller has asked
    own.text = own_text(answer, item)
    own.save(update_fields=["text", "search"])
    own.schedules.all().delete()
    _commit(own.plan, Below.of(unit), [((answer, item), own)])


def own_text(answer: CascadeAnswer, item: Item) -> str:
    """Return the words of the own item: adapted, or as above; an own number alone is written behind them."""
    if answer.text or answer.number is None:
        return answer.text or item.solution.text
    goal = first_goal(item.solution.text)
    with override(settings.LANGUAGE_CODE):
        number = number_format(answer.number.normalize(), use_l10n=True)
        words = _("own target: %(number)s %(measure)s") % {"number": number, "measure": goal.measure if goal else ""}
    return f"{item.solution.text} ({words.strip()})"


def _groups(own: Plan, pairs: Sequence[Pair]) -> dict[str, SolutionGroup]:
    """Return the groups of the own plan by title, with those of the items that it lacks made."""
    known = {search_key(g.title): g for g in own.groups.all()}
    wanted = {search_key(i.solution.group.title): i.solution.group.title for _a, i in pairs if i.solution.group}
    last = max((g.ordinal for g in known.values()), default=0)
    missing = [title for key, title in wanted.items() if key not in known]
    fresh = [SolutionGroup(plan=own, ordinal=last + n, title=title) for n, title in enumerate(missing, start=1)]
    SolutionGroup.objects.bulk_create(fresh, batch_size=BATCH)
    return known | {search_key(g.title): g for g in fresh}


def _commit(own: Plan, below: Below, carried: Sequence[tuple[Pair, Solution]]) -> None:
    """Copy the commitments of the items, with who owes them below the unit."""
    given = _given([s.pk for (_answer, item), _own in carried for s in item.schedules])
    copies: list[tuple[int, Schedule, list[UnitKind]]] = []
    for (answer, item), solution in carried:
        level = item.solution.level
        copies += [
            (schedule.pk, _copied(schedule, solution, answer, item), below.owing(level))
            for schedule in item.schedules
            if not below.owes_already(level, given[schedule.pk])
        ]
        if answer.last_day and item.last_day is None:
            extra = Schedule(solution=solution, kind=Kind.BY_DATE, due=answer.last_day)
            copies.append((0, extra, below.owing(level)))
    Schedule.objects.bulk_create([copy for _pk, copy, _kinds in copies], batch_size=BATCH)
    links = Schedule.owner_kinds.through
    links.objects.bulk_create(
        [links(schedule_id=copy.pk, unitkind_id=kind.pk) for _pk, copy, kinds in copies for kind in kinds]
    )
    _hang(carried, {pk: copy for pk, copy, _kinds in copies})
    hang_on_events(own)


def _copied(schedule: Schedule, solution: Solution, answer: CascadeAnswer, item: Item) -> Schedule:
    facts: dict[str, Any] = {name: getattr(schedule, name) for name in COPIED}
    if schedule.event is not None:
        facts["anchor"] = schedule.anchor or schedule.event.name
    if answer.last_day and schedule.kind in DATED_KINDS and schedule.due == item.last_day:
        start = schedule.start if schedule.start and schedule.start <= answer.last_day else None
        facts |= {"kind": Kind.BY_DATE, "start": start, "due": answer.last_day, "phrase": "", "exclusive": False}
    return Schedule(solution=solution, **facts)


def _hang(carried: Sequence[tuple[Pair, Solution]], copies: dict[int, Schedule]) -> None:
    """Let copies hang on each other as the originals do; a step whose step before was not carried keeps the words."""
    moved = []
    for (_answer, item), _own in carried:
        for schedule in item.schedules:
            if schedule.pk in copies and schedule.hangs_on_id in copies:
                copy = copies[schedule.pk]
                copy.hangs_on, copy.chain = copies[schedule.hangs_on_id], schedule.chain
                copy.in_order = schedule.in_order
                moved.append(copy)
    Schedule.objects.bulk_update(moved, ["hangs_on", "chain", "in_order"], batch_size=BATCH)


def _given(schedules: list[int]) -> dict[int, list[UnitKind]]:
    """Return the kinds to which commitments above were given, by commitment."""
    found: dict[int, list[UnitKind]] = defaultdict(list)
    links = Schedule.owner_kinds.through.objects.filter(schedule__in=schedules).select_related("unitkind")
    for link in links:
        found[link.schedule_id].append(link.unitkind)
    return found
