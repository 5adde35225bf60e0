"""What a person may see of plans and deadlines, and the filters lists need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from doantracker.lib import clock
from doantracker.lib.search import holds_every_word
from doantracker.lib.text import search_key
from plans.enums import (
    DONE,
    OPEN,
    ActivityState,
    AnswerState,
    Decision,
    LeadState,
    Level,
    Opinion,
    PlanStatus,
    ShortcomingState,
    SignState,
    Status,
    Subject,
    TimeState,
)
from plans.ledger import last_unchecked_day
from plans.standing import or_standing
from units.access import STEP, deciding, own_paths, paths_with, within
from units.permissions import Permission

if TYPE_CHECKING:
    from plans.models import Deadline
    from units.models import Unit, User


class FieldQuerySet(models.QuerySet[Any]):
    """Fields of work."""

    def visible_to(self, user: User) -> FieldQuerySet:
        """Return the fields of the units that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))


class PlanQuerySet(models.QuerySet[Any]):
    """Plans."""

    def visible_to(self, user: User) -> PlanQuerySet:
        """Return published plans issued in, owed by, sent to or measured in units that `user` sees, and own drafts.

        The people of a plan's standing unit see it whole.
        """
        from plans.models import Deadline, PlanRecipient  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        owed = Deadline.objects.filter(within("unit_path", paths), plan=OuterRef("pk"))
        sent = PlanRecipient.objects.filter(within("unit_path", paths), plan=OuterRef("pk"))
        reached = Q(Exists(owed)) | Q(Exists(sent)) | _measured_in(paths)
        seen = or_standing(within("issuing_unit__path", paths) | reached, user, "pk")
        published = ~Q(status=PlanStatus.DRAFT) & seen
        drafts = Q(status=PlanStatus.DRAFT) & within("issuing_unit__path", paths_with(user, Permission.MANAGE_PLANS))
        return self.filter(published | drafts)

    def managed_by(self, user: User) -> PlanQuerySet:
        """Return the plans `user` may edit, publish and cancel."""
        return self.filter(within("issuing_unit__path", paths_with(user, Permission.MANAGE_PLANS)))

    def matching(self, words: str) -> PlanQuerySet:
        """Return the plans whose symbol or title holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class SignOffQuerySet(models.QuerySet[Any]):
    """Agreements of leaders to drafts."""

    def visible_to(self, user: User) -> SignOffQuerySet:
        """Return what concerns plans that `user` manages, and drafts of the very units that `user` leads."""
        path = "plan__issuing_unit__path"
        managed = within(path, paths_with(user, Permission.MANAGE_PLANS))
        return self.filter(managed | Q(plan__issuing_unit__path__in=own_paths(user, Permission.SIGN_OFF)))

    def to_decide_by(self, user: User) -> SignOffQuerySet:
        """Return the drafts that wait and on which `user` may decide; nobody decides what they put forward."""
        led = Q(plan__issuing_unit__path__in=own_paths(user, Permission.SIGN_OFF))
        not_own = deciding(user, Permission.SIGN_OFF, path="plan__issuing_unit__path", asker="asked_by")
        return self.filter(led, not_own, state=SignState.ASKED, plan__status=PlanStatus.DRAFT)

    def waiting_for(self, user: User) -> SignOffQuerySet:
        """Return those of them put before `user`, before somebody `user` stands in for, or before any leader."""
        people = {user.pk, *(post.absent_id for post in user.posts if post.absent_id)}
        return self.to_decide_by(user).filter(Q(asked_of__isnull=True) | Q(asked_of__in=people))


class RecordVersionQuerySet(models.QuerySet[Any]):
    """Versions of records of published plans."""

    def visible_to(self, user: User) -> RecordVersionQuerySet:
        """Return the versions in plans that `user` sees; what concerns one unit only where that one is seen."""
        from plans.models import Plan  # noqa: PLC0415  # models import this module

        seen = or_standing(within("unit__path", paths_with(user, Permission.VIEW)), user, "plan")
        return self.filter(Q(unit__isnull=True) | seen, plan__in=Plan.objects.visible_to(user))


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


class IndicatorQuerySet(models.QuerySet[Any]):
    """Indicators."""

    def visible_to(self, user: User) -> IndicatorQuerySet:
        """Return the indicators of the plans that `user` sees."""
        from plans.models import Plan  # noqa: PLC0415  # models import this module

        return self.filter(plan__in=Plan.objects.visible_to(user))

    def owed_in(self, paths: list[str]) -> IndicatorQuerySet:
        """Return the indicators to which a unit at or below `paths` gives results because it or its kind is named.

        Kinds count of issuers above `paths`; what is issued at or below them is left to the caller.
        """
        from units.models import Unit  # noqa: PLC0415  # models import this module

        above = {path[:end] for path in paths for end in range(STEP, len(path), STEP)}
        kinds = Unit.objects.filter(within("path", paths)).order_by().values("kind")
        by_kind = Q(plan__issuing_unit__path__in=above, owner_kinds__in=kinds)
        return self.filter(within("owner_units__path", paths) | by_kind)


class IndicatorResultQuerySet(models.QuerySet[Any]):
    """Results of indicators. Subtree filters use the row's own copy of the path, never a join."""

    def visible_to(self, user: User) -> IndicatorResultQuerySet:
        """Return the results of the units that `user` sees, and of the plans whose standing unit is theirs."""
        seen = within("unit_path", paths_with(user, Permission.VIEW))
        return self.filter(or_standing(seen, user, "indicator__plan"))

    def below(self, unit: Unit) -> IndicatorResultQuerySet:
        """Return the results of `unit` and everything below it."""
        return self.filter(unit_path__range=(unit.path, unit.path_end))


