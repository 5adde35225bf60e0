"""What a person's own calendar program reads: the open deadlines of the units whose work the person reports."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from doantracker.lib.ics import AllDay, calendar_text
from doantracker.lib.text import shortened
from plans.enums import OPEN, Status
from plans.labels import period_label
from plans.models import Deadline
from units.models import User

MOST: Final = 1000  # the oldest open rows first; a program that reads more of them helps nobody
SUMMARY_LENGTH: Final = 120
REFRESH: Final = "PT6H"
COLUMNS: Final = (
    "pk",
    "unit__name",
    "unit__short_name",
    "plan__symbol",
    "plan__title",
    "solution__text",
    "occurrence",
    "due_on",
    "status",
    "reason",
    "version",
    "updated_at",
)


def feed_of(user: User) -> str:
    """Return the calendar of `user`; two queries."""
    mine = Deadline.objects.visible_to(user).owed_by_units_of(user)
    rows = mine.filter(status__in=OPEN, plan__status="published", due_on__isnull=False)
    found = rows.order_by("due_on", "pk").values(*COLUMNS)[:MOST]
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return calendar_text(_("My deadlines"), [_entry(row, host) for row in found], refresh=REFRESH)


def _entry(row: dict[str, Any], host: str) -> AllDay:
    unit, due_on = row["unit__short_name"] or row["unit__name"], row["due_on"]
    plan, period = row["plan__symbol"] or row["plan__title"], period_label(row["occurrence"])
    returned = _("Returned: %s") % row["reason"] if row["status"] == Status.RETURNED else ""
    modified: dt.datetime = row["updated_at"]
    return AllDay(
        uid=f"deadline-{row['pk']}@{host}",
        day=due_on,
        summary=f"{unit}: {shortened(row['solution__text'], SUMMARY_LENGTH)}",
        description="\n".join(part for part in (plan, period, returned, row["solution__text"]) if part),
        url=f"{settings.SITE_URL}{reverse('plans:deadline', args=[row['pk']])}",
        sequence=row["version"] - 1,
        modified=modified,
    )
