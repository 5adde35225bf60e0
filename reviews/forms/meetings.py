"""Forms of a meeting: planned, changed, a year of them; who sits in the body is offered by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.models import Event
from plans.validators import FIRST_YEAR, LAST_YEAR, sane_day
from reviews.bodies import bodies_of, members_of
from reviews.enums import MeetingKind
from reviews.models import Meeting
from reviews.year_days import LATEST_DAY, monthly_rule
from units.models import Post, Unit, User

MOST_DAYS = 40  # ticked at once
NO_CHOICE: tuple[tuple[str, Any], ...] = (("", "–"),)


def _time(**kwargs: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    return forms.TimeField(label=gettext_lazy("Begins at"), required=False, widget=widget, **kwargs)


class FactsForm(forms.Form):
    """What is said of a meeting besides its day and body."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Empty: the usual one, such as “Phiên họp Ban Thường vụ tháng 3/2026”."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=MeetingKind, initial=MeetingKind.REGULAR, widget=PlainSelect
    )
    starts_at = _time()
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    chair = forms.ChoiceField(label=gettext_lazy("Chair"), required=False, widget=PlainSelect)
    secretary = forms.ChoiceField(label=gettext_lazy("Secretary of the meeting"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [*NO_CHOICE, *((pk, person.full_name) for pk, person in self.people.items())]
        for name in ("chair", "secretary"):
            field: Any = self.fields[name]
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse one person for both."""
        facts = super().clean() or {}
        if facts.get("chair") and facts["chair"] == facts.get("secretary"):
            self.add_error("secretary", _("The chair can't keep the minutes too. Name another secretary."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return the values that the acts take."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("title", "kind", "starts_at", "place")}
        return plain | {name: self.people.get(data[name]) for name in ("chair", "secretary")}


class NewMeetingForm(FactsForm):
    """A meeting to plan."""

    field_order = ("body", "event", "day", "starts_at", "kind", "title", "place", "chair", "secretary")
    body = forms.ChoiceField(label=gettext_lazy("Body"), widget=PlainSelect)
    event = forms.ChoiceField(
        label=gettext_lazy("Plans wait for it already"),
        required=False,
        widget=PlainSelect,
        help_text=gettext_lazy("A meeting that plans name: what hangs on it gets its last day from this meeting."),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("dd/mm/yyyy. Empty: not known yet; it can be given at any time."),
    )

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        self.bodies = bodies_of(unit, today)
        super().__init__(*args, people=members_of(unit, Post.Body.EXECUTIVE_COMMITTEE, today), **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(b.value, b.label) for b in self.bodies]
        self.events = {str(e.pk): e for e in waited_for(unit)}
        event: Any = self.fields["event"]
        event.choices = [*NO_CHOICE, *((pk, _event_label(e)) for pk, e in self.events.items())]
        if not self.events:
            del self.fields["event"]

    @property
    def chosen_event(self) -> Event | None:
        """Return the event that the meeting becomes."""
        return self.events.get(self.cleaned_data.get("event", ""))


class ChangeMeetingForm(FactsForm, DraftSeenForm):
    """A meeting to change, in the version that was seen."""

    @staticmethod
    def initial_of(row: Meeting) -> dict[str, Any]:
        """Return the present values."""
        plain = {name: getattr(row, name) for name in ("title", "kind", "starts_at", "place", "version")}
        return plain | {"chair": row.chair_id, "secretary": row.secretary_id}


class YearForm(forms.Form):
    """By which rule a body meets in a year."""

    body = forms.ChoiceField(label=gettext_lazy("Body"), widget=PlainSelect)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)
    on = forms.TypedChoiceField(label=gettext_lazy("Every month on"), coerce=int, widget=PlainSelect)
    starts_at = _time()
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)

    def __init__(self, *args: Any, bodies: Sequence[Post.Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(b.value, b.label) for b in bodies]
        on: Any = self.fields["on"]
        days = [(str(n), _("day %(number)d") % {"number": n}) for n in range(1, LATEST_DAY + 1)]
        on.choices = [*days, ("0", _("the last working day"))]

    @property
    def rule(self) -> str:
        """Return the rule as plans keep it."""
        return monthly_rule(self.cleaned_data["on"])

    def facts(self) -> dict[str, Any]:
        """Return what is said of each meeting."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "place")}


def ticked_days(sent: Sequence[str]) -> list[dt.date]:
    """Return the days ticked in the preview of a year; what is no day is left out."""
    found = []
    for text in sent[:MOST_DAYS]:
        try:
            found.append(dt.date.fromisoformat(text))
        except ValueError:
            continue
    return found


def waited_for(unit: Unit) -> list[Event]:
    """Return the meetings that published plans of `unit` name and that nobody has planned yet."""
    rows = Event.objects.filter(unit=unit, kind="meeting", cancelled=False, meeting__isnull=True)
    return list(rows.filter(plan__status="published").select_related("plan").order_by("plan", "pk"))


def _event_label(event: Event) -> str:
    plan = event.plan.symbol or event.plan.title[:60] if event.plan else ""
    return f"{event.name[:120]} ({plan})"
