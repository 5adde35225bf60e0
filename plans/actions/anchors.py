"""What a commitment of a draft hangs on: kept in step with its kind and words, and free of circles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from plans.actions.events import event_for
from plans.anchoring import cycle_of
from plans.enums import Chain, Kind
from plans.errors import ActionRefused
from plans.event_words import event_name
from plans.labels import step_label
from plans.models import Event, Plan, Schedule
from plans.models.event import event_key
from units import audit
from units.models import User
from units.models.audit import AuditAction


def settle_anchor(schedule: Schedule, plan: Plan, *, by: User | None) -> None:
    """Make what a commitment hangs on agree with its kind, before it is saved.

    Work bound to an event hangs on the commitment chosen, else on the event chosen, else on the one its words name.
    Other work may hang on a commitment, but takes no day from it.
    """
    if schedule.hangs_on_id is None:
        schedule.chain, schedule.in_order = "", False
    if schedule.kind != Kind.RELATIVE:
        schedule.event, schedule.chain = None, ""
        schedule.in_order = schedule.hangs_on_id is not None  # without a day from it, that means: after it
        if schedule.kind == Kind.RECURRING and schedule.hangs_on_id is not None:
            raise ActionRefused(
                _("Work that recurs hangs on no other. Choose another kind, or no commitment to hang on.")
            )
        return
    if schedule.hangs_on is not None:
        schedule.event = None
        schedule.chain = schedule.chain or Chain.COMPLETION
        schedule.anchor = schedule.anchor or step_label(schedule.hangs_on)
        return
    if schedule.event is not None:
        _require_offered(schedule.event, plan)
        schedule.anchor = schedule.anchor or schedule.event.name
    elif event_key(event_name(schedule.anchor)):
        schedule.event = event_for(plan, schedule.anchor, by=by)


def require_no_cycle(schedule: Schedule, plan: Plan) -> None:
    """Refuse a chain that leads back to where it began, and one that hangs on work that recurs; say what to change."""
    rows = Schedule.objects.filter(solution__plan=plan)
    if schedule.hangs_on is not None and schedule.hangs_on.kind == Kind.RECURRING:
        raise ActionRefused(_("Work that recurs has no single last day. Let this one hang on another commitment."))
    if schedule.kind == Kind.RECURRING and rows.filter(hangs_on=schedule).exists():
        raise ActionRefused(
            _("Other commitments hang on this one, so it can't recur. Let them hang on another one first.")
        )
    circle = cycle_of(dict(rows.values_list("pk", "hangs_on_id")), schedule.pk)
    if circle:
        steps = {s.pk: step_label(s) for s in rows.filter(pk__in=circle).select_related("solution")}
        words = " → ".join(steps[pk] for pk in (*circle, circle[0]))
        raise ActionRefused(
            _("These commitments would wait for each other: %(circle)s. Let one of them hang on none.")
            % {"circle": words}
        )


def _require_offered(event: Event, plan: Plan) -> None:
    if not Event.objects.offered_to(plan).filter(pk=event.pk).exists():
        raise ActionRefused(_("This event can't be chosen any more: it is cancelled or belongs to another draft."))


def event_of(record: models.Model) -> int | None:
    """Return the event a commitment hangs on; none for other records."""
    return record.event_id if isinstance(record, Schedule) else None


def drop_left_event(pk: int | None, plan: Plan, *, by: User) -> None:
    """Drop an event of a draft on which nothing hangs any more; one that somebody gave a day stays."""
    if pk is None:
        return
    left = Event.objects.filter(pk=pk, plan=plan, day__isnull=True, schedules__isnull=True).first()
    if left is not None:
        audit.record(AuditAction.DROPPED, by=by, obj=left, plan_id=plan.pk, unit_id=left.unit_id)
        left.delete()
