"""What every template must be able to show before it is used: papers with every part. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Final

from doantracker.papers.paper import LETTER, Column, Head, Heading, Level, Paper, Signature, Table, Text

REPORT: Final = Paper(
    kind="BC",
    head=Head(
        body="Ban Thường vụ Tỉnh đoàn mẫu",
        superior="Đoàn cấp trên mẫu",
        place="Nơi ban hành",
        day=dt.date(2026, 2, 9),
        number="01-BC/TĐTN-VP",
        marks=("Dự thảo",),
        note="Tài liệu họp",
    ),
    abstract="Báo cáo mẫu để thử mẫu trình bày",
    blocks=(
        Text("Đoạn văn mẫu, dài hơn một dòng để thấy lề, thụt đầu dòng, giãn dòng và căn đều hai bên. " * 2),
        Heading(Level.PART, "Phần thứ nhất"),
        Heading(Level.SECTION, "I. Mục lớn"),
        Heading(Level.ITEM, "1. Mục nhỏ"),
        Heading(Level.SUB_ITEM, "1.1. Tiểu mục"),
        Heading(Level.POINT, "1.1.1. Điểm"),
        Text("Đoạn văn dưới các đề mục."),
        Table(
            "Bảng mẫu",
            (Column("TT", 1, right=True), Column("Nội dung", 5), Column("Hạn", 2), Column("Tỷ lệ", 1, right=True)),
            ((1, "Nội dung thứ nhất", dt.date(2026, 12, 31), Decimal("98.5")), (2, "Hai dòng\nmột ô", None, None)),
        ),
    ),
    signature=Signature("TM. Ban Thường vụ Tỉnh đoàn", "Bí thư", "Người ký mẫu"),
    recipients=("Cấp trên (để báo cáo)", "Lưu VT, VP"),
    file_code="mau-01",
)
_AS_LETTER: Final = replace(REPORT.head, number="01-CV/TĐTN-VP", marks=(), note="")
LETTER_SAMPLE: Final = replace(REPORT, kind=LETTER, head=_AS_LETTER, addressees=("Đơn vị thứ nhất", "Đơn vị thứ hai"))
#: A paper turned, without superior or anything else that may lack.
BARE: Final = replace(
    REPORT,
    head=replace(REPORT.head, superior="", marks=(), note=""),
    blocks=(),
    recipients=(),
    file_code="",
    landscape=True,
)
SAMPLES: Final = (REPORT, LETTER_SAMPLE, BARE)
