"""The year of the members of a body: months, mean, what the rules propose; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q

from doantracker.lib import clock
from plans.enums import DONE, Status
from reviews.enums import CriterionKind, RatingLevel, RoundState
from reviews.models import Evaluation, EvaluationTerm, RatingRule, YearRating
from reviews.querysets import EvaluationQuerySet
from reviews.scoring import CAP_335, LEVELS_366, Level, Record, mean, missing, over_cap, percent, rating
from units.models import Unit, User

MONTHS = 12
COUNTED: Final = ("owed", "finished", "on_time", "shortcomings", "remedied")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that levels look at: what it is in the year, `part` of `whole` pieces where it is counted, and `asks`.

    `asks` has for each level, from the best, the least it asks for (None: nothing) and whether it is reached.
    """

    name: str
    actual: Decimal | None
    asks: tuple[tuple[Decimal | None, bool], ...]
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class YearLine:
    """One member in a year. `short_of` names what keeps the member from the level above the proposed one."""

    person: User
    scores: dict[int, Decimal]
    mean: Decimal | None
    proposed: Level | None
    short_of: tuple[str, ...]
    rated: YearRating | None
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The levels from the best, and the share of the best of those rated good that is warned of."""

    levels: Sequence[Level]
    cap: Decimal | None


def rules_in_force() -> Rules:
    """Return the rules that administrators keep; where there are none, those of the central bodies. One query."""
    rows = list(RatingRule.objects.order_by("-least", "pk"))
    if not rows:
        return Rules(LEVELS_366, CAP_335)
    levels = [
        Level(
            row.level, row.least, least_done=row.least_done, least_on_time=row.least_on_time,
            least_beyond=row.least_beyond, least_remedied=row.least_remedied,
            without_discipline=row.without_discipline,
        )
        for row in rows
    ]  # fmt: skip
    return Rules(levels, rows[0].cap)


def year_lines(unit: Unit, body: str, year: int) -> list[YearLine]:
    """Return the members who were evaluated in locked months of a year, by name; four queries."""
    found = _locked(unit, body, year).select_related("person", "round").order_by("person__sort_key", "person", "pk")
    people: dict[int, User] = {}
    scores: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for row in found:
        people[row.person_id] = row.person
        scores[row.person_id][row.round.month.month] = row.decided
    shares, rules = _shares(unit, body, year, people), rules_in_force()
    rated = {r.person_id: r for r in YearRating.objects.filter(unit=unit, body=body, year=year, person__in=people)}
    return [_line(p, scores[pk], shares[pk], rules.levels, rated.get(pk)) for pk, p in people.items()]


def year_line(unit: Unit, body: str, year: int, person: User, *, beyond: Decimal, disciplined: bool) -> YearLine:
    """Return the year of one member as it would be with what a person tells besides the register."""
    scores = {row.round.month.month: row.decided for row in _locked(unit, body, year).filter(person=person)}
    shares = _shares(unit, body, year, [person.pk])[person.pk]
    told = YearRating(beyond=beyond, disciplined=disciplined)
    return _line(person, scores, shares, rules_in_force().levels, told)


def too_many_best(lines: Collection[YearLine]) -> bool:
    """Return whether more are rated best than the rules have as the usual share; one query."""
    rules = rules_in_force()
    decided = [line.rated.level for line in lines if line.rated]
    best, good = decided.count(RatingLevel.EXCELLENT), decided.count(RatingLevel.GOOD)
    return rules.cap is not None and over_cap(best, good, rules.cap)


def _locked(unit: Unit, body: str, year: int) -> EvaluationQuerySet:
    first, last = dt.date(year, 1, 1), dt.date(year, MONTHS, 1)
    return Evaluation.objects.filter(
        round__unit=unit, round__body=body, round__month__range=(first, last), round__state=RoundState.LOCKED
    ).select_related("round")


def _shares(unit: Unit, body: str, year: int, people: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how much was owed, done and done on time in the locked months, by person; one query.

    Only what has fallen due counts: what is not done and was given a later day since, put off or called off, is not
    owed now. What was handed in after its month was kept is done by now, and late.
    """
    terms = EvaluationTerm.objects.filter(evaluation__in=_locked(unit, body, year).filter(person__in=people))
    going_on = [status for status in Status if status not in DONE]
    terms = terms.exclude(done=False, deadline__status__in=going_on, deadline__due_on__gte=clock.today())
    terms = terms.exclude(done=False, deadline__status__in=(Status.CANCELLED, Status.ON_HOLD))
    remedy = Q(criterion__kind=CriterionKind.REMEDIATION)
    done = Q(done=True) | Q(deadline__status__in=DONE, deadline__reported_on__isnull=False)
    counted: Any = terms.order_by().values("evaluation__person_id").annotate(
        owed=Count("pk", filter=~remedy),
        finished=Count("pk", filter=~remedy & done),
        on_time=Count("pk", filter=~remedy & Q(done=True, delays=0)),
        shortcomings=Count("pk", filter=remedy),
        remedied=Count("pk", filter=remedy & done),
    )  # fmt: skip
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in counted:
        found[row["evaluation__person_id"]] = {name: row[name] for name in COUNTED}
    return found


def _line(
    person: User, scores: dict[int, Decimal], shares: dict[str, int], levels: Sequence[Level], rated: YearRating | None
) -> YearLine:
    middle = mean(scores.values())
    kept = rated if rated is not None and rated.pk else None
    if middle is None:
        return YearLine(person, scores, None, None, (), kept)
    record = Record(
        total=middle,
        done=percent(shares["finished"], shares["owed"]),
        on_time=percent(shares["on_time"], shares["owed"]),
        beyond=rated.beyond if rated else Decimal(0),
        remedied=percent(shares["remedied"], shares["shortcomings"]),
        disciplined=bool(rated and rated.disciplined),
    )
    proposed = rating(levels, record)
    above = levels[max(levels.index(proposed) - 1, 0)]
    return YearLine(person, scores, middle, proposed, missing(above, record), kept, _measures(record, shares, levels))


def _measures(record: Record, shares: dict[str, int], levels: Sequence[Level]) -> tuple[Measure, ...]:
    short = [missing(level, record) for level in levels]

    def measure(name: str, asked: str, part: str = "", whole: str = "") -> Measure:
        asks = tuple((getattr(level, asked), name not in gone) for level, gone in zip(levels, short, strict=True))
        counts = (shares[part], shares[whole]) if part else (None, None)
        return Measure(name, getattr(record, name), asks, *counts)

    return (
        measure("total", "least"),
        measure("done", "least_done", "finished", "owed"),
        measure("on_time", "least_on_time", "on_time", "owed"),
        measure("beyond", "least_beyond"),
        measure("remedied", "least_remedied", "remedied", "shortcomings"),
    )
