"""Every acceptance point of the five plans that concerns reading has a test, found by its name."""

import re
from importlib import import_module

import pytest

READING = {
    "000": (1, 2, 3, 4, 5, 7, 12),
    "001": (1, 2, 3),
    "002": (1, 2, 3, 4, 5, 9, 11, 12),
    "003": (1, 2, 5, 7, 8, 11),
    "004": (1, 2, 3, 4, 5, 7, 14),
}


@pytest.mark.parametrize(("plan", "points"), READING.items())
def test_every_point_about_reading_has_a_test(plan: str, points: tuple[int, ...]) -> None:
    module = import_module(f"tests.acceptance.test_plan_{plan}")
    tested = {int(match[1]) for name in dir(module) if (match := re.match(r"test_point_(\d\d)_", name))}
    assert set(points) - tested == set()
