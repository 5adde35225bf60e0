"""What a person may see of plans and deadlines, and the filters lists need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from doantracker.lib.search import holds_every_word
from doantracker.lib.text import search_key
from plans.enums import DONE, OPEN, AnswerState, Decision, PlanStatus, Status, TimeState
from units.access import paths_with, within
from units.permissions import Permission

if TYPE_CHECKING:
    from units.models import Unit, User


class FieldQuerySet(models.QuerySet[Any]):
    """Fields of work."""

    def visible_to(self, user: User) -> FieldQuerySet:
        """Return the fields of the units that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))


class PlanQuerySet(models.QuerySet[Any]):
    """Plans."""

    def visible_to(self, user: User) -> PlanQuerySet:
        """Return published plans issued in, or owed by, units that `user` sees, and drafts `user` works on."""
        from plans.models import Deadline  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        owed = Deadline.objects.filter(within("unit_path", paths), plan=OuterRef("pk"))
        published = ~Q(status=PlanStatus.DRAFT) & (within("issuing_unit__path", paths) | Exists(owed))
        drafts = Q(status=PlanStatus.DRAFT) & within("issuing_unit__path", paths_with(user, Permission.MANAGE_PLANS))
        return self.filter(published | drafts)

    def managed_by(self, user: User) -> PlanQuerySet:
        """Return the plans `user` may edit, publish and cancel."""
        return self.filter(within("issuing_unit__path", paths_with(user, Permission.MANAGE_PLANS)))

    def matching(self, words: str) -> PlanQuerySet:
        """Return the plans whose symbol or title holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class SolutionQuerySet(models.QuerySet[Any]):
    """Solutions."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Fill the search column too: rows made in bulk do not pass `save`."""
        rows = list(objs)
        for row in rows:
            row.search = search_key(row.text)
        return super().bulk_create(rows, *args, **kwargs)

    def visible_to(self, user: User) -> SolutionQuerySet:
        """Return the solutions of the plans that `user` sees."""
        from plans.models import Plan  # noqa: PLC0415  # models import this module

        return self.filter(plan__in=Plan.objects.visible_to(user))

    def matching(self, words: str) -> SolutionQuerySet:
        """Return the solutions whose text holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class DeadlineQuerySet(models.QuerySet[Any]):
    """Deadlines. Subtree filters use the row's own copy of the path, never a join."""

    def visible_to(self, user: User) -> DeadlineQuerySet:
        """Return the deadlines of the units that `user` sees."""
        return self.filter(within("unit_path", paths_with(user, Permission.VIEW)))

    def owed_by_units_of(self, user: User) -> DeadlineQuerySet:
        """Return the deadlines of the very units whose work `user` reports (not of the units below them)."""
        return self.filter(unit_path__in={g.path for g in user.grants if g.permission == Permission.REPORT})

    def of_units_of(self, user: User, today: dt.date) -> DeadlineQuerySet:
        """Return the deadlines of the units where `user` holds a post or which `user` oversees, and all below them."""
        overseen = user.oversights.filter(Q(end__isnull=True) | Q(end__gte=today), start__lte=today)
        paths = [str(p) for p in overseen.filter(unit__isnull=False).values_list("unit__path", flat=True)]
        return self.filter(within("unit_path", paths + [post.path for post in user.posts]))

    def to_be_confirmed_by(self, user: User) -> DeadlineQuerySet:
        """Return submitted deadlines of plans issued where `user` may confirm; nobody confirms what they reported."""
        return self.filter(
            within("plan__issuing_unit__path", paths_with(user, Permission.CONFIRM)), status=Status.SUBMITTED
        ).exclude(reported_by=user)

    def matching(self, words: str) -> DeadlineQuerySet:
        """Return the deadlines whose work, unit or plan holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "solution__search", "unit__search", "plan__search"))

    def below(self, unit: Unit) -> DeadlineQuerySet:
        """Return the deadlines of `unit` and everything below it."""
        return self.filter(unit_path__range=(unit.path, unit.path_end))

    def open(self) -> DeadlineQuerySet:
        """Return what units still owe."""
        return self.filter(status__in=OPEN)

    def overdue(self, today: dt.date) -> DeadlineQuerySet:
        """Return open deadlines whose day has passed."""
        return self.filter(status__in=OPEN, due_on__lt=today)

    def due_soon(self, today: dt.date, days: int) -> DeadlineQuerySet:
        """Return open deadlines due from `today` to `days` days later."""
        return self.filter(status__in=OPEN, due_on__range=(today, today + dt.timedelta(days=days)))

    def in_time_state(self, state: str, today: dt.date, days: int) -> DeadlineQuerySet:
        """Return the deadlines whose time state is `state`; the same rule as `time_state.time_state`."""
        soon = today + dt.timedelta(days=days)
        conditions = {
            TimeState.NO_DATE: Q(status__in=(*OPEN, *DONE), due_on__isnull=True),
            TimeState.OVERDUE: Q(status__in=OPEN, due_on__lt=today),
            TimeState.DUE_SOON: Q(status__in=OPEN, due_on__range=(today, soon)),
            TimeState.ON_SCHEDULE: Q(status__in=OPEN, due_on__gt=soon),
            TimeState.ON_TIME: Q(status__in=DONE, reported_on__lte=models.F("due_on")),
            TimeState.LATE: Q(status__in=DONE, reported_on__gt=models.F("due_on")),
            TimeState.STOPPED: Q(status__in=(Status.ON_HOLD, Status.CANCELLED)),
        }
        return self.filter(conditions[TimeState(state)])


class ProgressReportQuerySet(models.QuerySet[Any]):
    """Progress reports."""

    def visible_to(self, user: User) -> ProgressReportQuerySet:
        """Return the reports on the deadlines that `user` sees."""
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)))


class EvidenceQuerySet(models.QuerySet[Any]):
    """Evidence."""

    def visible_to(self, user: User) -> EvidenceQuerySet:
        """Return the evidence of the deadlines that `user` sees."""
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)))


class ExtensionQuerySet(models.QuerySet[Any]):
    """Requests for a later day."""

    def visible_to(self, user: User) -> ExtensionQuerySet:
        """Return the requests about the deadlines that `user` sees."""
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)))

    def open(self) -> ExtensionQuerySet:
        """Return the requests that wait for a decision, on work that is not called off."""
        followed = ~Q(deadline__status=Status.CANCELLED) & Q(deadline__plan__status=PlanStatus.PUBLISHED)
        return self.filter(followed, status=Decision.ASKED)

    def waiting_for(self, user: User) -> ExtensionQuerySet:
        """Return the open requests that `user` decides; nobody decides what they asked for."""
        confirms = within("deadline__plan__issuing_unit__path", paths_with(user, Permission.CONFIRM))
        return self.open().filter(confirms).exclude(asked_by=user)

    def matching(self, words: str) -> ExtensionQuerySet:
        """Return the requests whose reason, unit or plan holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search", "deadline__unit__search", "deadline__plan__search"))