class ShortcomingQuerySet(models.QuerySet[Any]):
    """Shortcomings. One of a person stands in lists for everybody who sees its place, masked without the right."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Fill the search column too: rows made in bulk do not pass `save`."""
        rows = list(objs)
        for row in rows:
            row.search = search_key(row.text, row.cause)
        return super().bulk_create(rows, *args, **kwargs)

    def listed_for(self, user: User) -> ShortcomingQuerySet:
        """Return the rows that stand in lists of `user`, those to be masked among them: `with_masks` says which.

        Whoever sees the issuer, or the plan as its standing unit, has the whole ledger; others, who owe work in the
        plan, what names no unit and what names a unit of theirs. A person's own is always there once it is published.
        """
        from plans.models import Plan, Shortcoming  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        named = Shortcoming.named_units.through.objects.filter(shortcoming=OuterRef("pk"))
        concerned = ~Exists(named) | Exists(named.filter(within("unit__path", paths)))
        seen = or_standing(within("plan__issuing_unit__path", paths), user, "plan") | concerned
        own = Q(person=user) & ~Q(plan__status=PlanStatus.DRAFT)
        return self.filter((Q(plan__in=Plan.objects.visible_to(user).order_by().values("pk")) & seen) | own)

    def visible_to(self, user: User) -> ShortcomingQuerySet:
        """Return the shortcomings that `user` may read whole."""
        return self.listed_for(user).filter(_may_read(user))

    def with_masks(self, user: User) -> ShortcomingQuerySet:
        """Add `masked`: the row is of a person, and `user` lacks the right to read it."""
        mask = Case(When(_may_read(user), then=Value(value=False)), default=Value(value=True))
        rows: ShortcomingQuerySet = self.annotate(masked=mask)
        return rows

    def personal(self) -> ShortcomingQuerySet:
        """Return what is of persons."""
        return self.filter(subject=Subject.PERSON)

    def listed(self) -> ShortcomingQuerySet:
        """Return what a ledger lists: not what was merged into another."""
        return self.filter(merged_into__isnull=True)

    def unremedied(self) -> ShortcomingQuerySet:
        """Return what is listed and still open or partly remedied: with this the next year begins."""
        return self.listed().exclude(state=ShortcomingState.REMEDIED)

    def to_carry_over(self) -> ShortcomingQuerySet:
        """Return of what is unremedied that which no plan that was published carries on already."""
        return self.unremedied().exclude(carried_over_to__plan__status__in=(PlanStatus.PUBLISHED, PlanStatus.CLOSED))

    def with_year(self) -> ShortcomingQuerySet:
        """Add `year`: the one in which the plan begins, else in which it was issued."""
        year = Coalesce(ExtractYear("plan__period_start"), ExtractYear("plan__issued_on"))
        rows: ShortcomingQuerySet = self.annotate(year=year)
        return rows

    def to_be_checked(self, today: dt.date) -> ShortcomingQuerySet:
        """Return what was remedied EFFECT_DAYS ago or longer and not checked since; as `ledger.awaits_check`."""
        from plans.models import ShortcomingReview  # noqa: PLC0415  # models import this module

        checks = ShortcomingReview.objects.filter(shortcoming=OuterRef("pk"), is_effectiveness_check=True)
        since = checks.filter(day__gte=OuterRef("remedied_on"))
        rows = self.listed().filter(state=ShortcomingState.REMEDIED, remedied_on__lte=last_unchecked_day(today))
        return rows.filter(~Exists(since))

    def matching(self, words: str, user: User) -> ShortcomingQuerySet:
        """Return those that `user` may read and whose text or cause holds every word, with or without accents."""
        return self.filter(_may_read(user), holds_every_word(words, "search"))


