"""The log of reminders (đôn đốc) of a deadline: when, whom, which kind, and how it went out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.enums import NoticeKind, NoticeState
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


def reminders_of(deadline: Deadline, user: User) -> list[Reminder]:
    """Return what was said to people whom `user` knows, and the letters `user` may read, newest first; two queries."""
    told = Notice.objects.logged_for(user).filter(deadline=deadline).order_by("-day", "-pk")
    columns = ("day", "kind", "recipient__full_name", "state", "sent_at", "read_at")
    rows = [
        Reminder(day, str(NoticeKind(kind).label), name, _how(state, sent_at, read_at))
        for day, kind, name, state, sent_at, read_at in told.values_list(*columns)[:SHOWN]
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


def _how(state: str, sent_at: dt.datetime | None, read_at: dt.datetime | None) -> str:
    """Return how a notice went out: every one stands on the page; the mail has a state of its own."""
    if state == NoticeState.SENT and sent_at:
        mail = _("mail sent %s") % f"{timezone.localtime(sent_at):%d/%m/%Y %H:%M}"
    else:
        mail = {
            NoticeState.SKIPPED: _("on the page only"),
            NoticeState.FAILED: _("mail could not be sent"),
        }.get(NoticeState(state), _("mail is waiting"))
    return f"{mail}, {_('read')}" if read_at else mail
