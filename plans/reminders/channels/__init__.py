"""The ways a notice leaves the page: by mail, by chat. One small interface; the sender knows nothing else of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from plans.enums import Failure
    from plans.models import Notice
    from units.models import User


class Refused(Exception):  # noqa: N818  # reads as what happened
    """This person can't be reached this way, for good: no further attempt helps before somebody corrects something."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class NotNow(Exception):  # noqa: N818  # reads as what happened
    """The server answers, and wants this one message later."""


class Unreachable(Exception):  # noqa: N818  # reads as what happened
    """The server can't be reached, cuts or hangs: other messages would fail too."""


class Channel(Protocol):
    """A way out, by `name`. `to_notice`: the prefix from a row of `rows` to its notice."""

    name: ClassVar[str]
    to_notice: ClassVar[str]

    @property
    def rows(self) -> QuerySet[Any]:
        """Return the rows that carry the states: `plans.models.notice.Outgoing` with a recipient."""

    def open(self) -> None:
        """Get ready for a batch: bring in new rows, connect; raise Unreachable."""

    def prepare(self, people: Collection[User]) -> None:
        """Read what sending to `people` needs; a fixed number of queries."""

    def reaches(self, person: User) -> bool:
        """Return whether `person` has an address here at all; asked after `prepare`."""

    def send(self, person: User, notices: Sequence[Notice], key: uuid.UUID) -> None:
        """Send one message about `notices` to `person`; `key` stays the same however often it is tried.

        Raise Refused, NotNow or Unreachable.
        """

    def close(self) -> None:
        """Let go; never raises."""
