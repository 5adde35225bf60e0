"""What pages show of events: each with its day and what hangs on it; and what one deadline hangs on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from doantracker.lib.text import shortened
from plans.actions.following import open_step, steps_before
from plans.anchoring import Link, Offset, in_chain_order
from plans.enums import DONE, OPEN, Chain
from plans.event_words import asks_executive_committee
from plans.labels import step_label
from plans.models import Deadline, Event, Plan, Schedule
from plans.rights import may_date_event, may_issue_for
from plans.sentences import understood
from units.models import Appointment, Post, Unit, User

NO_OFFSET = Offset()
STEP_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Hung:
    """One commitment that hangs on an event, or on another one that does (`depth` > 0)."""

    pk: int
    label: str
    sentence: str
    plan: Plan
    depth: int
    in_order: bool
    owed: int = 0  # deadlines the person sees
    dated: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event as shown, and what the person may do with it."""

    event: Event
    hung: list[Hung] = field(default_factory=list)
    may_date: bool = False
    may_edit: bool = False


def event_cards(events: Sequence[Event], *, user: User) -> list[EventCard]:
    """Return the events with what hangs on each in plans that `user` sees; four queries for any number."""
    plans = Plan.objects.visible_to(user)
    schedules = list(_schedules(Schedule.objects.filter(solution__plan__in=plans, event__in=events)))
    in_plans = Q(solution__plan__in={s.solution.plan_id for s in schedules})
    followers = _schedules(Schedule.objects.filter(in_plans, hangs_on__isnull=False).exclude(chain=""))
    hung = _hung([*schedules, *followers], user)
    return [
        EventCard(
            e,
            hung=_under({s.pk for s in schedules if s.event_id == e.pk}, hung),
            may_date=may_date_event(user, e) and not e.cancelled,
            may_edit=may_issue_for(user, e.unit) and not e.cancelled,
        )
        for e in events
    ]


def chains_of(plan: Plan, *, user: User) -> list[Hung]:
    """Return the chains of a plan that begin with no event: the first commitment of each, and what follows it."""
    linked = Q(hangs_on__isnull=False) | Q(followers__isnull=False)
    schedules = list(_schedules(Schedule.objects.filter(linked, solution__plan=plan).distinct()))
    hung = _hung(schedules, user)
    firsts = [s.pk for s in schedules if s.hangs_on_id is None and s.event_id is None]
    return [found for first in firsts for found in _under({first}, hung)]


def plan_events(plan: Plan, user: User) -> QuerySet[Event]:
    """Return the events that a plan names or that its commitments hang on."""
    visible: QuerySet[Event] = Event.objects.visible_to(user)
    named = Q(plan=plan) | Q(pk__in=Schedule.objects.filter(solution__plan=plan, event__isnull=False).values("event"))
    return visible.filter(named).select_related("unit", "keeper", "plan")


def _schedules(rows: QuerySet[Schedule]) -> QuerySet[Schedule]:
    return rows.select_related("solution__plan").order_by("solution__plan", "solution__ordinal", "pk")


def _hung(schedules: Sequence[Schedule], user: User) -> list[tuple[Schedule, Hung]]:
    """Return the commitments with how many deadlines of each the person sees; one query."""
    counted = (
        Deadline.objects.visible_to(user)
        .filter(schedule__in=[s.pk for s in schedules])
        .order_by()
        .values("schedule")
        .annotate(owed=Count("pk"), dated=Count("due_on"), done=Count("pk", filter=Q(status__in=DONE)))
    )
    counts: dict[int, dict[str, int]] = {row.pop("schedule"): row for row in counted}
    return [
        (
            s,
            Hung(
                pk=s.pk,
                label=step_label(s),
                sentence=understood(s, days_off_move=s.solution.plan.days_off_move),
                plan=s.solution.plan,
                depth=0,
                in_order=s.in_order,
                **counts.get(s.pk, {}),
            ),
        )
        for s in schedules
    ]


