"""What an uploaded proof may be: checked by its first bytes, before anything is stored."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
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
