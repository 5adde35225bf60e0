"""Acts on a provincial activity: draft, change, comment, record the opinion of the standing body, issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.directive_rights import commenting_units, may_draft_for, may_give_opinion
from plans.enums import Opinion
from plans.errors import ActionRefused, Stale
from plans.models import Activity, ActivityComment
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a draft says of itself; everything else is set by the acts.
FACTS: Final = ("drafting_unit", "host_unit", "plan", "title", "text", "held_on")


def draft_activity(*, issuing_unit: Unit, by: User, values: Mapping[str, Any]) -> Activity:
    """Write a draft; `values` are of FACTS."""
    require(may_draft_for(by, issuing_unit))
    with transaction.atomic():
        row = Activity(issuing_unit=issuing_unit, created_by=by, created_at=clock.now())
        _give(row, values)
        row.save()
        _logged(row, AuditAction.CREATED, by)
    return row


def change_activity(
    *, activity: Activity, by: User, values: Mapping[str, Any], version: int | None = None
) -> Activity:
    """Give a draft new values. An opinion was about the draft as it was: a change takes it back, the log keeps it."""
    with _draft(activity, version) as row:
        require(may_draft_for(by, row.issuing_unit))
        before = _worded(row)
        _give(row, values)
        changed = audit.changes(before, _worded(row))
        if not changed:
            return row
        if row.opinion:
            changed["opinion"] = [row.opinion, ""]
            row.opinion = row.opinion_text = row.opinion_symbol = ""
            row.opinion_on = row.opinion_by = None
        _saved(row, AuditAction.CHANGED, by, changed)
    return row


def discard_activity(*, activity: Activity, by: User, version: int | None = None) -> None:
    """Throw a draft away with its comments; the log keeps what was said."""
    with _draft(activity, version) as row:
        require(may_draft_for(by, row.issuing_unit))
        label, unit_id, plan_id = str(row), row.issuing_unit_id, row.plan_id
        row.delete()
        audit.record(AuditAction.DROPPED, by=by, label=label, unit_id=unit_id, plan_id=plan_id)


def comment_on_activity(*, activity: Activity, by: User, unit: Unit, text: str) -> ActivityComment:
    """Say what a department thinks of a draft."""
    if not text.strip():
        raise ActionRefused(_("Write the comment."))
    with _draft(activity, None) as row:
        require(commenting_units(by, row).filter(pk=unit.pk).exists())
        said = ActivityComment.objects.create(
            activity=row, unit=unit, text=nfc(text.strip()), author=by, at=clock.now()
        )
        audit.record(
            AuditAction.CREATED,
            by=by,
            obj=said,
            plan_id=row.plan_id,
            unit_id=row.issuing_unit_id,
            data={"reason": said.text, "activity": row.pk},
        )
    return said


def give_opinion(
    *,
    activity: Activity,
    by: User,
    opinion: Opinion,
    words: str,
    given_on: dt.date,
    symbol: str = "",
    version: int | None = None,
    today: dt.date | None = None,
) -> Activity:
    """Record what the standing body said about a draft, and the document that says it, if any."""
    if not words.strip():
        raise ActionRefused(_("Write what the standing body said."))
    if given_on > (today or clock.today()):
        raise ActionRefused(_("The day of the opinion lies ahead. Record it once it is given."))
    with _draft(activity, version) as row:
        require(may_give_opinion(by, row))
        row.opinion, row.opinion_text, row.opinion_symbol = opinion, nfc(words.strip()), nfc(symbol.strip())
        row.opinion_on, row.opinion_by = given_on, by
        data = {"reason": row.opinion_text, "opinion": opinion.value, "symbol": row.opinion_symbol, "on": given_on}
        _saved(row, AuditAction.OPINION_GIVEN, by, data)
    return row


def issue_activity(
    *,
    activity: Activity,
    by: User,
    symbol: str,
    issued_on: dt.date,
    host_unit: Unit,
    despite_no_comment: bool = False,
    version: int | None = None,
    today: dt.date | None = None,
) -> Activity:
    """Mark the plan of an activity as issued. The standing body must have agreed, and the departments commented.

    `despite_no_comment` lets it pass where no department said anything; the log remembers it.
    """
    if not symbol.strip():
        raise ActionRefused(_("Write the number and symbol under which it is issued."))
    if issued_on > (today or clock.today()):
        raise ActionRefused(_("The day of issue lies ahead. Record the issue on its day or later."))
    with _draft(activity, version) as row:
        require(may_draft_for(by, row.issuing_unit))
        _require_opinion(row, issued_on)
        uncommented = not row.comments.exists()
        if uncommented and not despite_no_comment:
            raise ActionRefused(
                _("No department has commented yet. Ask them to, or tick that it is issued all the same.")
            )
        row.symbol, row.issued_on, row.host_unit, row.issued_by = symbol.strip(), issued_on, host_unit, by
        _saved(row, AuditAction.ISSUED, by, {"host": host_unit.label, "uncommented": uncommented})
    return row


def _require_opinion(row: Activity, issued_on: dt.date) -> None:
    if not row.opinion:
        raise ActionRefused(
            _(
                "The standing body has not given its opinion yet. A leader who did not draft this records it on this "
                "page first; then issue."
            )
        )
    if row.opinion == Opinion.REVISE:
        raise ActionRefused(
            _("The standing body asks for a revision. Change the draft, let its new opinion be recorded, then issue.")
        )
    if row.opinion_on and issued_on < row.opinion_on:
        raise ActionRefused(
            _("The opinion was given on %(day)s: the day of issue can't lie before it.")
            % {"day": f"{row.opinion_on:%d/%m/%Y}"}
        )


@contextmanager
def _draft(activity: Activity, version: int | None) -> Iterator[Activity]:
    """Yield the draft as it is now, locked, when nobody was quicker."""
    with transaction.atomic():
        related = ("issuing_unit", "plan", "drafting_unit", "host_unit")
        rows = Activity.objects.select_for_update(of=("self",)).select_related(*related)
        row: Activity | None = rows.filter(pk=activity.pk).first()
        if row is None:
            raise Stale(_("This draft is not there any more: somebody has thrown it away."))
        if row.issued_on is not None:
            raise Stale(_("This activity is issued already; what is issued stays as it is."))
        if version is not None and row.version != version:
            raise Stale(
                _(
                    "Somebody changed this draft meanwhile. Compare with its page: saving again replaces that version "
                    "by yours."
                )
            )
        yield row


def _give(row: Activity, values: Mapping[str, Any]) -> None:
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title, row.text = nfc(row.title.strip()), nfc(row.text.strip())


def _worded(row: Activity) -> dict[str, Any]:
    """Return what a draft says, for the log."""
    facts = {name: getattr(row, name) for name in FACTS}
    return {name: None if value is None else str(value) for name, value in facts.items()}


def _saved(row: Activity, action: AuditAction, by: User, data: dict[str, Any]) -> None:
    row.version += 1
    row.save()
    _logged(row, action, by, data)


def _logged(row: Activity, action: AuditAction, by: User, data: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.plan_id, unit_id=row.issuing_unit_id, data=data)
