"""What can be chosen about a text for a chat group."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from doantracker.lib.widgets import PlainSelect
from plans.chat_texts import DAYS_AHEAD, USUAL_DAYS


class DaysForm(forms.Form):
    """How far ahead the text looks."""

    days = forms.ChoiceField(
        label=_("Due within"),
        choices=[(str(n), ngettext_lazy("%(n)d day", "%(n)d days", n) % {"n": n}) for n in DAYS_AHEAD],
        initial=str(USUAL_DAYS),
        required=False,
        widget=PlainSelect,
    )


class UnitTextForm(DaysForm):
    """Whether the units below are meant too."""

    below = forms.BooleanField(
        label=_("With the units below"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
