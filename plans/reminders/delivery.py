"""Sending: one digest a person, never empty. A row is claimed, then the mail goes out, then it is marked.

A sender that dies leaves its claim; after the lease another sends the same rows with the same Message-ID, so a mail
server or reader can tell the repeat.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import smtplib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from doantracker.lib import clock
from plans.calendars import is_day_off
from plans.enums import DAILY, ESCALATIONS, OPEN, NoticeKind, NoticeState, PlanStatus
from plans.models import Notice, ReminderLadder, ReminderPreference
from plans.querysets import NoticeQuerySet
from plans.reminders.links import address_of
from units.access import paths_with, within
from units.models import User
from units.permissions import Permission

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=6)
GIVE_UP_AFTER = dt.timedelta(days=3)
A_DAY = dt.timedelta(days=1)
#: What is worth a mail only while the work is still open.
WHILE_OPEN = (NoticeKind.ASSIGNED, *DAILY)
#: What is told to people because they report for the unit.
FOR_REPORTERS = (NoticeKind.ASSIGNED, NoticeKind.DUE_SOON, NoticeKind.OVERDUE)
#: Rows a mail spells out; the page has them all.
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a digest with the link that opens it."""

    notice: Notice
    link: str


def deliver_notices(*, today: dt.date | None = None) -> int:
    """Send every waiting notice, one mail a person; return how many mails went out."""
    today = today or clock.today()
    if is_day_off(today) and not _mails_on_days_off():
        return 0
    sent = 0
    connection = get_connection()
    try:
        connection.open()  # one connection for all; a mail after it broke opens its own
        for key in _claims():
            sent += _send(key, connection)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("The mail server can't be reached; the notices wait: %s", error)
    finally:
        _close(connection)
    return sent


def _claims() -> Iterator[uuid.UUID]:
    """Claim one person's notices after the other; yield the key of each claim."""
    seen: set[uuid.UUID] = set()
    while (key := _claim_next()) is not None and key not in seen:
        seen.add(key)
        yield key


def _claim_next() -> uuid.UUID | None:
    """Take over an expired claim, or claim the waiting notices of the next person; None when nothing waits."""
    now = clock.now()
    with transaction.atomic():
        expired = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(state=NoticeState.SENDING, lease_until__lt=now)
            .order_by("pk")
            .first()
        )
        if expired is not None:
            Notice.objects.filter(mail_key=expired.mail_key, state=NoticeState.SENDING).update(lease_until=now + LEASE)
            taken: uuid.UUID = expired.mail_key
            return taken
        first = waiting(now).select_for_update(skip_locked=True).order_by("recipient", "pk").first()
        if first is None:
            return None
        key = uuid.uuid4()
        theirs = waiting(now).select_for_update(skip_locked=True).filter(recipient=first.recipient_id)
        Notice.objects.filter(pk__in=list(theirs.values_list("pk", flat=True))).update(
            state=NoticeState.SENDING, mail_key=key, lease_until=now + LEASE
        )
        return key


def waiting(now: dt.datetime) -> NoticeQuerySet:
    """Return the notices that may be mailed at `now`: once a person had today's mail, daily ones wait."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    had_today = Notice.objects.filter(
        recipient=OuterRef("recipient"),
        kind__in=DAILY,
        sent_at__gte=midnight,
        created_at__gte=midnight - GIVE_UP_AFTER - A_DAY,  # older ones were given up: the index stops here
    )
    rows: NoticeQuerySet = Notice.objects.filter(state=NoticeState.PENDING)
    return rows.exclude(Q(kind__in=DAILY) & Exists(had_today))


def _send(key: uuid.UUID, connection: BaseEmailBackend) -> int:
    """Send one claim and mark it; rights and states are read again just before."""
    claimed = Notice.objects.filter(mail_key=key, state=NoticeState.SENDING)
    first = claimed.select_related("recipient").first()
    if first is None:
        return 0
    rows = list(still_due(first.recipient).filter(mail_key=key))
    if not rows:
        claimed.update(state=NoticeState.SKIPPED, lease_until=None)
        return 0
    try:
        mail = digest(first.recipient, rows, key)
        mail.connection = connection
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("Mail %s could not be sent: %s", key, error)
        _close(connection)
        _put_back(key)
        return 0
    told = claimed.filter(pk__in=[n.pk for n in rows])
    told.update(state=NoticeState.SENT, sent_at=clock.now(), lease_until=None)
    claimed.update(state=NoticeState.SKIPPED, lease_until=None)  # the others of the claim, no longer due
    return 1


def still_due(recipient: User) -> NoticeQuerySet:
    """Return the notices of `recipient` worth a mail now: rights, states and wishes as they are at this moment."""
    if not recipient.is_active or not recipient.email:
        return Notice.objects.none()
    followed = Q(deadline__status__in=OPEN, deadline__plan__status=PlanStatus.PUBLISHED)
    reporting = within("deadline__unit_path", paths_with(recipient, Permission.REPORT))
    unwanted = ReminderPreference.objects.filter(user=recipient, by_mail=False).values("kind")
    return (
        Notice.objects.visible_to(recipient)
        .filter(followed | ~Q(kind__in=WHILE_OPEN), reporting | ~Q(kind__in=FOR_REPORTERS))
        .exclude(kind__in=unwanted)
        .select_related("deadline__plan", "deadline__solution", "deadline__unit")
        .order_by("deadline__plan_id", "deadline__due_on", "pk")
    )


def digest(recipient: User, rows: list[Notice], key: uuid.UUID) -> EmailMultiAlternatives:
    """Return the mail that tells `recipient` of `rows`; texts carry links, no names of rated persons."""
    with translation.override(settings.LANGUAGE_CODE):
        overdue = sum(n.kind == NoticeKind.OVERDUE for n in rows)
        subject = ngettext(
            "doantracker: %(count)s deadline needs you", "doantracker: %(count)s deadlines need you", len(rows)
        ) % {"count": len(rows)}
        shown = [Row(notice, f"{settings.SITE_URL}{address_of(notice)}") for notice in rows[:MOST_ROWS]]
        context = {
            "recipient": recipient,
            "rows": shown,
            "count": len(rows),
            "more": len(rows) - len(shown),
            "overdue": overdue,
            "reports": any(n.kind not in ESCALATIONS for n in rows),
            "site": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("emails/digest.txt", context),
            to=[recipient.email],
            headers={
                "Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("emails/digest.html", context), "text/html")
        return mail


def _put_back(key: uuid.UUID) -> None:
    """Let a failed mail be tried again, later each time; given up after three days, the page still shows it."""
    rows = Notice.objects.filter(mail_key=key, state=NoticeState.SENDING)
    first = rows.order_by("created_at").first()
    if first is None:
        return
    if clock.now() - first.created_at > GIVE_UP_AFTER:
        rows.update(state=NoticeState.FAILED, lease_until=None)
        return
    pause = min(LEASE * 2**first.attempts, LONGEST_PAUSE)
    rows.update(attempts=first.attempts + 1, lease_until=clock.now() + pause)


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.close()


def _mails_on_days_off() -> bool:
    return ReminderLadder.objects.filter(is_default=True, mail_on_days_off=True).exists()
