"""What the person saw when the form was opened: every act on a deadline asks for it. Nobody overwrites blindly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Deadline, Difficulty, Extension

GREATEST = 2**31 - 1  # what the column holds
MISSING = _("This page does not say what you saw. Look at the deadline as it is now, then press the button again.")


def version_in(data: Mapping[str, Any]) -> int:
    """Return the version that a button pressed says was seen; 0, which no record has, for nonsense."""
    sent = str(data.get("version", ""))
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < len(str(GREATEST)) else 0


class SeenForm(forms.Form):
    """A form with a hidden field that says what was seen; without it the answer is a refusal beside the buttons."""

    seen = ""  # the name of the hidden field
    missing: Any = MISSING

    def clean(self) -> dict[str, Any]:
        """Say what to do where a person can read it: a hidden field shows no error."""
        if self.seen in self.errors:
            del self.errors[self.seen]
            self.add_error(None, self.missing)
        return self.cleaned_data

    def show(self, value: object) -> None:
        """Let the next click mean what the person sees now."""
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data[self.add_prefix(self.seen)] = str(value)
            self.data = data


class VersionForm(SeenForm):
    """A form about a deadline in the version that was seen."""

    seen = "version"

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": deadline.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class StateForm(SeenForm):
    """A form about a request in the state that was seen."""

    seen = "state"

    state = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, about: Extension | Difficulty, **kwargs: Any) -> None:
        kwargs["initial"] = {"state": about.state, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
