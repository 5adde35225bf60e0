"""Acts on evidence: a newer version instead of an older one, evidence of one deadline for another one too."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import locked, logged
from plans.actions.proof import Proof, keep, keys_of, stored
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Evidence
from units import audit
from units.models import User
from units.models.audit import AuditAction


def replace_evidence(*, evidence: Evidence, by: User, proof: Proof) -> Evidence:
    """Give a newer version of one piece: `proof` is one file, link or number. The older one stays, marked."""
    pieces = list(proof.named())
    if len(pieces) != 1 or proof.shared:
        raise ActionRefused(_("Give one thing as the newer version: a file, a link or the number of a document."))
    with stored(proof) as stash, locked(evidence.deadline, AuditAction.EVIDENCE_REPLACED, by=by, version=None) as row:
        old = row.evidence.get(pk=evidence.pk)
        if old.replaced_at is not None:
            raise Stale(_("Somebody gave a newer version meanwhile. Look at it before you replace it."))
        if pieces[0][0] in keys_of(row):
            raise ActionRefused(_("“%s” was given for this deadline already. Choose the newer one.") % pieces[0][1])
        now = clock.now()
        (new,) = keep(proof, stash, row=row, by=by, at=now, report=old.report)
        new.replaces, new.version = old, old.version + 1
        old.replaced_at = now
        new.save()
        old.save()
        data = {"evidence": new.pk, "replaces": old.pk, "version": new.version, "name": str(new)[:200]}
        logged(row, AuditAction.EVIDENCE_REPLACED, by, data)
    return new


def add_evidence(*, deadline: Deadline, by: User, proof: Proof) -> list[Evidence]:
    """Hand in evidence for work reported done before; the day it came in stands beside it. Return the rows made."""
    if not proof:
        raise ActionRefused(_("Give a file, a link or the number of a document."))
    with stored(proof) as stash, locked(deadline, AuditAction.EVIDENCE_ADDED, by=by, version=None) as row:
        made = keep(proof, stash, row=row, by=by, at=clock.now())
        if not made:
            raise ActionRefused(_("All of this was given for this deadline already."))
        logged(row, AuditAction.EVIDENCE_ADDED, by, {"names": [str(piece)[:200] for piece in made]})
    return made


def share_evidence(*, deadline: Deadline, by: User, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Let evidence given for other deadlines of the unit serve this one too; return the rows made."""
    proof = Proof(shared=tuple(evidence))
    if not proof:
        raise ActionRefused(_("Tick at least one piece of evidence."))
    with stored(None) as stash, locked(deadline, AuditAction.EVIDENCE_SHARED, by=by, version=None) as row:
        return keep(proof, stash, row=row, by=by, at=clock.now())


def note_download(*, evidence: Evidence, by: User) -> None:
    """Write into the log that `by` is given the file: who saw it can be told."""
    row = evidence.deadline
    audit.record(AuditAction.DOWNLOADED, by=by, obj=evidence, plan_id=row.plan_id, unit_id=row.unit_id)
