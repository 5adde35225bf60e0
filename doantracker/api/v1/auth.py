"""Who calls: a token in the Authorization header, nothing else. A session of the browser opens nothing here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from doantracker.api import keys
from doantracker.api.actions.tokens import note_use
from doantracker.api.models import ApiToken
from doantracker.api.v1.carriers import require_carried_well
from doantracker.api.v1.problems import READ_ONLY, UNKNOWN_TOKEN, ProblemError
from doantracker.lib import clock
from doantracker.lib.throttle import seconds_to_wait
from units.audit import Origin, origin
from units.models import User

HOUR: Final = 3600
CALLS_AN_HOUR: Final = 6000  # of one token
MISSES_AN_HOUR: Final = 120  # of one machine: a whole office may stand behind it
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Call(HttpRequest):
    """A call of the API by the program of a person."""

    user: User
    auth: ApiToken


class TokenAuth(HttpBearer):
    """Takes the token of a call and makes its person the one who acts, with the rights of this moment."""

    def __call__(self, request: HttpRequest) -> Any:
        """Find the token, or end the call."""
        request.user = AnonymousUser()  # whoever is logged in with this browser is not the one who calls
        return super().__call__(request) or self._missed()

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token that has this key, while it is in force and not used too often."""
        known = 0 < len(token) <= keys.LONGEST
        tokens = ApiToken.objects.in_force(clock.today()).select_related("person")
        found: ApiToken | None = tokens.filter(key_hash=keys.hash_of(token)).first() if known else None
        if found is None:
            return None
        _wait(f"api:{found.pk}", CALLS_AN_HOUR)
        if request.method not in READING and not found.may_write:
            raise ProblemError(HTTPStatus.FORBIDDEN, "read_only", READ_ONLY)
        request.user = found.person
        was = origin.get()
        origin.set(Origin(address=was.address, request_id=was.request_id, token=found.pk))
        note_use(token=found)
        require_carried_well(request)
        return found

    @staticmethod
    def _missed() -> None:
        """Count a guess; end the call."""
        _wait(f"api-miss:{origin.get().address}", MISSES_AN_HOUR)
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED, "unauthorized", UNKNOWN_TOKEN, headers={"WWW-Authenticate": "Bearer"}
        )


def _wait(counted: str, limit: int) -> None:
    if wait := seconds_to_wait(counted, limit=limit, seconds=HOUR):
        words = _("Too many requests. Try again later.")
        raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, "too_many", words, headers={"Retry-After": str(wait)})
