"""Forms of an event: its name, kind and keeper; its day; the reason for calling it off."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from plans.enums import EventKind
from plans.forms.seen import GREATEST, SeenForm
from plans.forms.units import UnitNameField, offered
from plans.models import Event
from plans.resolving import UnitNames
from plans.validators import sane_day

DIGITS = 18  # of an id
MOST_TICKS = 2000


class EventForm(forms.Form):
    """What an event is and who gives its day."""

    name = forms.CharField(
        label=_("Name of the event"), max_length=300, help_text=_("Such as: the meeting of the standing committee.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices, initial=EventKind.OTHER)
    keeper = UnitNameField(
        label=_("Who keeps it"),
        required=False,
        help_text=_("This unit may give and move the day, besides the office of the issuer."),
    )

    def __init__(self, *args: Any, names: UnitNames, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("UnitNameField", self.fields["keeper"]).names = names
        self.offered = offered(names)


class NewEventForm(EventForm):
    """An event to make, with its day where that is known."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("dd/mm/yyyy. Empty: not known yet; it can be given at any time."),
        widget=PlainDate,
        validators=[sane_day],
    )


class ChangeEventForm(EventForm, SeenForm):
    """An event to change, in the version that was seen; its day moves on a page of its own."""

    seen = "version"
    missing = _("This page does not say what you saw. Look at the event as it is now, then press the button again.")

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)

    @staticmethod
    def shown(event: Event) -> dict[str, Any]:
        """Return the present values."""
        return {"name": event.name, "kind": event.kind, "keeper": event.keeper, "version": event.version}


class TicksForm(forms.Form):
    """Deadlines with a day of their own that a person ticked, and the state of the list that person saw."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Refuse more ticks than are read: nothing is left out silently."""
        if isinstance(self.data, QueryDict) and len(self.data.getlist("also")) > MOST_TICKS:
            words = _("More than %(most)s deadlines are ticked. Move the event first, then the others on the list.")
            self.add_error(None, words % {"most": MOST_TICKS})
        return self.cleaned_data

    @property
    def ticked(self) -> set[int]:
        """Return the ids ticked; any may stand in a request, and only what hangs on the event is touched."""
        sent = self.data.getlist("also")[:MOST_TICKS] if isinstance(self.data, QueryDict) else []
        return {int(v) for v in sent if v.isascii() and v.isdecimal() and len(v) <= DIGITS}


class EventDayForm(TicksForm):
    """The day an event is on from now on."""

    day = forms.DateField(
        label=_("Day of the event"), help_text=_("dd/mm/yyyy"), widget=PlainDate, validators=[sane_day]
    )


class CancelEventForm(TicksForm):
    """Why an event does not take place."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The units read it."), widget=forms.Textarea({"rows": 3})
    )
