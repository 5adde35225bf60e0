"""Ranks by rate: a table of cases."""

from __future__ import annotations

import pytest

from doantracker.dashboard.ranking import ranks


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, {}),
        ({"a": (0, 0)}, {}),
        ({"a": (5, 5)}, {"a": 1}),
        ({"a": (1, 2), "b": (3, 4)}, {"b": 1, "a": 2}),
        ({"a": (1, 2), "b": (2, 4), "c": (1, 3)}, {"a": 1, "b": 1, "c": 3}),
        ({"a": (3, 3), "b": (2, 4), "c": (1, 2), "d": (0, 1)}, {"a": 1, "b": 2, "c": 2, "d": 4}),
        ({"a": (0, 4), "b": (0, 9), "c": (0, 0)}, {"a": 1, "b": 1}),
        # rounded to one digit both are 66,7 %: exactly they differ
        ({"a": (2, 3), "b": (6667, 10_000)}, {"b": 1, "a": 2}),
        ({"a": (9_999_999, 10_000_000), "b": (1, 1)}, {"b": 1, "a": 2}),
    ],
)
def test_ranks(counts: dict[str, tuple[int, int]], expected: dict[str, int]) -> None:
    assert ranks(counts) == expected
