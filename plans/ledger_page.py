"""What the pages of the ledger show: rows, the equation, figures by year, lineage; fixed numbers of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from plans.actions.ledger import links_of
from plans.actions.next_year import year_of
from plans.enums import Origin, PlanStatus, ShortcomingState
from plans.ledger import Equation, ancestors, awaits_check, descendants, equation_of
from plans.masking import Hidden
from plans.models import Deadline, Plan, Shortcoming, ShortcomingReview, SolutionShortcoming
from plans.standing import standing_plans
from plans.statistics import Figures, figures_by
from units.models import User
from units.permissions import Permission

RELATED = ("field", "person", "plan__issuing_unit", "carried_over_from__plan", "merged_into")


@dataclass(frozen=True, slots=True)
class Answer:
    """A solution that answers a shortcoming, and how far its deadlines are, of those the reader sees."""

    pk: int
    ordinal: int
    figures: Figures | None


@dataclass(slots=True)
class LedgerRow:
    """One shortcoming as listed. Of a masked one only its place, its state and what answers it are told."""

    row: Shortcoming
    masked: bool
    today: dt.date
    units: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    reviews: list[ShortcomingReview] = field(default_factory=list)  # the latest first
    inputs: tuple[Any, Any] | None = None  # the fields of the form that marks its origin

    @property
    def review(self) -> ShortcomingReview | None:
        """Return what the latest review said."""
        return self.reviews[0] if self.reviews else None

    @property
    def year(self) -> str:
        """Return the year of its plan as shown."""
        return year_label(self.row.plan)

    @property
    def source_year(self) -> str:
        """Return the year of the plan it is carried over from, as shown."""
        source = self.row.carried_over_from
        return year_label(source.plan) if source else ""

    @property
    def figures(self) -> Figures:
        """Return how far the solutions that answer it are, together."""
        return sum((a.figures for a in self.answers if a.figures), Figures())

    @property
    def awaits_check(self) -> bool:
        """Return whether what is remedied waits for its check of effectiveness."""
        checks = [r.day for r in self.reviews if r.is_effectiveness_check]
        return self.row.merged_into_id is None and awaits_check(self.row.remedied_on, checks, self.today)


def year_label(plan: Plan) -> str:
    """Return the year of a plan, a dash where it has none."""
    return str(year_of(plan) or "–")


def ledger_rows(rows: Any, *, user: User, today: dt.date) -> list[LedgerRow]:
    """Return rows as listed for `user`, in their order; five queries. `rows` begin with `listed_for(user)`."""
    found = [LedgerRow(r, r.masked, today) for r in rows.with_masks(user).select_related(*RELATED)]
    by_pk = {line.row.pk: line for line in found}
    open_ones = [pk for pk, line in by_pk.items() if not line.masked]
    label = Coalesce(NullIf("unit__short_name", Value("")), "unit__name")
    named = Shortcoming.named_units.through.objects.filter(shortcoming__in=open_ones).order_by("unit__path")
    for pk, name in named.values_list("shortcoming_id", label):
        by_pk[pk].units.append(name)
    for review in ShortcomingReview.objects.filter(shortcoming__in=open_ones).select_related("recorded_by"):
        by_pk[review.shortcoming_id].reviews.append(review)
    _add_answers(by_pk, user=user, today=today)
    return found


def _add_answers(by_pk: dict[int, LedgerRow], *, user: User, today: dt.date) -> None:
    """Add the solutions with their figures; two queries."""
    links = SolutionShortcoming.objects.filter(shortcoming__in=by_pk).order_by("solution__ordinal")
    answers = list(links.values_list("shortcoming_id", "solution_id", "solution__ordinal"))
    deadlines = Deadline.objects.visible_to(user).filter(
        solution__in={solution for _pk, solution, _ordinal in answers}
    )
    figures = figures_by(deadlines, "solution_id", today=today)
    for pk, solution, ordinal in answers:
        by_pk[pk].answers.append(Answer(solution, ordinal, figures.get(solution)))


def personal_read(rows: Iterable[LedgerRow]) -> list[int]:
    """Return the keys of the persons' shortcomings that are shown whole, for the log."""
    return [line.row.pk for line in rows if line.row.is_personal and not line.masked]


