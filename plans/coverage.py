"""Coverage: shortcomings × solutions × deadlines × evidence, of a plan or of a page of shortcomings of several plans.

Each number is counted by the conditions of the statistics and leads to the list of deadlines with the same ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from plans.enums import DONE
from plans.models import Deadline, Evidence, Shortcoming, SolutionShortcoming
from plans.statistics import Figures, figures_by
from plans.uptake import AnswerView, answers_of

#: The figures that stand in a row after the total; together they are the total.
COLUMNS = ("done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date")


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of some deadlines, how many of the done have evidence, and the list they stand in."""

    figures: Figures
    proven: int
    url: str

    @property
    def unproven(self) -> int:
        """Return how many are done without evidence."""
        return self.figures.done - self.proven

    @property
    def cells(self) -> list[tuple[str, int, str]]:
        """Return name, number and address of each figure of the row, the total first."""
        return [(name, getattr(self.figures, name), f"{self.url}&figure={name}") for name in ("total", *COLUMNS)]

    @property
    def proof_cells(self) -> list[tuple[str, int, str]]:
        """Return the same for what is done with and without evidence."""
        done = f"{self.url}&figure=done&evidence="
        return [("with", self.proven, f"{done}with"), ("without", self.unproven, f"{done}without")]


@dataclass(frozen=True, slots=True)
class SolutionRow:
    """A solution that answers a shortcoming, with its own numbers."""

    answer: AnswerView
    counts: Counts


@dataclass(frozen=True, slots=True)
class ShortcomingRow:
    """A shortcoming, what answers it, and the numbers of all that together."""

    shortcoming: Shortcoming
    solutions: list[SolutionRow]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures and proven results by solution; `query` is what else the list of deadlines is asked for."""

    figures: dict[Any, Figures]
    proven: dict[int, int]
    query: dict[str, str]

    def of(self, solutions: Iterable[int], **where: int) -> Counts:
        """Return the numbers of several solutions together, found in the list by `where`."""
        known = [pk for pk in solutions if pk in self.figures]
        figures = sum((self.figures[pk] for pk in known), Figures())
        url = f"{reverse('plans:deadlines')}?{urlencode({**where, **self.query})}"
        return Counts(figures, sum(self.proven.get(pk, 0) for pk in known), url)


def counted(deadlines: QuerySet[Deadline], *, today: dt.date, **query: str) -> Counted:
    """Count `deadlines` by solution; two queries."""
    proofs = Evidence.objects.current().filter(deadline=OuterRef("pk"))
    proven = deadlines.filter(Exists(proofs), status__in=DONE).order_by().values_list("solution_id")
    return Counted(figures_by(deadlines, "solution_id", today=today), dict(proven.annotate(n=Count("pk"))), query)


def answers_to(shortcomings: Sequence[Shortcoming]) -> dict[int, list[AnswerView]]:
    """Return what answers each of some shortcomings; one query."""
    return answers_of(SolutionShortcoming.objects.filter(shortcoming__in=shortcomings), "shortcoming_id")


def coverage_rows(
    shortcomings: Sequence[Shortcoming], answers: dict[int, list[AnswerView]], found: Counted
) -> list[ShortcomingRow]:
    """Return the rows of the matrix in the order of `shortcomings`; no query."""
    return [
        ShortcomingRow(
            s,
            [SolutionRow(a, found.of([a.solution_id], plan=s.plan_id, solution=a.solution_id)) for a in answers[s.pk]],
            found.of([a.solution_id for a in answers[s.pk]], plan=s.plan_id, shortcoming=s.pk),
        )
        for s in shortcomings
    ]
