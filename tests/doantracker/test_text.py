"""Vietnamese text: shortening for a line of a list."""

import pytest

from doantracker.lib.text import shortened


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
