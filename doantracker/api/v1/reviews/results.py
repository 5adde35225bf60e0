"""The register of what inspections concluded and meetings decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import AskedId, AskedUnit, lists
from doantracker.api.v1.answers import PageQuery, page
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import PersonRef, Text, person_ref
from doantracker.lib import clock
from reviews.enums import ResultSource, ResultState
from reviews.filters import ResultFilter
from reviews.results import RELATED as RELATED_OF_RESULT
from reviews.results import lines_of, results_of

router = Router(tags=["inspections"])


class RegisterLineOut(Schema):
    """A line of the register of conclusions: what an inspection concluded or a meeting decided. `id`: the solution."""

    id: int
    text: str
    source: ResultSource
    source_title: str = Field(description="The inspection or meeting it comes from.")
    unit: str = Field(description="The name of the unit that owes it.")
    follower: PersonRef | None
    due_on: dt.date | None = Field(description="The last day of what is still owed.")
    state: ResultState
    overdue: bool = Field(description="The last day has passed.")


class RegisterQuery(PageQuery):
    """Which lines of the register: the filters of its page."""

    q: Annotated[Text | None, Field(max_length=200)] = Field(default=None, description="Words of its text.")
    unit: AskedUnit = None
    source: ResultSource | None = None
    follower: AskedId = Field(default=None, description="The id of the person who follows it.")
    state: ResultState | None = None
    overdue: bool | None = None


@lists(router, "/results", RegisterLineOut, "RegisterPage", "List the register of conclusions")
def result_list(request: Call, asked: Query[RegisterQuery]) -> Any:
    """List what inspections concluded and meetings decided, with its state."""
    rows = narrowed(ResultFilter, asked, results_of(request.user), request)
    return page(request, rows.select_related(*RELATED_OF_RESULT), asked, RegisterLineOut, _lines)


def _lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = lines_of(list(rows), clock.today())
    plain = ("text", "source", "unit", "due_on", "state", "overdue")
    return [
        {
            "id": row.pk,
            **{name: getattr(line, name) for name in plain},
            "source_title": line.source_label,
            "follower": person_ref(line.follower),
        }
        for row, line in zip(rows, found, strict=True)
    ]
