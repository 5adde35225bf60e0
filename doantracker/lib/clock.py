"""One reading of the clock per request, job or command; rules take the day as an argument."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Return the current day in the project's time zone (Asia/Ho_Chi_Minh): a deadline is a date there."""
    return timezone.localdate()


def now() -> dt.datetime:
    """Return the current moment, aware."""
    return timezone.now()
