"""Links in mails: each opens one row for one person, after log-in, for two weeks. Never a way around the log-in.

The token is no right: it names a notice and its recipient, signed. Who follows it must be logged in as that person
and still see the row. A forwarded or stolen mail opens nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from plans.models import Notice

SALT = "plans.notice-link"
VALID_FOR = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says. Expired: it was ours, but is too old."""

    notice: int
    recipient: int
    expired: bool = False


def address_of(notice: Notice) -> str:
    """Return the path of the one-purpose link to a notice."""
    return reverse("plans:notice_link", args=[signing.dumps([notice.pk, notice.recipient_id], salt=SALT)])


def read_link(token: str) -> Link | None:
    """Return what a token says; None for one that is not ours."""
    try:
        pk, recipient = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        pk, recipient = signing.loads(token, salt=SALT)
        return Link(pk, recipient, expired=True)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Link(pk, recipient)
