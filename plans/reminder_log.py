"""The log of reminders (đôn đốc) of a deadline: when, whom, which kind, and how it went out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.enums import Failure, NoticeKind, NoticeState
from plans.models import ChasingLetter, Deadline, Notice
from units.models import User

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line of the log."""

    day: dt.date
    kind: str
    whom: str
    how: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a notice stands on one channel; no state: it does not go that way."""

    state: str | None
    sent_at: dt.datetime | None
    failure: str | None


def reminders_of(deadline: Deadline, user: User) -> list[Reminder]:
    """Return what was said to people whom `user` knows, and the letters `user` may read, newest first; two queries."""
    told = Notice.objects.logged_for(user).filter(deadline=deadline).order_by("-day", "-pk")
    mail, chat = (tuple(f"{to}{part}" for part in ("state", "sent_at", "failure")) for to in ("", "chat__"))
    columns = ("day", "kind", "recipient__full_name", "read_at", *mail, *chat)
    rows = [
        Reminder(day, str(NoticeKind(kind).label), name, _how(Way(*ways[:3]), Way(*ways[3:]), read_at))
        for day, kind, name, read_at, *ways in told.values_list(*columns)[:SHOWN]
    ]
    letters = ChasingLetter.objects.visible_to(user).filter(deadlines=deadline).select_related("unit", "prepared_by")
    rows += [
        Reminder(
            timezone.localdate(letter.prepared_at),
            _("Chasing letter"),
            letter.unit.name if letter.unit else _("Several units"),
            _("prepared by %s") % letter.prepared_by,
            letter.get_absolute_url(),
        )
        for letter in letters[:SHOWN]
    ]
    return sorted(rows, key=lambda row: row.day, reverse=True)


def _how(mail: Way, chat: Way, read_at: dt.datetime | None) -> str:
    """Return how a notice went out: every one stands on the page; each channel has a state of its own."""
    said = [words for words in (_mail_words(mail), _chat_words(chat), _("read") if read_at else "") if words]
    return ", ".join(said)


def _mail_words(way: Way) -> str:
    if way.state == NoticeState.SENT and way.sent_at:
        return _("mail sent %s") % f"{timezone.localtime(way.sent_at):%d/%m/%Y %H:%M}"
    if way.state == NoticeState.FAILED:
        return _with_reason(_("mail could not be sent"), way)
    return _("on the page only") if way.state == NoticeState.SKIPPED else _("mail is waiting")


def _chat_words(way: Way) -> str:
    if way.state == NoticeState.SENT and way.sent_at:
        return _("chat message sent %s") % f"{timezone.localtime(way.sent_at):%d/%m/%Y %H:%M}"
    if way.state == NoticeState.FAILED:
        return _with_reason(_("chat message could not be sent"), way)
    return _("chat message is waiting") if way.state in {NoticeState.PENDING, NoticeState.SENDING} else ""


def _with_reason(words: str, way: Way) -> str:
    return f"{words}: {Failure(way.failure).label}" if way.failure else words
