"""What a person enters about a pledge."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.evidence import FilesField
from plans.forms.seen import GREATEST
from plans.validators import limited_text
from reviews.forms.papers import PaperForm, number_field
from reviews.models import Pledge

YEARS_OFFERED = 5


class YearForm(forms.Form):
    """Which year a register shows."""

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


class PledgeForm(PaperForm):
    """The pledge itself."""

    text = forms.CharField(
        label=_("What is pledged"), required=False, validators=[limited_text], widget=forms.Textarea({"rows": 6})
    )
    document_number = number_field()
    upload = FilesField(label=_("The signed paper"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST, initial=0)

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
