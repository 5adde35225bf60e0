"""Texts for chat groups: their exact words, and that none is longer than a chat shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.chat_text import (
    LIMIT,
    OpenWork,
    Section,
    Work,
    address_in_text,
    chat_text,
    name_of,
    one_line,
    open_line,
    task_lines,
    when_words,
    work_line,
)
from plans.enums import Status

TODAY = dt.date(2026, 3, 16)
ADDRESS = "https://doan.example/units/7/"


def work(due_on: dt.date | None = TODAY, status: str = Status.ASSIGNED, **facts: Any) -> Work:
    return Work(**{"text": "Rà soát danh sách đoàn viên.", **facts}, status=status, due_on=due_on)


@pytest.mark.parametrize(
    ("due_on", "status", "words"),
    [
        (dt.date(2026, 2, 28), Status.ASSIGNED, "hạn 28/02/2026, quá hạn 16 ngày"),
        (TODAY, Status.IN_PROGRESS, "hạn 16/03/2026, hết hạn hôm nay"),
        (dt.date(2026, 3, 20), Status.RETURNED, "hạn 20/03/2026, còn 4 ngày"),
        (None, Status.ASSIGNED, "chưa ấn định thời hạn"),
        (dt.date(2026, 2, 28), Status.SUBMITTED, "hạn 28/02/2026, đã báo cáo, chờ xác nhận"),
        (dt.date(2026, 2, 28), Status.COMPLETED, "hạn 28/02/2026, đã hoàn thành"),
        (dt.date(2026, 2, 28), Status.ON_HOLD, "hạn 28/02/2026, tạm hoãn"),
        (None, Status.CANCELLED, "chưa ấn định thời hạn, đã hủy"),
    ],
)
def test_the_day_is_told_with_what_it_means_today(due_on: dt.date | None, status: str, words: str) -> None:
    assert when_words(work(due_on, status), TODAY) == words


def test_every_status_has_its_words() -> None:
    assert all(when_words(work(status=status), TODAY) for status in Status)


def test_a_line_names_unit_work_period_day_and_plan() -> None:
    one = work(text="Rà soát\n danh sách.", period="Quý I/2026", plan="12-KH/TĐTN", unit="Đoàn xã An Hòa")
    assert work_line(one, TODAY) == (
        "Đoàn xã An Hòa: Rà soát danh sách (Quý I/2026) – hạn 16/03/2026, hết hạn hôm nay [12-KH/TĐTN]"
    )


def test_a_line_about_a_unit_tells_what_is_open() -> None:
    assert open_line(OpenWork("Đoàn xã An Hòa", 6, 2, 1), 7) == (
        "Đoàn xã An Hòa: còn 6 việc, quá hạn 2, đến hạn trong 7 ngày tới 1"
    )
    assert open_line(OpenWork("Đoàn xã An Hòa", 6, 0, 0), 7) == "Đoàn xã An Hòa: còn 6 việc"
    assert open_line(OpenWork("Văn phòng", 9, 0, 0, held=1), 7) == "Văn phòng: còn 9 việc, tạm hoãn 1"
    assert open_line(OpenWork("Văn phòng", 0, 0, 0, held=2), 7) == "Văn phòng: tạm hoãn 2"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Gồm:\n- Báo cáo tháng\n- Sổ theo dõi;\n- 03 biểu.", "Gồm: Báo cáo tháng; Sổ theo dõi; 03 biểu."),
        ("Rà soát\n danh sách\n\n đoàn viên.", "Rà soát danh sách đoàn viên."),
        ("Thực hiện\na) Rà soát\nb) Báo cáo", "Thực hiện; a) Rà soát; b) Báo cáo"),
        ("- Rà soát – đối chiếu\n-Báo cáo\n-5 độ", "Rà soát – đối chiếu; Báo cáo -5 độ"),
    ],
)  # fmt: skip
def test_the_points_of_a_list_are_parted_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_the_text_has_a_head_lists_and_the_address() -> None:
    sections = [Section("Quá hạn", ["một", "hai"], 5), Section("Đến hạn trong 7 ngày tới", [], 0)]
    assert chat_text(["ĐOÀN XÃ AN HÒA", "Công việc"], sections, ADDRESS) == (
        "ĐOÀN XÃ AN HÒA\nCông việc\n\nQuá hạn: 5 việc\n1. một\n2. hai\n… và 3 việc khác\n\n"
        "Đến hạn trong 7 ngày tới: không có.\n\nXem chi tiết: https://doan.example/units/7/"
    )


def test_units_of_one_task_stand_in_one_line_and_what_is_left_out_counts_deadlines() -> None:
    owed = [work(unit=f"Đoàn xã {n}", task=1) for n in range(17)]
    other = [work(unit="Đoàn xã 1", task=2), work(unit="Đoàn xã 1", task=2, due_on=dt.date(2026, 3, 20))]
    lines, counts = task_lines([*owed, *other], TODAY)
    assert counts == [17, 1, 1]
    assert lines[0].startswith("Rà soát danh sách đoàn viên – hạn 16/03/2026, hết hạn hôm nay. Đơn vị: Đoàn xã 0, ")
    assert lines[0].endswith("Đoàn xã 14 và 2 đơn vị khác")
    assert lines[1] == "Đoàn xã 1: Rà soát danh sách đoàn viên – hạn 16/03/2026, hết hạn hôm nay"
    text = chat_text(["X"], [Section("Tổng số", lines, 60, counts=counts)], ADDRESS)
    assert "… và 41 việc khác" in text


def test_the_longest_list_gives_way_first() -> None:
    sections = [Section("Quá hạn", ["a" * 150] * 40, 90), Section("Sắp đến hạn", ["b" * 150] * 3, 3)]
    text = chat_text(["ĐOÀN XÃ"], sections, ADDRESS)
    assert len(text) <= LIMIT
    assert (text.count("a" * 150), text.count("b" * 150)) == (9, 3)
    assert "… và 81 việc khác" in text
    assert text.endswith(ADDRESS)


@given(
    name=st.integers(0, 600),
    lengths=st.lists(st.integers(0, 900), max_size=40),
    more=st.integers(0, 100_000),
    query=st.integers(0, 3000),
)
def test_no_text_is_longer_than_the_limit(name: int, lengths: list[int], more: int, query: int) -> None:
    title = ("Rà soát đoàn viên " * 40)[:name]
    facts: dict[str, Any] = {"unit": name_of(title), "plan": title, "period": "Quý I/2026"}
    lines = [work_line(work(text=("dài " * 300)[:n], **facts), TODAY) for n in lengths]
    sections = [Section("Quá hạn", lines, len(lines) + more), Section("Đến hạn", lines, len(lines))]
    address = address_in_text(f"{ADDRESS}?{'%' * query}")
    text = chat_text([name_of(title), name_of(title)], sections, address)
    assert len(text) <= LIMIT
    assert text.endswith(address)


def test_a_very_long_address_is_named_without_its_filter() -> None:
    assert address_in_text(f"{ADDRESS}?q={'a' * 400}") == ADDRESS
    assert address_in_text(f"{ADDRESS}?q=a") == f"{ADDRESS}?q=a"
