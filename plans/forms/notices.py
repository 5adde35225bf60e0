"""Which notices a person wants by mail, and what a chasing letter needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.enums import NoticeKind


class MailForm(forms.Form):
    """A tick a kind."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Also by mail"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The page of notices always shows every kind."),
    )


class LetterForm(forms.Form):
    """To whom, and by when to answer."""

    unit = forms.TypedChoiceField(label=gettext_lazy("To"), required=False, coerce=int, empty_value=None)
    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=PlainDate)

    def __init__(self, *args: Any, units: list[tuple[int, str]], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)  # noqa: S101  # for the type checker
        unit.widget = PlainSelect()
        unit.choices = [("", _("All units that are late")), *((str(pk), label) for pk, label in units)]

    def clean_answer_by(self) -> dt.date:
        """Return a day to come."""
        day: dt.date = self.cleaned_data["answer_by"]
        if not self.today < day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Give a day after today, at most a year ahead."))
        return day
