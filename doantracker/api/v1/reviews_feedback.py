"""Feedback rounds: prepared, opened, closed step by step; contributions read and answered, self-review reports.

Who gave what in an anonymous round is known to nobody, and a token is a name: its last use stands beside its person
with the time, and its program keeps what it sent. So contributions to anonymous rounds are taken by the pages alone.
Nothing here is told to webhooks. Acts answer what they were about and nothing of what was said: an answer is kept for
calls that come again, and criticism may not lie there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.problems import ProblemError
from doantracker.api.v1.reviews_shared import (
    Body,
    FileOut,
    Ids,
    Kept,
    SomeWords,
    Words,
    Year,
    acted,
    all_of,
    changes,
    creates,
    file_lines,
    named,
    offered_or_404,
    one_of,
    page_at,
    plain_of,
    uploads,
    wrong,
)
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.errors import ActionRefused
from reviews.actions import contributions, feedback
from reviews.actions.feedback import MOST_INVITED, MOST_TARGETS, MOST_TEXTS, MOST_TOPICS, Asked
from reviews.actions.self_reviews import give_report, log_reading
from reviews.enums import FeedbackStep, InvitationKind, ReplyKind
from reviews.feedback_page import TargetGroup, about, compiled, counts_of, invited_rows
from reviews.forms.feedback import RoundForm
from reviews.models import (
    Contribution,
    FeedbackInvitation,
    FeedbackRound,
    FeedbackTarget,
)
from reviews.querysets import READ_IN
from reviews.rights import feedback_units, may_review, may_run_feedback
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["feedback"])
RELATED: Final = ("unit", "plan", "consolidated_by", "meeting__event")
DAYS: Final = ("contributions_by", "report_by", "meeting_on", "reply_by")

ContributionPk = Annotated[UUID, Path(description="The id of the contribution.")]


class FeedbackRoundOut(Schema):
    """One round: who is asked about whom, and how far it is. What was said is told by reading its contributions."""

    id: int
    version: int
    unit: UnitRef
    body: str
    title: str
    year: int
    plan: int | None
    anonymous: bool
    names_to_targets: bool = Field(description="Those spoken of see who said it.")
    consolidated_by: UnitRef
    contributions_by: dt.date
    report_by: dt.date
    meeting_on: dt.date
    reply_by: dt.date
    step: FeedbackStep
    meeting: int | None
    result: str
    page: str = Field(description="The address of its page, for people.")


class FeedbackTargetOut(Schema):
    """Whom a round is about: a body of a unit, a whole unit, or a person."""

    id: int
    label: str
    unit: UnitRef
    body: str
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
    replied: int


class ContributionOut(Schema):
    """What was said; `giver` is empty where you do not see names, always in an anonymous round."""

    id: UUID
    topic: int
    text: str
    giver: str
    reply_kind: ReplyKind | None
    reply: str
    reply_version: int = Field(description="0: no reply yet.")


class ContributionsAboutOut(Schema):
    """What was said about one target."""

    target: FeedbackTargetOut
    contributions: list[ContributionOut]


class ContributionsOut(Schema):
    """What was said in a round, by target and topic. In no order of time."""

    round: int
    version: int
    items: list[ContributionsAboutOut]


class WholeFeedbackTargetOut(Schema):
    """What was said about one target, and its self-review report."""

    id: int
    version: int
    round: int
    step: FeedbackStep
    about: ContributionsAboutOut
    report: str
    report_given_on: dt.date | None
    files: list[FileOut]


class InvitationOut(Schema):
    """A round you are asked to contribute to. `by_page`: it is anonymous, contribute on its page."""

    id: int
    round: int
    title: str
    kind: InvitationKind
    unit: UnitRef | None
    contributions_by: dt.date
    open: bool
    by_page: bool
    handed_in: bool
    targets: list[FeedbackTargetOut]
    topics: list[FeedbackTopicOut]


class FeedbackRoundFacts(Sent):
    """A round while it is prepared: about whom, under which topics, who is asked, by when each step ends."""

    title: Annotated[Text, Field(min_length=1, max_length=300)]
    body: Body
    year: Year
    plan: Id | None = None
    consolidated_by: Id
    anonymous: Switch = True
    names_to_targets: Switch = False
    contributions_by: Day
    report_by: Day
    meeting_on: Day
    reply_by: Day
    target_bodies: Annotated[list[Body], Field(max_length=MOST_TARGETS)] = Field(default_factory=list)
    target_departments: Ids = Field(default_factory=list)
    target_people: Ids = Field(default_factory=list)
    topics: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=500)]], Field(min_length=1, max_length=MOST_TOPICS)
    ]
    units: Ids = Field(default_factory=list)
    bodies: Annotated[list[Body], Field(max_length=10)] = Field(default_factory=list)
    people: Ids = Field(default_factory=list)
    guests: Annotated[list[Annotated[Text, Field(min_length=1, max_length=200)]], Field(max_length=MOST_INVITED)] = (
        Field(default_factory=list)
    )


class NewFeedbackRound(FeedbackRoundFacts):
    """A round to prepare. Nobody is asked before it is opened."""

    unit: Id


class FeedbackStepIn(Sent):
    """The step to close: the one the round is in. `confirmed`: although something is missing or its day is to come."""

    step: FeedbackStep
    confirmed: Switch = False


class FeedbackOpening(Sent):
    """`confirmed`: although so few are asked that they can't stay unknown."""

    confirmed: Switch = False


