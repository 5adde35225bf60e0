"""What a person enters about a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, seen
from doantracker.lib.widgets import PlainDate
from doantracker.papers import wording
from doantracker.papers.gaps import places_of
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import OPEN, Paper, printable
from doantracker.papers.regathered import Regathered
from plans.forms.seen import GREATEST
from plans.validators import limited_text, sane_day

TAKE: Final = "take-"  # before the key: the box that takes the gathered words
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


class AgainForm(SeenForm):
    """Where the gathered words shall come instead of own ones whose gathered text changes: a box for each."""

    def __init__(self, *args: Any, found: Regathered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = labels_of(found.plain)
        for place in found.overtaken:
            gathered = ((_("Gathered then"), place.before), (_("Gathered now"), place.now))
            told = ((_("Words put in"), place.words), *gathered)
            self.fields[f"{TAKE}{place.key}"] = _take_box(labels[place.key], told)

    @property
    def taken(self) -> set[str]:
        """Return the keys of the own words that give way."""
        return _ticked(self)


class WordsForm(SeenForm):
    """The paragraphs of a paper that a person may word anew, each a field named by its key.

    Beneath own words stands what is gathered there, with a box that takes it back; `boxes` False: without these.
    """

    def __init__(self, *args: Any, paper: OfficialPaper, boxes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = paper.version
        words, labels = paper.wordable, labels_of(paper.plain)
        self._gathered = wording.wordable(paper.plain, whole=not paper.issued_before) if words else {}
        before = {place.key: place.before for place in paper.overtaken}
        for key, gathered in self._gathered.items():
            self.fields[key] = _field(key, labels[key], words[key])
            if boxes and key in paper.edits:
                then = [(_("Gathered then"), before[key])] if key in before else []
                self.fields[f"{TAKE}{key}"] = _take_box(labels[key], [*then, (_("Gathered now"), gathered)])

    def clean(self) -> dict[str, Any]:
        """Ask nothing of words that give way to the gathered ones."""
        for key in _ticked(self) & self.errors.keys():
            del self.errors[key]
        return self.cleaned_data

    @property
    def words(self) -> dict[str, str]:
        """Return the words by key; the gathered ones where these are taken back."""
        taken = _ticked(self)
        return {key: text if key in taken else self.cleaned_data[key] for key, text in self._gathered.items()}


def labels_of(paper: Paper) -> dict[str, str]:
    """Return what people call each word of head and foot and each paragraph that may be worded anew, by key.

    A paragraph is told by the heading it stands under, and by which of all it is.
    """
    labels = {key: str(label) for key, (label, _longest, _rows) in HEAD_FIELDS.items()}
    places = places_of(paper)
    for n, key in enumerate(paper.paragraphs, start=1):
        label = _("Paragraph %(n)s") % {"n": n}
        labels[key] = f"{places[key]} – {label}" if places[key] else str(label)
    return labels


def _take_box(label: str, told: Iterable[tuple[Any, str]]) -> forms.BooleanField:
    """Return a box that takes the gathered words, with the texts it is about beneath."""
    lines = ((name, text or "–") for name, text in told)
    return forms.BooleanField(
        label=_("%(paragraph)s: take the gathered words instead") % {"paragraph": label},
        required=False,
        help_text=format_html_join(mark_safe("<br>"), '<strong>{}:</strong> <span lang="vi">{}</span>', lines),
    )


def _ticked(form: forms.Form) -> set[str]:
    """Return the keys whose box is ticked."""
    return {name.removeprefix(TAKE) for name, on in form.cleaned_data.items() if name.startswith(TAKE) and on}


class _Words(forms.CharField):
    """Words as they are kept: what nobody sees is gone before it is asked whether there are any, and how many."""

    def to_python(self, value: Any) -> Any:
        """Return the words composed and printable; where none of them is seen, none."""
        words = nfc(printable(value)) if isinstance(value, str) else ""
        return super().to_python(words if seen(words) else "")


def _field(key: str, label: str, text: str) -> forms.CharField:
    if key in HEAD_FIELDS:
        return _head_field(key, text)
    rows = min(MOST_ROWS, 2 + len(text) // CHARACTERS_A_ROW)
    return _Words(
        label=label,
        initial=text,
        required=False,
        validators=[limited_text],
        widget=forms.Textarea({"rows": rows, "lang": "vi"}),
    )


def _head_field(key: str, text: str) -> forms.CharField:
    """Return the field of a word of head or foot; which may stand empty are the post and the name."""
    label, longest, rows = HEAD_FIELDS[key]
    return _Words(
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
            self.fields["with_gaps"] = forms.BooleanField(label=_("I know these places."))
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

    reason = _Words(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
