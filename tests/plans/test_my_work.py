"""The first page: what waits for a person's word stands there, also for who reports nothing; nothing urgent, if so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from plans.actions.extensions import ask_later_day
from plans.enums import Status
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan, make_substitution
from units.models import User

QUIET = "Không có việc gấp"


def test_a_leader_sees_what_waits_and_what_is_overdue(cast: Cast, login: Login, today: dt.date) -> None:
    client, home = login(cast.leader), reverse("home")
    assert QUIET in client.get(home).text
    plan = make_published_plan(cast.province)
    sent: dict[str, Any] = {"reported_on": today, "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=plan, due_on=today, status=Status.SUBMITTED, **sent)
    assert QUIET not in client.get(home).text
    make_deadline(cast.commune, plan=plan, due_on=today - dt.timedelta(1))
    asked = make_deadline(cast.commune, plan=plan, due_on=today)
    ask_later_day(
        deadline=asked, by=cast.commune_secretary, version=asked.version, day=today + dt.timedelta(9), reason="Bão"
    )
    page = client.get(home)
    assert page.context["office"] == {"overdue": 1}
    assert f'<a href="{reverse("plans:extensions")}"><b>1</b>' in page.text
    assert '<a href="/deadlines/?state=overdue">' in page.text


@pytest.mark.parametrize(("who", "target"), [("reader", "units:unit"), ("department_head", "")])
def test_only_who_merely_reads_is_led_to_the_unit(cast: Cast, login: Login, who: str, target: str) -> None:
    person: User = getattr(cast, who)
    answer = login(person).get(reverse("home"))
    assert answer.status_code == (302 if target else 200)


def test_the_home_page_names_for_whom_one_stands_in(cast: Cast, login: Login, today: dt.date) -> None:
    client = login(cast.branch_secretary)
    assert cast.commune_secretary.full_name not in client.get(reverse("home")).text
    make_substitution(cast.commune_secretary, cast.branch_secretary, start=today, end=today)
    assert f"Bạn đang thay {cast.commune_secretary.full_name}" in client.get(reverse("home")).text
