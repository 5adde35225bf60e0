"""The file that comes in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plans.file_names import shown_name
from plans.reading.readers import ReadError
from plans.validators import validate_evidence

MAX_BYTES: Final = 5 * 1024 * 1024  # 5,000 rows of long texts take one
ENDING: Final = ".xlsx"
#: Endings of other spreadsheets, each with what to do.
OTHER_ENDINGS: Final = {
    ".xls": _("This is a file of an old Excel (.xls). Open it, save it as “Excel Workbook (.xlsx)” and choose that."),
    ".xlsm": _("This is a file with macros (.xlsm). Save it as “Excel Workbook (.xlsx)” and choose that."),
    ".xlsb": _("This is a binary file (.xlsb). Save it as “Excel Workbook (.xlsx)” and choose that."),
    ".ods": _("This is an OpenDocument file (.ods). Save it as “Excel Workbook (.xlsx)” and choose that."),
    ".csv": _("This is a text file (.csv). Copy its rows into the template and choose that."),
}
#: What the check of evidence refuses, where a file of rows needs another cure; by the codes of `validate_evidence`.
FAULTS: Final = {
    "mismatch": _(
        "What is inside is no “Excel Workbook (.xlsx)”, whatever its name. Open it in Excel, save it as"
        " “Excel Workbook (.xlsx)” and choose that."
    ),
    "too_large": _("The file is larger than 5 MB. Copy the rows alone into the template, without pictures."),
    "bomb": _("The file unpacks to far more than 4,999 rows. Copy the rows alone into the template, values only."),
    "unsafe": _("The file holds parts that rows do not need. Copy the rows alone into the template, values only."),
}
NOT_TAKEN: Final = _("Choose a file of Excel (.xlsx): the template, filled in.")


class FileForm(forms.Form):
    """A filled-in template. What it is, and that it is safe to open, is checked before anything is read."""

    file = forms.FileField(
        label=_("Filled-in file"),
        help_text=_("Excel (.xlsx), at most 5 MB and 4,999 rows. The first sheet is read."),
        allow_empty_file=True,  # so that an empty file gets our own words
        widget=forms.FileInput(attrs={"accept": ENDING}),
        error_messages={"required": NOT_TAKEN, "invalid": NOT_TAKEN},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is no .xlsx, or not safe to open."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        ending = PurePath(shown_name(file.name or "")).suffix.lower()
        if ending != ENDING:
            raise ValidationError(OTHER_ENDINGS.get(ending, NOT_TAKEN), code="kind")
        try:
            validate_evidence(file, limit=MAX_BYTES)
        except ValidationError as fault:
            if fault.code not in FAULTS:
                raise
            raise ValidationError(FAULTS[fault.code], code=fault.code) from fault
        return file


def read_words(error: ReadError) -> str:
    """Return what to tell about a file that can't be read."""
    if error.code == "too_expensive":
        return gettext(
            "Reading the file took too long or too much memory. Copy the rows into the template, values only."
        )
    return gettext("The file could not be read. Open it in Excel, save it anew as .xlsx and choose that.")
