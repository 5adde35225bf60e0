"""A feedback round as its pages show it: the list, the steps, what was contributed, by target and topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reviews.enums import FeedbackStep, InvitationKind
from reviews.feedback_steps import DAYS, ends_early, is_past, too_few
from reviews.models import (
    Contribution,
    ContributionReply,
    FeedbackInvitation,
    FeedbackRound,
    FeedbackTarget,
    FeedbackTopic,
)
from reviews.rights import sees_names
from units.models import User


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with its day and how it stands on the day of the page."""

    step: FeedbackStep
    day: dt.date
    state: str  # done, now or to_come
    late: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were asked and what came of it."""

    invited: int
    handed_in: int
    contributions: int
    replied: int

    @property
    def open(self) -> int:
        """Return how many contributions have no reply."""
        return self.contributions - self.replied

    @property
    def few_invited(self) -> bool:
        """Return whether so few were asked that they can't stay unknown."""
        return too_few(self.invited)

    @property
    def few_handed_in(self) -> bool:
        """Return whether so few contributed that they can't stay unknown."""
        return too_few(self.handed_in)


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One contribution with its reply; `giver` is empty where the reader does not see names."""

    contribution: Contribution
    reply: ContributionReply | None
    giver: str


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """What was said about a target under one topic."""

    topic: FeedbackTopic
    rows: list[ContributionRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """What was said about one target."""

    target: FeedbackTarget
    topics: list[TopicGroup] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many contributions there are."""
        return sum(len(group.rows) for group in self.topics)

    @property
    def replied(self) -> int:
        """Return how many of them are answered."""
        return sum(row.reply is not None for group in self.topics for row in group.rows)


def listed(user: User) -> QuerySet[FeedbackRound]:
    """Return the rounds that `user` sees with their counts, the newest first."""
    invited = FeedbackInvitation.objects.filter(round=OuterRef("pk"))
    given = Contribution.objects.filter(round=OuterRef("pk"))
    rows: QuerySet[FeedbackRound] = FeedbackRound.objects.visible_to(user).select_related("unit")
    return rows.annotate(
        invited=_count(invited, "round"),
        handed_in=_count(invited.filter(handed_in=True), "round"),
        given=_count(given, "round"),
        replied=_count(given.filter(reply__isnull=False), "round"),
    ).order_by("-contributions_by", "-pk")


def counts_of(feedback: FeedbackRound) -> Counts:
    """Return the counts of a round; what was contributed is not told before it is read. Two queries."""
    invited = feedback.invitations.aggregate(n=Count("pk"), given=Count("pk", filter=Q(handed_in=True)))
    said = {"n": 0, "replied": 0}
    if is_past(FeedbackStep.CONTRIBUTING, FeedbackStep(feedback.step)):
        said = feedback.contributions.aggregate(n=Count("pk"), replied=Count("reply"))
    return Counts(invited["n"], invited["given"], said["n"], said["replied"])


def steps_of(feedback: FeedbackRound, today: dt.date) -> list[StepRow]:
    """Return the steps in order; the review meeting stands on the day it was moved to. Needs the meeting's event."""
    now = FeedbackStep(feedback.step)
    found = []
    for step, _planned in feedback.days:
        day, done = feedback.day_of(step), is_past(step, now)
        state = "done" if done else "now" if step == now else "to_come"
        found.append(StepRow(step, day, state, late=not done and now != FeedbackStep.DRAFT and day < today))
    return found


def early_day(feedback: FeedbackRound, today: dt.date) -> dt.date | None:
    """Return the day of the step the round is in where it would end before it if it were closed `today`."""
    now = FeedbackStep(feedback.step)
    day = feedback.day_of(now) if now in DAYS else None
    return day if day and ends_early(now, day, today) else None


def compiled(
    feedback: FeedbackRound, user: User, *, target: FeedbackTarget | None = None
) -> tuple[list[TargetGroup], list[TargetGroup]]:
    """Return what `user` may read of a round by target and topic, and the groups shown: all, or that of `target`.

    Three queries whatever the number of contributions.
    """
    targets = list(feedback.targets.select_related("unit", "person"))
    topics = list(feedback.topics.all())
    rows = Contribution.objects.visible_to(user).filter(round=feedback).to_read()
    groups = grouped(feedback, targets, topics, rows, user)
    return groups, [g for g in groups if target is None or g.target.pk == target.pk]


def about(target: FeedbackTarget, user: User) -> TargetGroup:
    """Return what was said about one target; two queries."""
    topics = list(target.round.topics.all())
    rows = Contribution.objects.visible_to(user).filter(target=target).to_read()
    return grouped(target.round, [target], topics, rows, user)[0]


def grouped(
    feedback: FeedbackRound,
    targets: Iterable[FeedbackTarget],
    topics: Iterable[FeedbackTopic],
    rows: Iterable[Contribution],
    user: User,
) -> list[TargetGroup]:
    """Put contributions under their targets and topics; where nothing was said a topic stays empty."""
    topics = list(topics)
    groups: dict[int, TargetGroup] = {}
    named: dict[int, bool] = {}
    for target in targets:
        target.round = feedback
        groups[target.pk] = TargetGroup(target, [TopicGroup(topic) for topic in topics])
        named[target.pk] = sees_names(user, target)
    place = {topic.pk: n for n, topic in enumerate(topics)}
    for row in rows:
        giver = row.invitation.label if named[row.target_id] and row.invitation else ""
        shown = ContributionRow(row, getattr(row, "reply", None), giver)
        groups[row.target_id].topics[place[row.topic_id]].rows.append(shown)
    return list(groups.values())


def invited_rows(feedback: FeedbackRound) -> list[FeedbackInvitation]:
    """Return who is asked, by kind and name; one query."""
    order = {kind: n for n, kind in enumerate(InvitationKind.values)}
    rows = feedback.invitations.select_related("unit", "person")
    return sorted(rows, key=lambda i: (order[i.kind], str(i.unit.path) if i.unit else "", i.label, i.pk))


def _count(rows: QuerySet[FeedbackInvitation] | QuerySet[Contribution], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
