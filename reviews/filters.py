"""The filter of the list of meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainNumber, PlainSelect
from plans.filters import OwnFilterSet, UnitSubtreeFilter
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.enums import BODY_CHOICES, MeetingState
from reviews.models import Meeting


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
