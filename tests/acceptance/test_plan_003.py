"""The plan that carries out a resolution, real text: the points that reading must fulfil."""

import datetime as dt

from plans.reading.drafts import ScheduleKind
from tests.acceptance.reading_samples import real_plan


def test_point_01_number_date_place_and_signer_are_read() -> None:
    header = real_plan("003").header
    assert (header.symbol, header.issued_on) == ("250 KH/TĐTN", dt.date(2012, 7, 31))
    assert (header.place, header.signer_name) == ("Rạch Giá", "Tống Phước Trường")


def test_point_02_three_last_days_and_a_month_and_nothing_else_dated() -> None:
    assert [s.due for s in real_plan("003").schedules if s.due] == [
        dt.date(2012, 8, 31),
        dt.date(2012, 8, 29),
        dt.date(2012, 9, 24),
        dt.date(2012, 9, 29),
    ]


def test_point_05_by_order_of_a_higher_body_awaits_its_date() -> None:
    waiting = [s for s in real_plan("003").schedules if s.kind is ScheduleKind.AS_DIRECTED]
    assert len(waiting) == 7
    assert all(s.due is None and s.anchor for s in waiting)


def test_point_07_labels_are_no_solutions() -> None:
    plan = real_plan("003")
    assert not any(s.text.startswith(("Thời gian:", "Thành phần:")) for s in plan.solutions)


def test_point_08_topics_are_told_from_commitments() -> None:
    plan = real_plan("003")
    lines = {plan.paragraphs[s.span.paragraph].line for s in plan.solutions}
    assert not lines & {34, 36, 38, 68, 69, 70}
    assert lines >= {45, 47, 48}


def test_point_11_run_in_heading_and_broken_recipient_are_read() -> None:
    plan = real_plan("003")
    assert any(s.text.startswith("Các huyện, thị, thành Đoàn và Đoàn trực thuộc: xây dựng") for s in plan.solutions)
    assert "Các huyện, thị, thành Đoàn và Đoàn trực thuộc" in plan.header.recipients
