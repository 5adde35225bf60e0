"""The client of the docs does what it says, against the site."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from doantracker.api.actions.tokens import make_token
from doantracker.api.hooks import signing
from tests.api.receiver import receiving
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan

SITE = settings.SITE_URL
FILE = Path(__file__).resolve().parents[2] / "docs" / "api_client.py"


@pytest.fixture
def client() -> Any:
    """Return the module as whoever copies the file has it."""
    spec = importlib.util.spec_from_file_location("api_client", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Answer(io.BytesIO):
    """What the site answered, as `urlopen` gives it."""

    def __init__(self, found: Any) -> None:
        super().__init__(found.content)
        self.headers = Message()
        for name, value in found.items():
            self.headers[name] = value


def ask_the_site(request: urllib.request.Request, **_kwargs: Any) -> Answer:
    """Bring a call of the client to the site without a network."""
    call = Client().post if request.method == "POST" else Client().get
    address = request.full_url.removeprefix(SITE)
    body = (request.data, "application/json") if request.method == "POST" else ()
    found = call(address, *body, headers=dict(request.header_items()))
    answer = Answer(found)
    if found.status_code >= 400:
        raise urllib.error.HTTPError(request.full_url, found.status_code, "", answer.headers, answer)
    return answer


@pytest.mark.usefixtures("today")
def test_it_lists_and_reports(
    client: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "_open", ask_the_site)
    plan = make_published_plan(cast.province)
    rows = [make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 1, n)) for n in range(1, 4)]
    _token, key = make_token(by=cast.commune_secretary, name="Thử", scope="write", days=30)
    monkeypatch.setenv("DOANTRACKER_URL", SITE)
    monkeypatch.setenv("DOANTRACKER_TOKEN", key)
    assert client.main([]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [[str(r.pk), str(r.due_on)] for r in rows]
    assert client.main([str(rows[0].pk), "50", "Đã", "họp"]) == 0
    assert capsys.readouterr().out == f"{rows[0].pk}\tin_progress\t50 %\n"
    caller = client.Client(SITE, key, language="en")
    assert [r["id"] for r in caller.all("/deadlines", limit=1)] == [r.pk for r in rows]
    with pytest.raises(client.Problem) as stale:
        caller.act(f"/deadlines/{rows[0].pk}/progress", '"1"', percent=60)
    assert (stale.value.status, stale.value.code) == (412, "stale")
    path, etag = f"/deadlines/{rows[0].pk}/progress", caller.get(f"/deadlines/{rows[0].pk}")[1]
    told = [caller.act(path, etag, "week-4", percent=60)["version"] for _n in range(2)]
    assert told == [3, 3]
    assert client.main([str(rows[0].pk), "500"]) == 1
    assert "body.percent" in capsys.readouterr().err


def test_the_token_goes_to_no_other_server(client: Any) -> None:
    with pytest.raises(ValueError, match="not an address"):
        client.Client("https://a.example", "dtk_x")._send("GET", "https://b.example/api/v1/me")


def test_the_token_follows_no_redirect(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as elsewhere, receiving() as site:
        site.status, site.location = 302, elsewhere.url
        with pytest.raises(client.Problem) as moved:
            client.Client(site.url.rpartition("/")[0], "dtk_x").act("/notices/read", ids=[1])
    assert (moved.value.status, len(site.came), elsewhere.came) == (302, 1, [])


def test_it_knows_our_messages(client: Any) -> None:
    body = b'{"id": "1"}'
    sent = signing.headers("secret", 1_000_000, body, "1")
    assert client.is_ours("secret", sent, body, now=1_000_100)
    assert not client.is_ours("secret", sent, body, now=1_000_400)
    assert not client.is_ours("secret", sent, b"{}", now=1_000_100)
    assert not client.is_ours("other", sent, body, now=1_000_100)
    assert not client.is_ours("secret", {}, body, now=1_000_100)
    assert client.is_ours("secret", {name.lower(): value for name, value in sent.items()}, body, now=1_000_100)
    assert not client.is_ours("secret", sent | {signing.SIGNATURE: "v1=đ"}, body, now=1_000_100)
