"""What a person enters about a paper."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from doantracker.papers import wording
from doantracker.papers.gaps import places_of
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import OPEN
from plans.forms.seen import GREATEST
from plans.validators import limited_text, sane_day

MOST_ROWS = 12
CHARACTERS_A_ROW = 90
#: Label, most characters and rows (0: one line) of each word of head and foot.
HEAD_FIELDS: Final[dict[str, tuple[Any, int, int]]] = {
    wording.SYMBOL: (_("Body and department in the number"), 40, 0),
    wording.ABSTRACT: (_("Abstract"), 500, 3),
    wording.AUTHORITY: (_("Signed for"), 200, 0),
    wording.POST: (_("Signer's post"), 200, 0),
    wording.NAME: (_("Signer"), 120, 0),
    wording.RECIPIENTS: (_("Recipients"), 3000, 5),
}
HELPS: Final[dict[str, Any]] = {
    wording.SYMBOL: _("What stands after the stroke: “TĐTN-VP”."),
    wording.RECIPIENTS: _("One a line; the last says where the paper is kept."),
}


class SeenForm(forms.Form):
    """Nothing but the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)


class WordsForm(SeenForm):
    """The paragraphs of a paper that a person may word anew, each a field named by its key."""

    def __init__(self, *args: Any, paper: OfficialPaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = paper.version
        words, paragraphs, places = paper.wordable, paper.plain.paragraphs, places_of(paper.plain)
        for key in wording.HEAD:
            if key in words:
                self.fields[key] = _head_field(key, words[key])
        for n, key in enumerate(paragraphs, start=1):
            if key not in words:
                continue
            text = words[key]
            rows = min(MOST_ROWS, 2 + len(text) // CHARACTERS_A_ROW)
            self.fields[key] = forms.CharField(
                label=_paragraph(n, places[key]),
                initial=text,
                required=False,
                validators=[limited_text],
                widget=forms.Textarea({"rows": rows, "lang": "vi"}),
            )

    @property
    def words(self) -> dict[str, str]:
        """Return the words by key."""
        return {key: words for key, words in self.cleaned_data.items() if key != "version"}


def _paragraph(number: int, place: str) -> str:
    """Return the label of a paragraph: the heading it stands under, and which of all it is."""
    label = _("Paragraph %(n)s") % {"n": number}
    return f"{place} – {label}" if place else label


def _head_field(key: str, text: str) -> forms.CharField:
    """Return the field of a word of head or foot; which may stand empty are the post and the name."""
    label, longest, rows = HEAD_FIELDS[key]
    return forms.CharField(
        label=label,
        initial=text,
        max_length=longest,
        required=key not in {wording.POST, wording.NAME},
        help_text=HELPS.get(key, ""),
        validators=[check_symbol] if key == wording.SYMBOL else [],
        widget=forms.Textarea({"rows": rows, "lang": "vi"}) if rows else forms.TextInput({"lang": "vi"}),
    )


def check_symbol(text: str) -> None:
    """Refuse what is no body code with a department: "TĐTN-VP"."""
    if text != OPEN and not re.fullmatch(r"[^\W\d_]{1,12}(-[^\W_]{1,25})?", text.strip()):
        raise forms.ValidationError(
            _("Write the code of the body, and the department after a hyphen: “TĐTN-VP”."), code="symbol"
        )


class NumberForm(SeenForm):
    """The number and day a paper is given."""

    number = forms.IntegerField(label=_("Document number"), min_value=1, max_value=99_999)
    day = forms.DateField(label=_("Day"), widget=PlainDate, validators=[sane_day])
    sure = forms.BooleanField(
        label=_("I have read the paper through. I know that its number can't be taken back and the paper not changed.")
    )

    def __init__(self, *args: Any, gaps: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if gaps:
            self.fields["with_gaps"] = forms.BooleanField(label=_("I know these open places."))
        if self._skipped_seen:
            self.ask_skipped(self._skipped_seen)

    @property
    def _skipped_seen(self) -> str:
        """Return the numbers beside which a tick was sent."""
        sent = str(self.data.get("skip_numbers", ""))
        return sent if re.fullmatch(r"\d{1,5}(–\d{1,5})?", sent) else ""

    def clean_skip_numbers(self) -> str:
        """Return the numbers that were ticked, not only that something was."""
        return self._skipped_seen

    def ask_skipped(self, numbers: str) -> None:
        """Ask for a tick that these numbers ("324–329") stay empty."""
        label = _("Leave %(numbers)s empty") % {"numbers": numbers}
        self.fields["skip_numbers"] = forms.CharField(
            label=label, required=False, max_length=20, widget=forms.CheckboxInput({"value": numbers})
        )

    def propose(self, number: int | None) -> None:
        """Put another number into the form that was sent; all else stays as it was typed."""
        self.data = {**dict(self.data.items()), "number": number}


class CancelForm(SeenForm):
    """Why a numbered paper is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
