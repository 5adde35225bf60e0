"""By chat: a count and a link, nothing else. Zalo and Telegram through one library; webhooks by a call of our own."""

from __future__ import annotations

import datetime as dt
import urllib.request
import uuid
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.lib import clock
from doantracker.lib.sealed import CantOpenError, unseal
from plans.enums import Failure, NoticeKind, NoticeState
from plans.models import ChatAddress, ChatDelivery, Notice
from plans.reminders.channels import NotNow, Refused, webhook
from plans.reminders.channels.public_only import public_only
from plans.reminders.channels.schemes import SCHEMES, scheme_of
from units.models import User

#: A notice that nobody tried to send by chat for so long is no news any more; the mail and the page tell of it.
NEWS: Final = dt.timedelta(days=14)


class ChatChannel:
    """The chat address that a person has entered and tried. Chats know no Message-ID: a repeat looks like another."""

    name: ClassVar[str] = "chat"
    to_notice: ClassVar[str] = "notice__"

    def __init__(self) -> None:
        self._sealed: dict[int, str] = {}

    @property
    def rows(self) -> QuerySet[Any]:
        """Return what stands beside the notices."""
        return ChatDelivery.objects.all()

    def open(self) -> None:
        """Give every new notice of a person with an address its row, once."""
        give_rows()

    def prepare(self, people: Collection[User]) -> None:
        """Read the addresses; one query."""
        rows = ChatAddress.objects.filter(user__in=people)
        self._sealed = dict(rows.values_list("user_id", "sealed"))

    def reaches(self, person: User) -> bool:
        """Return whether the person still has an address."""
        return person.pk in self._sealed

    def send(self, person: User, notices: Sequence[Notice], key: uuid.UUID) -> None:  # noqa: ARG002  # for mail
        """Send the count; every person has a server of their own, so none is unreachable for all."""
        try:
            address = unseal(self._sealed[person.pk])
        except CantOpenError as error:
            raise Refused(Failure.ADDRESS) from error
        if not usable(address):
            raise Refused(Failure.ADDRESS)
        if not post(address, words_of(notices)):
            raise NotNow

    def close(self) -> None:
        """Forget the addresses."""
        self._sealed = {}


def usable(address: str) -> bool:
    """Return whether the administrator allows this kind of address, and a webhook could be held to public hosts."""
    name = scheme_of(address)
    if name is None or name not in settings.CHAT_SCHEMES:
        return False
    # a proxy looks names up itself: nobody could then see where a webhook leads
    return not (SCHEMES[name].names_host and {"http", "https", "all"} & set(urllib.request.getproxies()))


def post(address: str, words: str) -> bool:
    """Send `words` to a chat; return whether its server took them. Never raises, never logs the address."""
    name = scheme_of(address)
    if name is None:
        return False
    if SCHEMES[name].names_host:
        with public_only():
            return webhook.call(address, words)
    import apprise  # noqa: PLC0415  # takes a quarter of a second; only who sends needs it

    # the one plug-in by name: asked for an address, the library would load every one of its hundred and fifty
    module, plugin_name = SCHEMES[name].plugin.split(":")
    plugin = getattr(import_module(f"apprise.plugins.{module}"), plugin_name)
    asset = apprise.AppriseAsset(app_id="doantracker", app_url=settings.SITE_URL, http_redirects=False)
    chat = plugin(**plugin.parse_url(address), asset=asset)
    return bool(chat.notify(body=words, body_format=apprise.NotifyFormat.TEXT))


def words_of(notices: Sequence[Notice]) -> str:
    """Return the message: how many, how many of them overdue, and where to look. No name, no sentence of a plan."""
    with translation.override(settings.LANGUAGE_CODE):
        count, overdue = len(notices), sum(n.kind == NoticeKind.OVERDUE for n in notices)
        words = ngettext(
            "doantracker: %(count)s deadline needs you", "doantracker: %(count)s deadlines need you", count
        ) % {"count": count}
        if overdue:
            words += _(", %(count)s overdue") % {"count": overdue}
        return f"{words}.\n{settings.SITE_URL}{reverse('plans:notices')}"


def give_rows() -> int:
    """INSERT … SELECT a delivery for each new notice of a person with an address; return how many. One statement."""
    rows = (
        Notice.objects.filter(
            recipient__chat_address__added_at__lte=F("created_at"),
            created_at__gte=clock.now() - NEWS,
            chat__isnull=True,
        )
        .order_by()
        .values_list("pk", "recipient_id", Value(NoticeState.PENDING.value), Value(0))
    )
    sql, params = rows.query.sql_with_params()
    table = ChatDelivery._meta.db_table  # noqa: SLF001  # Django documents _meta
    columns = "notice_id, recipient_id, state, attempts"
    with connection.cursor() as cursor:
        # every value is a parameter; the names are our own
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        count: int = cursor.rowcount
    return max(count, 0)
