"""One reading of the clock per request, job or command; rules take the day as an argument."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_stopped: ContextVar[dt.datetime | None] = ContextVar("stopped", default=None)


def today() -> dt.date:
    """Return the current day in the project's time zone (Asia/Ho_Chi_Minh): a deadline is a date there."""
    return timezone.localdate(now())


def now() -> dt.datetime:
    """Return the current moment, aware."""
    return _stopped.get() or timezone.now()


@contextmanager
def stopped_at(moment: dt.datetime) -> Iterator[None]:
    """Let every act inside happen at `moment`, an aware time: the demo province has a past."""
    token = _stopped.set(moment.astimezone(dt.UTC))  # as rows come back from the database
    try:
        yield
    finally:
        _stopped.reset(token)
