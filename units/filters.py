"""Filters of the tree of units."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainSearch, PlainSelect
from units.models import Unit, UnitKind


class UnitFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """Words of the name, with or without accents, and kind."""

    q = filters.CharFilter(method="by_words", label=_("Name or code"), widget=PlainSearch)
    kind = filters.ModelChoiceFilter(
        queryset=UnitKind.objects.all(), label=_("Kind"), empty_label=_("All kinds"), widget=PlainSelect
    )

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ()

    def by_words(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the units whose names hold every word."""
        found: QuerySet[Any] = queryset.matching(value)  # type: ignore[attr-defined]  # our queryset
        return found
