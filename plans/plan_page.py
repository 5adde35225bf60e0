"""What the page of a plan shows of its solutions: a fixed number of narrow queries, put together once.

Narrow, because a page of model objects with all their relations costs several times what its table does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from plans.enums import Level, Subject
from plans.models import Deadline, Plan, Schedule, Shortcoming, Solution, SolutionShortcoming
from plans.sentences import understood
from plans.statistics import Figures, figures_by
from units.models import User

SCHEDULE_COLUMNS = (
    "pk",
    "solution_id",
    "phrase",
    "kind",
    "start",
    "due",
    "rule",
    "lead_time",
    "in_working_days",
    "anchor",
    "chain",
    "exception",
    "exclusive",
)


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """One commitment as shown."""

    pk: int
    sentence: str
    phrase: str
    units: str
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class SolutionView:
    """One solution as shown; `dropped` is why an amendment dropped it."""

    pk: int
    ordinal: int
    text: str
    lead: str
    supports: str
    level: str
    group: str
    group_lead: str
    commitments: list[CommitmentView]
    figures: Figures | None
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class ShortcomingView:
    """One shortcoming with the solutions that answer it, as (id, ordinal). Of a masked one the text is empty."""

    pk: int
    ordinal: int
    field: str
    text: str
    state: str
    answers: list[tuple[int, int]]
    masked: bool
    personal: bool


def solution_views(plan: Plan, figures: dict[Any, Figures]) -> list[SolutionView]:
    """Return the solutions of a plan in order; four queries."""
    rows = Solution.objects.filter(plan=plan).values(
        "pk",
        "ordinal",
        "text",
        "level",
        "dropped_reason",
        group_title=F("group__title"),
        group_lead=F("group__lead_unit__name"),
        lead=Coalesce("lead_unit__name", "group__lead_unit__name"),
    )
    supports = _names(Solution.supporting_units.through.objects.filter(solution__plan=plan), "solution_id")
    commitments = _commitments(plan)
    levels = {level.value: str(level.label) for level in Level}
    return [
        SolutionView(
            pk=row["pk"],
            ordinal=row["ordinal"],
            text=row["text"],
            lead=row["lead"] or "",
            supports=", ".join(supports[row["pk"]]),
            level=levels.get(row["level"], ""),
            group=row["group_title"] or "",
            group_lead=row["group_lead"] or "",
            commitments=commitments[row["pk"]],
            figures=figures.get(row["pk"]),
            dropped=row["dropped_reason"],
        )
        for row in rows
    ]


def shortcoming_views(plan: Plan, user: User) -> list[ShortcomingView]:
    """Return the listed shortcomings of a plan for `user`, with what answers them; two queries."""
    answers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    links = SolutionShortcoming.objects.filter(solution__plan=plan).order_by("solution__ordinal")
    for shortcoming, solution, ordinal in links.values_list("shortcoming_id", "solution_id", "solution__ordinal"):
        answers[shortcoming].append((solution, ordinal))
    rows = Shortcoming.objects.listed_for(user).filter(plan=plan).listed().with_masks(user).order_by("ordinal")
    columns = ("pk", "ordinal", "field__name", "text", "state", "subject", "masked")
    return [
        ShortcomingView(
            pk, ordinal, field or "", "" if masked else text, state, answers[pk], masked, subject == Subject.PERSON
        )
        for pk, ordinal, field, text, state, subject, masked in rows.values_list(*columns)
    ]


def figures_of_solutions(deadlines: QuerySet[Deadline], *, today: dt.date) -> tuple[dict[Any, Figures], Figures]:
    """Return the figures per solution and their sum; one query."""
    by_solution = figures_by(deadlines, "solution_id", today=today)
    return by_solution, sum(by_solution.values(), Figures())


def _commitments(plan: Plan) -> dict[int, list[CommitmentView]]:
    """Return the commitments of each solution; three queries."""
    units = _names(Schedule.owner_units.through.objects.filter(schedule__solution__plan=plan), "schedule_id")
    kinds: dict[int, list[str]] = defaultdict(list)
    links = Schedule.owner_kinds.through.objects.filter(schedule__solution__plan=plan).order_by("unitkind__rank")
    for schedule, name in links.values_list("schedule_id", "unitkind__name"):
        kinds[schedule].append(name)
    found: dict[int, list[CommitmentView]] = defaultdict(list)
    for row in Schedule.objects.filter(solution__plan=plan).order_by("pk").values(*SCHEDULE_COLUMNS):
        sentence = understood(SimpleNamespace(**row), days_off_move=plan.days_off_move)
        view = CommitmentView(row["pk"], sentence, row["phrase"], ", ".join(units[row["pk"]]), kinds[row["pk"]])
        found[row["solution_id"]].append(view)
    return found


def _names(links: QuerySet[Any], key: str) -> dict[int, list[str]]:
    """Return the short names of linked units by `key`; one query."""
    label = Coalesce(NullIf("unit__short_name", Value("")), "unit__name")
    found: dict[int, list[str]] = defaultdict(list)
    for owner, name in links.order_by("unit__path").values_list(key, label):
        found[owner].append(name)
    return found