class DifficultyQuerySet(models.QuerySet[Any]):
    """Difficulties."""

    def visible_to(self, user: User) -> DifficultyQuerySet:
        """Return the difficulties of the units that `user` sees."""
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)))

    def open(self) -> DifficultyQuerySet:
        """Return the difficulties that wait for an answer."""
        return self.filter(answered_on__isnull=True)

    def waiting_for(self, user: User) -> DifficultyQuerySet:
        """Return the open difficulties that `user` answers; nobody answers their own."""
        confirms = within("deadline__plan__issuing_unit__path", paths_with(user, Permission.CONFIRM))
        followed = Q(deadline__plan__status=PlanStatus.PUBLISHED)
        return self.open().filter(followed, confirms).exclude(raised_by=user)

    def in_answer_state(self, state: str, today: dt.date) -> DifficultyQuerySet:
        """Return the difficulties in one state; the same rule as `time_state.answer_state`."""
        conditions = {
            AnswerState.AWAITED: Q(answered_on__isnull=True, answer_due_on__gte=today),
            AnswerState.OVERDUE: Q(answered_on__isnull=True, answer_due_on__lt=today),
            AnswerState.IN_TIME: Q(answered_on__lte=models.F("answer_due_on")),
            AnswerState.LATE: Q(answered_on__gt=models.F("answer_due_on")),
        }
        return self.filter(conditions[AnswerState(state)])

    def matching(self, words: str) -> DifficultyQuerySet:
        """Return the difficulties whose text, unit or plan holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search", "deadline__unit__search", "deadline__plan__search"))


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """Return the notices to `user` about deadlines that `user` still sees."""
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)), recipient=user)

    def logged_for(self, user: User) -> NoticeQuerySet:
        """Return what was told to people whom `user` knows, about deadlines that `user` sees: the log of reminders."""
        from units.models import User as Person  # noqa: PLC0415  # models import this module

        people = Person.objects.visible_to(user).order_by().values("pk")
        return self.filter(within("deadline__unit_path", paths_with(user, Permission.VIEW)), recipient__in=people)

    def unread(self) -> NoticeQuerySet:
        """Return what its recipient has not opened."""
        return self.filter(read_at__isnull=True)


class OwnQuerySet(models.QuerySet[Any]):
    """What belongs to one person alone."""

    def visible_to(self, user: User) -> OwnQuerySet:
        """Return what belongs to `user`; nobody sees another's."""
        return self.filter(user=user)


class QuietDaysQuerySet(OwnQuerySet):
    """Quiet days of people."""

    def on(self, day: dt.date) -> models.QuerySet[Any]:
        """Return those for whom `day` is quiet; the same rule as `quiet.is_quiet`."""
        bit = self.annotate(bit=models.F("weekdays").bitand(1 << day.weekday()))
        rows: models.QuerySet[Any] = bit.filter(Q(bit__gt=0) | Q(start__lte=day, end__gte=day))
        return rows


class ChasingLetterQuerySet(models.QuerySet[Any]):
    """Chasing letters."""

    def visible_to(self, user: User) -> ChasingLetterQuerySet:
        """Return the letters of the plans that `user` manages."""
        return self.filter(within("plan__issuing_unit__path", paths_with(user, Permission.MANAGE_PLANS)))


class SnapshotQuerySet(models.QuerySet[Any]):
    """Figures of days."""

    def visible_to(self, user: User) -> SnapshotQuerySet:
        """Return the figures of the units that `user` sees."""
        return self.filter(within("unit_path", paths_with(user, Permission.VIEW)))

    def below(self, unit: Unit) -> SnapshotQuerySet:
        """Return the figures of `unit` and everything below it."""
        return self.filter(unit_path__range=(unit.path, unit.path_end))
