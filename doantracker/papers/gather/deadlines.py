"""Deadlines as rows of a spreadsheet: for an export, and for the archive of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings

from doantracker.papers.gather.parts import PLAN, document_of
from doantracker.papers.paper import Cell, Column
from plans.enums import Status, TimeState
from plans.labels import period_label
from plans.time_state import time_state

SHEET: Final = "Nội dung theo dõi"
CHUNK: Final = 2000  # rows read at once: memory does not grow with them
COLUMNS: Final = (
    Column("Mã", 1, right=True),
    Column("Đơn vị", 3),
    Column("Mã đơn vị", 2),
    Column("Kế hoạch", 2),
    Column("Nội dung", 6),
    Column("Kỳ", 2),
    Column("Hạn", 1),
    Column("Trạng thái", 2),
    Column("Tình trạng thời hạn", 2),
    Column("Ngày báo cáo", 1),
    Column("Tỷ lệ (%)", 1, right=True),
)
FIELDS: Final = (
    "pk", "unit__name", "unit__code", *PLAN, "solution__text", "occurrence", "due_on", "status",
    "reported_on", "percent",
)  # fmt: skip


def deadline_rows(found: Any, today: dt.date) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of `COLUMNS` for each deadline of a queryset, as it stands today."""
    statuses = {status.value: str(status.label) for status in Status}
    states = {state.value: str(state.label) for state in TimeState}
    for row in found.values_list(*FIELDS).iterator(chunk_size=CHUNK):
        pk, unit, code, symbol, title, text, occurrence, due, status, reported, percent = row
        state = time_state(
            status=status, due_on=due, reported_on=reported, today=today, soon_days=settings.DUE_SOON_DAYS
        )
        owed = (pk, unit, code, document_of(symbol, title), text, period_label(occurrence), due)
        yield (*owed, statuses[status], states[state], reported, percent)
