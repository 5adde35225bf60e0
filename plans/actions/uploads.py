"""A file that waits while a person decides how it is to be read: kept under a random name, named by a signed token.

A file nobody decides about is taken away by the sweep of files without a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.core.files.base import ContentFile
from django.utils.crypto import get_random_string

from plans.actions.imports import file_name
from plans.models import PlanDocument
from units.models import User

SALT: Final = "plans.uploads"
KEPT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in: the bytes, and the name they came with."""

    data: bytes
    name: str


def keep_upload(*, upload: Upload, by: User) -> str:
    """Keep the file until `by` has decided; return the token that names it for this person only."""
    document = PlanDocument()
    document.file.save(get_random_string(32), ContentFile(upload.data), save=False)
    return signing.dumps([by.pk, document.file.name, file_name(upload.name)], salt=SALT, compress=True)


def kept_upload(*, token: str, by: User) -> Upload | None:
    """Return the file `token` names, None when it is too old, gone, or somebody else's."""
    named = _named(token, by)
    if named is None:
        return None
    document, name = named
    try:
        with document.file.open("rb") as file:
            return Upload(file.read(), name)
    except FileNotFoundError:
        return None


def drop_upload(*, token: str, by: User) -> None:
    """Take the file away: it was decided about."""
    named = _named(token, by)
    if named is not None:
        named[0].file.delete(save=False)


def _named(token: str, by: User) -> tuple[PlanDocument, str] | None:
    try:
        pk, file, name = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    return (PlanDocument(file=file), name) if pk == by.pk else None
