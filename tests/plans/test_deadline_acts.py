"""What the page of a deadline offers, in which order: one case a person and state."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from plans.deadline_acts import Offer
from plans.enums import Kind, Status
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_extension, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
DUE = dt.date(2026, 3, 31)
REPORTED: dict[str, Any] = {"reported_on": dt.date(2026, 3, 16)}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_published_plan(cast.province)


def ends(offers: tuple[Offer, ...]) -> list[str]:
    """Return the last part of the address of each offer."""
    return [offer.href.partition("?")[0].strip("/").rpartition("/")[2] for offer in offers]


@pytest.mark.parametrize(
    ("person", "status", "due", "first", "beside", "rest"),
    [
        ("commune_secretary", "assigned", DUE, "report", "later difficulty", ""),
        ("commune_secretary", "assigned", None, "report", "difficulty", ""),
        ("commune_secretary", "submitted", DUE, "", "withdraw difficulty", ""),
        ("leader", "submitted", DUE, "confirm return", "", ""),
        ("leader", "assigned", DUE, "", "", ""),
        ("second_office_staff", "assigned", DUE, "report", "", "move hold cancel later difficulty"),
        ("second_office_staff", "assigned", None, "date report", "", "move hold cancel difficulty"),
        ("second_office_staff", "submitted", DUE, "confirm return", "", "cancel withdraw difficulty"),
        ("second_office_staff", "on_hold", DUE, "resume", "", "move cancel difficulty"),
        ("reader", "assigned", DUE, "", "", ""),
    ],
)
def test_what_waits_comes_first_and_what_is_rare_last(
    cast: Cast,
    login: Login,
    plan: Plan,
    person: str,
    status: str,
    due: dt.date | None,
    first: str,
    beside: str,
    rest: str,
) -> None:
    facts = REPORTED | {"reported_by": cast.office_staff} if status == "submitted" else {}
    row = make_deadline(cast.commune, plan=plan, due_on=due, status=status, **facts)
    page = login(getattr(cast, person)).get(row.get_absolute_url())
    offers = page.context["offers"]
    confirmed = ["confirm"] if offers.confirm else []
    assert confirmed + ends(offers.first) == first.split()
    assert (ends(offers.beside), ends(offers.rest)) == (beside.split(), rest.split())
    acts = re.findall(r'<section class="card acts">.*?</section>', page.content.decode(), re.DOTALL)
    assert len(acts) == bool(offers)
    assert len(re.findall(r'"btn btn-primary"', "".join(acts))) == bool(first)  # one main act


def test_what_is_rare_is_folded_away_only_where_something_else_is_offered(
    cast: Cast, login: Login, plan: Plan
) -> None:
    row = make_deadline(
        cast.commune, plan=plan, due_on=DUE, status=Status.SUBMITTED, reported_by=cast.secretary, **REPORTED
    )
    client = login(cast.office_staff)
    assert "<details><summary>Việc khác" in client.get(row.get_absolute_url()).content.decode()
    row.reported_by = cast.office_staff  # who may not confirm what they reported
    row.save()
    page = client.get(row.get_absolute_url())
    assert page.context["offers"].only_rest
    assert "<details><summary>Việc khác" not in page.content.decode()


def test_a_later_day_that_waits_is_decided_and_later_ones_of_a_series_change_together(
    cast: Cast, login: Login, plan: Plan
) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, occurrence="2026-03")
    row.schedule.kind, row.schedule.rule = Kind.RECURRING, "FREQ=MONTHLY"
    row.schedule.save()
    asked = make_extension(row, by=cast.commune_secretary)
    offers = login(cast.leader).get(row.get_absolute_url()).context["offers"]
    assert [offer.href for offer in offers.first] == [reverse("plans:decide", args=[asked.pk])]
    offers = login(cast.office_staff).get(row.get_absolute_url()).context["offers"]
    series = reverse("plans:commitment_change", args=[plan.pk, row.schedule_id])
    assert f"{series}?from=2026-03" in [offer.href for offer in offers.rest]
