"""Acts on the inbox."""

from collections.abc import Collection

from django.db import transaction

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.models import Notice, ReminderPreference
from plans.querysets import NoticeQuerySet
from units import audit
from units.models import User
from units.models.audit import AuditAction


def mark_read(*, by: User, notice_id: int | None = None) -> int:
    """Mark one or all of the person's unread notices as read; return how many. A private act: no audit row."""
    mine: NoticeQuerySet = Notice.objects.visible_to(by).unread()
    rows = mine if notice_id is None else mine.filter(pk=notice_id)
    return rows.update(read_at=clock.now())


def mails_wanted(user: User) -> list[str]:
    """Return the kinds of notice that `user` gets by mail too."""
    unwanted = set(ReminderPreference.objects.filter(user=user, by_mail=False).values_list("kind", flat=True))
    return [kind.value for kind in NoticeKind if kind.value not in unwanted]


def choose_mails(*, by: User, kinds: Collection[str]) -> None:
    """Let the person's mails tell of `kinds` only; the page goes on telling of all."""
    wanted = [kind.value for kind in NoticeKind if kind.value in kinds]
    with transaction.atomic():
        before = mails_wanted(by)
        if before == wanted:
            return
        ReminderPreference.objects.bulk_create(
            [ReminderPreference(user=by, kind=kind, by_mail=kind in wanted) for kind in NoticeKind],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["by_mail"],
        )
        audit.record(AuditAction.CHANGED, by=by, obj=by, data={"mails": [before, wanted]})
