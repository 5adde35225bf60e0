"""Which items a unit of a kind is asked about, by the level that acts."""

from __future__ import annotations

import pytest

from plans.tiers import acts_below, is_asked

LEVELS = ("", "province", "district", "grassroots", "branch")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("district", "10111"),
        ("affiliated", "10111"),
        ("commune", "10011"),
        ("grassroots_branch", "10011"),
        ("branch", "10001"),
        ("department", "10111"),
        ("union of tomorrow", "10111"),
    ],
)
def test_work_of_the_levels_above_is_not_asked(kind: str, asked: str) -> None:
    assert "".join(str(int(is_asked(level, kind))) for level in LEVELS) == asked


@pytest.mark.parametrize(
    ("level", "kinds"),
    [("", ""), ("district", ""), ("grassroots", "district"), ("branch", "district commune")],
)
def test_work_of_the_levels_below_is_carried_down(level: str, kinds: str) -> None:
    assert [
        kind for kind in ("district", "commune", "branch", "department") if acts_below(level, kind)
    ] == kinds.split()
