"""Conclusions of an inspection: drafted, issued as work of the units, followed by a named member until closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.programmes import add_work
from plans.enums import LIVE, Kind, Status
from plans.errors import ActionRefused, Stale
from plans.secrecy import secrecy_mark
from reviews.actions.inspections import touch
from reviews.actions.locking import locked_inspection, require_state
from reviews.actions.made import made_before
from reviews.bodies import following_body, members_of
from reviews.enums import BEFORE_CONCLUSIONS, InspectionState
from reviews.models import Conclusion, Inspection, InspectionVisit
from reviews.rights import may_close, may_conclude
from reviews.titles import CONCLUSIONS_GROUP
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

FACTS: Final = ("text", "due", "follower")
MOST_CONCLUSIONS: Final = 40  # of one visit


def add_conclusion(
    *,
    visit: InspectionVisit,
    values: Mapping[str, Any],
    by: User,
    key: str = "",
    today: dt.date | None = None,
) -> Conclusion:
    """Draft a conclusion about the unit of a visit; `values` are of FACTS.

    With the `key` of a form that was sent before, the conclusion it made then is returned.
    """
    today = today or clock.today()
    with locked_inspection(visit.inspection) as row:
        require(may_conclude(by, row))
        made = made_before(Conclusion, key, by=by)
        if made is not None:
            return made
        require_state(row, *BEFORE_CONCLUSIONS)
        last = visit.conclusions.aggregate(last=Max("ordinal"))["last"] or 0
        if last >= MOST_CONCLUSIONS:
            words = _("At most %(most)d conclusions about one unit. Join some of them.")
            raise ActionRefused(words % {"most": MOST_CONCLUSIONS})
        draft = Conclusion(visit=visit, ordinal=last + 1, created_by=by, created_at=clock.now(), form_key=key)
        _give(draft, values, row, today)
        draft.save()
        touch(row)
        _log(AuditAction.CREATED, draft, row, by)
    return draft


def change_conclusion(
    *,
    conclusion: Conclusion,
    values: Mapping[str, Any],
    by: User,
    version: int | None = None,
    today: dt.date | None = None,
) -> Conclusion:
    """Change a draft; what is issued stays as it was."""
    with locked_inspection(conclusion.visit.inspection, version) as row:
        require(may_conclude(by, row))
        draft = _draft(conclusion)
        before = {name: str(getattr(draft, name)) for name in FACTS if name != "text"}
        _give(draft, values, row, today or clock.today())
        draft.save()
        touch(row)
        after = {name: str(getattr(draft, name)) for name in FACTS if name != "text"}
        _log(AuditAction.CHANGED, draft, row, by, audit.changes(before, after))
    return draft


def drop_conclusion(*, conclusion: Conclusion, by: User) -> None:
    """Leave a draft out; those behind it move up."""
    with locked_inspection(conclusion.visit.inspection) as row:
        require(may_conclude(by, row))
        draft = _draft(conclusion)
        label, visit = str(draft), draft.visit
        draft.delete()
        for number, left in enumerate(visit.conclusions.order_by("ordinal"), start=1):
            if left.ordinal != number:
                Conclusion.objects.filter(pk=left.pk).update(ordinal=number)
        touch(row)
        audit.record(AuditAction.DROPPED, by=by, label=label, unit_id=row.unit.pk, data={"inspection": row.pk})


def issue_conclusions(
    *,
    inspection: Inspection,
    on: dt.date,
    by: User,
    symbol: str = "",
    version: int | None = None,
    today: dt.date | None = None,
) -> Inspection:
    """Issue what is drafted: each conclusion becomes work of its unit. Without any the inspection is closed."""
    today = today or clock.today()
    if secrecy_mark(symbol):
        raise ActionRefused(_("The number carries a mark of secrecy. Such conclusions must not be kept here."))
    with locked_inspection(inspection, version) as row:
        require(may_conclude(by, row))
        if row.state == InspectionState.REPORT_OWED:
            raise ActionRefused(_("Hand in the report first: the conclusions rest on it."))
        require_state(row, InspectionState.REPORTED)
        if on > today:
            raise ActionRefused(_("This day is still to come. Give the day on which the conclusions were issued."))
        drafts = _drafts(row)
        for draft in drafts:
            _make_work(draft, by=by, today=today)
        row.conclusion_symbol, row.concluded_on = symbol.strip(), on
        row.state = InspectionState.CONCLUDED if drafts else InspectionState.CLOSED
        touch(row)
        data = {"conclusions": len(drafts), "symbol": row.conclusion_symbol, "on": on}
        audit.record(AuditAction.ISSUED, by=by, obj=row, plan_id=row.programme.plan_id, unit_id=row.unit.pk, data=data)
    return row


def close_conclusion(*, conclusion: Conclusion, words: str, by: User, today: dt.date | None = None) -> Conclusion:
    """Close a conclusion that is carried out, with a word on what was seen; the last one closes the inspection."""
    if not words.strip():
        raise ActionRefused(_("Say what was seen: by what the conclusion is carried out."))
    with locked_inspection(conclusion.visit.inspection) as row:
        require(may_close(by, conclusion))
        fresh: Conclusion = Conclusion.objects.select_for_update(of=("self",)).get(pk=conclusion.pk)
        if fresh.solution_id is None:
            raise ActionRefused(_("This conclusion is a draft. Issue the conclusions first; then the unit owes it."))
        if fresh.closed_on is not None:
            raise Stale(_("This conclusion is closed already."))
        _require_done(fresh)
        fresh.closed_on, fresh.closed_by = today or clock.today(), by
        fresh.closing_words = " ".join(words.split())[:1000]
        fresh.save()
        left = Conclusion.objects.filter(visit__inspection=row, solution__isnull=False, closed_on__isnull=True)
        last = not left.exists()
        if last:
            row.state = InspectionState.CLOSED
            touch(row)
        _log(AuditAction.CLOSED, fresh, row, by)
        if last:
            audit.record(AuditAction.CLOSED, by=by, obj=row, plan_id=row.programme.plan_id, unit_id=row.unit.pk)
    return fresh


def _give(draft: Conclusion, values: Mapping[str, Any], row: Inspection, today: dt.date) -> None:
    for name in FACTS:
        if name in values:
            setattr(draft, name, values[name])
    draft.text = draft.text.strip()
    if not draft.text:
        raise ActionRefused(_("Write what was concluded."))
    if draft.due < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    body = following_body(row.unit, today)
    if draft.follower_id not in {person.pk for person in members_of(row.unit, body, today)}:
        raise ActionRefused(
            _("%(person)s does not sit in the body “%(body)s” of %(unit)s: one of its members follows a conclusion.")
            % {"person": draft.follower, "body": body.label, "unit": row.unit.label}
        )


def _draft(conclusion: Conclusion) -> Conclusion:
    rows = Conclusion.objects.select_for_update(of=("self",)).select_related("visit__unit", "follower")
    found: Conclusion | None = rows.filter(pk=conclusion.pk).first()
    if found is None:
        raise Stale(_("This conclusion is not there any more: somebody left it out."))
    if found.solution_id is not None:
        raise Stale(_("This conclusion is issued: it stays as it was."))
    return found


def _drafts(row: Inspection) -> list[Conclusion]:
    related = ("visit__unit", "visit__plan", "follower")
    rows = Conclusion.objects.filter(visit__inspection=row, solution__isnull=True)
    return list(rows.select_related(*related).order_by("visit__event__day", "visit", "ordinal"))


def _make_work(draft: Conclusion, *, by: User, today: dt.date) -> None:
    visit = draft.visit
    if draft.due < today:
        words = _("The last day of conclusion %(number)d about %(unit)s has passed. Give it a later day first.")
        raise ActionRefused(words % {"number": draft.ordinal, "unit": visit.unit.label})
    if visit.plan is None:  # not before the inspection is announced
        raise ActionRefused(_("The inspection was not announced to this unit."))
    task = add_work(
        plan=visit.plan,
        by=by,
        text=draft.text,
        group=CONCLUSIONS_GROUP,
        lead_unit=visit.unit,
        overseer=draft.follower,
        when={"kind": Kind.BY_DATE, "due": draft.due},
        today=today,
        entitled=True,
    )
    draft.solution = task.solution
    draft.save()


def _require_done(conclusion: Conclusion) -> None:
    """Refuse to close what the unit still owes or nobody has confirmed."""
    owed = conclusion.solution.deadlines.filter(status__in=LIVE) if conclusion.solution else ()
    for deadline in owed:
        if deadline.status == Status.SUBMITTED:
            raise ActionRefused(_("The unit has reported it done and nobody has confirmed that. Confirm it first."))
        raise ActionRefused(_("The unit still owes it. It can be closed once its result is confirmed."))


def _log(action: AuditAction, row: Conclusion, of: Inspection, by: User, data: dict[str, Any] | None = None) -> None:
    data = {"inspection": of.pk, **(data or {})}
    audit.record(action, by=by, obj=row, unit_id=of.unit.pk, data=data)
