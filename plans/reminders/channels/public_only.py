"""While a person's own address is called: connections to public addresses only, whatever its name leads to.

The check stands where the connection is made, after names were looked up: a name that changes its meaning between a
check and the call, or a redirect, gains nothing.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

#: What of IPv6 is given out as addresses of single machines.
INTERNET = ipaddress.ip_network("2000::/3")
_on: ContextVar[bool] = ContextVar("public addresses only", default=False)


class PrivateAddressError(OSError):
    """Something wanted to connect into the own network."""


@contextmanager
def public_only() -> Iterator[None]:
    """Let this thread connect to public addresses only."""
    _install()
    token = _on.set(True)
    try:
        yield
    finally:
        _on.reset(token)


def is_public(host: str) -> bool:
    """Return whether `host`, written as numbers, is an address of the public internet; no tunnel to an inner one."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        tunnel = address.sixtofour or address.teredo
        return address in INTERNET and address.is_global and not tunnel
    return address.is_global and not address.is_multicast


@cache  # an audit hook stays for the life of the process
def _install() -> None:
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not _on.get():
        return
    target = arguments[1]
    if not (isinstance(target, tuple) and target and isinstance(target[0], str) and is_public(target[0])):
        raise PrivateAddressError("not a public address")
