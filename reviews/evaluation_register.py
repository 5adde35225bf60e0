"""What counts for members in a month, read from the one register: the terms behind every computed score.

A fixed number of queries for any number of members. What is neither handed in nor due yet does not count.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q

from doantracker.lib.text import shortened
from plans.enums import DONE, Decision, PlanStatus, ShortcomingState, Status
from plans.models import Deadline, Extension, ShortcomingReview
from plans.time_state import lateness
from reviews.enums import CriterionKind
from reviews.models import EvaluationRound, MonthShortcoming
from reviews.scoring import Piece, delays_of
from units.access import within
from units.models import Appointment, AuditEvent
from units.models.audit import AuditAction

HEAD_RANK: Final = 10  # of a unit's posts, see Post.rank
LABEL_LENGTH: Final = 300
_COLUMNS: Final = (
    "pk", "solution__text", "status", "due_on", "original_due_on", "reported_on", "excused_until", "unit__short_name",
    "unit__name", "unit_id",
)  # fmt: skip
_FOLLOWED: Final = Q(plan__status__in=(PlanStatus.PUBLISHED, PlanStatus.CLOSED)) & ~Q(
    status__in=(Status.CANCELLED, Status.ON_HOLD)
)


@dataclass(frozen=True, slots=True)
class Term:
    """One piece that counts, with what a person needs to check it: which deadline, its day, what became of it."""

    label: str
    piece: Piece
    excused: bool = False
    deadline: int | None = None
    due_on: dt.date | None = None


#: The terms of members by their key, and of each by the kind of criterion.
Terms = dict[int, dict[str, list[Term]]]


def month_end(month: dt.date) -> dt.date:
    """Return the last day of the month of `month`."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def month_before(month: dt.date) -> dt.date:
    """Return the first day of the month before."""
    return (month.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def register_terms(row: EvaluationRound, people: Collection[int], *, today: dt.date) -> Terms:
    """Return what counts for `people` in the month of the round, as the register stands on `today`."""
    papers = _papers(row, people)
    remedies = _remedies(row, people)
    work = _work(row, people, {owed["pk"] for _person, owed in (*papers, *remedies)})
    noted = _recognised(row, people)
    linked = list(_rows(Q(pk__in=[note.deadline_id for note in noted if note.deadline_id])))
    told = _Told.of([*(owed for _person, owed in (*papers, *remedies, *work)), *linked], today)
    found: Terms = {person: defaultdict(list) for person in people}
    for kind, rows in (
        (CriterionKind.PAPERS, papers),
        (CriterionKind.REMEDIATION, remedies),
        (CriterionKind.WORK, work),
    ):
        for person, owed in rows:
            found[person][kind] += told.terms(owed)
    by_pk = {owed["pk"]: owed for owed in linked}
    for note in noted:
        remedy = found[note.evaluation.person_id][CriterionKind.REMEDIATION]
        remedy += _of_note(note, by_pk, told, row.month, remedy)
    known = {note.shortcoming_id for note in noted if note.shortcoming_id}
    for person, term in _reviewed(row, people, known):
        found[person][CriterionKind.REMEDIATION].append(term)
    return found


# --- where the pieces come from ---


def _rows(condition: Q, *more: str) -> Iterable[dict[str, Any]]:
    return Deadline.objects.filter(condition).order_by("due_on", "pk").values(*_COLUMNS, *more)


def _due_in(row: EvaluationRound) -> Q:
    within_unit = within("unit_path", [str(row.unit.path)])
    return _FOLLOWED & within_unit & Q(due_on__range=(row.month, month_end(row.month)))


def _papers(row: EvaluationRound, people: Collection[int]) -> list[tuple[int, dict[str, Any]]]:
    """Return the papers of the meetings of the month that the persons presented."""
    item = "schedule__agenda_item__"
    days = (row.month, month_end(row.month))
    condition = _FOLLOWED & Q(
        **{f"{item}presenter__in": people, f"{item}meeting__event__cancelled": False},
        **{f"{item}meeting__unit": row.unit_id, f"{item}meeting__event__day__range": days},
    )
    return [(owed[f"{item}presenter_id"], owed) for owed in _rows(condition, f"{item}presenter_id")]


def _remedies(row: EvaluationRound, people: Collection[int]) -> list[tuple[int, dict[str, Any]]]:
    """Return the work of the month that remedies shortcomings of the persons, each once."""
    person = "solution__shortcomings__person_id"
    condition = _due_in(row) & Q(
        solution__shortcomings__person__in=people, solution__shortcomings__merged_into__isnull=True
    )
    found = {(owed[person], owed["pk"]): owed for owed in _rows(condition, person)}
    return [(who, owed) for (who, _pk), owed in found.items()]


def _work(row: EvaluationRound, people: Collection[int], counted: set[int]) -> list[tuple[int, dict[str, Any]]]:
    """Return the other work of the month that the persons oversee, or that the units owe at whose head they are."""
    heads = Appointment.objects.in_force(month_end(row.month)).filter(user__in=people, post__rank__lte=HEAD_RANK)
    headed = defaultdict(set)
    for unit, person in heads.order_by().values_list("post__unit_id", "user_id"):
        headed[unit].add(person)
    condition = _due_in(row) & (Q(solution__overseer__in=people) | Q(unit__in=headed))
    condition &= ~Q(schedule__agenda_item__isnull=False) & Q(schedule__evaluation_round__isnull=True)
    wanted = set(people)
    return [
        (person, owed)
        for owed in _rows(condition, "solution__overseer_id")
        if owed["pk"] not in counted
        for person in sorted(headed[owed["unit_id"]] | ({owed["solution__overseer_id"]} & wanted))
    ]


def _recognised(row: EvaluationRound, people: Collection[int]) -> list[MonthShortcoming]:
    """Return what was recognised or named in the month before."""
    found = MonthShortcoming.objects.filter(
        evaluation__round__unit=row.unit_id,
        evaluation__round__body=row.body,
        evaluation__round__month=month_before(row.month),
        evaluation__person__in=people,
    )
    return list(found.select_related("evaluation", "shortcoming"))


def _reviewed(row: EvaluationRound, people: Collection[int], known: Collection[int]) -> Iterable[tuple[int, Term]]:
    """Yield what reviews of the month said of shortcomings of the persons in the ledger; the last word counts.

    Without those that are `known`: what was recognised last month is linked to them.
    """
    days = (row.month, month_end(row.month))
    found = ShortcomingReview.objects.filter(
        day__range=days, shortcoming__person__in=people, shortcoming__merged_into__isnull=True,
        shortcoming__plan__issuing_unit=row.unit_id,
    ).exclude(shortcoming__in=known)  # fmt: skip
    last = {r.shortcoming_id: r for r in found.select_related("shortcoming").order_by("day", "pk")}
    for review in last.values():
        done = review.state == ShortcomingState.REMEDIED
        term = Term(shortened(review.shortcoming.text, LABEL_LENGTH), Piece(done=done), due_on=review.day)
        yield review.shortcoming.person_id or 0, term


def _of_note(
    note: MonthShortcoming, by_pk: dict[int, dict[str, Any]], told: _Told, month: dt.date, known: list[Term]
) -> list[Term]:
    """Return the term of what was recognised last month; linked to a deadline that counts already: none."""
    if note.deadline_id is not None:
        if any(term.deadline == note.deadline_id for term in known) or note.deadline_id not in by_pk:
            return []
        return told.terms(by_pk[note.deadline_id])
    done = bool(note.remedied)
    if note.shortcoming is not None:
        on = note.shortcoming.remedied_on
        done = on is not None and on <= month_end(month)
    return [Term(note.text[:LABEL_LENGTH], Piece(done=done))]


# --- what became of them ---


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a set of deadlines besides their rows."""

    today: dt.date
    days: dict[int, list[dt.date]]
    returns: dict[int, int]

    @classmethod
    def of(cls, rows: Collection[dict[str, Any]], today: dt.date) -> _Told:
        """Read which days were in force before later ones, and how often results came back; two queries."""
        keys = {owed["pk"] for owed in rows}
        days = defaultdict(list)
        granted = Extension.objects.filter(deadline__in=keys, status=Decision.GRANTED).order_by()
        for pk, day in granted.values_list("deadline_id", "due_on"):
            days[pk].append(day)
        back = AuditEvent.objects.filter(object_type="deadline", object_id__in=keys, action=AuditAction.RETURNED)
        counted = back.order_by().values("object_id").annotate(n=Count("pk"))
        return cls(today, days, dict(counted.values_list("object_id", "n")))

    def terms(self, owed: dict[str, Any]) -> list[Term]:
        """Return the term of one deadline; none while it is neither handed in nor past its day."""
        done = owed["status"] in DONE and owed["reported_on"] is not None
        if not done and owed["due_on"] is not None and owed["due_on"] >= self.today:
            return []
        end = owed["reported_on"] if done else self.today
        days = {name: owed[name] for name in ("status", "original_due_on", "due_on", "reported_on", "excused_until")}
        excused = lateness(**days, today=self.today).excused
        last_days = (owed["original_due_on"], owed["due_on"], *self.days.get(owed["pk"], ()))
        delays = delays_of(last_days, end, excused=excused)
        piece = Piece(done=done, delays=delays, returns=self.returns.get(owed["pk"], 0))
        unit = owed["unit__short_name"] or owed["unit__name"]
        label = f"{unit}: {shortened(owed['solution__text'], LABEL_LENGTH - 100)}"[:LABEL_LENGTH]
        return [Term(label, piece, excused, owed["pk"], owed["due_on"])]
