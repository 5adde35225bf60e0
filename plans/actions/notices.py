"""Acts of a person on the own inbox, and what leaves it: by which way, when, to which chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.sealed import CantOpenError, seal, unseal
from plans.enums import NoticeKind
from plans.errors import ActionRefused
from plans.models import ChatAddress, Notice, QuietDays, ReminderPreference
from plans.querysets import NoticeQuerySet
from plans.reminders.channels import chat
from plans.reminders.channels.schemes import SCHEMES, scheme_of
from plans.reminders.quiet import EVERY_DAY, LONGEST_LEAVE, as_bits, as_days
from units import audit
from units.models import User
from units.models.audit import AuditAction

HINT = 4  # last characters of a chat address that its owner sees again


def mark_read(*, by: User, rows: NoticeQuerySet) -> int:
    """Mark those of `rows` that are the person's own as read; return how many were new. Private: no audit row."""
    mine: NoticeQuerySet = Notice.objects.visible_to(by).unread()
    return mine.filter(pk__in=rows.order_by().values("pk")).update(read_at=clock.now())


# --- by which way ---


def kinds_wanted(user: User) -> dict[str, list[str]]:
    """Return the kinds of notice that `user` gets by mail and by chat too."""
    rows = dict(ReminderPreference.objects.filter(user=user).values_list("kind", "by_mail"))
    chats = dict(ReminderPreference.objects.filter(user=user).values_list("kind", "by_chat"))
    kinds = [kind.value for kind in NoticeKind]
    return {"mail": [k for k in kinds if rows.get(k, True)], "chat": [k for k in kinds if chats.get(k, True)]}


def choose_ways(*, by: User, mail: Collection[str], chat_kinds: Collection[str] | None = None) -> None:
    """Let mails tell of the kinds in `mail` only, chat messages of `chat_kinds` (None: as before)."""
    with transaction.atomic():
        before = kinds_wanted(by)
        chosen = {"mail": mail, "chat": before["chat"] if chat_kinds is None else chat_kinds}
        after = {way: [kind.value for kind in NoticeKind if kind.value in kinds] for way, kinds in chosen.items()}
        if before == after:
            return
        ReminderPreference.objects.bulk_create(
            [
                ReminderPreference(user=by, kind=kind, by_mail=kind in after["mail"], by_chat=kind in after["chat"])
                for kind in NoticeKind
            ],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["by_mail", "by_chat"],
        )
        audit.record(AuditAction.CHANGED, by=by, obj=by, data=audit.changes(before, after))


# --- when ---


def set_quiet_days(*, by: User, start: dt.date | None, end: dt.date | None, weekdays: Collection[int]) -> None:
    """Let the person's mails and chat messages wait from `start` to `end`, and on `weekdays` (Monday 0)."""
    bits = as_bits(weekdays)
    if bits >= EVERY_DAY or any(not 0 <= day < EVERY_DAY.bit_length() for day in weekdays):
        raise ActionRefused(_("Leave at least one day of the week on which mails may come."))
    if (start is None) != (end is None):
        raise ActionRefused(_("Give both days of your leave, the first and the last, or neither."))
    if start is not None and end is not None and not 0 <= (end - start).days < LONGEST_LEAVE:
        raise ActionRefused(
            _("The last day must not lie before the first, nor more than %s days after it.") % LONGEST_LEAVE
        )
    with transaction.atomic():
        found, _made = QuietDays.objects.select_for_update().get_or_create(user=by)
        before = _quiet_facts(found)
        found.start, found.end, found.weekdays = start, end, bits
        changed = audit.changes(before, _quiet_facts(found))
        if not changed:
            return
        found.save()
        audit.record(AuditAction.CHANGED, by=by, obj=by, data=changed)


def _quiet_facts(days: QuietDays) -> dict[str, object]:
    return {"away_from": days.start, "away_to": days.end, "quiet_weekdays": as_days(days.weekdays)}


# --- to which chat ---


def enter_chat_address(*, by: User, address: str) -> None:
    """Try `address` with a message and keep it, sealed, once its server has taken that; else refuse.

    The refusal does not tell why: who may choose a host must not learn what answers inside the own network.
    """
    scheme = scheme_of(address)
    if scheme is None or not chat.usable(address):
        allowed = ", ".join(s.example for name, s in SCHEMES.items() if name in settings.CHAT_SCHEMES)
        raise ActionRefused(_("This is no address that can be used here. Write it like one of these: %s") % allowed)
    if not chat.post(address, _test_words()):
        raise ActionRefused(
            _(
                "The test message did not arrive, so the address was not saved. Check every character, and that the "
                "bot has been written to once. A webhook must stand on a public host."
            )
        )
    with transaction.atomic():
        before = ChatAddress.objects.select_for_update().filter(user=by).first()
        facts = {"scheme": scheme, "sealed": seal(address), "hint": address[-HINT:], "added_at": clock.now()}
        ChatAddress.objects.update_or_create(user=by, defaults=facts)
        told = [before.scheme if before else None, scheme]
        audit.record(AuditAction.CHANGED, by=by, obj=by, data={"chat": told})


def try_chat_address(*, by: User) -> None:
    """Send a test message to the address that is kept; refuse when it does not arrive."""
    kept = ChatAddress.objects.visible_to(by).first()
    try:
        arrived = (
            kept is not None and chat.usable(address := unseal(kept.sealed)) and chat.post(address, _test_words())
        )
    except CantOpenError:
        arrived = False
    if not arrived:
        raise ActionRefused(_("The test message did not arrive. Enter the address again."))


def drop_chat_address(*, by: User) -> None:
    """Forget the person's chat address; what waits for it stays on the page and goes by mail."""
    with transaction.atomic():
        kept = ChatAddress.objects.visible_to(by).select_for_update().first()
        if kept is None:
            return
        scheme = kept.scheme
        kept.delete()
        audit.record(AuditAction.CHANGED, by=by, obj=by, data={"chat": [scheme, None]})


def _test_words() -> str:
    words = _("doantracker: a test message. Here you will be told how many deadlines need you.")
    return f"{words}\n{settings.SITE_URL}{reverse('plans:notice_settings')}"
