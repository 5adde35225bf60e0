"""Notices by chat: tried before kept, sealed, never shown; counts and a link leave; it holds up no mail."""

from __future__ import annotations

import datetime as dt
import http.client
import http.server
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache

from doantracker.lib import clock
from doantracker.lib.sealed import CantOpenError, seal, unseal
from plans.actions.notices import choose_ways, enter_chat_address, kinds_wanted, set_quiet_days
from plans.enums import Failure, NoticeKind, NoticeState
from plans.errors import ActionRefused
from plans.models import ChatAddress, ChatDelivery, Deadline, Notice
from plans.reminders import delivery
from plans.reminders.channels import chat, webhook
from plans.reminders.channels.public_only import PrivateAddressError, is_public, public_only
from plans.reminders.channels.schemes import scheme_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units.models import AuditEvent, User

TODAY = dt.date(2026, 3, 16)
PAGE, SETTINGS = "/notices/settings/chat/", "/notices/settings/"
TOKEN = "AAEbotPassword-of_thirty_letters"  # noqa: S105  # made up
ADDRESS = f"tgram://123456789:{TOKEN}/4455667788"


@dataclass
class Server:
    """A chat server on this machine: what it was sent, and what it answers."""

    port: int = 0
    status: int = 200
    answer: str = '{"ok": true, "result": {}}'
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a chat server."""
    facts = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            facts.paths.append(self.path)
            facts.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(facts.status)
            if facts.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{facts.port}/elsewhere")
            self.end_headers()
            self.wfile.write(facts.answer.encode())

        def log_message(self, *_args: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    facts.port = running.server_address[1]
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield facts
    running.shutdown()
    running.server_close()
    thread.join(5)


@pytest.fixture
def telegram(server: Server, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Let Telegram, which is the outside world, stand on this machine."""
    from apprise.plugins.telegram import NotifyTelegram  # noqa: PLC0415  # slow to import

    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{server.port}/bot")
    settings.CHAT_SCHEMES = frozenset({"tgram", "jsons"})
    cache.clear()
    return server


@pytest.fixture
def row(cast: Cast, today: dt.date) -> Deadline:
    """Return an overdue deadline of the district."""
    plan = make_published_plan(cast.province, title="Kế hoạch MẬTTHƯ", symbol="12-KH/MẬTTHƯ")
    return make_deadline(cast.district, plan=plan, due_on=TODAY - dt.timedelta(days=2))


def keep(user: User, address: str = ADDRESS) -> ChatAddress:
    facts = {"scheme": address.partition(":")[0], "sealed": seal(address), "hint": address[-4:]}
    return ChatAddress.objects.create(user=user, added_at=clock.now() - dt.timedelta(hours=1), **facts)


def tell(person: User, row: Deadline, kind: NoticeKind = NoticeKind.OVERDUE, **fields: Any) -> Notice:
    facts = {"day": TODAY, "created_at": clock.now(), **fields}
    return Notice.objects.create(recipient=person, deadline=row, kind=kind, **facts)


# --- which addresses ---


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        (ADDRESS, "tgram"),
        (f"tgram://123456789:{TOKEN}/-100123", "tgram"),
        (f"zalo://123456789:{TOKEN}/abc.DEF-1", "zalo"),
        ("jsons://chat.example.vn/hooks/abc", "jsons"),
        ("jsons://chat.example.vn:8443/hooks/abc", "jsons"),
        (f"{ADDRESS}?template=/etc/passwd", None),
        (f"{ADDRESS}?template=http://10.0.0.1/", None),
        (f"{ADDRESS}/5566", None),
        (f"{ADDRESS}\n", None),
        (f"tgram://123456789:{TOKEN}/@everybody", None),
        ("jsons://localhost/hooks", None),
        ("jsons://127.0.0.1/hooks", None),
        ("jsons://0x7f.1/hooks", None),
        ("jsons://2130706433/hooks", None),
        ("jsons://[::1]/hooks", None),
        ("jsons://user:password@chat.example.vn/hooks", None),
        ("jsons://chat.example.vn@127.0.0.1/hooks", None),
        ("jsons://chat.example.vn/../admin", None),
        ("jsons://chat.example.vn/a?-x=1", None),
        ("jsons://chat.example.vn/a#b", None),
        ("jsons://chat.example.vn", None),
        ("json://chat.example.vn/a", None),
        ("file:///etc/passwd", None),
        ("exec:///bin/sh", None),
        ("syslog://", None),
        ("dbus://", None),
        ("mailto://user:pass@gmail.com", None),
        ("TGRAM://123456789:abcdefghijkl/1", None),
        ("", None),
        ("jsons://chat.example.vn/" + "a" * 400, None),
    ],
)
def test_only_addresses_of_known_form_are_taken(address: str, scheme: str | None) -> None:
    assert scheme_of(address) == scheme


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # a value of the table
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("chat.example.vn", False),
        ("", False),
    ],
)
def test_which_addresses_are_public(host: str, public: bool) -> None:  # noqa: FBT001  # a value of the table
    assert is_public(host) is public


