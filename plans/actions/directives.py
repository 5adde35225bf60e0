"""Acts on a directive: draft, change, throw away, issue, and say that a unit has received it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.lib import clock
from plans.directive_rights import may_draft_for
from plans.enums import LeadState
from plans.errors import ActionRefused, Stale
from plans.lead_time import LEAD_DAYS, Lead, earliest_roll_out, lead_of
from plans.models import Directive, DirectiveRecipient
from units import audit
from units.access import require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction

#: What a draft says of itself; everything else is set by the acts.
FACTS: Final = (
    "drafting_unit", "kind", "title", "text", "plan", "solution", "agreed_with", "rolls_out_on", "urgent",
    "urgent_reason",
)  # fmt: skip
BATCH: Final = 500


def draft_directive(
    *,
    issuing_unit: Unit,
    by: User,
    values: Mapping[str, Any],
    units: Iterable[Unit] = (),
    kinds: Iterable[UnitKind] = (),
) -> Directive:
    """Write a draft. `values` are of FACTS; `units` and `kinds` say who it is addressed to."""
    require(may_draft_for(by, issuing_unit))
    with transaction.atomic():
        row = Directive(issuing_unit=issuing_unit, created_by=by, created_at=clock.now())
        _give(row, values, units, kinds)
        _logged(row, AuditAction.CREATED, by)
    return row


def change_directive(
    *,
    directive: Directive,
    by: User,
    values: Mapping[str, Any],
    units: Iterable[Unit] = (),
    kinds: Iterable[UnitKind] = (),
    version: int | None = None,
) -> Directive:
    """Give a draft new values."""
    with _draft(directive, by, version) as row:
        before = _worded(row)
        row.version += 1
        _give(row, values, units, kinds)
        _logged(row, AuditAction.CHANGED, by, audit.changes(before, _worded(row)))
    return row


def discard_directive(*, directive: Directive, by: User, version: int | None = None) -> None:
    """Throw a draft away."""
    with _draft(directive, by, version) as row:
        label, unit_id, plan_id = str(row), row.issuing_unit_id, row.plan_id
        row.delete()
        audit.record(AuditAction.DROPPED, by=by, label=label, unit_id=unit_id, plan_id=plan_id)


def issue_directive(
    *,
    directive: Directive,
    by: User,
    symbol: str,
    issued_on: dt.date,
    rolls_out_on: dt.date,
    urgent: bool = False,
    urgent_reason: str = "",
    despite_short_notice: bool = False,
    version: int | None = None,
    today: dt.date | None = None,
) -> Directive:
    """Issue a draft to the units addressed. Short notice without a reason needs `despite_short_notice`: it is counted.

    The lead time asked for is that of the plan on this day, else LEAD_DAYS.
    """
    today = today or clock.today()
    if not symbol.strip():
        raise ActionRefused(_("Write the number and symbol under which it is issued."))
    if issued_on > today:
        raise ActionRefused(_("The day of issue lies ahead. Record the issue on its day or later."))
    with _draft(directive, by, version) as row:
        lead = _judge(issued_on, rolls_out_on, required_days(row), urgent=urgent, reason=urgent_reason)
        if lead.state == LeadState.BROKEN and not despite_short_notice:
            raise ActionRefused(short_notice(lead, issued_on))
        row.symbol, row.issued_on, row.rolls_out_on = symbol.strip(), issued_on, rolls_out_on
        row.urgent, row.urgent_reason = urgent, urgent_reason.strip()
        row.earliest_roll_out = earliest_roll_out(issued_on, lead.required)
        row.issued_at, row.issued_by = clock.now(), by
        row.version += 1
        row.save()
        count = _address(row, issued_on)
        data = {"lead": lead.state.value, "days": lead.days, "required": lead.required, "units": count}
        _logged(row, AuditAction.ISSUED, by, data | ({"reason": lead.reason} if lead.reason else {}))
    return row


def receive_directive(*, directive: Directive, by: User, today: dt.date | None = None) -> list[DirectiveRecipient]:
    """Say that the very units for which `by` reports have received a directive; return their rows."""
    today = today or clock.today()
    with transaction.atomic():
        rows = directive.recipients.select_for_update(of=("self",)).select_related("unit").of_units_of(by)
        mine = list(rows.order_by("pk"))
        require(bool(mine))
        waiting = [row for row in mine if row.received_on is None]
        if not waiting:
            raise Stale(_("Your unit has said already that it received this directive."))
        for row in waiting:
            row.received_on, row.received_by = today, by
        DirectiveRecipient.objects.bulk_update(waiting, ["received_on", "received_by"])
        audit.record_many(
            audit.Entry(
                AuditAction.CHANGED,
                by,
                row,
                label=f"{row.unit.label}: {directive}",
                plan_id=directive.plan_id,
                unit_id=row.unit_id,
                data={"received_on": [None, today]},
            )
            for row in waiting
        )
    return waiting


def required_days(directive: Directive) -> int:
    """Return the days asked for between issue and roll-out today."""
    return directive.plan.directive_lead_days if directive.plan else LEAD_DAYS


def short_notice(lead: Lead, issued_on: dt.date) -> str:
    """Return why a directive comes too late, and what can be done."""
    said = ngettext(
        "Only %(days)d day lies between issue and roll-out; at least %(required)d are asked for.",
        "Only %(days)d days lie between issue and roll-out; at least %(required)d are asked for.",
        lead.days,
    ) % {"days": lead.days, "required": lead.required}
    cure = _(
        "Let units roll out on %(day)s or later, or mark it as urgent with the reason, or tick that it is issued all "
        "the same: it is then counted as notice not kept."
    ) % {"day": f"{earliest_roll_out(issued_on, lead.required):%d/%m/%Y}"}
    return f"{said} {cure}"


def _judge(issued_on: dt.date, rolls_out_on: dt.date, required: int, *, urgent: bool, reason: str) -> Lead:
    if urgent != bool(reason.strip()):
        raise ActionRefused(_("Urgency needs its reason, and a reason belongs to what is urgent."))
    try:
        return lead_of(issued_on=issued_on, rolls_out_on=rolls_out_on, required=required, urgent=urgent, reason=reason)
    except ValueError as error:
        raise ActionRefused(_("Units can't roll out before the issue. Correct one of the two days.")) from error


def _give(row: Directive, values: Mapping[str, Any], units: Iterable[Unit], kinds: Iterable[UnitKind]) -> None:
    """Write the facts and the addressees of a draft, refusing what makes no sense."""
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title, row.agreed_with, row.urgent_reason = (
        row.title.strip(),
        row.agreed_with.strip(),
        row.urgent_reason.strip(),
    )
    if row.urgent != bool(row.urgent_reason):
        raise ActionRefused(_("Urgency needs its reason, and a reason belongs to what is urgent."))
    if row.solution and (row.plan is None or row.solution.plan_id != row.plan_id):
        raise ActionRefused(_("This solution belongs to another plan. Choose its plan, or leave the solution out."))
    row.save()
    row.addressed_units.set(units)
    row.addressed_kinds.set(kinds)


def _address(row: Directive, day: dt.date) -> int:
    """Make one recipient of each unit meant, in force on `day`; return how many."""
    kinds = list(row.addressed_kinds.values_list("pk", flat=True))
    named = list(row.addressed_units.values_list("pk", flat=True))
    of_kinds = Q(kind__in=kinds, path__range=(row.issuing_unit.path, row.issuing_unit.path_end))
    meant = Unit.objects.in_force(day).filter(of_kinds | Q(pk__in=named)).exclude(pk=row.issuing_unit_id)
    rows = [DirectiveRecipient(directive=row, unit_id=pk) for pk in meant.values_list("pk", flat=True)]
    if not rows:
        raise ActionRefused(_("It is addressed to no unit in force. Name the units or their kinds in the draft."))
    DirectiveRecipient.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@contextmanager
def _draft(directive: Directive, by: User, version: int | None) -> Iterator[Directive]:
    """Yield the draft as it is now, locked, when `by` may edit it and nobody was quicker."""
    with transaction.atomic():
        related = ("issuing_unit", "plan", "solution", "drafting_unit")
        rows = Directive.objects.select_for_update(of=("self",)).select_related(*related)
        row: Directive | None = rows.filter(pk=directive.pk).first()
        if row is None:
            raise Stale(_("This draft is not there any more: somebody has thrown it away."))
        require(may_draft_for(by, row.issuing_unit))
        if row.issued_on is not None:
            raise Stale(_("This directive is issued already; what is issued stays as it is."))
        if version is not None and row.version != version:
            raise Stale(
                _(
                    "Somebody changed this draft meanwhile. Compare with its page: saving again replaces that version "
                    "by yours."
                )
            )
        yield row


def _worded(row: Directive) -> dict[str, Any]:
    """Return what a draft says, for the log."""
    facts = {name: getattr(row, name) for name in FACTS}
    worded: dict[str, Any] = {
        name: value if isinstance(value, bool) or value is None else str(value) for name, value in facts.items()
    }
    worded["addressed"] = [str(o) for rows in (row.addressed_units, row.addressed_kinds) for o in rows.all()]
    return worded


def _logged(row: Directive, action: AuditAction, by: User, data: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.plan_id, unit_id=row.issuing_unit_id, data=data)