def _may_read(user: User) -> Q:
    """Return a filter: not of a person, or `user` has the right over the issuer, or it is the person's own."""
    personal = paths_with(user, Permission.VIEW_PERSONAL)
    return ~Q(subject=Subject.PERSON) | within("plan__issuing_unit__path", personal) | Q(person=user)


class ShortcomingReviewQuerySet(models.QuerySet[Any]):
    """Reviews of shortcomings."""

    def visible_to(self, user: User) -> ShortcomingReviewQuerySet:
        """Return the reviews of the shortcomings that `user` may read."""
        from plans.models import Shortcoming  # noqa: PLC0415  # models import this module

        return self.filter(shortcoming__in=Shortcoming.objects.visible_to(user).order_by().values("pk"))


class EventQuerySet(models.QuerySet[Any]):
    """Events."""

    def visible_to(self, user: User) -> EventQuerySet:
        """Return the events of the plans and units that `user` sees, those of own work, and those `user` keeps."""
        from plans.models import Deadline, Plan  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        owed = Deadline.objects.filter(within("unit_path", paths), schedule__event=OuterRef("pk"))
        of_plan = Q(plan__in=Plan.objects.visible_to(user))
        of_unit = Q(plan__isnull=True) & within("unit__path", paths)
        kept = within("keeper__path", paths_with(user, Permission.REPORT)) & ~Q(plan__status=PlanStatus.DRAFT)
        return self.filter(of_plan | of_unit | kept | Exists(owed))

    def offered_to(self, plan: Any) -> EventQuerySet:
        """Return what commitments of `plan` may hang on: its own events, its issuer's, those of published plans."""
        others = Q(plan__isnull=True) | ~Q(plan__status=PlanStatus.DRAFT)
        return self.filter(Q(plan=plan) | others, unit=plan.issuing_unit_id, cancelled=False)


