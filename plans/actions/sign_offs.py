"""A draft is put before a leader of its issuer, who agrees to it or sends it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.enums import PlanStatus, SignState
from plans.errors import ActionRefused, Stale
from plans.models import Plan, SignOff
from plans.plan_digest import digest_of
from plans.rights import may_manage
from plans.sign_offs import Standing, may_sign, standing_of
from units import audit
from units.access import require
from units.holders import in_office
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission


def people_to_ask(plan: Plan, by: User) -> list[User]:
    """Return the leaders of the issuer today, without `by`; two queries."""
    found = in_office([plan.issuing_unit_id], Permission.SIGN_OFF, clock.today())
    return list(User.objects.filter(pk__in={person for _unit, person in found} - {by.pk}).order_by("sort_key", "pk"))


def ask_sign_off(*, plan: Plan, by: User, asked_of: User | None = None, note: str = "") -> SignOff:
    """Put a draft before `asked_of`, or before any leader of the issuer."""
    require(may_manage(by, plan))
    with transaction.atomic():
        locked = _draft(plan)
        people = people_to_ask(locked, by)
        if not people:
            raise ActionRefused(_("Nobody else leads the issuing unit today. Ask the administrator to appoint one."))
        if asked_of is not None and asked_of not in people:
            raise ActionRefused(_("This person does not lead the issuing unit today. Choose another one."))
        standing = standing_of(locked)
        if standing.state == SignState.ASKED:
            raise Stale(_("This draft waits for agreement already."))
        if standing.agreed:
            raise Stale(_("A leader has agreed to this draft as it is. It can be published."))
        made = SignOff.objects.create(
            plan=locked, asked_of=asked_of, asked_by=by, asked_at=clock.now(), note=note.strip()
        )
        _log(AuditAction.SIGN_ASKED, made, by, {"asked_of": str(asked_of or "")})
    return made


def sign_off(*, sign_off: SignOff, by: User, seen: str) -> SignOff:
    """Agree to a draft; `seen` is the digest of the records that `by` read."""
    with _waiting(sign_off, by, seen) as row:
        row.state, row.digest = SignState.AGREED, seen
        _decide(AuditAction.SIGNED, row, by)
    return row


def send_back(*, sign_off: SignOff, by: User, seen: str, reason: str) -> SignOff:
    """Send a draft back with what has to be changed."""
    if not reason.strip():
        raise ActionRefused(_("Say what has to be changed."))
    with _waiting(sign_off, by, seen) as row:
        row.state, row.reason = SignState.SENT_BACK, reason.strip()
        _decide(AuditAction.SENT_BACK, row, by, {"reason": row.reason})
    return row


def require_signed(plan: Plan, *, without: str) -> dict[str, object]:
    """Refuse to publish a draft that was put before a leader who has not agreed to it as it is.

    `without` is why it is published all the same. Return what the log says of it.
    """
    standing: Standing = standing_of(plan)
    if not standing.hinders:
        return {"sign_off": standing.last.pk} if standing.last else {}
    if not without.strip():
        raise ActionRefused(
            _(
                "This plan was put before a leader who has not agreed to it as it is now. Wait for the agreement, or "
                "publish without it and say why."
            )
        )
    return {"without_sign_off": without.strip(), "sign_off_state": standing.state, "reason": without.strip()}


def _draft(plan: Plan) -> Plan:
    """Return the plan, locked, while it is a draft."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit")
    locked: Plan | None = rows.filter(pk=plan.pk).first()
    if locked is None:
        raise Stale(_("This draft is not there any more: somebody has thrown it away."))
    if locked.status != PlanStatus.DRAFT:
        raise Stale(_("This plan is published already."))
    return locked


@contextmanager
def _waiting(sign_off: SignOff, by: User, seen: str) -> Iterator[SignOff]:
    """Yield the question as it stands, locked with its draft, when `by` may decide and read the draft as it is."""
    require(may_sign(by, sign_off))
    with transaction.atomic():
        plan = _draft(sign_off.plan)
        row = SignOff.objects.select_related("plan__issuing_unit", "decided_by").get(pk=sign_off.pk)
        if row.state != SignState.ASKED:
            raise Stale(
                _("%(person)s decided meanwhile: “%(state)s”.")
                % {"person": row.decided_by, "state": row.get_state_display()}
            )
        if seen != digest_of(plan):
            raise Stale(_("The draft was changed since you opened it. Read it again, then decide."))
        yield row


def _decide(action: AuditAction, row: SignOff, by: User, data: dict[str, object] | None = None) -> None:
    row.decided_by, row.decided_at = by, clock.now()
    row.save()
    _log(action, row, by, data)


def _log(action: AuditAction, row: SignOff, by: User, data: dict[str, object] | None) -> None:
    unit = row.plan.issuing_unit
    absent = (
        None if action == AuditAction.SIGN_ASKED else by.stands_in(Permission.SIGN_OFF, unit, asker=row.asked_by_id)
    )
    audit.record(action, by=by, obj=row.plan, plan_id=row.plan_id, unit_id=unit.pk, data=data, acting_for=absent)
