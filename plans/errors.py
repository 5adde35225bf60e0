"""Refusals that teach: what is wrong and what to do, in the reader's language."""

from django.utils.functional import Promise


class ActionRefused(Exception):  # noqa: N818  # it is an answer, not a fault
    """An act the rules do not allow now. `message` says what to do instead."""

    status = 422

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class Stale(ActionRefused):
    """Somebody else changed the object since the page was opened."""

    status = 409