class ContributionIn(Sent):
    """What is said about a target under a topic; an empty text takes back what was said before."""

    target: Id
    topic: Id
    text: Words


class ContributionsIn(Sent):
    """What those invited say."""

    texts: Annotated[list[ContributionIn], Field(min_length=1, max_length=MOST_TEXTS)]


class ContributionReplyIn(Sent):
    """What becomes of a contribution; name nobody who contributed. `version` of the reply seen, 0: none yet."""

    kind: ReplyKind
    text: SomeWords
    version: Annotated[int, Field(ge=0, lt=10**9, strict=True)] = 0


class SelfReview(Sent):
    """The self-review report."""

    text: Words = ""


class FeedbackResult(Sent):
    """The result of the review: what was taken up."""

    text: SomeWords


@router.get(
    "/feedback-rounds", response=reads(page_of(FeedbackRoundOut, "FeedbackRoundPage")), summary="Feedback rounds"
)
def round_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List the rounds of the units whose feedback you may see."""
    rows = FeedbackRound.objects.visible_to(request.user).select_related(*RELATED)
    return page(request, rows, asked, FeedbackRoundOut, lambda found: [_round_line(row) for row in found])


@router.get("/feedback-rounds/{pk}", response=reads_one(WholeFeedbackRoundOut), summary="One feedback round")
def feedback_round(request: Call, pk: Pk) -> Any:
    """Show one round: about whom it is, who is asked, how far it is. Nothing that was said."""
    row = _visible(request.user, pk)
    counts = counts_of(row)
    facts = _round_line(row) | {
        "targets": [_target(t) for t in row.targets.select_related("unit", "person")],
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
    made: list[FeedbackRound] = []

    def act() -> None:
        values, asked = _asked(request.user, unit, sent)
        made.append(feedback.plan_round(unit=unit, values=values, asked=asked, by=request.user))

    return acted(request, act, lambda: _kept(request, made[0], 201))


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


@changes(router, "/feedback-rounds/{pk}/close-step", Kept, "Close a step")
def close_step(request: Call, pk: Pk, sent: FeedbackStepIn) -> Any:
    """Close the step the round is in: the next begins."""

    def act(row: FeedbackRound, version: int) -> None:
        facts: dict[str, Any] = {"step": sent.step, "version": version, "confirmed": sent.confirmed}
        feedback.close_step(feedback=row, by=request.user, **facts)

    if sent.step == FeedbackStep.DRAFT:
        raise wrong("step")
    return _on_round(request, pk, act)


@changes(router, "/feedback-rounds/{pk}/result", Kept, "Write the result")
def give_result(request: Call, pk: Pk, sent: FeedbackResult) -> Any:
    """Write what was taken up."""

    def act(row: FeedbackRound, version: int) -> None:
        contributions.give_result(feedback=row, text=sent.text, by=request.user, version=version)

    return _on_round(request, pk, act)


@router.get("/feedback-rounds/{pk}/contributions", response=reads_one(ContributionsOut), summary="Contributions")
def compiled_round(request: Call, pk: Pk) -> Any:
    """Show all that was contributed by target and topic, once contributions are read. The reading is logged."""
    row = _visible(request.user, pk)
    if row.step not in READ_IN:
        raise ActionRefused(_("Contributions are read once the step of contributions is closed. Close it first."))
    _groups, shown = compiled(row, request.user)
    log_reading(by=request.user, feedback=row, targets=[g.target for g in shown if g.count])
    facts: dict[str, Any] = {"round": row.pk, "version": row.version, "items": [_about(group) for group in shown]}
    return one(request, ContributionsOut, facts, row.version)


@router.get("/feedback-targets/{pk}", response=reads_one(WholeFeedbackTargetOut), summary="One target of a round")
def target(request: Call, pk: Pk) -> Any:
    """Show what was said about one target, yourself too, and the self-review report. The reading is logged."""
    row = _visible_target(request.user, pk)
    group = about(row, request.user)
    log_reading(by=request.user, feedback=row.round, targets=[row] if group.count else [])
    facts: dict[str, Any] = {
        **plain_of(row, ("version", "report", "report_given_on")),
        "round": row.round_id,
        "step": row.round.step,
        "about": _about(group),
        "files": file_lines(row.files.all()),
    }
    return one(request, WholeFeedbackTargetOut, facts, row.version)


@changes(router, "/feedback-targets/{pk}/report", Kept, "Hand in a self-review report")
def report(request: Call, pk: Pk, sent: SelfReview) -> Any:
    """Hand in the self-review report of a target, or a better one while reports are taken."""
    return _report(request, pk, sent.text, ())


@changes(router, "/feedback-targets/{pk}/report-files", Kept, "Hand in a self-review report with files")
def report_with_files(request: Call, pk: Pk, sent: Form[SelfReview], files: File[list[UploadedFile]]) -> Any:
    """Hand in the report with files, as multipart/form-data. Files are only added."""
    return _report(request, pk, sent.text, files)


@creates(router, "/feedback-contributions/{pk}/reply", Kept, "Reply to a contribution", 200)
def reply(request: Call, pk: ContributionPk, sent: ContributionReplyIn) -> Any:
    """Say what becomes of a contribution, after the review meeting. The answer names the reply and no more."""
    rows = Contribution.objects.visible_to(request.user).select_related("round__unit", "target")
    found: Contribution = get_object_or_404(rows, pk=pk)
    made: list[Any] = []

    def act() -> None:
        require(may_run_feedback(request.user, found.round.unit))
        made.append(contributions.reply_to(contribution=found, by=request.user, **sent.model_dump()))

    return acted(request, act, lambda: _kept(request, made[0]))


@router.get(
    "/feedback-invitations", response=reads(page_of(InvitationOut, "InvitationPage")), summary="What I am asked for"
)
def invitation_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List the rounds you are asked to contribute to, with targets and topics."""
    rows = FeedbackInvitation.objects.visible_to(request.user, clock.today()).select_related("round", "unit", "person")
    rows = rows.prefetch_related("round__targets__unit", "round__targets__person", "round__topics")
    return page(request, rows, asked, InvitationOut, _invitation_lines)


