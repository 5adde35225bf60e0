"""Commendation proposals: proposed by a unit, passed on upwards, decided by the level that is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.proof import Proof, Upload, stored
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from reviews.enums import WAITING_PROPOSALS, ProposalState
from reviews.levels import first_level, level_above
from reviews.models import CommendationProposal
from reviews.rights import decides_in, may_have_judged, may_judge, may_propose
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a person says of a proposal besides who proposes.
FACTS: Final = ("year", "unit", "person", "award", "merits", "level")


def propose(
    *, unit: Unit, values: Mapping[str, Any], by: User, upload: Upload | None = None, key: str = ""
) -> CommendationProposal:
    """Propose a commendation for `unit`; `values` are of FACTS. It lies with the next level above, or the one asked.

    With the `key` of a form that was sent before, the proposal it made then is returned.
    """
    require(may_propose(by, unit))
    made = made_before(CommendationProposal, key, by=by)
    if made is not None:
        return made
    try:
        with stored(Proof(files=(upload,)) if upload else None, CommendationProposal) as stash, transaction.atomic():
            row = CommendationProposal(proposing_unit=unit, created_by=by, created_at=clock.now(), form_key=key)
            for name in FACTS:
                setattr(row, name, values[name])
            _check(row)
            row.at = first_level(row)
            row.attach(upload, stash)
            row.full_clean(exclude=["created_by", "created_at"])
            row.save()
            _log(AuditAction.CREATED, row, by)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(CommendationProposal, key, by=by)
        if made is None:
            raise
        return made
    return row


def pass_on(*, proposal: CommendationProposal, by: User, version: int) -> None:
    """Pass a proposal on to the next level above, on its way to the one that is asked."""
    with _judged(proposal, by, version) as row:
        if row.at_id == row.level_id:
            raise ActionRefused(_("This is the level that is asked: enter the decision, or refuse."))
        row.at, row.state = level_above(row.at, row.level), ProposalState.PASSED_ON
        _save(row)
        _log(AuditAction.AWARD_PASSED_ON, row, by, {"to": str(row.at.label)})


def grant(
    *, proposal: CommendationProposal, by: User, version: int, number: str, day: dt.date, today: dt.date | None = None
) -> None:
    """Enter the decision to commend: its number and its day."""
    if not number.strip():
        raise ActionRefused(_("Give the number and the day of the decision."))
    if day > (today or clock.today()):
        raise ActionRefused(_("The decision lies in the future. Enter it once it is signed."))
    with _judged(proposal, by, version) as row:
        if row.at_id != row.level_id:
            words = _("Another level is asked to commend: pass the proposal on to %(level)s, or refuse it.")
            raise ActionRefused(words % {"level": row.level.label})
        row.decision_number, row.decision_day = number.strip(), day
        _decided(row, ProposalState.GRANTED, by)
        _log(AuditAction.AWARD_GRANTED, row, by, {"number": row.decision_number, "day": day})


def refuse(*, proposal: CommendationProposal, by: User, version: int, reason: str) -> None:
    """Refuse a proposal with a reason, at whatever level it lies."""
    if not reason.strip():
        raise ActionRefused(_("Say why, so that the unit that proposed it understands."))
    with _judged(proposal, by, version) as row:
        row.reason = reason.strip()
        _decided(row, ProposalState.REFUSED, by)
        _log(AuditAction.AWARD_REFUSED, row, by, {"reason": row.reason})


def withdraw(*, proposal: CommendationProposal, by: User, version: int, reason: str = "") -> None:
    """Take a proposal back that nobody has decided yet."""
    with _locked(proposal) as row:
        require(may_propose(by, row.proposing_unit))
        _refuse_stale(row, version)
        row.reason = reason.strip()
        _decided(row, ProposalState.WITHDRAWN, by)
        _log(AuditAction.AWARD_WITHDRAWN, row, by, {"reason": row.reason} if row.reason else {})


def note_download(*, proposal: CommendationProposal, by: User) -> None:
    """Log that somebody opened the file."""
    _log(AuditAction.DOWNLOADED, proposal, by)


def _check(row: CommendationProposal) -> None:
    """Refuse what does not fit together."""
    if not row.merits.strip():
        raise ActionRefused(_("Write what the unit or person has done to deserve it."))
    if row.award not in settings.COMMENDATION_FORMS:
        raise ActionRefused(_("Choose one of the forms of commendation offered."))
    if not row.proposing_unit.covers(row.unit):
        raise ActionRefused(_("A unit proposes itself or units below it, and their people."))
    if not row.level.covers(row.proposing_unit):
        raise ActionRefused(_("Ask the unit itself or a level above it to commend."))


@contextmanager
def _locked(proposal: CommendationProposal) -> Iterator[CommendationProposal]:
    with transaction.atomic():
        rows = CommendationProposal.objects.select_for_update(of=("self",))
        row: CommendationProposal = rows.select_related("proposing_unit", "unit", "level", "at").get(pk=proposal.pk)
        yield row


@contextmanager
def _judged(proposal: CommendationProposal, by: User, version: int) -> Iterator[CommendationProposal]:
    """Yield the locked proposal to who passes it on or decides now, and saw it as it is."""
    with _locked(proposal) as row:
        require(may_have_judged(by, row))
        _refuse_stale(row, version)
        if not decides_in(by, row.at, {row.created_by_id}):
            words = _("The proposal lies with %(level)s now: it is passed on or decided there.")
            raise ActionRefused(words % {"level": row.at.label})
        require(may_judge(by, row))
        yield row


def _refuse_stale(row: CommendationProposal, version: int) -> None:
    if row.version != version or row.state not in WAITING_PROPOSALS:
        words = _("This proposal stands as “%(state)s” by now. Look at it again, then decide what to do.")
        raise Stale(words % {"state": row.get_state_display()})


def _decided(row: CommendationProposal, state: ProposalState, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, clock.now(), by
    _save(row)


def _save(row: CommendationProposal) -> None:
    row.version += 1
    row.save()


def _log(action: AuditAction, row: CommendationProposal, by: User, data: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, obj=row, unit_id=row.proposing_unit_id, data=data)
