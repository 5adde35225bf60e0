"""Keys of tokens and secrets of webhooks: random, shown once."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

#: What every key begins with: programs that look for secrets in published files find it.
BEGINNING: Final = "dtk_"
LONGEST: Final = 100  # no key is longer


def new_key() -> str:
    """Return a fresh key with 256 random bits."""
    return BEGINNING + secrets.token_urlsafe(32)


def new_secret() -> str:
    """Return a fresh secret to sign messages with."""
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
