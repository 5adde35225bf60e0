"""Forms of an item of an agenda and of a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.forms.units import UnitNameField, UnitNamesField
from plans.phrase_reading import LONGEST
from plans.resolving import UnitNames
from plans.validators import LONGEST_TEXT, sane_day
from reviews.actions.agenda import MOST_PAPER_DAYS
from reviews.bodies import members_of
from reviews.forms.meetings import NO_CHOICE
from reviews.models import AgendaItem, Meeting
from units.models import User

DIGITS = 18  # of an id
MOST_TICKED = 60


class ItemForm(DraftSeenForm):
    """What an item is about, who presents it, and the paper owed before. A new one carries no version."""

    field_order = ("title", "presenter_unit", "presenter", "paper_days")
    title = forms.CharField(label=gettext_lazy("Item"), max_length=500, widget=forms.Textarea({"rows": 2}))
    presenter_unit = UnitNameField(label=gettext_lazy("Presented by (unit)"), required=False)
    presenter = forms.ChoiceField(label=gettext_lazy("Presented by (person)"), required=False, widget=PlainSelect)
    paper_days = forms.IntegerField(
        label=gettext_lazy("Paper owed so many days before"),
        required=False,
        min_value=0,
        max_value=MOST_PAPER_DAYS,
        localize=False,
        help_text=gettext_lazy("Empty: no paper. The unit gets a deadline that moves with the meeting."),
    )

    def __init__(self, *args: Any, names: UnitNames, people: Sequence[User], changed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = changed
        self.names = names
        unit: Any = self.fields["presenter_unit"]
        unit.names = names
        self.people = {str(person.pk): person for person in people}
        _offer_people(self, "presenter", self.people)

    @staticmethod
    def initial_of(item: AgendaItem, version: int) -> dict[str, Any]:
        """Return the present values."""
        shown = {"title": item.title, "presenter_unit": item.presenter_unit, "presenter": item.presenter_id}
        return shown | {"version": version}

    def clean(self) -> dict[str, Any]:
        """Ask for the unit where a paper is wanted."""
        facts = super().clean()
        asked = facts.get("paper_days") is not None
        if asked and not facts.get("presenter_unit") and "presenter_unit" not in self.errors:
            self.add_error("presenter_unit", _("Name the unit that presents the item: it owes the paper."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        data = self.cleaned_data
        values = {"title": data["title"], "presenter_unit": data["presenter_unit"]}
        values["presenter"] = self.people.get(data["presenter"])
        return {"values": values, "paper_days": data.get("paper_days")}


class DecisionForm(forms.Form):
    """What was decided, who leads and supports it, and by when."""

    field_order = ("text", "item", "lead_unit", "supporting_units", "overseer", "due", "phrase", "until")
    text = forms.CharField(
        label=gettext_lazy("What was decided"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4})
    )
    item = forms.ChoiceField(label=gettext_lazy("About item"), required=False, widget=PlainSelect)
    lead_unit = UnitNameField(label=gettext_lazy("Lead unit"), must_lead=True)
    supporting_units = UnitNamesField(label=gettext_lazy("Supporting units"), required=False)
    overseer = forms.ChoiceField(label=gettext_lazy("Leader in charge"), required=False, widget=PlainSelect)
    due = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("dd/mm/yyyy"),
    )
    phrase = forms.CharField(
        label=gettext_lazy("Or in words"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Such as: trước ngày 15/5/2026, trong quý II, hằng tháng."),
    )
    until = forms.ChoiceField(
        label=gettext_lazy("Or at a meeting"),
        required=False,
        widget=PlainSelect,
        help_text=gettext_lazy("The last day moves with that meeting."),
    )

    def __init__(self, *args: Any, meeting: Meeting, names: UnitNames, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        for name in ("lead_unit", "supporting_units"):
            field: Any = self.fields[name]
            field.names = names
        self.people = {str(p.pk): p for p in members_of(meeting.unit, meeting.body, today)}
        _offer_people(self, "overseer", self.people)
        self.items = {str(item.pk): item for item in meeting.items.all()}
        item_field: Any = self.fields["item"]
        item_field.choices = [*NO_CHOICE, *((pk, str(item)[:120]) for pk, item in self.items.items())]
        coming = Meeting.objects.in_state("meeting_planned").filter(unit=meeting.unit_id).exclude(pk=meeting.pk)
        self.meetings = {str(m.pk): m for m in coming.select_related("event").order_by("event__day", "pk")}
        until: Any = self.fields["until"]
        until.choices = [*NO_CHOICE, *((pk, _dated(m)) for pk, m in self.meetings.items())]

    def clean(self) -> dict[str, Any]:
        """Ask for the time in exactly one way."""
        facts = super().clean() or {}
        ways = ("due", "phrase", "until")
        if not any(way in self.errors for way in ways) and sum(bool(facts.get(way)) for way in ways) != 1:
            self.add_error("due", _("Say by when in one way: a day, words, or another meeting."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = dict(self.cleaned_data)
        data["item"] = self.items.get(data["item"])
        data["until"] = self.meetings.get(data["until"])
        data["overseer"] = self.people.get(data["overseer"])
        return data


def ticked_ids(sent: QueryDict) -> set[int]:
    """Return the ids ticked among the proposals; any may stand in a request."""
    return {int(v) for v in sent.getlist("pick")[:MOST_TICKED] if v.isascii() and v.isdecimal() and len(v) <= DIGITS}


def _offer_people(form: forms.Form, name: str, people: dict[str, User]) -> None:
    field: Any = form.fields[name]
    field.choices = [*NO_CHOICE, *((pk, person.full_name) for pk, person in people.items())]


def _dated(meeting: Meeting) -> str:
    day = meeting.planned_on
    return f"{meeting.title} ({day:%d/%m/%Y})" if day else meeting.title
