"""A mail server that answers late, never, cuts, refuses: nothing is lost, nothing hopeless is tried forever."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from django.conf import LazySettings

from doantracker.lib import clock
from plans.enums import Failure, NoticeKind, NoticeState
from plans.models import Deadline, Notice
from plans.reminders import delivery
from plans.reminders.channels.mail import MailChannel
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_officer, make_published_plan
from tests.smtp_sink import Mail, Sink, serving
from units.models import User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
NOBODY_LISTENS = 9

Serve = Callable[[Sink], Sink]


@pytest.fixture
def serve(settings: LazySettings) -> Iterator[Serve]:
    """Return a function that makes a sink the mail server of the installation."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.3
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    with ExitStack() as stack:

        def start(sink: Sink) -> Sink:
            context: AbstractContextManager[int] = serving(sink)
            settings.EMAIL_PORT = stack.enter_context(context)
            return sink

        yield start


@pytest.fixture
def row(cast: Cast) -> Deadline:
    """Return a deadline of the district."""
    return make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=TODAY)


def tell(person: User, deadline: Deadline, kind: NoticeKind = NoticeKind.OVERDUE) -> Notice:
    return Notice.objects.create(
        recipient=person, deadline=deadline, kind=kind, day=TODAY, created_at=clock.now() - dt.timedelta(minutes=1)
    )


def secretaries(cast: Cast, row: Deadline, many: int) -> list[User]:
    """Return people who are told of `row`, in the order in which they are written to."""
    people = [make_officer(cast.district, Role.SECRETARY, title=f"Phó {n}", username=f"pho{n}") for n in range(many)]
    for person in people:
        tell(person, row)
    return people


def states() -> list[tuple[str, str, str, int]]:
    rows = Notice.objects.order_by("recipient__username")
    return list(rows.values_list("recipient__username", "state", "failure", "attempts"))


def test_mails_of_a_batch_share_one_line_and_carry_their_headers(cast: Cast, row: Deadline, serve: Serve) -> None:
    people = secretaries(cast, row, 5)
    sink = serve(Sink())
    assert delivery.deliver_notices() == 5
    assert sink.lines == 1
    assert [m.recipient for m in sink.mails] == [p.email for p in people]
    assert len({m.message_id for m in sink.mails}) == 5
    mail = email.message_from_bytes(sink.mails[0].content, policy=email.policy.default)
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/notices/settings/>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert people[0].full_name not in mail["Subject"]


def test_an_address_refused_for_good_is_not_tried_again_and_the_office_is_told_why(
    cast: Cast, row: Deadline, serve: Serve
) -> None:
    secretaries(cast, row, 3)
    gone = "550 5.1.1 no such user"
    sink = serve(Sink(to_recipient=lambda who: gone if who.startswith("pho1") else "250 ok"))
    assert delivery.deliver_notices() == 2
    assert states() == [
        ("pho0", NoticeState.SENT, "", 0),
        ("pho1", NoticeState.FAILED, Failure.REFUSED, 0),
        ("pho2", NoticeState.SENT, "", 0),
    ]
    assert sink.lines == 1
    assert delivery.deliver_notices() == 0


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("550 no such user", Failure.REFUSED),
        ("552 box full", Failure.REFUSED),
        ("550 5.2.1 box disabled", Failure.REFUSED),
        ("550 5.7.1 relaying denied", ""),  # our own server's word on everybody: not the person's fault
        ("554 blocked", ""),
        ("450 try later", ""),
        ("451 4.7.1 greylisted", ""),
    ],
)
def test_what_an_answer_to_a_recipient_means(
    cast: Cast, row: Deadline, serve: Serve, answer: str, failure: str
) -> None:
    secretaries(cast, row, 1)
    serve(Sink(to_recipient=lambda _who: answer))
    delivery.deliver_notices()
    state = NoticeState.FAILED if failure else NoticeState.SENDING
    assert states() == [("pho0", state, failure, 0 if failure else 1)]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("552 too large", Failure.REFUSED),
        ("554 5.6.0 broken", Failure.REFUSED),
        ("554 5.7.1 spam", ""),
        ("550 no", ""),
        ("452 later", ""),
    ],
)
def test_what_an_answer_to_a_mail_means(cast: Cast, row: Deadline, serve: Serve, answer: str, failure: str) -> None:
    secretaries(cast, row, 1)
    serve(Sink(to_mail=lambda _mail: answer))
    delivery.deliver_notices()
    assert [(s, f) for _, s, f, _ in states()] == [(NoticeState.FAILED if failure else NoticeState.SENDING, failure)]


