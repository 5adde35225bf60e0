"""Who may do what in reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from doantracker.lib.text import search_key
from plans.actions.programmes import may_decide_for
from reviews.enums import WAITING_PROPOSALS, TripState
from reviews.levels import first_level
from reviews.models import (
    CommendationProposal,
    Conclusion,
    EmulationSheet,
    Evaluation,
    FeedbackTarget,
    FieldTrip,
    Inspection,
    InspectionVisit,
    Meeting,
    Pledge,
    ReportKind,
    Survey,
)
from units.access import STEP, covers, paths_with, within
from units.models import Appointment, Unit, User
from units.permissions import Permission
from units.querysets import UnitQuerySet
from units.roles import Role


def may_hand_in(user: User, appointment: Appointment) -> bool:
    """Return whether `user` hands in a pledge: their own, or as whoever runs the plans of the unit."""
    return appointment.user_id == user.pk or user.may(Permission.MANAGE_PLANS, appointment.post.unit)


def may_decide(user: User, pledge: Pledge) -> bool:
    """Return whether `user` accepts or returns it: who confirms there; nobody their own, nor what they handed in.

    Nor does one with a post of such a person in which they stand in.
    """
    return decides_at(user, pledge.appointment.post.unit, {pledge.appointment.user_id, pledge.handed_in_by_id})


def decides_at(user: User, unit: Unit, askers: Collection[int]) -> bool:
    """Return whether `user` confirms at `unit`, is none of `askers` and has the right by the post of none of them."""
    path = str(unit.path)
    return user.pk not in askers and any(
        g.permission == Permission.CONFIRM and path.startswith(g.path) and g.holder not in askers for g in user.grants
    )


def decides_in(user: User, unit: Unit, askers: Collection[int]) -> bool:
    """Return whether `user` confirms at the very level of `unit`: as `decides_at`, but not by a right from above."""
    path = str(unit.path)
    return user.pk not in askers and any(
        g.permission == Permission.CONFIRM and g.path == path and g.holder not in askers for g in user.grants
    )


def may_plan(user: User, unit: Unit) -> bool:
    """Return whether `user` plans the meetings of `unit` and their agendas: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_record(user: User, meeting: Meeting) -> bool:
    """Return whether `user` records the meeting and what it decided: its leaders too."""
    return may_decide_for(user, meeting.unit)


def meeting_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose meetings `user` plans; departments hold none."""
    path = within("path", paths_with(user, Permission.MANAGE_PLANS))
    found: UnitQuerySet = Unit.objects.in_force(today).filter(path, kind__has_subtree=True)
    return found


# --- periodic reports and the emulation score sheet ---


def may_ask_reports(user: User, unit: Unit) -> bool:
    """Return whether `user` sets up which reports `unit` is owed: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_compile(user: User, kind: ReportKind) -> bool:
    """Return whether `user` compiles the reports of a kind: who asked for them, and the department they go through."""
    through = kind.via_unit is not None and user.may(Permission.REPORT, kind.via_unit)
    return through or may_ask_reports(user, kind.unit)


def asking_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units for which `user` asks for reports and scores; departments ask for none."""
    return meeting_units(user, today)


def may_score(user: User, sheet: EmulationSheet) -> bool:
    """Return whether `user` checks points and settles objections: who runs the plans of the unit that scores."""
    return user.may(Permission.MANAGE_PLANS, sheet.unit)


def may_give_own_points(user: User, unit: Unit) -> bool:
    """Return whether `user` gives the own points of `unit` and objects to its points: who reports for it."""
    return user.may(Permission.REPORT, unit)


def may_survey(user: User, unit: Unit) -> bool:
    """Return whether `user` prepares, starts and finishes the surveys of `unit`: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def conducts(user: User, survey: Survey) -> bool:
    """Return whether `user` carries the survey out: enters what any unit said, and hands the report in."""
    return may_survey(user, survey.unit) or user.may(Permission.REPORT, survey.lead_unit)


def may_answer_for(user: User, survey: Survey, unit: Unit) -> bool:
    """Return whether `user` answers for a unit surveyed: its own people, the levels above it, who conducts."""
    return user.may(Permission.REPORT, unit) or conducts(user, survey)


