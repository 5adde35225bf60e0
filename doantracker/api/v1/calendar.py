"""The working calendar: everybody reads it, the administrator of every tree keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, done, reads, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import known_only
from doantracker.api.v1.types import Day, Sent, Text
from doantracker.lib import clock
from plans.actions.calendar import FIRST_YEAR, LAST_YEAR, enter_days, fill_calendar, take_out_day
from plans.day_lines import DayLine
from plans.models import CalendarDay, CalendarYear
from units.access import require
from units.administration import administers_all

router = Router(tags=["calendar"])
MOST_DAYS = 100
DayKind = Literal["off", "working"]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class SpecialDay(Schema):
    """A day that differs from the rule of the week."""

    day: dt.date
    kind: DayKind = Field(description="off: a day off; working: a day of the weekend worked in exchange.")
    name: str


class CalendarOut(Schema):
    """The special days of a year."""

    year: int
    filled: bool = Field(description="The public holidays are entered.")
    days: list[SpecialDay]


class CalendarQuery(Schema):
    """Which year."""

    year: Annotated[Year | None, Field(description="None: this one.")] = None


class FillIn(Sent):
    """The year whose public holidays are entered."""

    year: Annotated[Year, Field(strict=True)]


class SpecialDayIn(Sent):
    """A day off, or a day of the weekend worked in exchange."""

    day: Day
    kind: DayKind = Field(description="off: a day off; working: a day of the weekend worked in exchange.")
    name: Annotated[Text, Field(min_length=1, max_length=120)]


class DaysIn(Sent):
    """Special days; one that is there gets the new words."""

    days: Annotated[list[SpecialDayIn], Field(min_length=1, max_length=MOST_DAYS)]


class TakeOut(Sent):
    """A day for which the rule of the week holds again."""

    day: Day


class DaysChanged(Schema):
    """How many days changed."""

    changed: int


@router.get("/working-days", response=reads(CalendarOut), summary="Show the working calendar")
def working_days(request: Call, asked: Query[CalendarQuery]) -> Any:
    """List the days of a year that differ from the rule of the week."""
    known_only(request, asked)
    year = asked.year or clock.today().year
    days = [{"day": d.day, "kind": d.kind, "name": d.name} for d in CalendarDay.objects.filter(day__year=year)]
    return done({"year": year, "filled": CalendarYear.objects.filter(year=year).exists(), "days": days}, CalendarOut)


@router.post("/working-days", response=writes(DaysChanged), openapi_extra=KEYED, summary="Enter special days")
def enter(request: Call, sent: DaysIn) -> Any:
    """Enter days off and days of the weekend worked in exchange."""
    require(administers_all(request.user))
    lines = list({row.day: DayLine(row.day, row.kind, row.name) for row in sent.days}.values())
    return once(request, lambda: done({"changed": enter_days(lines=lines, by=request.user)}, DaysChanged))


@router.post(
    "/working-days/fill",
    response=writes(DaysChanged),
    openapi_extra=KEYED,
    summary="Enter the public holidays of a year",
)
def fill(request: Call, sent: FillIn) -> Any:
    """Enter the public holidays of a year that are missing."""
    require(administers_all(request.user))
    return once(request, lambda: done({"changed": fill_calendar(year=sent.year, by=request.user)}, DaysChanged))


@router.post(
    "/working-days/take-out",
    response=writes(DaysChanged),
    openapi_extra=KEYED,
    summary="Take a special day out of the calendar",
)
def take_out(request: Call, sent: TakeOut) -> Any:
    """Take a special day out of the calendar."""
    require(administers_all(request.user))

    def run() -> Any:
        take_out_day(day=sent.day, by=request.user)
        return done({"changed": 1}, DaysChanged)

    return once(request, run)