@creates(router, "/feedback-invitations/{pk}/contribute", Kept, "Contribute to a named round", 200)
def contribute(request: Call, pk: Pk, sent: ContributionsIn) -> Any:
    """Contribute to a named round, anew in place of what was said. Anonymous ones take contributions on their page."""
    rows = FeedbackInvitation.objects.visible_to(request.user, clock.today()).select_related("round__unit")
    mine: FeedbackInvitation = get_object_or_404(rows, pk=pk)
    if mine.round.anonymous:  # before anything is kept for calls that come again
        words = _("This round is anonymous. Contribute on its page: a program would leave a trace of who gave what.")
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", words)
    texts = {(said.target, said.topic): said.text for said in sent.texts}

    def act() -> None:
        contributions.contribute(invitation=mine, texts=texts, by=request.user)

    return acted(request, act, lambda: one(request, Kept, {"id": mine.pk, "version": 0}, 0))


def _on_round(request: Call, pk: int, act: Callable[[FeedbackRound, int], None]) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        require(may_run_feedback(request.user, row.unit))
        act(row, seen_number(request, row.version))

    return acted(request, run, lambda: _kept(request, _visible(request.user, pk)))


def _kept(request: Call, row: Any, status: int = 200) -> Any:
    return one(request, Kept, {"id": row.pk, "version": row.version}, row.version, status)


