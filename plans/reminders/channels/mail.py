"""By mail: one digest over one connection a batch."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import smtplib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext

from plans.enums import ESCALATIONS, Failure, NoticeKind
from plans.models import Notice
from plans.reminders.channels import NotNow, Refused, Unreachable
from plans.reminders.links import address_of
from units.models import User

#: Rows a mail spells out; the page has them all.
MOST_ROWS: Final = 50
#: The server says goodbye and closes the line.
GOODBYE: Final = 421
PERMANENT: Final = 500
#: Answers to the recipient that mean: no such box, moved, full.
NO_SUCH_BOX: Final = frozenset({550, 551, 552, 553})
TOO_LARGE: Final = frozenset({552})
#: The second figure of an extended answer (RFC 3463): 1 the address, 2 the box, 6 the contents. Others, such as 7 for
#: policy, speak of the servers: they may hit every mail of the office, and an administrator can cure them.
EXTENDED: Final = re.compile(rb"^\s*5\.(\d)\.\d")
OF_THE_PERSON: Final = frozenset({b"1", b"2", b"6"})


#: Characters of the work that a mail quotes.
MOST_WORDS: Final = 140


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a digest, ready to be written, with the link that opens it."""

    kind: str
    unit: str
    due: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class PlanRows:
    """The rows of one plan."""

    plan: str
    rows: list[Row]


class MailChannel:
    """The mail server of the settings. A notice carries the state of its mail itself."""

    name: ClassVar[str] = "mail"
    to_notice: ClassVar[str] = ""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._used = False

    @property
    def rows(self) -> QuerySet[Any]:
        """Return the notices themselves."""
        return Notice.objects.order_by()

    def open(self) -> None:
        """Connect, so that nothing is claimed while the server is away."""
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable from error

    def prepare(self, people: Collection[User]) -> None:
        """Need nothing more: the address stands with the person."""

    def reaches(self, person: User) -> bool:
        """Return whether there is a mail address."""
        return bool(person.email)

    def send(self, person: User, notices: Sequence[Notice], key: uuid.UUID) -> None:
        """Send one digest; a line that the server has closed after other mails is opened again, once."""
        mail = digest(person, notices, key)
        mail.connection = self._connection
        try:
            self._try(mail)
        except Unreachable:
            if not self._used:
                raise
            self.close()
            self.open()
            self._try(mail)
        self._used = True

    def _try(self, mail: EmailMultiAlternatives) -> None:
        try:
            self._connection.open()  # after a break; does nothing while the line stands
            if not mail.send():
                raise Unreachable
        except smtplib.SMTPRecipientsRefused as error:
            answers = list(error.recipients.values())
            raise meaning_of(answers[0] if answers else (GOODBYE, b""), NO_SUCH_BOX) from error
        except smtplib.SMTPDataError as error:
            raise meaning_of((error.smtp_code, error.smtp_error), TOO_LARGE) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:  # letters or line breaks no header takes
            raise Refused(Failure.ADDRESS) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable from error

    def close(self) -> None:
        """Close the line; the next mail opens another."""
        self._used = False
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._connection.close()


def meaning_of(answer: tuple[int, bytes | str], for_good: frozenset[int]) -> Exception:
    """Return what an answer of the server about one mail means; `for_good`: codes that are final by themselves."""
    code, words = answer
    extended = EXTENDED.match(words.encode() if isinstance(words, str) else words)
    if code == GOODBYE:
        return Unreachable()
    final = extended.group(1) in OF_THE_PERSON if extended else code in for_good
    return Refused(Failure.REFUSED) if code >= PERMANENT and final else NotNow()


def digest(recipient: User, notices: Sequence[Notice], key: uuid.UUID) -> EmailMultiAlternatives:
    """Return the mail that tells `recipient` of `notices`; texts carry links, no names of rated persons."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext(
            "doantracker: %(count)s deadline needs you", "doantracker: %(count)s deadlines need you", len(notices)
        ) % {"count": len(notices)}
        shown = notices[:MOST_ROWS]
        wishes = f"{settings.SITE_URL}{reverse('plans:notice_settings')}"
        context = {
            "recipient": recipient,
            "plans": rows_by_plan(shown),
            "count": len(notices),
            "more": len(notices) - len(shown),
            "overdue": sum(n.kind == NoticeKind.OVERDUE for n in notices),
            "reports": any(n.kind not in ESCALATIONS for n in notices),
            "site": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("emails/digest.txt", context),
            to=[recipient.email],
            headers={
                "Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{wishes}>",
            },
        )
        mail.attach_alternative(render_to_string("emails/digest.html", context), "text/html")
        return mail


def rows_by_plan(notices: Sequence[Notice]) -> list[PlanRows]:
    """Return the rows of a digest by plan. Worked out here: look-ups in the template cost more than the sending."""
    found: dict[int, PlanRows] = {}
    for notice in notices:
        deadline = notice.deadline
        plan = found.get(deadline.plan_id)
        if plan is None:
            plan = found[deadline.plan_id] = PlanRows(str(deadline.plan), [])
        text = deadline.solution.text
        words = text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS - 1]}…"
        due = _day(deadline.due_on, get_language()) if deadline.due_on else ""
        link = f"{settings.SITE_URL}{address_of(notice)}"
        plan.rows.append(Row(_label(notice.kind, get_language()), deadline.unit.label, due, words, link))
    return list(found.values())


@lru_cache(maxsize=1000)
def _day(day: dt.date, _language: str) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


@lru_cache(maxsize=100)
def _label(kind: str, _language: str) -> str:
    return str(NoticeKind(kind).label)
