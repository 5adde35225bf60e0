"""What a person may see of reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from reviews.enums import FeedbackStep, MeetingState
from units.access import paths_with, within
from units.models.person import DEPUTY_RANK, Appointment
from units.permissions import Permission
from units.roles import ROLES, Role

if TYPE_CHECKING:
    from units.models import User


class PledgeQuerySet(models.QuerySet[Any]):
    """Pledges."""

    def visible_to(self, user: User) -> PledgeQuerySet:
        """Return the pledges in units that `user` sees, and `user`'s own."""
        seen = within("appointment__post__unit__path", paths_with(user, Permission.VIEW))
        return self.filter(seen | Q(appointment__user=user.pk))


def who_pledges(user: User, year: int) -> models.QuerySet[Appointment]:
    """Return the appointments that owe a pledge for `year`, of the units that `user` sees and `user`'s own.

    Heads of units and their deputies who hold the post on some day of the year; setting up is no leading post.
    """
    seen = within("post__unit__path", paths_with(user, Permission.VIEW)) | Q(user=user.pk)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    held = Q(end__isnull=True) | Q(end__gte=first)
    leading = ~Q(post__role=Role.ADMINISTRATOR) & Q(post__rank__lte=DEPUTY_RANK)
    return Appointment.objects.filter(seen, held, leading, start__lte=last)


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings. Units below the one that meets see what they owe in the register, never the meeting."""

    def visible_to(self, user: User) -> MeetingQuerySet:
        """Return the meetings of the units that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))

    def in_state(self, state: str) -> MeetingQuerySet:
        """Return the meetings that stand so; the same rule as `Meeting.state`."""
        conditions = {
            MeetingState.PLANNED: Q(held_on__isnull=True, event__cancelled=False),
            MeetingState.HELD: Q(held_on__isnull=False),
            MeetingState.CANCELLED: Q(held_on__isnull=True, event__cancelled=True),
        }
        return self.filter(conditions[MeetingState(state)])

    def between(self, first: dt.date, last: dt.date) -> MeetingQuerySet:
        """Return the meetings on the days from `first` to `last`."""
        return self.filter(event__day__range=(first, last))


class MeetingFileQuerySet(models.QuerySet[Any]):
    """Files of minutes."""

    def visible_to(self, user: User) -> MeetingFileQuerySet:
        """Return the files of the meetings that `user` sees."""
        return self.filter(within("meeting__unit__path", paths_with(user, Permission.VIEW)))


#: The steps in which contributions are read; before, nobody reads one, so that no order of arrival is seen.
READ_IN = (FeedbackStep.REPORTING, FeedbackStep.REVIEWING, FeedbackStep.REPLYING, FeedbackStep.CLOSED)


class FeedbackRoundQuerySet(models.QuerySet[Any]):
    """Feedback rounds."""

    def visible_to(self, user: User) -> FeedbackRoundQuerySet:
        """Return the rounds of the units whose feedback `user` may see."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW_FEEDBACK)))


class FeedbackTargetQuerySet(models.QuerySet[Any]):
    """Those whom rounds are about."""

    def visible_to(self, user: User) -> FeedbackTargetQuerySet:
        """Return the targets of rounds that `user` sees, and `user` as one, once contributions are read."""
        seen = within("round__unit__path", paths_with(user, Permission.VIEW_FEEDBACK))
        return self.filter(Q(round__step__in=READ_IN) & (seen | Q(person=user.pk)))

    def about(self, user: User) -> FeedbackTargetQuerySet:
        """Return `user` as a target, once contributions are read."""
        return self.filter(person=user.pk, round__step__in=READ_IN)


class FeedbackInvitationQuerySet(models.QuerySet[Any]):
    """Invitations to contribute. Who runs a round sees them on its page; here: whose contribution a person gives."""

    def visible_to(self, user: User, day: dt.date) -> FeedbackInvitationQuerySet:
        """Return the invitations that `user` answers on `day`: of the own unit, a body with a seat, or in person.

        Only the very unit of a post: who stands above it gives no contribution in its name.
        """
        from reviews.bodies import SITTING  # noqa: PLC0415  # that module imports this one through the models

        units = {p.unit_id for p in user.posts if Permission.REPORT in ROLES[p.role].own}
        seats = Appointment.objects.in_force(day).filter(user=user.pk).values_list("post__unit", "post__body")
        bodies = Q(pk__in=[])
        for unit, seat in seats:
            wider = [body for body, sitting in SITTING.items() if seat in sitting]
            bodies |= Q(kind="body", unit=unit, body__in=wider)
        answers = Q(kind="unit", unit__in=units) | bodies | Q(kind="person", person=user.pk)
        return self.filter(answers).exclude(round__step=FeedbackStep.DRAFT)

    def by_key(self, key_hash: str, day: dt.date) -> FeedbackInvitationQuerySet:
        """Return the invitation whose link this is while it works: not revoked, its round open, its day not past."""
        working = self.filter(round__step=FeedbackStep.CONTRIBUTING, round__contributions_by__gte=day)
        return working.filter(key_hash=key_hash).exclude(key_hash="")


class FeedbackFileQuerySet(models.QuerySet[Any]):
    """Files of self-review reports."""

    def visible_to(self, user: User) -> FeedbackFileQuerySet:
        """Return the files of the targets that `user` sees."""
        seen = within("target__round__unit__path", paths_with(user, Permission.VIEW_FEEDBACK))
        return self.filter(Q(target__round__step__in=READ_IN) & (seen | Q(target__person=user.pk)))


class ContributionQuerySet(models.QuerySet[Any]):
    """Contributions."""

    def visible_to(self, user: User) -> ContributionQuerySet:
        """Return the contributions to rounds that `user` sees and those about `user`, once they are read."""
        seen = within("round__unit__path", paths_with(user, Permission.VIEW_FEEDBACK))
        return self.filter(Q(round__step__in=READ_IN) & (seen | Q(target__person=user.pk)))

    def to_read(self) -> ContributionQuerySet:
        """Return them as pages show them: by target and topic, within one by the random key."""
        related = ("target__unit", "target__person", "topic", "invitation__unit", "invitation__person", "reply")
        return self.select_related(*related).order_by("target__ordinal", "topic__ordinal", "pk")