def test_inside_the_guard_no_connection_reaches_this_machine(server: Server) -> None:
    with public_only(), pytest.raises(PrivateAddressError):
        socket.create_connection(("localhost", server.port), timeout=5)
    socket.create_connection(("localhost", server.port), timeout=5).close()


def test_a_webhook_whose_name_leads_into_the_own_network_is_not_called(
    server: Server, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHAT_SCHEMES = frozenset({"jsons"})
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)  # the name server of the world
    assert not chat.post(f"jsons://chat.example.vn:{server.port}/hook", "x")
    assert server.paths == []


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_a_server_that_drips_is_cut_off(head: bytes) -> None:
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def drip() -> None:
        try:
            theirs.sendall(head)
            while not ended.wait(0.02):
                theirs.sendall(b"a")
        except OSError:
            return

    ours.settimeout(5)
    server = threading.Thread(target=drip, daemon=True)
    server.start()
    started = time.monotonic()
    with theirs:
        with ours, suppress(OSError, http.client.HTTPException), webhook.cut_after(ours, 0.3):
            webhook.deliver(ours, "chat.example.vn", "/hook", "x")
        took = time.monotonic() - started
        ended.set()
        server.join(5)
    assert took < 4


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (302, False), (500, False)])
def test_of_an_answer_the_status_counts_and_its_body_is_not_waited_for(status: int, taken: bool) -> None:  # noqa: FBT001  # a value of the table
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        theirs.sendall(f"HTTP/1.1 {status} x\r\nContent-Length: 600000000\r\n\r\n".encode())
        assert webhook.deliver(ours, "chat.example.vn:8443", "/hook", "Một") is taken
        head, _, body = theirs.recv(4096).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert head.count(b"Host: chat.example.vn:8443\r\n") == 1
    assert json.loads(body)["message"] == "Một"


