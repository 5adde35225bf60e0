"""Short secrets that have to be read again, encrypted in the database with a key made of SECRET_KEY.

A copy of the database alone opens none of them. After SECRET_KEY has changed they can't be opened, unless the old one
stands in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SALT = "doantracker.sealed"


class CantOpenError(Exception):
    """The sealed text is not ours, was altered, or was sealed with a key that is gone."""


def seal(text: str) -> str:
    """Return `text` sealed; every call gives another result."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed; raise CantOpenError."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # only who sends needs it

    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CantOpenError from error


def _box() -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  # only who sends needs it

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [salted_hmac(SALT, "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])
