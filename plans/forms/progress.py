"""What a unit says about its work: the two-click report, and the decisions about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.actions.deadlines import Proof
from plans.enums import Deliverable
from plans.forms.seen import VersionForm
from plans.models import Deadline
from plans.validators import sane_day, validate_evidence

STEPS = (10, 25, 50, 75, 90)


class FilesInput(forms.ClearableFileInput):
    """Several files at once; on a phone the camera is one of the sources."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, each checked on its own."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files, none larger or of another kind than allowed."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        for file in files:
            validate_evidence(file, limit=settings.UPLOAD_MAX_BYTES)
        return files


class ReportForm(VersionForm):
    """One optional sentence and proof; the button says whether the work is done or how far it is."""

    text = forms.CharField(
        label=_("What was done"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )
    value = forms.DecimalField(label=_("Figure reached"), max_digits=16, decimal_places=2, required=False)
    uploads = FilesField(
        label=_("Photos or files"), required=False, help_text=_("PDF, Word, Excel or pictures; several at once.")
    )
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https", max_length=500)
    document_number = forms.CharField(label=_("Number of a document"), required=False, max_length=60)
    difficulty = forms.CharField(
        label=_("Difficulty, if any"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The level above owes an answer."),
    )
    percent = forms.TypedChoiceField(
        label=_("How far"),
        choices=[(n, f"{n} %") for n in STEPS],
        coerce=int,
        required=False,
        empty_value="50",
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"percent": _nearest_step(deadline.percent)})
        super().__init__(*args, deadline=deadline, **kwargs)
        self.owes = deadline.solution.deliverable
        if self.owes != Deliverable.VALUE:
            del self.fields["value"]

    def clean(self) -> dict[str, Any]:
        """Say that files have to be chosen again when something else is wrong: no browser keeps them."""
        super().clean()
        if self.errors and self.files and "uploads" not in self.errors:
            self.add_error("uploads", _("Choose the files again: they are not kept when something else is wrong."))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """Return what the actions `submit` and `report_progress` both take."""
        data = self.cleaned_data
        proof = Proof(tuple(data["uploads"] or ()), data["link"], data["document_number"])
        return {
            "text": data["text"],
            "difficulty": data["difficulty"],
            "value": data.get("value"),
            "proof": proof,
            "version": data["version"],
        }


class ReasonForm(VersionForm):
    """Why a result is returned or work is called off."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class WithdrawForm(VersionForm):
    """Why a report is taken back; nobody has to say it."""

    reason = forms.CharField(
        label=_("Reason, if you want to give one"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class HoldForm(VersionForm):
    """Why work is put on hold, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))
    until = forms.DateField(
        label=_("On hold until"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=_("The day after, the work goes on by itself. Empty: until somebody takes it off hold."),
    )


class ResumeForm(VersionForm):
    """The last day when work goes on."""

    due_on = forms.DateField(
        label=_("New last day"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=_("Empty: the last day stays as it is, however long the hold was."),
    )


class DateForm(VersionForm):
    """A day for work that has none."""

    due_on = forms.DateField(label=_("Last day"), help_text=_("dd/mm/yyyy"), validators=[sane_day])


def _nearest_step(percent: int) -> int:
    return next((n for n in STEPS if n >= percent), STEPS[-1])
