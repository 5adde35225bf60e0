"""The plan of inspections and field trips, real text: the points that reading must fulfil."""

import datetime as dt

from plans.reading.drafts import ParagraphRole, ScheduleKind
from tests.acceptance.real import dated, days, real_plan


def test_point_01_two_headings_on_one_line_are_two() -> None:
    headings = [(p.marker, p.text, p.role, p.level) for p in real_plan("001").paragraphs if p.line == 9]
    assert headings == [
        ("I.", "MỤC ĐÍCH, YÊU CẦU", ParagraphRole.HEADING, 1),
        ("1.", "Mục đích", ParagraphRole.HEADING, 2),
    ]


def test_point_02_five_references_and_none_a_deadline() -> None:
    plan = real_plan("001")
    cited = {r.symbol: r.issued_on for r in plan.references}
    assert cited == {
        "229-KH/TWĐTN-BKT": dt.date(2020, 2, 24),
        "231-KH/TĐTN-TCKT": dt.date(2020, 1, 31),
        "227-KH/TĐTN-TCKT": dt.date(2020, 1, 7),
        "194-KH/TĐTN-VP": dt.date(2019, 8, 12),
        "02-KL/TWĐTN-CNĐT": dt.date(2018, 7, 2),
    }
    assert len(plan.references) == 5
    assert not set(cited.values()) & days(plan)


def test_point_03_two_fixed_days_both_exclusive() -> None:
    plan = real_plan("001")
    assert dated(plan) == [
        (43, ScheduleKind.BY_DATE, None, dt.date(2020, 12, 14)),
        (61, ScheduleKind.BY_DATE, None, dt.date(2020, 5, 30)),
    ]
    assert [s.exclusive for s in plan.schedules if s.due] == [True, True]
