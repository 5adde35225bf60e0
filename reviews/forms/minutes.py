"""The form by which a meeting is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from plans.actions.proof import Upload
from plans.evidence_files import ENDINGS
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField, checked_number
from reviews.models import Meeting
from reviews.models.meeting import LONGEST_MINUTES
from units.models import User


@dataclass(frozen=True, slots=True)
class Seat:
    """One member in the form: the box for absence and the reason."""

    person: User
    absent: Any  # a bound field
    reason: Any


class HoldForm(DraftSeenForm):
    """Who was not there, the minutes, their number and files."""

    accepted = ",".join((*ENDINGS, "image/*"))

    minutes = forms.CharField(
        label=gettext_lazy("Minutes"),
        max_length=LONGEST_MINUTES,
        required=False,
        widget=forms.Textarea({"rows": 10}),
        help_text=gettext_lazy("What was said, in short. What was decided is recorded as decisions."),
    )
    symbol = forms.CharField(
        label=gettext_lazy("Number of the minutes"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as 05-BB/TĐTN."),
    )
    uploads = FilesField(label=gettext_lazy("Files of the minutes"), required=False)

    def __init__(self, *args: Any, members: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for person in members:
            self.fields[f"absent_{person.pk}"] = forms.BooleanField(
                label=person.full_name,
                required=False,
                widget=forms.CheckboxInput({"class": "form-check-input"}),
            )
            reason = forms.TextInput({"class": "form-control", "placeholder": gettext_lazy("Reason")})
            self.fields[f"reason_{person.pk}"] = forms.CharField(
                label=gettext_lazy("Reason"), max_length=300, required=False, widget=reason
            )

    @staticmethod
    def initial_of(row: Meeting) -> dict[str, Any]:
        """Return what is recorded already."""
        shown: dict[str, Any] = {"minutes": row.minutes, "symbol": row.minutes_symbol, "version": row.version}
        for seat in row.attendance.all():
            shown[f"absent_{seat.person_id}"] = not seat.present
            shown[f"reason_{seat.person_id}"] = seat.reason
        return shown

    @property
    def seats(self) -> Iterator[Seat]:
        """Yield the members in order."""
        for person in self.members:
            yield Seat(person, self[f"absent_{person.pk}"], self[f"reason_{person.pk}"])

    @property
    def lost_files(self) -> bool:
        """Return whether the person has to choose files again: no browser keeps them."""
        return bool(self.files) and bool(self.errors) and "uploads" not in self.errors

    def clean_symbol(self) -> str:
        """Take the number of a document only."""
        symbol = " ".join(self.cleaned_data["symbol"].split())
        return checked_number(symbol) if symbol else ""

    def clean(self) -> dict[str, Any]:
        """Ask to tick who was not there where a reason is given."""
        facts = super().clean()
        for person in self.members:
            if facts.get(f"reason_{person.pk}") and not facts.get(f"absent_{person.pk}"):
                words = gettext_lazy("Tick that %(name)s was absent, or leave the reason out.")
                self.add_error(None, ValidationError(words, params={"name": person.full_name}))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = self.cleaned_data
        absent = {p.pk: data[f"reason_{p.pk}"] for p in self.members if data[f"absent_{p.pk}"]}
        files = tuple(Upload.of(file) for file in data["uploads"])
        plain = {name: data[name] for name in ("minutes", "symbol", "version")}
        return {**plain, "absent": absent, "files": files}
