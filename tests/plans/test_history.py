"""Pages of history: which days an act changed, and like acts told once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from plans.history import days_told, history_lines
from units.models import AuditEvent
from units.models.audit import AuditAction

AT = dt.datetime(2026, 4, 1, 8, 30, tzinfo=dt.UTC)


def event(action: AuditAction, *, seconds: int = 0, actor: int = 1, **data: Any) -> AuditEvent:
    return AuditEvent(action=action, actor_id=actor, at=AT + dt.timedelta(seconds=seconds), data=data)


@pytest.mark.parametrize(
    ("action", "data", "told"),
    [
        (AuditAction.DATED, {"due_on": "2026-04-30"}, "30/04/2026"),
        (AuditAction.DATED, {"due_on": [None, "2026-04-30"]}, "30/04/2026"),
        (AuditAction.DATED, {"due_on": ["2026-04-30", None]}, "30/04/2026 → –"),
        (AuditAction.RESCHEDULED, {"moved": ["2026-04-30", "2026-05-15"]}, "30/04/2026 → 15/05/2026"),
        (AuditAction.RESUMED, {"due_on": ["2026-04-30", "2026-05-15"]}, "30/04/2026 → 15/05/2026"),
        (AuditAction.RESUMED, {}, ""),
        (AuditAction.EVENT_DATED, {"day": [None, "2026-05-15"], "moved": 12, "left": {}}, "15/05/2026"),
        (AuditAction.EVENT_DATED, {"day": ["2026-05-10", "2026-05-15"], "moved": 0}, "10/05/2026 → 15/05/2026"),
        (AuditAction.LATER_ASKED, {"day": "2026-05-15", "due_on": "2026-04-30"}, ""),
        (AuditAction.RULE_CHANGED, {"moved": 3}, ""),
    ],
)
def test_days_are_told_as_the_log_has_them(action: AuditAction, data: dict[str, Any], told: str) -> None:
    assert days_told(event(action, **data)) == told


def test_one_act_on_many_objects_is_one_line() -> None:
    dated = [event(AuditAction.DATED, seconds=n, due_on="2026-04-30") for n in range(3)]
    others = [
        event(AuditAction.DATED, due_on="2026-05-15"),  # another day
        event(AuditAction.DATED, due_on="2026-05-15", actor=2),  # another person
        event(AuditAction.DATED, due_on="2026-05-15", actor=2, seconds=60),  # another minute
        event(AuditAction.CANCELLED, actor=2, seconds=60, reason="Trùng"),
        event(AuditAction.CANCELLED, actor=2, seconds=60, reason="Đã làm"),  # other words
    ]
    assert [line.more for line in history_lines([*dated, *others])] == [2, 0, 0, 0, 0, 0]
    assert history_lines([]) == []
