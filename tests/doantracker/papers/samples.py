"""A paper that has every part, for the tests of its renderings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from doantracker.papers.paper import Column, Head, Heading, Level, Paper, Signature, Table, Text

HOSTILE = "=1+1 <b>&{{ 7*7 }}{% raw %}"
TABLE = Table(
    "Bảng 1. Việc quá hạn",
    (Column("TT", 1, right=True), Column("Nội dung", 5), Column("Hạn", 2), Column("Tỷ lệ", 1, right=True)),
    ((1, HOSTILE, dt.date(2026, 12, 31), Decimal("1234.5")), (2, "Hai dòng\nmột ô", None, None)),
)


def sample(**changes: Any) -> Paper:
    """Return the report of a department below the province, with all kinds of blocks."""
    head = Head(
        superior="Tỉnh đoàn Sông Thao",
        body="Văn phòng",
        place="Sông Thao",
        day=dt.date(2026, 2, 9),
        number="12-BC/TĐTN-VP",
        marks=("Dự thảo",),
    )
    blocks = (
        Text("Thực hiện kế hoạch năm 2026."),
        Heading(Level.PART, "Phần I"),
        Heading(Level.SECTION, "I. Kết quả"),
        Heading(Level.ITEM, "1. Đã làm"),
        Heading(Level.SUB_ITEM, "1.1. Ở tỉnh"),
        Heading(Level.POINT, "1.1.1. Tại cơ quan"),
        Text(f"Trích nguyên văn: {HOSTILE}"),
        TABLE,
    )
    facts: dict[str, Any] = {
        "kind": "BC",
        "head": head,
        "abstract": "Kết quả khắc phục khuyết điểm năm 2026",
        "blocks": blocks,
        "signature": Signature("TM. Ban Thường vụ Tỉnh đoàn", "Bí thư", "Nguyễn Văn An"),
        "recipients": ("Tỉnh ủy (để báo cáo)", "- Lưu VT, VP."),
        "file_code": "bc-12",
    }
    return Paper(**{**facts, **changes})
