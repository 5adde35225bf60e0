"""What a person may see of reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q

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


class InspectionQuerySet(models.QuerySet[Any]):
    """Inspections. Who is inspected sees the visit to the own unit, never the inspection."""

    def visible_to(self, user: User) -> InspectionQuerySet:
        """Return the inspections of the units that `user` sees, and those in whose team `user` is."""
        return self.filter(_inspecting(user))

    def by_day(self) -> InspectionQuerySet:
        """Order by the unit that inspects, then by the first day of a visit."""
        rows: InspectionQuerySet = self.annotate(first_day=Min("visits__event__day"))
        return rows.order_by("programme__unit__path", F("first_day").asc(nulls_last=True), "pk")


class VisitQuerySet(models.QuerySet[Any]):
    """Visits of inspections."""

    def visible_to(self, user: User) -> VisitQuerySet:
        """Return the visits of the inspections that `user` sees, and those announced to units that `user` sees."""
        announced = within("unit__path", paths_with(user, Permission.VIEW)) & Q(plan__isnull=False)
        return self.filter(_inspecting(user, "inspection__") | announced)

    def received_by(self, user: User) -> VisitQuerySet:
        """Return of these the ones `user` sees as the one who is visited."""
        return self.visible_to(user).exclude(_inspecting(user, "inspection__"))


class InspectionFileQuerySet(models.QuerySet[Any]):
    """Files of reports."""

    def visible_to(self, user: User) -> InspectionFileQuerySet:
        """Return the files of the inspections that `user` sees."""
        return self.filter(_inspecting(user, "inspection__"))


class ChecklistQuerySet(models.QuerySet[Any]):
    """Checklists. Who is inspected sees the headings of the own visit only."""

    def visible_to(self, user: User) -> ChecklistQuerySet:
        """Return the checklists of the units that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))

    def in_force(self) -> ChecklistQuerySet:
        """Return the latest version of each."""
        newer = self.model.objects.filter(
            unit=OuterRef("unit"), unit_kind=OuterRef("unit_kind"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(newer))


class VisitRequestQuerySet(models.QuerySet[Any]):
    """Requests of units to teams."""

    def visible_to(self, user: User) -> VisitRequestQuerySet:
        """Return the requests of the visits that `user` sees."""
        asking = within("visit__unit__path", paths_with(user, Permission.VIEW))
        return self.filter(_inspecting(user, "visit__inspection__") | asking)


class ConclusionQuerySet(models.QuerySet[Any]):
    """Conclusions of inspections."""

    def visible_to(self, user: User) -> ConclusionQuerySet:
        """Return those of inspections that `user` sees; once issued, those of own units and those `user` follows."""
        concerned = within("visit__unit__path", paths_with(user, Permission.VIEW)) | Q(follower=user.pk)
        return self.filter(_inspecting(user, "visit__inspection__") | (Q(solution__isnull=False) & concerned))


def _inspecting(user: User, prefix: str = "") -> Q:
    """Return a filter: `user` sees the unit that inspects, or is of the team; `prefix` leads to the inspection."""
    from reviews.models import Inspection  # noqa: PLC0415  # models import this module

    teams = Inspection.members.through.objects.filter(user=user.pk).values("inspection")
    seen = within(f"{prefix}programme__unit__path", paths_with(user, Permission.VIEW))
    return seen | Q(**{f"{prefix}head": user.pk}) | Q(**{f"{prefix}pk__in": teams})
