"""An edited document comes in again: read, compared with the draft, and taken over as far as a person chose.

Two steps. The file is read and kept aside under a random name; what it changes is shown. Then the choices come, and
are applied to that comparison only: when the draft has changed meanwhile, the new comparison is shown first. A file
nobody decides about is taken away by the sweep of files without a row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.imports import file_name, refuse_too_many
from plans.actions.records import open_draft
from plans.actions.takeover import Outcome, TakeOver
from plans.errors import ActionRefused, Stale
from plans.importing import paragraphs_of
from plans.models import Field, Plan, PlanDocument
from plans.reading.drafts import DraftPlan
from plans.reading.isolation import read_isolated
from plans.reading.readers import ReadError
from plans.reimport.compared import Compared
from plans.reimport.comparison import Choice, compare
from plans.reimport.readings import people_of, reading_of, reading_stored
from plans.reimport.words import Names
from plans.resolving import Resolver
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

MOST_DIFFERENCES = 1500  # a page asks about no more; every one is a field of its form


class NothingNew(ActionRefused):
    """The draft was read from this very file."""

    def __init__(self) -> None:
        super().__init__(_("Nothing changed: the draft was read from this very file."))


class DocumentGone(ActionRefused):
    """The file that waited for a decision was taken away."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("The file is not kept any more, because nobody decided about it. Choose it again."))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits for a decision: where it is stored, and the name it came with."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Documents:
    """Both documents as read: the one the draft came from, where it can still be read, and the new one.

    `encoding` is the old encoding the new one was converted from.
    """

    old: DraftPlan | None
    new: DraftPlan
    data: bytes
    encoding: str = ""

    @property
    def sha256(self) -> str:
        """Return the checksum of the new file."""
        return hashlib.sha256(self.data).hexdigest()


def keep_document(*, plan: Plan, data: bytes, name: str, by: User) -> Waiting:
    """Read an edited document and keep it until a person has decided; the draft stays as it is. Raises `ReadError`."""
    with open_draft(plan, by) as locked:
        document = PlanDocument.objects.filter(plan=locked).first()
    if document and document.sha256 == hashlib.sha256(data).hexdigest():
        raise NothingNew
    refuse_too_many(_read(data, name)[0])
    waiting = PlanDocument(plan=plan)
    waiting.file.save(get_random_string(32), ContentFile(data), save=False)
    return Waiting(str(waiting.file.name), file_name(name))


def read_documents(*, plan: Plan, waiting: Waiting, by: User) -> Documents:
    """Read the document that waits, and the one the draft came from, each in a child process."""
    require(may_manage(by, plan))
    data = _bytes_of(PlanDocument(file=waiting.file))
    if data is None:
        raise DocumentGone
    document = PlanDocument.objects.filter(plan=plan).first()
    before = _bytes_of(document) if document else None
    old = None
    if document and before is not None:
        try:
            old, _encoding = _read(before, document.original_name)
        except ReadError:
            old = None  # then what the plan holds counts as read
    new, encoding = _read(data, waiting.name)
    return Documents(old, new, data, encoding)


def compare_documents(*, plan: Plan, documents: Documents, by: User) -> Compared:
    """Say what the new document changes in a draft. A fixed number of queries."""
    require(may_manage(by, plan))
    document = PlanDocument.objects.filter(plan=plan).only("sha256").first()
    if document and document.sha256 == documents.sha256:
        raise NothingNew
    resolver = Resolver.below(plan.issuing_unit, clock.today())
    fields = list(Field.objects.filter(unit=plan.issuing_unit))
    base = reading_of(documents.old, plan, resolver, fields) if documents.old else None
    new = reading_of(documents.new, plan, resolver, fields)
    stored, people = reading_stored(plan), people_of(plan)
    comparison = compare(base.rows if base else None, stored.rows, new.rows, people)
    if len(comparison.items) > MOST_DIFFERENCES:
        raise ActionRefused(_("This file has little in common with the draft. Import it as a plan of its own."))
    digest = comparison.digest(document.sha256 if document else "", documents.sha256)
    return Compared(plan, comparison, stored, new, base, Names.of([*stored.rows, *new.rows]), digest)


def apply_document(
    *, plan: Plan, waiting: Waiting, documents: Documents, choices: Mapping[str, Choice], expected: str, by: User
) -> Outcome:
    """Take an edited document over: the file, and each difference as chosen, else as proposed.

    `documents` are both as read; `expected` is the digest of the comparison the person saw. `Stale` when it would be
    another one by now, `NothingNew` when the document was taken over already.
    """
    with open_draft(plan, by) as locked:
        compared = compare_documents(plan=locked, documents=documents, by=by)
        if compared.digest != expected:
            raise Stale(_("The draft was changed meanwhile. Look at the comparison again, then take it over."))
        done = TakeOver(compared, choices)
        document = PlanDocument.objects.filter(plan=locked).first() or PlanDocument(plan=locked)
        done.run([str(p["text"]) for p in document.paragraphs], [p.text for p in documents.new.paragraphs])
        facts = _replace(document, waiting, documents)
        audit.record(
            AuditAction.CHANGED,
            by=by,
            obj=locked,
            plan_id=locked.pk,
            unit_id=locked.issuing_unit_id,
            data=facts | done.log,
        )
    plan.refresh_from_db()
    return done.outcome


def _read(data: bytes, name: str) -> tuple[DraftPlan, str]:
    """Read a file in a child process, converted from an old encoding: the comparison shows what came of it."""
    try:
        return read_isolated(data, name), ""
    except ReadError as error:
        if error.code != "legacy":
            raise
        return read_isolated(data, name, convert=error.detail), error.detail


def _replace(document: PlanDocument, waiting: Waiting, documents: Documents) -> dict[str, Any]:
    """Let the document that waited take the place of the old one; return what the log says about it."""
    before = (document.original_name, document.sha256)
    if document.file:
        transaction.on_commit(partial(document.file.storage.delete, str(document.file.name)))
    document.file.name = waiting.file
    document.original_name, document.size, document.sha256 = waiting.name, len(documents.data), documents.sha256
    document.paragraphs, document.read_at = paragraphs_of(documents.new), clock.now()
    document.save()
    return {"file": [before[0], document.original_name], "sha256": [before[1], document.sha256]}


def _bytes_of(document: PlanDocument) -> bytes | None:
    """Return the stored file of a document, None when it is gone; a file looked at is not swept away meanwhile."""
    try:
        path = Path(document.file.path)
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return data
