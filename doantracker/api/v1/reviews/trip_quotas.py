"""Quotas of days at the grassroots, and how people stand with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import (
    AskedYear,
    Ids,
    Title,
    Year,
    acted,
    all_of,
    changes,
    creates,
    lists,
    made,
    offered_or_404,
    page_at,
    plain_of,
    shows,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import Outlook
from reviews.actions import trip_quotas
from reviews.enums import QuotaMeasure, QuotaScope, TripKind
from reviews.models import FieldTripQuota
from reviews.models.trip_quota import MOST_DAYS, REGISTER_AHEAD, REPORT_DAYS
from reviews.quota import Standing
from reviews.quota_page import table_of
from reviews.rights import may_set_quotas, quota_unions
from reviews.staff import staff_of
from units.access import get_visible_or_404, require
from units.models import Post, Unit, User

router = Router(tags=["field trips"])
MOST_AHEAD: Final = 90


class QuotaOut(Schema):
    """So many days at the grassroots in a year, of each person or of a group jointly."""

    id: int
    version: int
    unit: UnitRef
    year: int
    name: str
    amount: int = Field(description="How much, in `measure`.")
    measure: QuotaMeasure
    days: int = Field(description="The amount in days.")
    until: dt.date = Field(description="The last day that counts.")
    joint: bool = Field(description="The days are owed by the group together; else by each person.")
    scope: QuotaScope
    body: str = Field(description="The body, where `scope` says so.")
    full_time: bool = Field(description="Of those in `scope` only who works full time.")
    kinds: list[TripKind] = Field(description="The kinds of trip that count; none: all.")
    register_ahead: int = Field(description="Trips are registered so many days before their quarter.")
    report_days: int = Field(description="The report is owed so many days after a trip.")
    page: str = Field(description="The address of its page, for people.")


class StandingOut(Schema):
    """How days stand with a quota today."""

    counted: int = Field(description="Days so far.")
    short: int = Field(description="Days missing, never below 0.")
    pace: int | None = Field(description="Days at the end of the quota at the pace so far; null: no time has passed.")
    planned: int = Field(description="Days with the registered trips.")
    weekly: int | None = Field(description="Days a week that make up what is short; null: no time is left.")
    outlook: Outlook


class QuotaRowOut(Schema):
    """One person under a quota."""

    person: PersonRef
    trips: int = Field(description="How many trips count.")
    standing: StandingOut


class WholeQuotaOut(QuotaOut):
    """One quota held against the trips; `whole`: the group's standing where the days are owed jointly."""

    people: list[PersonRef]
    rows: list[QuotaRowOut]
    whole: StandingOut | None


class QuotaQuery(PageQuery):
    """Which quotas."""

    year: AskedYear = None


class QuotaFacts(Sent):
    """A quota as a plan states it. `until`: the last day that counts."""

    name: Title
    year: Year
    amount: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] = Field(description="How much, in `measure`.")
    measure: QuotaMeasure = QuotaMeasure.DAYS
    until: Day = Field(description="The last day that counts, in `year`.")
    joint: Switch = Field(default=False, description="The days are owed by the group together; else by each person.")
    scope: QuotaScope = QuotaScope.STAFF
    body: Annotated[Text, Field(max_length=30)] = Field(default="", description="The body, where `scope` says so.")
    people: Ids = Field(default_factory=list, description="Ids of the persons, where `scope` says so.")
    full_time: Switch = Field(default=False, description="Of those in `scope` only who works full time.")
    kinds: Annotated[list[TripKind], Field(max_length=len(TripKind))] = Field(
        default_factory=list, description="The kinds of trip that count; none: all."
    )
    register_ahead: Annotated[int, Field(ge=1, le=MOST_AHEAD, strict=True)] = Field(
        default=REGISTER_AHEAD, description="Trips are registered so many days before their quarter."
    )
    report_days: Annotated[int, Field(ge=0, le=MOST_AHEAD, strict=True)] = Field(
        default=REPORT_DAYS, description="The report is owed so many days after a trip."
    )

    def facts(self, union: Unit, former: Sequence[User] = ()) -> dict[str, Any]:
        """Return what the acts take."""
        if (self.scope == QuotaScope.BODY) != (self.body in Post.Body.values):
            raise wrong("body")
        if (self.scope == QuotaScope.PEOPLE) != bool(self.people):
            raise wrong("people")
        people = [*staff_of(union, clock.today()), *former]
        values = self.model_dump(exclude={"unit", "people"}) | {"kinds": [kind.value for kind in self.kinds]}
        return {"values": values, "people": all_of(people, self.people, "people")}


class NewQuota(QuotaFacts):
    """A quota of a union."""

    unit: Id


@lists(router, "/trip-quotas", QuotaOut, "QuotaPage", "List quotas of days")
def quota_list(request: Call, asked: Query[QuotaQuery]) -> Any:
    """List the quotas of the unions you see."""
    rows = FieldTripQuota.objects.visible_to(request.user).select_related("unit")
    rows = rows.filter(year=asked.year) if asked.year else rows
    return page(request, rows, asked, QuotaOut, lambda found: [_line(row) for row in found])


@shows(router, "/trip-quotas/{pk}", WholeQuotaOut, "Show how people stand with a quota")
def quota(request: Call, pk: Pk) -> Any:
    """Show how everybody stands with a quota today."""
    return _told(request, pk)


@creates(router, "/trip-quotas", WholeQuotaOut, "Set a quota")
def add_quota(request: Call, sent: NewQuota) -> Any:
    """Set a quota of a union for a year."""
    union = offered_or_404(quota_unions(request.user, clock.today()), sent.unit)

    def make() -> FieldTripQuota:
        return trip_quotas.add_quota(unit=union, by=request.user, **sent.facts(union))

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/trip-quotas/{pk}/change", WholeQuotaOut, "Change a quota")
def change_quota(request: Call, pk: Pk, sent: QuotaFacts) -> Any:
    """Change a quota; sums and forecasts follow at once."""

    def act() -> None:
        row = _visible(request.user, pk)
        require(may_set_quotas(request.user, row.unit))
        version = seen_number(request, row.version)
        facts = sent.facts(row.unit, list(row.people.all()))
        trip_quotas.change_quota(quota=row, by=request.user, version=version, **facts)

    return acted(request, act, lambda: _told(request, pk))


def _visible(user: User, pk: int) -> FieldTripQuota:
    found: FieldTripQuota = get_visible_or_404(FieldTripQuota.objects.select_related("unit"), user, pk)
    return found


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    table = table_of(row, clock.today())
    rows = [
        {"person": person_ref(found.person), "trips": found.trips, "standing": _standing(found.standing)}
        for found in table.rows
    ]
    whole = _standing(table.whole) if table.whole else None
    people = [person_ref(person) for person in row.people.order_by("sort_key", "pk")]
    facts = _line(row) | {"people": people, "rows": rows, "whole": whole}
    return one(request, WholeQuotaOut, facts, row.version, status)


def _standing(found: Standing) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("counted", "short", "pace", "planned", "weekly", "outlook")}


def _line(row: FieldTripQuota) -> dict[str, Any]:
    plain = (
        "version", "year", "name", "amount", "measure", "days", "until", "joint", "scope", "body", "full_time",
        "kinds", "register_ahead", "report_days",
    )  # fmt: skip
    return plain_of(row, plain) | {"unit": unit_ref(row.unit), "page": page_at(row)}
