"""Vietnamese text: shortening for a line of a list, names of which something is seen."""

import pytest

from doantracker.lib.text import seen, shortened


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("Mở lớp tập huấn.", 80, "Mở lớp tập huấn."),
        ("Mở lớp tập huấn cho bí thư chi đoàn", 20, "Mở lớp tập huấn …"),
        ("", 80, ""),
        ("A" * 90, 80, "…"),
    ],
)
def test_long_text_is_cut_between_words(text: str, width: int, short: str) -> None:
    assert shortened(text, width) == short


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (" Cổng  dữ liệu ", "Cổng dữ liệu"),
        ("Cổng\u202e gnp.\u2069", "Cổng gnp."),
        ("a\u00a0b\tc\x00", "a b c"),
        ("👍 1", "👍 1"),
        ("\u202e", ""),
        ("\u200b \ufeff", ""),
        ("\u3164\u2800", ""),
        ("\ufe0f\u0301", ""),
    ],
)
def test_of_a_name_stays_what_is_seen(name: str, kept: str) -> None:
    assert seen(name) == kept
