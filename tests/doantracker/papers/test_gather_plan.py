"""The paper of a plan: in the outline of its source, with its grounds; nobody leads and supports in one row."""

from __future__ import annotations

import datetime as dt

import pytest

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.gather.remediation import equation_sentence
from doantracker.papers.paper import Heading, Paper, Text
from plans.ledger import Equation
from plans.models import PlanDocument
from tests.cast import Cast
from tests.doantracker.papers.test_equal_numbers import make_plan

pytestmark = pytest.mark.usefixtures("today")

PARAGRAPHS = [
    ("heading", 1, "I. MỤC ĐÍCH, YÊU CẦU"),
    ("text", 0, "Nâng cao chất lượng tổ chức đoàn."),
    ("text", 0, "Báo cáo chậm 03 lần trong năm qua."),
    ("heading", 1, "III. TỔ CHỨC THỰC HIỆN"),
    ("text", 0, "Văn phòng theo dõi, đôn đốc."),
    ("recipient", 0, "- Lưu VT."),
]


def made(cast: Cast) -> Paper:
    plan = make_plan(cast)
    plan.references.create(kind="Chỉ thị", symbol="05-CT/TU", issued_on=dt.date(2025, 1, 2), issuer="Tỉnh ủy")
    shortcoming = plan.shortcomings.get(ordinal=1)
    shortcoming.text = "Báo cáo chậm 03 lần trong năm qua."
    shortcoming.save()
    first, second = plan.solutions.order_by("ordinal")
    first.supporting_units.set([cast.district, cast.office])
    second.lead_unit = cast.office
    second.save()
    second.supporting_units.set([cast.office])
    PlanDocument.objects.create(
        plan=plan, file="x.docx", original_name="x.docx", size=1, sha256="0" * 64, read_at="2026-03-01T00:00:00Z",
        paragraphs=[
            {"role": role, "level": level, "text": text, "line": n, "marker": ""}
            for n, (role, level, text) in enumerate(PARAGRAPHS)
        ],
    )  # fmt: skip
    return prepare_paper(kind="plan", subject=f"plan={plan.pk}", by=cast.office_staff).paper


def test_the_paper_has_the_outline_of_its_source(cast: Cast) -> None:
    paper = made(cast)
    assert [block.text for block in paper.blocks if isinstance(block, Heading)] == [
        "I. Mục đích, yêu cầu",
        "II. Khuyết điểm cần khắc phục",
        "III. Giải pháp",
        "IV. Tổ chức thực hiện",
    ]
    texts = [block.text for block in paper.blocks if isinstance(block, Text)]
    assert texts[:2] == [
        "Căn cứ Chỉ thị số 05-CT/TU ngày 02 tháng 01 năm 2025 của Tỉnh ủy;",
        "Nâng cao chất lượng tổ chức đoàn.",
    ]
    assert texts.count("Báo cáo chậm 03 lần trong năm qua.") == 0  # told by its record, or by nobody
    assert texts[-1] == "Văn phòng theo dõi, đôn đốc./."


def test_a_unit_never_leads_and_supports_in_one_row(cast: Cast) -> None:
    (annex,) = made(cast).annexes
    assert [row[2:4] for row in annex.rows] == [("Huyện đoàn Bình Minh", "Văn phòng"), ("Văn phòng Tỉnh đoàn", "")]


def test_the_equation_adds_up_with_what_has_a_report_of_its_own() -> None:
    words = equation_sentence(Equation(new=4, carried_over=2, merged=0, listed=6), 2)
    assert words.endswith("(04 + 02 = 06); trong đó 02 khuyết điểm của cá nhân có báo cáo riêng.")
