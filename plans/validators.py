"""What people may enter: days, texts, files of evidence; refused with words before anything is stored."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from plans.evidence_files import fault_in
from plans.file_names import shown_name

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


#: What is wrong with a file of evidence, by the codes of `plans.evidence_files`, and what to do about it.
FAULTS = {
    "empty": _("The file “%(name)s” is empty. Choose another one."),
    "too_large": _("The file “%(name)s” is larger than %(limit)s. Make it smaller or give a link."),
    "secret": _(
        "“%(name)s” carries a mark of secrecy (Mật, Tối mật, Tuyệt mật). State secrets must not be kept here; "
        "hand such a paper in the way the rules on secrets say."
    ),
    "kind": _("Files of the kind of “%(name)s” are not taken. Send a PDF, Word or Excel file, or a picture."),
    "old": _("“%(name)s” is a file of an old Office. Open it, save it as .docx, .xlsx or .pptx, and send that."),
    "locked": _("“%(name)s” is protected by a password. Save it without one and send that."),
    "mismatch": _("“%(name)s” is not what its ending says. Open it, save it anew and send that."),
    "macros": _("“%(name)s” holds macros. Save it as a file without macros, or as PDF, and send that."),
    "damaged": _("“%(name)s” is damaged. Open it, save it anew and send that."),
    "unsafe": _("“%(name)s” holds parts that a document does not need. Save it as PDF and send that."),
    "bomb": _("“%(name)s” unpacks to far more than a document. It was not stored; save it as PDF and send that."),
    "pixels": _("The picture “%(name)s” is larger than 200 megapixels. Make it smaller and send that."),
}


def validate_evidence(file: UploadedFile[bytes], *, limit: int) -> None:
    """Refuse a file that is empty, larger than `limit` bytes, not what its name says, or dangerous to open."""
    name = file.name or ""
    fault = fault_in(file, name, file.size or 0, limit=limit)
    if fault:
        shown = {"name": shown_name(name), "limit": filesizeformat(limit)}
        raise ValidationError(FAULTS[fault], code=fault, params=shown)
