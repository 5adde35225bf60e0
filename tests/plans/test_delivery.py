"""Sending notices: one digest a person, claimed first, marked after, never to who should not read it."""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from doantracker.lib import clock
from plans.enums import NoticeKind, NoticeState, Status
from plans.models import CalendarDay, Deadline, Notice, ReminderLadder
from plans.reminders import delivery, sweep
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
LATER = dt.timedelta(minutes=6)


@pytest.fixture
def told(cast: Cast, today: dt.date) -> Deadline:
    """Return a deadline of the district, overdue, with its notice waiting to be sent; another is due soon."""
    plan = make_published_plan(cast.province, title="Kế hoạch năm", symbol="12-KH/TĐTN")
    late = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 10), remind_on=today)
    make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 18), remind_on=today)
    sweep.check_deadlines(today=today)
    return late


def test_one_digest_a_person_tells_everything_by_plan(cast: Cast, told: Deadline) -> None:
    assert delivery.deliver_notices() == 1
    message = mail.outbox[0]
    assert message.to == [cast.secretary.email]
    assert message.subject == "doantracker: 2 thời hạn cần xử lý"
    assert str(message.body).count("12-KH/TĐTN") == 1
    assert f"http://127.0.0.1:8000/deadlines/{told.pk}/" in message.body
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}


def test_a_second_delivery_sends_nothing(told: Deadline) -> None:
    delivery.deliver_notices()
    assert delivery.deliver_notices() == 0
    assert len(mail.outbox) == 1


def test_what_was_settled_meanwhile_is_not_mailed(cast: Cast, told: Deadline) -> None:
    Deadline.objects.update(status=Status.SUBMITTED, reported_on=TODAY, reported_by=cast.secretary)
    assert delivery.deliver_notices() == 0
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SKIPPED}


@pytest.mark.parametrize("loss", ["appointment", "account", "address"])
def test_who_may_no_longer_read_it_gets_no_mail(cast: Cast, told: Deadline, loss: str) -> None:
    if loss == "appointment":
        cast.secretary.appointments.update(end=TODAY - dt.timedelta(days=1))
    elif loss == "account":
        type(cast.secretary).objects.filter(pk=cast.secretary.pk).update(is_active=False)
    else:
        type(cast.secretary).objects.filter(pk=cast.secretary.pk).update(email="")
    assert delivery.deliver_notices() == 0
    assert mail.outbox == []


def test_mails_wait_on_a_day_off_unless_the_ladder_says_otherwise(told: Deadline) -> None:
    CalendarDay.objects.create(day=TODAY, kind=CalendarDay.Kind.OFF, name="Nghỉ bù")
    assert delivery.deliver_notices() == 0
    ReminderLadder.objects.create(name="Cả ngày nghỉ", is_default=True, mail_on_days_off=True)
    assert delivery.deliver_notices() == 1


def test_a_claim_left_by_a_dead_sender_is_sent_after_its_lease_with_the_same_message_id(told: Deadline) -> None:
    key = uuid.uuid4()
    Notice.objects.update(state=NoticeState.SENDING, mail_key=key, lease_until=clock.now() + LATER)
    assert delivery.deliver_notices() == 0
    Notice.objects.update(lease_until=clock.now() - LATER)
    assert delivery.deliver_notices() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{key}@127.0.0.1>"


def test_a_mail_server_that_fails_is_tried_again_later_each_time_and_given_up_after_three_days(
    told: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: EmailMultiAlternatives, *_args: Any, **_kwargs: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)  # the mail server is the outside world
    pauses = []
    for _ in range(4):
        assert delivery.deliver_notices() == 0
        pauses.append(int((Notice.objects.all()[0].lease_until - clock.now()).total_seconds() // 60))
        Notice.objects.update(lease_until=clock.now() - LATER)
    assert pauses == [5, 10, 20, 40]
    Notice.objects.update(created_at=clock.now() - dt.timedelta(days=4))
    delivery.deliver_notices()
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.FAILED}


def test_a_mail_server_that_is_away_costs_nothing(told: Deadline, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)  # the outside world
    assert delivery.deliver_notices() == 0
    assert set(Notice.objects.values_list("state", "attempts")) == {(NoticeState.PENDING, 0)}


def test_a_returned_result_is_mailed_although_it_is_no_reminder(cast: Cast, told: Deadline) -> None:
    Notice.objects.all().delete()
    Notice.objects.create(
        recipient=cast.secretary, deadline=told, kind=NoticeKind.RETURNED, day=TODAY, created_at=clock.now()
    )
    assert delivery.deliver_notices() == 1
