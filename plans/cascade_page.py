"""A plan that was sent down, as the office sees it: units, items by level, pilots, reports; few queries each."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from doantracker.lib.text import shortened
from plans.cascade_items import Item
from plans.cascade_lineage import plans_below
from plans.enums import DONE, Deliverable, ItemAnswer, Level, PlanStatus, RecipientState, Status
from plans.models import CascadeAnswer, Deadline, PilotChoice, PilotSlot, Plan, PlanRecipient, Schedule
from plans.querysets import PlanRecipientQuerySet
from plans.statistics import Figures, figures_by
from plans.tiers import is_asked
from units.access import covers
from units.models import User
from units.permissions import Permission

MISSING_SHOWN: Final = 60  # names of units that owe a report, per report
#: What the list of units can be narrowed to.
NARROWED: Final = ("no_plan", "open", "no_answer", "diluted", "waiting", "not_taken", "no_report")


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """The plan of a unit as linked from above; no address where the person may not open it."""

    label: str
    status: str
    url: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with what it answered and how far its own plan is."""

    pk: int
    unit: str
    state: str
    due_on: dt.date | None
    is_late: bool
    asked: int
    counts: dict[str, int]
    own_plan: OwnPlan | None
    figures: Figures | None
    reports: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: how often it was answered how, and the item of a plan above that it carries out."""

    item: Item
    counts: dict[str, int]
    origin: str


@dataclass(frozen=True, slots=True)
class LevelItems:
    """The items that one level acts on."""

    level: str
    items: list[ItemLine]


@dataclass(frozen=True, slots=True)
class PilotCell:
    """What one unit chose for one slot."""

    slot: PilotSlot
    asked: bool
    names: list[str]

    @property
    def is_flagged(self) -> bool:
        """Return whether the unit chose none, too few or too many."""
        return self.asked and len(self.names) != self.slot.count


@dataclass(frozen=True, slots=True)
class ReportView:
    """One written report that units owe: how many handed it in, who is missing, what it is compiled from and into."""

    schedule: Schedule
    owed: int
    done: int
    missing: list[str]
    parts: list[Schedule]

    @property
    def unlisted(self) -> int:
        """Return how many units are missing beyond those named."""
        return self.owed - self.done - len(self.missing)


def counted(rows: PlanRecipientQuerySet, digests: Iterable[str]) -> PlanRecipientQuerySet:
    """Return `rows` with their answers counted; `digests` are those of the items as they stand now."""
    now = list(digests)
    changed = ~Q(answers__digest__in=now) & Q(answers__isnull=False)
    decided = Q(answers__kept_digest__in=now)
    by_answer = {f"n_{a.value}": Count("answers", filter=Q(answers__answer=a)) for a in ItemAnswer}
    found: PlanRecipientQuerySet = rows.annotate(
        n_answered=Count("answers"),
        n_diluted=Count("answers", filter=~Q(answers__dilution="") & Q(answers__isnull=False)),
        n_waiting=Count("answers", filter=changed & ~decided),
        n_not_taken=Count("answers", filter=changed & decided),
        **by_answer,
    )
    return found


def narrowed(rows: PlanRecipientQuerySet, to: str, plan: Plan) -> PlanRecipientQuerySet:
    """Return the counted `rows` that one of NARROWED means; all for anything else."""
    unreported = Deadline.objects.filter(plan=plan, solution__deliverable=Deliverable.REPORT).exclude(
        status__in=(*DONE, Status.CANCELLED)
    )
    kept: dict[str, Any] = {
        "no_plan": {"own_plan__isnull": True},
        "no_answer": {"n_answered": 0},
        "diluted": {"n_diluted__gt": 0},
        "waiting": {"n_waiting__gt": 0},
        "not_taken": {"n_not_taken__gt": 0},
        "no_report": {"unit__in": unreported.order_by().values("unit")},
    }
    if to == "open":
        return rows.with_open_items()
    found: PlanRecipientQuerySet = rows.filter(**kept.get(to, {}))
    return found


def totals(rows: PlanRecipientQuerySet) -> dict[str, int]:
    """Return how many of the counted rows are how far; one query."""
    conditions = {
        "no_plan": Q(own_plan__isnull=True),
        "no_answer": Q(n_answered=0),
        "diluted": Q(n_diluted__gt=0),
        "waiting": Q(n_waiting__gt=0),
        "not_taken": Q(n_not_taken__gt=0),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    found: dict[str, int] = rows.order_by().aggregate(units=Count("pk"), **counts)
    return found


def unit_rows(rows: Sequence[Any], *, user: User, items: Sequence[Item], today: dt.date) -> list[UnitRow]:
    """Return the counted recipients of one page as shown; three queries and one for each level of plans below."""
    asked: Counter[str] = Counter()
    for kind in {row.unit.kind.code for row in rows}:
        asked[kind] = sum(is_asked(item.solution.level, kind) for item in items if item.solution.dropped_at is None)
    own = [row.own_plan_id for row in rows if row.own_plan_id]
    below = plans_below(own)
    every = {pk for plans in below.values() for pk in plans}
    figures = figures_by(Deadline.objects.visible_to(user).filter(plan__in=every), "plan_id", today=today)
    reports = _reports_by_unit(rows)
    return [
        UnitRow(
            pk=row.pk,
            unit=row.unit.name,
            state=state_of(row, asked[row.unit.kind.code]),
            due_on=row.due_on,
            is_late=bool(row.due_on and row.due_on < today and not row.own_plan_id),
            asked=asked[row.unit.kind.code],
            counts=_counts(row),
            own_plan=own_plan_of(row, user),
            figures=sum((figures[pk] for pk in below.get(row.own_plan_id, ()) if pk in figures), Figures())
            if row.own_plan_id
            else None,
            reports=reports[row.unit_id],
        )
        for row in rows
    ]


def state_of(row: Any, asked: int) -> str:
    """Return how far a counted recipient is."""
    if row.own_plan_id:
        return RecipientState.HAS_PLAN.value
    if not row.n_answered:
        return RecipientState.UNANSWERED.value
    return (RecipientState.ANSWERED if row.n_answered >= asked else RecipientState.PARTLY).value


def own_plan_of(row: PlanRecipient, user: User) -> OwnPlan | None:
    """Return the own plan of a recipient as `user` may see it."""
    plan = row.own_plan
    if plan is None:
        return None
    needed = Permission.MANAGE_PLANS if plan.status == PlanStatus.DRAFT else Permission.VIEW
    opens = covers(user, needed, row.unit_path)
    return OwnPlan(plan.symbol or plan.title, plan.status, plan.get_absolute_url() if opens else "")


def level_items(plan: Plan, items: Sequence[Item], *, user: User) -> list[LevelItems]:
    """Return the items grouped by the level that acts, the highest first; two queries."""
    visible = CascadeAnswer.objects.visible_to(user)
    answers, origins = visible.filter(recipient__plan=plan), _origins(plan, visible)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for solution, answer, n in answers.order_by().values_list("solution_id", "answer").annotate(n=Count("pk")):
        counts[solution][answer] = n
    by_level: dict[str, list[ItemLine]] = defaultdict(list)
    for item in items:
        known, pk = counts[item.solution.pk], item.solution.pk
        line = ItemLine(item, {a.value: known.get(a.value, 0) for a in ItemAnswer}, origins.get(pk, ""))
        by_level[item.solution.level].append(line)
    labels = {"": "", **{level.value: str(level.label) for level in Level}}
    return [LevelItems(labels[level], by_level[level]) for level in labels if by_level[level]]


def pilot_rows(
    rows: Sequence[PlanRecipient], slots: Sequence[PilotSlot]
) -> list[tuple[PlanRecipient, list[PilotCell]]]:
    """Return the units of one page with what each chose for each slot; one query."""
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    choices = PilotChoice.objects.filter(recipient__in=[r.pk for r in rows], slot__in=[s.pk for s in slots])
    for recipient, slot, name in choices.values_list("recipient_id", "slot_id", "chosen__name"):
        names[recipient, slot].append(name)
    return [(row, [PilotCell(s, s.kind_id == row.unit.kind_id, names[row.pk, s.pk]) for s in slots]) for row in rows]


def flagged_pilots(rows: PlanRecipientQuerySet, slots: Sequence[PilotSlot]) -> dict[int, tuple[int, int]]:
    """Return for each slot how many units of `rows` chose none, and how many another number than asked; one query."""
    found: dict[int, tuple[int, int]] = {}
    counts: dict[str, Any] = {}
    for slot in slots:
        of_kind = Q(unit__kind=slot.kind_id)
        counts[f"none_{slot.pk}"] = Count("pk", filter=of_kind & Q(**{f"c_{slot.pk}": 0}))
        wrong = of_kind & Q(**{f"c_{slot.pk}__gt": 0}) & ~Q(**{f"c_{slot.pk}": slot.count})
        counts[f"wrong_{slot.pk}"] = Count("pk", filter=wrong)
    if not slots:
        return found
    chosen = {f"c_{s.pk}": Count("pilots", filter=Q(pilots__slot=s.pk)) for s in slots}
    result = rows.order_by().annotate(**chosen).aggregate(**counts)
    return {s.pk: (result[f"none_{s.pk}"], result[f"wrong_{s.pk}"]) for s in slots}


def report_views(plan: Plan, deadlines: QuerySet[Deadline]) -> list[ReportView]:
    """Return the written reports of a plan with who has not handed them in; four queries."""
    schedules = (
        Schedule.objects.filter(solution__plan=plan, solution__deliverable=Deliverable.REPORT)
        .filter(continued_by__isnull=True)
        .select_related("solution__lead_unit", "solution__group__lead_unit", "compiled_into__solution__plan")
        .order_by("solution__ordinal", "pk")
    )
    owed = deadlines.exclude(status=Status.CANCELLED).order_by()
    owed = owed.filter(schedule__in=schedules.order_by().values("pk"))
    counts: dict[int, tuple[int, int]] = {
        schedule: (n, done)
        for schedule, n, done in owed.values_list("schedule_id").annotate(
            n=Count("pk"), done=Count("pk", filter=Q(status__in=DONE))
        )
    }
    missing: dict[int, dict[str, None]] = defaultdict(dict)
    place = Window(RowNumber(), partition_by="schedule", order_by=("unit_path", "pk"))
    waited = owed.exclude(status__in=DONE).annotate(place=place).filter(place__lte=MISSING_SHOWN)
    for schedule, name in waited.order_by("place").values_list("schedule_id", "unit__name"):
        missing[schedule][name] = None
    parts: dict[int, list[Schedule]] = defaultdict(list)
    for part in Schedule.objects.filter(compiled_into__in=schedules.values("pk")).select_related("solution__plan"):
        parts[part.compiled_into_id or 0].append(part)
    return [ReportView(s, *counts.get(s.pk, (0, 0)), list(missing[s.pk]), parts[s.pk]) for s in schedules]


def _origins(plan: Plan, answers: QuerySet[CascadeAnswer]) -> dict[int, str]:
    """Return the items of plans above that items of `plan` carry out, as "number of the plan: number of the item"."""
    columns = ("own_solution_id", "solution__plan__symbol", "solution__plan__title", "solution__ordinal")
    rows = answers.filter(own_solution__plan=plan).order_by().values_list(*columns)
    return {own: f"{symbol or shortened(title, 60)}: {ordinal}" for own, symbol, title, ordinal in rows if own}


def _counts(row: Any) -> dict[str, int]:
    names = ("answered", "diluted", "waiting", "not_taken", *(a.value for a in ItemAnswer))
    return {name: getattr(row, f"n_{name}") for name in names}


def _reports_by_unit(rows: Sequence[Any]) -> dict[int, tuple[int, int]]:
    """Return for each unit how many written reports it handed in, of how many."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    owed = Deadline.objects.filter(
        plan__in={row.plan_id for row in rows},
        unit__in=[row.unit_id for row in rows],
        solution__deliverable=Deliverable.REPORT,
    ).exclude(status=Status.CANCELLED)
    counts = (
        owed.order_by().values_list("unit_id").annotate(done=Count("pk", filter=Q(status__in=DONE)), n=Count("pk"))
    )
    for unit, done, n in counts:
        found[unit] = (done, n)
    return found
