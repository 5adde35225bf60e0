"""What a person may see of reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q

from plans.enums import DONE
from plans.models import Deadline
from plans.standing import or_standing
from reviews.enums import TRIPS_COMING, TRIPS_GONE, FeedbackStep, MeetingState, SurveyState
from units.access import STEP, paths_with, within
from units.models.person import DEPUTY_RANK, Appointment
from units.permissions import Permission
from units.roles import ROLES, Role

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


# --- periodic reports and the emulation score sheet ---


class ReportKindQuerySet(models.QuerySet[Any]):
    """Kinds of reports."""

    def visible_to(self, user: User) -> ReportKindQuerySet:
        """Return the kinds of the units that `user` sees, and those that units which `user` sees owe."""
        from plans.models import Deadline  # noqa: PLC0415  # models import this module

        owed = Deadline.objects.visible_to(user).filter(schedule__report_year__kind=OuterRef("pk")).order_by()
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)) | Q(Exists(owed)))

    def managed_by(self, user: User) -> ReportKindQuerySet:
        """Return the kinds that `user` sets up."""
        return self.filter(within("unit__path", paths_with(user, Permission.MANAGE_PLANS)))


class PeriodicReportQuerySet(models.QuerySet[Any]):
    """Periodic reports."""

    def visible_to(self, user: User) -> PeriodicReportQuerySet:
        """Return the reports on the deadlines that `user` sees."""
        seen = within("deadline__unit_path", paths_with(user, Permission.VIEW))
        return self.filter(or_standing(seen, user, "deadline__plan"))


class CompilationQuerySet(models.QuerySet[Any]):
    """What is said over compiled reports."""

    def visible_to(self, user: User) -> CompilationQuerySet:
        """Return those of the units that `user` sees."""
        return self.filter(within("year__kind__unit__path", paths_with(user, Permission.VIEW)))


class EmulationSheetQuerySet(models.QuerySet[Any]):
    """Score sheets of emulation."""

    def visible_to(self, user: User) -> EmulationSheetQuerySet:
        """Return the sheets of the units that `user` sees, and those that score a unit which `user` sees."""
        from units.models import Unit  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        above = {path[:end] for path in paths for end in range(STEP, len(path), STEP)}
        kinds = Unit.objects.filter(within("path", paths)).order_by().values("kind")
        through = self.model.unit_kinds.through.objects.filter(emulationsheet=OuterRef("pk"), unitkind__in=kinds)
        return self.filter(within("unit__path", paths) | (Q(unit__path__in=above) & Exists(through)))


class EmulationScoreQuerySet(models.QuerySet[Any]):
    """Points of units."""

    def visible_to(self, user: User) -> EmulationScoreQuerySet:
        """Return the points of the units that `user` sees."""
        return self.filter(within("unit__path", paths_with(user, Permission.VIEW)))


class EmulationDisputeQuerySet(models.QuerySet[Any]):
    """Objections to points."""

    def visible_to(self, user: User) -> EmulationDisputeQuerySet:
        """Return the objections of the units that `user` sees."""
        return self.filter(within("score__unit__path", paths_with(user, Permission.VIEW)))


class SurveyQuerySet(models.QuerySet[Any]):
    """Surveys. A unit surveyed sees the survey once it has started, and its own answers in it."""

    def visible_to(self, user: User) -> SurveyQuerySet:
        """Return the surveys by units that `user` sees, and those that ask units that `user` sees."""
        from reviews.models import SurveyUnit  # noqa: PLC0415  # models import this module

        paths = paths_with(user, Permission.VIEW)
        asked = SurveyUnit.objects.filter(within("unit__path", paths), survey=OuterRef("pk")).order_by()
        return self.filter(within("unit__path", paths) | Q(Exists(asked), started_on__isnull=False))

    def with_report(self) -> SurveyQuerySet:
        """Return them with `reported`: whether the report that finishing made due is handed in."""
        handed_in = Deadline.objects.filter(schedule=OuterRef("report"), status__in=DONE)
        found: SurveyQuerySet = self.annotate(reported=Exists(handed_in.order_by()))
        return found

    def in_state(self, state: str) -> SurveyQuerySet:
        """Return the surveys that stand so; the same rule as `Survey.state`. Needs `with_report`."""
        conditions = {
            SurveyState.PLANNED: Q(started_on__isnull=True),
            SurveyState.RUNNING: Q(started_on__isnull=False, finished_on__isnull=True),
            SurveyState.FINISHED: Q(finished_on__isnull=False, reported=False),
            SurveyState.REPORTED: Q(finished_on__isnull=False, reported=True),
        }
        return self.filter(conditions[SurveyState(state)])


class SurveyUnitQuerySet(models.QuerySet[Any]):
    """Units surveyed with what they answered: seen by who sees the unit, never by its siblings."""

    def visible_to(self, user: User) -> SurveyUnitQuerySet:
        """Return the rows of the units that `user` sees; of a survey being prepared only those of who prepares it."""
        paths = paths_with(user, Permission.VIEW)
        begun = Q(survey__started_on__isnull=False) | within("survey__unit__path", paths)
        return self.filter(within("unit__path", paths), begun)


class CommendationQuerySet(models.QuerySet[Any]):
    """Commendation proposals: seen by the unit that proposes and the levels above it, not by who is proposed."""

    def visible_to(self, user: User) -> CommendationQuerySet:
        """Return the proposals of units that `user` sees."""
        return self.filter(within("proposing_unit__path", paths_with(user, Permission.VIEW)))


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

        Only the very unit of a post: who stands above it gives no contribution in its name. Who is spoken of has no
        part in what a body says together.
        """
        from reviews.bodies import SITTING  # noqa: PLC0415  # that module imports this one through the models

        units = {p.unit_id for p in user.posts if Permission.REPORT in ROLES[p.role].own}
        seats = Appointment.objects.in_force(day).filter(user=user.pk).values_list("post__unit", "post__body")
        bodies = Q(pk__in=[])
        for unit, seat in seats:
            wider = [body for body, sitting in SITTING.items() if seat in sitting]
            bodies |= Q(kind="body", unit=unit, body__in=wider)
        answers = Q(kind="unit", unit__in=units) | bodies | Q(kind="person", person=user.pk)
        about_oneself = Q(kind="body", round__targets__person=user.pk)
        return self.filter(answers).exclude(round__step=FeedbackStep.DRAFT).exclude(about_oneself)

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
