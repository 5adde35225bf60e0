"""Webhooks: what is told to whom, once; signed; tried again, given up aloud; never into the own network."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from doantracker.api.actions import deliveries
from doantracker.api.actions.webhooks import (
    MOST,
    change_webhook,
    delete_webhook,
    make_webhook,
    renew_secret,
    send_again,
    try_webhook,
)
from doantracker.api.enums import DeliveryState, Trouble
from doantracker.api.hooks import collect, delivery, signing, transport
from doantracker.api.hooks.events import KINDS, PLACES, TEST, all_kinds
from doantracker.api.hooks.meanings import EVENT_WORDS
from doantracker.api.hooks.words import kind_choices
from doantracker.api.keys import new_key
from doantracker.api.models import ApiToken, WebhookDelivery, WebhookEndpoint
from doantracker.api.v1.api import api
from doantracker.lib import clock
from plans.actions.deadlines import report_progress, submit
from plans.errors import ActionRefused
from plans.models import Deadline
from tests.api.receiver import Receiver, receiving
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import SolutionFactory, make_deadline, make_published_plan, version_of
from units.models import Appointment, AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """Another system on this machine, which may be called."""
    settings.WEBHOOKS_ANYWHERE = True
    with receiving() as found:
        yield found


@pytest.fixture
def row(cast: Cast) -> Deadline:
    """A deadline of the commune with a word nobody else may read."""
    plan = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO")
    words = SolutionFactory(plan=plan, ordinal=90, text="Việc của SÔNGTHAO", lead_unit=cast.commune)
    found: Deadline = make_deadline(cast.commune, plan=plan, solution=words, due_on=dt.date(2026, 3, 20))
    return found


def hook(owner: User, url: str = "https://example.org/in", **facts: Any) -> tuple[WebhookEndpoint, str]:
    """Make a webhook told of everything."""
    return make_webhook(by=owner, **{"name": "Cổng tỉnh", "url": url, "events": all_kinds(), **facts})


def logged() -> dict[str, Any]:
    """Return what the log says of the last act on a webhook."""
    data: dict[str, Any] = AuditEvent.objects.filter(object_type="webhookendpoint").latest("pk").data
    return data


def report(row: Deadline, by: User, percent: int = 10) -> None:
    report_progress(deadline=row, by=by, version=version_of(row), percent=percent, text="Riêng SÔNGTHAO")


def test_an_act_is_told_once_signed_and_without_words(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    endpoint, secret = hook(cast.office_staff, receiver.url)
    report(row, cast.commune_secretary)
    assert (collect.collect(), collect.collect()) == (1, 0)
    assert (delivery.deliver_batch(), delivery.deliver_batch()) == (1, 0)
    [(path, headers, body)] = receiver.came
    sent = WebhookDelivery.objects.get()
    assert (path, headers[signing.DELIVERY], sent.state, sent.status) == (
        "/in?a=b",
        str(sent.key),
        "hook_delivered",
        204,
    )
    event = AuditEvent.objects.get(action="reported")
    assert json.loads(body) == {
        "id": str(sent.key),
        "kind": "deadline.reported",
        "at": "2026-03-16T09:00:00+07:00",
        "object": {
            "type": "deadline",
            "id": row.pk,
            "url": f"http://127.0.0.1:8000/api/v1/deadlines/{row.pk}",
            "page": f"http://127.0.0.1:8000/deadlines/{row.pk}/",
        },
        "plan": event.plan_id,
        "unit": cast.commune.pk,
    }
    signed = f"{headers[signing.TIMESTAMP]}.".encode() + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers[signing.SIGNATURE] == f"v1={expected}"
    assert int(headers[signing.TIMESTAMP]) == int(clock.now().timestamp())
    text = body.decode() + str(headers)
    assert not [w for w in ("SÔNGTHAO", cast.commune.name, "Bùi", "Riêng", secret) if w in text]
    assert secret not in endpoint.sealed


@pytest.mark.parametrize(
    ("owner", "told"),
    [("office_staff", 1), ("secretary", 1), ("commune_secretary", 1), ("sibling_secretary", 0), ("outsider", 0)],
)
def test_an_owner_is_told_of_what_they_see(cast: Cast, row: Deadline, owner: str, told: int) -> None:
    hook(getattr(cast, owner))
    report(row, cast.commune_secretary)
    assert collect.collect() == told


def test_whoever_lost_the_post_or_the_account_is_told_nothing(cast: Cast, row: Deadline) -> None:
    hook(cast.secretary)
    hook(cast.leader)
    Appointment.objects.filter(user=cast.secretary).update(end=dt.date(2026, 3, 15))
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    report(row, cast.commune_secretary)
    assert (collect.collect(), delivery.deliver_batch()) == (0, 0)


def test_only_what_was_chosen_is_told(cast: Cast, row: Deadline) -> None:
    hook(cast.office_staff, events=["deadline.submitted"])
    hook(cast.office_staff, unit=cast.district)
    hook(cast.office_staff, unit=cast.other_district)
    hook(cast.office_staff, active=False)
    report(row, cast.commune_secretary)
    submit(deadline=row, by=cast.commune_secretary, version=version_of(row))
    collect.collect()
    found = WebhookDelivery.objects.order_by("endpoint", "event_id").values_list("endpoint__unit", "kind")
    assert list(found) == [
        (None, "deadline.submitted"),
        (cast.district.pk, "deadline.reported"),
        (cast.district.pk, "deadline.submitted"),
    ]


def test_a_webhook_begins_with_the_next_act(cast: Cast, row: Deadline) -> None:
    report(row, cast.commune_secretary)
    endpoint, _secret = hook(cast.office_staff)
    assert collect.collect() == 0
    facts: dict[str, Any] = {"name": "Cổng", "url": endpoint.url, "events": all_kinds(), "unit": None}
    change_webhook(webhook=endpoint, by=cast.office_staff, active=False, **facts)
    report(row, cast.commune_secretary)
    change_webhook(webhook=endpoint, by=cast.office_staff, active=True, **facts)
    assert collect.collect() == 0
    report(row, cast.commune_secretary)
    assert collect.collect() == 1


def test_collecting_costs_the_same_for_few_and_for_many(cast: Cast, row: Deadline) -> None:
    hook(cast.office_staff)
    counts = []
    for acts in (1, 8):
        for _n in range(acts):
            report(row, cast.commune_secretary)
        with CaptureQueriesContext(connection) as found:
            assert collect.collect() == acts
        counts.append(len(found))
    assert counts == [10, 10]


def test_more_acts_than_are_looked_at_in_one_go_are_all_told_of(
    cast: Cast, row: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "AT_ONCE", 2)
    hook(cast.office_staff)
    for _n in range(5):
        report(row, cast.commune_secretary)
    assert (collect.collect(), collect.collect()) == (5, 0)


def test_a_message_not_taken_is_sent_later_and_later_then_given_up_aloud(
    cast: Cast, row: Deadline, receiver: Receiver
) -> None:
    User.objects.filter(pk=cast.office_staff.pk).update(email="vp@example.org")
    endpoint, _secret = hook(cast.office_staff, receiver.url)
    receiver.status = 500
    report(row, cast.commune_secretary)
    collect.collect()
    waits, start = [], clock.now()
    with time_machine.travel(start, tick=False) as travel:
        while WebhookDelivery.objects.get().state == DeliveryState.WAITING:
            sent = WebhookDelivery.objects.get()
            waits.append((sent.next_at - clock.now()).total_seconds() / 60)
            travel.move_to(sent.next_at)
            assert delivery.deliver_batch() == 0
    assert waits == [0, 1, 5, 30, 120, 360, 720, 1440]
    sent, endpoint = WebhookDelivery.objects.get(), WebhookEndpoint.objects.get()
    assert (sent.state, sent.attempts, sent.status, sent.trouble) == ("hook_given_up", 8, 500, "refused")
    assert (endpoint.active, endpoint.trouble) == (False, Trouble.REFUSED)
    assert len({(headers[signing.DELIVERY], body) for _path, headers, body in receiver.came}) == 1
    assert len({headers[signing.SIGNATURE] for _path, headers, _body in receiver.came}) == 8
    act = AuditEvent.objects.filter(object_type="webhookendpoint").latest("pk")
    assert (act.actor, act.data["active"], act.data["reason"]) == (None, [True, False], "refused")
    [told] = mail.outbox
    assert told.to == ["vp@example.org"]
    assert reverse("webhook", args=[endpoint.pk]) in told.body


def test_a_server_that_fails_holds_no_other_up(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    hook(cast.secretary, "http://127.0.0.1:1/")
    hook(cast.office_staff, receiver.url)
    for _n in range(3):
        report(row, cast.commune_secretary)
    assert (collect.collect(), delivery.deliver_batch()) == (6, 3)
    states = WebhookDelivery.objects.filter(endpoint__owner=cast.secretary).values_list("state", "attempts", "trouble")
    assert sorted(states) == [("hook_waiting", 0, ""), ("hook_waiting", 0, ""), ("hook_waiting", 1, "unreachable")]


def test_a_claim_of_a_sender_that_died_is_taken_again(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    hook(cast.office_staff, receiver.url)
    report(row, cast.commune_secretary)
    collect.collect()
    facts = {"state": DeliveryState.SENDING, "lease_until": clock.now() + dt.timedelta(seconds=1)}
    WebhookDelivery.objects.update(**facts)
    assert delivery.deliver_batch() == 0
    WebhookDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert delivery.deliver_batch() == 1


def test_a_message_given_up_may_be_sent_again_under_its_id(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    hook(cast.office_staff, receiver.url)
    report(row, cast.commune_secretary)
    collect.collect()
    sent = WebhookDelivery.objects.get()
    with pytest.raises(ActionRefused):
        send_again(message=sent, by=cast.office_staff)
    WebhookDelivery.objects.update(state=DeliveryState.GIVEN_UP, trouble="slow", attempts=8)
    WebhookEndpoint.objects.update(active=False)
    with pytest.raises(ActionRefused):
        send_again(message=sent, by=cast.office_staff)
    WebhookEndpoint.objects.update(active=True)
    send_again(message=sent, by=cast.office_staff)
    assert delivery.deliver_batch() == 1
    assert receiver.came[0][1][signing.DELIVERY] == str(sent.key)
    assert logged() == {"sent_again": str(sent.key)}


def test_a_trial_tells_of_nothing_and_stops_nothing(cast: Cast, receiver: Receiver) -> None:
    endpoint, _secret = hook(cast.office_staff, receiver.url)
    tried = try_webhook(webhook=endpoint, by=cast.office_staff)
    assert (tried.state, logged()) == (DeliveryState.DELIVERED, {"tried": str(tried.key)})
    assert set(json.loads(receiver.came[0][2])) == {"id", "kind", "at", "object", "plan", "unit"}
    receiver.status = 404
    failed = try_webhook(webhook=endpoint, by=cast.office_staff)
    assert (failed.state, failed.status, WebhookEndpoint.objects.get().active) == ("hook_given_up", 404, True)


def test_a_redirect_is_not_followed(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    endpoint, _secret = hook(cast.office_staff, receiver.url)
    receiver.status, receiver.location = 307, receiver.url
    tried = try_webhook(webhook=endpoint, by=cast.office_staff)
    assert (tried.status, tried.trouble, len(receiver.came)) == (307, "refused", 1)


def test_a_new_secret_signs_from_then_on(cast: Cast, receiver: Receiver) -> None:
    endpoint, old = hook(cast.office_staff, receiver.url)
    new = renew_secret(webhook=endpoint, by=cast.office_staff)
    try_webhook(webhook=endpoint, by=cast.office_staff)
    _path, headers, body = receiver.came[0]
    stamp = int(headers[signing.TIMESTAMP])
    assert headers[signing.SIGNATURE] == signing.signature(new, stamp, body) != signing.signature(old, stamp, body)


def test_old_messages_are_forgotten(cast: Cast, row: Deadline, receiver: Receiver) -> None:
    hook(cast.office_staff, receiver.url)
    report(row, cast.commune_secretary)
    collect.collect()
    WebhookDelivery.objects.update(created_at=clock.now() - dt.timedelta(days=31))
    assert deliveries.forget_old() == 0  # it waits
    delivery.deliver_batch()
    assert deliveries.forget_old() == 1


def test_a_person_has_so_many_webhooks_at_most(cast: Cast) -> None:
    for _n in range(MOST):
        hook(cast.office_staff)
    with pytest.raises(ActionRefused):
        hook(cast.office_staff)


def test_every_kind_has_words_and_a_place() -> None:
    assert [kind for kind, _words in kind_choices()] == all_kinds()
    assert len({words for _kind, words in kind_choices()}) == len(all_kinds())
    assert {object_type for object_type, _action in KINDS} == set(PLACES) == set(collect.MODELS)


# --- into the own network ---

PRIVATE = (  # of this machine, of networks inside, of many at once; each also in the dress of IPv6
    "127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
    "::1", "fc00::1", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
)  # fmt: skip


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name lead to `addresses`, and note what is connected to; nothing is."""
    tried: list[str] = []

    def found(_host: str, port: int, **_kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(where: tuple[str, int], **_kwargs: Any) -> Any:
        tried.append(where[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for addresses in ((address,), ("93.184.215.14", address)):  # one inner address among them is enough
        tried = answering(monkeypatch, *addresses)
        assert transport.call("https://example.org/", b"{}", {}) == transport.Outcome(trouble=Trouble.PRIVATE)
        assert tried == []


def test_the_name_is_looked_up_once_and_the_connection_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = answering(monkeypatch, "93.184.215.14")
    assert transport.call("https://example.org/", b"{}", {}).trouble == Trouble.UNREACHABLE
    assert tried == ["93.184.215.14"]


def test_a_socket_to_the_own_network_is_stopped_where_it_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_public", lambda _address: True)  # were the first check wrong
    with receiving() as inside:
        url = inside.url.replace("http:", "https:")
        assert transport.call(url, b"{}", {}).trouble == Trouble.PRIVATE
    assert inside.came == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://127.0.0.1/",
        "https://localhost/in",
        "https://may-chu.local/in",
        "https://cong/in",
        "https://example.org:99999/in",
        "https://[::1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest",
        "https://example.org/#a",
        "https://[",
        "https://[abc]/",
    ],
)
def test_an_address_that_could_never_be_called_is_not_kept(url: str) -> None:
    with pytest.raises(ValidationError):
        transport.check_url(url)


def test_without_encryption_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = answering(monkeypatch, "93.184.215.14")
    assert (transport.call("http://example.org/", b"{}", {}).trouble, tried) == (Trouble.PRIVATE, [])


# --- pages ---


def test_tokens_and_secrets_are_shown_once(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    made = client.post(reverse("tokens"), {"name": "Bảng", "scope": "read", "days": "30"}, follow=True)
    key = made.context["key"]
    assert made.redirect_chain == [(reverse("tokens"), 302)]
    assert key not in str(dict(client.session))
    assert key in made.text
    assert key not in client.get(reverse("tokens")).text
    sent = {"name": "Cổng", "url": "https://example.org/in", "events": ["plan.published"], "active": "on"}
    new = client.post(reverse("webhook_new"), sent, follow=True)
    secret = new.context["secret"]
    page = client.get(reverse("webhook", args=[WebhookEndpoint.objects.get().pk]))
    assert secret in new.text
    assert secret not in page.text
    renewed = client.post(reverse("webhook", args=[WebhookEndpoint.objects.get().pk]), {"act": "secret"}, follow=True)
    assert renewed.context["secret"] not in {secret, ""}


def test_the_same_form_sent_twice_makes_one_and_its_key_is_still_shown(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    sent: dict[str, Any] = {"name": "Bảng", "scope": "read", "days": "30"}
    sent["form_key"] = client.get(reverse("tokens")).context["form_key"]
    first, second = (client.post(reverse("tokens"), sent) for _n in range(2))  # the browser follows the second only
    assert (first.status_code, second.status_code, ApiToken.objects.count()) == (302, 302, 1)
    assert len(client.get(reverse("tokens")).context["key"]) == len(new_key())
    client.post(reverse("tokens"), sent | {"name": "Bảng khác"})
    assert ApiToken.objects.count() == 2

    sent = {"name": "Cổng", "url": "https://example.org/in", "events": ["plan.published"], "active": "on"}
    sent["form_key"] = client.get(reverse("webhook_new")).context["form_key"]
    answers = [client.post(reverse("webhook_new"), sent) for _n in range(2)]
    made = WebhookEndpoint.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [reverse("webhook", args=[made.pk])] * 2
    assert client.get(reverse("webhook", args=[made.pk])).context["secret"]


def test_what_the_form_of_a_webhook_refuses_keeps_the_input(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    sent = {"name": "Cổng", "url": "http://10.0.0.1/", "events": ["never"], "unit": str(cast.province.pk)}
    page = client.post(reverse("webhook_new"), sent)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"url", "events", "unit"})
    assert "http://10.0.0.1/" in page.text
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("name", ["\u202e", "\u200b", "\u3164"])
def test_a_name_of_which_nothing_is_seen_is_missing(cast: Cast, login: Login, name: str) -> None:
    client = login(cast.secretary)
    sent: dict[str, Any] = {
        "url": "https://example.org/in",
        "events": ["plan.published"],
        "scope": "read",
        "days": "30",
    }
    for page in ("tokens", "webhook_new"):
        answer = client.post(reverse(page), sent | {"name": name})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"name"})


