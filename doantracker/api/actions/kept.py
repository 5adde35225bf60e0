"""Acts on answers kept for a call that comes again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.api.models import KeptAnswer
from doantracker.lib import clock
from units.access import reach_of
from units.models import User

KEPT_FOR: Final = dt.timedelta(days=2)


def claim_key(*, by: User, key: str, fingerprint: str) -> KeptAnswer:
    """Take a key for one call, inside the transaction of its act; raise IntegrityError when the key is taken.

    The same call sent at the same moment waits here until this one is done or undone.
    """
    return KeptAnswer.objects.create(person=by, key=key, fingerprint=fingerprint, made_at=clock.now())


def keep_answer(*, claimed: KeptAnswer, status: int, body: str, etag: str) -> None:
    """Keep the answer of the act with how far its person saw then."""
    claimed.status, claimed.body, claimed.etag = status, body, etag
    claimed.reach = reach_of(claimed.person)
    claimed.save(update_fields=["status", "body", "etag", "reach"])


def forget_old() -> int:
    """Throw away what was kept long enough; return how many."""
    return KeptAnswer.objects.filter(made_at__lt=clock.now() - KEPT_FOR).delete()[0]
