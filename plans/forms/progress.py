"""What a unit says about its work: the two-click report, and the decisions about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.enums import Deliverable
from plans.forms.evidence import ProofForm
from plans.forms.seen import GREATEST, SeenForm, VersionForm
from plans.models import Deadline
from plans.validators import sane_day

STEPS = (10, 25, 50, 75, 90)


class ReportForm(ProofForm, SeenForm):
    """One optional sentence and proof; the button says whether the work is done or how far it is."""

    seen = "version"

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)
    text = forms.CharField(
        label=_("What was done"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )
    value = forms.DecimalField(label=_("Figure reached"), max_digits=14, decimal_places=2, required=False)
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
        kwargs.setdefault("initial", {"version": deadline.version, "percent": _nearest_step(deadline.percent)})
        super().__init__(*args, deadline=deadline, **kwargs)
        self.owes = deadline.solution.deliverable
        if self.owes != Deliverable.VALUE:
            del self.fields["value"]

    def facts(self) -> dict[str, Any]:
        """Return what the actions `submit` and `report_progress` both take."""
        data = self.cleaned_data
        return {
            "text": data["text"],
            "difficulty": data["difficulty"],
            "value": data.get("value"),
            "proof": self.proof(),
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
