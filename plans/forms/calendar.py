"""Days off and swapped days, typed or pasted: one or a range of days a line."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.actions.calendar import FIRST_YEAR, LAST_YEAR
from plans.day_lines import MOST_LINES, BadLine, DayLine, read_day_lines

LONGEST = 150 * MOST_LINES  # characters


class DayLinesForm(forms.Form):
    """Lines such as "31/08/2026 nghỉ bù Quốc khánh"."""

    lines = forms.CharField(
        label=gettext_lazy("Days off and days worked in exchange, one a line"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "placeholder": "31/08/2026 nghỉ bù Quốc khánh\n22/08/2026 làm bù"}),
        help_text=gettext_lazy(
            "A day or a range (16/02/2026 - 20/02/2026), then “nghỉ …” for a day off or “làm …” for a weekend day"
            " worked. A day that is there already gets the new words."
        ),
    )

    def clean_lines(self) -> list[DayLine]:
        """Return the days, or say which line is none."""
        try:
            found = read_day_lines(self.cleaned_data["lines"], off=_("Day off"), worked=_("Worked in exchange"))
        except BadLine as bad:
            words = _("Line %(number)d is no day: “%(words)s”. Write it such as 31/08/2026 nghỉ bù.")
            raise ValidationError(words % {"number": bad.number, "words": bad.words}) from bad
        far = next((n for n in found if not FIRST_YEAR <= n.day.year <= LAST_YEAR), None)
        if far is not None:
            words = _("Choose days of the years %(first)s to %(last)s.")
            raise ValidationError(words % {"first": FIRST_YEAR, "last": LAST_YEAR})
        if not found:
            raise ValidationError(_("Write at least one day."))
        return found
