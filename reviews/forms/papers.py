"""What forms with one paper share: its file, its number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.actions.proof import Upload
from plans.evidence_files import ENDINGS
from plans.forms.evidence import LONGEST_NUMBER, checked_number

NUMBER = gettext_lazy("Document number")


def number_field(label: Any = NUMBER) -> forms.CharField:
    """Return the field of a document's number; it may stay empty."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_NUMBER)


def number_of(text: object) -> str:
    """Return a document's number as Union and State write it; nothing for nothing."""
    raw = " ".join(str(text).split())
    return checked_number(raw) if raw else ""


class PaperForm(forms.Form):
    """A form with a field `upload` for one paper, and with `document_number` perhaps."""

    accepted = ",".join(ENDINGS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = self.accepted

    def clean_document_number(self) -> str:
        """Return the number as Union and State write it."""
        return number_of(self.cleaned_data["document_number"])

    def clean_upload(self) -> Upload | None:
        """Take one paper."""
        files = self.cleaned_data["upload"]
        if len(files) > 1:
            raise forms.ValidationError(_("Attach one paper: scan all pages into one file."))
        return Upload.of(files[0]) if files else None
