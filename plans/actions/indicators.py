"""The organiser changes an indicator of a published plan, or adds one, and says why; the log keeps old and new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from plans.actions.moving import locked_plan, require_reason
from plans.actions.ordinals import place_for
from plans.actions.records import RecordGone, give
from plans.actions.sent import made_before, remember
from plans.errors import ActionRefused, Stale
from plans.models import Indicator, Plan
from plans.record_values import facts, fingerprint
from plans.target_words import target_words
from units import audit
from units.models import User
from units.models.audit import AuditAction

#: What results are given by: changed under results that are there, nobody could read them any more.
MEASURE = ("kind", "frequency")


def change_indicator(
    *, indicator: Indicator, values: Mapping[str, Any], reason: str, by: User, expected: str | None = None
) -> Indicator:
    """Give a published indicator new values; `expected` is the fingerprint of what the person saw.

    `values` as for the records of a draft (`CHANGEABLE`); what is not named stays, and so do the results.
    """
    reason = require_reason(reason)
    with transaction.atomic():
        plan = locked_plan(indicator.plan_id, by)
        fresh = Indicator.objects.select_for_update().filter(pk=indicator.pk, plan=plan).first()
        if fresh is None:
            raise RecordGone
        if expected is not None and fingerprint(fresh) != expected:
            raise Stale(_("Somebody changed this indicator while you were editing it. Compare both and save again."))
        _keep_measure(fresh, values)
        before, goal = facts(fresh), target_words(fresh)
        fresh.version += 1
        give(fresh, values, plan, by=by)
        changes = audit.changes(before, facts(fresh))
        if not changes:
            raise ActionRefused(_("Nothing is different yet. Change a value, or go back."))
        told = {"goal": [goal, target_words(fresh)]} if goal != target_words(fresh) else {}
        _log(AuditAction.TARGET_CHANGED, fresh, plan, by, {**changes, **told, "reason": reason})
    indicator.refresh_from_db()
    return indicator


def add_indicator(*, plan: Plan, values: Mapping[str, Any], reason: str, by: User, key: str = "") -> Indicator:
    """Add an indicator to a published plan. With the `key` of a form sent before, return what that made."""
    reason = require_reason(reason)
    with transaction.atomic():
        locked = locked_plan(plan.pk, by)
        made = made_before(key, by=by, plan=locked)
        if made is not None:
            return Indicator.objects.get(pk=made)
        indicator = Indicator(plan=locked)
        indicator.ordinal = place_for(indicator, values)
        give(indicator, values, locked, by=by)
        remember(key, by=by, plan=locked, record_id=indicator.pk)
        given = {name: [None, value] for name, value in facts(indicator).items() if value}
        _log(AuditAction.CREATED, indicator, locked, by, {**given, "reason": reason})
    return indicator


def _keep_measure(indicator: Indicator, values: Mapping[str, Any]) -> None:
    """Refuse to change what existing results are measured by."""
    other = any(name in values and values[name] != getattr(indicator, name) for name in MEASURE)
    if other and indicator.results.exists():
        raise ActionRefused(
            _("Results are there already, so what is measured and how often can't change. Add another indicator.")
        )


def _log(action: AuditAction, indicator: Indicator, plan: Plan, by: User, data: Mapping[str, Any]) -> None:
    audit.record(action, by=by, obj=indicator, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=dict(data))