class DeadlineQuerySet(models.QuerySet[Any]):
    """Deadlines. Subtree filters use the row's own copy of the path, never a join."""

    def visible_to(self, user: User) -> DeadlineQuerySet:
        """Return the deadlines of the units that `user` sees, and of the plans whose standing unit is theirs."""
        return self.filter(or_standing(within("unit_path", paths_with(user, Permission.VIEW)), user, "plan"))

    def owed_by_units_of(self, user: User) -> DeadlineQuerySet:
        """Return the deadlines of the very units whose work `user` reports (not of the units below them)."""
        return self.filter(unit_path__in={g.path for g in user.grants if g.permission == Permission.REPORT})

    def of_units_of(self, user: User, today: dt.date) -> DeadlineQuerySet:
        """Return the deadlines of the units where `user` holds a post or which `user` oversees, and all below them."""
        overseen = user.oversights.filter(Q(end__isnull=True) | Q(end__gte=today), start__lte=today)
        paths = [str(p) for p in overseen.filter(unit__isnull=False).values_list("unit__path", flat=True)]
        return self.filter(within("unit_path", paths + [post.path for post in user.posts]))

    def in_field(self, field: int) -> DeadlineQuerySet:
        """Return the deadlines of the solutions that answer a shortcoming of a field."""
        from plans.models import SolutionShortcoming  # noqa: PLC0415  # models import this module

        answers = SolutionShortcoming.objects.filter(shortcoming__field=field)
        return self.filter(solution__in=answers.values("solution"))

    def overseen_by(self, user: User) -> DeadlineQuerySet:
        """Return the deadlines of the solutions whose leader in charge is `user`."""
        return self.filter(solution__overseer=user)

    def in_charge_of(self, user: User, today: dt.date) -> DeadlineQuerySet:
        """Return what was put in the charge of `user`: units with all below, fields, solutions."""
        from plans.charge import charge_of  # noqa: PLC0415  # it reads the models, which import this module

        return self.filter(charge_of(user, today).condition)

    def to_be_confirmed_by(self, user: User) -> DeadlineQuerySet:
        """Return submitted deadlines of plans issued where `user` may confirm; nobody confirms what they reported."""
        path = "plan__issuing_unit__path"
        return self.filter(deciding(user, Permission.CONFIRM, path=path, asker="reported_by"), status=Status.SUBMITTED)

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
        return self.filter(_of_visible_deadlines(user))


