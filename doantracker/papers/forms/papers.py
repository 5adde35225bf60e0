"""What a person enters about a paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from doantracker.papers.models import OfficialPaper
from plans.forms.seen import GREATEST
from plans.validators import limited_text, sane_day

MOST_ROWS = 12
CHARACTERS_A_ROW = 90


class SeenForm(forms.Form):
    """Nothing but the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)


class WordsForm(SeenForm):
    """The paragraphs of a paper that a person may word anew, each a field named by its key."""

    def __init__(self, *args: Any, paper: OfficialPaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = paper.version
        for n, (key, text) in enumerate(paper.paper.paragraphs.items(), start=1):
            rows = min(MOST_ROWS, 2 + len(text) // CHARACTERS_A_ROW)
            self.fields[key] = forms.CharField(
                label=_("Paragraph %(n)s") % {"n": n},
                initial=text,
                required=False,
                validators=[limited_text],
                widget=forms.Textarea({"rows": rows, "lang": "vi"}),
            )

    @property
    def words(self) -> dict[str, str]:
        """Return the words by key."""
        return {key: words for key, words in self.cleaned_data.items() if key != "version"}


class NumberForm(SeenForm):
    """The number and day a paper is given."""

    number = forms.IntegerField(label=_("Document number"), min_value=1, max_value=99_999)
    day = forms.DateField(label=_("Day"), widget=PlainDate, validators=[sane_day])
