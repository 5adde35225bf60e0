"""Cutting text: what was read is marked without losing a letter, and a record splits where a sentence begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.spans import Mark, Run, belongs_to_second, marked_runs, pieces, split_points


def test_text_without_marks_is_one_run() -> None:
    assert marked_runs("Không có gì", []) == [Run("Không có gì")]


def test_empty_text_has_no_run() -> None:
    assert marked_runs("", [Mark(0, 3, "solution")]) == []


def test_a_mark_inside_another_is_nested_and_leads_to_its_own_record() -> None:
    marks = [Mark(0, 18, "solution", "#s"), Mark(8, 13, "schedule", "#t")]
    assert marked_runs("Gửi vào quý I nhé.", marks) == [
        Run("Gửi vào ", ("solution",), "#s", leads=True, begins="solution"),
        Run("quý I", ("solution", "schedule"), "#t", leads=True, begins="schedule"),
        Run(" nhé.", ("solution",), "#s"),
    ]


def test_crossing_marks_overlap_in_a_run_of_both() -> None:
    assert marked_runs("abcdef", [Mark(0, 4, "solution", "#s"), Mark(2, 6, "party", "#p")]) == [
        Run("ab", ("solution",), "#s", leads=True, begins="solution"),
        Run("cd", ("solution", "party"), "#p", leads=True, begins="party"),
        Run("ef", ("party",), "#p"),
    ]


def test_a_mark_without_an_address_keeps_the_address_around_it() -> None:
    runs = marked_runs("abcd", [Mark(0, 4, "solution", "#s"), Mark(1, 2, "party")])
    assert [(r.classes, r.href) for r in runs] == [
        ("mark-solution begins-solution", "#s"),
        ("mark-solution mark-party begins-party", "#s"),
        ("mark-solution", "#s"),
    ]


def test_marks_beyond_the_text_are_cut_and_empty_ones_left_out() -> None:
    marks = [
        Mark(2, 99, "solution", "#s"),
        Mark(1, 1, "party", "#p"),
        Mark(50, 60, "party", "#q"),
        Mark(-5, 1, "loose"),
    ]
    assert [(r.text, r.kinds) for r in marked_runs("abcd", marks)] == [
        ("a", ("loose",)),
        ("b", ()),
        ("cd", ("solution",)),
    ]


spans = st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.sampled_from(["solution", "schedule", "party"]))


@given(st.text(max_size=30), st.lists(spans, max_size=8))
def test_runs_joined_are_the_text_and_each_letter_has_its_marks(
    text: str, given_spans: list[tuple[int, int, str]]
) -> None:
    marks = [Mark(a, b, kind) for a, b, kind in given_spans]
    runs = marked_runs(text, marks)
    assert "".join(r.text for r in runs) == text
    kinds = [set(r.kinds) for r in runs for _letter in r.text]
    assert kinds == [{m.kind for m in marks if m.start <= i < m.end} for i in range(len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Một câu thôi.", ["Một câu thôi."]),
        ("Họp giao ban. Gửi báo cáo!", ["Họp giao ban.", "Gửi báo cáo!"]),
        ("Rà soát; thống kê; báo cáo", ["Rà soát;", "thống kê;", "báo cáo"]),
        ("Do TM. Ban ký, UV. BTV dự. Sau đó họp.", ["Do TM. Ban ký, UV. BTV dự.", "Sau đó họp."]),
        ("Gọi là “sân chơi.” Rồi mở.", ["Gọi là “sân chơi.”", "Rồi mở."]),
        ("Hạn 01.11.2026 là cuối", ["Hạn 01.11.2026 là cuối"]),
    ],
)
def test_a_text_splits_at_its_sentences(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_split_points_are_where_the_next_sentence_begins() -> None:
    assert split_points("Họp bàn.  Gửi thư. ") == [10]


@pytest.mark.parametrize(
    ("phrase", "second"),
    [("tháng 4", False), ("Tháng  5", True), ("quý I", False), ("", False), ("cả hai", False)],
)
def test_a_commitment_goes_where_its_words_are(phrase: str, second: bool) -> None:  # noqa: FBT001  # the expected answer
    assert belongs_to_second(phrase, "Làm tháng 4, cả hai.", "Xong tháng 5, cả hai.") is second
