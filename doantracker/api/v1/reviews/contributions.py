"""What is said in feedback rounds: read, answered, handed in.

Who gave what in an anonymous round is known to nobody, and a token is a name: its last use stands beside its person
with the time, and its program keeps what it sent. So contributions to anonymous rounds are taken by the pages alone.
Acts answer what they were about and nothing of what was said: an answer is kept for calls that come again, and
criticism may not lie there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Kept, Seen, SomeWords, Words, acted, creates, kept, lists, made, plain_of, shows
from doantracker.api.v1.answers import PageQuery, one, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.problems import ProblemError
from doantracker.api.v1.reviews.feedback import FeedbackTargetOut, FeedbackTopicOut, target_line, visible_round
from doantracker.api.v1.types import Id, Pk, Sent, UnitRef, unit_ref
from doantracker.lib import clock
from plans.errors import ActionRefused
from reviews.actions import contributions
from reviews.actions.feedback import MOST_TEXTS
from reviews.actions.self_reviews import log_reading
from reviews.enums import InvitationKind, ReplyKind
from reviews.feedback_page import TargetGroup, compiled
from reviews.models import Contribution, FeedbackInvitation
from reviews.querysets import READ_IN
from reviews.rights import may_run_feedback
from units.access import require

router = Router(tags=["feedback"])
ContributionPk = Annotated[UUID, Path(description="The id of the contribution.")]


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


class InvitationOut(Schema):
    """A round you are asked to contribute to. `by_page`: it is anonymous, contribute on its page."""

    id: int
    round: int
    title: str
    kind: InvitationKind
    unit: UnitRef | None
    contributions_by: dt.date
    open: bool = Field(description="Contributions are taken today.")
    by_page: bool = Field(description="It is anonymous: contribute on its page.")
    handed_in: bool = Field(description="Something was handed in for this invitation.")
    targets: list[FeedbackTargetOut]
    topics: list[FeedbackTopicOut]


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
    text: SomeWords = Field(description="What becomes of it and why.")
    version: Seen = 0


@shows(router, "/feedback-rounds/{pk}/contributions", ContributionsOut, "Read what was contributed")
def compiled_round(request: Call, pk: Pk) -> Any:
    """Show all that was contributed by target and topic, once contributions are read. The reading is logged."""
    row = visible_round(request.user, pk)
    if row.step not in READ_IN:
        raise ActionRefused(_("Contributions are read once the step of contributions is closed. Close it first."))
    _groups, shown = compiled(row, request.user)
    log_reading(by=request.user, feedback=row, targets=[g.target for g in shown if g.count])
    facts: dict[str, Any] = {"round": row.pk, "version": row.version, "items": [about_lines(group) for group in shown]}
    return one(request, ContributionsOut, facts, row.version)


@creates(router, "/feedback-contributions/{pk}/reply", Kept, "Reply to a contribution", 200)
def reply(request: Call, pk: ContributionPk, sent: ContributionReplyIn) -> Any:
    """Say what becomes of a contribution, after the review meeting. The answer names the reply and no more."""
    rows = Contribution.objects.visible_to(request.user).select_related("round__unit", "target")
    found: Contribution = get_object_or_404(rows, pk=pk)

    def make() -> Any:
        require(may_run_feedback(request.user, found.round.unit))
        return contributions.reply_to(contribution=found, by=request.user, **sent.model_dump())

    return made(request, make, lambda row: kept(request, row))


@lists(router, "/feedback-invitations", InvitationOut, "InvitationPage", "List what you are asked to contribute to")
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


def about_lines(group: TargetGroup) -> dict[str, Any]:
    """Return what was said about one target as told."""
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
    return {"target": target_line(group.target), "contributions": said}


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
            "targets": [target_line(t) for t in row.round.targets.all()],
            "topics": [plain_of(topic, ("text",)) for topic in row.round.topics.all()],
        }
        for row in rows
    ]
