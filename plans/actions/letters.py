"""Preparing chasing letters: the text is kept with the deadlines it speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans import citing
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.labels import period_label
from plans.letters import LateRow, Sender, chasing_letter
from plans.models import ChasingLetter, Deadline, Plan
from plans.querysets import DeadlineQuerySet
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

MOST_ROWS: Final = 500
AUTHORITY: Final = "TM. Ban Thường vụ"
POST: Final = "Bí thư"


def late_rows(plan: Plan, *, by: User, today: dt.date) -> DeadlineQuerySet:
    """Return what is overdue in a plan, as far as `by` sees it."""
    rows: DeadlineQuerySet = Deadline.objects.visible_to(by)
    return rows.filter(plan=plan).overdue(today)


def prepare_letter(
    *, plan: Plan, by: User, answer_by: dt.date, unit: Unit | None = None, today: dt.date | None = None
) -> ChasingLetter:
    """Prepare a letter to `unit`, or to all units that are late in `plan`; keep it with what it lists."""
    require(may_manage(by, plan))
    today = today or clock.today()
    if plan.status != PlanStatus.PUBLISHED:
        raise ActionRefused(_("The plan is not being followed up: it is a draft or closed."))
    found = late_rows(plan, by=by, today=today)
    found = found if unit is None else found.filter(unit=unit)
    found = found.select_related("unit", "solution").order_by("unit_path", "due_on", "pk")
    with transaction.atomic():
        rows = list(found[: MOST_ROWS + 1])
        if not rows:
            raise ActionRefused(_("Nothing is overdue any more."))
        if len(rows) > MOST_ROWS:
            raise ActionRefused(
                _("More than %(count)s deadlines are overdue. Prepare a letter for one unit.") % {"count": MOST_ROWS}
            )
        return keep_letter(plan=plan, rows=rows, unit=unit, by=by, answer_by=answer_by, today=today)


def keep_letter(
    *, plan: Plan, rows: Sequence[Deadline], unit: Unit | None, by: User, answer_by: dt.date, today: dt.date
) -> ChasingLetter:
    """Word and keep a letter about `rows` of `plan`, in order of units; part of the caller's transaction."""
    require(may_manage(by, plan))
    text = chasing_letter(sender_of(plan), [late_row(row, today) for row in rows], today=today, answer_by=answer_by)
    letter = ChasingLetter.objects.create(
        plan=plan, unit=unit, answer_by=answer_by, text=text, prepared_by=by, prepared_at=clock.now()
    )
    letter.deadlines.set(rows)
    audit.record(
        AuditAction.CREATED,
        by=by,
        obj=letter,
        label=_("Chasing letter: %s") % (unit or _("Several units")),
        plan_id=plan.pk,
        unit_id=unit.pk if unit else plan.issuing_unit_id,
        data={"deadlines": [row.pk for row in rows], "answer_by": answer_by},
    )
    return letter


def sender_of(plan: Plan) -> Sender:
    """Return what the letter says of its issuer: as in the plan, else what is usual."""
    unit = plan.issuing_unit
    above = Unit.objects.get_parent(unit)
    return Sender(
        superior=above.name if above else "",
        body=citing.issuing_body(plan) or unit.name,
        name=unit.name,
        place=plan.place or unit.place,
        symbol=plan.symbol,
        kind=plan.symbol_kind,
        body_code=plan.symbol_body,
        department=plan.symbol_department,
        issued_on=None if plan.is_programme else plan.issued_on,  # a programme is opened, not issued
        title=plan.title,
        authority=citing.authority(plan) or AUTHORITY,
        post=plan.signer_title or POST,
    )


def late_row(row: Deadline, today: dt.date) -> LateRow:
    """Return what the letter says of one deadline that is overdue on `today`."""
    with translation.override(settings.LANGUAGE_CODE):  # the paper's language, not the page's
        period = period_label(row.occurrence)
    assert row.due_on is not None  # noqa: S101  # overdue rows have a day; for the type checker
    return LateRow(row.unit.name, row.solution.text, period, row.due_on, (today - row.due_on).days)
