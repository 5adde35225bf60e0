"""Changing what is published: another last day, another rule, one more commitment, days off; each with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate
from plans.actions.series import next_occurrences
from plans.enums import Kind
from plans.forms.records import ScheduleForm
from plans.labels import day_label, period_label
from plans.models import Deadline, Schedule
from plans.validators import sane_day

ONE, ALL = "one", "all"


def _reason() -> forms.CharField:
    widget = forms.Textarea({"rows": 2})
    words = gettext_lazy("The units read it with the notice, and it stays in the history.")
    return forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=widget, help_text=words)


class MoveForm(forms.Form):
    """A new last day for this occurrence: of this unit, or of all units that owe it."""

    due_on = forms.DateField(
        label=gettext_lazy("New last day"),
        help_text=gettext_lazy("dd/mm/yyyy"),
        widget=PlainDate,
        validators=[sane_day],
    )
    scope = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect, initial=ONE)
    reason = _reason()

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (ONE, _("only %(unit)s") % {"unit": deadline.unit.label}),
            (ALL, _("every unit that owes this occurrence")),
        ]
        cast("forms.ChoiceField", self.fields["scope"]).choices = choices

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {"due_on": self.cleaned_data["due_on"], "all_units": self.cleaned_data["scope"] == ALL}


class CommitmentForm(ScheduleForm):
    """A published commitment: its rule and who owes it, from which occurrence on, and why."""

    from_key = forms.ChoiceField(label=gettext_lazy("From which occurrence on"))
    reason = _reason()
    field_order = ("from_key", *ScheduleForm.field_order, "reason")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("fingerprint", None)
        self.fields["reason"].required = "preview" not in self.data  # what it means is told before anybody says why
        stored = self.instance
        if stored.pk:
            del self.fields["phrase"]  # the plan's own words stay what was printed
        if stored.pk and stored.kind == Kind.RECURRING and stored.rule:
            found = next_occurrences(stored, today)
            choices = [(o.key, " – ".join(filter(None, (period_label(o.key), day_label(o.due))))) for o in found]
            cast("forms.ChoiceField", self.fields["from_key"]).choices = choices
        else:
            del self.fields["from_key"]

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        given: dict[str, Any] = {"values": self.values()}
        if "from_key" in self.fields:
            given["from_key"] = self.cleaned_data["from_key"]
        return given

    class Meta(ScheduleForm.Meta):
        model = Schedule


class DaysOffForm(forms.Form):
    """Whether a day off moves to the next working day."""

    moves = forms.BooleanField(label=gettext_lazy("a day off moves to the next working day"), required=False)
    reason = _reason()

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {"moves": self.cleaned_data["moves"]}


class OffDaysForm(forms.Form):
    """Why deadlines on days off move."""

    reason = _reason()

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {}
