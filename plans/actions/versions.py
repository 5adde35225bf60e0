"""Every change of a published plan leaves a version of the record: what it said before and after, and by what act."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import shortened
from plans.actions.moving import UNSAID
from plans.changes import Change
from plans.enums import VersionOf
from plans.errors import ActionRefused, Stale
from plans.models import Plan, PlanAmendment, RecordVersion, Schedule, Solution
from plans.record_values import plain
from units.models import Unit, User

LABEL_SHOWN = 200


def keep_version(
    *,
    plan: Plan,
    kind: VersionOf,
    record_id: int,
    label: str,
    before: dict[str, Any],
    after: dict[str, Any],
    by: User,
    reason: str,
    amendment: PlanAmendment | None = None,
    change: Change | None = None,
    unit: Unit | None = None,
) -> RecordVersion:
    """Keep what an act changed in one record; equal values are left out where the record goes on.

    Call it in the act's transaction, after the change. `amendment` is that under which it happens, `unit` the one unit
    that it concerns.
    """
    version = version_of(
        plan=plan,
        kind=kind,
        record_id=record_id,
        label=label,
        before=before,
        after=after,
        by=by,
        reason=reason,
        change=change,
        unit=unit,
    )
    version.amendment = _usable(amendment, plan)
    version.save()
    return version


def version_of(
    *,
    plan: Plan,
    kind: VersionOf,
    record_id: int,
    label: str,
    before: dict[str, Any],
    after: dict[str, Any],
    by: User,
    reason: str,
    change: Change | None = None,
    unit: Unit | None = None,
) -> RecordVersion:
    """Return what `keep_version` keeps, not saved yet."""
    if before and after:
        differing = [name for name in after if before.get(name) != after[name]]
        before, after = ({name: values.get(name) for name in differing} for values in (before, after))
    return RecordVersion(
        plan=plan,
        kind=kind,
        record_id=record_id,
        label=shortened(label, LABEL_SHOWN),
        before={name: plain(value) for name, value in before.items()},
        after={name: plain(value) for name, value in after.items()},
        effects=effects_of(change),
        reason=reason.strip()[:500] or UNSAID,
        at=clock.now(),
        by=by,
        unit=unit,
    )


def keep_commitment(
    schedule: Schedule,
    plan: Plan,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    by: User,
    reason: str,
    amendment: PlanAmendment | None,
    change: Change,
) -> None:
    """Keep a version of a commitment, told by its solution."""
    keep_version(
        plan=plan,
        kind=VersionOf.SCHEDULE,
        record_id=schedule.pk,
        label=str(schedule.solution),
        before=before,
        after=after,
        by=by,
        reason=reason,
        amendment=amendment,
        change=change,
    )


def keep_solution(
    solution: Solution,
    plan: Plan,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    by: User,
    reason: str,
    amendment: PlanAmendment | None,
    change: Change | None = None,
) -> None:
    """Keep a version of a solution."""
    keep_version(
        plan=plan,
        kind=VersionOf.SOLUTION,
        record_id=solution.pk,
        label=str(solution),
        before=before,
        after=after,
        by=by,
        reason=reason,
        amendment=amendment,
        change=change,
    )


def effects_of(change: Change | None) -> dict[str, int]:
    """Return how many deadlines a change moved, made, called off, took away and left."""
    if change is None:
        return {}
    names = ("moved", "new", "cancelled", "removed", "kept")
    return {name: len(getattr(change, name)) for name in names if getattr(change, name)}


def _usable(amendment: PlanAmendment | None, plan: Plan) -> PlanAmendment | None:
    """Return the amendment where changes can still be made under it; the plan is locked by the caller."""
    if amendment is None:
        return None
    fresh = PlanAmendment.objects.filter(pk=amendment.pk, plan=plan).first()
    if fresh is None:
        raise ActionRefused(_("This amendment belongs to another plan, or was thrown away."))
    if not fresh.is_open:
        raise Stale(_("This amendment is issued already. Open another one for further changes."))
    return fresh
