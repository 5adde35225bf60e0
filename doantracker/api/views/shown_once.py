"""A secret that was just made, kept sealed in the session from the act to the page that shows it, this once.

The act answers with a redirect, so that reading the page again makes nothing again.
"""

from __future__ import annotations

from doantracker.lib.sealed import CantOpenError, seal, unseal
from plans.views.shared import Request

_NAME = "shown-once:%s"


def keep(request: Request, of: str, secret: str) -> None:
    """Keep the secret of what was made until its page is read."""
    request.session[_NAME % of] = seal(secret)


def take(request: Request, of: str) -> str:
    """Return the secret and forget it; empty: there is none to be shown, or only the head of the page is asked for."""
    sealed = request.session.pop(_NAME % of, "") if request.method == "GET" else ""
    try:
        return unseal(sealed) if sealed else ""
    except CantOpenError:  # the keys of the server were changed in between
        return ""
