"""The filters of the lists of reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainNumber, PlainSearch, PlainSelect
from plans.filters import OwnFilterSet, UnitSubtreeFilter
from plans.models import Solution
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.enums import (
    BODY_CHOICES,
    InspectionKind,
    InspectionState,
    MeetingState,
    ProposalState,
    ResultSource,
    ResultState,
    SurveyState,
    TripKind,
    TripState,
)
from reviews.models import CommendationProposal, FieldTrip, FieldTripQuota, Inspection, Meeting, Survey
from reviews.quarters import QUARTERS
from reviews.results import overdue
from units.models import Unit, User


class MeetingFilter(OwnFilterSet):
    """Unit, body, state, year."""

    unit = UnitSubtreeFilter(path="unit__path", label=_("Unit"), choices=[])
    body = filters.ChoiceFilter(choices=BODY_CHOICES, label=_("Body"), empty_label=_("Any"), widget=PlainSelect)
    state = filters.ChoiceFilter(
        method="by_state", choices=MeetingState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )
    year = filters.NumberFilter(
        method="by_year", label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=PlainNumber
    )

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the meetings in one state."""
        return queryset.in_state(value)  # type: ignore[attr-defined]  # ours

    def by_year(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the meetings of one year."""
        year = int(value)
        return queryset.between(dt.date(year, 1, 1), dt.date(year, 12, 31))  # type: ignore[attr-defined]  # ours


class SurveyFilter(OwnFilterSet):
    """Unit that surveys, state, year of the period."""

    unit = UnitSubtreeFilter(path="unit__path", label=_("Unit that surveys"), choices=[])
    state = filters.ChoiceFilter(
        method="by_state", choices=SurveyState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )
    year = filters.NumberFilter(
        method="by_year", label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=PlainNumber
    )

    class Meta:
        model = Survey
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the surveys in one state."""
        return queryset.in_state(value)  # type: ignore[attr-defined]  # ours

    def by_year(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the surveys whose period touches one year."""
        year = int(value)
        return queryset.filter(period_start__lte=dt.date(year, 12, 31), period_end__gte=dt.date(year, 1, 1))


class CommendationFilter(OwnFilterSet):
    """Year, unit that proposes, state, form of commendation."""

    year = filters.NumberFilter(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=PlainNumber)
    unit = UnitSubtreeFilter(path="proposing_unit__path", label=_("Proposed by"), choices=[])
    state = filters.ChoiceFilter(
        choices=ProposalState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )
    award = filters.ChoiceFilter(choices=[], label=_("Form of commendation"), empty_label=_("Any"), widget=PlainSelect)

    class Meta:
        model = CommendationProposal
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Any], user: Any, today: dt.date) -> None:
        super().__init__(data, queryset=queryset, user=user, today=today)
        self.filters["award"].extra["choices"] = [(name, name) for name in settings.COMMENDATION_FORMS]

    @staticmethod
    def year_of(data: Any, today: dt.date) -> int:
        """Return the year asked for, this one for nonsense."""
        asked = data.get("year", "")
        return int(asked) if asked in {str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)} else today.year


GREATEST_ID = 2**53


def _from_a_number(method: str) -> filters.NumberFilter:
    return filters.NumberFilter(method=method, min_value=1, max_value=GREATEST_ID, widget=forms.HiddenInput)


class TripFilter(OwnFilterSet):
    """Unit, state, kind, year, quarter; from the numbers of other pages: a person, a quota, a unit visited."""

    unit = UnitSubtreeFilter(path="unit__path", label=_("Unit"), choices=[])
    state = filters.ChoiceFilter(choices=TripState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect)
    kind = filters.ChoiceFilter(choices=TripKind.choices, label=_("Kind"), empty_label=_("Any"), widget=PlainSelect)
    year = filters.NumberFilter(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=PlainNumber)
    quarter = filters.ChoiceFilter(
        choices=[(str(n), str(n)) for n in QUARTERS], label=_("Quarter"), empty_label=_("Any"), widget=PlainSelect
    )
    person = _from_a_number("by_person")
    quota = _from_a_number("by_quota")
    visited = _from_a_number("by_visited")

    class Meta:
        model = FieldTrip
        fields: tuple[str, ...] = ()

    def by_person(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the trips on which one person goes."""
        return queryset.filter(members__person=int(value))

    def by_quota(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the trips whose days count for a quota."""
        quota = FieldTripQuota.objects.visible_to(self.user).filter(pk=int(value)).first()
        return queryset.of_quota(quota).gone() if quota else queryset.none()  # type: ignore[attr-defined]  # ours

    def by_visited(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the trips that took place to a unit or below it."""
        unit = Unit.objects.filter(pk=int(value)).first()
        if unit is None:
            return queryset.none()
        to_it = FieldTrip.objects.filter(units__path__range=(unit.path, unit.path_end)).order_by().values("pk")
        return queryset.gone().filter(pk__in=to_it)  # type: ignore[attr-defined]  # ours


class InspectionFilter(OwnFilterSet):
    """Year, the unit that inspects, kind, state. The year is the page's own: the rows are of one already."""

    year = filters.NumberFilter(
        method="as_it_is", label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=PlainNumber
    )
    unit = UnitSubtreeFilter(path="programme__unit__path", label=_("Unit that inspects"), choices=[])
    kind = filters.ChoiceFilter(
        choices=InspectionKind.choices, label=_("Kind"), empty_label=_("Any"), widget=PlainSelect
    )
    state = filters.ChoiceFilter(
        choices=InspectionState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = ()

    def as_it_is(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Keep all rows."""
        return queryset


class ResultFilter(OwnFilterSet):
    """Text, unit, source, who follows it, state, overdue."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="lead_unit__path", label=_("Unit"), choices=[])
    source = filters.ChoiceFilter(
        method="by_source", choices=ResultSource.choices, label=_("Source"), empty_label=_("Any"), widget=PlainSelect
    )
    follower = filters.ChoiceFilter(
        field_name="overseer", choices=[], label=_("Followed by"), empty_label=_("Anybody"), widget=PlainSelect
    )
    state = filters.ChoiceFilter(
        field_name="result", choices=ResultState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )
    overdue = filters.BooleanFilter(
        method="by_overdue", label=_("Overdue"), widget=forms.CheckboxInput({"class": "form-check-input"})
    )

    class Meta:
        model = Solution
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Any], user: User, today: dt.date) -> None:
        super().__init__(data, queryset=queryset, user=user, today=today)
        people = User.objects.filter(pk__in=queryset.order_by().values("overseer")).order_by("sort_key", "pk")
        self.filters["follower"].extra["choices"] = [
            (str(pk), name) for pk, name in people.values_list("pk", "full_name")
        ]

    def by_source(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what comes of inspections, or of meetings."""
        return queryset.filter(conclusion__isnull=value != ResultSource.INSPECTION)

    def by_overdue(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what is still owed after its day."""
        return overdue(queryset, self.today) if value else queryset
