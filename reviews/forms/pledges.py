"""What a person enters about a pledge."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.actions.proof import Upload
from plans.evidence_files import ENDINGS
from plans.forms.evidence import LONGEST_NUMBER, FilesField, checked_number
from plans.forms.seen import GREATEST
from plans.validators import limited_text
from reviews.models import Pledge

YEARS_OFFERED = 5


class YearForm(forms.Form):
    """Which year the register shows."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        years = range(today.year + 1, today.year + 1 - YEARS_OFFERED, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.default = today.year

    @property
    def chosen(self) -> int:
        """Return the year asked for, this one for nonsense."""
        return (self.is_valid() and self.cleaned_data["year"]) or self.default


class PledgeForm(forms.Form):
    """The pledge itself."""

    accepted = ",".join(ENDINGS)

    text = forms.CharField(
        label=_("What is pledged"), required=False, validators=[limited_text], widget=forms.Textarea({"rows": 6})
    )
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=LONGEST_NUMBER)
    upload = FilesField(label=_("The signed paper"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = self.accepted

    def clean_document_number(self) -> str:
        """Return the number as Union and State write it."""
        raw = " ".join(str(self.cleaned_data["document_number"]).split())
        return checked_number(raw) if raw else ""

    def clean_upload(self) -> Upload | None:
        """Take one paper."""
        files = self.cleaned_data["upload"]
        if len(files) > 1:
            raise forms.ValidationError(_("Attach one paper: scan all pages into one file."))
        return Upload.of(files[0]) if files else None

    def clean(self) -> dict[str, Any]:
        """Ask for something to stand behind it."""
        if not self.errors and not any(self.cleaned_data.get(n) for n in ("text", "document_number", "upload")):
            raise forms.ValidationError(_("Write what is pledged, attach the paper, or give its number."))
        return self.cleaned_data


class DecideForm(forms.Form):
    """Accepting a pledge, or returning it with a reason."""

    reason = forms.CharField(
        label=_("Reason, if it is returned"),
        required=False,
        validators=[limited_text],
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)

    def __init__(self, *args: Any, pledge: Pledge, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": pledge.version}
        super().__init__(*args, **kwargs)
