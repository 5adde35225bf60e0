"""Lists narrowed by the filter sets of the pages: the same rows, the same limits to what a person may ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from doantracker.api.v1.answers import PageQuery
from doantracker.api.v1.auth import Call
from doantracker.api.v1.problems import form_refused
from doantracker.lib import clock

_OURS = frozenset(PageQuery.model_fields)


def narrowed(filters: type[Any], asked: PageQuery, rows: QuerySet[Any], request: Call) -> QuerySet[Any]:
    """Return the rows that the page with the same filter shows; raise ValidationError for a value it refuses.

    A unit or plan that the person does not see is refused like one that does not exist.
    """
    given = {n: str(v) for n, v in asked.model_dump(mode="json", exclude_none=True).items() if n not in _OURS}
    if not given:
        return rows
    chosen = filters(given, queryset=rows, user=request.user, today=clock.today())
    if not chosen.is_valid():
        raise form_refused(chosen.form, "query")
    found: QuerySet[Any] = chosen.qs
    return found
