"""A plan is sent down, and units answer its items: one by one, all at once, and anew when an item has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.dilutions import judge
from plans.actions.own_items import rewrite
from plans.cascade_items import Item, asked_items, has_changed, remember_asked
from plans.enums import CARRIED, ItemAnswer, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import CascadeAnswer, Plan, PlanRecipient, PlanSending, Solution
from plans.rights import may_answer, may_manage
from units import audit
from units.access import require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction
from units.querysets import UnitQuerySet

BATCH: Final = 500


def send_down(
    *,
    plan: Plan,
    by: User,
    units: Iterable[Unit] = (),
    kinds: Iterable[UnitKind] = (),
    due_on: dt.date | None = None,
    today: dt.date | None = None,
) -> list[PlanRecipient]:
    """Send a published plan to `units` and to every unit in force of `kinds` below its issuer; return who is new.

    Units that have it already keep what they have. `due_on`: by when a unit owes its own plan.
    """
    require(may_manage(by, plan))
    today = today or clock.today()
    if due_on is not None and due_on < today:
        raise ActionRefused(_("The day by which own plans are owed is over. Give a later day, or none."))
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit").get(pk=plan.pk)
        if locked.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("Only a published plan can be sent down. Publish it first."))
        meant = list(units_meant(locked, units=units, kinds=(kinds := list(kinds)), day=today))
        known = set(locked.sent_to.values_list("unit_id", flat=True))
        fresh = [unit for unit in meant if unit.pk not in known]
        if not fresh:
            raise ActionRefused(_nobody(meant))
        sending = PlanSending.objects.create(plan=locked, due_on=due_on, sent_on=today, sent_by=by)
        sending.kinds.set(kinds)
        rows = _addressed(sending, fresh, today)
        data = {"units": len(rows), "kinds": [str(k) for k in kinds], "due_on": due_on}
        audit.record(
            AuditAction.SENT_DOWN, by=by, obj=locked, plan_id=locked.pk, unit_id=locked.issuing_unit_id, data=data
        )
    return rows


def units_meant(plan: Plan, *, units: Iterable[Unit], kinds: Iterable[UnitKind], day: dt.date) -> UnitQuerySet:
    """Return the units in force below the issuer that sending to `units` and `kinds` means."""
    issuer = plan.issuing_unit
    named = Q(pk__in=[u.pk for u in units]) | Q(kind__in=[k.pk for k in kinds])
    found: UnitQuerySet = Unit.objects.in_force(day).below(issuer).filter(named).exclude(pk=issuer.pk)
    return found


def send_to_new_units(new: Collection[Unit], *, today: dt.date) -> int:
    """Give units founded since the last sweep the plans that were sent to their kind; return how many rows."""
    kinds = {unit.kind_id for unit in new}
    published = PlanSending.objects.filter(plan__status=PlanStatus.PUBLISHED, kinds__in=kinds).distinct()
    sendings = list(published.select_related("plan__issuing_unit").prefetch_related("kinds"))
    if not sendings:
        return 0
    rows: list[PlanRecipient] = []
    for sending in sendings:
        meant = {kind.pk for kind in sending.kinds.all()}
        issuer = sending.plan.issuing_unit
        rows += [_row(sending, u, today) for u in new if u.kind_id in meant and u != issuer and issuer.covers(u)]
    known = set(PlanRecipient.objects.filter(unit__in=[u.pk for u in new]).values_list("plan_id", "unit_id"))
    rows = list({(r.plan_id, r.unit_id): r for r in reversed(rows) if (r.plan_id, r.unit_id) not in known}.values())
    PlanRecipient.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def answer_item(
    *,
    recipient: PlanRecipient,
    solution: Solution,
    answer: ItemAnswer | str,
    by: User,
    version: int = 0,
    reason: str = "",
    text: str = "",
    number: Decimal | None = None,
    last_day: dt.date | None = None,
    own_solution: Solution | None = None,
) -> CascadeAnswer:
    """Answer one item for a unit. `version` is that of the answer the person saw; 0: none yet.

    Adapting takes `text`, `number` or `last_day`; merging the plan and, as `own_solution`, the item it goes into.
    """
    with open_recipient(recipient, by) as row:
        item = _asked(row, solution)
        stored = _seen(row, solution, version)
        stored.answer, stored.reason = ItemAnswer(answer), reason.strip()
        adapted = stored.answer == ItemAnswer.ADAPTED
        stored.text = text.strip() if adapted and text.strip() != item.solution.text else ""
        stored.number, stored.last_day = (number, last_day) if adapted else (None, None)
        if stored.answer == ItemAnswer.MERGED:
            stored.own_solution = _merged_into(row, own_solution) or stored.own_solution
        _require_sense(stored)
        remember_asked(stored, item)
        judge(stored)
        save_answer(stored, by)
        if stored.answer in CARRIED and stored.own_solution is not None:
            _rewrite_own(stored, item)
        log_answers([stored], by)
    return stored


def answer_all(
    *, recipient: PlanRecipient, answer: ItemAnswer | str, by: User, reason: str = ""
) -> list[CascadeAnswer]:
    """Give every item that has no answer yet the same one: accepted, or not applicable for one reason."""
    if answer not in {ItemAnswer.ACCEPTED, ItemAnswer.NOT_APPLICABLE}:
        raise ActionRefused(_("Only accepting and “not applicable” can be answered for all items at once."))
    with open_recipient(recipient, by) as row:
        return answer_open_items(row, ItemAnswer(answer), by, reason=reason)


def answer_open_items(row: PlanRecipient, answer: ItemAnswer, by: User, *, reason: str = "") -> list[CascadeAnswer]:
    """Answer what has no answer yet; `row` is locked and `by` has the right."""
    known = set(row.answers.values_list("solution_id", flat=True))
    items = [i for i in asked_items(row.plan, row.unit.kind.code) if i.solution.pk not in known]
    if not items:
        raise ActionRefused(_("Every item is answered already. Open one to answer it anew."))
    now, rows = clock.now(), []
    for item in items:
        fresh = CascadeAnswer(recipient=row, solution=item.solution, answer=answer, reason=reason.strip())
        fresh.answered_by, fresh.answered_at = by, now
        _require_sense(fresh)
        remember_asked(fresh, item)
        rows.append(fresh)
    CascadeAnswer.objects.bulk_create(rows, batch_size=BATCH)
    log_answers(rows, by)
    return rows


def keep_answer(*, answer: CascadeAnswer, by: User, reason: str, version: int) -> CascadeAnswer:
    """Leave an answer as it is although the item above has changed since; the issuer reads why."""
    if not reason.strip():
        raise ActionRefused(_("Say why the item stays as it is: the level above reads it."))
    with open_recipient(answer.recipient, by) as row:
        stored = _seen(row, answer.solution, version)
        item = _asked(row, answer.solution)
        if stored.pk is None or not has_changed(stored, item):
            raise Stale(_("The item is as it was answered: there is no change to decide on."))
        stored.kept_digest, stored.kept_reason = item.digest, reason.strip()
        save_answer(stored, by)
        log_answers([stored], by, {"change": "kept", "reason": stored.kept_reason})
    return stored


@contextmanager
def open_recipient(recipient: PlanRecipient, by: User) -> Iterator[PlanRecipient]:
    """Open a transaction that holds the row; refuse without the right and when the plan is not followed up."""
    with transaction.atomic():
        rows = PlanRecipient.objects.select_for_update(of=("self",))
        row: PlanRecipient = rows.select_related("plan", "unit__kind", "own_plan").get(pk=recipient.pk)
        require(may_answer(by, row))
        if row.plan.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("This plan is closed: nothing is answered any more."))
        yield row


def locked_answer(row: PlanRecipient, answer: CascadeAnswer, version: int) -> tuple[CascadeAnswer, Item]:
    """Return a stored answer in the version that was seen, and the item as it is now."""
    return _seen(row, answer.solution, version), _asked(row, answer.solution)


def log_answers(answers: Sequence[CascadeAnswer], by: User, data: dict[str, Any] | None = None) -> None:
    """Write the answers of one unit into the log."""
    audit.record_many(
        audit.Entry(
            AuditAction.ANSWERED_ITEM,
            by,
            row,
            plan_id=row.recipient.plan_id,
            unit_id=row.recipient.unit_id,
            data={"answer": row.answer, **({"reason": row.reason} if row.reason else {}), **(data or {})},
        )
        for row in answers
    )


def save_answer(answer: CascadeAnswer, by: User) -> None:
    """Save a changed answer as the next version."""
    answer.answered_by, answer.answered_at = by, clock.now()
    answer.version += 1
    answer.save()


def _nobody(meant: Sequence[Unit]) -> str:
    if meant:
        return _("These units have this plan already.")
    return _("It is sent to no unit in force below the issuer. Name units or kinds that exist there.")


def _addressed(sending: PlanSending, units: Iterable[Unit], today: dt.date) -> list[PlanRecipient]:
    rows = [_row(sending, unit, today) for unit in units]
    return list(PlanRecipient.objects.bulk_create(rows, batch_size=BATCH))


def _row(sending: PlanSending, unit: Unit, today: dt.date) -> PlanRecipient:
    """Return a recipient; who gets the plan after the day on which own plans were owed owes none by a day."""
    due = sending.due_on if sending.due_on and sending.due_on >= today else None
    return PlanRecipient(
        sending=sending, plan=sending.plan, unit=unit, unit_path=unit.path, asked_on=today, due_on=due
    )


def _asked(row: PlanRecipient, solution: Solution) -> Item:
    found = next((i for i in asked_items(row.plan, row.unit.kind.code) if i.solution.pk == solution.pk), None)
    if found is None:
        raise ActionRefused(_("This item is not asked of the unit: another level acts on it."))
    return found


def _seen(row: PlanRecipient, solution: Solution, version: int) -> CascadeAnswer:
    """Return the answer in the version that was seen, a new one for 0; an item in an own plan keeps its kind."""
    stored: CascadeAnswer | None = row.answers.filter(solution=solution).select_related("own_solution__plan").first()
    if (stored.version if stored else 0) != version:
        raise Stale(_("Somebody answered this item meanwhile. Look at the answer, then decide again."))
    if stored is None:
        return CascadeAnswer(recipient=row, solution=solution, version=0)
    stored.recipient = row
    return stored


def _merged_into(row: PlanRecipient, own: Solution | None) -> Solution | None:
    if row.own_plan is None:
        raise ActionRefused(_("Name the plan of the unit first that the item goes into."))
    if own is not None and own.plan_id != row.own_plan_id:
        raise ActionRefused(_("This item stands in another plan. Choose one of the unit's own plan."))
    return own


def _rewrite_own(answer: CascadeAnswer, item: Item) -> None:
    """Keep the own item in step with the answer; a published plan is changed on its own page."""
    own = answer.own_solution
    assert own is not None  # noqa: S101  # the caller has asked
    if own.plan.status != PlanStatus.DRAFT:
        raise ActionRefused(_("The item stands in the unit's own plan, which is published: change it on its page."))
    rewrite(answer, item, answer.recipient.unit)


def _require_sense(answer: CascadeAnswer) -> None:
    if answer.answer == ItemAnswer.NOT_APPLICABLE and not answer.reason:
        raise ActionRefused(_("Say why it does not apply to the unit."))
    if answer.answer == ItemAnswer.ADAPTED and not answer.text and answer.number is None and answer.last_day is None:
        raise ActionRefused(_("Say what is adapted: the words, the number or the day."))
    if answer.own_solution is not None and answer.answer not in {*CARRIED, ItemAnswer.MERGED}:
        raise ActionRefused(
            _("The item stands in the unit's own plan. Drop it there first, then say that it does not apply.")
        )
