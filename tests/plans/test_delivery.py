"""Sending notices: one digest a person, claimed first, marked after, never to who should not read it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import smtplib
import uuid
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from doantracker.lib import clock
from plans.enums import ESCALATIONS, Failure, NoticeKind, NoticeState, PlanStatus, Status
from plans.models import CalendarDay, Deadline, Notice, Plan, ReminderLadder, ReminderPreference
from plans.reminders import delivery, sweep
from plans.reminders.links import address_of
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan
from units.access import load_posts
from units.models import Post, User
from units.permissions import Permission
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
LATER = dt.timedelta(minutes=6)


@pytest.fixture
def told(cast: Cast, today: dt.date) -> Deadline:
    """Return a deadline of the district, overdue, with its notice waiting to be sent; another is due soon."""
    plan = make_published_plan(cast.province, title="Kế hoạch năm", symbol="12-KH/TĐTN")
    late = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 14), remind_on=today)
    make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 18), remind_on=today)
    sweep.check_deadlines(today=today)
    return late


def test_one_digest_a_person_tells_everything_by_plan(cast: Cast, told: Deadline) -> None:
    assert delivery.deliver_notices() == 1
    message = mail.outbox[0]
    assert message.to == [cast.secretary.email]
    assert message.subject == "doantracker: 2 thời hạn cần xử lý"
    assert str(message.body).count("12-KH/TĐTN") == 1
    links = re.findall(r"http://127\.0\.0\.1:8000(/n/\S+/)", str(message.body))
    assert links == [address_of(n) for n in Notice.objects.order_by("deadline__due_on")]
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
        User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    else:
        User.objects.filter(pk=cast.secretary.pk).update(email="")
    assert delivery.deliver_notices() == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        *[(kind, "secretary") for kind in NoticeKind if kind not in {"later_asked", "difficulty", *ESCALATIONS}],
        ("later_asked", "office_staff"),
        ("difficulty", "leader"),
        ("escalated_1", "secretary"),
        ("escalated_2", "leader"),
    ],
)
def test_who_reads_on_but_lost_the_part_gets_no_mail_of_it(cast: Cast, today: dt.date, kind: str, who: str) -> None:
    row = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 2))
    for person in (getattr(cast, who), cast.reader):  # the reader: somebody who lost such a part
        Notice.objects.create(recipient=person, deadline=row, kind=kind, day=today, created_at=clock.now())
    delivery.deliver_notices()
    assert [m.to for m in mail.outbox] == [[getattr(cast, who).email]]


def test_mails_wait_on_a_day_off_unless_the_ladder_says_otherwise(told: Deadline) -> None:
    CalendarDay.objects.create(day=TODAY, kind=CalendarDay.Kind.OFF, name="Nghỉ bù")
    assert delivery.deliver_notices() == 0
    ReminderLadder.objects.create(name="Cả ngày nghỉ", is_default=True, mail_on_days_off=True)
    assert delivery.deliver_notices() == 1


def test_a_claim_left_by_a_dead_sender_is_sent_after_its_lease_with_the_same_message_id(
    cast: Cast, told: Deadline
) -> None:
    key = uuid.uuid4()
    Notice.objects.update(state=NoticeState.SENDING, claim_key=key, lease_until=clock.now() + LATER)
    assert delivery.deliver_notices() == 0
    Notice.objects.update(lease_until=clock.now() - LATER)
    assert delivery.deliver_notices() == 1
    person = uuid.uuid5(key, str(cast.secretary.pk))
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{person}@127.0.0.1>"


def test_a_mail_server_that_fails_is_tried_again_later_each_time_and_given_up_after_three_days(
    told: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: EmailMultiAlternatives, *_args: Any, **_kwargs: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)  # the mail server is the outside world
    pauses = []
    for _ in range(delivery.MOST_ATTEMPTS - 1):
        assert delivery.deliver_notices() == 0
        pauses.append(int((Notice.objects.all()[0].lease_until - clock.now()).total_seconds() // 60))
        Notice.objects.update(lease_until=clock.now() - LATER)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, *[360] * 10]
    assert 2.9 < sum(pauses) / 60 / 24 < 3.1
    delivery.deliver_notices()
    assert set(Notice.objects.values_list("state", "failure")) == {(NoticeState.FAILED, Failure.GIVEN_UP)}


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


def test_a_second_mail_about_dates_waits_for_the_next_day_but_an_act_is_mailed_at_once(
    cast: Cast, told: Deadline
) -> None:
    assert delivery.deliver_notices() == 1
    facts: dict[str, Any] = {"recipient": cast.secretary, "deadline": told, "created_at": clock.now()}
    Notice.objects.create(kind=NoticeKind.ESCALATED_1, day=TODAY, **facts)
    assert delivery.deliver_notices() == 0
    Notice.objects.create(kind=NoticeKind.RETURNED, day=TODAY, **facts)
    assert delivery.deliver_notices() == 1
    assert Notice.objects.get(kind=NoticeKind.ESCALATED_1).state == NoticeState.PENDING
    with time_machine.travel(dt.datetime(2026, 3, 17, 2, 0, tzinfo=dt.UTC), tick=False):
        assert delivery.deliver_notices() == 1
    assert Notice.objects.get(kind=NoticeKind.ESCALATED_1).state == NoticeState.SENT


def test_a_kind_switched_off_stays_on_the_page_only(cast: Cast, told: Deadline) -> None:
    ReminderPreference.objects.create(user=cast.secretary, kind=NoticeKind.DUE_SOON, by_mail=False)
    assert delivery.deliver_notices() == 1
    assert str(mail.outbox[0].body).count("/n/") == 1
    assert dict(Notice.objects.values_list("kind", "state")) == {
        NoticeKind.OVERDUE: NoticeState.SENT,
        NoticeKind.DUE_SOON: NoticeState.SKIPPED,
    }


def test_a_digest_of_nothing_wanted_is_not_sent(cast: Cast, told: Deadline) -> None:
    for kind in NoticeKind:
        ReminderPreference.objects.create(user=cast.secretary, kind=kind, by_mail=False)
    assert delivery.deliver_notices() == 0
    assert mail.outbox == []


def test_who_no_longer_reports_for_the_unit_gets_no_reminder(cast: Cast, told: Deadline) -> None:
    Post.objects.filter(appointments__user=cast.secretary).update(role=Role.READER)
    assert delivery.deliver_notices() == 0


def test_a_plan_closed_meanwhile_is_not_mailed(cast: Cast, told: Deadline) -> None:
    Plan.objects.update(status=PlanStatus.CLOSED, closed_at=clock.now(), closed_by=cast.office_staff)
    assert delivery.deliver_notices() == 0


def test_a_long_digest_spells_out_fifty_rows_and_counts_the_rest(cast: Cast, told: Deadline) -> None:
    for _ in range(60):
        make_deadline(cast.district, plan=told.plan, due_on=TODAY, remind_on=TODAY)
    sweep.check_deadlines(today=TODAY)
    delivery.deliver_notices()
    assert mail.outbox[0].subject.startswith("doantracker: 62 ")
    assert str(mail.outbox[0].body).count("/n/") == 50
    assert not Notice.objects.exclude(state=NoticeState.SENT).exists()


def test_the_sender_reads_rights_as_the_pages_do(cast: Cast, told: Deadline) -> None:
    people = [getattr(cast, f.name) for f in dataclasses.fields(cast) if isinstance(getattr(cast, f.name), User)]
    rows = [told, make_deadline(cast.commune, plan=told.plan, due_on=TODAY)]
    for person in people:
        for row in rows:
            facts: dict[str, Any] = {"deadline": row, "day": TODAY, "created_at": clock.now()}
            Notice.objects.get_or_create(recipient=person, kind=NoticeKind.RETURNED, defaults=facts, deadline=row)
    by_page = {
        notice.pk
        for person in people
        for notice in Notice.objects.visible_to(User.objects.get(pk=person.pk)).filter(kind=NoticeKind.RETURNED)
    }
    fresh = {person.pk: User.objects.get(pk=person.pk) for person in people}
    load_posts(fresh.values(), TODAY)
    everything = Notice.objects.filter(kind=NoticeKind.RETURNED).select_related("deadline__plan")
    due = {n.pk for n in everything if delivery.still_due(n, fresh[n.recipient_id])}
    reporting = {n.pk for n in everything if fresh[n.recipient_id].may(Permission.REPORT, n.deadline.unit)}
    assert due == by_page & reporting
    assert 0 < len(by_page) < len(everything)
    for person in people:
        assert fresh[person.pk].grants == User.objects.get(pk=person.pk).grants


def test_new_daily_notices_wait_while_an_earlier_digest_is_still_being_tried(cast: Cast, told: Deadline) -> None:
    Notice.objects.update(
        state=NoticeState.SENDING, claim_key=uuid.uuid4(), lease_until=clock.now() + LATER, created_at=clock.now()
    )
    facts: dict[str, Any] = {"recipient": cast.secretary, "deadline": told, "created_at": clock.now(), "day": TODAY}
    Notice.objects.create(kind=NoticeKind.ESCALATED_1, **facts)
    assert delivery.deliver_notices() == 0
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=clock.now() - LATER)
    assert delivery.deliver_notices() == 1
    assert Notice.objects.get(kind=NoticeKind.ESCALATED_1).state == NoticeState.PENDING


def test_a_flood_of_acts_ends_after_twelve_mails_and_goes_on_the_next_day(cast: Cast, told: Deadline) -> None:
    Notice.objects.all().delete()
    for n in range(15):
        row = make_deadline(cast.district, plan=told.plan, due_on=TODAY)
        facts: dict[str, Any] = {"day": TODAY, "created_at": clock.now()}
        Notice.objects.create(recipient=cast.secretary, deadline=row, kind=NoticeKind.RETURNED, **facts)
        assert delivery.deliver_notices() == (1 if n < delivery.MOST_A_DAY else 0)
    with time_machine.travel(dt.datetime(2026, 3, 17, 2, 0, tzinfo=dt.UTC), tick=False):
        assert delivery.deliver_notices() == 1
    assert mail.outbox[-1].subject.startswith("doantracker: 3 ")


def test_a_fault_in_one_message_does_not_hold_up_the_others(
    cast: Cast, told: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (cast.leader, cast.office_staff):
        facts: dict[str, Any] = {"deadline": told, "day": TODAY, "created_at": clock.now()}
        Notice.objects.create(recipient=person, kind=NoticeKind.LATER_ASKED, **facts)
    sent = EmailMultiAlternatives.send

    def faulty(message: EmailMultiAlternatives, *args: Any, **kwargs: Any) -> int:
        if message.to == [cast.leader.email]:
            raise RuntimeError("a fault of a backend")
        return sent(message, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", faulty)  # the mail server is the outside world
    assert delivery.deliver_notices() == 2
    left = Notice.objects.get(recipient=cast.leader)
    assert (left.state, left.attempts) == (NoticeState.SENDING, 1)


def test_who_has_no_mail_address_is_told_on_the_page_only(cast: Cast, told: Deadline) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(email="")
    delivery.deliver_notices()
    assert set(Notice.objects.values_list("state", "failure")) == {(NoticeState.SKIPPED, "")}