def test_an_address_no_header_takes_fails_alone(cast: Cast, row: Deadline, serve: Serve) -> None:
    secretaries(cast, row, 2)
    User.objects.filter(username="pho0").update(email="a@b.vn\nBcc: x@y.vn")
    serve(Sink())
    assert delivery.deliver_notices() == 1
    assert [(s, f) for _, s, f, _ in states()] == [(NoticeState.FAILED, Failure.ADDRESS), (NoticeState.SENT, "")]


def test_one_mail_the_server_cuts_at_does_not_hold_up_the_others(cast: Cast, row: Deadline, serve: Serve) -> None:
    secretaries(cast, row, 4)
    sink = serve(Sink(to_recipient=lambda who: None if who.startswith("pho1") else "250 ok"))
    assert delivery.deliver_notices() == 3
    assert [(who, state, tries) for who, state, _, tries in states()] == [
        ("pho0", NoticeState.SENT, 0),
        ("pho1", NoticeState.SENDING, 1),
        ("pho2", NoticeState.SENT, 0),
        ("pho3", NoticeState.SENT, 0),
    ]
    assert len({m.message_id for m in sink.mails}) == 3


@pytest.mark.parametrize("sink", [Sink(to_recipient=lambda _who: ""), Sink(to_recipient=lambda _who: None)])
def test_a_server_that_hangs_or_cuts_is_left_after_three_tries_and_the_rest_waits_untouched(
    cast: Cast, row: Deadline, serve: Serve, sink: Sink
) -> None:
    secretaries(cast, row, 5)
    serve(sink)
    assert delivery.deliver_notices() == 0
    assert sorted((state, tries) for _, state, _, tries in states()) == [
        (NoticeState.PENDING, 0),
        (NoticeState.PENDING, 0),
        (NoticeState.SENDING, 1),
        (NoticeState.SENDING, 1),
        (NoticeState.SENDING, 1),
    ]


@pytest.mark.parametrize("greeting", ["", None, "554 go away"])
def test_a_server_without_a_greeting_costs_nothing(
    cast: Cast, row: Deadline, serve: Serve, greeting: str | None
) -> None:
    secretaries(cast, row, 2)
    serve(Sink(greeting=greeting))
    assert delivery.deliver_notices() == 0
    assert {(state, tries) for _, state, _, tries in states()} == {(NoticeState.PENDING, 0)}


def test_nobody_listening_costs_nothing(cast: Cast, row: Deadline, serve: Serve, settings: LazySettings) -> None:
    secretaries(cast, row, 2)
    settings.EMAIL_PORT = NOBODY_LISTENS
    assert delivery.deliver_notices() == 0
    assert {state for _, state, _, _ in states()} == {NoticeState.PENDING}


def test_a_server_that_limits_mails_a_line_gets_another_line(cast: Cast, row: Deadline, serve: Serve) -> None:
    secretaries(cast, row, 7)
    sink = serve(Sink(mails_a_line=3))
    assert delivery.deliver_notices() == 7
    assert sink.lines == 3
    assert {(state, tries) for _, state, _, tries in states()} == {(NoticeState.SENT, 0)}


def test_cut_after_the_mail_was_taken_it_comes_again_under_the_same_message_id(
    cast: Cast, row: Deadline, serve: Serve
) -> None:
    secretaries(cast, row, 1)
    answers: list[str | None] = [None, "250 ok"]

    def first_cuts(_mail: Mail) -> str | None:
        return answers.pop(0)

    sink = serve(Sink(to_mail=first_cuts))
    assert delivery.deliver_notices() == 0
    Notice.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert delivery.deliver_notices() == 1
    assert len(sink.mails) == 2
    assert len({m.message_id for m in sink.mails}) == 1


