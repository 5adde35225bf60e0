"""Forms of commendation proposals: proposing, deciding, taking back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField
from plans.forms.units import UnitNameField
from plans.resolving import UnitNames
from plans.validators import FIRST_YEAR, LAST_YEAR, limited_text, sane_day
from reviews.forms.papers import PaperForm, number_field, number_of
from reviews.levels import levels_of
from units.models import Unit


class ProposalForm(PaperForm):
    """A proposal."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)
    unit = UnitNameField(label=gettext_lazy("Unit commended, or unit of the person"))
    person = forms.CharField(
        label=gettext_lazy("Person commended"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Empty: the unit itself is commended."),
    )
    award = forms.ChoiceField(label=gettext_lazy("Form of commendation"), widget=PlainSelect)
    level = forms.ChoiceField(label=gettext_lazy("Level that is asked to commend"), widget=PlainSelect)
    merits = forms.CharField(
        label=gettext_lazy("Merits"), validators=[limited_text], widget=forms.Textarea({"rows": 6})
    )
    upload = FilesField(label=gettext_lazy("Report of achievements, minutes"), required=False)

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        self.names = UnitNames.below(unit, today)
        kwargs["initial"] = {"year": today.year, "unit": unit}
        super().__init__(*args, **kwargs)
        named: Any = self.fields["unit"]
        named.names = self.names
        self.levels = {str(u.pk): u for u in levels_of(unit)}
        award: Any = self.fields["award"]
        award.choices = [(name, name) for name in settings.COMMENDATION_FORMS]
        level: Any = self.fields["level"]
        level.choices = [(pk, u.name) for pk, u in self.levels.items()]

    def clean_person(self) -> str:
        """Return the name with single spaces."""
        return " ".join(self.cleaned_data["person"].split())

    def clean_level(self) -> Unit:
        """Return the level chosen."""
        return self.levels[self.cleaned_data["level"]]

    def facts(self) -> dict[str, Any]:
        """Return the values that the act takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "upload"}


class JudgeForm(DraftSeenForm):
    """Deciding about a proposal: the number and day of the decision, or the reason of a refusal."""

    number = number_field(gettext_lazy("Number of the decision"))
    day = forms.DateField(
        label=gettext_lazy("Day of the decision"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("dd/mm/yyyy"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, if it is refused"),
        required=False,
        validators=[limited_text],
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, last: bool, **kwargs: Any) -> None:
        """Ask for a decision only at the `last` level."""
        super().__init__(*args, **kwargs)
        if not last:
            del self.fields["number"], self.fields["day"]

    def clean_number(self) -> str:
        """Return the number as Union and State write it."""
        return number_of(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        """Ask for what the button pressed needs."""
        facts = super().clean()
        if self.data.get("decision") == "grant" and not self.errors and not (facts.get("number") and facts.get("day")):
            raise forms.ValidationError(_("Give the number and the day of the decision."))
        return facts


class WithdrawForm(DraftSeenForm):
    """Taking a proposal back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, validators=[limited_text], widget=forms.Textarea({"rows": 2})
    )