def _under(roots: set[int], hung: Sequence[tuple[Schedule, Hung]]) -> list[Hung]:
    """Return `roots` and what follows them, each behind what it follows, with its depth."""
    by_pk = {s.pk: (s, found) for s, found in hung}
    links = [Link(s.pk, NO_OFFSET, hangs_on=s.hangs_on_id, chain=s.chain or Chain.LAST_DAY) for s, _found in hung]
    depths: dict[int, int] = defaultdict(int)
    for link in in_chain_order(links, roots):
        depths[link.pk] = depths[link.hangs_on] + 1 if link.hangs_on in depths and link.pk not in roots else 0
    return [_at_depth(by_pk[pk][1], depth) for pk, depth in depths.items()]


def _at_depth(found: Hung, depth: int) -> Hung:
    return Hung(
        found.pk, found.label, found.sentence, found.plan, depth, found.in_order, found.owed, found.dated, found.done
    )


# --- what one deadline hangs on ---


def anchor_of(row: Deadline, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return what a deadline's page says about its event, the step before it, and whose meeting is asked for."""
    schedule = row.schedule
    return {
        "event": _event_of(schedule, row, user),
        "step": _step_of(schedule, row, user),
        "waits": _waits_for(row, user),
        "executive_committee": asks_executive(row, today=today),
    }


def asks_executive(row: Deadline, *, today: dt.date) -> bool:
    """Return whether the unit, having no standing committee, holds the meeting asked for as one of its executive one.

    A department has neither, and a meeting of the issuer's committee is not the unit's. Two queries, where the work is
    a meeting of a standing committee at all.
    """
    issuer = row.plan.issuing_unit
    others = () if row.unit_id == issuer.pk else (issuer.name, issuer.short_name)
    words = (row.solution.text, row.schedule.phrase, row.schedule.anchor)
    if not asks_executive_committee(*words, has_standing_committee=False, others=others):
        return False
    return row.unit.kind.has_subtree and not has_standing_committee(row.unit, today)


def has_standing_committee(unit: Unit, today: dt.date) -> bool:
    """Return whether somebody holds a post of the standing committee of `unit` itself; one query."""
    in_force = Appointment.objects.in_force(today)
    found: bool = in_force.filter(post__unit=unit, post__body=Post.Body.STANDING_COMMITTEE).exists()
    return found


def _event_of(schedule: Schedule, row: Deadline, user: User) -> dict[str, Any] | None:
    if schedule.event_id is None:
        return None
    event = Event.objects.select_related("unit", "keeper", "plan").get(pk=schedule.event_id)
    follows = row.due_on is None or row.due_on == row.anchored_on
    return {"row": event, "may_date": may_date_event(user, event) and not event.cancelled, "follows": follows}


def _step_of(schedule: Schedule, row: Deadline, user: User) -> dict[str, Any] | None:
    """Return the commitment a deadline hangs on: the unit's own where it has one, else the first in sight."""
    if schedule.hangs_on_id is None:
        return None
    step = Schedule.objects.select_related("solution").get(pk=schedule.hangs_on_id)
    seen = Deadline.objects.visible_to(user).filter(schedule=step).select_related("unit")
    found = seen.filter(unit=row.unit).first() or seen.order_by("unit_path", "pk").first()
    return {
        "deadline": found,
        "text": shortened(step.solution.text, STEP_SHOWN),
        "chain": schedule.chain,
        "of_others": found is not None and found.unit_id != row.unit_id,
    }


def _waits_for(row: Deadline, user: User) -> list[dict[str, Any]]:
    """Return the earlier steps that have to be handed in first, with a link where the person sees them."""
    if row.status not in OPEN:
        return []
    steps = [step for before in steps_before(row.schedule_id) if (step := open_step(row, before))]
    seen = set(Deadline.objects.visible_to(user).filter(pk__in=[s.pk for s in steps]).values_list("pk", flat=True))
    return [
        {
            "step": step,
            "text": shortened(step.solution.text, STEP_SHOWN),
            "seen": step.pk in seen,
            "of_others": step.unit_id != row.unit_id,
        }
        for step in steps
    ]
