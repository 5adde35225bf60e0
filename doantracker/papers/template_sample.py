"""What every template must be able to show before it is used: papers with every part. Pure.

Their words are chosen so that none stands within another: what a template shows is found by them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Final

from doantracker.papers.enums import PaperKind
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
    abstract="Trích yếu để thử mẫu trình bày",
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
    signature=Signature(
        "TM. Ban Thường vụ Tỉnh đoàn",
        "Bí thư",
        "Người ký mẫu",
        left=("Thư ký mẫu", "Người ký bên trái mẫu"),
        below=("Người chứng kiến mẫu", "Người ký bên dưới mẫu"),
    ),
    recipients=("Cấp trên (để biết)", "Lưu VT, VP"),
    file_code="mau-01",
)
_AS_LETTER: Final = replace(REPORT.head, number="01-CV/TĐTN-VP", marks=(), note="")
_ALONE: Final = replace(REPORT.signature, left=None, below=None)
LETTER_SAMPLE: Final = replace(
    REPORT, kind=LETTER, head=_AS_LETTER, signature=_ALONE, addressees=("Đơn vị thứ nhất", "Đơn vị thứ hai")
)
#: A paper turned, without superior or anything else that may lack.
BARE: Final = replace(
    REPORT,
    head=replace(REPORT.head, superior="", marks=(), note=""),
    blocks=(),
    signature=_ALONE,
    recipients=(),
    file_code="",
    landscape=True,
)
SAMPLES: Final = (REPORT, LETTER_SAMPLE, BARE)

#: Marks without which a paper is none: number and symbol, place and date, who signs, who receives it.
ALWAYS: Final = ("number", "place_and_day", "authority", "signer", "recipients")
OF_A_LETTER: Final = ("subject", "addressees")
#: Where another signs beside who signs, both stand under what they are, and nobody has a post.
OF_TWO_SIDES: Final = ("left_post", "left_signer")
#: What else the papers of a kind need; the others have a name of their kind, an abstract and one signer with a post.
NEEDED: Final = {
    PaperKind.CHASING: ("post", *OF_A_LETTER),
    PaperKind.COMMENDATION: ("post", "abstract", "addressees"),
    PaperKind.MINUTES: ("abstract", *OF_TWO_SIDES),
    PaperKind.HANDOVER: ("abstract", *OF_TWO_SIDES, "below_post", "below_signer"),
}


def needed_by(kind: str) -> tuple[str, ...]:
    """Return the marks that a template for papers of a kind needs; "": for all kinds."""
    if not kind:
        every = (name for names in NEEDED.values() for name in names)
        return (*ALWAYS, "issuer", "kind", *dict.fromkeys(every))
    return (*ALWAYS, *NEEDED.get(PaperKind(kind), ("post", "abstract")))
