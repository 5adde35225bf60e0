"""A call to a person's own webhook: bounded in time and in what is read, whatever the server behind it does.

Its answer counts by its status alone; the body is never read. The whole call, name and encryption included, ends after
DEADLINE: a socket's own timeout starts anew with every byte, so a server that drips would hold a sender for hours.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

DEADLINE: Final = 10.0  # seconds of a whole call
_CONNECT: Final = 3.0  # seconds for one address of a host
_MOST_ADDRESSES: Final = 2  # of a host that are tried
_HTTPS: Final = 443


def call(address: str, words: str) -> bool:
    """Send `words` to the webhook `address` ("jsons://host[:port]/path"); return whether it took them."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or _HTTPS
    started = time.monotonic()
    try:
        with _connected(host, port) as plain, cut_after(plain, started + DEADLINE - time.monotonic()):
            encrypted = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            with encrypted:
                return deliver(encrypted, parts.netloc, parts.path, words)
    except (OSError, ValueError, http.client.HTTPException):
        return False


def deliver(connected: socket.socket, host: str, path: str, words: str) -> bool:
    """Send one request over a socket already connected; return whether the status says that it was taken."""
    http_call = http.client.HTTPConnection(host)
    http_call.sock = connected
    body = json.dumps({"version": "1.0", "title": "", "message": words, "attachments": [], "type": "info"})
    headers = {"Host": host, "Content-Type": "application/json", "User-Agent": "doantracker", "Connection": "close"}
    http_call.request("POST", path, body.encode(), headers)
    with http_call.getresponse() as answer:
        return answer.status // 100 == 2  # noqa: PLR2004  # taken


@contextmanager
def cut_after(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Break the connection after `seconds`; whoever waits for it then gets an error at once."""
    # a handle of its own: encryption takes the first one over
    with connected.dup() as handle:
        timer = threading.Timer(max(seconds, 0), _cut, [handle])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _cut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:  # the other side was faster
        return


def _connected(host: str, port: int) -> socket.socket:
    """Connect to one of the first addresses of `host`; each is tried for a few seconds."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:_MOST_ADDRESSES]
    refusal: OSError = OSError("no address")
    for _family, _type, _protocol, _name, where in found:
        try:
            connected = socket.create_connection((str(where[0]), port), timeout=_CONNECT)
        except OSError as error:
            refusal = error
        else:
            connected.settimeout(DEADLINE)
            return connected
    raise refusal
