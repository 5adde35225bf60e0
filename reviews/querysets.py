"""What a person may see of reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from reviews.enums import TRIPS_COMING, TRIPS_GONE, MeetingState
from units.access import paths_with, within
from units.models.person import DEPUTY_RANK, Appointment
from units.permissions import Permission
from units.roles import Role

if TYPE_CHECKING:
    from reviews.models import FieldTripQuota
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


class FieldTripQuerySet(models.QuerySet[Any]):
    """Field trips."""

    def visible_to(self, user: User) -> FieldTripQuerySet:
        """Return the trips of the unions that `user` sees, the own ones, and those that visit a unit `user` sees.

        Whoever sees a trip only as the visited side reads no brief and no report: `rights.may_read_papers`.
        """
        paths = paths_with(user, Permission.VIEW)
        own = self.model.objects.filter(members__person=user.pk).order_by().values("pk")
        visiting = self.model.objects.filter(within("units__path", paths)).order_by().values("pk")
        return self.filter(within("unit__path", paths) | Q(pk__in=own) | Q(pk__in=visiting))

    def gone(self) -> FieldTripQuerySet:
        """Return the trips that took place: their days count."""
        return self.filter(state__in=TRIPS_GONE)

    def of_quota(self, quota: FieldTripQuota) -> FieldTripQuerySet:
        """Return the trips whose days touch a quota: of its unit and kinds, gone or still to come."""
        first, last = quota.value.start, quota.until
        gone = Q(state__in=TRIPS_GONE, actual_from__lte=last, actual_to__gte=first)
        coming = Q(state__in=TRIPS_COMING, planned_from__lte=last, planned_to__gte=first)
        return self.filter(gone | coming, unit=quota.unit_id, kind__in=quota.counting)


class TripFileQuerySet(models.QuerySet[Any]):
    """Files of briefs and reports: not for the units visited."""

    def visible_to(self, user: User) -> TripFileQuerySet:
        """Return the files of the trips whose papers `user` reads; the rule of `rights.may_read_papers`."""
        own = self.model.objects.filter(trip__members__person=user.pk).order_by().values("pk")
        return self.filter(within("trip__unit__path", paths_with(user, Permission.VIEW)) | Q(pk__in=own))


class FieldTripQuotaQuerySet(models.QuerySet[Any]):
    """Quotas of days at the grassroots."""

    def visible_to(self, user: User) -> FieldTripQuotaQuerySet:
        """Return the quotas of the unions that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))
