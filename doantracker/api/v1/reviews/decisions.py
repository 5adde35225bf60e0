"""Decisions of meetings, and the work they become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.db.models import Count, Q
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Ids, SomeWords, all_of, creates, lists, made, named, one_of, plain_of
from doantracker.api.v1.answers import PageQuery, one, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.agenda import WorkOut
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import DONE
from plans.models import Deadline
from plans.phrase_reading import LONGEST
from reviews.actions import decisions
from reviews.bodies import members_of
from reviews.enums import MeetingState
from reviews.models import Decision, Meeting
from reviews.views.shared import visible_meeting
from units.access import get_visible_or_404
from units.models import Unit, User

router = Router(tags=["reviews"])


class DecisionOut(Schema):
    """What a meeting decided, and the work it became."""

    id: int
    meeting: int
    ordinal: int = Field(description="Its number among those of the meeting.")
    text: str
    item: int | None = Field(description="The id of the item of the agenda it belongs to.")
    lead_unit: UnitRef | None
    supporting_units: list[UnitRef]
    overseer: PersonRef | None = Field(description="Who follows it for the body.")
    solution: int = Field(description="The work it became, in the register.")
    work: WorkOut


class NewDecision(Sent):
    """What was decided. By when in one way: a day, words such as “trước ngày 15/5/2026”, or another meeting."""

    text: SomeWords
    lead_unit: Id
    supporting_units: Ids = Field(default_factory=list)
    overseer: Id | None = Field(default=None, description="The id of a member of the body.")
    item: Id | None = Field(default=None, description="The id of an item of this agenda.")
    due: Day | None = Field(default=None, description="The last day. One of `due`, `phrase`, `until`.")
    phrase: Annotated[Text, Field(max_length=LONGEST)] = Field(
        default="", description="By when in words, as documents write it: “trước ngày 15/5/2026”."
    )
    until: Id | None = Field(default=None, description="The id of another planned meeting, by whose day it is due.")


@lists(router, "/meetings/{pk}/decisions", DecisionOut, "DecisionPage", "List the decisions of a meeting")
def decision_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what a meeting decided, with what became of it."""
    row = get_visible_or_404(Meeting.objects.all(), request.user, pk)
    return page(request, _decisions(row.pk), asked, DecisionOut, lambda rows: _lines(request.user, rows))


@creates(router, "/meetings/{pk}/decisions", DecisionOut, "Record a decision")
def decide(request: Call, pk: Pk, sent: NewDecision) -> Any:
    """Record a decision: it becomes work with a last day."""

    def make() -> Decision:
        row = visible_meeting(request.user, pk)
        return decisions.decide(meeting=row, by=request.user, **_decided(row, sent))

    def told(found: Decision) -> Any:
        row = _decisions(pk).get(pk=found.pk)
        return one(request, DecisionOut, _lines(request.user, [row])[0], 1, 201)

    return made(request, make, told)


def _decided(row: Meeting, sent: NewDecision) -> dict[str, Any]:
    """Return what the act takes: the units below, the members of the body, the agenda, the meetings to come."""
    today = clock.today()
    units = Unit.objects.below(row.unit).in_force(today)
    coming = Meeting.objects.in_state(MeetingState.PLANNED).filter(unit=row.unit_id).exclude(pk=row.pk)
    return {
        "text": sent.text,
        "due": sent.due,
        "phrase": sent.phrase,
        "lead_unit": named(units.filter(kind__may_lead=True), sent.lead_unit, "lead_unit"),
        "supporting_units": all_of(units, sent.supporting_units, "supporting_units"),
        "overseer": one_of(members_of(row.unit, row.body, today), sent.overseer, "overseer"),
        "item": one_of(row.items.all(), sent.item, "item"),
        "until": one_of(coming.select_related("event"), sent.until, "until"),
    }


def _decisions(meeting: int) -> Any:
    related = ("solution__lead_unit", "solution__group__lead_unit", "solution__overseer")
    rows = Decision.objects.filter(meeting=meeting).select_related(*related)
    return rows.prefetch_related("solution__supporting_units")


def _lines(user: User, rows: Sequence[Decision]) -> list[dict[str, Any]]:
    owed = Deadline.objects.visible_to(user).filter(solution__in=[row.solution_id for row in rows]).order_by()
    counted = owed.values_list("solution").annotate(all=Count("pk"), handed_in=Count("pk", filter=Q(status__in=DONE)))
    works = {solution: {"total": total, "done": finished} for solution, total, finished in counted}
    return [
        {
            **plain_of(row, ("ordinal",)),
            "meeting": row.meeting_id,
            "text": row.solution.text,
            "item": row.item_id,
            "lead_unit": unit_ref(row.solution.lead) if row.solution.lead else None,
            "supporting_units": [unit_ref(unit) for unit in row.solution.supporting_units.all()],
            "overseer": person_ref(row.solution.overseer),
            "solution": row.solution_id,
            "work": works.get(row.solution_id, {"total": 0, "done": 0}),
        }
        for row in rows
    ]