def sees_whole_ledger(user: User, plan: Plan) -> bool:
    """Return whether `user` has every row of the plan listed: sees its issuer, or works in its standing unit."""
    return user.may(Permission.VIEW, plan.issuing_unit) or plan.pk in standing_plans(user)


def equation_of_plan(plan: Plan) -> Equation:
    """Return the equation of a plan's ledger; one query."""
    rows = plan.shortcomings.order_by().values_list("origin", "merged_into_id")
    return equation_of((origin, into is not None) for origin, into in rows)


# --- across years ---


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year's ledger in figures."""

    year: int | None
    equation: Equation
    remedied: int
    partly: int
    open: int


def by_year(rows: QuerySet[Shortcoming]) -> list[YearLine]:
    """Count `rows` by the year of their plan, the latest first, without drafts; one query."""
    listed = Q(merged_into__isnull=True)
    counted = {
        "n_new": Q(origin=Origin.NEW),
        "n_carried_over": Q(origin=Origin.CARRIED_OVER),
        "n_unmarked": Q(origin=""),
        "n_merged": ~listed,
        "n_listed": listed,
        **{f"n_{state.value}": listed & Q(state=state) for state in ShortcomingState},
    }
    figures = {name: Count("pk", filter=condition) for name, condition in counted.items()}
    grouped = rows.exclude(plan__status=PlanStatus.DRAFT).order_by().with_year().values("year").annotate(**figures)  # type: ignore[attr-defined]  # ours
    return [_year_line(row) for row in grouped.order_by(F("year").desc(nulls_last=True))]


def _year_line(row: dict[str, Any]) -> YearLine:
    names = ("new", "carried_over", "merged", "listed", "unmarked")
    equation = Equation(**{name: row[f"n_{name}"] for name in names})
    return YearLine(row["year"], equation, row["n_remedied"], row["n_partly"], row["n_open"])


# --- lineage ---


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the lineage, in an earlier or later year."""

    row: Shortcoming
    masked: bool

    @property
    def year(self) -> str:
        """Return the year of its plan as shown."""
        return year_label(self.row.plan)


def lineage(row: Shortcoming, user: User) -> tuple[list[Step], list[Step]]:
    """Return where a shortcoming comes from and what became of it, as far as `user` sees; two queries.

    Both in the order of years: what leads to it, and what follows.
    """
    links = links_of(row.plan)
    before, after = ancestors(row.pk, links), descendants(row.pk, links)
    rows = Shortcoming.objects.listed_for(user).filter(pk__in=[*before, *after])
    steps = {r.pk: Step(r, r.masked) for r in rows.with_masks(user).select_related("plan")}
    return _by_year(steps[pk] for pk in before if pk in steps), _by_year(steps[pk] for pk in after if pk in steps)


def _by_year(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (year_of(step.row.plan) or 0, step.row.pk))


# --- the document ---


def hidden_from(user: User, plan: Plan) -> list[Hidden]:
    """Return what of the document `user` may not read; one query."""
    readable = Shortcoming.objects.visible_to(user).filter(plan=plan).order_by().values("pk")
    rows = plan.shortcomings.exclude(pk__in=readable).order_by()
    return [
        Hidden(place, (text, cause)) for place, text, cause in rows.values_list("source_paragraph", "text", "cause")
    ]


def by_field(rows: Iterable[LedgerRow]) -> list[tuple[str, list[LedgerRow]]]:
    """Return rows under the names of their fields of work, in the order of the plan."""
    found: dict[str, list[LedgerRow]] = defaultdict(list)
    for line in rows:
        found[line.row.field.name if line.row.field else ""].append(line)
    return list(found.items())
