"""Feedback rounds: prepared, opened, closed step by step. Nothing of them is told to webhooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    Body,
    BodyOut,
    Ids,
    Kept,
    SomeWords,
    Year,
    acted,
    all_of,
    changes,
    creates,
    kept,
    lists,
    made,
    named,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    shows,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from reviews.actions import contributions, feedback
from reviews.actions.feedback import MOST_INVITED, MOST_TARGETS, MOST_TOPICS, Asked
from reviews.enums import FeedbackStep, InvitationKind
from reviews.feedback_page import counts_of, invited_rows
from reviews.forms.feedback import RoundForm
from reviews.models import FeedbackRound, FeedbackTarget
from reviews.rights import feedback_units, may_run_feedback
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["feedback"])
RELATED: Final = ("unit", "plan", "consolidated_by", "meeting__event")
DAYS: Final = ("contributions_by", "report_by", "meeting_on", "reply_by")


class FeedbackRoundOut(Schema):
    """One round: who is asked about whom, and how far it is. What was said is told by reading its contributions."""

    id: int
    version: int
    unit: UnitRef
    body: BodyOut
    title: str
    year: int
    plan: int | None
    anonymous: bool
    names_to_targets: bool = Field(description="Those spoken of see who said it.")
    consolidated_by: UnitRef = Field(description="The unit that consolidates what is said.")
    contributions_by: dt.date = Field(description="The last day for contributions.")
    report_by: dt.date = Field(description="The last day for self-review reports.")
    meeting_on: dt.date = Field(description="The day of the review meeting.")
    reply_by: dt.date = Field(description="The last day for replies and the result.")
    step: FeedbackStep
    meeting: int | None = Field(description="The review meeting; null before the round is opened.")
    result: str = Field(description="What was taken up; empty before the reply.")
    page: str = Field(description="The address of its page, for people.")


class FeedbackTargetOut(Schema):
    """Whom a round is about: a body of a unit, a whole unit, or a person."""

    id: int
    label: str = Field(description="What it is called in the round.")
    unit: UnitRef
    body: str = Field(description="Code of the body; empty: a whole unit or a person.")
    person: PersonRef | None


class FeedbackTopicOut(Schema):
    """A group of questions."""

    id: int
    text: str


class InvitedOut(Schema):
    """Who is asked, and whether something was handed in."""

    id: int
    kind: InvitationKind
    name: str
    handed_in: bool


class WholeFeedbackRoundOut(FeedbackRoundOut):
    """One round with whom it is about and who is asked."""

    targets: list[FeedbackTargetOut]
    topics: list[FeedbackTopicOut]
    invited: list[InvitedOut]
    contributions: int = Field(description="How many; 0 until they are read.")
    replied: int = Field(description="How many of them have a reply.")


class FeedbackRoundFacts(Sent):
    """A round while it is prepared: about whom, under which topics, who is asked, by when each step ends."""

    title: Annotated[Text, Field(min_length=1, max_length=300)]
    body: Body
    year: Year
    plan: Id | None = None
    consolidated_by: Id = Field(description="The id of the unit that consolidates what is said.")
    anonymous: Switch = Field(
        default=True, description="Nobody learns who gave what. It can't be changed once the round is open."
    )
    names_to_targets: Switch = Field(default=False, description="Those spoken of see who said it; of named rounds.")
    contributions_by: Day = Field(description="The last day for contributions.")
    report_by: Day = Field(description="The last day for self-review reports.")
    meeting_on: Day = Field(description="The day of the review meeting.")
    reply_by: Day = Field(description="The last day for replies and the result.")
    target_bodies: Annotated[list[Body], Field(max_length=MOST_TARGETS)] = Field(
        default_factory=list, description="Bodies of the unit it is about."
    )
    target_departments: Ids = Field(default_factory=list, description="Ids of departments it is about.")
    target_people: Ids = Field(default_factory=list, description="Ids of persons it is about.")
    topics: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=500)]], Field(min_length=1, max_length=MOST_TOPICS)
    ] = Field(description="Groups of questions, in this order.")
    units: Ids = Field(default_factory=list, description="Ids of units that are asked.")
    bodies: Annotated[list[Body], Field(max_length=10)] = Field(
        default_factory=list, description="Bodies of the unit that are asked."
    )
    people: Ids = Field(default_factory=list, description="Ids of persons that are asked.")
    guests: Annotated[list[Annotated[Text, Field(min_length=1, max_length=200)]], Field(max_length=MOST_INVITED)] = (
        Field(default_factory=list, description="Names of guests; each gets a link on the page of the round.")
    )


class NewFeedbackRound(FeedbackRoundFacts):
    """A round to prepare. Nobody is asked before it is opened."""

    unit: Id


class FeedbackStepIn(Sent):
    """The step to close: the one the round is in. `confirmed`: although something is missing or its day is to come."""

    step: FeedbackStep = Field(description="The step the round is in.")
    confirmed: Switch = Field(default=False, description="Although something is missing or its day is to come.")


class FeedbackOpening(Sent):
    """`confirmed`: although so few are asked that they can't stay unknown."""

    confirmed: Switch = Field(default=False, description="Although so few are asked that they can be guessed.")