class EvidenceQuerySet(models.QuerySet[Any]):
    """Evidence."""

    def visible_to(self, user: User) -> EvidenceQuerySet:
        """Return the evidence of the deadlines that `user` sees."""
        return self.filter(_of_visible_deadlines(user))

    def current(self) -> EvidenceQuerySet:
        """Return the newest version of each piece."""
        return self.filter(replaced_at__isnull=True)

    def usable_for(self, deadline: Deadline, user: User) -> EvidenceQuerySet:
        """Return what `user` sees of other deadlines of the same unit and this one does not have yet."""
        same = {name: OuterRef(name) for name in ("sha256", "link", "document_number")}
        others = self.visible_to(user).current().filter(deadline__unit=deadline.unit_id, shared_from__isnull=True)
        return others.exclude(deadline=deadline.pk).filter(~Exists(deadline.evidence.filter(**same)))

    def matching(self, words: str) -> EvidenceQuerySet:
        """Return the evidence whose name, link or number holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


class TaskUptakeQuerySet(models.QuerySet[Any]):
    """Choices of priority tasks."""

    def visible_to(self, user: User) -> TaskUptakeQuerySet:
        """Return the choices of the units that `user` sees, and those in plans whose standing unit is theirs."""
        seen = within("unit__path", paths_with(user, Permission.VIEW))
        return self.filter(or_standing(seen, user, "priority_task__plan"))


class ExtensionQuerySet(models.QuerySet[Any]):
    """Requests for a later day."""

    def visible_to(self, user: User) -> ExtensionQuerySet:
        """Return the requests about the deadlines that `user` sees."""
        return self.filter(_of_visible_deadlines(user))

    def open(self) -> ExtensionQuerySet:
        """Return the requests that wait for a decision, on work that is not called off."""
        followed = ~Q(deadline__status=Status.CANCELLED) & Q(deadline__plan__status=PlanStatus.PUBLISHED)
        return self.filter(followed, status=Decision.ASKED)

    def waiting(self) -> ExtensionQuerySet:
        """Return the requests that wait for somebody's decision."""
        return self.open()

    def at_desk(self, unit: int) -> ExtensionQuerySet:
        """Return the requests that the people of one unit decide."""
        return self.filter(deadline__plan__issuing_unit=unit)

    def waiting_for(self, user: User) -> ExtensionQuerySet:
        """Return the open requests that `user` decides; nobody decides what they asked for."""
        path = "deadline__plan__issuing_unit__path"
        return self.open().filter(deciding(user, Permission.CONFIRM, path=path, asker="asked_by"))

    def matching(self, words: str) -> ExtensionQuerySet:
        """Return the requests whose reason, unit or plan holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search", "deadline__unit__search", "deadline__plan__search"))


class DifficultyQuerySet(models.QuerySet[Any]):
    """Difficulties."""

    def visible_to(self, user: User) -> DifficultyQuerySet:
        """Return the difficulties of the units that `user` sees."""
        return self.filter(_of_visible_deadlines(user))

    def open(self) -> DifficultyQuerySet:
        """Return the difficulties that wait for an answer."""
        return self.filter(answered_on__isnull=True)

    def waiting(self) -> DifficultyQuerySet:
        """Return the open difficulties of plans that are followed up."""
        return self.open().filter(deadline__plan__status=PlanStatus.PUBLISHED)

    def at_desk(self, unit: int) -> DifficultyQuerySet:
        """Return the difficulties whose answer one unit owes."""
        return self.filter(answering_unit=unit)

    def waiting_for(self, user: User) -> DifficultyQuerySet:
        """Return the open difficulties whose answer a unit of `user` owes now; nobody answers their own."""
        mine = Q(answering_unit__path__in=own_paths(user, Permission.CONFIRM))
        not_own = deciding(user, Permission.CONFIRM, path="answering_unit__path", asker="raised_by")
        return self.waiting().filter(mine, not_own)

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
        return self.filter(_of_visible_deadlines(user), recipient=user)

    def logged_for(self, user: User) -> NoticeQuerySet:
        """Return what was told to people whom `user` knows, about deadlines that `user` sees: the log of reminders."""
        from units.models import User as Person  # noqa: PLC0415  # models import this module

        people = Person.objects.visible_to(user).order_by().values("pk")
        return self.filter(_of_visible_deadlines(user), recipient__in=people)

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


class SavedViewQuerySet(models.QuerySet[Any]):
    """Saved views of lists."""

    def visible_to(self, user: User) -> SavedViewQuerySet:
        """Return the person's own views, and those shared with a unit where, or above where, they hold a post."""
        from units.models import Appointment  # noqa: PLC0415  # models import this module

        above = {post.path[:end] for post in user.posts for end in range(STEP, len(post.path) + 1, STEP)}
        held = Appointment.objects.in_force(clock.today()).filter(user=OuterRef("owner")).order_by()
        # the unit shared with is that of the post or lies below it
        holds = held.annotate(shared=ExpressionWrapper(OuterRef("shared_with__path"), CharField())).filter(
            shared__startswith=F("post__unit__path")
        )
        return self.filter(Q(owner=user) | Q(Exists(holds), shared_with__path__in=above, owner__is_active=True))

    def owned_by(self, user: User) -> SavedViewQuerySet:
        """Return the views only `user` changes."""
        return self.filter(owner=user)


class BulkRunQuerySet(models.QuerySet[Any]):
    """Acts on many rows: each belongs to its person alone."""

    def visible_to(self, user: User) -> BulkRunQuerySet:
        """Return the runs `user` started."""
        return self.filter(owner=user)


class SnapshotQuerySet(models.QuerySet[Any]):
    """Figures of days."""

    def visible_to(self, user: User) -> SnapshotQuerySet:
        """Return the figures of the units that `user` sees, and of the plans whose standing unit is theirs."""
        return self.filter(or_standing(within("unit_path", paths_with(user, Permission.VIEW)), user, "plan"))

    def below(self, unit: Unit) -> SnapshotQuerySet:
        """Return the figures of `unit` and everything below it."""
        return self.filter(unit_path__range=(unit.path, unit.path_end))


