"""Every acceptance point of the five plans that is asked for has a test, found by its name in this package."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests import acceptance

READING = {
    "000": (1, 2, 3, 4, 5, 7, 12),
    "001": (1, 2, 3),
    "002": (1, 2, 3, 4, 5, 9, 11, 12),
    "003": (1, 2, 5, 7, 8, 11),
    "004": (1, 2, 3, 4, 5, 7, 14),
}
FOLLOW_UP = {
    "000": (6, 7, 8, 10, 11, 13),
    "002": (6, 7),
    "003": (3, 5, 6),
    "004": (10, 11, 13),
}
IN_DEPTH = {
    "000": (2, 3, 4, 5, 12, 13),
    "002": (1, 2, 8, 10, 11),
    "003": (9,),
    "004": (3, 6, 7, 9, 10, 12),
}
#: Those of feedback rounds.
FEEDBACK = {"003": (3, 4, 10)}


def points_tested(plan: str) -> set[int]:
    """Return the points of a plan that have a test in a module named after the plan."""
    modules = [m.name for m in iter_modules(acceptance.__path__) if re.fullmatch(rf"test_\w*{plan}\w*", m.name)]
    names = [name for module in modules for name in dir(import_module(f"{acceptance.__name__}.{module}"))]
    return {int(match[1]) for name in names if (match := re.match(r"test_point_(\d\d)_", name))}


@pytest.mark.parametrize(("plan", "points"), READING.items())
def test_every_point_about_reading_has_a_test(plan: str, points: tuple[int, ...]) -> None:
    assert set(points) - points_tested(plan) == set()


@pytest.mark.parametrize(("plan", "points"), FOLLOW_UP.items())
def test_every_point_about_follow_up_has_a_test(plan: str, points: tuple[int, ...]) -> None:
    assert set(points) - points_tested(plan) == set()


@pytest.mark.parametrize(("plan", "points"), IN_DEPTH.items())
def test_every_point_about_plans_in_depth_has_a_test(plan: str, points: tuple[int, ...]) -> None:
    assert set(points) - points_tested(plan) == set()


@pytest.mark.parametrize(("plan", "points"), FEEDBACK.items())
def test_every_point_about_feedback_has_a_test(plan: str, points: tuple[int, ...]) -> None:
    assert set(points) - points_tested(plan) == set()