class FeedbackResult(Sent):
    """The result of the review: what was taken up."""

    text: SomeWords


@lists(router, "/feedback-rounds", FeedbackRoundOut, "FeedbackRoundPage", "List feedback rounds")
def round_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List the rounds of the units whose feedback you may see."""
    rows = FeedbackRound.objects.visible_to(request.user).select_related(*RELATED)
    return page(request, rows, asked, FeedbackRoundOut, lambda found: [_line(row) for row in found])


@shows(router, "/feedback-rounds/{pk}", WholeFeedbackRoundOut, "Show a feedback round")
def feedback_round(request: Call, pk: Pk) -> Any:
    """Show one round: about whom it is, who is asked, how far it is. Nothing that was said."""
    row = visible_round(request.user, pk)
    counts = counts_of(row)
    facts = _line(row) | {
        "targets": [target_line(t) for t in row.targets.select_related("unit", "person")],
        "topics": [plain_of(topic, ("text",)) for topic in row.topics.all()],
        "invited": [plain_of(i, ("kind", "handed_in")) | {"name": i.label} for i in invited_rows(row)],
        "contributions": counts.contributions,
        "replied": counts.replied,
    }
    return one(request, WholeFeedbackRoundOut, facts, row.version)


@creates(router, "/feedback-rounds", Kept, "Prepare a feedback round")
def plan_round(request: Call, sent: NewFeedbackRound) -> Any:
    """Prepare a round. Nobody is asked before it is opened."""
    unit = offered_or_404(feedback_units(request.user, clock.today()), sent.unit)

    def make() -> FeedbackRound:
        values, asked = _asked(request.user, unit, sent)
        return feedback.plan_round(unit=unit, values=values, asked=asked, by=request.user)

    return made(request, make, lambda row: kept(request, row, 201))


@changes(router, "/feedback-rounds/{pk}/change", Kept, "Change a feedback round")
def change_round(request: Call, pk: Pk, sent: FeedbackRoundFacts) -> Any:
    """Change a round that is still being prepared."""

    def act(row: FeedbackRound, version: int) -> None:
        values, asked = _asked(request.user, row.unit, sent)
        feedback.change_round(feedback=row, values=values, asked=asked, by=request.user, version=version)

    return _on_round(request, pk, act)


@changes(router, "/feedback-rounds/{pk}/open", Kept, "Open a feedback round")
def open_round(request: Call, pk: Pk, sent: FeedbackOpening) -> Any:
    """Ask for contributions: what is owed stands in the register, the review meeting in the calendar."""

    def act(row: FeedbackRound, version: int) -> None:
        feedback.open_round(feedback=row, by=request.user, version=version, confirmed=sent.confirmed)

    return _on_round(request, pk, act)


@changes(router, "/feedback-rounds/{pk}/close-step", Kept, "Close the step a feedback round is in")
def close_step(request: Call, pk: Pk, sent: FeedbackStepIn) -> Any:
    """Close the step the round is in: the next begins."""

    def act(row: FeedbackRound, version: int) -> None:
        facts: dict[str, Any] = {"step": sent.step, "version": version, "confirmed": sent.confirmed}
        feedback.close_step(feedback=row, by=request.user, **facts)

    if sent.step == FeedbackStep.DRAFT:
        raise wrong("step")
    return _on_round(request, pk, act)


@changes(router, "/feedback-rounds/{pk}/result", Kept, "Write the result of a feedback round")
def give_result(request: Call, pk: Pk, sent: FeedbackResult) -> Any:
    """Write what was taken up."""

    def act(row: FeedbackRound, version: int) -> None:
        contributions.give_result(feedback=row, text=sent.text, by=request.user, version=version)

    return _on_round(request, pk, act)


def _on_round(request: Call, pk: int, act: Callable[[FeedbackRound, int], None]) -> Any:
    def run() -> None:
        row = visible_round(request.user, pk)
        require(may_run_feedback(request.user, row.unit))
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: kept(request, visible_round(request.user, pk)))


def visible_round(user: User, pk: int) -> FeedbackRound:
    """Return a round that the person sees; else 404."""
    found: FeedbackRound = get_visible_or_404(FeedbackRound.objects.select_related(*RELATED), user, pk)
    return found


def _line(row: FeedbackRound) -> dict[str, Any]:
    plain = (
        "version", "body", "title", "year", "anonymous", "names_to_targets", *DAYS, "step", "result",
    )  # fmt: skip
    return {
        **plain_of(row, plain),
        "unit": unit_ref(row.unit),
        "plan": row.plan_id,
        "consolidated_by": unit_ref(row.consolidated_by),
        "meeting": row.meeting_id,
        "page": page_at(row),
    }


def target_line(row: FeedbackTarget) -> dict[str, Any]:
    """Return a target as told."""
    return {
        **plain_of(row, ("label", "body")),
        "unit": unit_ref(row.unit),
        "person": person_ref(row.person),
    }


def _asked(user: User, unit: Unit, sent: FeedbackRoundFacts) -> tuple[dict[str, Any], Asked]:
    """Return what the acts take: of units below, bodies and people that the page offers too."""
    form = RoundForm(unit=unit, user=user, today=clock.today(), changed=False)
    units = Unit.objects.below(unit).in_force(clock.today())
    people, departments = [s.person for s in form.somebody.values()], list(form.departments.values())
    leading = units.filter(kind__may_lead=True)
    plain = ("title", "body", "year", "anonymous", "names_to_targets", *DAYS)
    values: dict[str, Any] = {name: getattr(sent, name) for name in plain}
    values["plan"] = one_of(form.plans.values(), sent.plan, "plan")
    values["consolidated_by"] = named(leading, sent.consolidated_by, "consolidated_by")
    offered = {str(value) for value, _label in form.fields["body"].choices}  # type: ignore[attr-defined]  # of the field
    for name, given in (("body", [sent.body]), ("target_bodies", sent.target_bodies), ("bodies", sent.bodies)):
        if not set(given) <= offered:
            raise wrong(name)
    chosen = [form.somebody[str(p.pk)] for p in all_of(people, sent.target_people, "target_people")]
    return values, Asked(
        targets=(
            *((unit, body, None, "") for body in sent.target_bodies),
            *((u, "", None, "") for u in all_of(departments, sent.target_departments, "target_departments")),
            *((s.unit, "", s.person, s.title) for s in chosen),
        ),
        topics=tuple(sent.topics),
        units=tuple(all_of(units, sent.units, "units")),
        bodies=tuple((unit, body) for body in sent.bodies),
        people=tuple(all_of(people, sent.people, "people")),
        guests=tuple(sent.guests),
    )
