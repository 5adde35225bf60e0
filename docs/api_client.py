"""A small client of doantracker's API, to read, to copy and to run. Standard library only.

    DOANTRACKER_URL=https://… DOANTRACKER_TOKEN=dtk_… python3 api_client.py            # what is overdue
    DOANTRACKER_URL=https://… DOANTRACKER_TOKEN=dtk_… python3 api_client.py 12 50 "Đã họp"  # report progress on 12

It reads lists page by page, sends the version it saw (If-Match), and sends each act under a key of its own
(Idempotency-Key), so that an act whose answer was lost on the way can be sent again and is still done once. The end of
the file checks the signature of a webhook.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

ATTEMPTS = 4
OLDEST_MESSAGE = 300  # seconds


class Problem(Exception):  # noqa: N818  # the name of RFC 9457
    """What the API answers when it does not do what was asked. `code` is for programs, the words are for people."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("detail", ""))
        self.status, self.code, self.errors = status, body.get("code", ""), body.get("errors", [])

    def __str__(self) -> str:
        faults = "".join(f"\n  {fault['field']}: {fault['message']}" for fault in self.errors)
        return f"{self.status} {self.code}: {self.args[0]}{faults}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: Python would take the token along."""

    def redirect_request(self, *_args: Any) -> None:
        """Let a redirect be the error that it is."""


_open = urllib.request.build_opener(_NoRedirect).open


class Client:
    """Calls the API with one token. `language` is that of messages: "vi" or "en"."""

    def __init__(self, site: str, token: str, language: str = "vi") -> None:
        self.base = site.rstrip("/") + "/api/v1"
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, path: str, **asked: object) -> tuple[dict[str, Any], str]:
        """Return one record, or a page of a list, and its ETag."""
        query = urllib.parse.urlencode({name: value for name, value in asked.items() if value is not None})
        return self._send("GET", self.base + path + ("?" + query if query else ""))

    def all(self, path: str, **asked: object) -> Iterator[dict[str, Any]]:
        """Yield every record of a list, page after page."""
        page, _etag = self.get(path, **asked)
        yield from page["items"]
        while page["next"]:
            page, _etag = self._send("GET", urllib.parse.urljoin(self.base, page["next"]))
            yield from page["items"]

    def act(self, path: str, etag: str = "", key: str = "", /, **sent: object) -> dict[str, Any]:
        """Do one act on the version that has this ETag, once however often it has to be sent.

        Give a `key` of your own when your program may die in between: started anew, it sends the same one.
        """
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/json"}
        if etag:
            headers["If-Match"] = etag
        return self._send("POST", self.base + path, json.dumps(sent).encode(), headers)[0]

    def _send(
        self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[dict[str, Any], str]:
        """Send a call; again after a while when the network fails, the server has a fault or asks for patience."""
        if not url.startswith(self.base + "/"):
            raise ValueError(f"{url} is not an address of {self.base}: the token goes nowhere else")
        for attempt in range(1, ATTEMPTS + 1):
            wait = 2.0**attempt
            request = urllib.request.Request(url, body, self.headers | (headers or {}), method=method)  # noqa: S310  # checked above
            try:
                with _open(request, timeout=30) as answer:
                    return json.load(answer), answer.headers.get("ETag", "")
            except urllib.error.HTTPError as error:
                with error:
                    patience = error.code == 429 or error.code >= 500  # noqa: PLR2004
                    if not patience or attempt == ATTEMPTS:
                        raise Problem(error.code, _problem(error)) from error
                    wait = min(float(error.headers.get("Retry-After", wait)), 60)
            except OSError:
                if attempt == ATTEMPTS:
                    raise
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.load(error)
    except ValueError:  # a proxy in between answered
        return {"detail": error.reason}
    return found


def is_ours(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """Tell whether a message that came to a webhook was sent by doantracker just now; `body` as it came, unread."""
    came = {name.lower(): value for name, value in headers.items()}
    stamp, given = came.get("doantracker-timestamp", ""), came.get("doantracker-signature", "")
    now = time.time() if now is None else now
    if not (stamp.isascii() and stamp.isdecimal()) or abs(now - int(stamp)) > OLDEST_MESSAGE:
        return False
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v1={signed}".encode(), given.encode())  # as bytes: a forged one may hold any sign


def main(arguments: list[str]) -> int:
    """List what is overdue, or report progress on one deadline."""
    client = Client(os.environ["DOANTRACKER_URL"], os.environ["DOANTRACKER_TOKEN"])
    try:
        if not arguments:
            for row in client.all("/deadlines", state="overdue", limit=200):
                print(row["id"], row["due_on"], row["unit"]["name"], row["text"][:80], sep="\t")  # noqa: T201
            return 0
        number, percent, *words = arguments
        row, etag = client.get(f"/deadlines/{int(number)}")
        row = client.act(f"/deadlines/{row['id']}/progress", etag, percent=int(percent), text=" ".join(words))
        print(row["id"], row["status"], f"{row['percent']} %", sep="\t")  # noqa: T201
    except Problem as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