def may_propose(user: User, unit: Unit) -> bool:
    """Return whether `user` proposes commendations for `unit` and takes them back: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_have_judged(user: User, proposal: CommendationProposal) -> bool:
    """Return whether the proposal lay or lies with a level at which `user` confirms, and is not the own one."""
    askers = {proposal.created_by_id}
    return any(decides_in(user, level, askers) for level in (first_level(proposal), proposal.at))


def may_judge(user: User, proposal: CommendationProposal) -> bool:
    """Return whether `user` passes the proposal on or decides: who confirms at the very level it lies with.

    The levels above see it and decide once it is passed on to them. Nobody decides about their own.
    Own is what one proposed oneself, and what proposes oneself: a namesake leaves it to somebody else.
    """
    about_oneself = search_key(user.full_name) in search_key(proposal.person)
    waits = proposal.state in WAITING_PROPOSALS
    return waits and not about_oneself and decides_in(user, proposal.at, {proposal.created_by_id})


def trip_unions(user: User, today: dt.date) -> UnitQuerySet:
    """Return the unions for whose staff `user` registers trips.

    Those the own posts belong to, a department's to the union it serves, and where the person runs the plans.
    """
    posts = [post for post in user.posts if post.role != Role.ADMINISTRATOR]
    served = {post.path[:-STEP] for post in posts if post.role == Role.DEPARTMENT}
    own = Q(pk__in={post.unit_id for post in posts}) | Q(path__in=served)
    managed = within("path", paths_with(user, Permission.MANAGE_PLANS))
    found: UnitQuerySet = Unit.objects.in_force(today).filter(own | managed, kind__has_subtree=True)
    return found


def is_traveller(user: User, trip: FieldTrip) -> bool:
    """Return whether `user` is of the party; uses the members where they are read already."""
    return any(member.person_id == user.pk for member in trip.members.all())


def may_read_papers(user: User, trip: FieldTrip) -> bool:
    """Return whether `user` reads brief and report: the travellers, and who sees the union; not the units visited."""
    return covers(user, Permission.VIEW, str(trip.unit.path)) or is_traveller(user, trip)


def may_run_trips(user: User, unit: Unit) -> bool:
    """Return whether `user` registers and records trips of others, and sets quotas: who runs the plans of the unit."""
    return user.may(Permission.MANAGE_PLANS, unit)


def may_set_quotas(user: User, unit: Unit) -> bool:
    """Return whether `user` sets quotas of the unit: who runs its plans, and its administrator."""
    return may_run_trips(user, unit) or user.may(Permission.CONFIGURE, unit)


def quota_unions(user: User, today: dt.date) -> UnitQuerySet:
    """Return the unions whose quotas `user` sets; the rule of `may_set_quotas`."""
    paths = [*paths_with(user, Permission.MANAGE_PLANS), *paths_with(user, Permission.CONFIGURE)]
    found: UnitQuerySet = Unit.objects.in_force(today).filter(within("path", paths), kind__has_subtree=True)
    return found


def may_carry(user: User, trip: FieldTrip) -> bool:
    """Return whether `user` changes a trip, prepares it, and records it: the travellers and who runs the plans."""
    return is_traveller(user, trip) or may_run_trips(user, trip.unit)


def may_approve(user: User, trip: FieldTrip) -> bool:
    """Return whether `user` approves a trip: who decides in the union, never about a trip of one's own.

    Own is what one registered, or goes on; also of the person in whose post one stands in.
    """
    own, path = {trip.created_by_id, *(member.person_id for member in trip.members.all())}, str(trip.unit.path)
    return user.pk not in own and any(
        g.permission == Permission.CONFIRM and path.startswith(g.path) and g.holder not in own for g in user.grants
    )


def may_call_off(user: User, trip: FieldTrip) -> bool:
    """Return whether `user` calls a trip off: all sides while it is registered, then who runs the plans."""
    if trip.state == TripState.REGISTERED:
        return may_carry(user, trip) or may_approve(user, trip)
    return may_run_trips(user, trip.unit)


def inspecting_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose inspections `user` runs: those whose meetings `user` plans."""
    return meeting_units(user, today)


def may_run(user: User, unit: Unit) -> bool:
    """Return whether `user` runs the inspections of `unit`: who runs its plans."""
    return user.may(Permission.MANAGE_PLANS, unit)


