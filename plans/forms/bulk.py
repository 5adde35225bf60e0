"""The one form an act on many rows needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate
from plans.validators import sane_day


class BulkForm(forms.Form):
    """Nothing to say: the base of the others. `today` is the day of the request."""

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class BulkReasonForm(BulkForm):
    """One reason for all rows."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class BulkDateForm(BulkForm):
    """One day for all rows."""

    due_on = forms.DateField(label=gettext_lazy("Last day"), widget=PlainDate, validators=[sane_day])


class BulkHoldForm(BulkReasonForm):
    """Why all of it is put on hold, and until when."""

    until = forms.DateField(
        label=gettext_lazy("On hold until"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("The day after, the work goes on by itself. Empty: until somebody takes it off hold."),
    )


class BulkResumeForm(BulkForm):
    """One new last day for all that goes on; empty: each keeps its own."""

    due_on = forms.DateField(
        label=gettext_lazy("New last day"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("Empty: the day stays."),
    )


class BulkLetterForm(BulkForm):
    """By when the units answer the letter."""

    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=PlainDate)

    def clean_answer_by(self) -> dt.date:
        """Return a day to come."""
        day: dt.date = self.cleaned_data["answer_by"]
        if not self.today < day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Give a day after today, at most a year ahead."))
        return day
