"""Proof of what a unit says: files on disk first, then the rows that name them, in the transaction of the act."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from plans.errors import ActionRefused
from plans.file_names import shown_name
from plans.models import Deadline, Evidence, ProgressReport
from units import audit
from units.models import User
from units.models.audit import AuditAction

log = logging.getLogger(__name__)

#: What tells one piece of evidence from another on the same deadline.
Key = tuple[str, str, str]  # sha256, link, document number; two of them empty


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: what it is called where people read it, and its SHA-256 (hex)."""

    file: File[bytes]
    name: str
    sha256: str

    @classmethod
    def of(cls, file: File[bytes]) -> Upload:
        """Return `file` with its hash; it can be read again from the start."""
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
        return cls(file, shown_name(file.name or ""), digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence handed in: files, links, numbers of documents, evidence given for other deadlines of the unit."""

    files: tuple[Upload, ...] = ()
    links: tuple[str, ...] = ()
    document_numbers: tuple[str, ...] = ()
    shared: tuple[Evidence, ...] = ()

    @property
    def has_file(self) -> bool:
        """Return whether a file is among it, new or given for other work."""
        return bool(self.files) or any(evidence.file for evidence in self.shared)

    def __bool__(self) -> bool:
        return bool(self.files or self.links or self.document_numbers or self.shared)

    def named(self) -> Iterator[tuple[Key, str]]:
        """Yield what identifies each new piece, with what it is called."""
        yield from (((f.sha256, "", ""), f.name) for f in self.files)
        yield from ((("", link, ""), link) for link in self.links)
        yield from ((("", "", number), number) for number in self.document_numbers)


class Stash:
    """Files written to disk for one act, by hash; what no row names in the end does not stay.

    `model` says where its column `file` keeps them.
    """

    def __init__(self, model: Any = Evidence) -> None:
        self._model = model
        self._written: dict[str, str] = {}
        self._named: set[str] = set()

    def put(self, upload: Upload) -> None:
        """Write a file under a random name, whole on disk before this returns; raises `OSError`, nothing left over."""
        if upload.sha256 in self._written:
            return
        field = self._model._meta.get_field("file")  # noqa: SLF001  # Django documents _meta
        name = field.generate_filename(self._model(), get_random_string(32))
        try:
            kept = field.storage.save(name, upload.file)
            _sync(Path(field.storage.path(kept)))
        except OSError:
            field.storage.delete(name)
            raise
        self._written[upload.sha256] = kept

    def take(self, upload: Upload) -> str:
        """Return the stored name for a row; the file then stays."""
        self._named.add(upload.sha256)
        return self._written[upload.sha256]

    def clear(self, *, everything: bool) -> None:
        """Take away what no row names, or everything when the act came to nothing."""
        storage: Storage = self._model._meta.get_field("file").storage  # noqa: SLF001  # Django documents _meta
        for sha256, name in self._written.items():
            if everything or sha256 not in self._named:
                with suppress(OSError):  # what is done is done; the sweep of files without a row comes by
                    storage.delete(name)


@contextmanager
def stored(proof: Proof | None, model: Any = Evidence) -> Iterator[Stash]:
    """Write the files of `proof` before the act's transaction begins; none stays when the act comes to nothing.

    A process killed in between leaves files without a row, which the sweep of `plans.orphans` takes away.
    """
    stash = Stash(model)
    try:
        _fill(stash, proof)
        yield stash
    except BaseException:
        stash.clear(everything=True)
        raise
    stash.clear(everything=False)


def keep(
    proof: Proof | None,
    stash: Stash,
    *,
    row: Deadline,
    by: User,
    at: dt.datetime,
    report: ProgressReport | None = None,
) -> list[Evidence]:
    """Write the rows of `proof` for the locked deadline `row`; what it has already is not kept twice."""
    if not proof:
        return []
    common: dict[str, Any] = {"deadline": row, "report": report, "added_by": by, "added_at": at}
    given = keys_of(row)
    kept = [Evidence.objects.create(**facts, **common) for facts in _new_pieces(proof, stash, given)]
    return kept + _share(proof.shared, given, row, by, common)


def keys_of(row: Deadline) -> set[Key]:
    """Return what the deadline has already, replaced versions included; one query."""
    return set(row.evidence.values_list("sha256", "link", "document_number"))


def given_already(row: Deadline, proof: Proof) -> list[str]:
    """Return the names of what `proof` brings that the deadline has already, or that comes twice."""
    seen, names = keys_of(row), []
    for key, name in proof.named():
        if key in seen:
            names.append(name)
        seen.add(key)
    return names


def _fill(stash: Stash, proof: Proof | None) -> None:
    try:
        for upload in proof.files if proof else ():
            stash.put(upload)
    except OSError as error:
        log.exception("A file of evidence could not be written")
        raise ActionRefused(
            _(
                "The file could not be stored: the server's disk is full or broken. Nothing was saved. "
                "Tell the administrator and try again later."
            )
        ) from error


def _new_pieces(proof: Proof, stash: Stash, given: set[Key]) -> Iterator[dict[str, Any]]:
    """Yield the columns of each piece that is not among `given`, and enter it there."""
    for upload in proof.files:
        if _is_new((upload.sha256, "", ""), given):
            named = {"file": stash.take(upload), "original_name": upload.name}
            yield {**named, "size": upload.file.size, "sha256": upload.sha256}
    for link in proof.links:
        if _is_new(("", link, ""), given):
            yield {"link": link}
    for number in proof.document_numbers:
        if _is_new(("", "", number), given):
            yield {"document_number": number}


def _is_new(key: Key, given: set[Key]) -> bool:
    """Return whether `key` is not among `given`; from now on it is."""
    new = key not in given
    given.add(key)
    return new


def _share(
    chosen: Iterable[Evidence], given: set[Key], row: Deadline, by: User, common: dict[str, Any]
) -> list[Evidence]:
    """Let evidence of other deadlines of the unit serve this one too: a row more, the file stays one."""
    wanted = {e.pk for e in chosen}
    if not wanted:
        return []
    found = list(Evidence.objects.usable_for(row, by).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise ActionRefused(
            _("Some of the evidence chosen is there no more, or serves this deadline already. Choose again.")
        )
    kept = []
    for one in found:
        if not _is_new((one.sha256, one.link, one.document_number), given):
            continue
        facts = {n: getattr(one, n) for n in ("original_name", "size", "sha256", "link", "document_number")}
        kept.append(Evidence.objects.create(file=one.file.name or "", shared_from=one, **facts, **common))
    data = {"evidence": [e.pk for e in kept], "name": ", ".join(map(str, kept))[:200]}
    audit.record(AuditAction.EVIDENCE_SHARED, by=by, obj=row, plan_id=row.plan_id, unit_id=row.unit_id, data=data)
    return kept


def _sync(path: Path) -> None:
    """Have the system write the file and its folder to the disk itself."""
    for place, how in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY)):
        if os.name == "nt":  # Windows opens no folder, and syncs only what is open for writing
            return
        handle = os.open(place, how)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
