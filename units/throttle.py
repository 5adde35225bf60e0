"""A pause after failed log-ins: for one account from one address, for an account, and for an address."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

if TYPE_CHECKING:
    DatabaseHandler = Any
else:
    DatabaseHandler = AxesDatabaseHandler

NAME_LENGTH: Final = 150  # no user name is longer; whatever is longer is refused unread


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name that was tried, the same for every way to write it that finds the same account."""
    tried = str((credentials or request.POST).get("username") or "")[:NAME_LENGTH]
    # Upper, then lower: a dotless "ı" has no lower case of its own, but a database takes it for an "I".
    return unicodedata.normalize("NFKC", tried).strip().upper().lower()[:NAME_LENGTH]


class Throttle(DatabaseHandler):  # type: ignore[misc]  # axes ships no types
    """Counts failures of an account from all addresses, and of an address over all accounts, with wider limits.

    A log-in that fits takes back only the failures of that account from that address: nobody clears the count of
    an address by logging in to an account of their own.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures of this account from this address; at least the limit once a wider one is reached."""
        since = request.axes_attempt_time - settings.AXES_COOLOFF_TIME  # type: ignore[attr-defined]  # axes sets it
        recent = AccessAttempt.objects.filter(attempt_time__gte=since)
        account = recent.filter(username=get_client_username(request, credentials))
        address = recent.filter(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]  # axes sets it
        wider = _failures(account) >= settings.AXES_ACCOUNT_LIMIT or _failures(address) >= settings.AXES_ADDRESS_LIMIT
        own = int(super().get_failures(request, credentials))
        return max(own, settings.AXES_FAILURE_LIMIT) if wider else own


def _failures(attempts: Any) -> int:
    return attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
