"""Acts on the inbox."""

from doantracker.lib import clock
from plans.models import Notice
from plans.querysets import NoticeQuerySet
from units.models import User


def mark_read(*, by: User, notice_id: int | None = None) -> int:
    """Mark one or all of the person's unread notices as read; return how many. A private act: no audit row."""
    mine: NoticeQuerySet = Notice.objects.visible_to(by).unread()
    rows = mine if notice_id is None else mine.filter(pk=notice_id)
    return rows.update(read_at=clock.now())
