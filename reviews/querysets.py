"""What a person may see of reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from reviews.enums import MeetingState
from units.access import paths_with, within
from units.models.person import DEPUTY_RANK, Appointment
from units.permissions import Permission
from units.roles import Role

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


# --- monthly evaluations: seen with a right of their own, and by the person rated ---


class ScoreCardQuerySet(models.QuerySet[Any]):
    """Score cards."""

    def visible_to(self, user: User) -> ScoreCardQuerySet:
        """Return the cards of the units whose evaluations `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW_EVALUATIONS)))


class EvaluationRoundQuerySet(models.QuerySet[Any]):
    """Rounds."""

    def seen_whole_by(self, user: User) -> EvaluationRoundQuerySet:
        """Return the rounds of which `user` sees every evaluation."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW_EVALUATIONS)))

    def visible_to(self, user: User) -> EvaluationRoundQuerySet:
        """Return those, and the rounds in which `user` is evaluated: of these the person sees the own part only."""
        from reviews.models import Evaluation  # noqa: PLC0415  # models import this module

        own = Evaluation.objects.filter(person=user.pk).order_by().values("round")
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW_EVALUATIONS)) | Q(pk__in=own))


class EvaluationQuerySet(models.QuerySet[Any]):
    """Evaluations of members."""

    def visible_to(self, user: User) -> EvaluationQuerySet:
        """Return the evaluations that `user` has the right to see, and the own ones."""
        seen = within("round__unit__path", paths_with(user, Permission.VIEW_EVALUATIONS))
        return self.filter(seen | Q(person=user.pk))

    def colleagues_of(self, user: User) -> EvaluationQuerySet:
        """Return the others of the rounds in which `user` is evaluated: on them the person may give an opinion."""
        from reviews.models import Evaluation  # noqa: PLC0415  # models import this module

        own = Evaluation.objects.filter(person=user.pk).order_by().values("round")
        return self.filter(round__in=own).exclude(person=user.pk)


class MonthShortcomingQuerySet(models.QuerySet[Any]):
    """Shortcomings recognised in a month."""

    def visible_to(self, user: User) -> MonthShortcomingQuerySet:
        """Return those of the evaluations that `user` sees."""
        seen = within("evaluation__round__unit__path", paths_with(user, Permission.VIEW_EVALUATIONS))
        return self.filter(seen | Q(evaluation__person=user.pk))
