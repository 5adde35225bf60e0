"""Forms of a field trip: registered, recorded, its papers, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.actions.proof import Upload
from plans.evidence_files import ENDINGS
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField
from plans.forms.units import UnitNamesField
from plans.resolving import UnitNames
from plans.validators import LONGEST_TEXT, sane_day
from reviews.enums import TripKind
from reviews.models import FieldTrip
from units.models import Unit, User

DAY_FORMAT = gettext_lazy("dd/mm/yyyy")


def _day(label: Any, help_text: Any = DAY_FORMAT) -> forms.DateField:
    return forms.DateField(label=label, widget=PlainDate, validators=[sane_day], help_text=help_text)


class TripForm(DraftSeenForm):
    """What is registered: when, where, who, what for. A new one carries no version."""

    field_order = ("planned_from", "planned_to", "kind", "units", "purpose", "leader", "party")
    planned_from = _day(gettext_lazy("First day"))
    planned_to = _day(gettext_lazy("Last day of the trip"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TripKind, widget=PlainSelect)
    units = UnitNamesField(label=gettext_lazy("Units visited"))
    purpose = forms.CharField(
        label=gettext_lazy("Purpose and content"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )
    leader = forms.ChoiceField(label=gettext_lazy("Leader of the party"), widget=PlainSelect)
    party = forms.MultipleChoiceField(
        label=gettext_lazy("Who goes along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The leader need not be ticked."),
    )

    def __init__(self, *args: Any, unit: Unit, people: Sequence[User], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = "version" in self.initial
        self.names = UnitNames.below(unit, today)
        units: Any = self.fields["units"]
        units.names = self.names
        self.people = {str(person.pk): person for person in people}
        choices = [(pk, person.full_name) for pk, person in self.people.items()]
        for name in ("leader", "party"):
            field: Any = self.fields[name]
            field.choices = choices

    @staticmethod
    def initial_of(row: FieldTrip) -> dict[str, Any]:
        """Return what is registered now."""
        shown = {name: getattr(row, name) for name in ("planned_from", "planned_to", "kind", "purpose", "version")}
        shown["party"] = [str(m.person_id) for m in row.members.all() if m.person_id != row.leader_id]
        return shown | {"leader": str(row.leader_id), "units": list(row.units.all())}

    def clean(self) -> dict[str, Any]:
        """Ask for days in order."""
        facts = super().clean()
        first, last = facts.get("planned_from"), facts.get("planned_to")
        if first and last and last < first:
            self.add_error("planned_to", _("The last day lies before the first. Correct one of the two dates."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        data = self.cleaned_data
        values = {name: data[name] for name in ("planned_from", "planned_to", "kind", "purpose")}
        values["leader"] = self.people[data["leader"]]
        return {"values": values, "party": [self.people[pk] for pk in data["party"]], "units": data["units"]}


class EndForm(DraftSeenForm):
    """On which days the trip took place."""

    actual_from = _day(gettext_lazy("Left on"))
    actual_to = _day(gettext_lazy("Came back on"), gettext_lazy("dd/mm/yyyy. Both days count."))

    @staticmethod
    def initial_of(row: FieldTrip) -> dict[str, Any]:
        """Return the days known: those registered until the trip is recorded."""
        return {"actual_from": row.starts_on, "actual_to": row.ends_on, "version": row.version}


class PaperForm(DraftSeenForm):
    """A brief or a report: written here, or a file."""

    accepted = ",".join((*ENDINGS, "image/*"))

    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 10})
    )
    uploads = FilesField(label=gettext_lazy("Files"), required=False)

    @property
    def lost_files(self) -> bool:
        """Return whether the person has to choose files again: no browser keeps them."""
        return bool(self.files) and bool(self.errors) and "uploads" not in self.errors

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        data = self.cleaned_data
        files = tuple(Upload.of(file) for file in data["uploads"])
        return {"text": data["text"], "files": files, "version": data["version"]}


class CancelForm(DraftSeenForm):
    """Why a trip is called off."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ApproveForm(DraftSeenForm):
    """The trip as it was seen when it was approved."""
