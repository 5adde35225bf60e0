"""One call to another system: to public addresses only, bounded in time, no redirect followed, no answer read.

The name is looked up once. Every address it leads to has to be public, and the connection goes to one of those very
addresses: a name that changes its meaning between the check and the call gains nothing. A second check stands where
sockets connect (`public_only`).
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from doantracker.api.enums import Trouble
from plans.reminders.channels.public_only import PrivateAddressError, is_public, public_only
from plans.reminders.channels.webhook import cut_after

DEADLINE: Final = 10.0  # seconds of a whole call; a name looked up for longer (by the system) leaves it no time
_CONNECT: Final = 3.0  # seconds for one address
_MOST_ADDRESSES: Final = 2  # of a host that are tried
#: Ends of names that are kept for use inside (RFC 2606, 6761, 6762, 8375, and what routers give).
_INSIDE: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".example", ".onion")
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call went: the status the server gave, and what was wrong; nothing: it took the message."""

    status: int | None = None
    trouble: str = ""


def check_url(url: str) -> None:
    """Refuse an address that could never be called, before it is stored; the name is looked up at each call only."""
    try:
        parts = urlsplit(url)
    except ValueError as error:  # "https://["
        raise ValidationError(_("Enter a valid URL.")) from error
    if parts.scheme != "https" and not settings.WEBHOOKS_ANYWHERE:
        raise ValidationError(_("The address must begin with https://."))
    if parts.username or parts.password or parts.fragment:
        raise ValidationError(_("Leave user name, password and everything after # out of the address."))
    host = parts.hostname or ""
    numbers = host.replace(".", "").isdecimal() or ":" in host
    inside = not is_public(host) if numbers else _is_inside(host)
    if inside and not settings.WEBHOOKS_ANYWHERE:
        raise ValidationError(_("This address does not lead to the public internet."))
    if not _is_port(parts):
        raise ValidationError(_("The port in this address must lie between 1 and 65535."))


def _is_inside(host: str) -> bool:
    """Return whether a name can't be one of the public internet: without a dot, or kept for use inside."""
    return "." not in host.rstrip(".") or host.rstrip(".").lower().endswith(_INSIDE)


def _is_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def call(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send `body` to `url` once; say how it went."""
    ends = time.monotonic() + DEADLINE
    try:
        with nullcontext() if settings.WEBHOOKS_ANYWHERE else public_only():
            return _call(urlsplit(url), body, headers, ends)
    except PrivateAddressError:
        return Outcome(trouble=Trouble.PRIVATE)
    except ssl.SSLError:
        slow = time.monotonic() >= ends
        return Outcome(trouble=Trouble.SLOW if slow else Trouble.ENCRYPTION)
    except (OSError, ValueError, http.client.HTTPException):
        slow = time.monotonic() >= ends
        return Outcome(trouble=Trouble.SLOW if slow else Trouble.UNREACHABLE)


def _call(parts: SplitResult, body: bytes, headers: Mapping[str, str], ends: float) -> Outcome:
    if parts.scheme != "https" and not settings.WEBHOOKS_ANYWHERE:
        raise PrivateAddressError("not encrypted")
    with _connected(parts) as plain, cut_after(plain, ends - time.monotonic()), _encrypted(plain, parts) as connected:
        connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2])
        connection.sock = connected
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        with connection.getresponse() as answer:
            taken = answer.status // 100 == HTTPStatus.OK // 100
            return Outcome(answer.status, "" if taken else Trouble.REFUSED)


@contextmanager
def _encrypted(plain: socket.socket, parts: SplitResult) -> Iterator[socket.socket]:
    if parts.scheme != "https":
        yield plain
        return
    with ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname or "") as encrypted:
        yield encrypted


def _connected(parts: SplitResult) -> socket.socket:
    """Look the host up once, refuse it unless all its addresses are public, and connect to one of them."""
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.WEBHOOKS_ANYWHERE and not all(is_public(address) for address in found):
        raise PrivateAddressError("not a public address")
    refusal: OSError = OSError("no address")
    for address in found[:_MOST_ADDRESSES]:
        try:
            connected = socket.create_connection((address, port), timeout=_CONNECT)
        except PrivateAddressError:
            raise
        except OSError as error:
            refusal = error
        else:
            connected.settimeout(DEADLINE)
            return connected
    raise refusal
