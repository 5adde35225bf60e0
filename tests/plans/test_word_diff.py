"""What changed between two wordings: tables of parts."""

from __future__ import annotations

import pytest

from plans.word_diff import MOST_WORDS, Part, word_diff


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", []),
        ("Rà soát đoàn viên.", "Rà soát đoàn viên.", [("same", "Rà soát đoàn viên.")]),
        (
            "Kết nạp 100 đoàn viên.",
            "Kết nạp 120 đoàn viên.",
            [("same", "Kết nạp "), ("gone", "100 "), ("new", "120 "), ("same", "đoàn viên.")],
        ),
        ("Rà soát.", "Rà soát. Báo cáo.", [("same", "Rà soát. "), ("new", "Báo cáo.")]),
        ("Rà soát. Báo cáo.", "Rà soát.", [("same", "Rà soát."), ("gone", "Báo cáo.")]),
        ("một\nhai", "một hai", [("same", "một hai")]),  # a line broken elsewhere is no change
        ("cũ", "mới", [("gone", "cũ"), ("new", "mới")]),
    ],
)
def test_words_that_stay_go_and_come(before: str, after: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.kind, part.text) for part in word_diff(before, after)] == parts


def test_the_new_wording_can_be_read_back_from_the_parts() -> None:
    before, after = "a b c d e f g", "a x c e f y z g"
    parts = word_diff(before, after)
    assert "".join(p.text for p in parts if p.kind != "gone") == after


def test_texts_too_long_to_compare_stand_one_after_the_other() -> None:
    long = "từ " * (MOST_WORDS + 1)
    assert word_diff(long, "ngắn") == [Part("gone", long), Part("new", "ngắn")]
