"""Pledges: handed in by a head or deputy, accepted or returned by the level that confirms."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.proof import Proof, Upload, stored
from plans.errors import ActionRefused, Stale
from reviews.enums import PledgeState
from reviews.models import Pledge
from reviews.rights import may_decide, may_hand_in
from units import audit
from units.access import require
from units.models import Appointment, User
from units.models.audit import AuditAction


def hand_in_pledge(
    *,
    appointment: Appointment,
    year: int,
    by: User,
    text: str = "",
    document_number: str = "",
    upload: Upload | None = None,
    version: int = 0,
) -> Pledge:
    """Hand in the pledge for a year, or a better one after it was returned; `version` is the one seen, 0: none yet."""
    require(may_hand_in(by, appointment))
    if not (text.strip() or document_number.strip() or upload):
        raise ActionRefused(_("Write what is pledged, attach the paper, or give its number."))
    proof = Proof(files=(upload,)) if upload else None
    try:
        with stored(proof, Pledge) as stash, transaction.atomic():
            pledge = _open_row(appointment, year, version)
            pledge.text, pledge.document_number = text.strip(), document_number.strip()
            pledge.attach(upload, stash)
            pledge.state, pledge.reason, pledge.decided_at, pledge.decided_by = PledgeState.HANDED_IN, "", None, None
            pledge.handed_in_at, pledge.handed_in_by = clock.now(), by
            pledge.full_clean(exclude=["appointment", "handed_in_by", "handed_in_at", "decided_by"])
            pledge.save()
            _log(AuditAction.SUBMITTED, pledge, by)
    except IntegrityError as error:  # another window was first
        raise _handed_in_already() from error
    return pledge


def accept_pledge(*, pledge: Pledge, by: User, version: int) -> None:
    """Accept what was handed in."""
    _decide(pledge, by, version, PledgeState.ACCEPTED, "")


def return_pledge(*, pledge: Pledge, by: User, version: int, reason: str) -> None:
    """Give it back with a reason."""
    if not reason.strip():
        raise ActionRefused(_("Say what is missing, so that the person can mend it."))
    _decide(pledge, by, version, PledgeState.RETURNED, reason.strip())


def note_download(*, pledge: Pledge, by: User) -> None:
    """Log that somebody opened the file."""
    _log(AuditAction.DOWNLOADED, pledge, by)


def _open_row(appointment: Appointment, year: int, version: int) -> Pledge:
    """Return the locked row to write into: a new one, or the one that was returned."""
    row: Pledge | None = Pledge.objects.select_for_update().filter(appointment=appointment, year=year).first()
    if row is None:
        return Pledge(appointment=appointment, year=year)
    if row.state != PledgeState.RETURNED or row.version != version:
        raise _handed_in_already()
    row.version += 1
    return row


def _handed_in_already() -> Stale:
    return Stale(_("The pledge for this year is handed in already. Open it to see how it stands."))


def _decide(pledge: Pledge, by: User, version: int, state: PledgeState, reason: str) -> None:
    require(may_decide(by, pledge))
    with transaction.atomic():
        row: Pledge = (
            Pledge.objects.select_for_update(of=("self",)).select_related("appointment__post__unit").get(pk=pledge.pk)
        )
        if row.version != version or row.state != PledgeState.HANDED_IN:
            raise Stale(_("Somebody has decided meanwhile. Look at how the pledge stands now."))
        row.state, row.reason, row.decided_at, row.decided_by = state, reason, clock.now(), by
        row.version += 1
        row.save()
        _log(AuditAction.CONFIRMED if state == PledgeState.ACCEPTED else AuditAction.RETURNED, row, by)


def _log(action: AuditAction, pledge: Pledge, by: User) -> None:
    data = {"reason": pledge.reason} if pledge.reason else None
    audit.record(action, by=by, obj=pledge, unit_id=pledge.appointment.post.unit_id, data=data)
