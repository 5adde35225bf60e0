"""The plan of inspections and field trips, real text: the points that reading must fulfil."""

import datetime as dt

from plans.reading.drafts import ParagraphRole
from tests.acceptance.reading_samples import real_plan


def test_point_01_two_headings_on_one_line_are_two() -> None:
    headings = [p for p in real_plan("001").paragraphs if p.line == 9]
    assert [(p.marker, p.role) for p in headings] == [("I.", ParagraphRole.HEADING), ("1.", ParagraphRole.HEADING)]


def test_point_02_five_references_and_none_a_deadline() -> None:
    plan = real_plan("001")
    assert [(r.symbol.split("-")[0], r.issued_on) for r in plan.references] == [
        ("229", dt.date(2020, 2, 24)),
        ("231", dt.date(2020, 1, 31)),
        ("227", dt.date(2020, 1, 7)),
        ("194", dt.date(2019, 8, 12)),
        ("02", dt.date(2018, 7, 2)),
    ]
    assert not {r.issued_on for r in plan.references} & {s.due for s in plan.schedules}


def test_point_03_two_fixed_days_both_exclusive() -> None:
    fixed = [(s.due, s.exclusive) for s in real_plan("001").schedules if s.due]
    assert fixed == [(dt.date(2020, 12, 14), True), (dt.date(2020, 5, 30), True)]
