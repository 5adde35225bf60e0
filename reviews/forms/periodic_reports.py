"""Writing a periodic report, filling it anew, and the introduction of what is compiled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plans.actions.proof import Proof, Upload
from plans.evidence_files import ENDINGS
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField, LinesField, checked_number
from plans.forms.seen import GREATEST
from plans.validators import LONGEST_TEXT
from reviews.forms.agenda import DIGITS
from reviews.models import ReportPart

FEWEST_ROWS, MOST_ROWS = 4, 18
CHARACTERS_A_ROW = 90


class ReportForm(DraftSeenForm):
    """The parts of a report, and the paper it is sent with."""

    accepted = ",".join(ENDINGS)

    document_numbers = LinesField(
        label=gettext_lazy("Number of the report"),
        check=checked_number,
        help_text=gettext_lazy("Such as 15-BC/ĐTN. Needed to send it, or else the signed file."),
    )
    uploads = FilesField(label=gettext_lazy("The signed report"), required=False)

    def __init__(self, *args: Any, parts: Sequence[ReportPart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.fields["uploads"].widget.attrs["accept"] = self.accepted
        for part in parts:
            self.fields[f"part_{part.pk}"] = forms.CharField(
                label=part.section.heading,
                initial=part.text,
                required=False,
                max_length=LONGEST_TEXT,
                strip=False,
                widget=forms.Textarea({"rows": _rows(part.text), "class": "form-control"}),
            )

    @property
    def part_fields(self) -> Iterator[tuple[ReportPart, Any]]:
        """Yield each part with its field."""
        for part in self.parts:
            yield part, self[f"part_{part.pk}"]

    def texts(self) -> dict[int, str]:
        """Return what the unit wrote, by part."""
        return {part.pk: self.cleaned_data[f"part_{part.pk}"].replace("\r\n", "\n") for part in self.parts}

    def proof(self) -> Proof:
        """Return the paper."""
        data = self.cleaned_data
        files = tuple(Upload.of(file) for file in data["uploads"])
        return Proof(files=files, document_numbers=data["document_numbers"])


class RefillForm(DraftSeenForm):
    """Which parts take the new text."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def ticked(self) -> set[int]:
        """Return the parts ticked; any may stand in a request."""
        sent = self.data.getlist("take")  # type: ignore[attr-defined]  # a QueryDict
        return {int(value) for value in sent if value.isascii() and value.isdecimal() and len(value) <= DIGITS}


class IntroductionForm(DraftSeenForm):
    """What stands over the compiled reports. A new one: version 0."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("The parts of the units stay as they sent them."),
    )


def _rows(text: str) -> int:
    """Return how high the field of a text is: about as high as the text."""
    lines = sum(1 + len(line) // CHARACTERS_A_ROW for line in text.split("\n"))
    return min(max(lines + 1, FEWEST_ROWS), MOST_ROWS)