class UnitSnapshotQuerySet(models.QuerySet[Any]):
    """Figures of units with all below them."""

    def visible_to(self, user: User) -> UnitSnapshotQuerySet:
        """Return the figures of the units that `user` sees: their whole subtrees, so nothing of others is in them."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))


class DirectiveQuerySet(models.QuerySet[Any]):
    """Directives."""

    def visible_to(self, user: User) -> DirectiveQuerySet:
        """Return what was issued by or to units that `user` sees, and the drafts of the person's own issuer."""
        from plans.models import DirectiveRecipient  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        received = DirectiveRecipient.objects.filter(within("unit__path", paths)).order_by().values("directive")
        issued = Q(issued_on__isnull=False) & (within("issuing_unit__path", paths) | Q(pk__in=received))
        return self.filter(issued | _drafts_of(user))

    def to_receive_by(self, user: User) -> DirectiveQuerySet:
        """Return the directives that a unit of `user` has not said to have received."""
        from plans.models import DirectiveRecipient  # noqa: PLC0415  # models import this module

        return self.filter(pk__in=DirectiveRecipient.objects.to_receive_by(user).order_by().values("directive"))

    def in_lead_state(self, state: str) -> DirectiveQuerySet:
        """Return the issued directives whose lead time stands so; the same rule as `lead_time.lead_of`."""
        return self.filter(lead_conditions()[LeadState(state)])

    def matching(self, words: str) -> DirectiveQuerySet:
        """Return the directives whose symbol or title holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


def lead_conditions() -> dict[LeadState, Q]:
    """Return what a directive must fulfil to be counted in each state of lead time."""
    early = Q(issued_on__isnull=False, rolls_out_on__gte=models.F("earliest_roll_out"))
    short = Q(issued_on__isnull=False, rolls_out_on__lt=models.F("earliest_roll_out"))
    return {
        LeadState.KEPT: early,
        LeadState.URGENT: short & Q(urgent=True),
        LeadState.BROKEN: short & Q(urgent=False),
    }


class DirectiveRecipientQuerySet(models.QuerySet[Any]):
    """Units that directives were issued to."""

    def visible_to(self, user: User) -> DirectiveRecipientQuerySet:
        """Return the recipients that `user` sees, and all those of directives of the person's own issuer."""
        paths = paths_with(user, Permission.VIEW)
        return self.filter(within("unit__path", paths) | within("directive__issuing_unit__path", paths))

    def of_units_of(self, user: User) -> DirectiveRecipientQuerySet:
        """Return the rows of the very units for which `user` reports."""
        return self.filter(unit__path__in=own_paths(user, Permission.REPORT))

    def to_receive_by(self, user: User) -> DirectiveRecipientQuerySet:
        """Return the rows of those units that wait for their word."""
        return self.of_units_of(user).filter(received_on__isnull=True)


class PlanRecipientQuerySet(models.QuerySet[Any]):
    """Units that plans were sent down to. Subtree filters use the row's own copy of the path, never a join."""

    def visible_to(self, user: User) -> PlanRecipientQuerySet:
        """Return the recipients among the units that `user` sees, and those of plans whose standing unit is theirs."""
        return self.filter(or_standing(within("unit_path", paths_with(user, Permission.VIEW)), user, "plan"))

    def answerable_by(self, user: User) -> PlanRecipientQuerySet:
        """Return the recipients for which `user` answers, units below the own ones among them."""
        paths = {*paths_with(user, Permission.REPORT), *paths_with(user, Permission.MANAGE_PLANS)}
        return self.filter(within("unit_path", sorted(paths)))

    def of_units_of(self, user: User) -> PlanRecipientQuerySet:
        """Return the rows of the very units for which `user` answers."""
        paths = {*own_paths(user, Permission.REPORT), *own_paths(user, Permission.MANAGE_PLANS)}
        return self.filter(unit_path__in=paths)

    def matching(self, words: str) -> PlanRecipientQuerySet:
        """Return the rows whose unit's names hold every word, with or without accents."""
        return self.filter(holds_every_word(words, "unit__search"))

    def followed(self) -> PlanRecipientQuerySet:
        """Return the rows of plans that are followed up: a closed plan asks for nothing any more."""
        return self.filter(plan__status=PlanStatus.PUBLISHED)

    def with_open_items(self) -> PlanRecipientQuerySet:
        """Return the rows with an item asked of the unit and not answered; the same rule as `tiers.is_asked`."""
        from plans.models import CascadeAnswer, Solution  # noqa: PLC0415  # models import this module

        answered = CascadeAnswer.objects.filter(recipient=OuterRef("row"), solution=OuterRef("pk"))
        items = Solution.objects.order_by().filter(plan=OuterRef("plan"), dropped_at__isnull=True)
        items = items.annotate(
            row=ExpressionWrapper(OuterRef("pk"), models.BigIntegerField()),
            kind=ExpressionWrapper(OuterRef("unit__kind__code"), CharField()),
        )
        return self.filter(Exists(items.filter(_asked_of("kind"), ~Exists(answered))))


