"""Lines of the log as a page of history tells them: the days an act changed, and like lines as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby

from doantracker.lib.text import nfc
from plans.labels import day_label
from units.models import AuditEvent
from units.models.audit import AuditAction

#: Under which names the log keeps the day before and after an act.
DAYS_OF: dict[str, tuple[str, ...]] = {
    AuditAction.DATED: ("moved", "due_on"),
    AuditAction.RESCHEDULED: ("moved", "due_on"),
    AuditAction.RESUMED: ("due_on",),
    AuditAction.EVENT_DATED: ("day",),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act as told: the first row of the log that tells of it, and how many more rows tell the same."""

    event: AuditEvent
    more: int

    @property
    def days(self) -> str:
        """Return the days the act changed."""
        return days_told(self.event)


def days_told(event: AuditEvent) -> str:
    """Return "01/04/2026 → 30/04/2026", or the one day there is; empty where an act changed no day."""
    for name in ("moved", *DAYS_OF.get(event.action, ())):
        kept = event.data.get(name)
        days = [_day(value) for value in (kept if isinstance(kept, list) else [kept])]
        if any(days):
            return " → ".join(day or "–" for day in days) if days[0] else str(days[-1])
    return ""


def history_lines(events: Iterable[AuditEvent]) -> list[HistoryLine]:
    """Return rows of the log that follow one another and tell the same of several objects as one line each."""
    return [
        HistoryLine(rows[0], len(rows) - 1) for rows in (list(group) for _key, group in groupby(events, key=_sameness))
    ]


def _sameness(event: AuditEvent) -> Hashable:
    minute = event.at.replace(second=0, microsecond=0)
    said = (nfc(str(event.data.get(name) or "")) for name in ("reason", "evidence", "percent", "acting_for"))
    return event.actor_id, event.action, minute, days_told(event), *said


def _day(value: object) -> str:
    try:
        return day_label(dt.date.fromisoformat(str(value)))
    except ValueError:
        return ""