def test_behind_a_proxy_webhooks_are_off(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CHAT_SCHEMES = frozenset({"jsons", "tgram"})
    assert chat.usable("jsons://chat.example.vn/hook")
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    assert not chat.usable("jsons://chat.example.vn/hook")
    assert chat.usable(ADDRESS)


# --- entering ---


@pytest.mark.usefixtures("today")
def test_an_address_is_tried_then_kept_sealed_and_never_shown(cast: Cast, login: Login, telegram: Server) -> None:
    client = login(cast.secretary)
    assert client.post(PAGE, {"act": "enter", "address": ADDRESS}).status_code == 302
    assert telegram.bodies[0]["chat_id"] == 4455667788
    assert telegram.bodies[0]["text"].startswith("doantracker: tin nhắn thử")
    kept = ChatAddress.objects.get()
    assert (kept.user, kept.scheme, kept.hint) == (cast.secretary, "tgram", "7788")
    assert TOKEN not in kept.sealed
    assert unseal(kept.sealed) == ADDRESS
    page = client.get(SETTINGS).text
    assert "Telegram" in page
    assert "7788" in page
    assert TOKEN not in page
    assert "4455667788" not in page
    assert AuditEvent.objects.get(action="changed").data == {"chat": [None, "tgram"]}


@pytest.mark.usefixtures("today")
def test_an_address_that_takes_no_message_is_not_kept(cast: Cast, login: Login, telegram: Server) -> None:
    telegram.status = 401
    answer = login(cast.secretary).post(PAGE, {"act": "enter", "address": ADDRESS})
    assert answer.status_code == 422
    assert "chưa được lưu" in answer.text
    assert not ChatAddress.objects.exists()


@pytest.mark.usefixtures("today")
def test_a_redirect_is_not_followed(cast: Cast, telegram: Server) -> None:
    telegram.status = 302
    with pytest.raises(ActionRefused):
        enter_chat_address(by=cast.secretary, address=ADDRESS)
    assert len(telegram.paths) == 1


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("address", ["", "x", "\0", "file:///etc/passwd", f"zalo://1234:{TOKEN}/1", "a" * 5000])
def test_what_is_no_allowed_address_is_refused_with_an_example(
    cast: Cast, login: Login, telegram: Server, address: str
) -> None:
    answer = login(cast.secretary).post(PAGE, {"act": "enter", "address": address})
    assert answer.status_code == 422
    assert telegram.paths == []
    assert not ChatAddress.objects.exists()


@pytest.mark.usefixtures("today")
def test_tests_are_limited_to_six_an_hour(cast: Cast, login: Login, telegram: Server) -> None:
    keep(cast.secretary)
    client = login(cast.secretary)
    statuses = [client.post(PAGE, {"act": "try"}).status_code for _ in range(8)]
    assert statuses == [302] * 6 + [422] * 2
    assert len(telegram.paths) == 6
    keep(cast.leader)
    assert login(cast.leader).post(PAGE, {"act": "try"}).status_code == 302


@pytest.mark.usefixtures("today")
def test_a_person_forgets_the_own_address_only(cast: Cast, login: Login, telegram: Server) -> None:
    keep(cast.secretary)
    keep(cast.leader)
    assert login(cast.secretary).post(PAGE, {"act": "remove"}).status_code == 302
    assert [kept.user for kept in ChatAddress.objects.all()] == [cast.leader]
    assert login(cast.secretary).post(PAGE, {"act": "try"}).status_code == 422


@pytest.mark.usefixtures("today")
def test_without_a_setting_there_is_no_chat(cast: Cast, login: Login) -> None:
    keep(cast.secretary)
    client = login(cast.secretary)
    assert client.post(PAGE, {"act": "enter", "address": ADDRESS}).status_code == 404
    assert "h-chat" not in client.get(SETTINGS).text


@pytest.mark.usefixtures("today")
def test_nothing_that_is_logged_holds_the_address(
    cast: Cast, telegram: Server, row: Deadline, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.status = 500
    with pytest.raises(ActionRefused):
        enter_chat_address(by=cast.secretary, address=ADDRESS)
    keep(cast.secretary)
    tell(cast.secretary, row)
    delivery.deliver_notices()
    assert TOKEN not in caplog.text
    assert "4455667788" not in caplog.text


# --- sending ---


def test_a_message_carries_the_counts_and_a_link_and_no_word_of_the_work(
    cast: Cast, row: Deadline, telegram: Server
) -> None:
    keep(cast.secretary)
    tell(cast.secretary, row)
    tell(cast.secretary, row, NoticeKind.RETURNED)
    assert delivery.deliver_notices() == 2  # one mail, one message
    assert telegram.bodies[0]["text"].splitlines() == [
        "doantracker: 2 thời hạn cần xử lý, 1 quá hạn.",
        "http://127.0.0.1:8000/notices/",
    ]
    assert "MẬTTHƯ" not in json.dumps(telegram.bodies, ensure_ascii=False)
    assert set(ChatDelivery.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert delivery.deliver_notices() == 0


def test_a_failing_chat_holds_up_no_mail_and_is_tried_again(cast: Cast, row: Deadline, telegram: Server) -> None:
    keep(cast.secretary)
    keep(cast.office_staff)
    telegram.status = 500
    for person in (cast.secretary, cast.office_staff):
        tell(person, row, NoticeKind.RETURNED)
    assert delivery.deliver_notices() == 2
    assert len(mail.outbox) == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert set(ChatDelivery.objects.values_list("state", "attempts")) == {(NoticeState.SENDING, 1)}
    telegram.status = 200
    ChatDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert delivery.deliver_notices() == 2


def test_a_failing_mail_server_holds_up_no_chat(
    cast: Cast, row: Deadline, telegram: Server, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    keep(cast.secretary)
    tell(cast.secretary, row)
    assert delivery.deliver_notices() == 1
    assert Notice.objects.get().state == NoticeState.PENDING
    assert ChatDelivery.objects.get().state == NoticeState.SENT


def test_only_what_came_after_the_address_is_sent_by_chat(cast: Cast, row: Deadline, telegram: Server) -> None:
    tell(cast.secretary, row, created_at=clock.now() - dt.timedelta(hours=2))
    keep(cast.secretary)
    delivery.deliver_notices()
    assert telegram.bodies == []
    assert not ChatDelivery.objects.exists()


@pytest.mark.parametrize("loss", ["appointment", "account", "address", "kind", "state"])
def test_rights_states_and_wishes_are_read_again_before_a_chat_message(
    cast: Cast, row: Deadline, telegram: Server, loss: str
) -> None:
    keep(cast.secretary)
    tell(cast.secretary, row)
    chat.give_rows()
    lose: dict[str, Callable[[], Any]] = {
        "appointment": lambda: cast.secretary.appointments.update(end=TODAY - dt.timedelta(days=1)),
        "account": lambda: User.objects.filter(pk=cast.secretary.pk).update(is_active=False),
        "address": lambda: ChatAddress.objects.all().delete(),
        "kind": lambda: choose_ways(by=cast.secretary, mail=[NoticeKind.OVERDUE], chat_kinds=[]),
        "state": lambda: Deadline.objects.update(status="cancelled", reason="x"),
    }
    lose[loss]()
    delivery.deliver_notices()
    assert telegram.bodies == []
    assert ChatDelivery.objects.get().state == NoticeState.SKIPPED
    assert len(mail.outbox) == (1 if loss in {"address", "kind"} else 0)


def test_on_quiet_days_chat_waits_too_and_one_message_comes_after(cast: Cast, row: Deadline, telegram: Server) -> None:
    keep(cast.secretary)
    set_quiet_days(by=cast.secretary, start=TODAY, end=TODAY + dt.timedelta(days=20), weekdays=[])
    tell(cast.secretary, row)
    delivery.deliver_notices()
    assert telegram.bodies == []
    with time_machine.travel(dt.datetime(2026, 4, 6, 3, tzinfo=dt.UTC), tick=False):
        tell(cast.secretary, row, NoticeKind.ESCALATED_1, created_at=clock.now(), day=clock.today())
        delivery.deliver_notices()
        delivery.deliver_notices()
    assert [body["text"].splitlines()[0] for body in telegram.bodies] == [
        "doantracker: 2 thời hạn cần xử lý, 1 quá hạn."
    ]


def test_an_address_that_cannot_be_opened_any_more_fails_with_a_word_to_its_owner(
    cast: Cast, login: Login, row: Deadline, telegram: Server, settings: LazySettings
) -> None:
    keep(cast.secretary)
    tell(cast.secretary, row)
    settings.SECRET_KEY = "another-key-" + "1" * 50
    delivery.deliver_notices()
    found = ChatDelivery.objects.get()
    assert (found.state, found.failure) == (NoticeState.FAILED, Failure.ADDRESS)
    assert "Không gửi được tin nhắn gần đây nhất" in login(cast.secretary).get(SETTINGS).text


def test_the_log_of_reminders_names_both_ways(cast: Cast, login: Login, row: Deadline, telegram: Server) -> None:
    keep(cast.secretary)
    tell(cast.secretary, row)
    delivery.deliver_notices()
    page = login(cast.office_staff).get(f"/deadlines/{row.pk}/")
    assert page.context["reminders"][0].how == "đã gửi thư 16/03/2026 09:00, đã gửi tin nhắn 16/03/2026 09:00"


def test_chat_has_ticks_of_its_own_once_there_is_an_address(
    cast: Cast, login: Login, row: Deadline, telegram: Server
) -> None:
    client = login(cast.secretary)
    assert 'name="chat"' not in client.get(SETTINGS).text
    keep(cast.secretary)
    assert client.get(SETTINGS).text.count('name="chat"') == len(NoticeKind)
    client.post(SETTINGS, {"mail": ["overdue"], "chat": ["returned"], "start": "", "end": ""})
    assert kinds_wanted(cast.secretary) == {"mail": [NoticeKind.OVERDUE], "chat": [NoticeKind.RETURNED]}


@pytest.mark.parametrize("many", [1, 12])
def test_a_batch_by_chat_asks_the_same_number_of_statements_for_few_and_many(
    cast: Cast, row: Deadline, telegram: Server, django_assert_num_queries: Any, many: int
) -> None:
    keep(cast.secretary)
    for n in range(many):
        tell(cast.secretary, row, day=TODAY - dt.timedelta(days=n))
    with django_assert_num_queries(14):
        assert delivery.send_batch(chat.ChatChannel()).sent == 1


# --- sealing ---


def test_what_is_sealed_opens_with_the_old_key_while_it_is_a_fallback(settings: LazySettings) -> None:
    old = settings.SECRET_KEY
    sealed = seal("bí mật")
    assert sealed != seal("bí mật")
    settings.SECRET_KEY = "another-key-" + "1" * 50
    with pytest.raises(CantOpenError):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == "bí mật"
    with pytest.raises(CantOpenError):
        unseal(sealed[:-4] + "AAA=")