def test_the_box_of_a_topic_stands_for_all_its_kinds(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    sent = {"name": "Cổng", "url": "https://example.org/in", "active": "on"}
    client.post(reverse("webhook_new"), sent | {"events": ["plans.*", "trip.ended"]})
    made = WebhookEndpoint.objects.get()
    assert made.events == [
        kind for kind in all_kinds() if kind.startswith(("plan.", "indicator.")) or kind == "trip.ended"
    ]
    shown = {b.topic.name: b for b in client.get(reverse("webhook", args=[made.pk])).context["form"].boxes()}
    assert {name: (b.whole, b.some) for name, b in shown.items() if b.whole or b.some} == {
        "plans": (True, False),
        "trips": (False, True),
    }
    assert sum(len(b.topic.kinds) for b in shown.values()) == len(all_kinds())
    assert [kind for kind, _words, on in shown["trips"].kinds if on] == ["trip.ended"]


def test_a_webhook_deleted_while_its_messages_are_sent_stops_no_other(
    cast: Cast, row: Deadline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = hook(cast.office_staff, receiver.url)[0], hook(cast.leader, receiver.url)[0]
    report(row, cast.commune_secretary)
    collect.collect()

    def answer(url: str, body: bytes, headers: Any) -> transport.Outcome:
        if WebhookEndpoint.objects.filter(pk=gone.pk).exists():
            delete_webhook(webhook=gone, by=cast.office_staff)
        return transport.Outcome(204)

    monkeypatch.setattr(transport, "call", answer)
    delivery.deliver_batch()
    assert list(WebhookDelivery.objects.values_list("endpoint", "state")) == [(kept.pk, "hook_delivered")]


def test_what_is_deleted_meanwhile_is_not_there_for_any_other_act(cast: Cast) -> None:
    endpoint, _secret = hook(cast.office_staff)
    message = collect.trial_message(endpoint)
    message.state, message.delivered_at = DeliveryState.DELIVERED, clock.now()
    message.save()
    WebhookDelivery.objects.all().delete()
    with pytest.raises(Http404):
        send_again(message=message, by=cast.office_staff)
    WebhookEndpoint.objects.all().delete()
    facts: dict[str, Any] = {
        "name": "Cổng",
        "url": "https://example.org/in",
        "events": all_kinds(),
        "unit": None,
        "active": True,
    }
    for act, more in ((change_webhook, facts), (renew_secret, {}), (try_webhook, {}), (delete_webhook, {})):
        with pytest.raises(Http404):
            act(webhook=endpoint, by=cast.office_staff, **more)
    with pytest.raises(Http404):
        send_again(message=message, by=cast.office_staff)


def test_a_claim_that_ran_out_is_marked_by_the_one_who_has_it_now(cast: Cast, row: Deadline) -> None:
    hook(cast.office_staff)
    report(row, cast.commune_secretary)
    collect.collect()
    (slow,) = deliveries.claim()
    with time_machine.travel(clock.now() + deliveries.LEASE + dt.timedelta(seconds=1), tick=False):
        (now_held,) = deliveries.claim()
        deliveries.mark(slow, transport.Outcome(trouble=Trouble.SLOW))
        assert WebhookDelivery.objects.get().lease_until == now_held.lease_until
        deliveries.mark(now_held, transport.Outcome(204))
    assert WebhookDelivery.objects.values_list("state", "attempts").get() == ("hook_delivered", 1)


def test_webhooks_of_others_are_hidden(cast: Cast, login: Login) -> None:
    endpoint, _secret = hook(cast.office_staff)
    client = login(cast.secretary)
    assert client.get(reverse("webhook", args=[endpoint.pk])).status_code == 404
    assert client.post(reverse("webhook", args=[endpoint.pk]), {"act": "try"}).status_code == 404
    assert "example.org" not in client.get(reverse("webhooks")).text


def test_a_webhook_is_deleted_with_its_messages_by_its_owner(cast: Cast, login: Login) -> None:
    endpoint, _secret = hook(cast.office_staff)
    collect.trial_message(endpoint).save()
    page = reverse("webhook", args=[endpoint.pk])
    assert login(cast.leader).post(page, {"act": "delete"}).status_code == 404
    client = login(cast.office_staff)
    assert "<details>" in client.get(page).text
    assert client.post(page, {"act": "delete"}).status_code == 302
    assert (WebhookEndpoint.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
    act = AuditEvent.objects.filter(object_type="webhookendpoint").latest("pk")
    assert (act.action, act.actor, act.data["messages"]) == ("dropped", cast.office_staff, 1)


def test_a_trial_message_has_the_shape_of_all(cast: Cast) -> None:
    endpoint, _secret = hook(cast.office_staff)
    body = json.loads(collect.trial_message(endpoint).body)
    assert (set(body), body["kind"]) == ({"id", "kind", "at", "object", "plan", "unit"}, "test")
    assert (body["object"], body["plan"], body["unit"]) == (None, None, None)


def test_every_kind_is_explained_in_the_documents() -> None:
    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert {*all_kinds(), TEST} == set(EVENT_WORDS)
    assert [kind for kind in EVENT_WORDS if f"| `{kind}` |" not in told] == []
    assert set(api.get_openapi_schema()["webhooks"]) == set(EVENT_WORDS)
