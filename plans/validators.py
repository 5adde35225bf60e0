"""What an uploaded proof may be: checked by its first bytes, before anything is stored."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

OFFICE = (b"PK\x03\x04",)
#: First bytes by ending. A picture of a phone, a paper of the office; nothing a browser would run.
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": OFFICE,
    ".xlsx": OFFICE,
    ".pptx": OFFICE,
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".webp": (b"RIFF",),
    ".heic": (b"ftyp",),
}
HEAD = 16
UNPACKED_RATIO = 100
MOST_MEMBERS = 5000
LONGEST_TEXT = 10_000  # characters of one record: several times the longest paragraph of a real plan
FIRST_YEAR, LAST_YEAR = 1975, 2100

limited_text = MaxLengthValidator(LONGEST_TEXT)
sane_year = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


def sane_day(day: dt.date) -> None:
    """Refuse a day no plan speaks of: a slip of the keyboard would break every calculation after it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("The year must lie between %(first)s and %(last)s."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
        )


def validate_evidence(file: UploadedFile[bytes], *, limit: int) -> None:
    """Refuse a file that is empty, larger than `limit` bytes, or not what its name says."""
    name, size = file.name or "", file.size or 0
    if size == 0:
        raise ValidationError(_("The file “%(name)s” is empty. Choose another one."), params={"name": name})
    if size > limit:
        raise ValidationError(
            _("The file “%(name)s” is larger than %(limit)s. Make it smaller or give a link."),
            params={"name": name, "limit": filesizeformat(limit)},
        )
    signatures = SIGNATURES.get(PurePath(name).suffix.lower())
    if signatures is None:
        raise ValidationError(
            _("Files of the kind of “%(name)s” are not taken. Send a PDF, Word or Excel file, or a picture."),
            params={"name": name},
        )
    head = file.read(HEAD)
    file.seek(0)
    if not any(signature in head for signature in signatures):
        raise ValidationError(
            _("“%(name)s” is not what its ending says. Open it, save it anew and send that."), params={"name": name}
        )
    if signatures is OFFICE and not _plausible_archive(file):
        raise ValidationError(
            _("“%(name)s” is damaged or unpacks to far more than a document. It was not stored."),
            params={"name": name},
        )


def _plausible_archive(file: UploadedFile[bytes]) -> bool:
    """Return whether an Office file is a whole archive of sane size, by what its directory declares."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        file.seek(0)
    unpacked = sum(m.file_size for m in members)
    return len(members) <= MOST_MEMBERS and unpacked <= UNPACKED_RATIO * max(file.size or 0, 1)