def _asked_of(kind: str) -> Q:
    """Return a filter of solutions: asked of a unit whose kind code stands in the column `kind`."""
    from plans.tiers import TIER_KINDS, levels_above  # noqa: PLC0415  # it reads names, whose models import this module

    condition = ~Q(level=Level.PROVINCE)
    for codes in TIER_KINDS.values():
        condition &= ~Q(**{f"{kind}__in": codes, "level__in": levels_above(codes[0])})
    return condition


class CascadeAnswerQuerySet(models.QuerySet[Any]):
    """Answers of units to items of plans that were sent down to them."""

    def visible_to(self, user: User) -> CascadeAnswerQuerySet:
        """Return the answers of the recipients that `user` sees."""
        seen = within("recipient__unit_path", paths_with(user, Permission.VIEW))
        return self.filter(or_standing(seen, user, "recipient__plan"))


class PilotSlotQuerySet(models.QuerySet[Any]):
    """Pilots to choose."""

    def visible_to(self, user: User) -> PilotSlotQuerySet:
        """Return the slots of the plans that `user` sees."""
        from plans.models import Plan  # noqa: PLC0415  # models import this module

        return self.filter(solution__plan__in=Plan.objects.visible_to(user))


class ActivityQuerySet(models.QuerySet[Any]):
    """Provincial activities."""

    def visible_to(self, user: User) -> ActivityQuerySet:
        """Return what was issued by, or is hosted by, units that `user` sees, and the drafts of one's own issuer."""
        paths = paths_with(user, Permission.VIEW)
        seen = within("issuing_unit__path", paths) | within("host_unit__path", paths)
        return self.filter((Q(issued_on__isnull=False) & seen) | _drafts_of(user))

    def in_state(self, state: str) -> ActivityQuerySet:
        """Return the activities that stand so; the same rule as `Activity.state`."""
        draft = Q(issued_on__isnull=True)
        conditions = {
            ActivityState.AWAITED: draft & Q(opinion=""),
            ActivityState.REVISE: draft & Q(opinion=Opinion.REVISE),
            ActivityState.AGREED: draft & Q(opinion=Opinion.AGREED),
            ActivityState.ISSUED: ~draft,
        }
        return self.filter(conditions[ActivityState(state)])

    def matching(self, words: str) -> ActivityQuerySet:
        """Return the activities whose symbol or title holds every word, with or without accents."""
        return self.filter(holds_every_word(words, "search"))


def _measured_in(paths: list[str]) -> Q:
    """Return a filter of plans: a unit below `paths` gives results to one of their indicators."""
    from plans.models import Indicator  # noqa: PLC0415  # models import this module

    return Q(Exists(Indicator.objects.owed_in(paths).filter(plan=OuterRef("pk"))))


def _drafts_of(user: User) -> Q:
    """Return a filter: a draft of the very unit `user` works for; a department works for the union it serves."""
    return Q(issued_on__isnull=True, issuing_unit__path__in=own_paths(user, Permission.VIEW))


def _of_visible_deadlines(user: User) -> Q:
    """Return a filter: the row's deadline is one that `user` sees, as `DeadlineQuerySet.visible_to` says."""
    return or_standing(within("deadline__unit_path", paths_with(user, Permission.VIEW)), user, "deadline__plan")
