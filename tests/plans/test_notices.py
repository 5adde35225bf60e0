"""Links in mails, wishes about mails, and the log of reminders of a deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core import signing
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.notices import kinds_wanted
from plans.enums import NoticeKind, NoticeState, Status
from plans.models import Deadline, Notice
from plans.reminders.links import SALT, address_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
SETTINGS = "/notices/settings/"


@pytest.fixture
def notice(cast: Cast, today: dt.date) -> Notice:
    """Return a reminder to the secretary of the district."""
    row = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=today)
    return tell(cast.secretary, row)


def tell(person: Any, deadline: Deadline, kind: str = NoticeKind.OVERDUE, **fields: Any) -> Notice:
    return Notice.objects.create(
        recipient=person, deadline=deadline, kind=kind, **{"day": TODAY, "created_at": clock.now(), **fields}
    )


# --- links ---


def test_a_link_opens_the_report_page_of_its_row(cast: Cast, login: Login, notice: Notice) -> None:
    answer = login(cast.secretary).get(address_of(notice))
    report = reverse("plans:report", args=[notice.deadline_id])
    assert (answer.status_code, answer.headers["Location"]) == (302, report)


def test_nobody_logged_in_is_asked_to_log_in_first_and_comes_back(login: Login, notice: Notice) -> None:
    answer = login(None).get(address_of(notice))
    assert answer.headers["Location"] == f"/login/?next={quote(address_of(notice))}"


def test_what_cannot_be_reported_opens_as_a_page(cast: Cast, login: Login, notice: Notice) -> None:
    row = reverse("plans:deadline", args=[notice.deadline_id])
    assert login(cast.leader).get(address_of(tell(cast.leader, notice.deadline))).headers["Location"] == row
    Deadline.objects.update(status=Status.SUBMITTED, reported_on=TODAY, reported_by=cast.secretary)
    assert login(cast.secretary).get(address_of(notice)).headers["Location"] == row


@pytest.mark.parametrize("who", ["office_staff", "leader", "sibling_secretary", "outsider", "administrator"])
def test_a_forwarded_link_opens_nothing_for_others(cast: Cast, login: Login, notice: Notice, who: str) -> None:
    assert login(getattr(cast, who)).get(address_of(notice)).status_code == 404


def test_a_link_ends_with_the_right_to_see_the_row(cast: Cast, login: Login, notice: Notice) -> None:
    cast.secretary.appointments.update(end=TODAY - dt.timedelta(days=1))
    assert login(cast.secretary).get(address_of(notice)).status_code in {302, 404}
    assert reverse("plans:report", args=[notice.deadline_id]) not in str(
        login(cast.secretary).get(address_of(notice)).headers.get("Location")
    )


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10:1:2"])
def test_a_made_up_link_opens_nothing(cast: Cast, login: Login, token: str) -> None:
    assert login(cast.secretary).get(f"/n/{token}/").status_code == 404


def test_a_token_made_for_something_else_opens_nothing(cast: Cast, login: Login, notice: Notice) -> None:
    client = login(cast.secretary)
    facts = [notice.pk, cast.secretary.pk]
    for token in (
        signing.dumps(facts, salt="plans.reimport"),
        signing.dumps([notice.pk, "x"], salt=SALT),
        signing.dumps(facts, salt=SALT)[:-2] + "aa",
    ):
        assert client.get(reverse("plans:notice_link", args=[token])).status_code == 404


def test_after_two_weeks_the_link_says_that_it_is_too_old(cast: Cast, login: Login, notice: Notice) -> None:
    address = address_of(notice)
    with time_machine.travel(dt.datetime(2026, 3, 30, 2, 1, tzinfo=dt.UTC), tick=False):
        assert login(cast.secretary).get(address).status_code == 410
        assert login(cast.leader).get(address).status_code == 404


# --- wishes ---


def sent(**fields: Any) -> dict[str, Any]:
    return {"mail": [], "start": "", "end": "", **fields}


def test_everything_comes_by_mail_until_somebody_chooses(cast: Cast, login: Login) -> None:
    assert kinds_wanted(cast.secretary) == {"mail": list(NoticeKind), "chat": list(NoticeKind)}
    client = login(cast.secretary)
    assert client.get(SETTINGS).text.count(" checked") == len(NoticeKind)
    assert client.post(SETTINGS, sent(mail=["overdue", "returned"])).status_code == 302
    assert kinds_wanted(cast.secretary)["mail"] == [NoticeKind.OVERDUE, NoticeKind.RETURNED]
    assert kinds_wanted(cast.secretary)["chat"] == list(NoticeKind)
    assert client.get(SETTINGS).text.count(" checked") == 2
    assert kinds_wanted(cast.leader)["mail"] == list(NoticeKind)


def test_no_tick_means_no_mail_and_the_log_knows(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    for _ in range(2):
        client.post(SETTINGS, sent())
    assert kinds_wanted(cast.secretary)["mail"] == []
    assert AuditEvent.objects.get(action="changed").data == {"mail": [[k.value for k in NoticeKind], []]}


def test_a_kind_that_does_not_exist_is_refused_and_nothing_changes(cast: Cast, login: Login) -> None:
    answer = login(cast.secretary).post(SETTINGS, sent(mail=["overdue", "weather"]))
    assert answer.status_code == 422
    assert kinds_wanted(cast.secretary)["mail"] == list(NoticeKind)


@pytest.mark.parametrize("many", [1, 12])
def test_the_settings_cost_the_same_however_many_notices_there_are(
    cast: Cast, login: Login, notice: Notice, django_assert_num_queries: Any, many: int
) -> None:
    for n in range(many):
        tell(cast.secretary, notice.deadline, day=TODAY - dt.timedelta(days=n + 1), state=NoticeState.FAILED)
    client = login(cast.secretary)
    with django_assert_num_queries(9):
        client.get(SETTINGS)


# --- the log on a deadline's page ---


def test_the_log_names_day_person_kind_and_way_newest_first(cast: Cast, login: Login, notice: Notice) -> None:
    sent_at = dt.datetime(2026, 3, 15, 1, 5, tzinfo=dt.UTC)
    tell(
        cast.second_office_staff,
        notice.deadline,
        NoticeKind.ESCALATED_1,
        day=TODAY - dt.timedelta(days=1),
        state=NoticeState.SENT,
        sent_at=sent_at,
        read_at=sent_at,
    )
    page = login(cast.office_staff).get(reverse("plans:deadline", args=[notice.deadline_id]))
    assert [(r.day, r.kind, r.whom) for r in page.context["reminders"]] == [
        (TODAY, NoticeKind.OVERDUE.label, "Ngô Bí Thư"),
        (TODAY - dt.timedelta(days=1), NoticeKind.ESCALATED_1.label, "Phạm Văn Hai"),
    ]
    assert "15/03/2026 08:05" in page.context["reminders"][1].how


def test_a_unit_sees_what_was_said_to_its_own_people_only(cast: Cast, login: Login, notice: Notice) -> None:
    tell(cast.leader, notice.deadline, NoticeKind.ESCALATED_2)
    address = reverse("plans:deadline", args=[notice.deadline_id])
    page = login(cast.secretary).get(address)
    assert [r.whom for r in page.context["reminders"]] == ["Ngô Bí Thư"]
    assert cast.leader.full_name not in page.text
    assert [r.whom for r in login(cast.office_staff).get(address).context["reminders"]] == [
        "Trần Lãnh Đạo",
        "Ngô Bí Thư",
    ]


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_costs_the_same_for_few_and_many_reminders(
    cast: Cast, login: Login, notice: Notice, django_assert_num_queries: Any, many: int
) -> None:
    for n in range(many):
        tell(cast.secretary, notice.deadline, day=TODAY - dt.timedelta(days=n + 1))
    client = login(cast.secretary)
    with django_assert_num_queries(15):
        client.get(reverse("plans:deadline", args=[notice.deadline_id]))
