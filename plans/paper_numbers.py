"""Numbers of official papers made of records: the app above answers for them, pages of records lead to the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from units.models import User


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """The number and symbol of a paper, its day, and its page: "" for whom it is not open."""

    symbol: str
    day: dt.date
    href: str


Asked = Callable[[str, int, User], GivenNumber | None]
_asked: list[Asked] = []


def ask(answering: Asked) -> None:
    """Let `answering` say under which number a record went out as a paper of some kind; None: it did not."""
    if answering not in _asked:
        _asked.append(answering)


def given_number(kind: str, record: int, user: User) -> GivenNumber | None:
    """Return the number of the paper of a kind ("minutes") that was made of a record; a query, two where one was."""
    return next((found for answering in _asked if (found := answering(kind, record, user))), None)