def _visible(user: User, pk: int) -> FeedbackRound:
    found: FeedbackRound = get_visible_or_404(FeedbackRound.objects.select_related(*RELATED), user, pk)
    return found


def _visible_target(user: User, pk: int) -> FeedbackTarget:
    found: FeedbackTarget = get_visible_or_404(
        FeedbackTarget.objects.select_related("round__unit", "unit", "person"), user, pk
    )
    return found


def _reviewed(user: User, pk: int) -> FeedbackTarget:
    """Return a target for which `user` hands in the report; until contributions are read who runs the round alone."""
    rounds = FeedbackRound.objects.visible_to(user).order_by().values("pk")
    seen = FeedbackTarget.objects.visible_to(user).order_by().values("pk")
    rows = FeedbackTarget.objects.filter(Q(round__in=rounds) | Q(pk__in=seen))
    found = get_object_or_404(rows.select_related("round__unit", "unit", "person"), pk=pk)
    require(may_review(user, found))
    return found


def _report(request: Call, pk: int, text: str, files: Sequence[UploadedFile]) -> Any:
    def act() -> None:
        row = _reviewed(request.user, pk)
        version = seen_number(request, row.version)
        give_report(target=row, by=request.user, text=text, files=uploads(files), version=version)

    return acted(request, act, lambda: _kept(request, _visible_target(request.user, pk)))


def _round_line(row: FeedbackRound) -> dict[str, Any]:
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


def _target(row: FeedbackTarget) -> dict[str, Any]:
    return {
        **plain_of(row, ("label", "body")),
        "unit": unit_ref(row.unit),
        "person": person_ref(row.person),
    }


def _about(group: TargetGroup) -> dict[str, Any]:
    said = [
        {
            **plain_of(row.contribution, ("text",)),
            "topic": topic.topic.pk,
            "giver": row.giver,
            "reply_kind": row.reply.kind if row.reply else None,
            "reply": row.reply.text if row.reply else "",
            "reply_version": row.reply.version if row.reply else 0,
        }
        for topic in group.topics
        for row in topic.rows
    ]
    return {"target": _target(group.target), "contributions": said}


def _invitation_lines(rows: Sequence[FeedbackInvitation]) -> list[dict[str, Any]]:
    today = clock.today()
    return [
        {
            **plain_of(row, ("kind", "handed_in")),
            "round": row.round_id,
            "title": row.round.title,
            "unit": unit_ref(row.unit) if row.unit else None,
            "contributions_by": row.round.contributions_by,
            "open": row.round.accepts_on(today),
            "by_page": row.round.anonymous,
            "targets": [_target(t) for t in row.round.targets.all()],
            "topics": [plain_of(topic, ("text",)) for topic in row.round.topics.all()],
        }
        for row in rows
    ]


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