def in_team(user: User, inspection: Inspection) -> bool:
    """Return whether `user` heads the inspection or belongs to its team; one query."""
    return inspection.head_id == user.pk or inspection.members.filter(pk=user.pk).exists()


def may_work_in(user: User, inspection: Inspection) -> bool:
    """Return whether `user` records visits and answers requests: the team, whatever its posts, and who runs it."""
    return may_run(user, inspection.unit) or in_team(user, inspection)


def may_conclude(user: User, inspection: Inspection) -> bool:
    """Return whether `user` ends the visits, hands in the report and words conclusions: the head, and who runs it."""
    return inspection.head_id == user.pk or may_run(user, inspection.unit)


def may_ask_team(user: User, visit: InspectionVisit) -> bool:
    """Return whether `user` sends requests to the team: who reports for the unit that is visited or runs its plans."""
    return user.may(Permission.REPORT, visit.unit) or user.may(Permission.MANAGE_PLANS, visit.unit)


def may_close(user: User, conclusion: Conclusion) -> bool:
    """Return whether `user` closes a conclusion: the member who follows it, and who runs the inspection."""
    return conclusion.follower_id == user.pk or may_run(user, conclusion.visit.inspection.unit)


# --- monthly evaluations ---


def may_see_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` sees every evaluation of `unit`."""
    return user.may(Permission.VIEW_EVALUATIONS, unit)


def may_run_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` writes score cards, opens rounds and takes them on: the office, which sees them all."""
    return user.may(Permission.VIEW_EVALUATIONS, unit) and user.may(Permission.MANAGE_PLANS, unit)


def may_decide_evaluations(user: User, unit: Unit) -> bool:
    """Return whether `user` approves cards and records what the meeting decided."""
    return user.may(Permission.DECIDE_EVALUATIONS, unit)


def may_depart(user: User, unit: Unit, person: int) -> bool:
    """Return whether `user` may record another score or rating of `person` than the proposed one: never about oneself.

    Nor with a post of that person in which they stand in.
    """
    return user.may(Permission.DECIDE_EVALUATIONS, unit, asker=person)


def may_settle(user: User, unit: Unit, person: int) -> bool:
    """Return whether `user` says how far shortcomings of `person` are remedied: who sees evaluations, not oneself."""
    return user.may(Permission.VIEW_EVALUATIONS, unit, asker=person)


def evaluation_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose monthly evaluations `user` runs."""
    seen, managed = (paths_with(user, p) for p in (Permission.VIEW_EVALUATIONS, Permission.MANAGE_PLANS))
    paths = within("path", seen) & within("path", managed)
    found: UnitQuerySet = Unit.objects.in_force(today).filter(paths, kind__has_subtree=True)
    return found


def evaluates(user: User) -> bool:
    """Return whether monthly evaluations concern `user`: by right, or as a member who was ever evaluated."""
    return user.may(Permission.VIEW_EVALUATIONS) or Evaluation.objects.filter(person=user).exists()


def may_run_feedback(user: User, unit: Unit) -> bool:
    """Return whether `user` runs the feedback rounds of `unit`: who runs its plans and may see its feedback."""
    return user.may(Permission.MANAGE_PLANS, unit) and user.may(Permission.VIEW_FEEDBACK, unit)


def may_review(user: User, target: FeedbackTarget) -> bool:
    """Return whether `user` hands in the self-review report of a target: the person, or who runs the round."""
    return target.person_id == user.pk or may_run_feedback(user, target.round.unit)


def sees_names(user: User, target: FeedbackTarget) -> bool:
    """Return whether `user` sees who said what about a target.

    In a named round, who may see its feedback. The person spoken of only where the round says so, whatever other
    rights the person has.
    """
    feedback = target.round
    if feedback.anonymous:
        return False
    if target.person_id == user.pk:
        return feedback.names_to_targets
    return user.may(Permission.VIEW_FEEDBACK, feedback.unit)


def feedback_units(user: User, today: dt.date) -> UnitQuerySet:
    """Return the units whose feedback rounds `user` runs; departments hold none."""
    managed = within("path", paths_with(user, Permission.MANAGE_PLANS))
    seen = within("path", paths_with(user, Permission.VIEW_FEEDBACK))
    found: UnitQuerySet = Unit.objects.in_force(today).filter(managed, seen, kind__has_subtree=True)
    return found
