"""The signature of a message: whoever knows the secret sees that it came from here and when. Pure."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

SIGNATURE: Final = "Doantracker-Signature"
TIMESTAMP: Final = "Doantracker-Timestamp"
DELIVERY: Final = "Doantracker-Delivery"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return "v1=" and the HMAC-SHA256 (hex) over the time of sending (seconds since 1970), a dot and the body."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers(secret: str, timestamp: int, body: bytes, key: str) -> dict[str, str]:
    """Return the headers of one attempt. `key` is the same for every attempt of a message."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "doantracker",
        "Connection": "close",
        DELIVERY: key,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret, timestamp, body),
    }