def test_a_batch_that_takes_too_long_lets_the_rest_go(
    cast: Cast, row: Deadline, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH_TIME", dt.timedelta(seconds=-1))
    secretaries(cast, row, 3)
    serve(Sink())
    batch = delivery.send_batch(MailChannel())
    assert (batch.sent, batch.stopped) == (1, True)
    assert sorted(state for _, state, _, _ in states()) == [NoticeState.PENDING, NoticeState.PENDING, NoticeState.SENT]


def test_a_retry_that_was_not_reached_keeps_its_key(
    cast: Cast, row: Deadline, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretaries(cast, row, 2)
    serve(Sink(to_recipient=lambda _who: "450 later"))
    delivery.deliver_notices()
    keys = list(Notice.objects.order_by("pk").values_list("claim_key", flat=True))
    Notice.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    monkeypatch.setattr(delivery, "BATCH_TIME", dt.timedelta(seconds=-1))
    serve(Sink())
    assert delivery.send_batch(MailChannel()).sent == 1
    assert list(Notice.objects.order_by("pk").values_list("claim_key", flat=True)) == keys
    assert delivery.send_batch(MailChannel(), today=TODAY).sent == 0  # its lease ends this very moment
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert delivery.send_batch(MailChannel()).sent == 1


@pytest.mark.parametrize("many", [1, 12])
def test_a_batch_asks_the_same_number_of_statements_for_few_and_many(
    cast: Cast, row: Deadline, serve: Serve, django_assert_num_queries: Callable[[int], object], many: int
) -> None:
    secretaries(cast, row, many)
    serve(Sink())
    fixed, a_mail = 11, 1
    with django_assert_num_queries(fixed + a_mail * many):  # type: ignore[attr-defined]
        assert delivery.send_batch(MailChannel()).sent == many


def test_the_first_success_of_a_full_batch_wakes_another_sender(
    cast: Cast, row: Deadline, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 3)
    secretaries(cast, row, 4)
    woken: list[int] = []
    serve(Sink(to_recipient=lambda _who: "450 later"))
    delivery.send_batch(MailChannel(), more=lambda: woken.append(1))
    assert woken == []  # a server in trouble is not asked twice at once
    Notice.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    serve(Sink())
    Notice.objects.filter(state=NoticeState.PENDING).update(lease_until=None)
    delivery.send_batch(MailChannel(), more=lambda: woken.append(1))
    delivery.send_batch(MailChannel(), more=lambda: woken.append(1))
    assert woken == [1]
    assert {state for _, state, _, _ in states()} == {NoticeState.SENT}


def test_the_administrator_sees_which_mails_failed_and_why_and_nothing_else(
    cast: Cast, row: Deadline, login: Login, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    secretaries(cast, row, 2)
    serve(Sink(to_recipient=lambda who: f"550 5.1.1 {who} unknown" if who.startswith("pho1") else f"450 {who} later"))
    delivery.deliver_notices()
    page = login(cast.administrator).get("/admin/plans/notice/").text
    assert "pho1@example.vn" in page
    assert "máy chủ nhận từ chối hẳn địa chỉ này" in page
    assert "pho0@example.vn" not in page
    assert login(cast.office_staff).get("/admin/plans/notice/").status_code in {302, 404}
    assert "@example.vn" not in caplog.text


def test_a_person_whose_mail_failed_is_told_on_the_settings_page(
    cast: Cast, row: Deadline, login: Login, serve: Serve
) -> None:
    tell(cast.secretary, row)
    serve(Sink(to_recipient=lambda _who: "550 no such user"))
    delivery.deliver_notices()
    page = login(cast.secretary).get("/notices/settings/").text
    assert "Thư ngày 16/03/2026 không gửi được: máy chủ nhận từ chối hẳn địa chỉ này" in page
    log = login(cast.office_staff).get(f"/deadlines/{row.pk}/").context["reminders"][0].how
    assert log == "không gửi được thư: máy chủ nhận từ chối hẳn địa chỉ này, cần sửa địa chỉ"
