"""What texts for chat groups are made of: deadlines a person sees, without the words the group may not read.

Whoever makes the text may read more than the group it is pasted to. The words of work that answers shortcomings of
persons, or repeats them, stay out whoever asks; apps above add what else does (`withhold`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils import translation

from doantracker.lib.text import search_key
from plans.chat_text import LONGEST_WORK, WITHHELD, OpenWork, Work
from plans.enums import OPEN, PlanStatus, Status, Subject
from plans.labels import period_label
from plans.masking import LEAST, holds_any
from plans.models import Deadline, Shortcoming, SolutionShortcoming
from plans.querysets import DeadlineQuerySet
from plans.resolving import CLASS_KINDS
from units.access import STEP
from units.models import Unit

#: Lines read for one list: more never fit into a text.
ROWS: Final = 40
#: Deadlines read where those of one task make one line.
GROUPED_ROWS: Final = 400
COLUMNS: Final = (
    "solution_id", "plan_id", "plan__symbol", "unit__short_name", "unit__name", "occurrence", "status",
    "due_on", "words", "solution__search", "unit_path", "unit__kind__code",
)  # fmt: skip

OF_UNIT: Final = ("unit_path", "unit__kind__code", "unit__short_name", "unit__name")
#: Kinds of units that are called the same in many places.
BRANCHES: Final = CLASS_KINDS["branch"]

Withheld = Callable[[Collection[int]], Mapping[int, str]]
_asked: list[Withheld] = []


def withhold(asked: Withheld) -> None:
    """Let `asked` say of solutions, by their ids, which words are not for a group, and what is said instead."""
    if asked not in _asked:
        _asked.append(asked)


def works_of(rows: QuerySet[Deadline], *, units: bool, plans: bool) -> list[Work]:
    """Return the first of `rows` for a text, in their order; a fixed number of queries.

    `units` and `plans` say whether each line names them, a plan by its number.
    """
    worded = rows.annotate(words=Left("solution__text", LONGEST_WORK + 1))
    found = list(worded.values(*COLUMNS)[: GROUPED_ROWS if units else ROWS])
    instead = _withheld(found)
    names = _names(found) if units else {}
    with translation.override(settings.LANGUAGE_CODE):  # the group's language, not the page's
        return [
            Work(
                text=instead.get(row["solution_id"], row["words"]),
                status=row["status"],
                due_on=row["due_on"],
                period=period_label(row["occurrence"]),
                plan=row["plan__symbol"] if plans else "",
                unit=names.get(row["unit_path"], ""),
                task=row["solution_id"],
                withheld=row["solution_id"] in instead,
            )
            for row in found
        ]


def followed(rows: DeadlineQuerySet) -> DeadlineQuerySet:
    """Return what is still owed in plans that are followed up."""
    found: DeadlineQuerySet = rows.filter(plan__status=PlanStatus.PUBLISHED, status__in=OPEN)
    return found


def open_by_unit(rows: QuerySet[Deadline], *, today: dt.date, days: int) -> tuple[list[OpenWork], int]:
    """Return what the first units still owe, most overdue first, and how many units there are; two queries."""
    is_open, undone = Q(status__in=OPEN), rows.filter(status__in=(*OPEN, Status.ON_HOLD)).order_by()
    counted = undone.values(*OF_UNIT).annotate(
        total=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
        soon=Count("pk", filter=is_open & Q(due_on__range=(today, today + dt.timedelta(days)))),
        held=Count("pk", filter=Q(status=Status.ON_HOLD)),
    )
    first = list(counted.order_by("-overdue", "-soon", "-total", "unit_path")[:ROWS])
    names = _names(first)
    found = [
        OpenWork(names[row["unit_path"]], row["total"], row["overdue"], row["soon"], row["held"]) for row in first
    ]
    return found, undone.values("unit_path").distinct().count()


def totals_by_unit(rows: QuerySet[Deadline], *, today: dt.date) -> tuple[list[OpenWork], int]:
    """Return how much of a list is whose, whatever its state, and of how many units; two queries."""
    late = Q(due_on__lt=today, status__in=OPEN)
    counted = rows.order_by().values(*OF_UNIT).annotate(total=Count("pk"), overdue=Count("pk", filter=late))
    first = list(counted.order_by("-overdue", "-total", "unit_path")[:ROWS])
    names = _names(first)
    found = [OpenWork(names[row["unit_path"]], row["total"], row["overdue"], 0) for row in first]
    return found, rows.order_by().values("unit_path").distinct().count()


def _names(found: Collection[dict[str, Any]]) -> dict[str, str]:
    """Return the names of units by their path; a branch with the unit above it: many wards have a "Chi đoàn 2".

    One query where there is a branch.
    """
    branches = {row["unit_path"] for row in found if row["unit__kind__code"] in BRANCHES}
    above = {path[:-STEP] for path in branches}
    parents = {unit.path: unit.label for unit in Unit.objects.filter(path__in=above)} if above else {}
    names = {row["unit_path"]: row["unit__short_name"] or row["unit__name"] for row in found}
    return {
        path: f"{name} ({parents[path[:-STEP]]})" if path in branches and path[:-STEP] in parents else name
        for path, name in names.items()
    }


def _withheld(found: Collection[dict[str, Any]]) -> dict[int, str]:
    """Return what is said instead of the words of a solution, by its id."""
    solutions = {row["solution_id"] for row in found}
    if not solutions:
        return {}
    links = SolutionShortcoming.objects.filter(solution__in=solutions, shortcoming__subject=Subject.PERSON)
    instead = dict.fromkeys(links.order_by().values_list("solution_id", flat=True), WITHHELD)
    personal = _personal_words({row["plan_id"] for row in found})
    for row in found:
        if holds_any(row["solution__search"], personal.get(row["plan_id"], ())):
            instead[row["solution_id"]] = WITHHELD
    for asked in _asked:
        instead = {**asked(solutions), **instead}
    return instead


def _personal_words(plans: Collection[int]) -> Mapping[int, list[str]]:
    """Return the words of the shortcomings of persons by plan, as they are compared; one query."""
    words: dict[int, list[str]] = defaultdict(list)
    rows = Shortcoming.objects.personal().filter(plan__in=plans).order_by()
    for plan, text, cause in rows.values_list("plan_id", "text", "cause"):
        words[plan] += [key for key in (search_key(text), search_key(cause)) if len(key) >= LEAST]
    return words
