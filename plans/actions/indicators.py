"""The organiser changes an indicator of a published plan, or adds one, and says why; the log keeps old and new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.moving import locked_plan, require_reason
from plans.actions.ordinals import place_for
from plans.actions.records import RecordGone, give
from plans.actions.sent import made_before, remember
from plans.errors import ActionRefused, Stale
from plans.indicator_figures import periods_of
from plans.indicator_periods import Period
from plans.models import Indicator, Plan
from plans.record_values import facts, fingerprint
from plans.target_words import target_words
from units import audit
from units.models import User
from units.models.audit import AuditAction

#: What results are given by: changed under results that are there, nobody could read them any more.
MEASURE = ("kind", "frequency", "start", "fed_by")


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
        kept, today = _kept(fresh), clock.today()
        _keep_measure(fresh, values, kept)
        before, goal = facts(fresh), target_words(fresh)
        inside = [period for period in periods_of(fresh, today) if period.start in kept]
        fresh.version += 1
        give(fresh, values, plan, by=by)
        still = {period.start for period in periods_of(fresh, today)}
        _keep_periods([period for period in inside if period.start not in still])
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


def _keep_measure(indicator: Indicator, values: Mapping[str, Any], kept: Collection[dt.date]) -> None:
    """Refuse to change what existing results are measured by."""
    if kept and any(name in values and values[name] != getattr(indicator, name) for name in MEASURE):
        raise ActionRefused(
            _(
                "Results or closed periods are there already, so what is measured, how often, from when and from "
                "which work can't change. Add another indicator."
            )
        )


def _kept(indicator: Indicator) -> set[dt.date]:
    """Return the first days of periods that have results or are closed."""
    locks = indicator.locks.filter(reopened_at__isnull=True)
    return {day for rows in (indicator.results, locks) for day in rows.values_list("period_start", flat=True)}


def _keep_periods(lost: Collection[Period]) -> None:
    """Refuse another last day that leaves results or a closed period outside."""
    if lost:
        words = _("%(period)s has results or is closed. Choose a last day that keeps it inside.")
        raise ActionRefused(words % {"period": max(lost, key=lambda period: period.start).label})


def _log(action: AuditAction, indicator: Indicator, plan: Plan, by: User, data: Mapping[str, Any]) -> None:
    audit.record(action, by=by, obj=indicator, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=dict(data))
