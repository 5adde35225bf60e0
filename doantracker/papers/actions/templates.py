"""Acts on templates: put in for a trial, use, go back to ours."""

from __future__ import annotations

from django.db import transaction

from doantracker.lib import clock
from doantracker.papers.models import PaperTemplate
from plans.actions.proof import Proof, Upload, stored
from units import audit
from units.access import require
from units.administration import administers_all
from units.models import User
from units.models.audit import AuditAction


def add_template(*, kind: str, upload: Upload, by: User) -> PaperTemplate:
    """Keep a template that works on the samples, not in use yet; the same file sent again: what it made."""
    require(administers_all(by))
    same = PaperTemplate.objects.filter(kind=kind, sha256=upload.sha256, added_by=by).first()
    if same:
        return same
    with stored(Proof(files=(upload,)), PaperTemplate) as stash, transaction.atomic():
        row = PaperTemplate.objects.create(
            kind=kind, file=stash.take(upload), original_name=upload.name, size=upload.file.size,
            sha256=upload.sha256, added_by=by, added_at=clock.now(),
        )  # fmt: skip
        audit.record(AuditAction.CREATED, by=by, obj=row)
    return row


def use_template(*, template: PaperTemplate, by: User) -> None:
    """Put a template in the place of the one before for its kind, or for all."""
    require(administers_all(by))
    with transaction.atomic():
        rows = PaperTemplate.objects.select_for_update().filter(kind=template.kind).order_by("pk")
        list(rows)  # one after the other
        rows.filter(in_use=True).exclude(pk=template.pk).update(in_use=False)
        rows.filter(pk=template.pk).update(in_use=True)
        audit.record(AuditAction.CHANGED, by=by, obj=template, data={"in_use": True})


def use_ours(*, kind: str, by: User) -> None:
    """Put ours back for a kind, or for all."""
    require(administers_all(by))
    with transaction.atomic():
        for row in PaperTemplate.objects.select_for_update().filter(kind=kind, in_use=True):
            PaperTemplate.objects.filter(pk=row.pk).update(in_use=False)
            audit.record(AuditAction.CHANGED, by=by, obj=row, data={"in_use": False})
