"""The form of a quota of days at the grassroots, and which year and quarter a page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.validators import FIRST_YEAR, LAST_YEAR, sane_day
from reviews.enums import QuotaMeasure, QuotaScope, TripKind
from reviews.models import FieldTripQuota
from reviews.models.trip_quota import MOST_DAYS, REGISTER_AHEAD, REPORT_DAYS
from reviews.quarters import QUARTERS, quarter_of
from units.models import Post, UnitKind, User

MOST_AHEAD = 90
YEARS_OFFERED = 5


def _number(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, localize=False, help_text=help_text)


class QuotaForm(DraftSeenForm):
    """A quota as a plan states it. A new one carries no version."""

    field_order = (
        "name", "year", "amount", "measure", "until", "scope", "body", "people", "full_time", "joint", "kinds",
        "register_ahead", "report_days",
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("Such as: 60 ngày đi cơ sở, or 1 + 2.")
    )
    year = _number(gettext_lazy("Year"), FIRST_YEAR, LAST_YEAR)
    amount = _number(gettext_lazy("Amount"), 1, MOST_DAYS)
    measure = forms.ChoiceField(
        label=gettext_lazy("Measured in"),
        choices=QuotaMeasure,
        widget=PlainSelect,
        help_text=gettext_lazy("Two months are 60 days."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day that counts"),
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("dd/mm/yyyy. “Before 15/12” means 14/12."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Holds for"), choices=QuotaScope, widget=PlainSelect)
    body = forms.ChoiceField(label=gettext_lazy("Members of"), required=False, widget=PlainSelect)
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Persons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    full_time = forms.BooleanField(label=gettext_lazy("Full-time posts only"), required=False)
    joint = forms.BooleanField(
        label=gettext_lazy("Owed jointly"),
        required=False,
        help_text=gettext_lazy("The days of all are added up; a day on which several were out counts once."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of trip that count"),
        choices=TripKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all."),
    )
    register_ahead = _number(gettext_lazy("Registered so many days before the quarter"), 1, MOST_AHEAD)
    report_days = _number(gettext_lazy("Report owed so many days after the trip"), 0, MOST_AHEAD)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = "version" in self.initial
        self.by_key = {str(person.pk): person for person in people}
        offered: Any = self.fields["people"]
        offered.choices = [(pk, person.full_name) for pk, person in self.by_key.items()]
        body: Any = self.fields["body"]
        body.choices = [("", "–"), *Post.Body.choices]

    @staticmethod
    def initial_of_new(today: dt.date) -> dict[str, Any]:
        """Return what a new quota begins with."""
        ends = dt.date(today.year, 12, 31)
        return {"year": today.year, "until": ends, "register_ahead": REGISTER_AHEAD, "report_days": REPORT_DAYS}

    @staticmethod
    def initial_of(row: FieldTripQuota) -> dict[str, Any]:
        """Return the present values."""
        plain = (
            "name", "year", "amount", "measure", "until", "scope", "body", "full_time", "joint", "kinds",
            "register_ahead", "report_days", "version",
        )  # fmt: skip
        return {n: getattr(row, n) for n in plain} | {"people": [str(p.pk) for p in row.people.all()]}

    def clean(self) -> dict[str, Any]:
        """Ask for the body, or the persons, that the quota holds for."""
        facts = super().clean()
        if facts.get("scope") == QuotaScope.BODY and not facts.get("body"):
            self.add_error("body", _("Name the body whose members the quota holds for."))
        if facts.get("scope") == QuotaScope.PEOPLE and not facts.get("people"):
            self.add_error("people", _("Tick the persons the quota holds for."))
        if facts.get("scope") != QuotaScope.BODY:
            facts["body"] = ""
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        values = dict(self.cleaned_data)
        values.pop("version", None)
        return {"people": [self.by_key[pk] for pk in values.pop("people")], "values": values}


class QuarterForm(forms.Form):
    """Which quarter a page shows."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False, widget=PlainSelect)
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("Quarter"),
        coerce=int,
        required=False,
        choices=[(n, str(n)) for n in QUARTERS],
        widget=PlainSelect,
    )

    def __init__(self, data: Any, *, today: dt.date) -> None:
        self.default = (today.year, quarter_of(today))
        super().__init__(data or {"year": str(today.year), "quarter": str(self.default[1])})
        years: Any = self.fields["year"]
        years.choices = _years(today)

    @property
    def chosen(self) -> tuple[int, int]:
        """Return year and quarter asked for, those of today for nonsense."""
        if not self.is_valid():
            return self.default
        return self.cleaned_data["year"] or self.default[0], self.cleaned_data["quarter"] or self.default[1]


class CoverageForm(forms.Form):
    """Which year and kind of units the coverage shows."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False, widget=PlainSelect)
    kind: Any = forms.ModelChoiceField(
        queryset=UnitKind.objects.filter(has_subtree=True),
        label=gettext_lazy("Kind of unit"),
        required=False,
        empty_label=gettext_lazy("Right below the union"),
        widget=PlainSelect,
    )

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data or {"year": str(today.year)})
        self.today = today
        years: Any = self.fields["year"]
        years.choices = _years(today)

    @property
    def chosen(self) -> tuple[int, UnitKind | None]:
        """Return year and kind asked for, this year and none for nonsense."""
        self.full_clean()
        return self.cleaned_data.get("year") or self.today.year, self.cleaned_data.get("kind")


def _years(today: dt.date) -> list[tuple[int, str]]:
    return [(year, str(year)) for year in range(today.year + 1, today.year + 1 - YEARS_OFFERED, -1)]
